"""From Chart Studio: from its server, and from a folder of what people took out of it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pandas as pd
import pexpect
import pytest

import plotly_nbext
from plotly_nbext import api
from plotly_nbext.errors import PlotlyNbextError, RateLimited, ValidationError
from plotly_nbext.moving import export_to, import_from

from ..conftest import CLI
from ..other_servers import KEY
from .conftest import run

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = (
    r"^GET /v2/(users/current|folders/(home|trashed|\S+:\d+)|(grids|plots)/\S+:\d+(/content)?)"
    r"(\?\S*)?$|^OPTIONS "
)


@pytest.fixture
def studio(chart_studio):
    """Chart Studio's server with alice's files, with columns of different lengths."""
    studio = chart_studio.client()
    cols = {"month": {"data": ["jan", "feb", "mar"], "order": 0}, "n": {"data": [1], "order": 1}}
    session = studio._session
    session.json("POST", "/folders", body=b'{"path": "sales/old"}')
    body = {"filename": "2019", "parent_path": "sales/old", "data": {"cols": cols}}
    session.json("POST", "/grids", body=json.dumps(body | {"metadata": {"unit": "kg"}}).encode())
    grid = studio.grid("sales/old/2019")
    figure = {"data": [{"xsrc": grid["month"].src, "ysrc": grid["n"].src, "type": "bar"}]}
    body = {"filename": "chart: Jan/Feb", "figure": figure, "world_readable": False}
    session.json("POST", "/plots", body=json.dumps(body).encode())
    chart_studio.asked.clear()
    return chart_studio


def test_all_of_a_chart_studio_server_is_moved(studio, target):
    report = import_from(studio.client(), target)
    assert report.is_complete
    grid = target.grid("sales/old/2019")
    assert [column["data"] for column in grid.fetch_columns()] == [["jan", "feb", "mar"], [1]]
    assert grid.metadata == {"unit": "kg"}
    assert grid.world_readable
    plot = target.plot("chart: Jan_Feb")
    assert not plot.world_readable
    assert plot.figure()["data"] == [
        {
            "xsrc": grid["month"].src,
            "ysrc": grid["n"].src,
            "x": ["jan", "feb", "mar"],
            "y": [1],
            "type": "bar",
        }
    ]
    assert "'chart: Jan_Feb'" in report.remarks["chart: Jan/Feb"]
    # nothing that was ever only ours was asked for, and nothing written
    assert studio.count(KNOWN) == len(studio.asked), studio.asked


def test_a_second_import_leaves_what_is_there(studio, target):
    import_from(studio.client(), target)
    again = import_from(studio.client(), target)
    assert (again.done, len(again.same)) == ([], 4)


def test_a_server_with_many_files_is_read_page_by_page(chart_studio, target):
    client = chart_studio.client()
    for number in range(230):
        client.make_folder(f"folder {number}")
    assert len(import_from(client, target).done) == 230
    assert len(target.list()) == 230


def test_limits_of_rate_are_honoured(studio, target):
    studio.throttled = [0.01, 0.01]
    assert import_from(studio.client(), target).is_complete
    assert not studio.throttled


def test_an_import_that_was_told_to_wait_for_long_goes_on_later(studio, target, home):
    client = studio.client()
    client.list()
    answer, asked = studio.answer, []

    def answers(method, path, *rest):
        asked.append(path)
        if path.endswith("/content") and "plots" in path:
            studio.throttled.append(3600)
        return answer(method, path, *rest)

    studio.answer = answers
    with pytest.raises(RateLimited):
        import_from(client, target)
    assert target.list() == []
    studio.answer = answer
    studio.asked.clear()
    assert import_from(client, target).is_complete
    assert studio.count("GET /v2/grids/.*/content") == 0
    assert studio.count("GET /v2/plots/.*/content") == 1
    assert not [*(home / "moving").glob("from-*")]


def test_the_command_takes_an_address(studio, target, signed_in, tmp_path):
    client = studio.client()
    done = run("import", studio.url, "-u", "alice")
    assert done.returncode == 1
    assert "needs your api_key" in done.stderr
    signed_in(client)
    done = run("export", tmp_path / "out")
    assert (done.returncode, done.stdout) == (0, "4 files exported.\n"), done.stderr
    signed_in(target)
    done = run("import", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout + done.stderr


def test_all_comes_home_by_one_command(studio, signed_in, monkeypatch):
    signed_in(studio.client())
    monkeypatch.setattr(api, "_current", None)  # and what it was, afterwards
    done = run("import", studio.url, "--server", "local", "--into", "from the cloud")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("4 files imported.\n")
    frame = plotly_nbext.connect("local").pull("from the cloud/sales/old/2019")
    assert frame["month"].tolist() == ["jan", "feb", "mar"]


def test_a_command_that_was_told_to_wait_says_how_to_go_on(studio, signed_in, tmp_path):
    signed_in(studio.client())
    answer = studio.answer

    def answers(method, path, *rest):
        if path.endswith("/content"):
            studio.throttled.append(3600)
        return answer(method, path, *rest)

    studio.answer = answers
    done = run("export", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Run the same command again: it goes on where it was." in done.stderr
    studio.answer = answer
    done = run("export", tmp_path / "out")
    assert done.stdout == "2 files exported; 2 there already.\n"


def test_the_key_is_asked_for_and_not_shown(studio, tmp_path):
    command = [*CLI[1:], "export", str(tmp_path / "out"), "--server", studio.url, "-u", "alice"]
    child = pexpect.spawn(CLI[0], command, encoding="utf-8", timeout=60)
    child.logfile_read = shown = io.StringIO()
    child.expect("API key of alice at http://127.0.0.1:")
    child.expect(": ")
    child.sendline(KEY)
    child.expect("4 files exported")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert KEY not in shown.getvalue()


def test_what_is_on_the_server_already_is_not_moved_onto_itself(client):
    with pytest.raises(PlotlyNbextError, match="where the files are, and where they would go"):
        import_from(client, client)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """What people have who left in time."""
    folder = tmp_path / "chart studio"
    (folder / "sales").mkdir(parents=True)
    (folder / "sales" / "2019.json").write_text(
        json.dumps(
            {
                "cols": {
                    "n": {"data": [1], "order": 1, "uid": "abc123"},
                    "month": {"data": ["jan", None], "order": 0, "uid": "e3a9dd"},
                }
            }
        )
    )
    (folder / "chart.json").write_text(
        json.dumps({"data": [{"xsrc": "old:88:e3a9dd", "ysrc": "old:88:abc123", "type": "bar"}]})
    )
    (folder / "with its data.json").write_text(
        json.dumps({"data": [{"xsrc": "old:7:ffffff", "x": [1, 2], "ysrc": "old:7:aaaaaa"}]})
    )
    (folder / "stores.csv").write_text("id,city\n007,Ulm\n008,Köln\n", "utf-8")
    (folder / "notes.json").write_text('{"to": "do"}')
    (folder / "broken.json").write_text('{"data": [')
    (folder / ".hidden.json").write_text("{}")
    (folder / "readme.txt").write_text("not for us")
    return folder


def test_a_folder_of_files_is_moved(files, target):
    report = import_from(files, target)
    assert sorted(report.done) == [
        "chart",
        "sales",
        "sales/2019",
        "stores.csv",
        "with its data",
    ]
    grid = target.grid("sales/2019")
    assert [column["data"] for column in grid.fetch_columns()] == [["jan", None], [1]]
    assert target.plot("chart").figure()["data"][0]["y"] == [1]
    assert target.plot("chart").references == [grid.fid]
    assert target.plot("with its data").figure()["data"] == [{"x": [1, 2]}]
    words = report.remarks["with its data"]
    assert "old:7:ffffff," in words
    assert "old:7:aaaaaa (without its values)" in words
    assert sorted(report.failed) == ["broken.json", "notes.json"]
    assert target.pull("stores.csv")["id"].tolist() == ["007", "008"]
    assert not target.grid("stores.csv").world_readable
    again = import_from(files, target)
    assert (again.done, len(again.same)) == ([], 5)


def test_a_folder_without_any_such_file_is_none(tmp_path, target):
    with pytest.raises(PlotlyNbextError, match=r"holds no manifest\.json"):
        import_from(tmp_path, target)


def test_an_export_of_a_chart_studio_server_is_readable(studio, tmp_path):
    export_to(tmp_path, studio.client(), format="csv")
    frame = pd.read_csv(tmp_path / "sales" / "old" / "2019.csv")
    assert frame["month"].tolist() == ["jan", "feb", "mar"]
    assert frame["n"].isna().tolist() == [False, True, True]


def test_an_export_goes_to_a_chart_studio_server_too(client, chart_studio, tmp_path):
    frame = pd.DataFrame({"n": [1, 2], "day": pd.to_datetime(["2026-01-01", "2026-01-02"])})
    grid = client.push(frame, "sales/2026")
    client.push_plot({"data": [{"ysrc": grid["n"].src}]}, "chart", world_readable=True)
    export_to(tmp_path, client)
    there = chart_studio.client()
    assert import_from(tmp_path, there).is_complete
    pd.testing.assert_frame_equal(there.pull("sales/2026"), frame)
    src = there.plot("chart").figure(inline_data=False)["data"][0]["ysrc"]
    assert src == there.grid("sales/2026")["n"].src
    assert len(import_from(tmp_path, there).same) == 3


def test_what_people_said_of_a_file_is_not_lost_silently(studio, target):
    studio.files[2]["comments"] = {"results": [{"comment": "Well done"}], "count": 1}
    studio.files[2]["collaborators"] = {"results": ["bob", "carol"], "count": 2}
    report = import_from(studio.client(), target)
    words = "without its collaborators (2), its comments (1), which can't be moved."
    assert report.remarks["sales/old/2019"] == words


def test_an_import_that_was_stopped_while_a_csv_was_uploaded_goes_on(target, tmp_path, home):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    import_from(tmp_path, target)
    (record,) = (home / "moving").glob("import-*.jsonl")
    *before, _ = record.read_text().splitlines(keepends=True)
    record.write_text("".join(before))  # as it is before the server's answer
    assert import_from(tmp_path, target).same == ["a.csv"]
    assert [file.name for file in target.list()] == ["a.csv"]


def test_a_csv_that_was_refused_leaves_no_trace(target, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\0\1\2\0")
    assert [*import_from(tmp_path, target).failed] == ["a.csv"]
    target.push(pd.DataFrame({"n": [1]}), "a.csv")
    with pytest.raises(ValidationError, match=r"'a\.csv'"):
        import_from(tmp_path, target)


@pytest.mark.parametrize(
    "cols",
    [
        {"a": {"data": "abc"}},
        {"a": {"data": {"0": 1}}},
        {"a": {}},
        [{"name": "a", "data": [1]}, {"name": "a", "data": [2]}],
    ],
)
def test_a_grid_without_lists_of_values_is_none(target, tmp_path, cols):
    (tmp_path / "odd.json").write_text(json.dumps({"cols": cols}))
    (tmp_path / "whole.json").write_text(json.dumps({"cols": {"a": {"data": [1]}}}))
    report = import_from(tmp_path, target)
    assert report.done == ["whole"]
    assert "its column 'a' are not told by one list" in report.failed["odd.json"]
