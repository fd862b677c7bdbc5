"""What the database keeps in bytes has a checksum: damage is noticed before it is believed.

A disk that gives back other bytes than it took says nothing of it, and neither do SQLite and, as it
is mostly set up, PostgreSQL.
"""

from __future__ import annotations

import zlib

from plotly_nbext.errors import ApiError

__all__ = ["Damaged", "checksum", "is_whole"]


class Damaged(ApiError):  # noqa: N818 - reads as what happened
    """What is asked for is no longer in the database as it was written.

    Parameters
    ----------
    what : str
        The part that is damaged.
    fid : str
        The file that it is of.
    """

    def __init__(self, what: str, fid: str) -> None:
        super().__init__(
            f"{what} is damaged in the server's database. Write it anew to mend it; the rest can "
            "be read, and `plotly-nbext verify` lists all that is damaged.",
            status_code=500,
        )
        self.fid = fid


def checksum(data: bytes, *facts: str | int) -> int:
    """Compute the CRC-32 of some bytes, and of what is known of them."""
    return zlib.crc32(data, zlib.crc32(" ".join(map(str, facts)).encode()))


def is_whole(data: object, written: object, *facts: str | int) -> bool:
    """Tell whether what was read is what was written; SQLite keeps in each row of which type it is.

    Parameters
    ----------
    written : int
        The checksum that was written with it.
    """
    return isinstance(data, bytes) and checksum(data, *facts) == written
