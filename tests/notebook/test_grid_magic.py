"""`%plotly_grid`, `df.plotly_grid` and the display of grids, in a real kernel."""

from __future__ import annotations

import pytest

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module", autouse=True)
def _frames(kernel):
    kernel.run(
        "import pandas as pd\n"
        "df = pd.DataFrame({'month': ['Jan', 'Feb', 'Mar'], 'total': [1.5, 2.5, None]})\n"
        "more = pd.DataFrame({'month': ['Apr'], 'total': [4.0]})\n"
    )


def test_push_gives_a_grid_and_pull_gives_the_frame_back(kernel):
    ran = kernel.run("grid = %plotly_grid push df --name magic/totals")
    assert ran.outputs == []
    assert kernel.value("grid.path, grid.row_count") == ("magic/totals", 3)
    kernel.run("back = %plotly_grid pull magic/totals")
    kernel.run("pd.testing.assert_frame_equal(back, df)")
    kernel.run("%plotly_grid pull {grid.fid} -o again")
    kernel.run("pd.testing.assert_frame_equal(again, df)")
    assert "Jan" in kernel.run("%plotly_grid pull magic/totals").result["text/plain"]


def test_push_replaces_in_place_appends_and_refuses_to_create_twice(kernel):
    kernel.run("%plotly_grid push df --name magic/modes -o first")
    before = kernel.value("first.fid, [c.uid for c in first.columns]")
    kernel.run("%plotly_grid push df.iloc[:2] -n magic/modes --mode replace -o second")
    assert kernel.value("second.fid, [c.uid for c in second.columns]") == before
    assert kernel.value("second.row_count") == 2
    kernel.run("%plotly_grid push more -n modes --folder magic --mode append -o third")
    assert kernel.value("third.to_frame().month.tolist()") == ["Jan", "Feb", "Apr"]
    error = kernel.try_("%plotly_grid push df -n magic/modes --mode create").error
    assert error["ename"] == "ValidationError"
    assert kernel.value("third.refresh().row_count") == 3


def test_push_puts_rows_by_their_key_and_tells_before_what_that_changes(kernel):
    kernel.run("%plotly_grid push df --name magic/keyed;")
    kernel.run("news = pd.DataFrame({'month': ['Feb', 'Apr'], 'total': [7.0, 4.0]})")
    dry = kernel.run("%plotly_grid push news -n magic/keyed --mode upsert --key month --dry-run")
    assert dry.result["text/plain"] == (
        "Difference('magic/keyed')\n  ~ column 'total': 1 value\n  + 1 row\n  ~ 1 row"
    )
    assert "<td>1 row</td>" in dry.result["text/html"]
    kernel.run("%plotly_grid push news -n magic/keyed --mode upsert --key month -o keyed")
    assert kernel.value("keyed.to_frame().total.tolist()[:2]") == [1.5, 7.0]
    assert kernel.value("keyed.row_count") == 4
    assert (
        kernel.value(
            "bool(news.plotly_grid.diff('keyed', mode='upsert', key='month', parent='magic'))"
        )
        is False
    )


def test_frames_of_polars_are_pushed_shown_and_pulled(kernel):
    kernel.run("import polars as pl\nframe = pl.DataFrame({'x': [1, 2], 's': ['a', None]})")
    kernel.run("made = frame.plotly_grid.push('magic/polars')")
    assert kernel.value("(made.row_count, bool(frame.plotly_grid.diff('magic/polars')))") == (
        2,
        False,
    )
    kernel.run("back = %plotly_grid pull magic/polars --as polars")
    assert kernel.value("back.equals(frame)") is True
    shown = kernel.run("frame.plotly_grid.view()").widget
    assert ">a</td>" in shown["text/html"]
    assert "2 rows × 2 columns" in shown["text/html"]
    error = kernel.try_("%plotly_grid pull magic/polars --as numpy")
    assert "--as: invalid choice" in error.text("stderr")


def test_the_index_is_kept_as_asked(kernel):
    kernel.run("labelled = df.set_index('month')")
    for index, columns in (("auto", ["month", "total"]), ("no", ["total"])):
        kernel.run(f"%plotly_grid push labelled -n magic/index-{index} --index {index} -o kept")
        assert kernel.value("[c.name for c in kept.columns]") == columns


def test_names_are_filled_in_and_quoted_names_may_hold_spaces(kernel):
    kernel.run("year = 2026\n%plotly_grid push df -n 'magic/sales of {year}' -o named")
    assert kernel.value("named.path") == "magic/sales of 2026"
    kernel.run("%plotly_grid pull 'magic/sales of {year}' -o frame")
    assert kernel.value("len(frame)") == 3


def test_a_grid_is_shown_as_a_widget_a_table_and_text_without_its_id(kernel):
    kernel.run("%plotly_grid push df -n magic/shown -o grid")
    shown = kernel.run("grid").widget
    assert shown["text/plain"].startswith("Grid('magic/shown', 3 rows × 2 columns)\n\n")
    assert set(shown) == {WIDGET, "text/html", "text/plain"}
    assert ">Feb</td>" in shown["text/html"]
    assert kernel.value("grid.fid") not in shown["text/html"]
    assert WIDGET in kernel.run("%plotly_grid push df -n magic/shown").widget
    assert kernel.run("%plotly_grid push df -n magic/shown;").outputs == []


