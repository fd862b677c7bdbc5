"""Many figures at once: in order, side by side, and with a clear end when something is wrong."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
import warnings
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from plotly_nbext import AuthError, PlotlyNbextWarning, ServiceError, ValidationError
from plotly_nbext.accounts import Account
from plotly_nbext.client import Client
from plotly_nbext.client.batch import IN_FLIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 30
PNG = b"\x89PNG\r\n\x1a\n"


def figure(number: int) -> dict[str, Any]:
    layout = {"width": 200, "height": 150, "title": {"text": f"Figure {number}"}}
    return {"data": [{"y": [number, 0, 2]}], "layout": layout}


def number_of(body: dict[str, Any]) -> int:
    number: int = body["figure"]["data"][0]["y"][0]
    return number


@dataclass
class Studio:
    """A server that renders when it is allowed to."""

    url: str = ""
    open: threading.Event = field(default_factory=threading.Event)
    asked: list[int] = field(default_factory=list)
    most: int = 0
    refused: set[int] = field(default_factory=set)
    missing: set[int] = field(default_factory=set)

    def until_asked(self, count: int) -> None:
        """Wait until so many figures are asked for."""
        until(lambda: len(self.asked) >= count)

    def client(self) -> Client:
        return Client(lambda: Account(self.url, "alice", "key"))


def until(is_so: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@contextmanager
def studio() -> Iterator[Studio]:
    here = Studio()
    lock = threading.Lock()
    rendering: set[int] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            number = number_of(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            with lock:
                here.asked.append(number)
                rendering.add(number)
                here.most = max(here.most, len(rendering))
            if number not in here.refused and not here.open.wait(PATIENCE):
                return
            with lock:
                rendering.discard(number)
            status, mime, body = 200, "image/png", PNG + str(number).encode()
            if number in here.refused:
                error = {"message": "figure.data[0] is odd.", "field": "figure"}
                status, mime, body = (
                    400,
                    "application/json",
                    json.dumps({"errors": [error]}).encode(),
                )
            self.send_response(status)
            self.send_header("Content-Type", mime)
            if number in here.missing:
                self.send_header("Plotly-Warnings", json.dumps(["No font here has it."]))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, daemon=True).start()
        here.url = f"http://127.0.0.1:{http.server_port}"
        try:
            yield here
        finally:
            here.open.set()
            http.shutdown()


@contextmanager
def in_background(work: Any) -> Iterator[list[Any]]:
    """Work in a thread; what comes of it is in the list after the block."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()), daemon=True)
    thread.start()
    yield results
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_the_images_are_those_of_the_figures_in_their_order(client: Client) -> None:
    figures = [figure(number) for number in range(20)]
    batch = client.render(figures)
    assert [image.data for image in batch] == [client.render(each).data for each in figures]
    assert len({image.data for image in batch}) == 20


def test_options_are_those_of_every_figure(client: Client) -> None:
    images = client.render((figure(1), go.Figure(figure(2))), "svg", width=300)
    assert [(image.format, image.width, image.height) for image in images] == [
        ("svg", 300, 150)
    ] * 2


def test_one_figure_that_a_generator_changes_again_and_again_is_rendered_each_time(
    client: Client,
) -> None:
    changing = go.Figure(figure(0))

    def frames() -> Iterator[go.Figure]:
        for number in range(12):
            changing.layout.title.text = f"Frame {number}"
            yield changing

    assert len({image.data for image in client.render(frames())}) == 12


def test_none_are_none(client: Client) -> None:
    assert client.render([]) == []


def test_figures_are_rendered_side_by_side_and_made_as_they_are_wanted() -> None:
    made: list[int] = []

    def figures() -> Iterator[dict[str, Any]]:
        for number in range(100):
            made.append(number)
            yield figure(number)

    with studio() as here:
        with in_background(lambda: here.client().render(figures())) as results:
            here.until_asked(IN_FLIGHT)
            assert len(made) == IN_FLIGHT
            here.open.set()
        (images,) = results
        assert [image.data for image in images] == [PNG + str(n).encode() for n in range(100)]
        assert here.most == IN_FLIGHT


