"""TAB on the lines of the magics, in a real kernel, as a front end asks."""

from __future__ import annotations

import argparse
import re

import pytest

LIMIT_SECONDS = 0.05

JOIN = (
    "import threading\n"
    "for thread in threading.enumerate():\n"
    "    if thread.name == 'plotly_nbext.completion':\n"
    "        thread.join()\n"
)
"""Waits for the look in the background."""


@pytest.fixture(scope="module", autouse=True)
def _session(kernel):
    kernel.run(
        "import pandas as pd, polars as pl, pyarrow as pa, plotly.graph_objects as go\n"
        "import plotly_nbext\n"
        "fig = go.Figure(); figure_of_dicts = {'data': [{'y': [1, 2]}]}; figs = [fig]\n"
        "sales = pd.DataFrame({'month': ['jan'], 'net total': [1]})\n"
        "polar = pl.DataFrame({'region': ['north']})\n"
        "arrow = pa.table({'cell': [1]})\n"
        "series = sales['month']\n"
        "settings = {'a': 1}; number = 3\n"
        "def show_it(): pass\n"
        "for name in ['sales/2026', 'sales/2027', 'sales/north west/months', 'totals',\n"
        "             'my grid', 'a \"b\"', \"it's\", '{braces}', '#hash', 'end;', '-dash']:\n"
        "    grid = plotly_nbext.push(sales, name)\n"
        "plotly_nbext.connect().push_plot(fig, 'chart')\n"
        "client = plotly_nbext.connect(); other_client = client\n"
    )
    kernel.run(JOIN)


# --- sub-commands, options and choices ------------------------------------------------------------


def test_sub_commands(kernel):
    from plotly_nbext.notebook.magics.commands import COMMANDS

    assert kernel.complete("%plotly_grid |") == ([*COMMANDS], "")
    assert kernel.complete("%plotly_grid pu|") == (["push", "pull"], "pu")
    assert kernel.complete("plotly_grid mo|") == (["move"], "mo")


def test_every_option_of_every_command_is_offered(kernel):
    from plotly_nbext.notebook.magics.commands import COMMANDS

    with_options = {name: each for name, each in COMMANDS.items() if each.parser.options}
    assert len(with_options) > 8
    for name, command in with_options.items():
        offered, replaced = kernel.complete(f"%plotly_grid {name} -|")
        told = [each for each in command.parser.arguments if each.help != argparse.SUPPRESS]
        options = [option for action in told for option in action.option_strings]
        assert (offered, replaced) == (options, "-"), name


@pytest.mark.parametrize(
    ("text", "offered", "replaced"),
    [
        ("%plotly_render fig --fo|", ["--format"], "--fo"),
        ("%%plotly_render --fo|\nfig", ["--format"], "--fo"),
        ("image = %plotly_render fig --fo|", ["--format"], "--fo"),
        ("    %plotly_render fig --fo|", ["--format"], "--fo"),
        ("x = 1\n%plotly_render fig --fo|\ny = 2", ["--format"], "--fo"),
        ("%plotly_render --fo| fig", ["--format"], "--fo"),
        ("%plotly_render fig --fo| --width 300", ["--format"], "--fo"),
        ("%plotly_grid push sales totals --mo|", ["--mode"], "--mo"),
        ("%plotly_render fig --format=s|", ["svg"], "s"),
        ("%plotly_render fig --format s|", ["svg"], "s"),
        ("%plotly_render fig -f s| -W 300", ["svg"], "s"),
        ('%plotly_render fig -f "s|', ['"svg"'], '"s'),
        ('%plotly_render fig -f "s|"', ['"svg'], '"s'),
        ("%plotly_grid push sales t --mode |", ["replace", "create", "append", "upsert"], ""),
        ("df = %plotly_grid pull totals --as=p|", ["pandas", "polars"], "p"),
        ('%config PlotlyRender.format = "s|', ['"svg"'], '"s'),
        ("%config PlotlyGrid.as_ = |", ['"pandas"', '"polars"', '"arrow"', '"dask"'], ""),
    ],
)
def test_options_and_their_choices(kernel, text, offered, replaced):
    assert kernel.complete(text) == (offered, replaced)


