"""What a script, a notebook cell or marimo calls; the magics and the accessor are thin over it.

Every call goes to the current client: the one that :func:`connect` made, else the server that the
environment or ``~/.plotly`` names, else the user's local service, which the first call starts.
"""

from __future__ import annotations

import threading
from typing import IO, TYPE_CHECKING, Any, Literal, overload

from plotly_nbext import service
from plotly_nbext.accounts import Account, Secret, keys, resolve
from plotly_nbext.client import Client
from plotly_nbext.errors import AuthError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    import dask.dataframe as dd
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from plotly_nbext.client import Difference, Folder, Grid, Image
    from plotly_nbext.client.drawing import Destination
    from plotly_nbext.client.figures import Figure
    from plotly_nbext.client.fitting import Key
    from plotly_nbext.client.tables import Mode
    from plotly_nbext.columns.encode import Frame

__all__ = [
    "connect",
    "current_client",
    "grid",
    "known_client",
    "link",
    "pull",
    "push",
    "render",
    "to_image",
    "unlink",
    "upload",
    "write_image",
    "write_images",
]

LOCAL_TRUST_SECONDS = 1.0

_lock = threading.Lock()
_current: Client | None = None
_account: Account | None = None
"""Whose client the current one is; None of the local service."""


def connect(
    url: str | None = None,
    username: str | None = None,
    api_key: str | None = None,
    *,
    current: bool = True,
) -> Client:
    """Choose the server that the calls of this session go to.

    The server is asked who we are: ``GET /v2/users/current``. A key goes to the address that it
    is for and nowhere else: one of the environment or of a file to the server that is named there.

    Parameters
    ----------
    url : str, optional
        A Chart Studio server's address (its API domain), the name that ``%plotly_grid login``
        gave a server, or ``"local"`` for the service of this machine, which needs no account.
        Without it, the environment variable ``PLOTLY_API_DOMAIN`` or the file ``.config`` in
        ``~/.plotly`` may name one; else it is the local service.
    username, api_key : str, optional
        The credentials there; by default those that this session, the environment, the user's
        keyring or the files have for that server.
    current : bool
        Whether the calls of this session go there from now on; false only returns the client.

    Returns
    -------
    Client

    Raises
    ------
    AuthError
        A server is named and the username or API key is missing, or the server refuses them.
    ServiceError
        The server can't be reached.
    ValidationError
        What is given is no address, and no server has that name.

    Examples
    --------
    >>> client = plotly_nbext.connect()
    >>> client.whoami() == client.username
    True
    """
    global _current, _account
    api_key = Secret.read(api_key, "api_key")  # which tracebacks don't show
    account = resolve(url, username, api_key)
    client = _client(account)
    if (seen := client.whoami()).lower() != client.username.lower():
        raise AuthError(
            f"{client.url} sees {seen or 'nobody'!r} in place of {client.username!r}.",
            field="username",
        )
    if current:
        if account is not None and api_key is not None:
            keys.remember(account.url, account.username, api_key)
        with _lock:
            _current, _account = client, account
    return client


def disconnect() -> None:
    """Go back to the server that the next call finds: environment, files, local service."""
    global _current  # noqa: PLW0603 - one server a session
    with _lock:
        _current = None


def current_client() -> Client:
    """Return the client that the calls of this session go to; nothing is sent yet."""
    global _current, _account
    with _lock:
        if _current is None:
            account = resolve()
            _current, _account = _client(account), account
        return _current


def current_account() -> Account | None:
    """Return the account that the calls of this session use; None for the local service."""
    with _lock:
        return resolve() if _current is None else _account


def known_client() -> Client | None:
    """Return the client that the calls of this session went to, if there was one by now."""
    return _current


@overload
def render(
    figure: Figure | str | bytes,
    format: str = ...,
    width: float | None = ...,
    height: float | None = ...,
    scale: float | None = ...,
    *,
    encoded: bool = ...,
    progress: bool = ...,
    warn: bool = ...,
) -> Image: ...


@overload
def render(
    figure: Iterable[Figure],
    format: str = ...,
    width: float | None = ...,
    height: float | None = ...,
    scale: float | None = ...,
    *,
    encoded: bool = ...,
    progress: bool = ...,
    warn: bool = ...,
) -> list[Image]: ...


def render(
    figure: Any,
    format: str = "png",  # noqa: A002 - as above
    width: float | None = None,
    height: float | None = None,
    scale: float | None = None,
    *,
    encoded: bool = False,
    progress: bool = True,
    warn: bool = True,
) -> Image | list[Image]:
    """Render a figure, or several, through the images endpoint; see :meth:`Client.render`."""
    rendered: Image | list[Image] = current_client().render(
        figure, format, width, height, scale, encoded=encoded, progress=progress, warn=warn
    )
    return rendered


def to_image(  # noqa: PLR0917 - plotly's signature
    fig: Figure,
    format: str | None = None,  # noqa: A002 - as above
    width: float | None = None,
    height: float | None = None,
    scale: float | None = None,
    validate: bool = True,
    engine: str | None = None,
) -> bytes:
    """Render a figure as ``fig.to_image`` does; see :meth:`Client.to_image`."""
    return current_client().to_image(fig, format, width, height, scale, validate, engine)


def write_image(  # noqa: PLR0917 - plotly's signature
    fig: Figure,
    file: Destination,
    format: str | None = None,  # noqa: A002 - as above
    scale: float | None = None,
    width: float | None = None,
    height: float | None = None,
    validate: bool = True,
    engine: str | None = None,
) -> None:
    """Render a figure to a file as ``fig.write_image`` does; see :meth:`Client.write_image`."""
    current_client().write_image(fig, file, format, scale, width, height, validate, engine)


