"""What can be done with files of every type, and how they are found."""

from __future__ import annotations

import io
import secrets
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from PIL import Image as PillowImage

from plotly_nbext import Image, NotFoundError, PlotlyNbextWarning, ValidationError
from plotly_nbext.client import Client, Folder, Grid, Plot

FRAME = pd.DataFrame({"x": [1, 2, 3], "y": [2.5, 5.0, 1.0]})
FIGURE = {"data": [{"type": "scatter", "y": [1, 3, 2]}], "layout": {"width": 320, "height": 240}}


@pytest.fixture
def other(server) -> Client:
    """Someone else, on the same server."""
    name = f"other-{secrets.token_hex(4)}"
    return server.client(name, server.add_user(name))


def drawn(image: Image) -> tuple[int, int]:
    """Measure an image in its pixels."""
    if image.format == "svg":
        root = ET.fromstring(image.data)
        return int(root.attrib["width"]), int(root.attrib["height"])
    return PillowImage.open(io.BytesIO(image.data)).size


def names(files) -> list[str]:
    return [file.name for file in files]


# --- all types --------------------------------------------------------------------------------


def test_a_file_tells_who_made_it_when_and_who_may_read_it(client: Client):
    before = datetime.now(UTC)
    grid = client.push(FRAME, "sales", metadata={"by": "me"})
    assert (grid.owner, grid.filetype, grid.world_readable) == (client.username, "grid", False)
    assert abs((grid.created - before).total_seconds()) < 60
    assert grid.modified >= grid.created.replace(microsecond=0)
    assert (grid.views, grid.stars, grid.references, grid.referencers) == (0, [], [], [])
    assert grid.url == f"{client.url}/~{client.username}/{grid.fid.partition(':')[2]}/"


def test_facts_are_attached_in_place_of_those_there_and_types_stay(client: Client):
    frame = FRAME.assign(c=pd.Categorical(["a", "b", "a"]))
    grid = client.push(frame, "sales", metadata={"by": "me"}).set_metadata({"of": 2026})
    assert client.grid("sales").metadata == {"of": 2026}
    assert_frame_equal(grid.to_frame(), frame)


def test_facts_attached_by_an_old_handle_leave_the_types_that_are_there_now(client: Client):
    old = client.push(FRAME, "sales")
    now = FRAME.assign(x=pd.Categorical(["a", "b", "a"]))
    client.push(now, "sales")
    assert old.set_metadata({"of": 2026}).metadata == {"of": 2026}
    assert_frame_equal(client.pull("sales"), now)


def test_facts_attached_while_rows_come_in_leave_their_types(client: Client, monkeypatch):
    grid = client.push(FRAME, "sales")
    more = pd.DataFrame({"x": [4], "y": [float("inf")]})
    refresh, meanwhile = grid.refresh, iter([more])

    def refresh_before_rows_come_in() -> Grid:
        refresh()
        for rows in meanwhile:
            client.grid("sales").append(rows)
        return grid

    monkeypatch.setattr(grid, "refresh", refresh_before_rows_come_in)
    assert grid.set_metadata({"of": 2026}).row_count == 4
    found = client.grid("sales")
    assert found.metadata == {"of": 2026}
    assert_frame_equal(found.to_frame(), pd.concat([FRAME, more], ignore_index=True))


def test_a_file_is_found_with_its_own_type_by_path_or_fid(client: Client):
    made = {
        "sales": client.push(FRAME, "sales"),
        "a folder": client.make_folder("a folder"),
        "a plot": client.push_plot(FIGURE, "a plot"),
    }
    for path, file in made.items():
        for reference in (path, file.fid):
            found = client.file(reference)
            assert (type(found), found.fid, found.path) == (type(file), file.fid, path)
            assert found.refresh().name == path
    with pytest.raises(NotFoundError, match="no plot 'sales'"):
        client.plot("sales")
    with pytest.raises(NotFoundError, match="no folder 'sales'"):
        client.folder("sales")
    assert client.exists("a folder")
    assert not client.exists("a folder/nothing")


