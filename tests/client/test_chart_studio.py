"""Our client and a server that answers as Chart Studio's own: everything works, if not as fast."""

from __future__ import annotations

import io
import time

import numpy as np
import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal

from plotly_nbext import AuthError, NotFoundError, ValidationError
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client, Folder, Grid, Plot, json_form


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]),
            "region": pd.Categorical(["north", "south", "north"]),
            "total": [1.5, np.nan, np.inf],
        }
    )


def test_a_pushed_frame_comes_back_and_is_updated_in_place(chart_studio, frame):
    client = chart_studio.client()
    grid = client.push(frame, "sales/2026")
    for reference in (grid, grid.fid, "sales/2026"):
        assert_frame_equal(client.pull(reference), frame)
    uids = {column.name: column.uid for column in grid.columns}
    changed = frame[["total", "month"]].assign(year=2026, total=[7.0, 8.0, 9.0])
    again = client.push(changed, "sales/2026")
    assert again.fid == grid.fid
    after = {column.name: column.uid for column in again.columns}
    assert list(after) == ["total", "month", "year"]
    assert (after["total"], after["month"]) == (uids["total"], uids["month"])
    assert_frame_equal(again.to_frame(), changed)


def test_a_column_that_a_failed_change_does_not_touch_keeps_its_infinities(
    chart_studio, frame, monkeypatch
):
    client = chart_studio.client()
    grid = client.push(frame, "sales")
    monkeypatch.setattr(json_form, "_put_columns", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        grid.replace_columns(frame[["month"]])
    assert_frame_equal(client.pull("sales"), frame)


def test_rows_and_columns_are_added_with_their_types(chart_studio, frame):
    client = chart_studio.client()
    grid = client.push(frame, "sales")
    grid.append(frame.head(1))
    assert grid.row_count == 4
    expected = pd.concat([frame, frame.head(1)], ignore_index=True)
    assert_frame_equal(grid.to_frame(), expected)
    day = pd.DataFrame({"day": pd.to_datetime(["2026-01-02"] * 4)})
    grid.add_columns(day).replace_columns(pd.DataFrame({"total": [1, 2, 3, 4]}))
    assert_frame_equal(grid.to_frame(), expected.assign(total=[1, 2, 3, 4]).join(day))
    assert chart_studio.count("POST .*/row") == 1


def test_a_replacement_that_is_cut_short_reads_as_what_was_written(chart_studio, monkeypatch):
    client = chart_studio.client()
    grid = client.push(pd.DataFrame({"x": [np.inf, 1.0, 2.0]}), "cut")
    put = json_form._put_columns

    def cut(*args, **options):
        put(*args, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(json_form, "_put_columns", cut)
    with pytest.raises(KeyboardInterrupt):
        client.push(pd.DataFrame({"x": [np.nan, 7.0, 8.0]}), "cut")
    assert_frame_equal(grid.refresh().to_frame(), pd.DataFrame({"x": [np.nan, 7.0, 8.0]}))


@pytest.mark.parametrize("dtype", ["Sparse[float64]", "double[pyarrow]"])
def test_what_was_noted_of_replaced_rows_is_forgotten_in_any_dtype(
    chart_studio, monkeypatch, dtype
):
    client = chart_studio.client()
    client.push(pd.DataFrame({"x": pd.array([np.inf, 1.0, 2.0], dtype=dtype)}), "cut")
    monkeypatch.setattr(json_form, "_delete_columns", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.push(pd.DataFrame({"x": pd.array([np.nan, 5.0, 6.0], dtype=dtype)}), "cut")
    assert pd.isna(client.pull("cut")["x"].iloc[0])


def test_rows_are_put_by_their_key_if_not_at_once(chart_studio, frame):
    client = chart_studio.client()
    grid = client.push(frame, "sales")
    more = frame.iloc[[1]].assign(total=7.5)
    found = client.push(more, "sales", mode="upsert", key="month", dry_run=True)
    assert (found.rows_changed, found.rows_added) == (1, 0)
    grid.upsert(more, key="month")
    assert_frame_equal(client.pull("sales"), frame.assign(total=[1.5, 7.5, np.inf]))


def test_frames_of_polars_are_pushed_and_pulled_there_too(chart_studio):
    client = chart_studio.client()
    frame = pl.DataFrame({"n": [1, None, 3], "s": ["a", None, "c"]})
    assert client.pull(client.push(frame, "polars"), "polars").equals(frame)


def test_windows_are_the_rows_asked_for_and_are_cut_from_one_download(chart_studio):
    client = chart_studio.client()
    grid = client.push(pd.DataFrame({"n": range(10)}), "numbers")
    assert grid.row_count == 10
    assert grid.window(5, 20) == [[5, 6, 7, 8, 9]]
    assert grid.window(2, 4) == [[2, 3]]
    assert grid.head(2)["n"].tolist() == [0, 1]
    assert chart_studio.count("/content") == 1
    grid.append(pd.DataFrame({"n": [10]}))
    assert grid.window(9, 12) == [[9, 10]]
    assert repr(grid) == "Grid('numbers', 1 column)"


def test_files_are_listed_page_by_page_with_nothing_else_asked(chart_studio, frame):
    client = chart_studio.client()
    for number in range(102):
        client.make_folder(f"many/{number:03}")
    client.push(frame, "many/a grid")
    before = len(chart_studio.asked)
    files = client.list("many")
    assert [file.path for file in files] == [*(f"many/{n:03}" for n in range(102)), "many/a grid"]
    assert isinstance(files[0], Folder)
    grid = files[-1]
    assert isinstance(grid, Grid)
    assert repr(files[-1]) == "Grid('many/a grid')"
    assert grid.told_rows is None
    assert len(chart_studio.asked) - before == 3  # the lookup, and two pages
    assert [column.name for column in grid.columns] == ["month", "region", "total"]
    assert (grid.views, grid.stars, grid.references, grid.created.year) == (3, [], [], 2020)


def test_files_are_renamed_moved_trashed_restored_and_deleted(chart_studio, frame):
    client = chart_studio.client()
    grid = client.push(frame, "draft").rename("final").move("reports/2026")
    assert client.grid("reports/2026/final").fid == grid.fid
    assert client.grid(grid.fid).path == "reports/2026/final"
    with pytest.raises(NotFoundError):
        client.grid("reports/2026/final" if grid.trash() else "")
    assert_frame_equal(grid.restore().to_frame(), frame)
    grid.move("").delete()
    assert not client.exists("final")


def test_a_name_that_is_taken_is_told_as_such_though_the_status_is_another(chart_studio, frame):
    client = chart_studio.client()
    client.push(frame, "sales")
    with pytest.raises(ValidationError, match=r"(?s)'sales' already.*mode='replace'"):
        client.push(frame, "sales", mode="create")
    client.make_folder("folder")
    with pytest.raises(ValidationError, match="not a grid"):
        client.push(frame, "folder")


def test_plots_are_kept_and_drawn_anew_in_place(chart_studio, frame):
    client = chart_studio.client()
    grid = client.push(frame, "sales")
    figure = {"data": [{"ysrc": grid["total"].src}], "layout": {"title": {"text": "Sales"}}}
    plot = client.push_plot(figure, "plots/sales")
    assert isinstance(plot, Plot)
    assert plot.figure(inline_data=False) == figure
    again = client.push_plot({"data": [], "layout": {}}, "plots/sales")
    assert again.fid == plot.fid
    assert plot.figure()["data"] == []
    with pytest.raises(ValidationError, match="already"):
        client.push_plot(figure, "plots/sales", mode="create")


def test_what_was_deleted_is_no_error_though_the_answer_was_lost(chart_studio, frame):
    client = chart_studio.client()
    grid = client.push(frame, "sales")
    chart_studio.lost = "permanent_delete"
    grid.delete()
    assert chart_studio.count("permanent_delete") == 2
    assert chart_studio.files == {}


def test_a_grid_loses_its_columns_though_the_answer_was_lost(chart_studio, frame):
    client = chart_studio.client()
    client.push(frame, "sales")
    chart_studio.lost = "DELETE .*/col"
    assert_frame_equal(client.push(frame[["total"]], "sales").to_frame(), frame[["total"]])
    assert chart_studio.count("DELETE .*/col") == 2


def test_images_are_rendered(chart_studio):
    image = chart_studio.client().render({"data": [{"y": [1, 2]}], "layout": {}})
    assert image.data.startswith(b"\x89PNG")


def test_a_file_is_uploaded_into_a_folder_that_no_header_could_name(chart_studio):
    client = chart_studio.client()
    grid = client.upload(io.BytesIO(b"a,b\n1,2\n"), "Größe 100%/日本.csv")
    assert isinstance(grid, Grid)
    assert client.grid("Größe 100%/日本.csv").fid == grid.fid
    assert grid.to_frame().to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_a_throttled_push_waits_as_the_words_say_and_is_done_once(chart_studio, frame, caplog):
    client = chart_studio.client()
    chart_studio.throttled = [0.0, 1.0]
    before = time.monotonic()
    client.push(frame, "sales", mode="create")
    assert time.monotonic() - before >= 1
    assert (chart_studio.count("POST /v2/grids$"), len(chart_studio.files)) == (3, 1)
    assert [record.getMessage() for record in caplog.records] == [
        f"127.0.0.1 is busy (429): asking again in {seconds} s. Interrupt the kernel to stop."
        for seconds in ("0", "1")
    ]


def test_a_wrong_key_is_told_as_such(chart_studio):
    client = Client(lambda: Account(chart_studio.url, "alice", "wrong"))
    with pytest.raises(AuthError, match="Bad API key"):
        client.whoami()
