"""What a DataFrame goes through: pushed as a grid, updated in place, appended to, pulled.

All of it by Arrow streams, and by JSON where a server knows nothing of them.
"""

from __future__ import annotations

import io
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from plotly_nbext import NotFoundError, ValidationError
from plotly_nbext.client import Client, Grid
from plotly_nbext.columns import encode_frame


@pytest.fixture(params=["arrow", "json"])
def client(request, server, json_server) -> Client:
    name = f"user-{secrets.token_hex(4)}"
    if request.param == "json":
        return json_server(name)
    return server.client(name, server.add_user(name))


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]),
            "region": pd.Categorical(["north", "south", "north"]),
            "total": [1.5, np.nan, np.inf],
            "count": pd.array([1, None, 2**62], dtype="Int64"),
        }
    )


def uids(grid: Grid) -> dict[str, str]:
    return {column.name: column.uid for column in grid.columns}


def test_a_pulled_frame_equals_the_pushed_one(client: Client, frame):
    grid = client.push(frame, "sales/2026")
    assert repr(grid) == "Grid('sales/2026', 3 rows × 4 columns)"
    for reference in (grid, grid.fid, "sales/2026", "/sales/2026"):
        assert_frame_equal(client.pull(reference), frame)


def test_a_named_index_and_labels_that_are_no_strings_come_back(client: Client):
    frame = pd.DataFrame(
        {("a", 1): [1, 2], ("a", 2): [3, 4]}, index=pd.Index(["x", "y"], name="who")
    )
    assert_frame_equal(client.push(frame, "wide").to_frame(), frame)


N = 20_000
ROWS = np.arange(N)
OF_EVERY_TYPE = {
    "int8": (ROWS % 100).astype("int8"),
    "uint64": ROWS.astype("uint64") + 2**63,
    "float16": (ROWS % 7).astype("float16"),
    "float32": (ROWS / 10).astype("float32"),
    "float64": np.where(ROWS % 5, ROWS / 3, np.nan),
    "inf": np.where(ROWS % 5000, ROWS, -np.inf),
    "bool": ROWS % 2 == 0,
    "Int64": pd.array(np.where(ROWS % 3, ROWS + 2**53, None), dtype="Int64"),
    "boolean": pd.array(np.where(ROWS % 3, ROWS % 2 == 0, None), dtype="boolean"),
    "Float32": pd.array(np.where(ROWS % 3, ROWS / 10, None), dtype="Float32"),
    "str": pd.Series(np.where(ROWS % 3, "émoji 😀 \0", None), dtype="str"),
    "string": pd.Series(np.where(ROWS % 3, "", None), dtype="string"),
    "object": pd.Series([None if n % 3 else f"{n}" if n % 2 else n for n in ROWS], dtype=object),
    "nested": pd.Series([[int(n), {"a": None}] for n in ROWS], dtype=object),
    "big": pd.Series([2**70 + int(n) for n in ROWS], dtype=object),
    "decimal": pd.Series([Decimal(int(n)) / 8 for n in ROWS], dtype=object),
    "date": pd.Series([date(2026, 1, 1 + int(n) % 28) for n in ROWS], dtype=object),
    "seconds": pd.Series(ROWS.astype("datetime64[s]")),
    "micro": pd.Series(np.where(ROWS % 3, ROWS * 1001, None)).astype("datetime64[us]"),
    "nano": pd.Series(ROWS * 1_000_003).astype("datetime64[ns]"),
    "zone": pd.Series(ROWS.astype("datetime64[s]"))
    .dt.tz_localize("UTC")
    .dt.tz_convert("Asia/Tokyo"),
    "delta": pd.Series(ROWS * 1001).astype("timedelta64[us]"),
    "period": pd.Series(pd.period_range("2000-01-01", periods=N, freq="D")),
    "category": pd.Categorical(np.where(ROWS % 3, "a", "b"), categories=["b", "a"], ordered=True),
    "sparse": pd.arrays.SparseArray(np.where(ROWS % 9, 0, 5)),
    "arrow int": pd.array(ROWS % 100, dtype="int16[pyarrow]"),
    "arrow text": pd.array(np.where(ROWS % 3, "a", None), dtype="large_string[pyarrow]"),
    "arrow time": pd.array(ROWS, dtype="timestamp[ms, tz=UTC][pyarrow]"),
    "nothing": pd.Series([None] * N, dtype=object),
}