def test_each_type_is_renamed_moved_trashed_restored_and_deleted(client: Client):
    for file in (
        client.push(FRAME, "sales"),
        client.push_plot(FIGURE, "a plot"),
        client.make_folder("a folder"),
    ):
        file.rename("renamed").move("to/here")
        assert file.path == client.file(file.fid).path == "to/here/renamed"
        file.trash()
        assert not client.exists("to/here/renamed")
        assert [there.fid for there in client.trashed()] == [file.fid]
        assert file.restore().path == "to/here/renamed"
        file.move("").delete()
        assert not client.exists("renamed")
        assert client.trashed() == []


def test_what_lies_in_the_trash_can_be_restored_or_deleted_from_its_listing(client: Client):
    client.push(FRAME, "folder/a")
    client.push(FRAME, "b").trash()
    client.folder("folder").trash()
    assert sorted(names(client.trashed())) == ["b", "folder"]
    for file in client.trashed(filetype="fold"):
        file.restore()
    (left,) = client.trashed()
    left.delete()
    assert client.trashed() == []
    assert_frame_equal(client.pull("folder/a"), FRAME)


def test_a_file_is_published_and_withdrawn(client: Client, other: Client):
    grid = client.push(FRAME, "sales")
    with pytest.raises(NotFoundError):
        other.grid(grid.fid)
    grid.publish()
    assert_frame_equal(other.pull(grid.fid), FRAME)
    assert_frame_equal(other.grid("sales", user=client.username).to_frame(), FRAME)
    assert other.list(user=client.username)[0].fid == grid.fid
    grid.unpublish()
    with pytest.raises(NotFoundError):
        other.pull(grid.fid)


def test_a_share_key_lets_a_private_file_be_read_until_it_is_withdrawn(
    client: Client, other: Client
):
    grid = client.push(FRAME, "sales")
    url = grid.share()
    address, _, key = url.partition("?share_key=")
    assert f"{address}/" == grid.url
    assert key
    shared = other.grid(grid.fid, share_key=key)
    assert_frame_equal(shared.to_frame(), FRAME)
    assert shared["y"].data == [2.5, 5.0, 1.0]
    assert shared.window(1, 2) == [[2], [5.0]]
    assert key not in repr(shared) + repr(grid)
    with pytest.raises(NotFoundError):
        other.grid(grid.fid)
    grid.unshare()
    with pytest.raises(NotFoundError):
        shared.refresh()


def test_a_share_key_opens_a_file_by_its_path(client: Client, other: Client):
    grid = client.push(FRAME, "folder/sales")
    _, _, key = grid.share().partition("?share_key=")
    for find in (other.grid, other.file):
        shared = find("folder/sales", user=client.username, share_key=key)
        assert (shared.fid, shared.path) == (grid.fid, "folder/sales")
        assert_frame_equal(other.pull(shared), FRAME)
    with pytest.raises(NotFoundError, match="no grid 'folder/sales'"):
        other.grid("folder/sales", user=client.username)


def test_who_has_a_share_key_may_star_with_it(client: Client, other: Client):
    grid = client.push(FRAME, "sales")
    _, _, key = grid.share().partition("?share_key=")
    shared = other.grid(grid.fid, share_key=key).star()
    assert shared.stars == [other.username]
    assert shared.unstar().stars == []


def test_a_star_is_seen_by_all_and_lists_what_has_it(client: Client, other: Client):
    grid = client.push(FRAME, "sales").publish()
    assert other.grid(grid.fid).star().stars == [other.username]
    assert grid.star().star().refresh().stars.count(client.username) == 1
    assert names(other.starred()) == ["sales"]
    assert other.grid(grid.fid).unstar().stars == [client.username]
    assert other.starred() == []


