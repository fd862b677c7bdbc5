"""What an import does where another file has the name."""

from __future__ import annotations

import pandas as pd
import pytest

from plotly_nbext.errors import PlotlyNbextWarning, ValidationError
from plotly_nbext.moving import export_to, import_from

OURS = pd.DataFrame({"x": [1, 2, 3], "y": [4, 5, 6]})
THEIRS = pd.DataFrame({"y": [0.5], "x": ["a"]})
FIGURE = {"data": [{"type": "bar"}], "layout": {}}


@pytest.fixture
def exported(client, tmp_path):
    grid = client.push(OURS, "sales/2026", metadata={"unit": "kg"}, world_readable=True)
    figure = {"data": [{"type": "bar", "xsrc": grid["x"].src, "ysrc": grid["y"].src}]}
    client.push_plot(figure, "sales/chart")
    export_to(tmp_path, client)
    return tmp_path


@pytest.fixture
def taken(target):
    target.push(THEIRS, "sales/2026")
    target.push_plot(FIGURE, "sales/chart")
    return target


def test_by_default_nothing_is_imported(exported, taken):
    with pytest.raises(ValidationError, match=r"names of 'sales/2026', 'sales/chart'\.") as caught:
        import_from(exported, taken)
    assert "--on-conflict skip, replace or rename" in str(caught.value)
    pd.testing.assert_frame_equal(taken.pull("sales/2026"), THEIRS)
    assert taken.plot("sales/chart").figure()["data"] == [{"type": "bar"}]


def test_skip_leaves_what_is_there(exported, taken):
    report = import_from(exported, taken, on_conflict="skip")
    assert report.skipped == ["sales/2026", "sales/chart"]
    assert (report.done, report.same) == ([], ["sales"])
    pd.testing.assert_frame_equal(taken.pull("sales/2026"), THEIRS)


def test_a_plot_draws_on_the_grid_that_was_left(exported, target):
    target.push(THEIRS, "sales/2026")
    report = import_from(exported, target, on_conflict="skip")
    assert report.done == ["sales/chart"]
    assert target.plot("sales/chart").figure()["data"][0]["x"] == ["a"]


def test_replace_keeps_the_fid_and_takes_the_content(exported, taken):
    fids = taken.grid("sales/2026").fid, taken.plot("sales/chart").fid
    report = import_from(exported, taken, on_conflict="replace")
    assert report.done == ["sales/2026", "sales/chart"]
    assert fids == (taken.grid("sales/2026").fid, taken.plot("sales/chart").fid)
    pd.testing.assert_frame_equal(taken.pull("sales/2026"), OURS)
    assert taken.grid("sales/2026").world_readable
    assert taken.grid("sales/2026").metadata == {"unit": "kg"}
    assert taken.plot("sales/chart").figure()["data"][0]["y"] == [4, 5, 6]
    assert import_from(exported, taken).done == []


def test_rename_keeps_both(exported, taken):
    report = import_from(exported, taken, on_conflict="rename")
    assert report.done == ["sales/2026 (2)", "sales/chart (2)"]
    pd.testing.assert_frame_equal(taken.pull("sales/2026"), THEIRS)
    pd.testing.assert_frame_equal(taken.pull("sales/2026 (2)"), OURS)
    assert taken.plot("sales/chart (2)").figure()["data"][0]["y"] == [4, 5, 6]
    again = import_from(exported, taken, on_conflict="rename")
    assert again.done == []
    assert len(again.same) == 3


def test_what_is_there_with_the_same_content_is_no_conflict(exported, target):
    grid = target.push(OURS, "sales/2026", metadata={"unit": "kg"})
    report = import_from(exported, target)
    assert (report.done, sorted(report.same)) == (["sales/chart"], ["sales", "sales/2026"])
    assert target.plot("sales/chart").references == [grid.fid]


def test_a_file_in_the_place_of_a_folder_keeps_its_content_out(exported, target):
    target.push(THEIRS, "sales")
    report = import_from(exported, target, on_conflict="skip")
    assert report.skipped == ["sales"]
    assert sorted(report.failed) == ["sales/2026", "sales/chart"]
    pd.testing.assert_frame_equal(target.pull("sales"), THEIRS)
    assert import_from(exported, target, on_conflict="rename").is_complete
    pd.testing.assert_frame_equal(target.pull("sales (2)/2026"), OURS)


def test_a_grid_that_changed_since_it_was_imported_is_a_conflict(exported, target):
    import_from(exported, target)
    target.grid("sales/2026").append(OURS)
    with pytest.raises(ValidationError, match=r"names of 'sales/2026'\."):
        import_from(exported, target)
    assert target.grid("sales/2026").row_count == 6


def test_a_folder_under_another_name_is_found_again(client, target, tmp_path):
    client.push(pd.DataFrame({"n": [1]}), "sales/2026")
    target.push(pd.DataFrame({"n": [2]}), "sales")
    export_to(tmp_path, client)
    first = import_from(tmp_path, target, on_conflict="rename")
    again = import_from(tmp_path, target, on_conflict="rename")
    assert first.done == again.same == ["sales (2)", "sales (2)/2026"]
    assert {file.name for file in target.list()} == {"sales", "sales (2)"}


def test_a_grid_that_is_replaced_tells_what_plots_lose(client, target, tmp_path):
    client.push(pd.DataFrame({"n": [1]}), "sales")
    export_to(tmp_path, client)
    grid = target.push(pd.DataFrame({"n": [1], "total": [2]}), "sales")
    plot = target.push_plot({"data": [{"ysrc": grid["total"].src}]}, "chart")
    with pytest.warns(PlotlyNbextWarning, match=f"'total', on which the plot {plot.fid} draws"):
        import_from(tmp_path, target, on_conflict="replace")


def test_what_was_renamed_before_an_interruption_is_not_made_twice(exported, taken, home):
    first = import_from(exported, taken, on_conflict="rename")
    for record in (home / "moving").glob("import-*.jsonl"):
        record.unlink()  # it was stopped before it could note anything
    again = import_from(exported, taken, on_conflict="rename")
    assert again.done == []
    assert {*first.done} <= {*again.same}
    assert len(taken.folder("sales").list()) == 4
