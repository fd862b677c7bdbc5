"""`%plotly_grid`, `df.plotly_grid` and the display of grids, in a real kernel."""

from __future__ import annotations

import pytest

WIDGET = "application/vnd.jupyter.widget-view+json"
COMMANDS = (
    "%plotly_grid push df sales/2026 ",
    "%plotly_grid append df sales/2026 ",
    "%plotly_grid diff df sales/2026 ",
    "%plotly_grid upload sales.xlsx ",
    "df = %plotly_grid pull sales/2026 ",
    "%plotly_grid show sales/2026 ",
    "%plotly_grid lookup sales/2026 ",
    "%plotly_grid url sales/2026 ",
    "%plotly_grid ls sales ",
    "%plotly_grid rename sales/2026 2027 ",
    "%plotly_grid move sales/2026 archive ",
    "%plotly_grid trash sales/2026 ",
    "%plotly_grid restore sales/2026 ",
    "%plotly_grid delete sales/2026 --yes ",
)


@pytest.fixture(scope="module", autouse=True)
def _frames(kernel):
    kernel.run(
        "import pandas as pd\n"
        "df = pd.DataFrame({'month': ['Jan', 'Feb', 'Mar'], 'total': [1.5, 2.5, None]})\n"
        "more = pd.DataFrame({'month': ['Apr'], 'total': [4.0]})\n"
        "import plotly_nbext\n"
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
    kernel.run("lazy = %plotly_grid pull magic/polars --as dask")
    assert kernel.value("lazy.compute()['x'].tolist()") == [1, 2]
    shown = kernel.run("frame.plotly_grid.view()").widget
    assert ">a</td>" in shown["text/html"]
    assert "2 rows × 2 columns" in shown["text/html"]
    error = kernel.try_("%plotly_grid pull magic/polars --as numpy")
    assert error.error["ename"] == "UsageError"
    assert "It is one of pandas, polars, arrow, dask." in error.error["evalue"]


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
    ("words", "path"),
    [
        ("df magic/last", "magic/last"),
        ("df[df.total > 2] magic/filtered", "magic/filtered"),
        ("df.head( 2 ) 'magic/of {year}'", "magic/of 2026"),
        ("df if year else more magic/chosen --mode create", "magic/chosen"),
        ("df in/magic", "in/magic"),
        ("df - 0 --name magic/named", "magic/named"),
        ("df last --parent magic", "magic/last"),
    ],
)
def test_the_word_after_the_expression_is_the_path(kernel, words, path):
    kernel.run("year = 2026\ndf.month = range(3)")
    kernel.run(f"%plotly_grid push {words} -o pushed")
    assert kernel.value("pushed.path") == path


@pytest.mark.parametrize("words", ["df - total", "df [0]", "df", "(df, magic)"])
def test_a_word_that_may_be_of_the_expression_is_no_path_and_nothing_is_evaluated(kernel, words):
    error = kernel.try_(f"%plotly_grid push {words}").error
    assert error["ename"] == "UsageError"
    assert error["evalue"] == (
        f"push needs a path for the grid of {words}.\nFor example: %plotly_grid push df sales/2026"
    )


def test_append_adds_rows_to_a_grid_that_is_there_and_makes_none(kernel):
    kernel.run("%plotly_grid push df magic/appended;")
    kernel.run("%plotly_grid append df.tail(1) appended --parent magic -o longer")
    assert kernel.value("longer.row_count") == 4
    error = kernel.try_("%plotly_grid append df magic/apended").error
    assert error["evalue"] == ("There is no grid 'magic/apended'.\nDid you mean magic/appended?")
    assert kernel.value("plotly_nbext.api.current_client().exists('magic/apended')") is False


def test_diff_tells_what_a_push_would_change_and_changes_nothing(kernel):
    kernel.run("%plotly_grid push df magic/compared -o compared")
    ran = kernel.run("%plotly_grid diff df.head(1) magic/compared")
    assert ran.result["text/plain"] == "Difference('magic/compared')\n  - 2 rows"
    kernel.run("same = %plotly_grid diff df magic/compared")
    assert kernel.value("(bool(same), compared.refresh().row_count)") == (False, 3)
    assert kernel.run("%plotly_grid diff df magic/compared;").outputs == []


