"""In which encoding a text is: what it says itself, else UTF-8, else the likeliest that fits."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from plotly_nbext.server.uploads.limits import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from plotly_nbext.server.uploads.spool import Spool

__all__ = ["encoding_of"]

# utf-32 first: its little-endian mark begins with that of utf-16
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# what systems write that don't write Unicode, the commonest first; of all that there are, each few
# letters would look best in a rare one
_WRITTEN = (
    "cp1252",
    *("cp1250", "cp1251", "cp1253", "cp1254", "koi8_r"),
    *("cp932", "gb18030", "cp949", "big5"),
)
_MOST_CHAOS = 0.5
_AS_LIKELY = 0.08
_READ_BYTES = 1 << 20
_SAMPLE_BYTES = 32_768


def encoding_of(file: Path, name: str, spool: Spool) -> str:
    """Find an encoding in which the whole file can be read, and warn where it is only likely.

    Parameters
    ----------
    file : Path
        The text.
    name : str
        What its sender calls it.
    spool : Spool
        Where the warning goes.

    Returns
    -------
    str
        Python's name for it.

    Raises
    ------
    Unreadable
        There is none.
    """
    with file.open("rb") as stream:
        head = stream.read(4)
    for mark, marked in _MARKS.items():
        if head.startswith(mark):
            if not _fits(file, marked):
                raise Unreadable(f"The file begins as {marked}, but is not: it can't be decoded.")
            return marked
    if _fits(file, "utf-8"):
        return "utf-8"
    for likely in (_likeliest(file), "cp1252"):
        if likely and _fits(file, likely):
            spool.warn(f"{name or 'The file'} is not UTF-8; it was read as {likely}.")
            return likely
    raise Unreadable("The file's encoding can't be told: save it as UTF-8.")


def _fits(file: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with file.open("rb") as stream:
            while data := stream.read(_READ_BYTES):
                decoder.decode(data)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _likeliest(file: Path) -> str | None:
    """Ask about the lines that are not ASCII, since the others say nothing."""
    from charset_normalizer import from_bytes

    sample = bytearray()
    with file.open("rb") as stream:
        while len(sample) < _SAMPLE_BYTES and (line := stream.readline(_SAMPLE_BYTES)):
            if not line.isascii():
                sample += line
    found = list(from_bytes(bytes(sample), cp_isolation=list(_WRITTEN), threshold=_MOST_CHAOS))
    least = min((match.chaos for match in found), default=0.0)
    likely = [
        name
        for match in found
        if match.chaos <= least + _AS_LIKELY
        for name in match.could_be_from_charset
    ]
    # a few letters look well in many encodings
    return next((name for name in _WRITTEN if name in likely), None)
