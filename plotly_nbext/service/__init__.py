"""The local service: one server process for a user and state folder, started on first use.

:func:`ensure` is all that a client needs. The parts: ``state`` is the file by which processes find
the service, ``probe`` proves who answers at an address, ``locks`` keeps it to one, ``lifecycle``
starts and stops it, ``daemon`` is the service's own side. ``browser_setup`` gets a browser.

Every notebook kernel imports this package, so it loads nothing but the standard library until
there is something to start.
"""

from plotly_nbext.service.lifecycle import COMMAND, ensure, find, stop
from plotly_nbext.service.state import USERNAME, ServiceInfo

__all__ = ["COMMAND", "USERNAME", "ServiceInfo", "ensure", "find", "stop"]
