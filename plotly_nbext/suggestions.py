"""Did you mean …: the name that a mistyped one was meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean", "suggestion"]

CLOSE: Final = 0.7
"""How much of two names has to be alike: ``figg`` is ``fig``, but ``dask`` is not ``pandas``."""


def suggestion(word: str, choices: Iterable[str]) -> str | None:
    """Find what a word was probably meant to be.

    Parameters
    ----------
    word : str
        What was written.
    choices : iterable of str
        What there is.

    Returns
    -------
    str or None
        The nearest of them, first of all one with the same letters in another order; None when
        none is near enough to be meant. Capitals don't count.

    Examples
    --------
    >>> from plotly_nbext.suggestions import suggestion
    >>> suggestion("--fromat", ["--format", "--width"])
    '--format'
    >>> suggestion("dask", ["pandas", "polars", "arrow"])
    """
    from difflib import get_close_matches  # not on loading: only errors need it

    folded: dict[str, str] = {}
    for choice in choices:
        folded.setdefault(choice.casefold(), choice)
    given = word.casefold()
    if given in folded:
        return folded[given]
    swapped = (each for each in folded if len(each) > 1 and sorted(each) == sorted(given))
    near = next(swapped, None) or next(iter(get_close_matches(given, folded, 1, CLOSE)), None)
    return near and folded[near]


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """Ask whether something else was meant, in a sentence for an error's hint.

    Parameters
    ----------
    word : str
        What was written.
    choices : iterable of str
        What there is.

    Returns
    -------
    str or None
        ``Did you mean --format?``; None when nothing there is near enough.

    Examples
    --------
    >>> from plotly_nbext.suggestions import did_you_mean
    >>> did_you_mean("figg", ["fig", "df"])
    'Did you mean fig?'
    """
    meant = suggestion(word, choices)
    return f"Did you mean {meant}?" if meant else None
