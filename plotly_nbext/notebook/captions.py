"""How to say in words what a figure shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Figure", "alt_text", "file_stem", "summary", "title_of", "well_formed"]

LONGEST_STEM: Final = 60

Figure = Mapping[str, Any]
"""A figure as a dict: ``{"data": [traces], "layout": {…}}``, either of them maybe missing."""


def summary(figure: Figure) -> str:
    """Say the size of a figure, such as ``2 traces``."""
    count = len(_traces(figure))
    return f"{count} trace{'' if count == 1 else 's'}"


def alt_text(figure: Figure) -> str:
    """Say what a figure shows, for those who can't see its image.

    Parameters
    ----------
    figure : Mapping
        The figure as a dict.

    Returns
    -------
    str
        Its title, the types of its traces and the titles of its axes; the same words for the
        same figure.
    """
    title = _title(_layout(figure))
    kinds = Counter(map(_kind, _traces(figure)))
    sentences = [f"Plotly figure “{title}”" if title else "Plotly figure"]
    if kinds:
        counts = (f"{n} {kind} trace{'s' if n > 1 else ''}" for kind, n in kinds.items())
        sentences[0] += " with " + ", ".join(counts)
    for letter in "xyz":
        names = list(dict.fromkeys(_axis_titles(figure, letter)))
        if names:
            axis = "axis" if len(names) == 1 else "axes"
            sentences.append(f"{letter} {axis}: {', '.join(names)}")
    return well_formed(". ".join(sentences) + ".")


def well_formed(text: str) -> str:
    """Put U+FFFD for each half of a surrogate pair, which no file can hold."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def file_stem(figure: Figure) -> str:
    """Make the name of a figure's file, without its ending: ``sales-of-2026``.

    Returns
    -------
    str
        The letters and digits of its title, of any script; ``figure`` where it has none.
    """
    words = re.findall(r"\w+", _title(_layout(figure)).lower().replace("_", " "))
    return "-".join(words)[:LONGEST_STEM].strip("-") or "figure"


def title_of(figure: Figure) -> str:
    """Return a figure's title without markup; empty where it has none."""
    return well_formed(_title(_layout(figure)))


def _axis_titles(figure: Figure, letter: str) -> Iterator[str]:
    layout = _layout(figure)
    scenes = (scene for key, scene in layout.items() if _is_named(key, r"scene\d*"))
    for parent in (layout, *scenes):
        if not isinstance(parent, Mapping):
            continue
        for key, axis in parent.items():
            if _is_named(key, rf"{letter}axis\d*") and isinstance(axis, Mapping):
                title = _title(axis)
                if title:
                    yield title


def _kind(trace: Mapping[str, Any]) -> str:
    kind = trace.get("type")
    return kind if isinstance(kind, str) and kind else "scatter"


def _is_named(key: object, pattern: str) -> bool:
    return isinstance(key, str) and re.fullmatch(pattern, key) is not None


def _title(parent: Mapping[str, Any]) -> str:
    title = parent.get("title")
    words = title.get("text") if isinstance(title, Mapping) else title
    # plotly.js allows a little HTML in titles.
    return " ".join(re.sub(r"<[^<>]*>", " ", words).split()) if isinstance(words, str) else ""


def _layout(figure: Figure) -> Mapping[str, Any]:
    layout = figure.get("layout")
    return layout if isinstance(layout, Mapping) else {}


def _traces(figure: Figure) -> list[Mapping[str, Any]]:
    data = figure.get("data")
    traces = data if isinstance(data, list | tuple) else []
    return [trace for trace in traces if isinstance(trace, Mapping)]
