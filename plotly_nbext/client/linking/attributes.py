"""Where the arrays of a figure lie that may be references to columns instead.

plotly's own validators tell: ``xsrc`` is there for each attribute that is an array of data, or may
be one (up to plotly 6 the graph objects have it too).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from plotly_nbext.client.figures import figure_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Spot", "spots", "unshared"]

# what users put there is theirs, and of customdata each row is of one point: many short ones
_LEFT: Final = frozenset({"meta", "customdata"})

_PARTS: Final = ("data", "layout", "frames")


class Spot(NamedTuple):
    """An array in a figure.

    Parameters
    ----------
    holder : dict
        What it is an attribute of.
    attribute : str
        Its name there.
    path : tuple
        The way to it from its trace.
    trace : dict
        The trace.
    place : int
        Which trace it is.
    frame : str or None
        Of a frame's trace, the frame's name.
    """

    holder: dict[str, Any]
    attribute: str
    path: tuple[str | int, ...]
    trace: dict[str, Any]
    place: int
    frame: str | None

    @property
    def value(self) -> Any:
        """The array."""
        return self.holder[self.attribute]

    def __str__(self) -> str:
        """Write where it is: ``data[0].marker.color``."""
        steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        where = f"data[{self.place}]{steps}"
        return where if self.frame is None else f"{where} of frame {self.frame!r}"


def unshared(figure: Any) -> dict[str, Any]:
    """Copy a figure as plain dicts and lists; the arrays in it are not copied."""
    if hasattr(figure, "to_plotly_json") and hasattr(figure, "frames"):
        # as a whole it would pack its arrays, into narrower types
        figure = {part: getattr(figure, part) for part in _PARTS}
    copied: dict[str, Any] = _copied(figure_dict(figure))
    if not copied.get("frames"):
        copied.pop("frames", None)
    return copied


def spots(figure: dict[str, Any]) -> Iterator[Spot]:
    """Find the arrays of a figure's traces, and of those of its frames, that may be references."""
    kinds = [_kind(trace) for trace in figure["data"]]
    for place, trace in enumerate(figure["data"]):
        yield from _spots_of(trace, kinds[place], place, None)
    for number, frame in enumerate(figure.get("frames") or []):
        if not isinstance(frame, dict):
            continue
        name = str(frame.get("name") or f"frame {number}")
        drawn = frame.get("traces") or range(len(figure["data"]))
        for place, trace in zip(drawn, frame.get("data") or [], strict=False):
            known = kinds[place] if 0 <= place < len(kinds) else None
            yield from _spots_of(trace, _kind(trace, known or "scatter"), place, name)


def _spots_of(trace: Any, kind: str | None, place: int, frame: str | None) -> Iterator[Spot]:
    if isinstance(trace, dict) and (schema := _trace(kind)) is not None:
        for holder, path in _arrays(trace, schema, ()):
            yield Spot(holder, str(path[-1]), path, trace, place, frame)


def _arrays(
    node: dict[str, Any], schema: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[dict[str, Any], tuple[str | int, ...]]]:
    from _plotly_utils.basevalidators import CompoundArrayValidator, CompoundValidator

    # some of them are taken away while it goes
    for key, value in [*node.items()]:
        if key in _LEFT or f"{key}src" in node or key not in _names(schema.__class__):
            continue
        validator = schema._get_validator(key)  # noqa: SLF001 - nothing public tells what is one
        here = (*path, key)
        if isinstance(validator, CompoundArrayValidator):
            for place, item in enumerate(value if isinstance(value, list) else []):
                if isinstance(item, dict):
                    yield from _arrays(item, _part(validator.data_class), (*here, place))
        elif isinstance(validator, CompoundValidator):
            if isinstance(value, dict):
                yield from _arrays(value, _part(validator.data_class), here)
        elif _may_be_array(validator) and _is_array(value):
            yield node, here


def _may_be_array(validator: Any) -> bool:
    from _plotly_utils.basevalidators import DataArrayValidator

    return isinstance(validator, DataArrayValidator) or getattr(validator, "array_ok", False)


def _is_array(value: Any) -> bool:
    if isinstance(value, Mapping):
        return "bdata" in value
    is_table = hasattr(value, "__array__") and hasattr(value, "__len__")
    return isinstance(value, list | tuple | range) or is_table


def _kind(trace: Any, unless_told: str = "scatter") -> str | None:
    kind = trace.get("type", unless_told) if isinstance(trace, dict) else None
    return kind if isinstance(kind, str) else None


@cache
def _trace(kind: str | None) -> Any:
    """Make an empty trace of a type; None where plotly knows none."""
    import plotly.graph_objects as go

    if kind is None:
        return None
    try:
        return go.Figure(data=[{"type": kind}]).data[0]
    except ValueError:
        return None


@cache
def _part(kind: Any) -> Any:
    return kind()


@cache
def _names(kind: Any) -> frozenset[str]:
    """Name the attributes of a graph object."""
    return frozenset(_part(kind))


def _copied(node: Any) -> Any:
    if hasattr(node, "to_plotly_json"):
        node = node.to_plotly_json()
    if isinstance(node, Mapping):
        return {key: _copied(value) for key, value in node.items()}
    # numbers without end are looked at, not copied
    if isinstance(node, list | tuple) and any(
        isinstance(item, Mapping) or hasattr(item, "to_plotly_json") for item in node
    ):
        return [_copied(item) for item in node]
    return node
