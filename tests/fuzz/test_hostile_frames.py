"""DataFrames and figures that mean no good: a round trip that keeps every value, or a refusal."""

from __future__ import annotations

import collections
import copy
import datetime as dt
import decimal
import math
from contextlib import suppress
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext.client.figures import figure_dict, figure_json
from plotly_nbext.client.images import request
from plotly_nbext.columns import decode_arrow, decode_frame, encode_frame, json
from plotly_nbext.errors import PlotlyNbextError

from ..columns.test_properties import COLUMNS
from .changes import ODD, ODD_TEXTS, examples

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.filterwarnings("ignore::plotly_nbext.errors.PlotlyNbextWarning"),
    pytest.mark.filterwarnings("ignore::pandas.errors.PerformanceWarning"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    # of labels that are tuples within tuples
    pytest.mark.filterwarnings("ignore:Constructing a DataFrame from a list of sequences"),
]


class OwnError(Exception):
    """What a user's own code raises, which is theirs to see as it is."""


class Raising:
    """Whatever is asked of it fails, its repr too: that is its author's to see."""

    def __repr__(self):
        raise OwnError("no repr")

    def __str__(self):
        raise OwnError("no str")

    def __eq__(self, other):
        raise OwnError("no comparison")

    def __hash__(self):
        raise OwnError("no hash")

    def __bool__(self):
        raise OwnError("no truth")


class OddText(str):
    """Text of a class of its own."""

    __slots__ = ()


class OddInt(int):
    """A number of a class of its own."""


class Pair(NamedTuple):
    """A tuple of a class of its own."""

    x: int
    y: int


class OddDict(dict):
    """A mapping of a class of its own."""


def cycle():
    inner = [1]
    inner.append(inner)
    return inner


def keyed_cycle():
    inner = {}
    inner["self"] = inner
    return inner


def deep(depth=5_000):
    value = []
    for _ in range(depth):
        value = [value]
    return value


ODD_ZONE = dt.timezone(dt.timedelta(minutes=1, microseconds=7))
MADE = {
    "cycle": cycle,
    "keyed cycle": keyed_cycle,
    "deep": deep,
    "deep enough": lambda: deep(150),
    "raising": Raising,
    "text": lambda: OddText("a"),
    "number": lambda: OddInt(2**70),
    "mapping": lambda: OddDict(a=1),
    "ordered": lambda: collections.OrderedDict(b=1, a=2),
    "pair": lambda: (1, (2, "x")),
    "named pair": lambda: Pair(1, 2),
    "set": lambda: {1, 2},
    "bytes": lambda: b"\xff\0",
    "nan key": lambda: {float("nan"): 1},
    "number keys": lambda: {1: 2, "1": 3},
    "none key": lambda: {None: 1},
    "surrogate": lambda: "a\ud800",
    "surrogate key": lambda: {"\udfff": 1},
    "nul": lambda: "a\0b",
    "complex": lambda: 1 + 2j,
    "decimal": lambda: decimal.Decimal("NaN"),
    "long decimal": lambda: decimal.Decimal("1e999999"),
    "signalling": lambda: decimal.Decimal("sNaN"),
    "huge": lambda: 10**5_000,
    "beyond 2^53": lambda: 2**53 + 1,
    "beyond 2^64": lambda: 2**64,
    "infinity": lambda: -math.inf,
    "minus zero": lambda: -0.0,
    "nat": lambda: pd.NaT,
    "na": lambda: pd.NA,
    "numpy": lambda: np.float32(0.1),
    "numpy bool": lambda: np.bool_(True),
    "numpy text": lambda: np.str_("a"),
    "array": lambda: np.array([[1, 2], [3, 4]]),
    "array of objects": lambda: np.array([cycle(), None], dtype=object),
    "long double": lambda: np.longdouble(1) / 3,
    "moment": lambda: np.datetime64("2020-01-01T00:00:00.123456789"),
    "distant": lambda: np.datetime64(2**62, "s"),
    "attosecond": lambda: np.datetime64(5, "as"),
    "months": lambda: np.timedelta64(5, "M"),
    "fold": lambda: dt.datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=dt.UTC),
    "odd zone": lambda: dt.datetime(2020, 1, 1, tzinfo=ODD_ZONE),
    "time with zone": lambda: dt.time(1, 2, tzinfo=dt.UTC),
    "first day": lambda: dt.datetime.min,
    "last day": lambda: dt.date.max,
    "period": lambda: pd.Period("2020-01", "M"),
    "interval": lambda: pd.Interval(0, 1),
    "stamp": lambda: pd.Timestamp("2020-01-01", tz="Europe/Berlin"),
    "frame": lambda: pd.DataFrame({"x": [1]}),
    "series": lambda: pd.Series([1]),
    "type": lambda: int,
    "function": lambda: len,
    "arrow": lambda: pa.scalar(1),
    "ellipsis": lambda: ...,
}