def test_an_option_that_is_given_is_not_offered_again(kernel):
    offered, _ = kernel.complete("%plotly_render fig -f svg --| --width 300")
    assert not {"--format", "--width"} & {*offered}
    assert {"--height", "--save"} <= {*offered}
    assert "-f" not in kernel.complete("%plotly_render fig --format svg -|")[0]


def test_an_option_that_repeats_is_offered_again(kernel):
    offered, _ = kernel.complete("%plotly_grid push sales totals --key month --|")
    assert "--key" in offered
    assert "--mode" in offered


def test_options_come_where_nothing_else_can(kernel):
    offered, replaced = kernel.complete("%plotly_render fig |")
    assert (offered[0], replaced) == ("--format", "")
    assert kernel.complete("%%plotly_render |\nfig")[0][0] == "--format"


def test_python_s_names_are_not_offered_where_none_can_stand(kernel):
    assert kernel.complete("%plotly_render fig --width |")[0] == []
    assert kernel.complete("%plotly_grid pull nothing/of/this|")[0] == []
    assert kernel.complete("%plotly_grid push polar pandas_|")[0] == []


# --- variables ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "offered", "replaced"),
    [
        ("%plotly_render |", ["fig", "figure_of_dicts"], ""),
        ("%plotly_render f|", ["fig", "figure_of_dicts"], "f"),
        ("x = %plotly_render f|", ["fig", "figure_of_dicts"], "f"),
        ("  %plotly_render f|", ["fig", "figure_of_dicts"], "f"),
        ("%plotly_render -f svg f|", ["fig", "figure_of_dicts"], "f"),
        ("%plotly_render f| -f svg", ["fig", "figure_of_dicts"], "f"),
        ("%plotly_grid push |", ["arrow", "polar", "sales", "series"], ""),
        ("%plotly_grid append s|", ["sales", "series"], "s"),
        ("%plotly_grid diff p|", ["polar"], "p"),
        ("%plotly_grid show gr|", ["grid"], "gr"),
        ("%plotly_grid pull totals -o nu|", ["number"], "nu"),
        ("%plotly_render fig --out=fig|", ["fig", "figs", "figure_of_dicts"], "fig"),
    ],
)
def test_variables_by_what_they_hold(kernel, text, offered, replaced):
    assert kernel.complete(text) == (offered, replaced)


def test_attributes_are_ipythons_own(kernel):
    offered, replaced = kernel.complete("%plotly_render fig.update_lay|")
    assert {"update_layout", "update_layout_images"} <= {*offered}
    assert replaced == "update_lay"
    assert "head" in kernel.complete("%plotly_grid push sales.|")[0]
    assert "fid" in kernel.complete("%plotly_grid show grid.|")[0]
    assert "Figure" in kernel.complete("%plotly_render go.Fig|")[0]


def test_other_names_are_offered_where_no_figure_begins_so(kernel):
    assert "show_it" in kernel.complete("%plotly_render show_|")[0]
    assert "sales" in kernel.complete("%plotly_render go.Figure(sal|")[0]


def test_other_lines_are_left_alone(kernel):
    assert kernel.complete("sal|")[0] == ["sales"]
    assert "%plotly_render" in kernel.complete("%plotly_r|")[0]
    assert "update_layout" in kernel.complete("fig.update_lay|")[0]
    assert "figs" in kernel.complete("%%plotly_render\nfig|")[0]
    assert "--format" not in kernel.complete("%plotly_render fig # --f|")[0]
    assert "--format" not in kernel.complete("print('%plotly_render fig --f|')")[0]


def test_nothing_of_the_user_is_evaluated(kernel):
    kernel.run(
        "asked = []\n"
        "class Shy:\n"
        "    def __getattribute__(self, name):\n"
        "        asked.append(name)\n"
        "        raise RuntimeError(name)\n"
        "shy = Shy()\n"
    )
    for text in ("%plotly_render |", "%plotly_grid push |", "%plotly_grid show |"):
        kernel.complete(text)
    for text in ("%plotly_grid pull totals -o |", "%plotly_grid push shy totals --key |"):
        kernel.complete(text)
    assert kernel.value("asked") == []
    kernel.run("del shy")


