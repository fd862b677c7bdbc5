"""JSON bodies of grids that are longer than they may be in memory: they are packed as they come.

The arrays of values are cut out of the text, packed in chunks and laid on disk; what is left is
short, and is read as any body is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Final

from plotly_nbext.columns import json
from plotly_nbext.columns.preview import PREVIEW_ROWS, preview
from plotly_nbext.errors import ApiError
from plotly_nbext.server.bodies import BODY_DEPTH, bad_request, parse_fields
from plotly_nbext.server.json_structure import Scanner
from plotly_nbext.server.store.chunks import Chunk
from plotly_nbext.server.store.grids import SpooledValues
from plotly_nbext.server.store.schema import CHUNK_ROWS, MAX_COLUMNS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from plotly_nbext.server.json_structure import Part

__all__ = ["JsonBody"]

MAX_REST_BYTES: Final = 16_000_000
MAX_CELL_BYTES: Final = 16_000_000
MAX_CHUNK_BYTES: Final = 256_000_000

_TEXTS: Final = (["cols"], ["data"])
_MAX_PATH: Final = len(("data", "cols", "a name", "data"))


class JsonBody:
    """The body of a request that creates or changes columns: those of ``data.cols``, of ``cols``.

    Parameters
    ----------
    spool : BinaryIO
        Where the values go.
    within : str
        The field of the body whose JSON-encoded string this text is; none for the body itself.

    Attributes
    ----------
    encoded : set of str
        The fields that came as JSON-encoded strings.
    """

    def __init__(self, spool: BinaryIO, within: str = "") -> None:
        self._spool = spool
        self._scanner = Scanner()
        self._rest = bytearray()
        self._columns: list[SpooledValues] = []
        # the key at which each object is that is open; None in arrays
        self._keys: list[str | None] = []
        self._prefix: list[str | None] = [within] if within else []
        self._key_start = 0
        self._is_value = False
        self._cells: _Cells | None = None
        self._text: _Text | None = None
        self._texts: dict[str, _Text] = {}
        self.encoded: set[str] = set()

    def feed(self, data: bytes) -> None:
        """Take the next part of the text.

        Raises
        ------
        ApiError
            413: what is not values is too long.
        ValidationError
            400: values can't be read.
        """
        part = self._scanner.scan(data)
        mark = start = 0
        while True:
            if self._cells is not None:
                mark, start = self._feed_cells(self._cells, part, mark, start)
            elif self._text is not None:
                mark, start = self._feed_text(self._text, part, mark, start)
            elif mark < len(part.marks):
                mark, start = self._feed_mark(part, mark, start)
            else:
                self._keep(part.text[start:])
                return
            if start == len(part.text):
                return

    def fields(self) -> dict[str, Any]:
        """Give the fields of the body, in which arrays of values are ``SpooledValues``.

        Raises
        ------
        ValidationError
            400: it is not a JSON object, or has no end.
        """
        fields = parse_fields(self._whole())
        self._fill(fields.get("data"), fields.get("cols"))
        for name, text in self._texts.items():
            fields[name] = text.value()
            self.encoded.add(name)
        return fields

    def value(self) -> Any:
        """Give the value of a field: a text that has no values in it as it is.

        Raises
        ------
        ValueError
            It is not JSON.
        """
        whole = self._whole()
        if not self._columns:
            return whole.decode()
        value = json.loads(whole, max_depth=BODY_DEPTH)
        self._fill(*((value, None) if self._prefix == ["data"] else (None, value)))
        return value

    def _feed_mark(self, part: Part, mark: int, start: int) -> tuple[int, int]:
        """Take a mark that is not among values, with what is before it."""
        end = int(part.marks[mark]) + 1
        self._keep(part.text[start:end])
        was_value, self._is_value = self._is_value, False
        path = self._prefix + self._keys
        match part.text[end - 1 : end]:
            case b"{" | b"[" as opening:
                if opening == b"[" and _holds_values(path):
                    self._begin_cells(_name_of(path), int(part.depths[mark]))
                self._keys.append(None)
                self._key_start = len(self._rest)
            case b"}" | b"]" if self._keys:
                self._keys.pop()
            case b",":
                self._key_start = len(self._rest)
            case b":" if self._keys:
                self._is_value = True
                if len(path) <= _MAX_PATH:
                    self._keys[-1] = _key(self._rest[self._key_start : -1])
                if path in _TEXTS:
                    # of two members of one name, the last one counts
                    self._texts.pop(self._keys[-1] or "", None)
            case b'"' if was_value and path in _TEXTS and not self._prefix:
                name = self._keys[0] or ""
                self._text = self._texts[name] = _Text(JsonBody(self._spool, name), name)
        return mark + 1, end

    def _begin_cells(self, name: str, depth: int) -> None:
        if len(self._columns) == MAX_COLUMNS:
            raise bad_request(f"The body has more than {MAX_COLUMNS:,} columns.", "cols")
        self._columns.append(SpooledValues(self._spool))
        self._cells = _Cells(self._columns[-1], depth, name)

    def _feed_cells(self, cells: _Cells, part: Part, mark: int, start: int) -> tuple[int, int]:
        """Take values up to the end of their array, or of what is there."""
        closing = part.end_of(cells.depth, mark)
        stop = len(part.marks) if closing is None else closing
        commas = part.commas(cells.depth, mark, stop)
        if closing is None:
            cells.add(part.text, start, len(part.text), commas)
            return stop, len(part.text)
        end = int(part.marks[closing])
        cells.add(part.text, start, end, commas)
        cells.close(part.text[end : end + 1])
        self._cells = None
        self._keys.pop()
        # what stands in their place
        self._keep(b"%d]" % (len(self._columns) - 1))
        return closing + 1, end + 1

    def _feed_text(self, text: _Text, part: Part, mark: int, start: int) -> tuple[int, int]:
        """Take a JSON-encoded string up to its end, or of what is there."""
        closing = part.end_of_text(mark)
        if closing is None:
            text.add(part.text[start:], is_end=False)
            return len(part.marks), len(part.text)
        end = int(part.marks[closing])
        text.add(part.text[start:end], is_end=True)
        self._text = None
        self._keep(b'"')
        return closing + 1, end + 1

    def _keep(self, text: bytes) -> None:
        self._rest += text
        if len(self._rest) > MAX_REST_BYTES:
            raise ApiError(
                f"The body is longer than {MAX_REST_BYTES:,} bytes without the values of columns.",
                status_code=413,
            )

    def _whole(self) -> bytes:
        if self._cells is not None or self._text is not None:
            raise bad_request("The body can't be read: it ends within the values of a column.")
        return bytes(self._rest)

    def _fill(self, data: Any, cols: Any) -> None:
        """Put the values where their places are."""
        by_name = data.get("cols") if isinstance(data, dict) else None
        found = [*by_name.values()] if isinstance(by_name, dict) else []
        for column in [*found, *(cols if isinstance(cols, list) else [])]:
            if isinstance(column, dict) and isinstance(column.get("data"), list):
                column["data"] = self._columns[column["data"][0]]


class _Cells:
    """An array of values, chunk by chunk.

    Parameters
    ----------
    values : SpooledValues
        Where they go.
    depth : int
        In how many arrays and objects they are, this one included.
    name : str
        What a user calls them.
    """

    def __init__(self, values: SpooledValues, depth: int, name: str) -> None:
        self.depth = depth
        self._values = values
        self._name = name
        self._begun = b""
        self._is_first = True
        self._texts: list[bytes] = []
        self._length = 0
        self._size = 0

    def add(self, text: bytes, start: int, end: int, commas: NDArray[np.intp]) -> None:
        """Take a part of the array, with the commas between values that are in it."""
        while len(commas):
            count = min(CHUNK_ROWS - self._length, len(commas))
            stop = int(commas[count - 1])
            self._take(self._begun + text[start:stop], count)
            self._begun = b""
            start, commas = stop + 1, commas[count:]
        self._begun += text[start:end]
        if len(self._begun) > MAX_CELL_BYTES:
            raise ApiError(
                f"A value of {self._name} is longer than {MAX_CELL_BYTES:,} bytes.", status_code=413
            )

    def close(self, bracket: bytes) -> None:
        """Take the last value, if there is any, before a bracket."""
        if bracket != b"]":
            raise bad_request(f"The body can't be read: {self._name} ends with {bracket!r}.")
        if self._begun.strip() or not self._is_first:
            self._take(self._begun, 1)
        if self._length:
            self._pack()

    def _take(self, text: bytes, count: int) -> None:
        try:
            values = json.loads(b"[" + text + b"]", max_depth=BODY_DEPTH - self.depth + 1)
            if len(values) != count:
                raise ValueError("a value is missing")  # noqa: TRY301 - as json says the like
        except ValueError as error:
            place = len(self._values) + self._length
            raise bad_request(
                f"The body can't be read: {self._name}, from value {place} on: {error}"
            ) from None
        self._is_first = False
        head = self._values.head
        head += preview(values[: PREVIEW_ROWS - len(head)])
        self._texts.append(json.dumps(values)[1:-1])
        self._length += count
        self._size += len(self._texts[-1])
        if self._size > MAX_CHUNK_BYTES:
            raise ApiError(
                f"{CHUNK_ROWS:,} values of {self._name} are longer than {MAX_CHUNK_BYTES:,} bytes.",
                status_code=413,
            )
        if self._length == CHUNK_ROWS:
            self._pack()

    def _pack(self) -> None:
        text = b"[" + b",".join(self._texts) + b"]"
        self._values.add(Chunk.of_json(text, self._length))
        self._texts, self._length, self._size = [], 0, 0


class _Text:
    """A JSON-encoded string in which there is JSON, as it comes."""

    def __init__(self, body: JsonBody, name: str) -> None:
        self._body = body
        self._name = name
        self._begun = b""

    def add(self, text: bytes, *, is_end: bool) -> None:
        """Take a part of the string, up to its last comma: no escape has one in it."""
        text = self._begun + text
        stop = len(text) if is_end else text.rfind(b",") + 1
        text, self._begun = text[:stop], text[stop:]
        if len(self._begun) > MAX_CELL_BYTES:
            raise ApiError(
                f"A value of {self._name} is longer than {MAX_CELL_BYTES:,} bytes.", status_code=413
            )
        try:
            plain = json.loads(b'"' + text + b'"')
        except ValueError as error:
            raise bad_request(f"The body can't be read: {self._name}: {error}") from None
        self._body.feed(plain.encode())

    def value(self) -> Any:
        """Read what was taken."""
        try:
            return self._body.value()
        except ValueError as error:
            name = self._name
            raise bad_request(f"{name} is a string that can't be read: {error}", name) from None


def _holds_values(path: list[str | None]) -> bool:
    """Tell whether an array has the values of a column."""
    match path:
        case ["data", "cols", str(), "data"] | ["cols", None, "data"]:
            return True
    return False


def _name_of(path: list[str | None]) -> str:
    return f"data.cols[{path[2]!r}]" if path[0] == "data" else "cols"


def _key(text: bytearray) -> str:
    try:
        key = json.loads(bytes(text))
    except ValueError as error:
        raise bad_request(f"The body can't be read: {error}") from None
    if not isinstance(key, str):
        raise bad_request(f"The body can't be read: {key!r} is no name.")
    return key
