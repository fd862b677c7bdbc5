"""A file on the server, and what can be done with those of every type.

In the docstrings, TYPE is the resource of the file's own type: grids, plots, folders, or files.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import quote

from plotly_nbext.client import answers
from plotly_nbext.client.creation import created
from plotly_nbext.client.facts import check_metadata
from plotly_nbext.client.file_facts import SCHEMA_KEY, FileFacts
from plotly_nbext.client.losses import tell_trashed
from plotly_nbext.client.paths import (
    check_name,
    check_steps,
    checked_path,
    ensure_folder,
    split_path,
)
from plotly_nbext.client.refusals import is_taken
from plotly_nbext.columns import json
from plotly_nbext.errors import NotFoundError, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

    from plotly_nbext.client.session import Session

__all__ = ["SCHEMA_KEY", "File", "opened"]


class File(FileFacts):
    """A file of any type; grids, folders and plots are the types that can do more.

    What it tells is what the server told last; :meth:`refresh` asks again.

    Examples
    --------
    >>> file = client.file("sales/2026")
    >>> file.name, file.path, file.filetype
    ('2026', 'sales/2026', 'grid')
    """

    _types: ClassVar[dict[str, type[File]]] = {}

    def __init_subclass__(cls, *, filetype: str, resource: str) -> None:
        super().__init_subclass__()
        cls.resource = resource
        File._types[filetype] = cls

    def rename(self, name: str) -> Self:
        """Give the file another name: ``PATCH /v2/TYPE/FID``.

        Parameters
        ----------
        name : str
            The new name, without folders.

        Returns
        -------
        File
            This one, as the server has it now.

        Raises
        ------
        ValidationError
            The name is taken, or can't be one.

        Examples
        --------
        >>> grid.rename("2027").path
        'sales/2027'
        """
        if "/" in name:
            raise ValidationError(
                f"The name {name!r} has a '/'.",
                field="name",
                hint="move() puts a file into another folder.",
            )
        check_steps(name, "name")
        check_name(name, self._session.account.username)
        self._patch(filename=name)
        if self._path is not None:
            folder, _ = split_path(self._path)
            self._path = f"{folder}/{self.name}".lstrip("/")
        self._note()
        return self

    def move(self, parent: str) -> Self:
        """Put the file into another folder, ``""`` for home: ``PATCH /v2/TYPE/FID``.

        Folders that are missing are made.

        Parameters
        ----------
        parent : str
            The folder's path.

        Returns
        -------
        File
            This one, as the server has it now.

        Raises
        ------
        ValidationError
            The folder has a file of that name, or can't be made.

        Examples
        --------
        >>> grid.move("archive").path
        'archive/2026'
        """
        parent = parent.strip("/")
        if parent:
            check_steps(parent, "parent")
            ensure_folder(self._session, parent)
            self._patch(parent_path=parent)
        else:
            check_name(self.name, self._session.account.username)
            self._patch(parent=-1)
        self._path = f"{parent}/{self.name}".lstrip("/")
        self._note()
        return self

    def set_metadata(self, metadata: Mapping[str, Any]) -> Self:
        """Attach other facts, of JSON types, in place of those there: ``PATCH /v2/TYPE/FID``.

        Parameters
        ----------
        metadata : mapping
            JSON values by name.

        Returns
        -------
        File
            This one, as the server has it now.

        Raises
        ------
        ValidationError
            JSON has no form for one of them.

        Examples
        --------
        >>> file = client.file("sales/2026").set_metadata({"unit": "kg"})
        >>> file.metadata
        {'unit': 'kg'}
        """
        check_metadata(metadata)
        return self._patch(metadata=dict(metadata))

    def publish(self) -> Self:
        """Let anyone read the file: ``PATCH /v2/TYPE/FID``.

        Anyone who may read a plot sees the data that it draws, whosever grids that is in.

        Returns
        -------
        File
            This one, as the server has it now.

        Examples
        --------
        >>> grid.publish().world_readable
        True
        """
        return self._patch(world_readable=True)

    def unpublish(self) -> Self:
        """Let none but its owner, and who has a share key, read it: ``PATCH /v2/TYPE/FID``.

        Returns
        -------
        File
            This one, as the server has it now.

        Examples
        --------
        >>> grid.unpublish().world_readable
        False
        """
        return self._patch(world_readable=False)

    def share(self) -> str:
        """Let those read the file who have its share key: ``PATCH /v2/TYPE/FID``.

        Returns
        -------
        str
            The address of its page, with the share key: whoever has it may read the file.

        Examples
        --------
        >>> address = grid.share()
        >>> "?share_key=" in address
        True
        """
        self._patch(share_key_enabled=True)
        return f"{self.url.rstrip('/')}?share_key={quote(self._told('share_key'))}"

    def unshare(self) -> Self:
        """Make the share key good for nothing: ``PATCH /v2/TYPE/FID``.

        Returns
        -------
        File
            This one, as the server has it now.

        Examples
        --------
        >>> address = grid.share()
        >>> grid.unshare()  # the address opens nothing any more
        Grid('sales/2026', 2 rows × 2 columns)
        """
        return self._patch(share_key_enabled=False)

    def star(self) -> Self:
        """Add the file to one's stars: ``POST /v2/TYPE/FID/star``.

        Returns
        -------
        File
            This one, as the server has it now.

        Examples
        --------
        >>> grid.star().stars == [client.username]
        True
        """
        return self._post("/star")

    def unstar(self) -> Self:
        """Take the file from one's stars: ``DELETE /v2/TYPE/FID/star``.

        Returns
        -------
        File
            This one, as the server has it now.

        Examples
        --------
        >>> grid.star().unstar().stars
        []
        """
        self._session.send("DELETE", self._address("/star"), query=self._query)
        return self.refresh()

    def copy(
        self, name: str | None = None, *, parent: str | None = None, world_readable: bool = False
    ) -> Self:
        """Copy the file, a folder with all in it, to one's own: ``POST /v2/TYPE/FID/copy``.

        Parameters
        ----------
        name : str, optional
            The copy's name, or its path; by default the same, with a number where that is taken.
        parent : str, optional
            The folder to put it in, ``""`` for home; by default the same one, or home where that
            is someone else's.
        world_readable : bool
            Whether anyone may read the copy.

        Returns
        -------
        File
            The copy, of the file's own type.

        Raises
        ------
        ValidationError
            The name is taken, or can't be one.

        Examples
        --------
        >>> grid.copy("sales/2026 as it was").path
        'sales/2026 as it was'
        """
        fields: dict[str, Any] = {"world_readable": world_readable}
        if name is not None:
            checked_path(parent, name, self._session.account.username)
            folder, fields["filename"] = split_path(name)
            parent = f"{parent or ''}/{folder}" if folder else parent
        if parent is not None and parent.strip("/"):
            ensure_folder(self._session, parent.strip("/"))
            fields["parent_path"] = parent.strip("/")
        elif parent is not None:
            fields["parent"] = -1
        answer = self._session.json(
            "POST", self._address("/copy"), query=self._query, body=json.dumps(fields)
        )
        return type(self)(self._session, created(answer))

    def sources(self) -> list[File]:
        """List the files that it references and one may read: ``GET /v2/TYPE/FID/sources``.

        Returns
        -------
        list of File
            Each of its own type.

        Examples
        --------
        >>> figure = {"data": [{"xsrc": grid["day"].src, "ysrc": grid["total"].src}]}
        >>> client.push_plot(figure, "sales/chart").sources()
        [Grid('2026', 2 rows)]
        """
        found = self._get("/sources", answers.Results)["results"]
        return [opened(self._session, meta) for meta in found]

    def drop_reference(self, file: File | str) -> Self:
        """Make the file independent of another one: ``POST /v2/TYPE/FID/drop_reference``.

        A plot that drops a grid keeps what it drew of it. There need be no reference.

        Parameters
        ----------
        file : File or str
            The other file, or its fid.

        Returns
        -------
        File
            This one, as the server has it now.

        Examples
        --------
        >>> plot = client.push_plot({"data": [{"ysrc": grid["total"].src}]}, "sales/chart")
        >>> plot.drop_reference(grid).references
        []
        """
        fid = file.fid if isinstance(file, File) else file
        return self._post("/drop_reference", fid=fid)

    def trash(self) -> Self:
        """Put the file, a folder with all in it, in the trash: ``POST /v2/TYPE/FID/trash``.

        Returns
        -------
        File
            This one, as the server has it now.

        Warns
        -----
        PlotlyNbextWarning
            Plots draw on it, which it names.

        Examples
        --------
        >>> grid.trash()
        Grid('sales/2026', 2 rows × 2 columns)
        >>> client.exists("sales/2026")
        False
        """
        # nothing is asked again: what lies there can't be read
        answer = self._session.send("POST", self._address("/trash"), repeatable=True)
        self._session.seen.trashed(self.fid)
        tell_trashed(self, answer.content)
        return self

    def restore(self) -> Self:
        """Take the file out of the trash: ``POST /v2/TYPE/FID/restore``.

        Returns
        -------
        File
            This one, as the server has it now.

        Raises
        ------
        ValidationError
            Its name has been taken meanwhile.

        Examples
        --------
        >>> grid.trash().restore().path
        'sales/2026'
        """
        try:
            restored = self._post("/restore")
        except ValidationError as error:
            if not is_taken(error):
                raise
            raise ValidationError(
                f"{self!r} can't leave the trash: a file of its name already exists.",
                status_code=error.status_code,
                field="name",
                hint="Rename that one first: rename() gives it another name.",
            ) from None
        self._session.seen.restored(self.fid)
        self._note()
        return restored

    def delete(self) -> None:
        """Delete the file for good: trash, then ``DELETE /v2/TYPE/FID/permanent_delete``.

        Examples
        --------
        >>> grid.delete()
        >>> client.trashed()
        []
        """
        self.trash()
        with suppress(NotFoundError):  # it is gone: the answer to the first request was lost
            self._session.send("DELETE", self._address("/permanent_delete"))
        self._session.seen.gone(self.fid)

    def _post(self, action: str, **fields: Any) -> Self:
        """Post an action that does no harm twice."""
        answer = self._session.send(
            "POST",
            self._address(action),
            query=self._query,
            body=json.dumps(fields) if fields else None,
            repeatable=True,
        )
        return self._took(answer)

    def _patch(self, **fields: Any) -> Self:
        body = json.dumps(fields)
        return self._took(
            self.found(lambda: self._session.send("PATCH", self._address(), body=body))
        )

    def _took(self, answer: requests.Response) -> Self:
        """Keep the metadata that a server answers to a change; some answer something else."""
        try:
            meta = json.loads(answer.content)
        except ValueError:
            meta = None
        if not isinstance(meta, dict) or "fid" not in meta:
            return self.refresh()
        self._meta = self._session.checked(meta, self._shape)
        return self


def opened(
    session: Session, meta: Mapping[str, Any], path: str | None = None, share_key: str | None = None
) -> File:
    """Make the file that metadata describes, of its own type."""
    from plotly_nbext.client import folder, grid, plot  # noqa: F401 - each notes its type

    meta = session.checked(meta, answers.FileMeta)
    kind = File._types.get(meta.get("filetype", ""), File)  # noqa: SLF001 - File's own registry
    return kind(session, meta, path, share_key=share_key)
