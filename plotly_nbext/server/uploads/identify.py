"""What a file is: its first bytes decide, its name where they leave it open."""

from __future__ import annotations

import zipfile
from enum import Enum
from typing import TYPE_CHECKING

from plotly_nbext.server.uploads.limits import NotATable, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "JSON_LINES",
    "Format",
    "extension",
    "identify",
    "is_named_binary",
    "is_named_delimited",
    "is_named_json",
]

JSON_LINES = frozenset({"jsonl", "ndjson"})

_JSON = JSON_LINES | {"json"}
_DELIMITED = frozenset({"csv", "tsv", "tab", "txt", "dat", "psv"})
_BINARY = frozenset({"xlsx", "xlsm", "xlsb", "xls", "ods", "parquet", "zip"})
_SIGHT = 8192

# what is worth its name in a message, among the many things that are no tables
_OTHERS = {
    b"\x1f\x8b": "a gzip file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x28\xb5\x2f\xfd": "a zstandard file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"ARROW1": "an Arrow file",
    b"SQLite format 3": "an SQLite database",
}
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class Format(Enum):
    """What a file can be read as."""

    DELIMITED = "delimited text"
    JSON = "JSON"
    WORKBOOK = "workbook"
    PARQUET = "parquet"
    ARCHIVE = "zip archive"


def extension(name: str) -> str:
    """Return what follows the last dot of a name, in lower case."""
    return name.rpartition(".")[2].lower()


def is_named_delimited(name: str) -> bool:
    """Tell whether the name is that of delimited text."""
    return extension(name) in _DELIMITED


def is_named_binary(name: str) -> bool:
    """Tell whether the name is that of a workbook, of parquet or of an archive: never text."""
    return extension(name) in _BINARY


def is_named_json(name: str) -> bool:
    """Tell whether the name is that of JSON, in one text or in lines."""
    return extension(name) in _JSON


def identify(file: Path, name: str) -> Format:
    """Tell what a file is.

    Raises
    ------
    NotATable
        It is empty, or nothing that is read here.
    Unreadable
        It is an archive, and damaged.
    """
    with file.open("rb") as stream:
        head = stream.read(_SIGHT)
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Format.WORKBOOK
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(file)
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise NotATable(f"The file is {what}, which can't be read as a table.")
    if not head.startswith(_BOMS) and b"\0" in head:
        raise NotATable("The file is neither text nor of a format that is read here.")
    # enough of UTF-16, too, to see whether there is anything, and how it begins
    start = head.removeprefix(_BOMS[0]).replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if not start:
        raise NotATable("The file is empty.")
    if start[:9].lower().startswith(_MARKUP):
        raise NotATable(
            "The file is HTML or XML, which can't be read as a table: save it as xlsx or csv."
        )
    is_json = start[:1] in {b"{", b"["} or is_named_json(name)
    return Format.JSON if is_json else Format.DELIMITED


def _in_zip(file: Path) -> Format:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable(f"The zip archive is damaged: {error}.") from None
    is_excel = any(name.lower().startswith("xl/workbook.") for name in names)
    is_open_document = {"mimetype", "content.xml"} <= names
    return Format.WORKBOOK if is_excel or is_open_document else Format.ARCHIVE
