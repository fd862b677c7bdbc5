"""Zip archives: what may be unpacked, and one member after the other."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from plotly_nbext.server.uploads.limits import (
    FREE_UNPACKED_BYTES,
    MAX_DEPTH,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["check", "members"]

_ENCRYPTED = 0x1


def check(file: Path) -> None:
    """Refuse an archive (or a workbook that is one) whose directory speaks of harm.

    Raises
    ------
    Unreadable
        It is packed too tightly, has members within each other or too many, is encrypted, or has
        names that lead out of it.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable(f"The zip archive is damaged: {error}.") from None
    if len(found) > MAX_MEMBERS:
        raise Unreadable(f"The archive has {len(found):,} members; {MAX_MEMBERS:,} are the most.")
    if any(member.flag_bits & _ENCRYPTED for member in found):
        raise Unreadable("The archive is encrypted: pack it without a password.")
    for member in found:
        path = PureWindowsPath(member.filename)  # knows the other systems' paths too
        if path.anchor or ".." in path.parts:
            raise Unreadable(f"The archive's member {member.filename!r} leads out of it.")
        if len(path.parts) > MAX_DEPTH:
            raise Unreadable(
                f"The archive's member {member.filename!r} lies more than {MAX_DEPTH} folders deep."
            )
    size = file.stat().st_size
    if sum(member.compress_size for member in found) > size:
        raise Unreadable("The archive is damaged: its members lie within each other.")
    unpacked = sum(member.file_size for member in found)
    if unpacked > MAX_UNPACKED_BYTES:
        raise Unreadable(
            f"The archive has {unpacked:,} bytes when unpacked; "
            f"{MAX_UNPACKED_BYTES:,} are the most."
        )
    if unpacked > max(MAX_RATIO * size, FREE_UNPACKED_BYTES):
        raise Unreadable(
            f"The archive has {unpacked:,} bytes when unpacked, more than {MAX_RATIO} times its "
            f"{size:,}: send its members by themselves."
        )


def members(file: Path) -> Iterator[tuple[list[str], Path]]:
    """Unpack one member after the other, each into the same file beside the archive.

    Yields
    ------
    list of str
        The member's path, its name last. What systems put in archives of their own is passed over.
    Path
        The file, until the next one.

    Raises
    ------
    Unreadable
        A member is damaged.
    """
    unpacked = file.with_name("member")
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            parts = PureWindowsPath(member.filename).parts
            if member.is_dir() or any(part.startswith((".", "__MACOSX")) for part in parts):
                continue
            try:
                with archive.open(member) as source, unpacked.open("wb") as target:
                    shutil.copyfileobj(source, target)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
                raise Unreadable(f"The member {member.filename!r} is damaged: {error}.") from None
            yield list(parts), unpacked
            unpacked.unlink()
