"""How long to wait for a server that is busy, before it is asked again.

A server that throttles (429) has done nothing of what it was asked, so anything may be asked again.
One that is unavailable (503) may have begun: only what does no harm twice is repeated.
"""

from __future__ import annotations

import logging
import re
import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

if TYPE_CHECKING:
    import requests

__all__ = ["Patience", "asked_wait"]

REPEATS: Final = 3
TOTAL_SECONDS: Final = 60

# Django REST framework's words, which Chart Studio's server answers without a Retry-After
_EXPECTED = re.compile(rb"[Ee]xpected available in (\d+(?:\.\d+)?) second")

# with no handler of the user's own, Python shows it on stderr, which is the cell's output
_log = logging.getLogger("plotly_nbext")


class Patience:
    """What one request may wait for: a few times, and a minute in all.

    Parameters
    ----------
    repeatable : bool
        Whether sending the request twice does no harm.
    """

    def __init__(self, *, repeatable: bool) -> None:
        self._statuses = {HTTPStatus.TOO_MANY_REQUESTS}
        if repeatable:
            self._statuses.add(HTTPStatus.SERVICE_UNAVAILABLE)
        self._repeats = 0
        self._left = float(TOTAL_SECONDS)

    def waits(self, response: requests.Response) -> bool:
        """Wait as an answer asks, and tell whether the request is to be sent again.

        The user is told before; a wait longer than what is left of the minute is not begun.
        """
        if response.status_code not in self._statuses or self._repeats == REPEATS:
            return False
        asked = asked_wait(response)
        seconds = 2.0**self._repeats if asked is None else asked
        if seconds > self._left:
            return False
        self._repeats += 1
        self._left -= seconds
        _log.warning(
            "%s is busy (%d): asking again in %g s. Interrupt the kernel to stop.",
            urlsplit(response.url).hostname,
            response.status_code,
            round(seconds, 1),
        )
        time.sleep(seconds)
        return True


def asked_wait(response: requests.Response) -> float | None:
    """Read how many seconds a busy server asks to wait; None where it does not say."""
    with suppress(InvalidHeader, ValueError, OverflowError):
        if header := response.headers.get("Retry-After"):
            return max(float(Retry().parse_retry_after(header)), 0)
    found = _EXPECTED.search(response.content)
    return float(found[1]) if found else None