@pytest.mark.parametrize("name", OF_EVERY_TYPE)
def test_a_column_of_any_type_comes_back_as_it_went(client: Client, name):
    frame = pd.DataFrame({name: OF_EVERY_TYPE[name]})
    assert_frame_equal(client.pull(client.push(frame, "types")), frame)


def test_columns_of_all_types_come_back_together_and_in_parts(client: Client):
    frame = pd.DataFrame(OF_EVERY_TYPE)
    grid = client.push(frame.head(16_390), "all")
    grid.append(frame.tail(N - 16_390))
    assert_frame_equal(client.pull("all"), frame)
    assert_frame_equal(grid.head(100), frame.head(100))
    assert not grid.diff(frame)


def test_replace_updates_in_place_so_references_survive(client: Client, frame):
    first = client.push(frame, "sales", metadata={"source": "shop"})
    before = uids(first)
    changed = frame.drop(columns="region").assign(total=[7.0, 8.0, 9.0], year=2026)
    changed = changed[["year", "total", "count", "month"]].head(2)
    second = client.push(changed, "sales")
    assert second.fid == first.fid
    after = uids(second)
    assert list(after) == ["year", "total", "count", "month"]
    assert {name: after[name] for name in ("total", "count", "month")} == {
        name: before[name] for name in ("total", "count", "month")
    }
    assert_frame_equal(second.to_frame(), changed)
    assert second.metadata == {"source": "shop"}
    assert second.row_count == 2


def test_create_refuses_a_name_that_is_taken_and_leaves_the_grid_alone(client: Client, frame):
    client.push(frame, "sales", mode="create")
    with pytest.raises(ValidationError, match=r"(?s)'sales' already.*mode='replace'") as refused:
        client.push(frame.head(1), "sales", mode="create")
    assert refused.value.field == "name"
    assert_frame_equal(client.pull("sales"), frame)


def test_append_adds_rows_in_any_column_order(client: Client, frame):
    client.push(frame, "sales")
    more = frame.iloc[1:][["total", "region", "count", "month"]]
    grid = client.push(more, "sales", mode="append")
    assert grid.row_count == 5
    expected = pd.concat([frame, more[frame.columns]], ignore_index=True)
    assert_frame_equal(grid.to_frame(), expected)


def test_append_attaches_facts_and_publishes_as_it_is_told(client: Client, frame):
    client.push(frame, "sales", metadata={"by": "me"})
    grid = client.push(frame, "sales", mode="append")
    assert (grid.metadata, grid.world_readable) == ({"by": "me"}, False)
    client.push(frame, "sales", mode="append", metadata={"of": 2026}, world_readable=True)
    found = client.grid("sales")
    assert (found.metadata, found.world_readable, found.row_count) == ({"of": 2026}, True, 9)
    assert_frame_equal(found.to_frame(), pd.concat([frame] * 3, ignore_index=True))


def test_append_makes_the_grid_when_there_is_none(client: Client, frame):
    assert_frame_equal(client.push(frame, "new", mode="append").to_frame(), frame)


def test_append_of_floats_to_integers_gives_what_pandas_gives(client: Client):
    grid = client.push(pd.DataFrame({"n": [1, 2]}), "numbers")
    grid.append(pd.DataFrame({"n": [2.5, np.nan]}))
    assert_frame_equal(grid.to_frame(), pd.DataFrame({"n": [1, 2, 2.5, np.nan]}))


def test_append_to_a_grid_with_an_index_keeps_it(client: Client):
    frame = pd.DataFrame({"pop": [1, 2]}, index=pd.Index([2002, 2007], name="year"))
    grid = client.push(frame, "by year")
    more = pd.DataFrame({"pop": [3]}, index=pd.Index([2012], name="year"))
    assert_frame_equal(grid.append(more).to_frame(), pd.concat([frame, more]))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda frame: frame.drop(columns="total"), "lacks column 'total'"),
        (lambda frame: frame.assign(more=1), "has column 'more' that the grid lacks"),
        (lambda frame: frame.assign(month=["a", "b", "c"]), "month"),
    ],
)
def test_append_of_a_frame_that_does_not_fit_is_refused_by_column(
    client: Client, frame, change, named
):
    grid = client.push(frame, "sales")
    with pytest.raises(ValidationError, match=named):
        grid.append(change(frame))
    assert_frame_equal(grid.refresh().to_frame(), frame)


