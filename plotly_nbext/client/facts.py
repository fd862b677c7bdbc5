"""What users attach to files: JSON values that come back as they went."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from plotly_nbext.columns import json
from plotly_nbext.columns.schema import METADATA_KEY
from plotly_nbext.errors import ValidationError

__all__ = ["check_metadata"]


def check_metadata(metadata: object) -> None:
    """Refuse facts to attach that JSON has no form for.

    Raises
    ------
    ValidationError
        They are none of a mapping's, or hold something else; it tells where.
    """
    if fault := _fault_of_all(metadata):
        raise ValidationError(
            f"metadata must be a mapping of JSON values: {fault}.",
            field="metadata",
            hint="Attach text, finite numbers, bool, None, and lists and dicts of these.",
        )


def _fault_of_all(metadata: object) -> str | None:
    if not isinstance(metadata, Mapping):
        return f"not {type(metadata).__name__}"
    if METADATA_KEY in metadata:
        return f"the key {METADATA_KEY!r} is where a grid keeps the types of its columns"
    return _fault(dict(metadata), "metadata", json.MAX_CELL_DEPTH)


def _fault(value: Any, where: str, levels: int) -> str | None:
    """Say what of a value JSON has no form for; None if there is nothing."""
    if levels == 0:
        return "lists and dicts are nested too deeply"
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                return f"{where} has the key {key!r}, which is no string"
        parts = [(part, f"{where}[{key!r}]") for key, part in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(part, f"{where}[{place}]") for place, part in enumerate(value)]
    else:
        return _fault_of_one(value, where)
    return next(filter(None, (_fault(part, place, levels - 1) for part, place in parts)), None)


def _fault_of_one(value: Any, where: str) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return f"{where} is {value}"
    if value is None or isinstance(value, bool | int | float | str):
        try:
            json.dumps(value)
        except ValueError as error:
            return f"{where}: {error}"
        except TypeError:  # numpy's own numbers
            pass
        else:
            return None
    return f"{where} is of type {type(value).__qualname__}"
