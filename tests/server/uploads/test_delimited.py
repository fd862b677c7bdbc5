"""Delimited text as programs write it: encodings, dialects, headers, rows of any length."""

from __future__ import annotations

import pytest

NAMES = {"city": ["Köln", "Ærø"], "price": ["5 €", "7 €"]}


def text(delimiter: str = ",", end: str = "\n") -> str:
    rows = [NAMES, *zip(*NAMES.values(), strict=True)]
    return "".join(delimiter.join(row) + end for row in rows)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "utf-16-le-bom"]
)
def test_the_encoding_is_found(api, encoding):
    bom, _, _ = encoding.partition("-bom")
    content = text().encode(bom)
    if encoding.endswith("-bom"):
        content = b"\xff\xfe" + content
    answer = api.upload(content, "t.csv")
    assert api.table(answer["file"]["fid"]) == NAMES
    guessed = [warning for warning in answer["warnings"] if "UTF-8" in warning]
    assert bool(guessed) is (encoding == "cp1252")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Köln\n", "latin-1"),
        ("t [°C],µm\n5,6\n", "cp1252"),
        ("España,¿qué?\n", "cp1252"),
        ("Łódź,zażółć gęślą jaźń\n", "cp1250"),
        ("Příliš žluťoučký kůň\n", "cp1250"),
        ("Москва,5\nЕкатеринбург,6\n", "cp1251"),
        ("Москва,5\n", "koi8-r"),
        ("東京,大阪府\nひらがな\n", "shift_jis"),
        ("城市,价格\n北京市,5\n", "gb18030"),
    ],
)
def test_another_encoding_is_told_by_its_letters(api, content, encoding):
    header = "a,b\n" if "," in content else "a\n"
    answer = api.upload((header + content).encode(encoding), "t.csv")
    table = api.table(answer["file"]["fid"])
    assert table["a"][0] == content.replace("\n", ",").split(",")[0]
    assert "is not UTF-8" in answer["warnings"][0]


