"""What a grid can't keep is refused by name: the column, the row, the type, and what to do."""

from __future__ import annotations

import datetime as dt
import enum
import zoneinfo
from decimal import Decimal

import dateutil.tz
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from plotly_nbext.columns import encode_frame, json
from plotly_nbext.errors import ValidationError


class Colour(enum.StrEnum):
    RED = "red"


class Opaque:
    def __repr__(self):
        return "Opaque()"


DEEP: list[object] = []
for _ in range(json.MAX_DEPTH):
    DEEP = [DEEP]
ENDLESS: dict[str, object] = {}
ENDLESS["again"] = ENDLESS


def objects(*values):
    return pd.Series(list(values), dtype=object)


@pytest.mark.parametrize(
    ("values", "row", "kind"),
    [
        pytest.param(objects("a", b"b"), 1, "bytes", id="bytes"),
        pytest.param(np.array([1j, 2j]), 0, "complex", id="complex dtype"),
        pytest.param(objects(1, 1j), 1, "complex", id="complex object"),
        pytest.param(pd.interval_range(0, 2), 0, "Interval", id="Interval"),
        pytest.param(pd.cut([1, 2, 3], 2), 0, "Interval", id="categories of intervals"),
        pytest.param(objects(None, {1, 2}), 1, "set", id="set"),
        pytest.param(objects((1, 2)), 0, "tuple", id="tuple"),
        pytest.param(objects(np.arange(3)), 0, "ndarray", id="array in a cell"),
        pytest.param(objects(1, Opaque()), 1, "Opaque", id="any object"),
        pytest.param(objects(Colour.RED), 0, "Colour", id="enum"),
        pytest.param(objects("a", "\ud800"), 1, "str", id="half a surrogate pair"),
        pytest.param(objects(["\ud800"]), 0, "list", id="half a surrogate pair in a list"),
        pytest.param(objects({1: "a"}), 0, "dict", id="dict with other keys"),
        pytest.param(objects([1.0, float("nan")]), 0, "list", id="NaN in a list"),
        pytest.param(objects({"a": [dt.date(2020, 1, 1)]}), 0, "dict", id="date in a dict"),
        pytest.param(objects("a", dt.date(2020, 1, 1)), 1, "date", id="date beside text"),
        pytest.param(
            objects(dt.datetime(2020, 1, 1), dt.date(2020, 1, 1)),
            0,
            "datetime",
            id="datetime beside date",
        ),
        pytest.param(
            objects(np.datetime64("2020")), 0, "datetime64", id="numpy datetime in a cell"
        ),
        pytest.param(objects("a", np.datetime64("NaT")), 1, "datetime64", id="numpy NaT in a cell"),
        pytest.param(
            objects(1, 10**5000), 1, "int", id="integer of more digits than Python spells"
        ),
        pytest.param(objects(1, np.timedelta64(5, "ns")), 1, "timedelta64", id="numpy timedelta"),
        pytest.param(objects(Decimal(1), Decimal("sNaN")), 1, "Decimal", id="signaling NaN"),
        pytest.param(objects(1, np.longdouble(1)), 1, "longdouble", id="longdouble in a cell"),
        pytest.param(objects(DEEP), 0, "list", id="too deep"),
        pytest.param(objects(ENDLESS), 0, "dict", id="holds itself"),
        pytest.param(
            objects(Decimal("0.1"), Decimal("0.12345678901234567890")),
            1,
            "Decimal",
            id="Decimal too precise",
        ),
        pytest.param(objects(Decimal(2**53 + 1)), 0, "Decimal", id="Decimal too long"),
        pytest.param(np.array([0.5, "0.1"], dtype=np.longdouble), 1, "longdouble", id="longdouble"),
        pytest.param(
            objects(dt.time(1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))),
            0,
            "time",
            id="time in a zone",
        ),
        pytest.param(
            objects(dt.datetime(2020, 3, 29, 2, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))),
            0,
            "datetime",
            id="time in a DST gap",
        ),
        pytest.param(
            pd.PeriodIndex.from_ordinals([-5000], freq="Y"), 0, "Period", id="Period before Christ"
        ),
        pytest.param(
            pd.arrays.ArrowExtensionArray(pa.array([b"a"])), 0, "bytes", id="Arrow binary"
        ),
    ],
)
def test_the_error_names_the_column_the_row_and_the_type(values, row, kind):
    frame = pd.DataFrame({"fine": 1, "my column": values}) if len(values) else None
    with pytest.raises(ValidationError) as caught:
        encode_frame(frame, index=False)
    error = caught.value
    assert error.field == "my column"
    assert f"column 'my column', row {row}: " in error.message
    assert kind in error.message
    assert error.hint
    assert len(str(error)) < 400