# --- grids, folders and columns -------------------------------------------------------------------


@pytest.mark.parametrize("line", ["pull", "show", "lookup", "url", "rename", "trash", "push sales"])
def test_grids_by_path_folder_by_folder(kernel, line):
    assert kernel.complete(f"%plotly_grid {line} sal|")[0][-1] == "sales/"
    assert kernel.complete(f"%plotly_grid {line} sales/2|") == (
        ["sales/2026", "sales/2027"],
        "sales/2",
    )


@pytest.mark.parametrize(
    ("text", "offered", "replaced"),
    [
        ("df = %plotly_grid pull sales/2026| --as pandas", ["sales/2026"], "sales/2026"),
        ("%plotly_grid push sales --name sales/20|", ["sales/2026", "sales/2027"], "sales/20"),
        ("%plotly_grid push sales --name=to|", ["totals"], "to"),
        ("%plotly_grid push sales --parent |", ["sales/"], ""),
        ("%plotly_grid upload stores.csv --folder s|", ["sales/"], "s"),
        ("%plotly_grid ls |", ["sales/"], ""),
        ("%plotly_grid ls sales/|", ['"sales/north west/'], "sales/"),
        ("%plotly_grid move totals |", ["/", "sales/"], ""),
        ("%plotly_grid move totals s|", ["sales/"], "s"),
        ("%plotly_grid move totals ch|", ["chart"], "ch"),
        ("%plotly_grid pull ch|", [], ""),
        ("%plotly_grid lookup ch|", ["chart"], "ch"),
        ("%plotly_grid pull /to|", ["/totals"], "/to"),
        ('%plotly_grid pull "sales/no|', ['"sales/north west/'], '"sales/no'),
        ('%plotly_grid pull "sales/north west/m|"', ['"sales/north west/months'], None),
        ('%plotly_grid pull "sales/north west/|', ['"sales/north west/months"'], None),
        ("%plotly_grid pull 'sales/north west/m|", ["'sales/north west/months'"], None),
        ("%plotly_grid pull sales/nor| --as polars", ['"sales/north west/'], "sales/nor"),
    ],
)
def test_paths(kernel, text, offered, replaced):
    found, gone = kernel.complete(text)
    assert found == offered
    if replaced is None:
        replaced = re.search(r"""["'].*(?=\|)""", text).group()
    if offered:
        assert gone == replaced


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("my grid", "my"),
        ('a "b"', "a"),
        ("it's", "it"),
        ("{braces}", '"{{'),
        ("#hash", '"#'),
        ("end;", "end"),
        ("-dash", '"-'),
    ],
)
def test_what_is_inserted_names_the_grid(kernel, name, start):
    (offered,), replaced = kernel.complete(f"%plotly_grid lookup {start}|")
    assert replaced == start
    kernel.run(f"%plotly_grid lookup {offered} -o found")
    assert kernel.value("found.path") == name


@pytest.mark.parametrize("prefix", ["%time ", "%time kept = "])
def test_a_line_that_is_timed(kernel, prefix):
    assert kernel.complete(f"{prefix}%plotly_grid pull tot|") == (["totals"], "tot")


@pytest.mark.parametrize(
    "start",
    ["%plotly_grid pull {numb", '%plotly_grid pull "sales/{numb', "%plotly_render fig -W {numb"],
)
def test_variables_in_a_value_s_braces(kernel, start):
    assert kernel.complete(f"{start}|") == (["number"], "numb")


def test_fids(kernel):
    fid = kernel.value("grid.fid")
    assert kernel.complete(f"%plotly_grid pull {fid}|") == ([fid], fid)


def test_columns_of_the_frame_and_of_the_grid(kernel):
    key = "%plotly_grid push sales totals --mode upsert --key |"
    assert kernel.complete(key) == (["month", '"net total"'], "")
    assert kernel.complete("%plotly_grid push polar totals -k |")[0] == [
        *("region", "month", '"net total"'),
    ]
    assert kernel.complete("%plotly_grid push polar -n 2026 --parent sales -k m|")[0] == ["month"]
    assert kernel.complete("%plotly_grid push arrow new -k |")[0] == ["cell"]
    assert kernel.complete("%plotly_grid push series new -k |")[0] == ["month"]
    given = "%plotly_grid push sales totals -k month -k |"
    assert kernel.complete(given)[0] == ['"net total"']


