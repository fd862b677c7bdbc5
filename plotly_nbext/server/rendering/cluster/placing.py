"""What the scheduler of a Dask cluster runs for a server; it need not have this package."""

from __future__ import annotations

from typing import Any

__all__ = ["place"]


def place(dask_scheduler: Any, resource: str) -> None:
    """Look anew for a worker for each task that needs a resource and found none that has it."""
    wanting = {
        task.key: "waiting"
        for task in [*dask_scheduler.unrunnable]
        if resource in (task.resource_restrictions or {})
    }
    dask_scheduler.transitions(wanting, stimulus_id="plotly_nbext-browsers")
