"""Whether browsers run in their sandbox, which a machine may deny them."""

from __future__ import annotations

import logging
import os
import re

from plotly_nbext.server.rendering.errors import RendererUnavailable

__all__ = ["MEND", "VARIABLE", "Sandbox", "is_denied"]

logger = logging.getLogger(__name__)

VARIABLE = "PLOTLY_NBEXT_SANDBOX"

REQUIRED = "required"

MEND = (
    "sudo apt-get install chromium-sandbox, or let ordinary users make user namespaces "
    "(in a container, its seccomp profile denies them)"
)
"""What gives a browser its sandbox, where it runs as an ordinary user."""

# what Chromium says before it ends: without any way to a sandbox, and where the way is barred
DENIED = re.compile("No usable sandbox|setuid sandbox is not|Failed to move to new namespace")


def is_denied(said: str) -> bool:
    """Tell from its last words whether a browser ended because it got no sandbox."""
    return DENIED.search(said) is not None


class Sandbox:
    """What is known of the sandbox on this machine: it is there until a browser finds it is not.

    An operator can insist on it with the environment variable ``PLOTLY_NBEXT_SANDBOX=required``.
    """

    def __init__(self) -> None:
        self._lacking = "Chromium has none for root" if os.geteuid() == 0 else ""

    def use(self) -> bool:
        """Tell whether a browser is to be started in it.

        Raises
        ------
        RendererUnavailable
            There is none, and the operator insists on it.
        """
        wish = os.environ.get(VARIABLE, "")
        if wish not in {"", REQUIRED}:
            raise RendererUnavailable(f"{VARIABLE} is {wish!r}; it takes {REQUIRED!r}, or nothing.")
        if wish and self._lacking:
            raise RendererUnavailable(
                f"{VARIABLE} is {REQUIRED!r}, and the browser gets no sandbox: {self._lacking}."
            )
        return not self._lacking

    def learn(self, said: str) -> bool:
        """Tell from its last words whether a browser that was started in it is to do without."""
        denied = is_denied(said)
        if denied and not self._lacking:
            self._lacking = f"this machine denies it to ordinary users. What gives it one: {MEND}"
            logger.warning("The browser runs without its sandbox: %s.", self._lacking)
        return denied
