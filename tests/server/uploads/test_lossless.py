"""Text → JSON values: what becomes a number, and that nothing of the text is lost."""

from __future__ import annotations

import csv
import io
import math
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.columns import wire
from plotly_nbext.server.uploads.lossless import KINDS

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def typed(cells: list[str]) -> list:
    """Give the values of a column of text."""
    array = pa.array([cell or None for cell in cells], pa.string())
    if array.null_count == len(array):
        return [None] * len(array)
    return wire.to_values(next(data for kind in KINDS if (data := kind(array)) is not None))


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "-2", "0"], [1, -2, 0]),
        (["1.50", "2", ""], [1.5, 2, None]),
        (["1e5", "1E-5", "-0.0"], [1e5, 1e-5, -0.0]),
        ([" 1", "2 "], [1, 2]),
        (["-0", "1", " -0 ", "-0.5"], [-0.0, 1, -0.0, -0.5]),
        ([str(2**53 + 1), str(2**64), "9" * 40], [2**53 + 1, 2**64, int("9" * 40)]),
        (["0.1", "0.30000000000000004"], [0.1, 0.1 + 0.2]),
        (["1.000000000000000056e-01"], [0.1]),
        ([repr(2.0**-24), repr(2.0**70)], [2.0**-24, 2.0**70]),
        (["5e-324", "1.7976931348623157e308"], [5e-324, 1.7976931348623157e308]),
        (["true", "", "false"], [True, None, False]),
        (["TRUE", "FALSE"], [True, False]),
    ],
)
def test_numbers_and_booleans_are_what_they_say(cells, values):
    assert typed(cells) == values
    assert list(map(type, typed(cells))) == list(map(type, values))


@pytest.mark.parametrize(
    "cell",
    [
        *("007", "+1", "1,5", "1.", ".5", "0x1F", "1_000", "NaN", "Infinity", "null", "n/a"),
        *("1e400", "1e-400", "0.33333333333333333333", "2026-01-02", "yes", "[1]", "1 2", '"1"'),
        *("True ", "{}", "1;2", "٣", "9" * 5000, "1e-0-0", "-00", "0." + "1" * 2000, "-", " "),
    ],
)
def test_what_is_no_number_as_json_writes_it_makes_the_column_text(cell):
    assert typed(["1", cell, ""]) == ["1", cell, None]


@pytest.mark.parametrize("cells", [["true", "True"], ["true", "1"], ["1", "2,3"], ["[1", "2]"]])
def test_a_column_of_several_kinds_is_text(cells):
    assert typed(cells) == cells


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_any_float_comes_back_from_its_shortest_text(values):
    seen = typed([repr(value) for value in values])
    assert [math.copysign(1, value) for value in seen] == [math.copysign(1, v) for v in values]
    assert seen == values


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1),
    st.sampled_from([".16e", ".18e", ".30e", ".17g"]),
)
def test_any_float_comes_back_from_texts_with_more_digits(values, form):
    assert typed([format(value, form) for value in values]) == values


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_decimal_is_a_number_only_if_all_its_digits_are_the_numbers(values):
    cells = [format(value, "f") for value in values]
    for cell, seen in zip(cells, typed(cells), strict=True):
        if isinstance(seen, float):
            # as short as can be, or as precise as the cell, it is written as the cell is
            places = len(cell.partition(".")[2])
            assert Decimal(cell) in {Decimal(repr(seen)), Decimal(f"{seen:.{places}f}")}
        else:
            assert seen == (int(cell) if isinstance(seen, int) else cell)


@given(st.lists(st.text(LETTERS), min_size=1))
def test_a_column_is_either_its_text_or_all_numbers_or_all_booleans(cells):
    values = typed(cells)
    types = {type(value) for value in values} - {type(None)}
    assert types <= {int, float} or types == {bool} or values == [cell or None for cell in cells]
    assert [value is None for value in values] == [cell == "" for cell in cells]


CELLS = st.one_of(
    st.lists(st.none() | st.integers(), min_size=3, max_size=3),
    st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
    st.lists(
        st.none() | st.text(LETTERS, min_size=1).map(lambda text: f"x{text}x"),
        min_size=3,
        max_size=3,
    ),
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(columns=st.lists(CELLS, min_size=2, max_size=4))
def test_what_csv_writer_writes_comes_back(api, columns):
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    names = [f"column {number}" for number in range(len(columns))]
    writer.writerow(names)
    writer.writerows(zip(*columns, strict=True))
    seen = api.uploaded(file.getvalue().encode())
    assert seen == dict(zip(names, columns, strict=True))
