"""Hypothesis looks for a push that does something else than its dry run told."""

from __future__ import annotations

import secrets
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from plotly_nbext import Difference, ValidationError
from plotly_nbext.client import Client

WORDS = st.sampled_from(["", "a", "é\0"])
DTYPES: dict[str, st.SearchStrategy[Any]] = {
    "int64": st.sampled_from([0, 1, 2**53 + 1]),
    "float64": st.sampled_from([0.0, -0.0, 1.0, np.nan, np.inf, -np.inf]),
    "float16": st.sampled_from([0.0, 0.5, np.nan, np.inf]),
    "Int64": st.sampled_from([0, 1, None]),
    "bool": st.booleans(),
    "str": WORDS | st.none(),
    "category": WORDS,
    "datetime64[ns, Europe/Paris]": st.sampled_from([0, 3600 * 10**9]).map(
        lambda ns: pd.Timestamp("2020-10-25 00:30", tz="UTC") + pd.Timedelta(ns)
    ),
    "object": st.sampled_from([1, "1", True, None, [1], {"a": None}]),
}


@pytest.fixture(params=["arrow", "json"])
def client(request, server, json_server) -> Client:
    name = f"user-{secrets.token_hex(4)}"
    if request.param == "json":
        return json_server(name)
    return server.client(name, server.add_user(name))


@st.composite
def columns(draw, height: int) -> pd.Series[Any]:
    dtype = draw(st.sampled_from(sorted(DTYPES)))
    values = draw(st.lists(DTYPES[dtype], min_size=height, max_size=height))
    return pd.Series(values, dtype=dtype)


@st.composite
def frames(draw, names: st.SearchStrategy[list[str]]) -> pd.DataFrame:
    ids = draw(st.lists(st.integers(0, 6), max_size=4, unique=True))
    others = {name: draw(columns(len(ids))) for name in draw(names)}
    frame = pd.DataFrame({"id": pd.Series(ids, dtype="int64"), **others})
    return frame[draw(st.permutations(list(frame.columns)))]


@st.composite
def changes(draw) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two frames, with columns in common that may have become others."""
    before = draw(frames(st.lists(st.sampled_from("abc"), unique=True)))
    after = draw(frames(st.lists(st.sampled_from("abcd"), unique=True)))
    for name in set(before) & set(after) - {"id"}:
        if len(before) == len(after) and draw(st.booleans()):
            after[name] = before[name]
    return before, after


@st.composite
def upserts(draw) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A frame, and rows of the same columns, most of them of the same types."""
    before = draw(frames(st.just(["a", "b"])))
    rows = draw(frames(st.just(["a", "b"])))
    for name in ("a", "b"):
        if len(before) and draw(st.integers(0, 9)):
            places = st.lists(
                st.integers(0, len(before) - 1), min_size=len(rows), max_size=len(rows)
            )
            rows[name] = before[name].iloc[draw(places)].set_axis(rows.index)
    return before, rows


def cell(value: Any) -> Any:
    """Tell values apart as a grid does: a boolean is no number, and -0.0 not 0.0."""
    if isinstance(value, list | dict):
        return repr(value)
    if pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_ | str | pd.Timestamp):
        return type(value).__name__, value
    return value, bool(np.signbit(value))


def values(frame: pd.DataFrame, name: str) -> dict[int, Any]:
    return dict(zip(frame["id"], map(cell, frame[name]), strict=True))


def check_told(found: Difference, before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Check a difference against the frames that it is one of, row by row."""
    common = [name for name in before if name in after]
    assert set(found.columns_added) == set(after) - set(before)
    assert set(found.columns_removed) == set(before) - set(after)
    assert found.columns_reordered == (common != [name for name in after if name in before])
    assert found.rows_added - found.rows_removed == len(after) - len(before)
    changed = {column.name: column for column in found.columns_changed}
    height = min(len(before), len(after))
    rows = np.zeros(height, bool)
    for name in common:
        olds, news = (list(map(cell, frame[name].head(height))) for frame in (before, after))
        differs = np.array([old != new for old, new in zip(olds, news, strict=True)], bool)
        rows |= differs
        told = changed[name].values_changed if name in changed else 0
        assert told == differs.sum(), name
        assert before[name].dtype == after[name].dtype or name in changed
    assert found.rows_changed == rows.sum()


def test_a_replacement_does_what_its_dry_run_told(client: Client):
    @settings(max_examples=20, deadline=None)
    @given(changes())
    def check(frames):
        before, after = frames
        grid = client.push(before, "replaced")
        found = client.push(after, "replaced", dry_run=True)
        assert client.grid("replaced").revision == grid.revision
        check_told(found, before, after)
        pushed = client.push(after, "replaced")
        assert_frame_equal(client.pull("replaced"), after)
        assert pushed.fid == grid.fid
        uids = {column.name: column.uid for column in grid.columns}
        assert all(uids.get(column.name, column.uid) == column.uid for column in pushed.columns)
        if not found and client._session.takes_arrow:
            assert pushed.revision == grid.revision

    check()


def test_an_upsert_does_what_its_dry_run_told(client: Client):
    @settings(max_examples=20, deadline=None)
    @given(upserts())
    def check(frames):
        before, rows = frames
        revision = client.push(before, "upserted").revision
        options = {"mode": "upsert", "key": "id"}
        try:
            found = client.push(rows, "upserted", dry_run=True, **options)
        except ValidationError:  # of another type
            with pytest.raises(ValidationError):
                client.push(rows, "upserted", **options)
            assert client.grid("upserted").revision == revision
            return
        client.push(rows, "upserted", **options)
        after = client.pull("upserted")
        check_told(found, before, after)
        new = rows["id"][~rows["id"].isin(before["id"])]
        assert after["id"].tolist() == [*before["id"], *new]
        for name in ("a", "b"):
            expected = {**values(before, name), **values(rows, name)}
            assert values(after, name) == expected

    check()
