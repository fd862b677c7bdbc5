"""What makes a FigureView render again: its page, a FigureWidget, and the grids of its figure."""

from __future__ import annotations

import gc
import json
import threading
import time
import weakref
from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go
import pytest

from plotly_nbext.client.edits import Edits
from plotly_nbext.notebook.widgets import FigureView, GridView
from plotly_nbext.notebook.widgets._driving import follow
from plotly_nbext.notebook.widgets._tuning import tuned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plotly_nbext.client import Client, Grid, Image
    from plotly_nbext.notebook.widgets._tuning import Step

FIGURE = go.Figure(go.Scatter(y=[2, 5, 3]), layout={"width": 320, "height": 240})


def until(check: Callable[[], bool]) -> None:
    """Wait until something has come true."""
    deadline = time.monotonic() + 30
    while not check():
        assert time.monotonic() < deadline, "It has not come to that."
        time.sleep(0.01)  # between two looks


class Gate:
    """A client that renders when it is let."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.begun = threading.Semaphore(0)
        self.open = threading.Event()
        self.open.set()
        self.count = 0

    def render(self, *args: object, **wanted: object) -> Image:
        self.count += 1
        self.begun.release()
        assert self.open.wait(30)
        return self._client.render(*args, **wanted)  # type: ignore[arg-type,return-value]


@pytest.fixture
def gate(client: Client) -> Iterator[Gate]:
    made = Gate(client)
    yield made
    made.open.set()


@pytest.fixture
def view(gate: Gate) -> Iterator[FigureView]:
    made = FigureView(FIGURE, client=gate)  # type: ignore[arg-type]
    gate.begun.acquire()
    yield made
    made.close()


def rest(view: FigureView) -> None:
    """Wait until nothing is being rendered."""
    until(lambda: not view._redrawing._asked > view._redrawing._done)


def test_of_a_burst_of_choices_in_the_page_only_the_last_is_rendered(
    view: FigureView, gate: Gate
) -> None:
    images: list[Image] = []
    view.on_render(images.append)
    for i in range(20):
        view.set_state({"width": 401 + i})
    until(lambda: bool(images))
    rest(view)
    assert [image.width for image in images] == [420]
    assert gate.count == 2, "one of them was the first image"


def test_choices_while_an_image_is_made_are_one_more_image(view: FigureView, gate: Gate) -> None:
    images: list[Image] = []
    view.on_render(images.append)
    gate.open.clear()
    view.set_state({"width": 400})
    assert gate.begun.acquire(timeout=30)
    for i in range(20):
        view.set_state({"width": 401 + i})
    gate.open.set()
    until(lambda: len(images) == 2)
    rest(view)
    assert [image.width for image in images] == [400, 420]
    assert gate.count == 3


def test_the_page_is_not_kept_waiting_and_the_old_image_stays(view: FigureView, gate: Gate) -> None:
    before = view.image
    gate.open.clear()
    view.set_state({"width": 400})
    assert gate.begun.acquire(timeout=30)
    assert view.image == before
    assert view._busy
    view.set_state({"alt": "This came through."})
    assert view.alt == "This came through."
    gate.open.set()
    until(lambda: view.image != before)
    until(lambda: not view._busy)


def test_what_a_cell_sets_is_rendered_by_its_next_line_though_the_page_is_being_served(
    view: FigureView, gate: Gate
) -> None:
    images: list[Image] = []
    view.on_render(images.append)
    gate.open.clear()
    view.set_state({"width": 400})
    assert gate.begun.acquire(timeout=30)
    threading.Timer(0.1, gate.open.set).start()
    view.height = 300
    assert images[-1].data == view.image
    assert (images[-1].width, images[-1].height) == (400, 300)


def test_an_error_of_what_the_page_wants_keeps_the_image(view: FigureView) -> None:
    before = view.image
    view.set_state({"width": 10_000_000})
    until(lambda: bool(view.error))
    assert view.error["type"] == "ValidationError"
    assert view.image == before
    view.set_state({"width": None})
    until(lambda: not view.error)
    assert view.image == before


def test_a_callback_may_read_and_set_the_view_and_wait_for_others_who_do(view: FigureView) -> None:
    seen: list[tuple[int, int]] = []

    def look(image: Image) -> None:
        seen.append((image.width, image.height))
        if image.height != 300:
            other = threading.Thread(target=setattr, args=(view, "height", 300))
            other.start()
            other.join(30)
            assert not other.is_alive(), "it waits for this one"
        assert repr(view).startswith("FigureView(")

    view.on_render(look)
    view.set_state({"width": 400})
    until(lambda: (400, 300) in seen)
    assert view.error == {}


def test_who_hears_of_an_image_and_wants_another_gets_it_and_the_page_too(view: FigureView) -> None:
    images: list[Image] = []
    view.on_render(images.append)
    view.observe(lambda _change: setattr(view, "height", 300), "image")
    view.width = 400
    assert [(image.width, image.height) for image in images] == [(400, 300)]
    assert images[-1].data == view.image
    assert (view._shown["width"], view._shown["height"]) == (400, 300)
    assert view._shown["wanted"] == {"format": "png", "width": 400, "height": 300, "scale": None}


def test_an_interrupted_drawing_is_said_and_the_next_one_is_made(
    view: FigureView, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = view.image
    with monkeypatch.context() as patch:

        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(gate, "render", interrupt)
        with pytest.raises(KeyboardInterrupt):
            view.width = 400
    assert view.error["message"] == "Rendering was interrupted."
    assert not view._busy
    assert view.image == before
    view.set_state({"width": 401})
    until(lambda: view.image != before)
    assert view.error == {}


def test_an_observer_that_fails_in_the_thread_that_draws_does_not_end_all_drawing(
    view: FigureView, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _: ended.set())

    def fail(_change: object) -> None:
        raise RuntimeError("no such output")

    view.observe(fail, "error")
    view.set_state({"width": 10_000_000})
    assert ended.wait(30)
    view.unobserve(fail, "error")
    before = view.image
    view.set_state({"width": 401})
    until(lambda: view.image != before)


def test_what_is_no_figure_leaves_the_last_image_to_be_shown_and_written(view: FigureView) -> None:
    shown = view._repr_mimebundle_()[0]["image/png"]
    page = view.to_html()
    view.figure = 3
    assert view.error["type"] == "ValidationError"
    assert view._repr_mimebundle_()[0]["image/png"] == shown
    assert view.to_html() == page


@pytest.mark.parametrize(
    "config", [None, {"plotlyServerURL": "javascript:alert(1)//", "showLink": True}]
)
def test_no_figure_has_itself_sent_to_a_service(client: Client, config: object) -> None:
    view = FigureView({"data": [], "config": config}, client=client)
    answer, (text,) = view._figure({}, [])
    assert answer["ok"], answer
    private = {"plotlyServerURL": "", "showLink": False, "showSendToCloud": False}
    assert private.items() <= json.loads(text)["config"].items()
    view.close()


MOVE = {"layout": {"xaxis.range": [0, 1]}, "traces": []}


def test_what_is_done_in_the_page_is_not_done_over_a_figure_that_a_cell_sets_meanwhile(
    view: FigureView, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = go.Figure(go.Bar(y=[1]), layout={"width": 320, "height": 240})
    calls: list[object] = []

    def slowly(figure: object, steps: list[Step]) -> object:
        made = tuned(figure, steps)
        if not calls:
            view.figure = theirs
        calls.append(figure)
        return made

    monkeypatch.setattr("plotly_nbext.notebook.widgets._figure_protocol.tuned", slowly)
    view._tune({"steps": [MOVE]}, [])
    assert calls == [FIGURE, theirs]
    assert view.figure.data[0].type == "bar"
    assert view.figure.layout.xaxis.range == (0, 1)


def test_the_page_is_not_told_of_a_version_that_others_made_as_if_it_were_its_own(
    view: FigureView,
) -> None:
    view.render()  # of which the page doesn't know yet
    resized = {"layout": {"width": 300, "height": 200}, "traces": []}
    assert view._tune({"steps": [resized]}, []) == ({"ok": True}, [])
    assert view._tune({"steps": [MOVE]}, []) == ({"ok": True, "version": 2}, [])


def test_a_closed_view_renders_no_more(view: FigureView, gate: Gate) -> None:
    images: list[Image] = []
    view.on_render(images.append)
    before = view.image
    gate.open.clear()
    view.set_state({"width": 400})
    assert gate.begun.acquire(timeout=30)
    (drawing,) = (each for each in threading.enumerate() if "redrawing" in each.name)
    view.close()
    gate.open.set()
    drawing.join(30)
    assert not drawing.is_alive()
    view.width = 500
    view.render()
    assert view.image == before
    assert images == []
    assert gate.count == 2


@pytest.mark.parametrize("kind", ["live", "grid"])
def test_a_closed_view_hears_no_more(client: Client, gate: Gate, grid: Grid, kind: str) -> None:
    live = go.FigureWidget(FIGURE)
    figure = live if kind == "live" else {"data": [{"ysrc": grid["y"].src}]}
    view = FigureView(figure, client=gate)  # type: ignore[arg-type]
    version = view._version
    view.close()
    live.update_layout(title_text="Later")
    grid.append(pd.DataFrame({"x": [4], "y": [3]}))
    assert (view._version, gate.count) == (version, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda live: live.update_layout(title_text="Costs"),
        lambda live: setattr(live.data[0], "y", [5, 1, 4]),
        lambda live: live.add_bar(y=[1, 2, 3]),
        lambda live: setattr(live, "data", []),
        # what the page of the FigureWidget says when somebody zooms in it
        lambda live: live.set_state(
            {"_js2py_relayout": {"relayout_data": {"xaxis.range": [0, 1]}, "source_view_id": "1"}}
        ),
    ],
    ids=["layout", "values", "new trace", "no trace", "zoom"],
)
def test_a_figure_widget_drives_the_view(client: Client, change: Callable[[object], None]) -> None:
    live = go.FigureWidget(FIGURE)
    view = FigureView(live, client=client)
    change(live)
    expected = client.render(go.Figure(live)).data
    until(lambda: view.image == expected)
    view.close()


def test_many_changes_of_a_figure_widget_are_few_images(view: FigureView, gate: Gate) -> None:
    live = go.FigureWidget(FIGURE)
    view.figure = live
    gate.count = 0
    for i in range(20):
        live.update_layout(title_text=f"Step {i}")
    until(lambda: "Step 19" in view.alt)
    rest(view)
    assert gate.count <= 2


def test_a_figure_widget_that_is_another_views_drives_no_more(view: FigureView, gate: Gate) -> None:
    live = go.FigureWidget(FIGURE)
    view.figure = live
    view.figure = FIGURE
    gate.count = 0
    live.update_layout(title_text="Later")
    rest(view)
    assert gate.count == 0


class Listener:
    def __init__(self) -> None:
        self.heard = 0

    def hear(self) -> None:
        self.heard += 1


def test_a_figure_widget_keeps_nobody_alive_who_looks_at_it() -> None:
    live = go.FigureWidget(FIGURE)
    listener = Listener()
    follow(live, listener.hear)
    live.update_layout(title_text="Sales")
    assert listener.heard > 0
    gone = weakref.ref(listener)
    del listener
    gc.collect()
    assert gone() is None
    live.update_layout(title_text="Nobody looks")


@pytest.fixture
def grid(client: Client) -> Grid:
    return client.push(pd.DataFrame({"x": [1, 2, 3], "y": [2, 5, 3]}), "points")


@pytest.mark.parametrize(
    "change",
    [
        lambda grid, _: grid.append(pd.DataFrame({"x": [4], "y": [9]})),
        lambda grid, _: grid.replace_columns(pd.DataFrame({"y": [9, 9, 1]})),
        lambda grid, _: grid.edit(Edits(cells={grid["y"].uid: ([0], [9])})),
        lambda _, client: client.push(pd.DataFrame({"x": [1, 2], "y": [9, 1]}), "points"),
        lambda _, client: client.push(
            pd.DataFrame({"x": [1], "y": [9]}), "points", mode="upsert", key="x"
        ),
    ],
    ids=["append", "replace", "edit", "push", "upsert"],
)
def test_a_change_of_a_grid_renders_the_figures_that_draw_on_it(
    client: Client, grid: Grid, change: Callable[[Grid, Client], None]
) -> None:
    figure = {"data": [{"xsrc": grid["x"].src, "ysrc": grid["y"].src}]}
    view = FigureView(figure, client=client)
    before = view.image
    change(grid, client)
    expected = client.render(figure).data
    assert expected != before
    until(lambda: view.image == expected)
    view.close()


def test_a_cell_that_is_saved_in_a_grid_view_renders_the_figure_again(
    client: Client, grid: Grid
) -> None:
    figure = {"data": [{"ysrc": grid["y"].src}]}
    view = FigureView(figure, client=client)
    table = GridView(grid)
    answer, _ = table._set({"row": 0, "column": grid["y"].uid, "text": "9"}, [])
    assert answer["ok"], answer
    before = view.image
    table.save()
    until(lambda: view.image != before)
    view.close()


def test_a_grid_that_the_figure_does_not_draw_on_renders_nothing(
    client: Client, grid: Grid, view: FigureView, gate: Gate
) -> None:
    other = client.push(pd.DataFrame({"x": [1]}), "other")
    view.figure = {"data": [{"ysrc": grid["y"].src}]}
    gate.count = 0
    other.append(pd.DataFrame({"x": [2]}))
    rest(view)
    assert gate.count == 0


def test_the_figure_for_the_page_has_the_values_of_the_grids_it_draws_on(
    client: Client, grid: Grid
) -> None:
    figure = {"data": [{"xsrc": grid["x"].src, "y": [1, None]}], "layout": {}}
    view = FigureView(figure, client=client)
    answer, (text,) = view._figure({}, [])
    assert answer["ok"]
    assert b'"x":[1,2,3]' in text
    assert "x" not in figure["data"][0]
    grid.trash()
    answer, _ = view._figure({}, [])
    assert not answer["ok"]
    assert grid.fid in answer["error"]["message"]
    view.close()