CELLS = (
    st.sampled_from([*MADE]).map(lambda name: MADE[name]())
    | st.sampled_from(ODD).map(copy.deepcopy)
    | st.text(max_size=3)
    | st.integers()
    | st.floats()
    | st.none()
)
LABELS = st.sampled_from(
    [
        "x",
        "x",
        "X",
        "",
        " x",
        "x ",
        "a.b",
        "x" * 3_000,
        0,
        1,
        -1,
        2**70,
        0.5,
        float("nan"),
        float("inf"),
        None,
        True,
        False,
        ("a", 1),
        ("a",),
        (),
        b"x",
        "\ud800",
        "\0",
        pd.NaT,
        pd.NA,
        pd.Timestamp("2020-01-01"),
        pd.Period("2020", "Y"),
        pd.Interval(0, 1),
        np.int64(5),
        np.datetime64("2020-01-01"),
        dt.date(2020, 1, 1),
        decimal.Decimal("1.0"),
        frozenset({1}),
        OddText("x"),
        Raising,
        1 + 2j,
        "plotly_nbext",
        "index",
        "level_0",
    ]
) | st.sampled_from(ODD_TEXTS)


def arrow(values, kind):
    return lambda n: pd.array(values[:n], dtype=pd.ArrowDtype(kind))


def category(values):
    return lambda n: pd.Categorical(values[:n])


YEARS = [pd.Timestamp("2020"), pd.NaT, pd.Timestamp("2021"), pd.Timestamp("2020")]
PRICES = [decimal.Decimal("1.10"), None, decimal.Decimal(0), decimal.Decimal("-9.99")]

EXTENSIONS = {
    "sparse": lambda n: pd.arrays.SparseArray([0, 1, 0, 0][:n]),
    "sparse nan": lambda n: pd.arrays.SparseArray([math.nan, 1, math.nan, 2][:n]),
    "period": lambda n: pd.period_range("2020-01", periods=n, freq="M"),
    "interval": lambda n: pd.interval_range(0, periods=n, closed="left"),
    "category of numbers": category([1.5, None, 2.5, 1.5]),
    "category of moments": category(YEARS),
    "category of intervals": lambda n: pd.Categorical(pd.interval_range(0, periods=n)),
    "category of tuples": category([(1, 2), (3, 4), None, (1, 2)]),
    "category of mixed": category([1, "a", None, 2.5]),
    "category of nothing": category([None] * 4),
    "arrow list": arrow([[1], None, [], [2, None]], pa.list_(pa.int64())),
    "arrow struct": arrow([{"a": 1}, None, {"a": None}, {"a": 2}], pa.struct([("a", pa.int8())])),
    "arrow map": arrow([[("a", 1)], None, [], [("b", 2)]], pa.map_(pa.string(), pa.int8())),
    "arrow decimal": arrow(PRICES, pa.decimal128(5, 2)),
    "arrow dictionary": arrow(["a", None, "b", "a"], pa.dictionary(pa.int8(), pa.string())),
    "arrow binary": arrow([b"a", None, b"", b"\xff"], pa.binary()),
    "arrow time": arrow([dt.time(1), None, dt.time(2), dt.time(3)], pa.time64("ns")),
    "bytes of numpy": lambda n: np.array([b"a", b"", b"b", b"c"][:n], dtype="S3"),
    "complex": lambda n: np.array([1j, 0, 2, 3][:n]),
    "long double": lambda n: np.array([0.1, 2, 3, 4][:n], dtype=np.longdouble) / 3,
    "big-endian": lambda n: np.arange(n, dtype=">i4"),
    "big-endian floats": lambda n: np.arange(n, dtype=">f8") / 3,
    "wide": lambda n: np.full(n, 2**63, dtype="u8"),
}


@st.composite
def columns(draw, length):
    kind = draw(st.integers(0, 2))
    if kind == 0 and length <= 4:
        name = draw(st.sampled_from([*EXTENSIONS]))
        return pd.Series(EXTENSIONS[name](length))
    if kind == 1:
        column = draw(COLUMNS[draw(st.sampled_from([*COLUMNS]))])
        return column if len(column) == length else column.reindex(range(length))
    cells = np.empty(length, dtype=object)
    for place in range(length):
        cells[place] = draw(CELLS)
    return pd.Series(cells, dtype=object)


class Subclass(pd.DataFrame):
    """A frame whose class is its own, and lies."""

    @property
    def _constructor(self):
        return Subclass


class Failing(pd.DataFrame):
    """A frame that fails as soon as it is read."""

    @property
    def _constructor(self):
        return Failing

    @property
    def iloc(self):
        raise OwnError("no cells")


