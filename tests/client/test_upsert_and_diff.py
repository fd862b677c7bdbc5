"""Rows put into a grid by their key, and what a push would change, in Arrow and in JSON."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal

from plotly_nbext import ColumnDifference, Difference, NotFoundError, ValidationError
from plotly_nbext.client import Client, Grid

DAYS = pd.to_datetime(["2026-01-01", "2026-01-02"])
ENDLESS: dict[str, object] = {}
ENDLESS["again"] = ENDLESS


@pytest.fixture(params=["arrow", "json"])
def client(request, server, json_server) -> Client:
    name = f"user-{secrets.token_hex(4)}"
    if request.param == "json":
        return json_server(name)
    return server.client(name, server.add_user(name))


@pytest.fixture
def stock() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [1, 2, 3],
            "name": ["nut", "bolt", "gear"],
            "price": [0.5, np.inf, np.nan],
            "kind": pd.Categorical(["small", "small", "large"]),
        }
    )


@pytest.fixture
def news(stock: pd.DataFrame) -> pd.DataFrame:
    rows = {"id": [9, 2], "name": ["pin", "bolt"], "price": [-np.inf, 2.5]}
    return pd.DataFrame({**rows, "kind": pd.Categorical(["tiny", "small"])})


@pytest.fixture
def merged() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [1, 2, 3, 9],
            "name": ["nut", "bolt", "gear", "pin"],
            "price": [0.5, 2.5, np.nan, -np.inf],
            "kind": pd.Categorical(
                ["small", "small", "large", "tiny"], categories=["large", "small", "tiny"]
            ),
        }
    )


def identity(grid: Grid) -> tuple[str, dict[str, str]]:
    return grid.fid, {column.name: column.uid for column in grid.columns}


def test_upsert_replaces_rows_with_the_same_key_keeps_others_and_adds_new_ones(
    client: Client, stock, news, merged
):
    before = identity(client.push(stock, "stock", metadata={"of": "shop"}))
    grid = client.push(news[["price", "id", "kind", "name"]], "stock", mode="upsert", key="id")
    assert_frame_equal(client.pull("stock"), merged)
    assert identity(grid) == before
    assert (grid.row_count, grid.metadata) == (4, {"of": "shop"})


def test_upsert_makes_the_grid_where_there_is_none(client: Client, stock):
    client.push(stock, "new", mode="upsert", key="id", metadata={"of": "shop"})
    assert_frame_equal(client.pull("new"), stock)
    assert client.grid("new").metadata == {"of": "shop"}


def test_upsert_of_new_rows_only_is_an_append(client: Client, stock, merged):
    grid = client.push(stock, "stock")
    grid.upsert(merged.tail(1), key="id")
    kind = pd.Categorical([*stock["kind"], "tiny"], dtype=merged["kind"].dtype)
    expected = pd.concat([stock, merged.tail(1)], ignore_index=True).assign(kind=kind)
    assert_frame_equal(grid.to_frame(), expected)


def test_upsert_twice_is_upsert_once(client: Client, stock, news, merged):
    grid = client.push(stock, "stock").upsert(news, key="id")
    revision = grid.revision
    grid.upsert(news, key="id")
    assert_frame_equal(grid.to_frame(), merged)
    if client._session.takes_arrow:
        assert grid.refresh().revision == revision


def test_a_key_may_be_several_columns_and_the_index(client: Client):
    index = pd.MultiIndex.from_tuples([("n", 1), ("n", 2), ("s", 1)], names=["region", "day"])
    grid = client.push(pd.DataFrame({"total": [1, 2, 3]}, index=index), "by day")
    more = pd.MultiIndex.from_tuples([("s", 1), ("s", 2)], names=["region", "day"])
    grid.upsert(pd.DataFrame({"total": [30, 4]}, index=more), key=["region", "day"])
    both = pd.MultiIndex.from_tuples([*index, ("s", 2)], names=["region", "day"])
    assert_frame_equal(grid.to_frame(), pd.DataFrame({"total": [1, 2, 30, 4]}, index=both))


@pytest.mark.parametrize(
    ("there", "given"),
    [
        ([1, 2], [2.0]),
        ([1.0, 2.5], [1]),
        (pd.array([1, None], dtype="Int64"), [1]),
        (
            pd.to_datetime(["2026-01-01", "2026-01-02"]),
            pd.to_datetime(["2026-01-02"]).as_unit("ns"),
        ),
        (["a", "b"], ["b"]),
        ([1, "1"], ["1"]),
        ([True, False], [False]),
    ],
    ids=["int and float", "float and int", "nulls", "units", "text", "mixed", "bool"],
)
def test_keys_are_the_same_where_their_values_are(client: Client, there, given):
    grid = client.push(pd.DataFrame({"key": there, "x": ["old", "old"]}), "keys")
    grid.upsert(pd.DataFrame({"key": given, "x": "new"}), key="key")
    assert sorted(grid.to_frame()["x"]) == ["new", "old"]


def test_types_become_what_an_append_makes_them(client: Client):
    grid = client.push(pd.DataFrame({"id": [1, 2], "n": [1, 2]}), "types")
    grid.upsert(pd.DataFrame({"id": [2], "n": [2.5]}), key="id")
    assert_frame_equal(grid.to_frame(), pd.DataFrame({"id": [1, 2], "n": [1, 2.5]}))
    with pytest.raises(ValidationError, match="'n'"):
        grid.upsert(pd.DataFrame({"id": [2], "n": ["two"]}), key="id")
    assert grid.refresh().row_count == 2


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (lambda frame: frame, "ident", "no key column 'ident'; it has 'id', 'name'"),
        (lambda frame: frame.assign(id=[1, 7]).iloc[[1, 1]], "id", "2 rows have 'id' = 7"),
        (lambda frame: frame.assign(id=[None, 1]), "id", "'id' has no value in row 0"),
        (lambda frame: frame.drop(columns="name"), "id", "lacks column 'name'"),
        (lambda frame: frame.assign(more=1), "id", "'more'"),
        (lambda frame: frame, [], "the label of a column, or a list"),
        (lambda frame: frame, {}, "the label of a column, or a list"),
        (lambda frame: frame, [["id"]], "the label of a column, or a list"),
        (lambda frame: frame, 0, "no key column 0; it has 'id', 'name'"),
        (lambda frame: frame, [1], "no key column 1; it has 'id', 'name'"),
        (lambda frame: frame, ("id", "ident"), "no key column 'ident'"),
        (lambda frame: frame, ["id", "id"], "names a column twice"),
    ],
)
def test_what_tells_no_rows_apart_is_refused_with_nothing_written(
    client: Client, news, change, key, words
):
    client.push(news, "stock")
    with pytest.raises(ValidationError, match=words):
        client.push(change(news), "stock", mode="upsert", key=key)
    assert_frame_equal(client.pull("stock"), news)


@pytest.mark.parametrize(
    ("labels", "key"),
    [
        pytest.param([0, 1], 0, id="a number"),
        pytest.param([0, 1], [0], id="a list of numbers"),
        pytest.param(pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")]), ("a", "x"), id="tuple"),
        pytest.param(["id", "n"], ("id",), id="a tuple of names"),
        pytest.param(pd.to_datetime(["2026", "2027"]), pd.Timestamp("2026"), id="a date"),
    ],
)
def test_a_key_is_named_by_its_label(client: Client, labels, key):
    client.push(pd.DataFrame([[1, 2], [3, 4]], columns=labels), "labels")
    more = pd.DataFrame([[3, 5], [6, 7]], columns=labels)
    assert client.push(more, "labels", mode="upsert", key=key, dry_run=True).rows_added == 1
    client.push(more, "labels", mode="upsert", key=key)
    expected = pd.DataFrame([[1, 2], [3, 5], [6, 7]], columns=labels)
    assert_frame_equal(client.pull("labels"), expected)


def test_a_key_may_be_the_name_of_the_index(client: Client):
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index([5, 6], name=0))
    client.push(frame, "by index")
    client.push(frame.iloc[1:] + 1, "by index", mode="upsert", key=0)
    assert client.pull("by index")["n"].tolist() == [1, 3]


def test_a_label_of_several_columns_is_no_key(client: Client):
    frame = pd.DataFrame([[1, 2]], columns=[0, 0])
    client.push(frame, "twice")
    with pytest.raises(ValidationError, match="key names 2 columns by 0") as refused:
        client.push(frame, "twice", mode="upsert", key=0)
    assert refused.value.field == "key"


def test_rows_of_a_grid_keep_what_stands_for_missing_when_others_are_put(client: Client):
    there = pd.DataFrame({"id": [1, 2, 3], "x": pd.Series(["a", np.nan, np.nan], dtype=object)})
    client.push(there, "missing")
    given = pd.DataFrame({"id": [3, 4], "x": pd.Series([None, None], dtype=object)})
    client.push(given, "missing", mode="upsert", key="id")
    assert list(map(str, client.pull("missing")["x"])) == ["a", "nan", "None", "None"]
    client.push(there, "missing", mode="append")
    pulled = client.pull("missing")["x"]
    assert list(map(str, pulled)) == ["a", "nan", "None", "None", "a", "nan", "nan"]


def test_zeros_that_differ_in_their_sign_are_one_key_and_two_values(client: Client):
    grid = client.push(pd.DataFrame({"key": [0.0, 1.0], "x": [0.0, 1.0]}), "zeros")
    negative = pd.DataFrame({"key": [-0.0], "x": [-0.0]})
    assert grid.diff(negative, mode="upsert", key="key").rows_changed == 1
    grid.upsert(negative, key="key")
    assert np.signbit(grid.to_frame()).to_numpy().tolist() == [[True, True], [False, False]]
    with pytest.raises(ValidationError, match="not unique"):
        grid.upsert(pd.DataFrame({"key": [0.0, -0.0], "x": 1.0}), key="key")


def test_half_floats_are_keys_and_are_compared(client: Client):
    halves = pd.DataFrame({"key": np.array([0.5, 1.5], "f2"), "x": np.array([1, -0.0], "f2")})
    grid = client.push(halves, "halves")
    changed = halves.assign(x=np.array([1, 0], "f2"))
    assert grid.diff(changed).columns_changed[0].values_changed == 1
    grid.upsert(changed.tail(1), key="key")
    assert_frame_equal(grid.to_frame(), changed)
    assert not np.signbit(grid.to_frame()["x"]).any()


def test_row_labels_are_left_out_of_rows_where_the_push_says_so(client: Client):
    frame = pd.DataFrame({"id": [1, 2], "x": [1, 2]}, index=pd.Index(["a", "b"], name="label"))
    client.push(frame, "rows", mode="append", index=False)
    assert client.push(frame, "rows", mode="append", index=False, dry_run=True).rows_added == 2
    client.push(frame, "rows", mode="upsert", key="id", index=False)
    assert client.pull("rows").to_dict("list") == {"id": [1, 2], "x": [1, 2]}
    with pytest.raises(ValidationError, match="'label'"):
        client.push(frame, "rows", mode="append")


def test_a_key_that_is_not_unique_makes_no_grid(client: Client):
    with pytest.raises(ValidationError, match="not unique"):
        client.push(pd.DataFrame({"id": [1, 1]}), "none", mode="upsert", key="id")
    with pytest.raises(NotFoundError):
        client.grid("none")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "upsert"}, "needs a key"),
        ({"mode": "append", "key": "id"}, "no meaning for mode='append'"),
        ({"key": "id"}, "no meaning for mode='replace'"),
        ({"mode": "swap"}, "mode must be one of replace, create, append, upsert"),
    ],
)
def test_options_that_go_without_each_other_are_refused(client: Client, stock, options, words):
    with pytest.raises(ValidationError, match=words):
        client.push(stock, "stock", **options)


def test_upserts_at_once_are_all_there(client: Client):
    client.push(pd.DataFrame({"id": [0], "x": [0]}), "shared")
    frames = [pd.DataFrame({"id": [n, 100], "x": [n, n]}) for n in range(1, 9)]
    if not client._session.takes_arrow:
        frames = frames[:1]  # in several requests, others may come between
    with ThreadPoolExecutor(4) as threads:
        [*threads.map(lambda frame: client.grid("shared").upsert(frame, key="id"), frames)]
    pulled = client.pull("shared").set_index("id")["x"]
    assert sorted(pulled.index) == [0, *range(1, len(frames) + 1), 100]
    assert all(pulled[n] == n for n in range(1, len(frames) + 1))


def test_a_grid_of_another_client_is_upserted_without_types(client: Client):
    body = b'{"filename": "theirs", "data": {"cols": {"id": {"data": ["a", "b"], "order": 0},'
    body += b'"x": {"data": [1], "order": 1}}}}'
    client._session.send("POST", "/grids", body=body)
    client.grid("theirs").upsert(pd.DataFrame({"id": ["b", "c"], "x": [2, 3]}), key="id")
    pulled = client.pull("theirs")
    assert pulled.to_dict("list") == {"id": ["a", "b", "c"], "x": [1, 2, 3]}


# --- differences ----------------------------------------------------------------------------------


def test_a_dry_run_tells_what_a_replacement_changes_and_changes_nothing(client: Client, stock):
    grid = client.push(stock, "stock")
    changed = stock.drop(columns="kind").assign(price=[0.5, 1.5, np.inf], id=[1.0, 2.0, 3.0])
    changed = changed[["name", "id", "price"]].assign(year=2026).head(3)
    found = client.push(changed, "stock", dry_run=True)
    assert found == Difference(
        "stock",
        columns_added=("year",),
        columns_changed=(
            ColumnDifference("id", 0, "int64", "float64"),
            ColumnDifference("price", 2, "float64", "float64"),
        ),
        columns_removed=("kind",),
        columns_reordered=True,
        rows_changed=2,
    )
    assert found == grid.diff(changed)
    assert repr(found) == (
        "Difference('stock')\n"
        "  + column 'year'\n"
        "  ~ column 'id': int64 → float64\n"
        "  ~ column 'price': 2 values\n"
        "  - column 'kind'\n"
        "  ~ columns in another order\n"
        "  ~ 2 rows"
    )
    assert_frame_equal(client.pull("stock"), stock)


def test_what_is_the_same_makes_no_difference(client: Client, stock):
    grid = client.push(stock, "stock")
    found = client.push(stock, "stock", dry_run=True)
    assert not found
    assert repr(found) == "Difference('stock', nothing changes)"
    assert not grid.diff(stock, key="id")
    assert not grid.diff(stock.head(0), mode="append")
    assert not grid.diff(stock.tail(1), mode="upsert", key="id")


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.set_index("id"),
        lambda frame: frame.rename_axis(columns="what"),
        lambda frame: frame.set_axis(frame.columns.astype("string"), axis=1),
        lambda frame: frame.set_axis(pd.Index([1, 2, 3], name="row")).drop(columns="id"),
    ],
)
def test_labels_that_would_be_others_are_told(client: Client, stock, change):
    client.push(stock, "stock")
    changed = change(stock)
    found = client.push(changed, "stock", dry_run=True)
    assert found.labels_changed
    assert "~ row or column labels" in repr(found)
    assert_frame_equal(client.push(changed, "stock").to_frame(), changed)
    assert not client.push(changed, "stock", dry_run=True)


def test_metadata_that_would_be_another_is_told(client: Client, stock):
    client.push(stock, "stock", metadata={"by": "me"})
    assert not client.push(stock, "stock", dry_run=True)
    assert not client.push(stock, "stock", metadata={"by": "me"}, dry_run=True)
    found = client.push(stock, "stock", metadata={"by": "you"}, dry_run=True)
    assert repr(found) == "Difference('stock')\n  ~ metadata"
    assert client.grid("stock").metadata == {"by": "me"}


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"day": DAYS[0]}, r"metadata\['day'\] is of type Timestamp"),
        ({"day": DAYS[0].date()}, r"metadata\['day'\] is of type date"),
        ({"a": [1, {"b": np.nan}]}, r"metadata\['a'\]\[1\]\['b'\] is nan"),
        ({"a": -np.inf}, r"metadata\['a'\] is -inf"),
        ({"a": np.float64(1)}, "is of type float64"),
        ({"a": {1: 2}}, r"metadata\['a'\] has the key 1, which is no string"),
        ({"a": "\ud800"}, r"metadata\['a'\]: .*surrogate"),
        ({"plotly_nbext": 1}, "'plotly_nbext' is where a grid keeps the types"),
        (ENDLESS, "nested too deeply"),
        ([("by", "me")], "not list"),
        ("by me", "not str"),
    ],
)
def test_metadata_that_json_cannot_hold_is_refused_with_nothing_written(
    client: Client, stock, metadata, words
):
    grid = client.push(stock, "stock", metadata={"by": "me"})
    for change in (
        lambda: client.push(stock, "new", metadata=metadata),
        lambda: client.push(stock, "stock", mode="append", metadata=metadata),
        lambda: client.push(stock, "stock", metadata=metadata, dry_run=True),
        lambda: client.push(stock, "stock", mode="upsert", key="id", metadata=metadata),
        lambda: grid.append(stock, metadata=metadata),
        lambda: grid.set_metadata(metadata),
        lambda: client.make_folder("folder").set_metadata(metadata),
        lambda: client.push_plot({"data": []}, "plot").set_metadata(metadata),
    ):
        with pytest.raises(ValidationError, match=words) as refused:
            change()
        assert refused.value.field == "metadata"
    assert not client.exists("new")
    assert client.grid("stock").metadata == {"by": "me"}
    assert client.folder("folder").metadata == client.plot("plot").metadata == {}
    assert_frame_equal(client.pull("stock"), stock)


def test_facts_of_all_json_types_come_back(client: Client, stock):
    facts = {"a": [1, 2.5, None, True, {"b": "é"}], "c": {}, "": 10**30}
    assert client.push(stock, "stock", metadata=facts).metadata == facts
    assert client.grid("stock").metadata == facts


@pytest.mark.parametrize("options", [{"mode": "append"}, {"mode": "upsert", "key": "id"}])
def test_no_rows_change_nothing(client: Client, stock, options):
    before = client.push(stock, "stock")
    untyped = pd.DataFrame(columns=stock.columns, dtype=object).assign(kind=stock["kind"].head(0))
    for none in (stock.head(0), untyped):
        assert not client.push(none, "stock", dry_run=True, **options)
        assert client.push(none, "stock", **options).revision == before.revision
    with pytest.raises(ValidationError, match="lacks columns"):
        client.push(stock.head(0)[["id"]], "stock", **options)
    found = client.push(stock.head(0), "stock", metadata={"by": "me"}, **options)
    assert (found.metadata, found.row_count) == ({"by": "me"}, 3)
    assert_frame_equal(client.pull("stock"), stock)


def test_rows_of_a_frame_without_columns_are_counted(client: Client):
    grid = client.push(pd.DataFrame(index=range(3)), "bare")
    assert not grid.diff(pd.DataFrame(index=range(3)))
    assert grid.diff(pd.DataFrame(index=range(2))).rows_removed == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "upsert"}, "needs a key"),
        ({"mode": "append", "key": "id"}, "no meaning for mode='append'"),
        ({"mode": "create"}, "mode must be one of replace, append, upsert, not 'create'"),
    ],
)
def test_a_difference_is_asked_for_as_a_push_is(client: Client, stock, options, words):
    grid = client.push(stock, "stock")
    with pytest.raises(ValidationError, match=words):
        grid.diff(stock, **options)


def test_a_grid_of_more_columns_than_an_address_names_is_compared(client: Client):
    wide = pd.DataFrame({f"column {number}": [number, 0] for number in range(1200)})
    grid = client.push(wide, "wide")
    assert len(grid.diff(wide + 1).columns_changed) == 1200


def test_rows_are_compared_by_their_key_where_one_is_named(client: Client, stock):
    grid = client.push(stock, "stock")
    shuffled = stock.iloc[[2, 0]].assign(name=["gear", "NUT"]).reset_index(drop=True)
    by_place = grid.diff(shuffled)
    assert (by_place.rows_changed, by_place.rows_removed) == (2, 1)
    by_key = client.push(shuffled, "stock", key="id", dry_run=True)
    text = str(stock["name"].dtype)
    assert by_key.columns_changed == (ColumnDifference("name", 1, text, text),)
    assert (by_key.rows_added, by_key.rows_changed, by_key.rows_removed) == (0, 1, 1)


def test_a_dry_run_of_an_upsert_tells_the_rows(client: Client, stock, news):
    client.push(stock, "stock")
    found = client.push(news, "stock", mode="upsert", key="id", dry_run=True)
    assert (found.rows_added, found.rows_changed, found.rows_removed) == (1, 1, 0)
    assert [(column.name, column.values_changed) for column in found.columns_changed] == [
        ("price", 1),
        ("kind", 0),
    ]
    assert_frame_equal(client.pull("stock"), stock)


def test_integers_among_which_a_float_is_put_are_the_same_numbers(client: Client):
    there = pd.DataFrame({"id": [1, 2], "x": [0, 5], "o": pd.Series([1, 2], dtype=object)})
    client.push(there, "numbers")
    rows = pd.DataFrame({"id": [1], "x": [0.0], "o": pd.Series([1.5], dtype=object)})
    found = client.push(rows, "numbers", mode="upsert", key="id", dry_run=True)
    counts = {column.name: column.values_changed for column in found.columns_changed}
    assert counts == {"x": 0, "o": 1}
    after = client.push(rows, "numbers", mode="upsert", key="id").to_frame()
    assert after["x"].dtype == np.float64
    assert [repr(value) for value in after["o"]] == ["1.5", "2"]


def test_a_dry_run_of_an_append_tells_the_rows_and_refuses_what_an_append_would(
    client: Client, stock, news
):
    client.push(stock, "stock")
    found = client.push(news, "stock", mode="append", dry_run=True)
    assert (found.rows_added, found.rows_changed) == (2, 0)
    with pytest.raises(ValidationError, match="lacks column 'id'"):
        client.push(news.drop(columns="id"), "stock", mode="append", dry_run=True)


def test_a_dry_run_tells_of_a_grid_that_would_be_made(client: Client, stock):
    for mode in ("replace", "create", "append", "upsert"):
        key = "id" if mode == "upsert" else None
        found = client.push(stock, "a/new", mode=mode, key=key, dry_run=True)
        assert found.is_new
        assert found.columns_added == ("id", "name", "price", "kind")
        assert found.rows_added == 3
    assert repr(found).startswith("Difference('a/new', new)\n  + column 'id'\n")
    assert not client.exists("a")


def test_a_dry_run_refuses_a_name_as_the_push_would(client: Client, stock):
    client.push(stock, "folder/stock")
    with pytest.raises(ValidationError, match=r"(?s)'folder/stock' already.*mode='replace'"):
        client.push(stock, "folder/stock", mode="create", dry_run=True)
    with pytest.raises(ValidationError, match="not a grid"):
        client.push(stock, "folder", dry_run=True)


def test_a_column_of_which_only_the_type_is_another_one_is_told(client: Client, stock):
    grid = client.push(stock, "stock")
    wider = stock["kind"].cat.add_categories("huge")
    (column,) = grid.diff(stock.assign(kind=wider)).columns_changed
    assert (column.name, column.values_changed) == ("kind", 0)
    assert "type" in str(column)


def test_names_in_a_difference_are_no_html():
    found = Difference("<b>", columns_added=("<script>",), rows_added=1_234_567)
    html = found._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "1,234,567 rows" in html
    assert "nothing changes" in Difference("x")._repr_html_()


def test_frames_of_other_libraries_are_compared_and_upserted(client: Client):
    grid = client.push(pl.DataFrame({"id": [1, 2], "x": ["a", "b"]}), "polars")
    more = pl.DataFrame({"id": [2, 3], "x": ["B", "c"]})
    found = grid.diff(more, mode="upsert", key="id")
    assert (found.rows_added, found.rows_changed) == (1, 1)
    grid.upsert(more, key="id")
    expected = pl.DataFrame({"id": [1, 2, 3], "x": ["a", "B", "c"]})
    assert client.pull(grid, "polars").equals(expected)
