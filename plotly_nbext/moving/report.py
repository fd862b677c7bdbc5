"""What became of each file, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from plotly_nbext.errors import ApiError, AuthError, RateLimited

__all__ = ["Report", "ends_all", "reason"]

_AWAY: Final = {
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


def ends_all(error: Exception) -> bool:
    """Tell whether what failed for one file would fail for all others, and may be tried later."""
    is_away = isinstance(error, ApiError) and error.status_code in _AWAY
    return is_away or isinstance(error, AuthError | RateLimited)


def reason(error: Exception) -> str:
    """Say why a file failed."""
    return error.message if isinstance(error, ApiError) else str(error)


@dataclass
class Report:
    """What an export or an import did.

    Attributes
    ----------
    done : list of str
        The paths of the files that were written.
    same : list of str
        Those that were there already.
    skipped : list of str
        Those in whose place another file is, which stayed.
    failed : dict of str
        Those that could not be moved, and why.
    remarks : dict of str
        What else is to be known of files, by their paths.
    """

    verb: str = "moved"
    done: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether nothing failed."""
        return not self.failed

    def remark(self, path: str, words: str) -> None:
        """Note what is to be known of a file."""
        self.remarks[path] = f"{self.remarks[path]} {words}" if path in self.remarks else words

    @property
    def summary(self) -> str:
        """What was done, in a line, and what else is to be known."""
        counts = [
            f"{_files(len(self.done))} {self.verb}",
            f"{len(self.same)} there already" if self.same else "",
            f"{len(self.skipped)} left out, as another has the name" if self.skipped else "",
            f"{len(self.failed)} could not be {self.verb}" if self.failed else "",
        ]
        notes = [f"note: {path}: {words}" for path, words in self.remarks.items()]
        return "\n".join(["; ".join(filter(None, counts)) + ".", *notes])

    @property
    def problems(self) -> list[str]:
        """What failed, a line each."""
        return [f"not {self.verb}: {path}: {why}" for path, why in self.failed.items()]

    def __str__(self) -> str:
        return "\n".join([self.summary, *self.problems])


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
