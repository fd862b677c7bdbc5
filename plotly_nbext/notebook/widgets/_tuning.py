"""What is done to an interactive figure in the page, done to the figure in Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

from plotly_nbext.client.figures import figure_dict, figure_json
from plotly_nbext.notebook.widgets._driving import is_live

__all__ = ["EDITABLE", "Step", "changing", "tuned"]

EDITABLE: Final = {
    "displaylogo": False,
    "responsive": False,
    "edits": {
        "annotationPosition": True,
        "annotationTail": True,
        "axisTitleText": True,
        "colorbarPosition": True,
        "legendPosition": True,
        "titleText": True,
    },
}
"""What plotly.js lets be done in the page, besides zooming and hiding: its ``config``."""

# How large a figure is drawn in the page, and what plotly.js notes for itself.
_OF_THE_PAGE: Final = re.compile(r"autosize|width|height|(?:.*\.)?_.*")


class Step(TypedDict):
    """What was done at once.

    Attributes
    ----------
    layout : dict
        A value for each path, such as ``xaxis.range[0]``, as ``Plotly.relayout`` takes them.
    traces : list
        Values by path, and of which traces, as ``Plotly.restyle`` takes them.
    """

    layout: dict[str, Any]
    traces: list[tuple[dict[str, Any], list[int]]]


_RANGE: Final = re.compile(r"((?:.*\.)?(?:[xyz]axis\d*|radialaxis))\.range(?:\[[01]\])?")


def changing(steps: Sequence[Step]) -> list[Step]:
    """Leave out what is the page's own business, and the steps that are nothing else."""
    theirs: list[Step] = [
        {
            "layout": {
                path: value
                for path, value in (step["layout"] or {}).items()
                if not _OF_THE_PAGE.fullmatch(path)
            },
            "traces": step["traces"],
        }
        for step in steps
    ]
    return [step for step in theirs if step["layout"] or step["traces"]]


def tuned(figure: Any, steps: Sequence[Step]) -> Any:
    """Make a figure of the same kind that shows what was done in the page.

    Parameters
    ----------
    figure : Figure, FigureWidget, mapping, or JSON text
        Stays as it is, but for a FigureWidget: it is what all who look at it look at, and so it is
        changed and returned.
    steps : sequence of Step
        What was done, one after the other. What was done to traces that are gone is left out.
    """
    if hasattr(figure, "plotly_relayout"):
        made = figure if is_live(figure) else type(figure)(figure)
        for step in steps:
            made.plotly_relayout(_settled(step["layout"]))
            for style, indices in _there(step["traces"], made.data):
                made.plotly_restyle(style, indices)
        return made
    made = figure_dict(figure)
    for step in steps:
        for path, value in _settled(step["layout"]).items():
            made = _put(made, ["layout", *_steps(path)], value)
        for style, indices in _there(step["traces"], made["data"]):
            made = _restyled(made, style, indices)
    if not isinstance(figure, str | bytes):
        return made
    text = figure_json(made)
    return text.decode() if isinstance(figure, str) else text


def _there(
    restyled: Sequence[tuple[dict[str, Any], list[int]]], traces: Sequence[Any]
) -> list[tuple[dict[str, Any], list[int]]]:
    return [(style, indices) for style, indices in restyled if max(indices) < len(traces)]


def _restyled(figure: Any, style: Mapping[str, Any], indices: Sequence[int]) -> Any:
    for path, values in style.items():
        for place, index in enumerate(indices):
            # as in plotly.js, a list goes around the traces
            goes_around = isinstance(values, list) and values
            value = values[place % len(values)] if goes_around else values
            figure = _put(figure, ["data", index, *_steps(path)], value)
    return figure


def _settled(layout: Mapping[str, Any]) -> dict[str, Any]:
    """Say that axes with a range have no other, as plotly.js does without a word."""
    axes = [match[1] for path in layout if (match := _RANGE.fullmatch(path))]
    return {f"{axis}.autorange": False for axis in axes} | dict(layout)


def _steps(path: str) -> list[str | int]:
    """Read a path: ``annotations[0].x`` is ``annotations``, 0, ``x``."""
    found = re.findall(r"\[(-?\d+)\]|([^.\[\]]+)", path)
    return [int(index) if index else name for index, name in found]


def _put(node: Any, steps: Sequence[str | int], value: Any) -> Any:
    """Return a copy of what is on the way, with a value at its end."""
    if not steps:
        return value
    step, *rest = steps
    if isinstance(step, int):
        items = [*node] if isinstance(node, list | tuple) else []
        items += [None] * (step + 1 - len(items))
        items[step] = _put(items[step], rest, value)
        return items
    # a title may be its text alone
    there = dict(node) if isinstance(node, Mapping) else {}
    return there | {step: _put(there.get(step), rest, value)}
