"""Names of files on disk, and on a server, for files whose own names may be none there."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from plotly_nbext.client.paths import is_fid

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["disk_name", "numbered", "server_name"]

MAX_BYTES: Final = 150  # of a name on disk, before its ending: encrypted folders take 143 at worst
MAX_LETTERS: Final = 100  # of a name on a server

# what some system takes for something else; "%" stays, as nothing is quoted by it
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*]')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def disk_name(name: str, ending: str, taken: set[str]) -> str:
    """Choose the name of a file on disk that any system takes, and note that it is taken.

    Parameters
    ----------
    name : str
        What the file is called on the server.
    ending : str
        The file's ending on disk, with its dot; empty for a folder.
    taken : set of str
        What other files in the same folder are called, as :func:`_folded`; it grows.

    Returns
    -------
    str
    """
    text = _UNSAFE.sub("_", "".join(map(_printable, name)))
    text = _cut(unicodedata.normalize("NFC", text).strip(), MAX_BYTES).rstrip(". ")
    if not text or text.startswith(".") or _DEVICES.fullmatch(text):
        text = f"_{text}"
    chosen, count = text, 1
    while _folded(chosen + ending) in taken:
        count += 1
        chosen = f"{text} ({count})"
    taken.add(_folded(chosen + ending))
    return chosen + ending


def server_name(name: str, owner: str) -> str:
    """Give a name that our server takes for a file of someone's; most are it already."""
    text = "".join("_" if unicodedata.category(letter) == "Cc" else letter for letter in name)
    text = text.replace("/", "_")[:MAX_LETTERS]
    if is_fid(text) and text.partition(":")[0].lower() == owner.lower():
        text = text.replace(":", "_")
    return text if text.strip() and text not in {".", ".."} else f"_{text.strip()}"


def numbered(name: str, taken: Container[str]) -> str:
    """Give a name that is free: "name (2)", or one that counts further."""
    count = 2
    while (chosen := f"{name[: MAX_LETTERS - len(f' ({count})')]} ({count})") in taken:
        count += 1
    return chosen


def _printable(letter: str) -> str:
    return "_" if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else letter


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())