@pytest.mark.parametrize(
    "what",
    ["magic/twice", '"magic/twice"', "held", "grids['a']", "df.plotly_grid.push('magic/twice')"],
)
def test_show_takes_a_path_a_variable_or_an_expression(kernel, what):
    kernel.run("%plotly_grid push df -n magic/twice -o held\ngrids = {'a': held}\nmagic = 7")
    shown = kernel.run(f"%plotly_grid show {what}").widget
    assert shown["text/plain"].startswith("Grid('magic/twice', 3 rows × 2 columns)\n")
    assert set(shown) == {WIDGET, "text/html", "text/plain"}


def test_ls_lists_names_and_rows_and_the_long_form_more(kernel):
    kernel.run("%plotly_grid push df -n listed/b;\n%plotly_grid push more -n listed/a;")
    kernel.run("%plotly_grid push more -n listed/sub/c;")
    shown = kernel.run("%plotly_grid ls listed").result
    assert shown["text/plain"] == "name  rows\na        1\nb        3\nsub/"
    assert "<td>sub/</td>" in shown["text/html"]
    long = kernel.run("%plotly_grid ls listed --long").result["text/plain"]
    assert kernel.value("__import__('plotly_nbext').grid('listed/a').fid") in long
    assert "listed/" in kernel.run("%plotly_grid ls").result["text/plain"]
    assert kernel.run("%plotly_grid ls listed;").outputs == []


def test_the_accessor_creates_replaces_and_appends(kernel):
    kernel.run("name, facts = 'accessor/totals', {'by': 'me'}")
    kernel.run("made = df.plotly_grid.push(name, mode='create', metadata=facts)")
    fid, uids = kernel.value("made.fid, [c.uid for c in made.columns]")
    kernel.run("made = df.head(2).plotly_grid.push(name)")
    assert kernel.value("made.fid, [c.uid for c in made.columns]") == (fid, uids)
    assert kernel.value("made.metadata") == {"by": "me"}
    kernel.run("made = more.plotly_grid.push('totals', mode='append', parent='accessor')")
    assert kernel.value("made.to_frame().month.tolist()") == ["Jan", "Feb", "Apr"]
    # A frame remembers no grid.
    assert kernel.value("df.attrs") == {}


def test_a_frame_is_viewed_as_a_table_without_being_pushed(kernel):
    kernel.run("from plotly_nbext.api import current_client")
    listed = kernel.value("[f.name for f in current_client().list()]")
    kernel.run("big = pd.DataFrame({'n': range(1000)}, index=pd.RangeIndex(5, 1005, name='id'))")
    shown = kernel.run("big.plotly_grid.view()").widget
    assert WIDGET in shown
    assert '<td align="right">14</td><td align="right">9</td>' in shown["text/html"]
    assert "1,000 rows × 2 columns" in shown["text/html"]
    assert kernel.value("[f.name for f in current_client().list()]") == listed


def test_a_figure_that_references_a_grid_is_rendered_from_it(kernel):
    kernel.run("%plotly_grid push df -n magic/referenced -o grid")
    kernel.run("fig = {'data': [{'xsrc': grid['month'].src, 'ysrc': grid['total'].src}]}\n")
    svg = kernel.run("%plotly_render fig -f svg").display["data"]["image/svg+xml"]
    assert "Jan" in svg


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%plotly_grid", "UsageError: Write %plotly_grid push|upload|pull|show|ls"),
        (
            "%plotly_grid psuh df",
            "UsageError: Write %plotly_grid push|upload|pull|show|ls …, not 'psuh'.",
        ),
        ("%plotly_grid push df", "UsageError: the following arguments are required: -n/--name"),
        ("%plotly_grid push -n x", "UsageError: the following arguments are required: expr"),
        ("%plotly_grid push df -n x --mode swap", "UsageError: argument --mode: invalid choice"),
        ("%plotly_grid pull magic/none", "NotFoundError: There is no grid 'magic/none'"),
        ("%plotly_grid show magic/none", "NotFoundError: There is no grid 'magic/none'"),
        ("%plotly_grid ls none", "NotFoundError: There is no folder 'none'"),
        ("%plotly_grid pull '{none}'", "UsageError: '{none}' can't be filled in"),
    ],
)
def test_what_is_wrong_is_said_in_one_short_message(kernel, cell, message):
    ran = kernel.try_(cell)
    assert ran.status == "error"
    errors = ran.of("error")
    shown = "\n".join(errors[0]["traceback"]) if errors else ran.text("stderr")
    assert shown.startswith(message)
    assert len(shown.strip().splitlines()) <= 3


def test_a_value_that_cannot_be_kept_is_an_error_that_names_the_column(kernel):
    error = kernel.try_(
        "%plotly_grid push pd.DataFrame({'fine': [1], 'odd': [object()]}) -n magic/odd"
    ).error
    assert error["ename"] == "ValidationError"
    assert "odd" in error["evalue"]


def test_reloading_the_extension_changes_nothing_for_the_user(kernel):
    ran = kernel.run("%reload_ext plotly_nbext\n%plotly_grid push df -n magic/again")
    assert ran.text("stderr") == ""
    assert ran.widget["text/plain"].startswith("Grid('magic/again', 3 rows × 2 columns)\n")
    assert kernel.run("df.plotly_grid.push('magic/again').name").result["text/plain"] == "'again'"


def test_trashing_a_grid_as_the_last_line_of_a_cell_does_not_fail_the_cell(kernel):
    kernel.run("gone = df.plotly_grid.push('magic/gone')")
    shown = kernel.run("gone.trash()").display["data"]
    assert set(shown) == {"text/plain"}
    assert "in the trash" in shown["text/plain"]
    assert WIDGET in kernel.run("gone.restore()").widget
