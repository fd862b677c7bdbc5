"""What the columns of a figure are called in its grid."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from plotly_nbext.columns.names import clean, column_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plotly_nbext.client.linking.attributes import Spot

__all__ = ["Label", "label", "unique_names"]

# plotly express: "continent=Asia<br>gdpPercap=%{x}<br>pop=%{marker.size}<extra></extra>"
_NAMED: Final = re.compile(r"(?:^|>)([^<>=]+)=%\{([^}:|\[]+)")
_ATTRIBUTES: Final = {"label": "labels", "value": "values", "parent": "parents"}
_TAG: Final = re.compile(r"<[^>]*>")


class Label(NamedTuple):
    """What is known of a column's meaning, and where it is drawn."""

    text: str
    is_known: bool
    trace: str


def label(spot: Spot, row: int | None, figure: Mapping[str, Any]) -> Label:
    """Tell what an array is called, or one of its rows.

    It is by plotly express's name of the column, or by the title of the axis; else by the
    attribute.
    """
    trace = _text(spot.trace.get("name")) or f"trace {spot.place}"
    if spot.frame is not None:
        trace = f"{spot.frame}, {trace}"
    text = next(_known(spot, row, figure), None)
    if text is None:
        text = ".".join(map(str, spot.path))
    elif row is None or spot.path[0] == "cells":
        return Label(text, True, trace)
    if row is not None:
        text = f"{text}, row {row}"
    return Label(text, False, trace)


def unique_names(labels: Sequence[Label]) -> list[str]:
    """Name columns: by what is known, and by the trace too where several have that."""
    counted = Counter(each.text for each in labels)
    one_trace = len({each.trace for each in labels}) == 1
    return column_names(
        each.text
        if one_trace or (each.is_known and counted[each.text] == 1)
        else f"{each.trace}, {each.text}"
        for each in labels
    )


def _known(spot: Spot, row: int | None, figure: Mapping[str, Any]) -> Iterator[str]:
    value, path, trace = spot.value, spot.path, spot.trace
    candidates: list[Any] = [getattr(value, "name", None)]
    if path[0] == "cells" and row is not None and isinstance(header := trace.get("header"), dict):
        titles = header.get("values")
        if isinstance(titles, list | tuple) and row < len(titles):
            candidates.append(titles[row])
    if path[0] == "dimensions" and path[-1] == "values":
        candidates.append(trace["dimensions"][path[1]].get("label"))
    template = trace.get("hovertemplate")
    if isinstance(template, str):
        found = {attribute: text for text, attribute in _NAMED.findall(template)}
        found = {_ATTRIBUTES.get(attribute, attribute): text for attribute, text in found.items()}
        candidates.append(found.get(".".join(map(str, path))))
    if len(path) == 1 and path[0] in {"x", "y", "z"}:
        candidates.append(_title(_axis(trace, str(path[0]), figure.get("layout") or {})))
    yield from filter(None, map(_text, candidates))


def _axis(trace: Mapping[str, Any], letter: str, layout: Mapping[str, Any]) -> Any:
    name = f"{letter}axis"
    kind = str(trace.get("type"))
    if trace.get("scene") or kind.endswith("3d") or kind == "surface":
        scene = layout.get(trace.get("scene") or "scene")
        return scene.get(name) if isinstance(scene, dict) else None
    return layout.get(name + str(trace.get(name) or letter).removeprefix(letter))


def _title(axis: Any) -> Any:
    title = axis.get("title") if isinstance(axis, dict) else None
    return title.get("text") if isinstance(title, dict) else title


def _text(title: Any) -> str:
    if not isinstance(title, str):
        return ""
    text = " ".join(_TAG.sub(" ", title).split())
    return clean(text.encode(errors="replace").decode())
