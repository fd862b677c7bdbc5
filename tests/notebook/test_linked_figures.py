"""What `plotly_nbext.link` returns is a figure to all that takes one, in a real kernel."""

from __future__ import annotations

import pytest

FIGURE = """
import plotly.express as px
import plotly_nbext
fig = px.bar(x=["Jan", "Feb"], y=[4, 2], color=["a", "b"])
linked = plotly_nbext.link(fig, "sales/drawn")
"""


@pytest.fixture(scope="module")
def drawn(kernel):
    kernel.run(FIGURE)
    return kernel


def test_the_magic_draws_it_as_it_draws_the_figure(drawn):
    pictures = [
        drawn.run(f"%plotly_render {name} -W 300").display["data"]["image/png"]
        for name in ("fig", "linked")
    ]
    assert pictures[0] == pictures[1]


def test_a_figure_view_shows_its_values(drawn):
    pictures = [drawn.run(f"plotly_nbext.FigureView({name})").widget for name in ("fig", "linked")]
    assert pictures[0]["image/png"] == pictures[1]["image/png"]


def test_it_is_rendered_and_kept_by_the_calls_of_a_script(drawn):
    assert drawn.value("plotly_nbext.render(fig).data == plotly_nbext.render(linked).data") is True
    drawn.run("plot = plotly_nbext.connect().push_plot(linked, 'sales/chart')")
    assert drawn.value("plot.references == [plotly_nbext.grid('sales/drawn').fid]") is True


def test_an_update_of_the_grid_changes_the_plot(drawn):
    drawn.run(
        "plotly_nbext.link(px.bar(x=['Jan', 'Feb'], y=[4, 9], color=['a', 'b']), 'sales/drawn');"
    )
    assert drawn.value("plot.figure()['data'][1]['y']") == [9]


def test_a_column_that_a_plot_draws_is_missed_in_the_cell(drawn):
    drawn.run("import pandas as pd")
    ran = drawn.run("pd.DataFrame({'x': [1]}).plotly_grid.push('sales/drawn');")
    assert "PlotlyNbextWarning: The grid 'sales/drawn' has lost the columns" in ran.text("stderr")
