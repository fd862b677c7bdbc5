"""What a server answers when it made a file, and what it warns of."""

from __future__ import annotations

from typing import Any

from plotly_nbext.notices import notify

__all__ = ["created"]


def created(answer: Any) -> Any:
    """Return the metadata in ``{"file": …, "warnings": […]}``, and show the warnings."""
    if not isinstance(answer, dict):
        return answer  # which is no metadata, as who reads it will say
    warnings = answer.get("warnings")
    for message in warnings if isinstance(warnings, list) else []:
        notify(str(message))
    return answer.get("file", answer)