def test_a_copy_is_its_own_file(client: Client):
    grid = client.push(FRAME, "folder/sales")
    same = grid.copy()
    assert same.path == "folder/sales (2)"
    there = grid.copy("copied", parent="some/where", world_readable=True)
    assert (there.path, there.world_readable) == ("some/where/copied", True)
    assert grid.copy(parent="").path == "sales"
    client.push(FRAME * 2, "folder/sales")
    assert_frame_equal(there.to_frame(), FRAME)
    assert isinstance(there, Grid)


def test_a_copy_of_what_is_public_is_one_s_own_and_private(client: Client, other: Client):
    grid = client.push(FRAME, "sales").publish()
    mine = other.grid(grid.fid).copy()
    assert (mine.owner, mine.path, mine.world_readable) == (other.username, "sales", False)


def test_what_can_not_be_copied_with_a_folder_is_said_at_the_user_s_line(
    client: Client, other: Client
):
    client.push(FRAME, "folder/public").publish()
    client.push(FRAME, "folder/private")
    folder = client.folder("folder").publish()
    with pytest.warns(PlotlyNbextWarning, match="private") as caught:
        copied = other.folder(folder.fid).copy()
    assert caught[0].filename == __file__
    assert names(copied.list()) == ["public"]


# --- folders and search -----------------------------------------------------------------------


def test_a_folder_is_made_once_with_those_above_it(client: Client):
    folder = client.make_folder("reports/2026/may")
    assert isinstance(folder, Folder)
    assert repr(folder) == "Folder('reports/2026/may')"
    assert client.make_folder("reports/2026/may").fid == folder.fid
    assert names(client.list("reports/2026")) == ["may"]
    client.push(FRAME, "sales")
    for path in ("sales", "sales/below"):
        with pytest.raises(ValidationError):
            client.make_folder(path)


def test_a_listing_is_ordered_and_filtered_as_asked(client: Client):
    client.push(FRAME, "b")
    client.push_plot(FIGURE, "a")
    client.make_folder("c")
    assert names(client.list()) == ["a", "b", "c"]
    assert names(client.list(order_by="-filename")) == ["c", "b", "a"]
    assert names(client.list(order_by="-creation_time")) == ["c", "a", "b"]
    assert names(client.list(filetype="grid")) == ["b"]
    assert names(client.list(filetype=["grid", "plot"])) == ["a", "b"]
    with pytest.raises(ValidationError, match="creation_time"):
        client.list(order_by="colour")


def test_all_files_are_listed_wherever_they_lie(client: Client):
    client.push(FRAME, "one/two/deep")
    client.push(FRAME, "top")
    found = client.all_files(filetype="grid", order_by="filename")
    assert [file.path for file in found] == ["one/two/deep", "top"]
    assert client.shared() == []


def test_a_listed_grid_is_read_as_any_other(client: Client):
    client.push(FRAME, "folder/sales")
    (grid,) = client.folder("folder").list()
    assert isinstance(grid, Grid)
    answers: list[object] = []
    client._session._requests().hooks["response"].append(lambda answer, **_: answers.append(answer))
    assert (grid.row_count, answers) == (3, [])
    assert repr(grid) == "Grid('folder/sales', 3 rows)"
    assert grid["y"].data == [2.5, 5.0, 1.0]
    assert repr(grid) == "Grid('folder/sales', 3 rows × 2 columns)"
    assert_frame_equal(grid.to_frame(), FRAME)


def test_search_finds_names_and_columns_of_one_s_own_and_of_public_files(
    client: Client, other: Client
):
    mark = client.username
    client.push(FRAME.rename(columns={"y": f"column {mark}"}), "numbers")
    client.push_plot(FIGURE, f"plot {mark}").publish()
    client.make_folder(f"100% {mark}")
    assert sorted(names(client.search(mark))) == [f"100% {mark}", "numbers", f"plot {mark}"]
    assert names(client.search(mark.upper(), filetype="grid")) == ["numbers"]
    assert names(client.search(f"0% {mark}")) == [f"100% {mark}"]
    assert names(other.search(mark)) == [f"plot {mark}"]
    assert names(other.search(mark, user=other.username)) == []
    assert names(client.search(mark, order_by="-filename"))[0] == f"plot {mark}"
    with pytest.raises(ValidationError) as refused:
        client.search("")
    assert refused.value.field == "q"