def write_images(  # noqa: PLR0917 - plotly's signature
    fig: Iterable[Figure] | Figure,
    file: Sequence[Destination] | Destination,
    format: Sequence[str | None] | str | None = None,  # noqa: A002 - as above
    scale: Sequence[float | None] | float | None = None,
    width: Sequence[float | None] | float | None = None,
    height: Sequence[float | None] | float | None = None,
    validate: Sequence[bool] | bool = True,
    *,
    progress: bool = True,
) -> None:
    """Render figures to files side by side; see :meth:`Client.write_images`."""
    current_client().write_images(
        fig, file, format, scale, width, height, validate, progress=progress
    )


@overload
def push(
    frame: Frame | dd.DataFrame | dd.Series,
    name: str,
    *,
    mode: Mode = ...,
    key: Key | None = ...,
    index: Literal["auto"] | bool = ...,
    parent: str | None = ...,
    world_readable: bool = ...,
    metadata: Mapping[str, Any] | None = ...,
    dry_run: Literal[False] = ...,
    progress: bool = ...,
) -> Grid: ...


@overload
def push(
    frame: Frame | dd.DataFrame | dd.Series,
    name: str,
    *,
    mode: Mode = ...,
    key: Key | None = ...,
    index: Literal["auto"] | bool = ...,
    parent: str | None = ...,
    world_readable: bool = ...,
    metadata: Mapping[str, Any] | None = ...,
    dry_run: Literal[True],
    progress: bool = ...,
) -> Difference: ...


def push(
    frame: Frame | dd.DataFrame | dd.Series,
    name: str,
    *,
    mode: Mode = "replace",
    key: Key | None = None,
    index: Literal["auto"] | bool = "auto",
    parent: str | None = None,
    world_readable: bool = False,
    metadata: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    progress: bool = True,
) -> Grid | Difference:
    """Write a DataFrame as a grid, or update the one of that name; see :meth:`Client.push`."""
    client: Any = current_client()  # its overloads know True and False, but no bool
    pushed: Grid | Difference = client.push(
        frame,
        name,
        mode=mode,
        key=key,
        index=index,
        parent=parent,
        world_readable=world_readable,
        metadata=metadata,
        dry_run=dry_run,
        progress=progress,
    )
    return pushed


@overload
def pull(
    grid: Grid | str, as_: Literal["pandas"] = ..., *, progress: bool = ...
) -> pd.DataFrame: ...


@overload
def pull(grid: Grid | str, as_: Literal["polars"], *, progress: bool = ...) -> pl.DataFrame: ...


@overload
def pull(grid: Grid | str, as_: Literal["arrow"], *, progress: bool = ...) -> pa.Table: ...


@overload
def pull(
    grid: Grid | str, as_: Literal["dask"], *, chunksize: int | None = ..., progress: bool = ...
) -> dd.DataFrame: ...


def pull(
    grid: Grid | str,
    as_: Literal["pandas", "polars", "arrow", "dask"] = "pandas",
    *,
    chunksize: int | None = None,
    progress: bool = True,
) -> pd.DataFrame | pl.DataFrame | pa.Table | dd.DataFrame:
    """Read a grid, by itself, its fid or its path, as a DataFrame; see :meth:`Client.pull`."""
    client: Any = current_client()  # its overloads know each word for itself
    pulled: pd.DataFrame | pl.DataFrame | pa.Table | dd.DataFrame = client.pull(
        grid, as_, chunksize=chunksize, progress=progress
    )
    return pulled


def grid(reference: str, *, user: str | None = None, share_key: str | None = None) -> Grid:
    """Return the grid with a fid or a path; see :meth:`Client.grid`."""
    return current_client().grid(reference, user=user, share_key=share_key)


def link(
    figure: Figure | str | bytes,
    name: str,
    *,
    mode: Literal["replace", "create"] = "replace",
    parent: str | None = None,
    world_readable: bool = False,
    metadata: Mapping[str, Any] | None = None,
    progress: bool = True,
) -> dict[str, Any]:
    """Move the arrays of a figure into a grid that it references; see :meth:`Client.link`."""
    return current_client().link(
        figure,
        name,
        mode=mode,
        parent=parent,
        world_readable=world_readable,
        metadata=metadata,
        progress=progress,
    )


def unlink(figure: Figure | str | bytes) -> Any:
    """Bring a figure's arrays back out of grids; see :meth:`Client.unlink`."""
    return current_client().unlink(figure)


def upload(
    file: str | os.PathLike[str] | IO[bytes],
    name: str | None = None,
    *,
    parent: str | None = None,
    world_readable: bool = False,
    progress: bool = True,
) -> Grid | Folder:
    """Upload a file of tables as it is; see :meth:`Client.upload`."""
    return current_client().upload(
        file, name, parent=parent, world_readable=world_readable, progress=progress
    )


def _client(account: Account | None) -> Client:
    if account is None:
        return Client(_local_account, trust_seconds=LOCAL_TRUST_SECONDS)
    return Client(lambda: account)


def _local_account() -> Account:
    running = service.ensure()
    return Account(running.url, running.username, running.api_key)


# help(plotly_nbext.push) tells what help(Client.push) does
for _function in (
    *(render, to_image, write_image, write_images, push, pull, grid, link, unlink, upload),
):
    _function.__doc__ = getattr(Client, _function.__name__).__doc__
