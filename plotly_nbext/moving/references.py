"""The references of figures to grids, which are called otherwise where they were moved to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plotly_nbext.client.references import FREE_FORM, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

__all__ = ["Moved", "rewritten", "with_values_of"]

Moved = tuple[str, dict[str, str]]
"""A grid's new fid, and the new uids of its columns by the old ones."""


def with_values_of(figure: Any, filled: Any, fids: Collection[str]) -> Any:
    """Put the values of some grids beside the references to them, as another copy has them.

    Parameters
    ----------
    figure : dict
        It is changed.
    filled : dict
        The same figure with all values beside their references.
    fids : collection of str
        The grids whose values are wanted.
    """
    pairs = zip(_found(figure), _found(filled), strict=False)
    for (holder, key), (other, other_key) in pairs:
        attribute = key.removesuffix("src")
        same = key == other_key and holder[key] == other[other_key]
        if same and _split(holder[key])[0] in fids and attribute in other:
            holder[attribute] = other[attribute]
    return figure


def rewritten(
    figure: Any, moved: Mapping[str, Moved], keep: Callable[[str], bool]
) -> tuple[Any, list[str]]:
    """Make a figure's references those of the moved grids.

    Parameters
    ----------
    figure : dict
        It is changed.
    moved : mapping
        What became of grids, by their old fids.
    keep : callable
        Tells whether a reference to a grid that was not moved may stay.

    Returns
    -------
    tuple
        The figure; and the references that were taken out, because they would lead nowhere.
        What stands beside them stays.
    """
    lost = []
    for holder, key in [*_found(figure)]:
        text = holder[key]
        fid, uids = _split(text)
        new, columns = moved.get(fid, ("", {}))
        if new and all(uid in columns for uid in uids):
            holder[key] = f"{new}:{','.join(columns[uid] for uid in uids)}"
        elif new or not keep(fid):
            is_empty = key.removesuffix("src") not in holder
            lost.append(f"{text} (without its values)" if is_empty else text)
            del holder[key]
    return figure, lost


def _found(node: Any) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(node, dict):
        for key, value in [*node.items()]:
            if isinstance(value, str):
                if key.endswith("src") and key != "src" and REFERENCE.fullmatch(value):
                    yield node, key
            elif key not in FREE_FORM:
                yield from _found(value)
    elif isinstance(node, list):
        for value in node:
            yield from _found(value)


def _split(text: str) -> tuple[str, list[str]]:
    match = REFERENCE.fullmatch(text)
    assert match is not None  # noqa: S101 - as found
    return match[1], match[2].split(",")