def test_what_moved_and_what_went_is_offered_where_it_is_now(kernel):
    kernel.run("for name in ['old/x', 'old/y']: plotly_nbext.push(sales, name)")
    kernel.run("%plotly_grid move old/x new")
    kernel.run("%plotly_grid trash old/y")
    assert kernel.complete("%plotly_grid pull old/|")[0] == []
    assert kernel.complete("%plotly_grid pull new/|")[0] == ["new/x"]
    assert kernel.complete("%plotly_grid restore |") == (["old/y"], "")
    kernel.run("%plotly_grid restore old/y")
    assert kernel.complete("%plotly_grid restore o|") == ([], "")
    assert kernel.complete("%plotly_grid pull old/|")[0] == ["old/y"]
    kernel.run("for name in ['old', 'new']: client.folder(name).delete()")
    assert kernel.complete("%plotly_grid pull ol|")[0] == []


# --- servers --------------------------------------------------------------------------------------


def test_servers_that_were_signed_in_to(kernel):
    kernel.run(
        "from plotly_nbext.accounts.servers import Server, forget, remember\n"
        "team = Server('team', 'https://charts.example.org', 'alice')\n"
        "unnamed = Server('', 'https://else.example.org', 'alice')\n"
        "for each in (team, unnamed): remember(each)\n"
    )
    assert kernel.complete("%plotly_grid login |") == (
        ["team", "https://else.example.org", "local"],
        "",
    )
    assert kernel.complete("%plotly_grid logout |")[0] == ["team", "https://else.example.org"]
    assert kernel.complete("%plotly_grid logout te|") == (["team"], "te")
    assert "--token" not in kernel.complete("%plotly_grid login team --|")[0]
    kernel.run("for each in (team, unnamed): forget(each)")


# --- files of the kernel's machine ----------------------------------------------------------------


def test_file_names(kernel):
    (kernel.folder / "plots here").mkdir()
    for name in ("stores.csv", "store list.csv", "plots here/a.png"):
        (kernel.folder / name).touch()
    assert kernel.complete("%plotly_grid upload sto|") == (
        ['"store list.csv"', "stores.csv"],
        "sto",
    )
    assert kernel.complete("%plotly_render fig --save plo|") == (['"plots here/'], "plo")
    assert kernel.complete('%plotly_render fig --save="plots here/|') == (
        ['"plots here/a.png"'],
        '"plots here/',
    )


# --- how long it takes ----------------------------------------------------------------------------


def test_ten_thousand_paths_are_completed_at_once(kernel):
    kernel.run(
        "import timeit\n"
        "seen = client._session.seen\n"
        "for i in range(10_000):\n"
        "    seen.note({'fid': f'local:{10**6 + i}', 'filename': f'n{i}', 'owner': 'local',\n"
        "               'parent': -1, 'filetype': 'grid'})\n"
    )
    try:
        for line in ("%plotly_grid pull ", "%plotly_grid pull n9", "%plotly_grid pull local:"):
            # in the kernel: on its way, a long answer may wait 40 ms for TCP
            ask = f"get_ipython().kernel.do_complete({line!r}, {len(line)})"
            taken = kernel.value(f"min(timeit.repeat(lambda: {ask}, number=1, repeat=5))")
            assert taken < LIMIT_SECONDS, line
            offered, _ = kernel.complete(f"{line}|")
            assert len(offered) > 400
    finally:
        kernel.run("for i in range(10_000): seen.gone(f'local:{10**6 + i}')")


def test_a_grid_s_columns_are_offered_as_its_keys(kernel):
    kernel.run("keyed = pd.DataFrame({'month': [1], 'total': [2]}).plotly_grid.push('keyed')")
    offered, _ = kernel.complete('keyed["|')
    assert [each.strip("\"]'") for each in offered[:2]] == ["month", "total"]
