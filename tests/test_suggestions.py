"""Did you mean …"""

from __future__ import annotations

import pytest

from plotly_nbext.suggestions import did_you_mean, suggestion


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("--fromat", ["--format", "--width"], "--format"),
        ("--quite", ["--width", "--quiet"], "--quiet"),
        ("coutnry", ["Out", "country", "count"], "country"),
        ("Sales", ["sales", "Sale"], "sales"),
        ("pish", ["pull", "push"], "push"),
        ("fgi", ["fig2", "fig"], "fig"),
        ("jgp", ["png", "jpg"], "jpg"),
        ("-w", ["-W", "-s"], "-W"),
    ],
)
def test_a_slip_of_the_fingers_is_seen_through(word, choices, meant):
    assert suggestion(word, choices) == meant
    assert did_you_mean(word, iter(choices)) == f"Did you mean {meant}?"


@pytest.mark.parametrize(
    ("word", "choices"),
    [
        ("coutnry", ["Out", "In", "count"]),
        ("dask", ["pandas", "polars", "arrow"]),
        ("x", ["y", "ax", "fx"]),
        ("sales", []),
        ("", ["x"]),
    ],
)
def test_nonsense_is_not_suggested(word, choices):
    assert suggestion(word, choices) is None
    assert did_you_mean(word, choices) is None
