"""What is said of a figure for those who can't see it, whatever the figure holds."""

from __future__ import annotations

import numpy as np
import pytest

from plotly_nbext.notebook.captions import alt_text, file_stem


@pytest.mark.parametrize(
    "layout",
    [
        {"title": "T", 1: {"title": "x"}},
        {"title": "T", None: 5, "scene": {1: {"title": "x"}}},
        {"title": {"text": "T"}, ("xaxis",): {}},
    ],
)
def test_keys_that_are_no_text_name_no_axis(layout):
    assert alt_text({"data": [], "layout": layout}) == "Plotly figure “T”."
    assert file_stem({"layout": layout}) == "t"


@pytest.mark.parametrize("kind", [None, "", 5, ["bar"], np.array([1, 2])])
def test_a_trace_whose_type_is_none_is_the_usual_one(kind):
    figure = {"data": [{"type": kind, "y": [1]}]}
    assert alt_text(figure) == "Plotly figure with 1 scatter trace."