def test_the_first_figure_that_fails_is_named_and_the_others_images_are_kept() -> None:
    with studio() as here:
        here.refused = {56}
        here.open.set()
        with pytest.raises(ValidationError) as refused:
            here.client().render([figure(number) for number in range(100)])
    begun = len(here.asked)
    assert 57 <= begun < 100
    assert sorted(here.asked) == list(range(begun))
    assert str(refused.value) == (
        "figure 57 (of 100): figure.data[0] is odd.\n"
        f"Without an image: 57, all after {begun}. The others' are in the error's `images`."
    )
    assert refused.value.field == "figure"
    images = [PNG + str(n).encode() if n < begun and n != 56 else None for n in range(100)]
    assert [image and image.data for image in vars(refused.value)["images"]] == images


def test_images_that_are_under_way_when_a_generator_s_figure_fails_are_kept() -> None:
    with studio() as here, ThreadPoolExecutor() as pool:
        here.refused = {3}
        rendering = pool.submit(here.client().render, map(figure, range(6)))
        here.until_asked(6)
        here.open.set()
        error = rendering.exception(PATIENCE)
    assert str(error) == (
        "figure 4: figure.data[0] is odd.\n"
        "Without an image: 4, all after 6. The others' are in the error's `images`."
    )
    kept = [0, 1, 2, None, 4, 5]
    images = [None if number is None else PNG + str(number).encode() for number in kept]
    assert [image and image.data for image in vars(error)["images"]] == images


def test_of_a_batch_without_an_image_none_are_told() -> None:
    with studio() as here:
        here.refused = {0, 1}
        with pytest.raises(ValidationError) as refused:
            here.client().render([figure(0), figure(1)])
    assert str(refused.value) == "figure 1 (of 2): figure.data[0] is odd."
    assert vars(refused.value)["images"] == [None, None]


def test_the_last_of_figures_without_number_is_none_where_it_fails() -> None:
    with studio() as here:
        here.refused = {2}
        here.open.set()
        with pytest.raises(ValidationError) as refused:
            here.client().render(map(figure, range(3)))
    images = vars(refused.value)["images"]
    assert [image and image.data for image in images] == [PNG + b"0", PNG + b"1", None]


def test_a_warning_that_is_an_error_hides_no_figure_that_fails() -> None:
    with studio() as here, warnings.catch_warnings(action="error"):
        here.missing, here.refused = {0}, {1}
        here.open.set()
        with pytest.raises(ValidationError, match=r"^figure 2 \(of 2\): figure\.data") as refused:
            here.client().render([figure(0), figure(1)])
    assert isinstance(refused.value.__context__, PlotlyNbextWarning)
    assert [image and image.data for image in vars(refused.value)["images"]] == [PNG + b"0", None]


@pytest.mark.parametrize(
    ("bad", "kind", "words"),
    [
        (42, ValidationError, "figure must be a Plotly figure"),
        ({"data": [{"type": "nope"}]}, ValueError, "nope"),
        (go.Figure(layout={"meta": object()}), ValidationError, "object"),
    ],
    ids=["no figure", "not valid", "not to be encoded"],
)
def test_the_figures_before_one_that_can_t_be_sent_are_written_and_no_other_is_begun(
    tmp_path: Path, bad: Any, kind: type[Exception], words: str
) -> None:
    figures = [figure(0), figure(1), figure(2), bad, figure(4)]
    files = [tmp_path / f"{number}.png" for number in range(5)]
    with studio() as here, ThreadPoolExecutor() as pool:
        writing = pool.submit(here.client().write_images, figures, files)
        here.until_asked(3)
        here.open.set()
        error = writing.exception(PATIENCE)
    assert isinstance(error, kind)
    assert words in str(error)
    assert "figure 4 (of 5)" in "\n".join([str(error), *getattr(error, "__notes__", ())])
    assert sorted(here.asked) == [0, 1, 2]
    told = "\n".join([str(error), *getattr(error, "__notes__", ())])
    assert told.endswith("Without an image: 4, all after 4. The others' are in their files.")
    assert [file.read_bytes() for file in files[:3]] == [PNG + b"0", PNG + b"1", PNG + b"2"]
    assert not files[3].exists()
    assert not files[4].exists()


