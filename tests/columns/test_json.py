"""JSON text is read and written exactly, or refused in words that a user understands."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotly_nbext.columns import json

FIXTURE = HealthCheck.function_scoped_fixture

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=50, deadline=None)
@given(values)
def test_every_value_comes_back_the_same(value):
    again = json.loads(json.dumps(value))
    assert again == value
    assert repr(again) == repr(value)  # 1 is not 1.0, -0.0 is not 0.0


@pytest.mark.parametrize(
    "number", [2**53 + 1, 2**63 - 1, 2**64 - 1, 2**64, -(2**63) - 1, 10**30, -(10**400)]
)
def test_an_integer_of_any_size_is_exact(number):
    assert json.dumps([number]) == str([number]).encode()
    assert json.loads(str([number])) == [number]


@pytest.mark.parametrize("number", [5e-324, 1.7976931348623157e308, 0.1, -0.0, 2**53 + 2.0, 1e22])
def test_a_float_is_the_same_to_the_last_bit(number):
    again = json.loads(json.dumps(number))
    assert again.hex() == number.hex()


def test_nan_and_infinities_are_read_as_null():
    assert json.loads(b'{"x": [NaN, Infinity, -Infinity, 1]}') == {"x": [None, None, None, 1]}


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 5000])
def test_a_number_too_large_is_kept_as_its_text_only_for_who_asks(number):
    text = f'[{number},NaN,1,0.5,{2**70},{{"a":[{number}]}}]'
    kept = json.loads(text, keep_too_large=True)
    assert kept[1:5] == [None, 1, 0.5, 2**70]
    assert json.dumps(kept).decode() == text.replace("NaN", "null")
    with pytest.raises(ValueError, match=r"too large for a float|are the most"):
        json.loads(text)


@pytest.mark.parametrize("value", ["[1, 2.5]", '{"a": NaN}', '"\ufeff"'])
def test_a_byte_order_mark_before_the_text_is_passed_over(value):
    assert json.loads("\ufeff" + value) == json.loads(value)
    assert json.loads(b"\xef\xbb\xbf" + value.encode()) == json.loads(value)


def test_nan_and_infinities_are_written_as_null():
    assert json.dumps([math.nan, math.inf, -math.inf]) == b"[null,null,null]"


def test_a_big_integer_beside_nan_stays_exact():
    assert json.loads(f"[NaN, {2**70}, 0.1]") == [None, 2**70, 0.1]


def test_nul_and_unicode_are_kept():
    assert json.loads(b'"\\u0000\\ud83d\\ude00 \xc3\xa9"') == "\0😀 é"
    assert json.loads(json.dumps("\0😀 é")) == "\0😀 é"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'["\\ud800"]', "half a surrogate pair"),
        (b'{"\\udfff": NaN}', "half a surrogate pair"),
        ('["\ud800"]', "half a surrogate pair"),
        (b"[1e400]", "1e400 is too large for a float"),
        (b"[1,]", "not valid JSON: .*line 1 column "),
        (b"", "not valid JSON"),
        (b"{'a': 1}", "not valid JSON"),
        (b'"\xff"', "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b"[NaN, " * 100_000, "nested too deeply"),
        (b"1" * 5000, "the integer 1{40}… has 5,000 digits; 4,300 are the most$"),
        (b'{"a": [-%b]}' % (b"2" * 4301), "has 4,301 digits"),
    ],
)
def test_what_is_no_json_is_refused_in_plain_words(text, message):
    with pytest.raises(ValueError, match=message):
        json.loads(text)


def nested(depth):
    return b"[" * depth + b"]" * depth


def test_lists_are_read_down_to_the_limit_and_refused_below_it():
    assert json.dumps(json.loads(nested(json.MAX_DEPTH))) == nested(json.MAX_DEPTH)
    with pytest.raises(ValueError, match="nested too deeply"):
        json.loads(nested(json.MAX_DEPTH + 1))
    with pytest.raises(ValueError, match="nested too deeply"):
        json.loads(b'{"a":' * (json.MAX_DEPTH + 1) + b"NaN" + b"}" * (json.MAX_DEPTH + 1))


def depth(value) -> int:
    if not isinstance(value, list | dict):
        return 0
    return 1 + max(map(depth, value.values() if isinstance(value, dict) else value), default=0)


@pytest.mark.parametrize("block", [1, 5, 1 << 20])
@settings(max_examples=100, deadline=None, suppress_health_check=[FIXTURE])
@given(value=st.lists(values | st.text('[]{}"\\'), min_size=1))
def test_the_depth_of_a_text_is_that_of_its_values(monkeypatch, block, value):
    monkeypatch.setattr(json, "_BLOCK_BYTES", block)
    text = json.dumps(value)
    assert json.loads(text, max_depth=depth(value)) == value
    with pytest.raises(ValueError, match="nested too deeply"):
        json.loads(text, max_depth=depth(value) - 1)


def test_many_lists_side_by_side_and_brackets_in_text_are_not_deep():
    assert json.loads(b"[[],{}" + b",[1]" * 1000 + b"]")[-1] == [1]
    assert json.loads(b'"' + b"[" * 1000 + b'"') == "[" * 1000


def test_half_a_surrogate_pair_is_not_written():
    with pytest.raises(ValueError, match="half a surrogate pair"):
        json.dumps({"a": ["\ud800"]})


def test_a_list_that_holds_itself_is_not_written():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested too deeply"):
        json.dumps(endless)


def test_what_json_has_no_form_for_is_not_written():
    with pytest.raises(TypeError):
        json.dumps([object()])
