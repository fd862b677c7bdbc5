"""Whether browsers run in their sandbox, which a machine may deny them."""

from __future__ import annotations

import logging
import os
import re
from typing import NamedTuple

from plotly_nbext.errors import BrowserNotFound

__all__ = ["FOR_ROOT", "VARIABLE", "Lack", "Sandbox"]

logger = logging.getLogger(__name__)

VARIABLE = "PLOTLY_NBEXT_SANDBOX"

REQUIRED = "required"


class Lack(NamedTuple):
    """Why there is no sandbox, and what gives one."""

    reason: str
    mend: str


FOR_ROOT = Lack("Chromium has none for root", "run the server as an ordinary user")

DENIED = Lack(
    "this machine denies it to ordinary users",
    "sudo apt-get install chromium-sandbox, or let ordinary users make user namespaces "
    "(in a container, its seccomp profile denies them)",
)

# what Chromium says before it ends: without any way to a sandbox, and where the way is barred
DENIAL = re.compile("No usable sandbox|setuid sandbox is not|Failed to move to new namespace")


class Sandbox:
    """What is known of the sandbox on this machine: it is there until a browser finds it is not.

    An operator can insist on it with the environment variable ``PLOTLY_NBEXT_SANDBOX=required``.

    Attributes
    ----------
    lack : Lack or None
        Why browsers are started without it; None where they are started in it.
    """

    def __init__(self) -> None:
        self.lack = FOR_ROOT if os.geteuid() == 0 else None

    def use(self) -> bool:
        """Tell whether a browser is to be started in it.

        Raises
        ------
        BrowserNotFound
            There is none, and the operator insists on it.
        """
        wish = os.environ.get(VARIABLE, "")
        if wish not in {"", REQUIRED}:
            raise BrowserNotFound(
                f"{VARIABLE} is {wish!r}; it takes {REQUIRED!r}, or nothing.",
                hint=f"Correct it or `unset {VARIABLE}`, then run `plotly-nbext stop`.",
            )
        if wish and self.lack:
            raise BrowserNotFound(
                f"{VARIABLE} is {REQUIRED!r}, and the browser gets no sandbox: {self.lack.reason}.",
                hint=self.lack.mend,
            )
        return self.lack is None

    def learn(self, said: str) -> bool:
        """Tell from its last words whether a browser that was started in it is to do without."""
        denied = DENIAL.search(said) is not None
        if denied and not self.lack:
            self.lack = DENIED
            logger.warning(
                "The browser runs without its sandbox: %s. What gives it one: %s.", *DENIED
            )
        return denied
