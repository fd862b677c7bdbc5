"""What a file of each format becomes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import zipfile

import openpyxl
import pandas as pd
import pytest
import xlwt

from .conftest import PATH, archive

FRAME = pd.DataFrame(
    {
        "city": ["Köln", None, "Oslo"],
        "count": [1, 2, 3],
        "share": [0.5, 1.25, None],
        "open": [True, False, True],
        "when": pd.to_datetime(
            ["2026-01-02", "2026-01-02 03:04:05", "2026-01-02 03:04:05.25"], format="ISO8601"
        ),
    }
)
VALUES = {
    "city": ["Köln", None, "Oslo"],
    "count": [1, 2, 3],
    "share": [0.5, 1.25, None],
    "open": [True, False, True],
    "when": ["2026-01-02T00:00:00", "2026-01-02T03:04:05", "2026-01-02T03:04:05.250000"],
}
CSV = b"a,b\n1,x\n2,y\n"
TABLE = {"a": [1, 2], "b": ["x", "y"]}


def saved(write) -> bytes:
    """Give what a function writes into a binary file."""
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def workbook(**sheets: list[list]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", b"a,b\n1,x\n2,y\n"),
        ("t.tsv", b"a\tb\n1\tx\n2\ty\n"),
        ("t.txt", b"a b\n1 x\n2 y\n"),
        ("t.json", b'{"a": [1, 2], "b": ["x", "y"]}'),
        ("t.jsonl", b'{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n'),
        ("t.xlsx", saved(workbook(s=[["a", "b"], [1, "x"], [2, "y"]]).save)),
        ("t.parquet", pd.DataFrame(TABLE).to_parquet()),
        ("t.zip", archive(**{"t.csv": CSV})),
    ],
)
def test_one_table_becomes_a_grid_named_as_the_file(api, name, content):
    answer = api.upload(content, name)
    file = answer["file"]
    assert file["filename"] == name
    assert file["filetype"] == "grid"
    assert file["row_count"] == 2
    assert [column["name"] for column in file["cols"]] == ["a", "b"]
    assert file["preview"] == {"a": ["1", "2"], "b": ["x", "y"]}
    assert file["world_readable"] is False
    assert answer["warnings"] == []
    assert api.table(file["fid"]) == TABLE
    assert api.content(file["fid"], start=1, stop=2)["b"]["data"] == ["y"]


@pytest.mark.parametrize("engine", ["xlsx", "ods"])
def test_a_sheet_keeps_numbers_booleans_and_moments(api, engine):
    content = saved(
        lambda buffer: FRAME.to_excel(
            buffer, index=False, engine={"xlsx": "openpyxl", "ods": "odf"}[engine]
        )
    )
    assert api.uploaded(content, f"t.{engine}") == VALUES


def test_an_xls_keeps_numbers_booleans_and_moments(api):
    book = xlwt.Workbook()
    sheet = book.add_sheet("one")
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, values in enumerate(
        [["n", "f", "t", "b", "d"], [1, 1.5, "é", True, dt.datetime(2026, 1, 2, 12)]]
    ):
        for column, value in enumerate(values):
            style = [date] if isinstance(value, dt.datetime) else []
            sheet.write(row, column, value, *style)
    table = {"n": [1], "f": [1.5], "t": ["é"], "b": [True], "d": ["2026-01-02T12:00:00"]}
    assert api.uploaded(saved(book.save), "t.xls") == table


def test_a_parquet_file_keeps_its_values(api):
    assert api.uploaded(FRAME.to_parquet(), "t.parquet") == VALUES


def test_a_parquet_file_keeps_large_integers_beside_nulls_and_its_index(api):
    frame = pd.DataFrame(
        {"n": pd.array([2**53 + 1, None, -5], dtype="Int64"), "l": [[1, 2], [], None]},
        index=["p", "q", "r"],
    )
    table = {"n": [2**53 + 1, None, -5], "l": [[1, 2], [], None], "index": ["p", "q", "r"]}
    assert api.uploaded(frame.to_parquet()) == table


def test_a_parquet_file_of_many_row_groups_is_one_grid(api):
    frame = pd.DataFrame({"n": range(40_000), "t": [f"row {n}" for n in range(40_000)]})
    content = frame.to_parquet(row_group_size=7_001)
    assert api.uploaded(content) == frame.to_dict("list")


def test_bytes_in_a_parquet_file_are_refused_by_their_column(api):
    assert "'raw'" in api.not_uploaded(pd.DataFrame({"raw": [b"\xff"]}).to_parquet(), "t.parquet")


def test_a_workbook_of_several_sheets_becomes_a_folder_of_grids(api):
    book = workbook(first=[["a"], [1]], second=[["b"], ["x"]], blank=[], hidden=[["c"], [3]])
    book["hidden"].sheet_state = "hidden"
    answer = api.upload(saved(book.save), "book.xlsx")
    folder = answer["file"]
    assert (folder["filetype"], folder["filename"]) == ("fold", "book.xlsx")
    assert "cols" not in folder
    inside = api.names(folder["fid"])
    assert set(inside) == {"first", "second"}
    assert api.table(inside["first"]["fid"]) == {"a": [1]}
    assert api.table(inside["second"]["fid"]) == {"b": ["x"]}
    assert len(answer["warnings"]) == 2
    assert "'blank'" in answer["warnings"][0]
    assert "'hidden'" in answer["warnings"][1]


def test_cells_without_a_value_or_with_an_error_are_null(api):
    rows = [["a", None, "a", 2026], [1, 2, "#DIV/0!", None], [None, None, 3.5, "007"]]
    book = workbook(s=rows)
    book["s"]["C2"].data_type = "e"
    answer = api.upload(saved(book.save), "t.xlsx")
    assert api.table(answer["file"]["fid"]) == {
        "a": [1, None],
        "Column 2": [2, None],
        "a (2)": [None, 3.5],
        "2026": [None, "007"],
    }
    assert "'a (2)'" in answer["warnings"][0]


def test_a_table_may_begin_anywhere_in_its_sheet(api):
    book = workbook(s=[])
    for cell, value in {"C5": "a", "D5": "b", "C6": 1, "D7": "x"}.items():
        book["s"][cell] = value
    assert api.uploaded(saved(book.save), "t.xlsx") == {"a": [1, None], "b": [None, "x"]}


def test_times_and_durations_of_a_sheet_are_text(api):
    book = workbook(s=[["t", "d"], [dt.time(3, 4), dt.timedelta(hours=30)]])
    book["s"]["B2"].number_format = "[h]:mm:ss"
    assert api.uploaded(saved(book.save)) == {"t": ["03:04:00"], "d": ["P1DT6H0M0S"]}


def test_an_archive_of_several_files_becomes_folders_of_grids(api):
    book = saved(workbook(p=[["a"], [1]], q=[["a"], [2]]).save)
    content = archive(
        **{
            "data/2025/sales.csv": CSV,
            "data/2026/sales.csv": CSV,
            "data/all.json": b'[{"a": 1}]',
            "data/book.xlsx": book,
            "data/notes.md": b"# Notes",
            "data/image.png": b"\x89PNG\r\n\x1a\n",
            "data/nothing.csv": b"",
            "__MACOSX/data/._all.json": b"\0\0",
            "data/.DS_Store": b"\0\0",
        }
    )
    answer = api.upload(content, "all.zip")
    top = api.names(answer["file"]["fid"])
    assert set(top) == {"2025", "2026", "all.json", "book.xlsx"}
    assert set(api.names(top["2025"]["fid"])) == {"sales.csv"}
    assert set(api.names(top["book.xlsx"]["fid"])) == {"p", "q"}
    sales = api.names(top["2026"]["fid"])["sales.csv"]
    assert api.table(sales["fid"]) == TABLE
    left_out = " ".join(answer["warnings"])
    assert len(answer["warnings"]) == 3
    assert all(name in left_out for name in ("notes.md", "image.png", "nothing.csv"))


def test_names_in_an_archive_are_made_to_fit(api):
    content = archive(**{"x" * 120 + ".csv": CSV, "x" * 130 + ".csv": CSV, "b.csv": CSV})
    answer = api.upload(content, "all.zip")
    names = set(api.names(answer["file"]["fid"]))
    assert names == {"x" * 100, "x" * 96 + " (2)", "b.csv"}
    assert len(answer["warnings"]) == 2


def test_members_with_the_same_path_are_both_kept(api):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("d/a.csv", "n\n1\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("d/a.csv", "n\n2\n")
    inside = api.names(api.upload(buffer.getvalue(), "all.zip")["file"]["fid"])
    assert {name: api.table(file["fid"]) for name, file in inside.items()} == {
        "a.csv": {"n": [1]},
        "a.csv (2)": {"n": [2]},
    }


@pytest.mark.parametrize(
    "content",
    [
        {"cols": {"b": {"data": ["x", "y"], "order": 1}, "a": {"data": [1, 2], "order": 0}}},
        {"data": {"cols": {"a": {"data": [1, 2]}, "b": {"data": ["x", "y"]}}}, "filename": "f"},
        {"cols": [{"name": "a", "data": [1, 2]}, {"name": "b", "data": ["x", "y"]}]},
        [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}],
        {"a": [1, 2], "b": ["x", "y"]},
        [["a", "b"], [1, "x"], [2, "y"]],
        *(json.loads(pd.DataFrame(TABLE).to_json(orient=form)) for form in ("split", "table")),
        json.loads(pd.DataFrame(TABLE).to_json()),
    ],
)
def test_each_form_of_json_is_the_same_table(api, content):
    table = api.uploaded(json.dumps(content).encode(), "t.json")
    table.pop("index", None)  # the table form always has it
    assert table == TABLE


def test_json_keeps_values_of_any_type_and_fills_records_up(api):
    records = [{"n": 2**70, "x": [1, {"y": None}]}, {"x": "t", "z": 0.1}, {"n": True}]
    assert api.uploaded(json.dumps(records).encode(), "t.json") == {
        "n": [2**70, None, True],
        "x": [[1, {"y": None}], "t", None],
        "z": [None, 0.1, None],
    }


def test_columns_of_json_may_differ_in_length(api):
    assert api.uploaded(b'{"a": [1, 2, 3], "b": []}') == {"a": [1, 2, 3], "b": []}


def test_the_labels_of_a_frame_in_json_are_kept_as_a_column(api):
    frame = pd.DataFrame({"a": [1, 2]}, index=["p", "q"])
    for form in ("split", "columns"):
        table = api.uploaded(frame.to_json(orient=form).encode(), f"{form}.json")
        assert table == {"index": ["p", "q"], "a": [1, 2]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": 1}', "no table"),
        (b"[1, 2]", "no table"),
        (b"{}", "no table"),
        (b"[]", "no table"),
        (b'{"a": [1, 2}', "not valid JSON"),
        (b'{"a": 1}\n{"a": }\n', "Line 2"),
        (b"a,b\n1,2\n", "not valid JSON"),
    ],
)
def test_json_without_a_table_is_refused_with_the_reason(api, content, said):
    assert said in api.not_uploaded(content, "t.json")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.xlsx", CSV),
        ("t.parquet", CSV),
        ("t.zip", CSV),
        ("t.csv", saved(workbook(s=[["a", "b"], [1, "x"], [2, "y"]]).save)),
        ("t.json", pd.DataFrame(TABLE).to_parquet()),
        ("t.csv", json.dumps(TABLE).encode()),
        ("t.parquet", archive(**{"inside.csv": CSV})),
        ("noextension", CSV),
        (None, CSV),
    ],
)
def test_what_a_file_holds_counts_for_more_than_its_name(api, name, content):
    assert api.uploaded(content, name) == TABLE


def test_a_text_that_only_begins_like_json_is_delimited(api):
    assert api.uploaded(b"[a],[b]\n1,x\n2,y\n", "t.csv") == {"[a]": [1, 2], "[b]": ["x", "y"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"%PDF-1.7 ", "PDF"),
        (b"<!DOCTYPE html><table><tr><td>1", "HTML"),
        (b"\x00\x01\x02\x03", "neither text"),
        (archive(), "no table"),
        (archive(**{"readme.md": b"# x"}), "readme.md"),
        (saved(workbook(s=[], t=[]).save), "no table"),
        (saved(workbook(s=[["a"], [1]]).save)[:2000], "damaged"),
        (pd.DataFrame(TABLE).to_parquet()[:-20], "parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(api, content, said):
    assert said in api.not_uploaded(content, "t.csv")
    assert api.names() == {}


@pytest.mark.parametrize(
    "content",
    [
        saved(workbook(s=[["a", "b"], [1, "x"]], t=[["c"], [2]]).save),
        saved(lambda buffer: FRAME.to_excel(buffer, engine="odf")),
        FRAME.to_parquet(),
        archive(**{"t.csv": CSV, "u.json": b'{"a": [1]}'}),
        json.dumps({"cols": {"a": {"data": [1], "order": 0}}}).encode(),
    ],
    ids=["xlsx", "ods", "parquet", "zip", "json"],
)
def test_a_damaged_file_is_read_or_refused_but_never_fails_the_server(api, content):
    chance = random.Random(len(content))
    for _ in range(6):
        damaged = bytearray(content)
        for _ in range(chance.choice([1, 10])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = chance.choice([len(damaged), chance.randrange(1, len(damaged))])
        answer = api.post(PATH, data=bytes(damaged[:cut]))
        assert answer.status_code in {201, 400}


def test_a_csv_may_come_from_csv_download(api):
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b"], [1, "x"], [2, "y"]])
    fid = api.upload(text.getvalue().encode(), "t.csv")["file"]["fid"]
    again = api.expect(200, "GET", f"/v2/grids/{fid}/content", headers={"Accept": "text/csv"})
    assert api.uploaded(again.content, "again.csv") == TABLE


@pytest.mark.parametrize(
    "content",
    ['{"a": [1], "a": [2]}', '[{"a": 1, "b": 2, "b": 3}]', '{"a": 1}\n{"a": 2, "a": 3}\n'],
)
def test_a_name_that_is_twice_in_an_object_of_json_is_refused(api, content):
    assert "twice in one object" in api.not_uploaded(content.encode(), "t.json")


def test_an_integer_that_is_too_long_for_json_is_refused_without_advice_on_python(api):
    said = api.not_uploaded(b'{"a": [' + b"9" * 5_000 + b"]}", "t.json")
    assert "5,000 digits" in said
    assert "sys." not in said


def test_a_column_of_formulas_that_nobody_has_calculated_is_told(api):
    book = workbook(s=[["n", "twice"], [1, "=A2*2"], [2, "=A3*2"]])
    answer = api.upload(saved(book.save), "t.xlsx")
    assert api.table(answer["file"]["fid"]) == {"n": [1, 2], "twice": [None, None]}
    [warning] = answer["warnings"]
    assert "'twice'" in warning
    assert "formulas" in warning


def test_a_name_with_a_nul_is_made_to_fit_and_told(api):
    answer = api.upload(json.dumps({"a\0b": [1], "a\ufffdb": ["x\0"]}).encode(), "t.json")
    table = {"a\ufffdb": [1], "a\ufffdb (2)": ["x\0"]}
    assert api.table(answer["file"]["fid"]) == table
    assert repr("a\0b") in answer["warnings"][0]


@pytest.mark.parametrize("name", ["broken.xlsx", "t.parquet", "b.xls", "c.ods", "z.zip"])
@pytest.mark.parametrize("content", [b"not excel", b"hello\nworld\n"])
def test_words_that_are_named_as_a_workbook_are_refused(api, name, content):
    assert name.rpartition(".")[2] in api.not_uploaded(content, name)
    assert api.names() == {}


@pytest.mark.parametrize("content", [CSV, b'[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]'])
def test_a_text_that_is_named_as_a_workbook_is_read_and_told(api, content):
    answer = api.upload(content, "t.xlsx")
    assert api.table(answer["file"]["fid"]) == TABLE
    [warning] = answer["warnings"]
    assert "no xlsx" in warning