def test_a_late_letter_that_is_not_utf8_counts(api):
    content = b"a\n" + b"plain\n" * 300_000 + "Köln\n".encode("latin-1")
    answer = api.upload(content, "t.csv")
    assert answer["file"]["row_count"] == 300_001
    assert api.content(answer["file"]["fid"], start=300_000)["a"]["data"] == ["Köln"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_the_delimiter_is_found(api, delimiter):
    content = f"a{delimiter}b\n1{delimiter}x y\n2{delimiter}z\n"
    assert api.uploaded(content.encode(), "t.txt") == {"a": [1, 2], "b": ["x y", "z"]}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(api, end):
    assert api.uploaded(text(end=end).encode(), "t.csv") == NAMES
    quoted = f'a,b{end}1,"x{end}y"{end}'
    assert api.uploaded(quoted.encode(), "q.csv") == {"a": [1], "b": [f"x{end}y"]}


@pytest.mark.parametrize(
    ("content", "table"),
    [
        ("a;b\n1,5;x\n2,25;y\n", {"a": ["1,5", "2,25"], "b": ["x", "y"]}),
        ("sep=|\na|b\n1|2\n", {"a": [1], "b": [2]}),
        ("a, b\n1, x\n2, y z\n", {"a": [1, 2], "b": ["x", "y z"]}),
        ('a, b\n1, "x, y"\n2, "z"\n', {"a": [1, 2], "b": ["x, y", "z"]}),
        ("x   y  z\n1   2  3\n10  20 30\n", {"x": [1, 10], "y": [2, 20], "z": [3, 30]}),
        ('a,b\n1,"say ""hi"", you"\n', {"a": [1], "b": ['say "hi", you']}),
        ('a,b\n1,"say \\"hi\\", you"\n2,"x"\n', {"a": [1, 2], "b": ['say "hi", you', "x"]}),
        ("'a','b'\n'x, y','z'\n", {"a": ["x, y"], "b": ["z"]}),
        ("a,b\nC:\\x\\,1\nD:\\y\\,2\n", {"a": ["C:\\x\\", "D:\\y\\"], "b": [1, 2]}),
        ('"a,b"\n"1,2"\n"3,4"\n', {"a,b": ["1,2", "3,4"]}),
        ("Room temp\nBerlin 5 C\nParis 7 C\n", {"Room temp": ["Berlin 5 C", "Paris 7 C"]}),
        ("name\nAda Lovelace\nAlan Turing\n", {"name": ["Ada Lovelace", "Alan Turing"]}),
        ("when\n12:30\n13:45\n", {"when": ["12:30", "13:45"]}),
        ("n\n1\n2\n", {"n": [1, 2]}),
        ("a,b\n", {"a": [], "b": []}),
        ("a", {"a": []}),
        ("\n\na,b\n\n1,2\n\n", {"a": [1], "b": [2]}),
        ("a,,b\n1,2,3\n", {"a": [1], "Column 2": [2], "b": [3]}),
        ("a,b,\n1,2,\n3,4,\n", {"a": [1, 3], "b": [2, 4]}),
        ("a,a,a (2)\n1,2,3\n", {"a": [1], "a (3)": [2], "a (2)": [3]}),
        ("x,y\nr1,1,2\nr2,3,4\n", {"Column 1": ["r1", "r2"], "x": [1, 3], "y": [2, 4]}),
        ("a,b,c\n1\n2,3,4\n", {"a": [1, 2], "b": [None, 3], "c": [None, 4]}),
    ],
)
def test_what_programs_write_is_read_as_meant(api, content, table):
    assert api.uploaded(content.encode(), "t.csv") == table


def test_a_column_of_quoted_delimiters_is_no_reason_to_warn(api):
    assert api.upload(b'"a,b"\n"1,2"\n"3,4"\n', "t.csv")["warnings"] == []


def test_a_tsv_is_delimited_by_tabs_even_if_other_marks_are_as_even(api):
    assert api.uploaded(b"a,b\tc\n1,2\tx\n", "t.tsv") == {"a,b": ["1,2"], "c": ["x"]}


def test_what_does_not_fit_the_header_is_told(api):
    answer = api.upload(b"a,b\n1,2,3\n4\n", "t.csv")
    assert api.table(answer["file"]["fid"]) == {
        "a": [1, 4],
        "b": [2, None],
        "Column 3": [3, None],
    }
    assert len(answer["warnings"]) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(b'a,b\n"1,2\n3,4\n', "quote"), (b'a,b\n1,2\n"3" 4,5\n', "Line 3"), (b"sep=;\n", "no rows")],
)
def test_a_text_that_can_be_read_in_several_ways_is_refused(api, content, said):
    assert said in api.not_uploaded(content, "t.csv")


def test_a_column_that_changes_its_mind_after_many_rows_is_text_from_its_first(api):
    rows = [f"{n:05},{n},{n}\n" if n else "0,0,\n" for n in range(40_000)]
    rows[35_000] = "35000,n/a,35000\n"
    table = api.uploaded(("a,b,c\n" + "".join(rows)).encode(), "t.csv")
    assert table["a"][:2] == ["0", "00001"]
    assert table["b"][:2] == ["0", "1"]
    assert table["b"][35_000] == "n/a"
    assert table["c"] == [None, *range(1, 40_000)]


def test_a_word_that_makes_text_of_numbers_is_told(api):
    content = b"a,b,c,d\n1,2,NA,x\n,2,NA,NA\nNaN,2,NA,1\n2.5,null,NA,2\nnull,3,NA,3\n"
    answer = api.upload(content, "t.csv")
    assert api.table(answer["file"]["fid"])["a"] == ["1", None, "NaN", "2.5", "null"]
    first, second = answer["warnings"]
    assert "Column 'a' is text because of 'NaN' in row 3 below the header" in first
    assert "Column 'b' is text because of 'null' in row 4 below the header" in second


def test_a_late_word_among_many_numbers_is_told_with_its_row(api):
    rows = [f"{n},{n}\n" for n in range(40_000)]
    rows[35_000] = "NaN,text\n"
    answer = api.upload(("a,b\n" + "".join(rows)).encode(), "t.csv")
    (warning,) = answer["warnings"]
    assert "Column 'a' is text because of 'NaN' in row 35,001" in warning


