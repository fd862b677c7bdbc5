"""The state file: where the local service is, and the key to it.

Only the holder of the state folder's lease (see ``locks``) writes or removes it, and clears what
an earlier holder left. So while a server holds the lease, the file is that server's or not there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Final

from plotly_nbext.errors import ServiceError
from plotly_nbext.service import private

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["USERNAME", "ServiceInfo", "read_state", "remove_state", "write_state"]

FILE_NAME = "service.json"

USERNAME: Final = "local"
"""Who the user of this machine is, to the local service."""


@dataclass(frozen=True)
class ServiceInfo:
    """A local service and how to talk to it.

    Attributes
    ----------
    url : str
        Its address, such as ``http://127.0.0.1:43121``.
    pid : int
        Its process.
    version : str
        The version of plotly_nbext that it runs.
    api_key : str
        The key of the user `username`; left out of the repr.
    proof : str
        The secret by which the service proves itself (see ``probe``); left out of the repr.
    username : str
        Who one is there.
    allowed_hosts : tuple of str
        The hosts on the web that it lets figures load from.
    """

    url: str
    pid: int
    version: str
    api_key: str = field(repr=False)
    proof: str = field(repr=False)
    username: str = USERNAME
    allowed_hosts: tuple[str, ...] = ()


def read_state(home: Path) -> ServiceInfo | None:
    """Read the state file; one that is missing or broken says that there is no service.

    Raises
    ------
    ServiceError
        The file is there and can't be read.
    """
    path = home / FILE_NAME
    try:
        info = ServiceInfo(**json.loads(path.read_text("utf-8")))
        info = replace(info, allowed_hosts=tuple(info.allowed_hosts))
        texts = info.url, info.version, info.api_key, info.proof, info.username
        "".join((*texts, *info.allowed_hosts)).encode()  # no text of UTF-8, or no text: an error
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ServiceError(f"{path} can't be read: {error.strerror}.") from None
    except (ValueError, TypeError, RecursionError):
        return None
    # what is no process may be many: to end -1 is to end all of the user's
    return info if isinstance(info.pid, int) and info.pid > 0 else None


def write_state(home: Path, info: ServiceInfo) -> None:
    """Put the state file in place, whole, for the user's eyes only."""
    new = home / f"{FILE_NAME}.new"
    with private.create(new) as file:
        file.write(json.dumps(asdict(info)).encode())
    new.replace(home / FILE_NAME)


def remove_state(home: Path) -> None:
    """Take the state file away."""
    (home / FILE_NAME).unlink(missing_ok=True)
