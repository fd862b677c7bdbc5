"""What an operator chooses."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """The limits of a server; without any, a laptop's own user is not in their own way.

    Attributes
    ----------
    requests, renders : tuple of str
        How many requests each user may send, and have drawn: ``"600/minute"``. What is drawn
        already is no rendering. Callers without a name are told apart by their addresses.
    failed_sign_ins : tuple of str
        How many wrong keys may come from an address.
    quota_bytes, quota_files : int, optional
        How much each user may keep: bytes of values and figures, unpacked; and grids, plots and
        folders. What is in the trash counts.
    waiting_renders : int
        How many pictures may wait for their turn, of all users.
    body_bytes : int
        The most that a body of JSON may have.
    grid_cells : int, optional
        The most cells that a grid may have: rows by columns.
    """

    requests: tuple[str, ...] = ()
    renders: tuple[str, ...] = ()
    failed_sign_ins: tuple[str, ...] = ()
    quota_bytes: int | None = None
    quota_files: int | None = None
    waiting_renders: int = 1_000
    body_bytes: int = 1_000_000_000
    grid_cells: int | None = None