def test_a_column_that_begins_after_many_rows_has_nulls_before(api):
    content = b"a,b\n" + b"1,x\n" * 20_000 + b"2,y,late\n"
    table = api.uploaded(content, "t.csv")
    assert table["Column 3"] == [None] * 20_000 + ["late"]
    assert table["a"][-1] == 2


@pytest.mark.parametrize(
    "rows",
    [
        ["wert", "1,5", "2,5"],
        ["price", "1,000", "2,500", "10,250"],
        ["name", "Smith, John", "Doe, Jane"],
        ["tags", "a;b", "c;d"],
        ["sentence", "Hello, world", "One, two, three", "Bye"],
        ["code", "1|2;3,4", "5|6;7,8"],
        ["Report of 2026", "region,q1,q2", "N,1,2", "S,3,4"],
    ],
)
@pytest.mark.parametrize("name", ["t.csv", "t.tsv"])
def test_what_divides_no_header_divides_no_row(api, rows, name):
    answer = api.upload("\n".join(rows).encode(), name)
    header, *values = rows
    assert api.table(answer["file"]["fid"]) == {header: values}
    [warning] = answer["warnings"]
    assert "first line" in warning


@pytest.mark.parametrize(
    "content",
    [
        '"mpg" "cyl"\n"Mazda RX4" 21 6\n"Datsun 710" 22.8 4\n',
        '"mpg","cyl"\n"Mazda RX4",21,6\n"Datsun 710",22.8,4\n',
        '"mpg"\t"cyl"\n"Mazda RX4"\t21\t6\n"Datsun 710"\t22.8\t4\n',
    ],
)
def test_the_names_of_rows_that_r_writes_are_a_column_and_told(api, content):
    answer = api.upload(content.encode(), "t.txt")
    assert api.table(answer["file"]["fid"]) == {
        "Column 1": ["Mazda RX4", "Datsun 710"],
        "mpg": [21, 22.8],
        "cyl": [6, 4],
    }
    [warning] = answer["warnings"]
    assert "row's name" in warning


@pytest.mark.parametrize("delimiter", [",", " ", "\t"])
def test_a_single_column_that_r_writes_keeps_the_names_of_its_rows(api, delimiter):
    content = f'"x"\n"1"{delimiter}5\n"2"{delimiter}7\n'
    table = api.uploaded(content.encode(), "t.csv")
    assert list(table.values())[1:] == [[5, 7]]
    assert list(table) == ["Column 1", "x"]


def test_names_stay_where_they_are_if_rows_only_end_with_a_delimiter(api):
    answer = api.upload(b"a,b\n1,2,ok\n3,4,\n", "t.csv")
    table = {"a": [1, 3], "b": [2, 4], "Column 3": ["ok", None]}
    assert api.table(answer["file"]["fid"]) == table
    assert len(answer["warnings"]) == 1


def test_a_title_above_the_header_is_told(api):
    answer = api.upload(b"Sales 2026,,\n,,\nregion,q1,q2\nN,1,2\n", "t.csv")
    [warning] = answer["warnings"]
    assert "title" in warning


@pytest.mark.parametrize("content", ["Report, 2024\na;b;c\n1;2;3\n4;5;6\n", "# a, b\nx\ty\n1\t2\n"])
def test_a_title_with_a_delimiter_of_its_own_is_told(api, content):
    answer = api.upload(content.encode(), "t.csv")
    assert any("title" in warning for warning in answer["warnings"])
    assert all(None not in values for values in api.table(answer["file"]["fid"]).values())


def test_the_names_of_rows_that_r_writes_stay_names_where_the_last_cells_are_empty(api):
    table = api.uploaded(b'"a","b"\n"r1",1,\n"r2",2,"x"\n', "t.csv")
    assert table == {"Column 1": ["r1", "r2"], "a": [1, 2], "b": [None, "x"]}
