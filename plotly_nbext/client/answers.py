"""What servers answer, as far as the client reads it; whatever else they tell is passed over."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict, TypeVar

import msgspec

from plotly_nbext.client.refusals import NO_API
from plotly_nbext.errors import ServiceError

__all__ = [
    "Columns",
    "Content",
    "FileMeta",
    "GridMeta",
    "Page",
    "Path",
    "PlotSchema",
    "Results",
    "checked",
]

_Answer = TypeVar("_Answer")

_Count = Annotated[int, msgspec.Meta(ge=0)]


class ColumnMeta(TypedDict):
    """A column of a grid."""

    name: str
    uid: str
    fingerprint: NotRequired[str | None]
    length: NotRequired[_Count | None]


class People(TypedDict):
    """Those who starred a file, or what they said of it."""

    results: NotRequired[list[Any] | None]


class FileMeta(TypedDict):
    """A file of any type; older servers tell less of it than others, and lists less than all."""

    fid: str
    filename: str
    filetype: NotRequired[str]
    owner: NotRequired[str]
    web_url: NotRequired[str]
    embed_url: NotRequired[str]
    share_key: NotRequired[str | None]
    creation_time: NotRequired[str | None]
    date_modified: NotRequired[str | None]
    metadata: NotRequired[dict[str, Any] | None]
    views: NotRequired[int | None]
    stars: NotRequired[People | None]
    comments: NotRequired[People | None]
    collaborators: NotRequired[People | None]
    references: NotRequired[list[str] | None]
    referencers: NotRequired[list[str] | None]
    row_count: NotRequired[_Count | None]
    revision: NotRequired[int | None]


class GridMeta(FileMeta):
    """A grid, with its columns."""

    cols: list[ColumnMeta]


class Results(TypedDict):
    """A list of files."""

    results: list[FileMeta]


class Page(TypedDict):
    """A page of a list of files; that of a folder is within what is told of the folder."""

    results: NotRequired[list[FileMeta]]
    children: NotRequired[Results]


class Path(TypedDict):
    """Where a file lies."""

    path: str


class Values(TypedDict):
    """The values of a column."""

    data: list[Any]
    uid: NotRequired[str]
    order: int


class Content(TypedDict):
    """All that a grid holds."""

    cols: dict[str, Values]


class ColumnValues(ColumnMeta):
    """A column with its values."""

    data: list[Any]


class Columns(TypedDict):
    """Some columns of a grid."""

    cols: list[ColumnValues]


class PlotSchema(TypedDict):
    """What plotly.js knows; nothing where the client has it already."""

    sha1: str
    schema: dict[str, Any] | None


def checked(url: str, answer: Any, shape: type[_Answer] | Any) -> Any:
    """Return an answer that is of a shape.

    Parameters
    ----------
    url : str
        Who answered.
    answer : Any
        JSON values.
    shape : type
        What they have to be; one of this module, say.

    Raises
    ------
    ServiceError
        They are something else.
    """
    try:
        msgspec.convert(answer, shape)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ServiceError(
            f"{url} answered something else than it was asked for: {error}.", hint=NO_API
        ) from None
    return answer