@pytest.mark.parametrize(
    ("values", "what"),
    [
        pytest.param(
            pd.date_range("2020", periods=1, tz=dateutil.tz.gettz("Europe/Berlin")),
            "time zone",
            id="zone without a name",
        ),
        pytest.param(
            pd.date_range("2020", periods=1, tz=dateutil.tz.tzlocal()),
            r"time zone tzlocal\(\)",
            id="the machine's zone",
        ),
        pytest.param(
            objects(
                *(
                    dt.datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo(z))
                    for z in ("Asia/Tokyo", "Europe/Berlin")
                )
            ),
            "several time zones",
            id="several zones",
        ),
        pytest.param(
            pd.arrays.ArrowExtensionArray(pa.array([1], pa.date64())),
            "date64",
            id="Arrow day with a time",
        ),
        pytest.param(
            pd.arrays.ArrowExtensionArray(pa.array([10**7], pa.date32())),
            "date32",
            id="Arrow date beyond calendars",
        ),
        pytest.param(pd.interval_range(0, 0), "interval", id="no intervals at all"),
    ],
)
def test_a_column_that_is_refused_as_a_whole_is_named(values, what):
    with pytest.raises(ValidationError, match=f"column 'x': .*{what}") as caught:
        encode_frame(pd.DataFrame({"x": values}), index=False)
    assert caught.value.field == "x"
    assert caught.value.hint


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(pd.interval_range(0, 1), id="intervals"),
        pytest.param(pd.interval_range(0, 0), id="no intervals"),
        pytest.param(pd.Index([frozenset({1})]), id="sets"),
        pytest.param(pd.Index(["\ud800"], dtype=object), id="half a surrogate pair"),
        pytest.param(["a\0"], id="NUL"),
        pytest.param(pd.MultiIndex.from_tuples([("a", "\0")]), id="NUL in a level"),
    ],
)
def test_labels_that_cannot_be_kept_are_refused(labels):
    with pytest.raises(ValidationError) as caught:
        encode_frame(pd.DataFrame([[1] * len(labels)], columns=labels))
    assert "ename" in caught.value.hint


def test_a_name_with_a_nul_is_refused_by_itself():
    for frame in (pd.DataFrame({"a": [1], "b\0c": [2]}), pa.table({"a": [1], "b\0c": [2]})):
        with pytest.raises(ValidationError, match=r"'b\\x00c' can't be the name .* NUL"):
            encode_frame(frame)


def test_an_index_that_cannot_be_kept_is_refused_unless_it_is_left_out():
    frame = pd.DataFrame({"x": [1, 2]}, index=pd.interval_range(0, 2, name="bin"))
    with pytest.raises(ValidationError, match=r"column 'bin', row 0: .*Interval"):
        encode_frame(frame)
    assert [column.name for column in encode_frame(frame, index=False).columns] == ["x"]


def test_what_the_error_says_to_do_helps():
    frame = pd.DataFrame({"x": pd.cut([1, 2, 3], 2)})
    with pytest.raises(ValidationError) as caught:
        encode_frame(frame)
    assert ".astype(str)" in caught.value.hint
    assert encode_frame(frame.astype(str)).row_count == 3


def test_other_things_than_frames_are_refused():
    with pytest.raises(
        ValidationError, match="frame must be a pandas DataFrame or an Arrow table, not list"
    ):
        encode_frame([1, 2])


def test_an_unknown_index_option_is_refused():
    with pytest.raises(ValidationError, match='index must be "auto", True or False') as caught:
        encode_frame(pd.DataFrame({"x": [1]}), index="yes")
    assert caught.value.field == "index"