# --- plots ------------------------------------------------------------------------------------


def test_a_plot_keeps_its_figure_and_is_drawn_anew_in_place(client: Client):
    plot = client.push_plot(FIGURE, "plots/sales")
    assert isinstance(plot, Plot)
    assert repr(plot) == "Plot('plots/sales')"
    assert plot.figure(inline_data=False) == FIGURE
    other = {"data": [{"type": "bar", "y": [2]}], "layout": {}}
    again = client.push_plot(other, "plots/sales", world_readable=True)
    assert (again.fid, again.world_readable) == (plot.fid, True)
    assert plot.figure(inline_data=False) == other
    assert plot.update(FIGURE).figure(inline_data=False) == FIGURE
    with pytest.raises(ValidationError, match=r"(?s)'plots/sales' already.*mode='replace'"):
        client.push_plot(other, "plots/sales", mode="create")


def test_a_plot_draws_what_its_grid_holds_now(client: Client):
    grid = client.push(FRAME, "points")
    figure = {"data": [{"type": "scatter", "xsrc": grid["x"].src, "ysrc": grid["y"].src}]}
    plot = client.push_plot(figure, "of points")
    assert plot.references == [grid.fid]
    assert grid.refresh().referencers == [plot.fid]
    assert [(type(file), file.fid) for file in plot.sources()] == [(Grid, grid.fid)]
    (trace,) = plot.figure()["data"]
    assert (trace["x"], trace["y"], trace["ysrc"]) == ([1, 2, 3], [2.5, 5, 1], grid["y"].src)
    client.push(FRAME.assign(y=[7.0, 8.0, 9.0]), "points")
    assert plot.figure()["data"][0]["y"] == [7, 8, 9]
    with pytest.raises(ValidationError, match="ysrc"):
        client.push_plot({"data": [{"ysrc": f"{grid.fid}:ffffff"}]}, "of nothing")
    assert not client.exists("of nothing")


def test_a_plot_that_drops_a_grid_keeps_what_it_drew(client: Client):
    grid = client.push(FRAME, "points")
    plot = client.push_plot({"data": [{"type": "scatter", "ysrc": grid["y"].src}]}, "of points")
    assert plot.drop_reference(grid).references == []
    assert plot.drop_reference(grid.fid).references == []
    grid.delete()
    assert plot.figure()["data"][0]["y"] == [2.5, 5, 1]
    with pytest.raises(ValidationError) as refused:
        plot.drop_reference("no fid")
    assert refused.value.field == "fid"


def test_a_public_plot_is_drawn_for_who_can_not_read_its_grid(client: Client, other: Client):
    grid = client.push(FRAME, "points")
    figure = {
        "data": [{"type": "scatter", "ysrc": grid["y"].src, "marker": {"sizesrc": grid["x"].src}}],
        "layout": {"width": 320, "height": 240},
    }
    plot = client.push_plot(figure, "of points", world_readable=True)
    assert plot.embed_url.endswith(".embed")
    seen = other.plot(plot.fid)
    image = seen.image()
    assert (image.format, image.width, image.height) == ("png", 320, 240)
    larger = seen.image("svg", width=640)
    assert (larger.width, larger.data[:4]) == (640, b"<svg")
    assert seen.sources() == []
    assert seen.references == []


