"""A server and who one is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from plotly_nbext.errors import ValidationError

__all__ = ["Account", "Secret", "checked_text"]


class Secret(str):
    """A key or password: text that a traceback, which shows reprs, does not show."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"

    @classmethod
    def read(cls, value: Any, name: str) -> Self | None:
        """Check a secret that may be left out; it is not quoted, whatever it is."""
        text = checked_text(value, name)
        return None if text is None else cls(text)


def checked_text(value: Any, name: str) -> str | None:
    """Check text that may be left out, and take the white space off its ends.

    Raises
    ------
    ValidationError
        It is no text, or there is nothing in it.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        kind = type(value).__name__
        raise ValidationError(f"{name} is text (a str), not {kind}.", field=name)
    if not value.strip():
        raise ValidationError(
            f"{name} is empty.", field=name, hint="Leave it out, or pass None, to have none."
        )
    return value.strip()


@dataclass(frozen=True)
class Account:
    """A server and who one is there.

    Attributes
    ----------
    url : str
        The server's address, without ``/v2``.
    username, api_key : str
        The credentials; the key is left out of the repr.
    verify : bool
        Whether the server's certificate is checked.
    proxy : tuple of str, optional
        The name and password of a proxy before the server that takes the header ``Authorization``
        for itself; they are left out of the repr.
    """

    url: str
    username: str
    api_key: str = field(repr=False)
    verify: bool = True
    proxy: tuple[str, str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "api_key", Secret(self.api_key))
