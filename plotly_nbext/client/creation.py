"""What a server answers when it made a file, and what it warns of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.notices import notify

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["created"]


def created(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the metadata in ``{"file": …, "warnings": […]}``, and show the warnings."""
    for message in answer.get("warnings") or []:
        notify(str(message))
    meta: Mapping[str, Any] = answer.get("file", answer)
    return meta
