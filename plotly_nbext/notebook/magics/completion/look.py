"""A look at the user's files in the background, so that a fresh kernel can complete their paths."""

from __future__ import annotations

import logging
import os
import sys
import threading
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from plotly_nbext.accounts import Account
    from plotly_nbext.client.seen import Seen

__all__ = ["Look"]

LIMIT: Final = 10_000

_log = logging.getLogger(__name__)


class Look:
    """Looks once at the files of each account that this session talks with.

    It is after a cell has run, in a thread of its own. No service is started for it, and no error
    shown.

    Parameters
    ----------
    shell : InteractiveShell
        The shell whose cells it waits for.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._looking: threading.Thread | None = None
        self._account: Account | None = None
        self._seen: Seen | None = None
        shell.events.register("post_run_cell", self._after_cell)

    def close(self) -> None:
        """Look no more."""
        self._shell.events.unregister("post_run_cell", self._after_cell)

    @property
    def seen(self) -> Seen | None:
        """What is known of the files that the next call would find; nothing is asked for it."""
        client = _client()
        if client is None:
            return self._seen
        session = client._session  # noqa: SLF001 - a session would be located for its public names
        return None if session.known_account is None else session.seen

    def _after_cell(self, _: Any) -> None:
        client = _client()
        if client is not None:
            account = client._session.known_account  # noqa: SLF001 - as above
            if account is None or account == self._account:
                return
        elif self._account is not None:
            return
        if self._looking is None or not self._looking.is_alive():
            self._looking = threading.Thread(
                target=self._look, name="plotly_nbext.completion", daemon=True
            )
            self._looking.start()

    def _look(self) -> None:
        try:
            client = _client()
            account = _found_service() if client is None else client._session.known_account  # noqa: SLF001 - as above
            if account is not None:
                self._account = account
                self._seen = _look_at(account)
        except Exception:  # noqa: BLE001 - nobody asked for it
            _log.debug("The files could not be looked at.", exc_info=True)


def _client() -> Any:
    """Return the client of this session, if there is one by now."""
    api = sys.modules.get("plotly_nbext.api")
    return None if api is None else api.known_client()


def _found_service() -> Account | None:
    """Find the local service where it runs and the next call would use it."""
    from plotly_nbext import __version__, service
    from plotly_nbext.accounts import Account

    if _may_be_elsewhere():
        return None
    running = service.find()
    if running is None or running.version != __version__:
        return None
    return Account(running.url, running.username, running.api_key)


def _may_be_elsewhere() -> bool:
    """Tell whether the environment or a file may name another server, without their notices."""
    folder = Path(os.environ.get("PLOTLY_DIR") or "~/.plotly").expanduser()
    names = ("PLOTLY_API_DOMAIN", "plotly_api_domain")
    return any(map(os.environ.get, names)) or (folder / ".config").exists()


def _look_at(account: Account) -> Seen:
    from plotly_nbext.client.file_listing import listed
    from plotly_nbext.client.session import Session

    # with an account that stays as it is, no service is started in place of one that ended
    session = Session(lambda: account)
    everything = listed(session, "/folders/all", order_by="-date_modified")
    for files in (
        listed(session, "/folders/all", filetype="fold"),
        everything,
        listed(session, "/folders/trashed"),
    ):
        for _ in islice(files, LIMIT):  # each is noted as it comes
            pass
    return session.seen
