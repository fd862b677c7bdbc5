"""Files that are small and hold much, or are made to do harm in other ways."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import openpyxl
import pyarrow as pa
from pyarrow import parquet

from .conftest import archive

MEGABYTE = 2**20

_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)
_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="s">
<table:table-row table:number-rows-repeated="1048576">
<table:table-cell table:number-columns-repeated="16384" office:value-type="float"
 office:value="1"><text:p>1</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def far_cell(row: int = 1_048_576) -> bytes:
    """Make a workbook of the first and the last cell that there can be (in a row)."""
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.active[f"XFD{row}"] = 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _with_sheet(xml: bytes) -> dict[str, bytes]:
    """Take a workbook's members, with another sheet."""
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as file:
        members = {name: file.read(name) for name in file.namelist()}
    return members | {"xl/worksheets/sheet1.xml": xml}


def entities() -> bytes:
    """Make a workbook whose sheet is an XML entity that grows to a thousand million."""
    declared = '<!ENTITY a0 "0000000000">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    row = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData>'
    sheet = f"<!DOCTYPE x [{declared}]>" + _SHEET.format(row)
    return archive(**_with_sheet(sheet.encode()))


def repeated_cells() -> bytes:
    """Make an ods of one cell that is said to be repeated over a whole sheet."""
    return archive(
        **{
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b'<?xml version="1.0"?><manifest:manifest xmlns:manifest='
            b'"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "content.xml": _CONTENT.encode(),
        }
    )


def packed(name: str, start: bytes, megabytes: int, *, declared: int | None = None) -> bytes:
    """Zip a member of many zeros, without writing them; its declared size may be a lie."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = squeeze.compress(start) + squeeze.flush(zlib.Z_FULL_FLUSH)
    # after a full flush each block stands by itself, and can be repeated
    block = squeeze.compress(b"0" * MEGABYTE) + squeeze.flush(zlib.Z_FULL_FLUSH)
    data = head + block * megabytes + squeeze.flush(zlib.Z_FINISH)
    size = len(start) + megabytes * MEGABYTE if declared is None else declared
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for other, content in (_with_sheet(b"") if name.startswith("xl/") else {}).items():
            if other != name:
                file.writestr(other, content)
        offset = buffer.tell()
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.header_offset, info.CRC = offset, 0
        info.compress_size, info.file_size = len(data), size
        buffer.write(info.FileHeader() + data)
        file.filelist.append(info)
        file.NameToInfo[name] = info
        file.start_dir = buffer.tell()
        file._didModify = True
    return buffer.getvalue()


def overlapping() -> bytes:
    """Make an archive whose thousand members are all the same bytes."""
    one = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, 0, 0, 0, 7, 0) + b"000.csv"
    data = zlib.compress(b"a\n" + b"1\n" * MEGABYTE, 9)[2:-4]
    entry = struct.Struct("<4sHHHHHHIIIHHHHHII")
    crc = zlib.crc32(b"a\n" + b"1\n" * MEGABYTE)
    size = 2 + 2 * MEGABYTE
    directory = b"".join(
        entry.pack(*(b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(data), size, 7, 0, 0, 0, 0, 0, 0))
        + f"{number:03}.csv".encode()
        for number in range(1000)
    )
    body = one + data
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), len(body), 0)
    return body + directory + end


def encrypted() -> bytes:
    """Make an archive that says that it is encrypted."""
    content = bytearray(archive(**{"a.csv": b"a\n1\n"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def many_rows() -> bytes:
    """Make a parquet file of more than a hundred million rows, all the same."""
    buffer = io.BytesIO()
    group = pa.table({"a": pa.array([0], pa.int8()).take(pa.array([0] * MEGABYTE))})
    with parquet.ParquetWriter(buffer, group.schema) as writer:
        for _ in range(96):
            writer.write_table(group)
    return buffer.getvalue()


def many_columns() -> bytes:
    """Make a csv of two million columns with the same name."""
    return b",".join([b"abc"] * 2_000_000) + b"\n"


def open_quote() -> bytes:
    """Make a csv whose first quote is never closed."""
    return b'a,b\n"1,2\n' + b"3,4\n" * 5_000_000


def deep_json() -> bytes:
    """Make JSON of lists within lists."""
    return b"[" * 200_000 + b"]" * 200_000


def long_values() -> bytes:
    """Make a parquet file of a value that is long and written once, in many rows."""
    values = pa.array(["x" * 50_000]).dictionary_encode().take(pa.array([0] * 2_100))
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"a": values}), buffer)
    return buffer.getvalue()


def wide_tables() -> bytes:
    """Zip five tables that are each as wide as may be."""
    header = ",".join(f"c{number}" for number in range(16_384)).encode()
    return archive(**{f"{number}.csv": header for number in range(5)})