def test_a_value_that_cannot_be_kept_is_refused_before_anything_is_written(client: Client):
    with pytest.raises(ValidationError, match="'raw'"):
        client.push(pd.DataFrame({"raw": [b"bytes"]}), "refused")
    with pytest.raises(NotFoundError):
        client.grid("refused")


def test_a_window_is_the_rows_asked_for(client: Client):
    grid = client.push(pd.DataFrame({"n": range(40_000), "s": "x"}), "long")
    assert grid.window(16_380, 16_390) == [list(range(16_380, 16_390)), ["x"] * 10]
    assert grid.window(39_999, 50_000) == [[39_999], ["x"]]
    assert grid.head(2).to_dict("list") == {"n": [0, 1], "s": ["x", "x"]}


def test_columns_can_be_added_and_replaced_with_their_types(client: Client, frame):
    grid = client.push(frame, "sales")
    day = pd.DataFrame({"day": pd.to_datetime(["2026-01-02"] * 3)})
    grid.add_columns(day)
    grid.replace_columns(pd.DataFrame({"total": [1, 2, 3]}))
    expected = frame.assign(total=[1, 2, 3]).join(day)
    assert_frame_equal(grid.to_frame(), expected)
    with pytest.raises(NotFoundError, match="'nothing'"):
        grid.replace_columns(pd.DataFrame({"nothing": [1]}))


def test_a_grid_can_be_renamed_moved_trashed_restored_and_deleted(client: Client, frame):
    grid = client.push(frame, "draft").rename("final").move("reports/2026")
    assert client.grid("reports/2026/final").fid == grid.fid
    assert client.grid(grid.fid).path == "reports/2026/final"
    grid.trash()
    with pytest.raises(NotFoundError):
        client.grid("reports/2026/final")
    assert_frame_equal(grid.restore().to_frame(), frame)
    grid.move("").delete()
    with pytest.raises(NotFoundError):
        grid.restore()


def test_a_listing_shows_what_lies_in_a_folder(client: Client, frame):
    client.push(frame, "sales/2025")
    grid = client.push(frame, "sales/2026")
    assert [file.path for file in client.list()] == ["sales"]
    files = client.list("sales")
    assert [(file.name, file.filetype, file.row_count) for file in files] == [
        ("2025", "grid", 3),
        ("2026", "grid", 3),
    ]
    assert files[1].fid == grid.fid
    with pytest.raises(NotFoundError, match="no folder 'nowhere'"):
        client.list("nowhere")


def test_a_column_has_its_values_and_a_reference(client: Client, frame):
    grid = client.push(frame, "sales")
    column = grid["region"]
    assert column.src == f"{grid.fid}:{column.uid}"
    assert column.data == ["north", "south", "north"]
    with pytest.raises(NotFoundError, match="no column 'regoin'; it has 'month', 'region'"):
        grid["regoin"]


def test_a_grid_of_another_client_can_be_pulled(client: Client):
    session = client._session
    body = b'{"filename": "theirs", "data": {"cols": {"b": {"data": [1, null], "order": 1},'
    body += b'"a": {"data": ["x", "y"], "order": 0}}}}'
    session.send("POST", "/grids", body=body)
    expected = pd.DataFrame({"a": ["x", "y"], "b": pd.array([1, None], dtype="Int64")})
    assert_frame_equal(client.pull("theirs"), expected)


def test_append_counts_the_rows_that_others_appended(client: Client):
    grid = client.push(pd.DataFrame({"x": [1.0, np.inf]}), "shared")
    client._session.send("POST", f"/grids/{grid.fid}/row", body=b'{"rows": [[5.0]]}')
    grid.append(pd.DataFrame({"x": [-np.inf]}))
    assert grid.to_frame()["x"].tolist() == [1.0, np.inf, 5.0, -np.inf]


def test_a_grid_is_last_modified_by_its_last_append(client: Client):
    grid = client.push(pd.DataFrame({"x": range(20)}), "log")
    made = grid.modified
    for rows in (1, 5_000):
        grid.append(pd.DataFrame({"x": range(rows)}))
        assert grid.modified == client.grid("log").modified > made
        made = grid.modified