@pytest.mark.parametrize("format", ["png", "jpeg", "webp", "svg", "pdf"])
def test_a_plot_is_drawn_in_each_format_by_who_can_not_read_its_grid(
    client: Client, other: Client, format
):
    grid = client.push(FRAME, "points")
    trace = {"type": "scatter", "ysrc": grid["y"].src}
    figure = {
        "data": [trace],
        "layout": {"width": "320", "height": 240},
        "frames": [{"data": [{"ysrc": grid["x"].src}]}],
    }
    seen = other.plot(client.push_plot(figure, "of points", world_readable=True).fid)
    image = seen.image(format)
    assert (image.format, image.width, image.height, image.scale) == (format, 320, 240, 1)
    larger = seen.image(format, width=640, height=100, scale=2)
    assert (larger.width, larger.height, larger.scale) == (640, 100, 2)
    if format != "pdf":
        assert drawn(image) == (320, 240)
        assert drawn(larger) == (1280, 200)


@pytest.mark.parametrize("format", ["png", "svg"])
def test_a_plot_is_drawn_though_its_grid_is_in_the_trash(client: Client, format):
    grid = client.push(FRAME, "points")
    figure = {"data": [{"y": [1, 2]}, {"ysrc": grid["y"].src}], "layout": {"width": 320}}
    plot = client.push_plot(figure, "of points")
    with pytest.warns(PlotlyNbextWarning, match="draws on it"):
        grid.trash()
    image = plot.image(format)
    assert drawn(image) == (320, 500) == (image.width, image.height)


@pytest.mark.parametrize("options", [{"format": "gif"}, {"width": 0}, {"scale": "big"}])
def test_a_plot_is_not_drawn_as_no_image_can_be(client: Client, options):
    plot = client.push_plot(FIGURE, "a plot")
    with pytest.raises(ValidationError) as refused:
        plot.image(**options)
    assert refused.value.field == next(iter(options))


# --- the server itself ------------------------------------------------------------------------


def test_the_server_tells_its_endpoints_and_what_plotly_js_knows(client: Client):
    assert client.endpoints()["grids"] == f"{client.url}/v2/grids"
    schema = client.plot_schema()
    assert "scatter" in schema["traces"]
    assert client.plot_schema() is schema


def test_columns_that_other_columns_would_be_longer_than_are_refused(client):
    grid = client.push(pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6]}), "lengths")
    for change in (grid.add_columns, grid.replace_columns):
        name = "c" if change == grid.add_columns else "a"
        with pytest.raises(ValidationError, match="The frame has 1 rows"):
            change(pd.DataFrame({name: [9]}))
    assert grid.to_frame().equals(pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6]}))
    both = pd.DataFrame({"a": [9], "b": [8]})
    assert grid.replace_columns(both).to_frame().equals(both)


def test_a_grid_in_the_trash_says_where_it_may_be(client):
    grid = client.push(pd.DataFrame({"a": [1]}), "gone").trash()
    with pytest.raises(NotFoundError, match=r"'gone'.* is not there(?s:.*)restore\(\)") as refused:
        grid.to_frame()
    assert refused.value.__context__ is None


def test_a_copy_is_put_where_its_path_says(client):
    grid = client.push(pd.DataFrame({"a": [1]}), "original")
    assert grid.copy("x/y/copied").path == "x/y/copied"
    assert grid.copy("z/again", parent="x").path == "x/z/again"


def test_a_path_is_no_name_and_the_way_to_move_is_told(client):
    grid = client.push(pd.DataFrame({"a": [1]}), "named")
    with pytest.raises(ValidationError, match=r"move\(\) puts a file"):
        grid.rename("folder/named")


def test_a_file_is_not_named_by_a_number(client):
    with pytest.raises(ValidationError, match="path or fid, not by 5"):
        client.grid(5)


def test_what_is_no_frame_is_refused_with_what_makes_one(client):
    for wrong in ({"a": [1]}, [1, 2]):
        with pytest.raises(ValidationError, match=r"pandas\.DataFrame"):
            client.push(wrong, "wrong")
    assert client.exists("wrong") is False


def test_a_series_is_a_grid_of_one_column(client):
    grid = client.push(pd.Series([1, 2], name="total"), "series")
    assert (list(grid), grid["total"].data) == (["total"], [1, 2])
