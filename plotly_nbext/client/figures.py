"""Figures, in each of the forms that people have them in."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any, Final, Protocol, TypeGuard

from plotly_nbext.columns import json
from plotly_nbext.errors import ValidationError

__all__ = ["Figure", "figure_dict", "figure_json", "is_several"]


class _PlotlyFigure(Protocol):
    def to_plotly_json(self) -> dict[str, Any]: ...


Figure = _PlotlyFigure | Mapping[str, Any]
"""A figure; text is read as one too."""


# a figure, a table, an array, a file: what can be iterated too, but not for figures
_NOT_SEVERAL: Final = ("to_plotly_json", "columns", "dtype", "read")

_SEVERAL: Final = "plotly_nbext.render([figure, …]) renders several."


def is_several(figures: Any) -> TypeGuard[Iterable[Any]]:
    """Tell whether these are several figures, in place of one, or of what is none."""
    is_one = isinstance(figures, str | bytes | bytearray | Mapping)
    is_one = is_one or any(hasattr(figures, name) for name in _NOT_SEVERAL)
    return isinstance(figures, Iterable) and not is_one


def figure_dict(figure: Any) -> dict[str, Any]:
    """Read a figure as a dict with data and layout.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure, FigureWidget, mapping, or JSON text
        What has ``to_plotly_json`` or is a mapping with ``data`` or ``layout``.

    Raises
    ------
    ValidationError
        It is something else.
    """
    given = figure
    if isinstance(figure, str | bytes):
        try:
            given = figure = json.loads(figure)
        except ValueError as error:
            raise ValidationError(
                f"figure is a string that can't be read: {error}.", field="figure"
            ) from None
    elif hasattr(figure, "to_plotly_json"):
        # a figure's to_dict packs numpy arrays as plotly.js reads them, without a number of text
        figure = figure.to_dict() if hasattr(figure, "to_dict") else figure.to_plotly_json()
    if isinstance(figure, Mapping) and {"data", "layout"} & figure.keys():
        data, layout = _or(figure.get("data"), []), _or(figure.get("layout"), {})
        # Chart Studio's own way: a dict whose parts are graph objects
        if isinstance(data, list | tuple):
            data = [_plain(trace) for trace in data]
        return {**figure, "data": data, "layout": _plain(layout)}
    raise ValidationError(
        f"figure must be a Plotly figure or a dict with data and layout, not {_named(given)}.",
        field="figure",
        hint=_hint(given),
    )


def _named(given: Any) -> str:
    kind = type(given)
    if not isinstance(given, Mapping):
        # other libraries' figures are called so too
        is_figure = kind.__name__.casefold() == "figure"
        return f"{kind.__module__}.{kind.__name__}" if is_figure else kind.__name__
    return f"a dict with {reprlib.repr([*given])[1:-1]}" if given else "an empty dict"


def _hint(given: Any) -> str | None:
    """Say what would be right in place of what people give by mistake."""
    if isinstance(given, list | tuple):
        return _SEVERAL
    if given is None:
        return "fig.show() gives None: write the figure alone."
    if isinstance(given, FunctionType) and given.__name__.isidentifier():
        return f"Call it: {given.__name__}(…)."
    if hasattr(given, "to_plotly_json"):
        return "Put it into a figure: plotly.graph_objects.Figure(…)."
    if hasattr(given, "columns") or hasattr(given, "dtype"):
        return "Draw it first, for example with plotly.express.line(…)."
    return None


def _or(part: Any, nothing: Any) -> Any:
    try:
        return part or nothing
    except (TypeError, ValueError):  # a table or an array, which is no part of a figure
        return part


def _plain(part: Any) -> Any:
    return part.to_plotly_json() if hasattr(part, "to_plotly_json") else part


def figure_json(figure: Mapping[str, Any]) -> bytes:
    """Write a figure as JSON text.

    Raises
    ------
    ValidationError
        It holds what JSON has no form for.
    """
    # plotly's own encoder knows numpy, pandas and typed arrays
    from plotly.io.json import to_json_plotly

    try:
        text: str = to_json_plotly(figure)
        return text.encode()
    except RecursionError:
        reason = "it is nested too deeply, or within itself"
    except (TypeError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
    raise ValidationError(f"figure can't be written as JSON: {reason}.", field="figure")