def test_a_series_is_a_grid_of_one_column_and_a_lazy_frame_is_to_be_collected(kernel):
    kernel.run("import polars as pl")
    for series in ("df.total", "pl.Series('total', [1.5, 2.5, None])"):
        kernel.run(f"%plotly_grid push {series} magic/series -o series")
        assert kernel.value("list(series), series['total'].data") == (["total"], [1.5, 2.5, None])
    error = kernel.try_("%plotly_grid push pl.LazyFrame({'a': [1]}) magic/lazy").error
    assert ".collect()" in error["evalue"]


def test_a_value_is_given_where_it_is_asked_for_whatever_ends_the_line(kernel):
    kernel.run("grid = %plotly_grid push df magic/valued;")
    assert kernel.value("grid.path") == "magic/valued"
    ran = kernel.run("back = %plotly_grid pull magic/valued;")
    assert ran.outputs == []
    assert kernel.value("back.shape") == (3, 2)
    assert kernel.run("%plotly_grid pull magic/valued;").outputs == []


def test_help_is_text_and_lists_each_sub_command_with_a_line_that_works(kernel):
    alone = kernel.run("%plotly_grid").text("stdout")
    asked = kernel.value("get_ipython().object_inspect_mime('%plotly_grid')['text/plain']")
    for text in (alone, asked):
        for line in COMMANDS:
            assert line in text
    for flag in ("-h", "--help"):
        push = kernel.run(f"%plotly_grid push {flag}").text("stdout")
        assert "%plotly_grid push df sales/2026 --mode upsert --key month" in push
        assert "--dry-run" in push


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%plotly_grid psuh df", "has no sub-command 'psuh'.\nDid you mean push?"),
        ("%plotly_grid rm x", "has no sub-command 'rm'.\nDid you mean trash?"),
        ("%plotly_grid frobnicate", "has no sub-command 'frobnicate'.\nIt has push, append, "),
        ("%plotly_grid push", "push takes a DataFrame and the path of its grid.\nFor example: "),
        ("%plotly_grid push -n x", "push takes a DataFrame and the path of its grid.\nFor example"),
        ("%plotly_grid push df a -n b", "push df is given two paths: a and b."),
        ("%plotly_grid push df a b", 'Is it a path with spaces? %plotly_grid push df "a b"'),
        ("%plotly_grid push dff x", "There is no variable dff.\nDid you mean df?"),
        ("%plotly_grid push df x --mode upsrt", "can't be 'upsrt'. It is one of replace, create"),
        ("%plotly_grid push df x --mdoe append", "no option --mdoe.\nDid you mean --mode?"),
        ("%plotly_grid push df x --mode upsert -k mnth", "'mnth'; it has 'month', 'total'.\nDid "),
        ("%plotly_grid pull '{none}'", "There is no variable none. '{none}' can't be filled in."),
    ],
)
def test_what_is_wrong_is_said_in_one_short_message(kernel, cell, message):
    shown = "\n".join(kernel.try_(cell).error["traceback"])
    assert message in shown
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


@pytest.mark.parametrize("command", ["push", "diff"])
def test_a_fid_is_no_name_for_what_is_pushed_and_the_path_is_told(kernel, command):
    kernel.run("%plotly_grid push df by/path -o grid")
    error = kernel.try_(f"%plotly_grid {command} df {{grid.fid}}").error
    assert error["evalue"].splitlines() == [
        f"{command} takes a path, and {kernel.value('grid.fid')} is a fid.",
        "The path of that file is by/path",
    ]


def test_an_upsert_without_a_key_is_told_the_option(kernel):
    error = kernel.try_("%plotly_grid push df sales/2026 --mode upsert").error
    assert error["evalue"].startswith("--mode upsert needs --key")


def test_a_series_is_pushed_as_a_frame_of_one_column_by_magic_and_by_call(kernel):
    kernel.run("import plotly_nbext, pandas as pd\ntotals = pd.Series([4, 2], name='total')")
    kernel.run("%plotly_grid push totals series/magic;")
    kernel.run("%plotly_grid append totals.tail(1) series/magic;")
    kernel.run("grid = plotly_nbext.push(totals, 'series/call').append(totals.tail(1))")
    for name in ("magic", "call"):
        pulled = f"plotly_nbext.pull('series/{name}').to_dict('list')"
        assert kernel.value(pulled) == {"total": [4, 2, 2]}


def test_help_is_meant_by_what_is_nearly_its_name(kernel):
    error = kernel.try_("%plotly_grid push --hlep").error
    assert error["evalue"].endswith("Did you mean --help?")
