"""The keys that were typed: in the memory of this process and, where asked for, in a keyring."""

from __future__ import annotations

import threading
from typing import Any, Final

from plotly_nbext.accounts.account import Secret
from plotly_nbext.errors import PlotlyNbextError

__all__ = [
    "drop_from_keyring",
    "forget",
    "from_keyring",
    "put_into_keyring",
    "remember",
    "remembered",
    "signed_in",
]

_SERVICE: Final = "plotly_nbext"

_lock = threading.Lock()
_known: dict[tuple[str, str], Secret] = {}
"""By address and username; the last one is the last that was used."""


def remember(url: str, username: str, api_key: str) -> None:
    """Keep a key for as long as this process lives."""
    with _lock:
        _known.pop((url, username), None)
        _known[url, username] = Secret(api_key)


def remembered(url: str, username: str) -> Secret | None:
    """Return the key of this session for a server."""
    with _lock:
        return _known.get((url, username))


def signed_in() -> list[tuple[str, str]]:
    """List the addresses and usernames of this session's keys; the last one is the newest."""
    with _lock:
        return list(_known)


def forget(url: str, username: str) -> bool:
    """Forget a key of this session; tells whether there was one."""
    with _lock:
        return _known.pop((url, username), None) is not None


def from_keyring(url: str, username: str) -> Secret | None:
    """Read a key out of the user's keyring.

    Raises
    ------
    PlotlyNbextError
        There is no keyring, or it does not open.
    """
    key = _ask_keyring("get_password", _entry(url), username)
    return Secret(key) if key else None


def put_into_keyring(url: str, username: str, api_key: str) -> None:
    """Keep a key in the user's keyring; raises as :func:`from_keyring`."""
    _ask_keyring("set_password", _entry(url), username, Secret(api_key))


def drop_from_keyring(url: str, username: str) -> bool:
    """Take a key out of the user's keyring; tells whether there was one. Raises as above."""
    if from_keyring(url, username) is None:
        return False
    _ask_keyring("delete_password", _entry(url), username)
    return True


def _entry(url: str) -> str:
    return f"{_SERVICE} {url}"


def _ask_keyring(method: str, *words: str) -> Any:
    try:
        import keyring
    except ImportError:
        raise PlotlyNbextError(
            "Keyrings need a package that is not installed.",
            hint='Run `pip install "plotly_nbext[keyring]"`, or leave --keyring out: the key is '
            "then kept until the kernel ends.",
        ) from None
    try:
        return getattr(keyring, method)(*words)
    except keyring.errors.NoKeyringError:
        said = "This machine has no keyring that keys can be kept in."
    except keyring.errors.KeyringLocked as error:
        said = f"The keyring is locked{_reason(error)}."
    except Exception as error:  # noqa: BLE001 - each keyring has errors of its own (D-Bus, …)
        said = f"The keyring does not open{_reason(error)}."
    # raised here, for the error of a keyring may have the key in its frames
    raise PlotlyNbextError(
        said,
        hint="`%plotly_grid login` without --keyring asks for the key, and keeps it until the "
        "kernel ends.",
    )


def _reason(error: Exception) -> str:
    text = str(error).strip().rstrip(".")
    return f" ({text})" if text else f" ({type(error).__name__})"