@st.composite
def frames(draw):
    length = draw(st.integers(0, 4))
    made = [draw(columns(length)) for _ in range(draw(st.integers(0, 4)))]
    frame = pd.DataFrame(dict(enumerate(made)), index=range(length))
    labels = [draw(LABELS) for _ in made]
    match draw(st.integers(0, 4)):
        case 0:
            frame.columns = pd.RangeIndex(len(made))
        case 1 if made:
            pairs = [(label, draw(st.sampled_from(["a", 1, "a"]))) for label in labels]
            with suppress(TypeError, ValueError):
                frame.columns = pd.MultiIndex.from_tuples(pairs)
        case _:
            frame.columns = pd.Index(labels, dtype=object)
    match draw(st.integers(0, 6)):
        case 0:
            frame.index = pd.Index([draw(LABELS) for _ in range(length)], dtype=object)
        case 1:
            frame.index.name = draw(LABELS.filter(_is_hashable))
        case 2:
            frame.index = pd.MultiIndex.from_arrays([range(length), ["a"] * length])
        case 3 if length:
            frame.index = pd.date_range("2020", periods=length, tz="Europe/Berlin")
        case 4:
            frame = Subclass(frame)
        case 5 if draw(st.booleans()):
            frame = Failing(frame)
    frame.attrs["x"] = cycle()
    return frame


def _is_hashable(label):
    try:
        hash(label)
    except TypeError:
        return False
    return True


@examples(10)
@given(frames(), st.sampled_from(["auto", True, False]))
def test_a_frame_comes_back_as_it_was_or_is_refused(frame, index):
    """What is taken comes back, as JSON and as Arrow, with no value lost in silence."""
    try:
        table = encode_frame(frame, index=index)
    except (PlotlyNbextError, OwnError):
        return
    schema = json.loads(json.dumps(table.schema))
    as_arrow = [(c.name, pa.chunked_array([c.array])) for c in table.columns]
    as_json = [(c.name, json.loads(c.data)) for c in table.columns]
    names = [name for name, _ in as_json]
    assert len(set(names)) == len(names)
    for columns in (as_arrow, as_json):
        found = decode_frame(columns, schema)
        expected = pd.DataFrame(frame)
        if index is False:
            expected = expected.reset_index(drop=True)
        assert found.shape == expected.shape
        for place in range(expected.shape[1]):
            same_cells(expected.iloc[:, place], found.iloc[:, place])
        if index is True or index == "auto":
            same_labels(expected.index, found.index)
        same_labels(expected.columns, found.columns)
        decode_arrow(columns, schema)


def same_labels(expected, found):
    for one, other in zip(expected, found, strict=True):
        assert same(one, other), (one, other)


def same_cells(expected, found):
    for one, other in zip(expected, found, strict=True):
        assert same(one, other), (type(one), one, type(other), other)


def same(one, other):
    """Compare to the last bit; what is missing is as missing."""
    if isinstance(one, float | np.floating) and isinstance(other, float | np.floating):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or (one == other and math.copysign(1, one) == math.copysign(1, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return [*one] == [*other] and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same(a, b) for a, b in pairs)
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return np.asarray(one).tolist() == np.asarray(other).tolist()
    if is_missing(one) or is_missing(other):
        return is_missing(one) and is_missing(other)
    if isinstance(one, bool | np.bool_) != isinstance(other, bool | np.bool_):
        return False
    return bool(one == other)


def is_missing(value):
    missing = pd.isna(value)
    return isinstance(missing, bool | np.bool_) and bool(missing)


FIGURES = [
    {"data": [{"y": [1, 3, 2], "x": ["a", None, "c"], "type": "bar"}], "layout": {"title": "t"}},
    {"data": [{"z": [[1, 2], [3, 4]], "type": "heatmap"}], "layout": {"xaxis": {"range": [0, 1]}}},
    {"data": [], "layout": {}, "frames": [{"name": "f", "data": [{"y": [1]}]}], "config": {}},
]
KEYS = [1, None, 0.5, float("nan"), ("a", 1), "\ud800", "", b"x", True, OddText("k")]


@st.composite
def figures(draw):
    figure = copy.deepcopy(draw(st.sampled_from(FIGURES)))
    for _ in range(draw(st.integers(1, 3))):
        node = figure
        for _ in range(draw(st.integers(0, 4))):
            inner = node.values() if isinstance(node, dict) else node
            inner = [value for value in inner if isinstance(value, dict | list) and value]
            if not inner:
                break
            node = draw(st.sampled_from(inner))
        value = draw(CELLS)
        if isinstance(node, list):
            node.append(value)
        elif draw(st.booleans()) and node:
            node[draw(st.sampled_from([*node]))] = value
        else:
            node[draw(st.sampled_from(KEYS))] = value
    return figure


@examples(8)
@given(figures())
def test_a_figure_is_written_whole_or_refused(figure):
    try:
        content = figure_dict(figure)
        text = figure_json(content)
        asked = request(figure)
    except (PlotlyNbextError, OwnError):
        return
    assert b'"figure":' in asked.body
    told = json.loads(text)
    assert isinstance(told, dict)
    if isinstance(content["data"], list):
        assert len(told["data"]) == len(content["data"])
