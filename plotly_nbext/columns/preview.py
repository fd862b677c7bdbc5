"""The first values of a column as short texts, as Chart Studio's metadata has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PREVIEW_ROWS", "preview"]

PREVIEW_ROWS = 10

_MAX_CHARACTERS = 100


def preview(values: Iterable[Any]) -> list[str]:
    """Write values as Python does (a null is ``None``), each cut after a hundred characters.

    Parameters
    ----------
    values : iterable
        JSON values. A long one costs no more than its first characters.

    Returns
    -------
    list of str
        Their texts; one that is cut ends with ``…``.
    """
    return [_short(value) for value in values]


def _short(value: Any) -> str:
    text = ""
    for piece in [value] if isinstance(value, str) else _pieces(value):
        text += piece[: _MAX_CHARACTERS + 1]
        if len(text) > _MAX_CHARACTERS:
            return text[: _MAX_CHARACTERS - 1] + "…"
    return text


def _pieces(value: Any) -> Iterator[str]:
    """Spell a value bit by bit, so that nobody has to spell all of it."""
    match value:
        case str():
            # enough to be cut, and as it is quoted if it is not
            yield repr(value[: _MAX_CHARACTERS + 1])
        case list():
            yield "["
            for place, item in enumerate(value):
                yield ", " if place else ""
                yield from _pieces(item)
            yield "]"
        case dict():
            yield "{"
            for place, (key, item) in enumerate(value.items()):
                yield f"{', ' if place else ''}{key[: _MAX_CHARACTERS + 1]!r}: "
                yield from _pieces(item)
            yield "}"
        case _:
            yield str(value)
