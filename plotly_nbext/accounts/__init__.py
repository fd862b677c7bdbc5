"""Which server is talked to, who one is there, and the key that goes there and nowhere else.

The order is: what :func:`plotly_nbext.connect` was given, what this session knows already, the
environment, the files of Chart Studio's clients in ``~/.plotly``, the local service. ``addresses``
reads and compares addresses, ``sources`` the environment and the files, ``servers`` the servers
that have a name here, ``keys`` holds the keys of this session and of the user's keyring,
``targets`` tells which server is meant, ``known_keys`` which key is known there, ``resolving`` puts
them together, and ``listing`` lists what is known.
"""

from plotly_nbext.accounts.account import Account, Secret
from plotly_nbext.accounts.addresses import CLOSED_CLOUD, is_loopback
from plotly_nbext.accounts.known_keys import (
    KnownKey,
    has_keyring,
    key_place,
    key_places,
    known_key,
)
from plotly_nbext.accounts.resolving import account_at, checked_username, resolve, warn_of_way
from plotly_nbext.accounts.servers import LOCAL
from plotly_nbext.accounts.targets import Target, find_target, is_local_service, login_line

__all__ = [
    "CLOSED_CLOUD",
    "LOCAL",
    "Account",
    "KnownKey",
    "Secret",
    "Target",
    "account_at",
    "checked_username",
    "find_target",
    "has_keyring",
    "is_local_service",
    "is_loopback",
    "key_place",
    "key_places",
    "known_key",
    "login_line",
    "resolve",
    "warn_of_way",
]