def test_what_is_under_way_when_the_server_refuses_a_figure_is_written() -> None:
    files = [io.BytesIO() for _ in range(100)]
    with studio() as here, ThreadPoolExecutor() as pool:
        here.refused = {3, 5}
        writing = pool.submit(here.client().write_images, map(figure, range(100)), files)
        here.until_asked(4)
        here.open.set()
        with pytest.raises(ValidationError, match=r"^figure 4 \(of 100\): figure\.data") as refused:
            writing.result(PATIENCE)
    without = sorted(here.refused & set(here.asked))
    names = ", ".join(str(number + 1) for number in without)
    assert refused.value.hint == (
        f"Without an image: {names}, all after {len(here.asked)}. The others' are in their files."
    )
    written = {number for number, file in enumerate(files) if file.getvalue()}
    assert {0, 1, 2} <= written
    assert written == set(here.asked) - here.refused
    assert len(here.asked) < len(files)


class FullDisk(io.BytesIO):
    """A file on a disk without space."""

    def write(self, content: Any) -> int:
        del content
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("number", [2, 19])
def test_a_file_that_can_t_be_written_is_named_and_what_is_under_way_is_written(
    tmp_path: Path, number: int
) -> None:
    (tmp_path / "folder.png").mkdir()
    for bad, kind in ((FullDisk(), OSError), (tmp_path / "folder.png", ValidationError)):
        files: list[Any] = [io.BytesIO() for _ in range(20)]
        files[number] = bad
        with studio() as here:
            here.open.set()
            with pytest.raises(kind) as failed:
                here.client().write_images(map(figure, range(20)), files)
        # a folder is refused before its figure is sent
        last = len(here.asked) + (kind is ValidationError)
        rest = f", all after {last}" if last < 20 else ""
        which = f"figure {number + 1} (of 20)"
        without = f"Without an image: {number + 1}{rest}. The others' are in their files."
        if kind is OSError:
            assert failed.value.__notes__ == [which, without]
        else:
            assert str(failed.value).startswith(f"{which}: ")
            assert str(failed.value).endswith(without)
        written = [place for place, file in enumerate(files) if file != bad and file.getvalue()]
        assert written == [place for place in range(last) if place != number]


@pytest.mark.parametrize(
    "table",
    [pd.DataFrame({"x": [1]}), pd.Series([1]), np.array([1]), io.StringIO("{}")],
    ids=lambda table: type(table).__name__,
)
def test_a_table_is_not_several_figures(client: Client, table: Any) -> None:
    words = "figure must be a Plotly figure or a dict with data and layout, not "
    with pytest.raises(ValidationError) as refused:
        client.render(table)
    assert refused.value.message == f"{words}{type(table).__name__}."
    hint = "Draw it first, for example with plotly.express.line(…)."
    assert refused.value.hint == (None if isinstance(table, io.StringIO) else hint)


@pytest.mark.parametrize(
    "several", [tuple, iter, deque, lambda those: dict(enumerate(those)).values()]
)
def test_several_figures_may_be_in_what_gives_them_one_after_another(several: Any) -> None:
    with studio() as here:
        here.open.set()
        images = here.client().render(several([figure(1), figure(2)]))
    assert [image.data for image in images] == [PNG + b"1", PNG + b"2"]


def test_what_is_no_figure_is_named_too(client: Client) -> None:
    with pytest.raises(ValidationError, match=r"^figure 2 \(of 3\): figure must be a") as refused:
        client.render([figure(1), 42, figure(3)])
    assert refused.value.field == "figure"


def test_what_a_generator_raises_passes_through() -> None:
    def figures() -> Iterator[dict[str, Any]]:
        yield figure(1)
        raise KeyError("sales")

    with studio() as here:
        here.open.set()
        with pytest.raises(KeyError, match="sales") as failed:
            here.client().render(figures())
    assert failed.value.__notes__ == [
        "figure 2",
        "Without an image: 2, all after 2. The others' are in the error's `images`.",
    ]
    image, none = vars(failed.value)["images"]
    assert image.data == PNG + b"1"
    assert none is None


