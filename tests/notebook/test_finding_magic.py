"""`%plotly_grid lookup`, `url` and `ls`, and what is said of files that are not there."""

from __future__ import annotations

import secrets

import pytest

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module", autouse=True)
def _grids(kernel):
    kernel.run(
        "import pandas as pd, plotly_nbext\n"
        "df = pd.DataFrame({'month': ['Jan'], 'total': [1.5]})\n"
        "%plotly_grid push df sales/2025 -o older\n"
        "%plotly_grid push df sales/2026 -o grid\n"
        "%plotly_grid push df 'sales/north east';"
    )


@pytest.fixture
def connected(kernel):
    """Connect the kernel to a server for the length of a test."""
    yield lambda url, name, key: kernel.run(f"plotly_nbext.connect({url!r}, {name!r}, {key!r});")
    kernel.run("plotly_nbext.connect();")


def test_lookup_tells_a_grids_fid_path_rows_and_columns(kernel):
    shown = kernel.run("%plotly_grid lookup sales/2026").display["data"]
    facts = dict(line.split(maxsplit=1) for line in shown["text/plain"].splitlines()[:4])
    fid, src = kernel.value("grid.fid, grid['month'].src")
    assert facts == {"path": "sales/2026", "fid": fid, "rows": "1", "columns": f"month ({src})"}
    assert f"<td>{fid}</td>" in shown["text/html"]
    assert "folder" in kernel.run("%plotly_grid lookup sales").display["data"]["text/plain"]


def test_lookup_gives_the_grid_itself_where_it_is_asked_for(kernel):
    for cell in (
        "found = %plotly_grid lookup sales/2026",
        "%plotly_grid lookup {grid.fid} -o found",
    ):
        assert kernel.run(f"found = None\n{cell}").outputs == []
        assert kernel.value("(found.fid == grid.fid, list(found))") == (True, ["month", "total"])
    ran = kernel.run("for path in ('sales/2025', 'sales/2026'):\n    %plotly_grid lookup {path}")
    assert len(ran.of("display_data")) == 2
    assert kernel.run("%plotly_grid lookup sales/2026;").outputs == []


def test_url_prints_the_address_of_the_page_or_gives_it(kernel):
    address = kernel.value("grid.url")
    assert kernel.run("%plotly_grid url sales/2026").text("stdout") == f"{address}\n"
    assert kernel.run("address = %plotly_grid url sales/2026").outputs == []
    assert kernel.value("address") == address


def test_show_shows_each_grid_of_a_loop_and_keeps_the_view(kernel):
    ran = kernel.run("for year in (2025, 2026):\n    %plotly_grid show sales/{year}")
    assert sum(WIDGET in shown["data"] for shown in ran.of("display_data")) == 2
    assert WIDGET in kernel.run("%plotly_grid show sales/2026 -o view").widget
    assert kernel.value("type(view).__name__") == "GridView"


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("pull sales/2062", "Did you mean sales/2026?"),
        ("show slaes/2026", "Did you mean sales/2026?"),
        ("lookup 'sales/nort east'", 'Did you mean "sales/north east"?'),
        ("trash Sales/2026", "Did you mean sales/2026?"),
        ("ls slaes", "Did you mean sales?"),
        ("pull sales/stores", "%plotly_grid ls sales lists what is there."),
        ("pull stores", "%plotly_grid ls lists what is there."),
        ("pull sales", "It is a folder: %plotly_grid ls sales"),
        ("ls sales/2026", "It is a grid: %plotly_grid lookup sales/2026"),
        ("pull local:9999", "%plotly_grid ls --long lists the fids of what is yours."),
        ("pull grid", "The variable grid holds a Grid: write {grid.fid}"),
        ("lookup /", "%plotly_grid ls lists what is in the top folder."),
        ("restore sales/2026", "%plotly_grid ls --trash lists what is there."),
        ("ls sales --trash", "For example: %plotly_grid ls --trash"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(kernel, line, hint):
    error = kernel.try_(f"%plotly_grid {line}").error
    assert error["evalue"].splitlines()[1:] == [hint]


def test_a_folder_is_listed_only_where_something_was_not_found(kernel, chart_studio, connected):
    connected(chart_studio.url, "alice", "a-key-that-nobody-may-see")
    kernel.run("%plotly_grid push df sales/2026;\n%plotly_grid pull sales/2026;")
    kernel.run("%plotly_grid lookup sales/2026;\n%plotly_grid append df sales/2026;")
    listings = "GET /v2/folders/(home|trashed|alice:)"
    assert chart_studio.count(listings) == 0
    error = kernel.try_("%plotly_grid pull sales/2062").error
    assert error["evalue"].endswith("Did you mean sales/2026?")
    assert chart_studio.count(listings) > 0


def test_of_others_private_grids_nothing_is_told(kernel, server, connected):
    owner, other = (f"user-{secrets.token_hex(4)}" for _ in range(2))
    keys = {name: server.add_user(name) for name in (owner, other)}
    connected(server.url, owner, keys[owner])
    kernel.run("%plotly_grid push df merger/price -o secret")
    connected(server.url, other, keys[other])
    for line in (
        "pull {secret.fid}",
        "lookup {secret.fid}",
        "trash {secret.fid}",
        "pull merger/prise",
    ):
        error = kernel.try_(f"%plotly_grid {line}").error
        assert error["ename"] == "NotFoundError"
        assert "price" not in str(error)
        assert "Did you mean" not in error["evalue"]


def test_who_may_not_change_a_grid_is_told_whose_it_is(kernel, server, connected):
    owner, other = (f"user-{secrets.token_hex(4)}" for _ in range(2))
    keys = {name: server.add_user(name) for name in (owner, other)}
    connected(server.url, owner, keys[owner])
    kernel.run("%plotly_grid push df merger/public --public -o public")
    connected(server.url, other, keys[other])
    assert "anyone" in kernel.run("%plotly_grid lookup {public.fid}").display["data"]["text/plain"]
    error = kernel.try_("%plotly_grid trash {public.fid}").error
    assert error["ename"] == "PermissionDenied"
    assert error["evalue"].endswith(f"{kernel.value('public.fid')} is {owner}'s file.")