def test_append_takes_in_a_column_that_another_client_made(client: Client):
    grid = client.push(pd.DataFrame({"x": [1]}), "shared")
    cols = b'{"cols": "[{\\"name\\": \\"y\\", \\"data\\": [\\"a\\"]}]"}'
    client._session.send("POST", f"/grids/{grid.fid}/col", body=cols)
    grid.append(pd.DataFrame({"y": ["b"], "x": [2]}))
    assert_frame_equal(grid.to_frame(), pd.DataFrame({"x": [1, 2], "y": ["a", "b"]}))


def test_a_folder_of_that_name_is_no_grid_to_replace(client: Client, frame):
    client.push(frame, "sales/2026")
    with pytest.raises(ValidationError, match="not a grid"):
        client.push(frame, "sales")


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_the_first_pushes_of_a_name_at_once_all_get_through(client: Client, mode):
    frame = pd.DataFrame({"x": [1]})
    with ThreadPoolExecutor(6) as threads:
        [*threads.map(lambda _: client.push(frame, "new", mode=mode), range(6))]
    assert len(client.pull("new")) == (6 if mode == "append" else 1)


def test_appends_at_once_keep_each_value_and_the_dtypes(client: Client):
    client.push(pd.DataFrame({"x": [0.0], "c": pd.Categorical(["start"])}), "shared")
    frames = [
        pd.DataFrame({"x": [np.inf, float(n)], "c": pd.Categorical([f"c{n}", "start"])})
        for n in range(8)
    ]
    with ThreadPoolExecutor(4) as threads:
        [*threads.map(lambda frame: client.grid("shared").append(frame), frames)]
    pulled = client.pull("shared")
    assert np.isinf(pulled["x"]).sum() == 8
    assert pulled["c"].dtype == "category"
    assert set(pulled["c"]) == {"start", *(f"c{n}" for n in range(8))}


def test_a_replacement_is_of_the_grid_as_others_left_it(client: Client):
    frame = pd.DataFrame({"x": [1], "y": [2], "z": [3]})
    old = client.push(frame, "shared")
    client.push(frame[["x", "z"]], "shared")
    kept = uids(client.grid("shared"))["x"]
    old.update_to(encode_frame(frame[["y", "x"]]))
    assert_frame_equal(client.pull("shared"), frame[["y", "x"]])
    assert uids(old)["x"] == kept


def test_names_that_look_like_a_fid_are_names_too(client: Client, frame):
    client.push(frame, "run:1")
    assert_frame_equal(client.pull("run:1"), frame)


def test_no_new_name_is_one_s_own_fid(client: Client, frame):
    grid = client.push(frame, "sales")
    client.make_folder("folder")
    name = f"{client.username.upper()}:{grid.fid.partition(':')[2]}"
    for change in (
        lambda: client.push(frame, name),
        lambda: client.push(frame, f"/{name}/", dry_run=True),
        lambda: client.push_plot({"data": []}, name),
        lambda: client.make_folder(name),
        lambda: client.upload(io.BytesIO(b"a\n1\n"), name),
        lambda: grid.rename(name),
        lambda: grid.copy(name),
        lambda: client.push(frame, name, parent="folder").move(""),
    ):
        with pytest.raises(ValidationError, match="looks like a fid") as refused:
            change()
        assert refused.value.field == "name"
    assert sorted(file.name for file in client.list()) == ["folder", "sales"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a//b", "empty step"),
        ("a/b\nc", r"control character '\\n'"),
        ("a\x00b", r"control character '\\x00'"),
        ("a\x85/b", r"control character '\\x85'"),
    ],
)
def test_what_no_path_is_made_of_is_named(client: Client, frame, name, words):
    grid = client.push(frame, "sales")
    for change in (
        lambda: client.push(frame, name),
        lambda: client.push(frame, "x", parent=name),
        lambda: client.make_folder(name),
        lambda: grid.move(name),
        lambda: grid.copy(name),
    ):
        with pytest.raises(ValidationError, match=words):
            change()
    if "/" not in name:
        with pytest.raises(ValidationError, match=words):
            grid.rename(name)
    assert [file.name for file in client.list()] == ["sales"]