@dataclass(frozen=True)
class Frozen(Exception):  # noqa: N818 - what a user may have
    """An error whose attributes can't be set."""

    year: int


def test_a_user_s_own_error_that_takes_no_notes_comes_through() -> None:
    def figures() -> Iterator[dict[str, Any]]:
        yield figure(1)
        raise Frozen(2026)

    with studio() as here:
        here.open.set()
        with pytest.raises(Frozen) as failed:
            here.client().render(figures())
    image, none = vars(failed.value)["images"]
    assert image.data == PNG + b"1"
    assert none is None


def test_the_notes_of_a_user_s_own_error_are_kept() -> None:
    error = KeyError("sales")
    error.add_note("Of the year 2026.")

    def figures() -> Iterator[dict[str, Any]]:
        yield from ()
        raise error

    with studio() as here, pytest.raises(KeyError) as failed:
        here.client().render(figures())
    assert failed.value.__notes__ == ["Of the year 2026.", "figure 1"]


def test_what_an_error_comes_from_is_kept() -> None:
    client = Client(lambda: Account("http://127.0.0.1:9", "alice", "key"))
    with pytest.raises(ServiceError) as one:
        client.render(figure(1))
    with pytest.raises(ServiceError) as several:
        client.render([figure(1), figure(2)])
    assert type(several.value.__cause__) is type(one.value.__cause__)
    assert several.value.__suppress_context__ is one.value.__suppress_context__
    frames = traceback.extract_tb(several.value.__traceback__)
    assert "send" in {frame.name for frame in frames}


def test_a_server_that_moved_is_looked_for_once_and_not_by_every_thread() -> None:
    with studio() as here:
        here.open.set()
        located: list[Account] = []

        def locate() -> Account:
            url = here.url if located else "http://127.0.0.1:9"
            located.append(Account(url, "alice", "key"))
            return located[-1]

        images = Client(locate, trust_seconds=60).render([figure(number) for number in range(50)])
        assert len(images) == 50
        assert len(located) == 2


def test_a_server_that_is_gone_is_told_as_for_one_figure() -> None:
    client = Client(lambda: Account("http://127.0.0.1:9", "alice", "key"))
    with pytest.raises(ServiceError, match=r"^The server .* can't be reached"):
        client.render([figure(number) for number in range(9)])


def test_a_wrong_key_is_told_as_for_one_figure(server: Any) -> None:
    with pytest.raises(AuthError, match=r"^Bad API key"):
        server.client("alice", "wrong").render([figure(1), figure(2)])


@pytest.mark.parametrize("progress", [True, False])
def test_a_bar_counts_figures_that_take_long_and_is_gone_at_the_end(
    progress: bool, terminal: io.StringIO
) -> None:
    with studio() as here, redirect_stderr(terminal):
        client, figures = here.client(), [figure(number) for number in range(20)]
        with in_background(lambda: client.render(figures, progress=progress)):
            here.until_asked(IN_FLIGHT)
            if progress:
                until(lambda: "Rendering:   0%" in terminal.getvalue())
            here.open.set()
    assert ("Rendering" in terminal.getvalue()) is progress
    assert terminal.getvalue().rpartition("\r")[2].strip() == ""


def test_ctrl_c_stops_at_once_though_figures_are_under_way() -> None:
    script = """
import signal
import sys
from plotly_nbext.client import Client
from plotly_nbext.accounts import Account
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
client = Client(lambda: Account(sys.argv[1], "alice", "key"))
client.render({"data": [{"y": [number]}]} for number in range(100))
"""
    with studio() as here:
        command = [sys.executable, "-c", script, here.url]
        run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
        here.until_asked(IN_FLIGHT)
        started = time.monotonic()
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=PATIENCE)
        assert time.monotonic() - started < 5
        assert said.rstrip().endswith("KeyboardInterrupt")
