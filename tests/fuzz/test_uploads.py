"""Files that are changed anywhere and uploaded: a grid, a folder of grids, or a refusal."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from .changes import changed_bytes, examples
from .test_requests import headers_of

pytestmark = pytest.mark.fuzz

FRAME = pd.DataFrame(
    {
        "day": ["mon", "tue", "wed"],
        "n": [1, 2, 3],
        "f": [0.5, None, 1e300],
        "b": [True, False, True],
    }
)


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in [["day", "n"], ["mon", 1], ["tue", "=1+1"], [None, True]]:
        book.active.append(row)
    book.create_sheet("second").append(["x", 1.5])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for row, cells in enumerate([["day", "n"], ["mon", 1], ["tue", 2.5]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods() -> bytes:
    buffer = io.BytesIO()
    FRAME.to_excel(buffer, engine="odf", index=False)
    return buffer.getvalue()


def packed(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def parquets(compression: str) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_pandas(FRAME), sink, compression=compression)
    return sink.getvalue()


CSV = FRAME.to_csv(index=False).encode()
JSON = json.dumps({"cols": {"x": {"data": [1, None, "a"], "order": 0}}}).encode()
SAMPLES = {
    "csv": [
        CSV,
        CSV.decode().encode("utf-16"),
        "größe;maß\n1,5;2\n".encode("cp1252"),
        b'a,"b\n""c"""\n1,\n,2\n',
        b"\xef\xbb\xbfa\tb\r1\t2\r",
        b"",
        b"\0" * 100,
        b'"' * 1_000,
    ],
    "tsv": [FRAME.to_csv(index=False, sep="\t").encode()],
    "xlsx": [xlsx()],
    "xls": [xls()],
    "ods": [ods()],
    "parquet": [parquets("snappy"), parquets("zstd"), parquets("none")],
    "zip": [
        packed({"a.csv": CSV, "b/c.json": JSON}),
        packed({"a.csv": CSV}, zipfile.ZIP_STORED),
        packed({"../../x.csv": CSV, "/abs.csv": CSV, "a\\b.csv": CSV, "..": CSV}),
        packed({"in.zip": packed({"a.csv": CSV})}),
    ],
    "json": [
        JSON,
        FRAME.to_json(orient="records").encode(),
        FRAME.to_json(orient="split").encode(),
        b'{"x": [1, 2], "y": ["a", null]}',
        b"[[1, 2], [3, 4]]",
    ],
}
NAMES = [
    None,
    "file",
    "a.csv",
    "../../etc/passwd",
    "..",
    "C:\\a\\b.csv",
    "x" * 300 + ".csv",
    "%00.csv",
    "%E2%80%AE.xlsx",
    "%ff.csv",
    "%2e%2e%2fx.zip",
    "CON",
    '"; filename=x',
]


@pytest.mark.parametrize("kind", SAMPLES)
@examples(0.35)
@given(data=st.data())
def test_no_file_breaks_it(server, kind, data):
    body = data.draw(changed_bytes(SAMPLES[kind]))
    name = data.draw(st.just(f"t.{kind}") | st.sampled_from(NAMES))
    headers = headers_of(server.api) | ({"X-File-Name": name} if name else {})
    response = server.send("POST", "/v2/grids/upload", data=body, headers=headers)
    taken(server, response)


ONE_FILE = (
    b'--b\r\nContent-Disposition: form-data; name="files[]"; filename="a.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\na,b\n1,2\n\r\n--b\r\n"
    b'Content-Disposition: form-data; name="world_readable"\r\n\r\ntrue\r\n--b--\r\n'
)
IN_A_FOLDER = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n" + CSV + b"\r\n--b\r\n"
    b'Content-Disposition: form-data; name="parent_path"\r\n\r\nx/y\r\n--b--\r\n'
)


@examples(1)
@given(
    changed_bytes([ONE_FILE, IN_A_FOLDER]),
    st.sampled_from(["b", "b", "b", '"b"', "c", "", "b;x=y"]),
)
def test_no_form_of_a_file_breaks_it(server, body, boundary):
    kind = f"multipart/form-data; boundary={boundary}"
    headers = headers_of(server.api) | {"Content-Type": kind}
    taken(server, server.send("POST", "/v2/grids/upload", data=body, headers=headers))


def taken(server, response):
    """Read what was taken, and remove it."""
    if response.status_code != 201:
        return
    file = response.json()["file"]
    if file["filetype"] == "grid":
        path = f"/v2/grids/{file['fid']}/content"
        assert server.send("GET", path, headers=headers_of(server.api)).status_code == 200
    server.send("DELETE", f"/v2/files/{file['fid']}", headers=headers_of(server.api))