def test_blanks_around_a_name_and_slashes_around_a_path_do_no_harm(client: Client, frame):
    assert client.push(frame, "/ sales /").name == " sales "
    assert_frame_equal(client.pull(" sales "), frame)


def test_a_grid_has_columns_and_rows_as_a_frame(client: Client, frame):
    grid = client.push(frame, "sales")
    assert list(grid) == list(frame)
    assert len(grid) == len(frame)
    assert all(name in grid for name in frame)
    assert "no such" not in grid
    assert 0 not in grid
    nothing = client.push(frame.head(0), "nothing")
    assert len(nothing) == 0
    assert nothing
    assert client.push(frame.head(0), "nothing").fid == nothing.fid


def test_columns_give_references_and_values(client: Client):
    grid = client.push(pd.DataFrame({"x": [1, 2], "y": [3, 4]}), "points")
    first, second = grid.columns
    assert (first.src, first.data) == (f"{grid.fid}:{first.uid}", [1, 2])
    assert grid["y"] == second
    assert grid["y"].data == [3, 4]


def test_a_grid_that_is_gone_is_named_by_what_would_change_it(client: Client, frame):
    grid = client.push(frame, "sales")
    grid.trash()
    for change in (
        lambda: grid.append(frame),
        lambda: grid.upsert(frame, key=frame.columns[0]),
        lambda: grid.replace_columns(frame),
        lambda: grid.set_metadata({}),
        grid.head,
    ):
        with pytest.raises(NotFoundError, match="is not there, or no longer for you") as refused:
            change()
        assert "restore()" in refused.value.hint


def test_what_can_not_leave_the_trash_is_told_how(client: Client, frame):
    grid = client.push(frame, "sales")
    grid.trash()
    other = client.push(frame, "sales")
    with pytest.raises(ValidationError, match="a file of its name already exists") as refused:
        grid.restore()
    assert "rename()" in refused.value.hint
    other.rename("later sales")
    assert grid.restore().fid == client.grid("sales").fid


def test_narrow_floats_go_to_a_grid_of_wide_ones(client: Client):
    client.push(pd.DataFrame({"x": [0.5, 1.5]}), "wide")
    client.push(pd.DataFrame({"x": np.array([0.1, np.inf], "f4")}), "wide", mode="append")
    assert_frame_equal(
        client.pull("wide"),
        pd.DataFrame({"x": [0.5, 1.5, float(np.float32(0.1)), np.inf]}),
    )


@pytest.mark.parametrize("name", ["", "/", 5, "\ud800"])
def test_what_is_no_name_is_refused_as_such(client: Client, frame, name):
    with pytest.raises(ValidationError) as refused:
        client.push(frame, name)
    assert refused.value.field == "name"


def test_row_labels_are_not_left_out_of_columns_without_a_word(client: Client, frame):
    grid = client.push(frame, "sales")
    labelled = pd.DataFrame({"total": [1.0, 2.0, 3.0]}, index=[2, 1, 0])
    for method in (grid.replace_columns, grid.add_columns):
        with pytest.raises(ValidationError, match="row labels"):
            method(labelled)
    assert_frame_equal(grid.to_frame(), frame)


def test_a_grid_that_many_append_to_at_once_gets_every_row(client: Client):
    client.push(pd.DataFrame({"x": [0]}), "busy")
    with ThreadPoolExecutor(8) as threads:
        [*threads.map(lambda n: client.grid("busy").append(pd.DataFrame({"x": [n]})), range(1, 65))]
    assert sorted(client.pull("busy")["x"]) == list(range(65))


@pytest.mark.parametrize("schema", [{"version": 99}, "x", {"version": 99, "columns": {"x": "y"}}])
def test_types_that_a_later_version_noted_are_written_anew_by_replace(client: Client, schema):
    grid = client.push(pd.DataFrame({"x": [1]}), "later")
    grid._patch(metadata={"plotly_nbext": schema})
    assert client.pull("later")["x"].tolist() == [1]
    with pytest.raises(ValidationError, match='mode="replace"'):
        grid.append(pd.DataFrame({"x": [2]}))
    replaced = client.push(pd.DataFrame({"x": [2.5]}), "later")
    assert_frame_equal(replaced.to_frame(), pd.DataFrame({"x": [2.5]}))
