"""`%plotly_grid upload`, and what a cell shows while a server takes its time, in a real kernel."""

from __future__ import annotations

import re
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDGET = "application/vnd.jupyter.widget-view+json"
CSV = "month,total\nJan,1.5\nFeb,2.5\nMar,\n"


@pytest.fixture(scope="module", autouse=True)
def _files(kernel):
    (kernel.folder / "sales 2026.csv").write_text(CSV)
    with zipfile.ZipFile(kernel.folder / "both.zip", "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)
        archive.writestr("photo.jpg", b"\xff\xd8\xff\xe0 no table")
    kernel.run("import plotly_nbext")


@contextmanager
def busy(*statuses: int) -> Iterator[str]:
    """Run a server that is busy at first, and then knows who alice is."""
    left = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(left.pop(0) if left else 200)
            self.send_header("Retry-After", "1")
            self.end_headers()
            self.wfile.write(b'{"username": "alice"}')

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


def test_a_file_is_uploaded_and_shown_as_push_shows_a_grid(kernel):
    ran = kernel.run("%plotly_grid upload 'sales 2026.csv'")
    assert ran.widget["text/plain"].startswith("Grid('sales 2026.csv', 3 rows × 2 columns)\n")
    assert WIDGET in ran.widget


def test_it_is_kept_in_a_variable_under_another_name_for_anyone_to_read(kernel):
    kernel.run("year = 2026")
    ran = kernel.run(
        "%plotly_grid upload 'sales {year}.csv' -n {year}/may.csv --parent sales --public -o kept"
    )
    assert ran.of("execute_result") == []
    assert kernel.value("kept.path, kept.world_readable") == ("sales/2026/may.csv", True)
    assert kernel.value("kept.to_frame().month.tolist()") == ["Jan", "Feb", "Mar"]
    quiet = kernel.run("%plotly_grid upload 'sales 2026.csv' -n quiet.csv;")
    assert quiet.of("execute_result") == []


def test_several_tables_are_a_folder_and_what_was_left_out_is_said_by_the_cell(kernel):
    for number, call in enumerate(
        ("%plotly_grid upload both.zip --name first.zip", "plotly_nbext.upload('both.zip')")
    ):
        ran = kernel.run(f"number = {number}\n{call}")
        assert ran.result["text/plain"] in ("Folder('first.zip')", "Folder('both.zip')")
        (said,) = ran.text("stderr").splitlines()
        assert re.fullmatch(r"In \[\d+\]:2: PlotlyNbextWarning: .*photo\.jpg.*", said)


def test_a_bar_of_text_and_no_widget_is_shown_while_it_lasts(kernel):
    kernel.run(
        "import io, threading\n"
        "class Slow(io.BytesIO):\n"
        "    name = 'slow.csv'\n"
        "    def read(self, size=-1):\n"
        "        threading.Event().wait(0.2)\n"
        "        return super().read(min(size, 1000))\n"
    )
    ran = kernel.run("slow = plotly_nbext.upload(Slow(b'a,b\\n' * 2500))")
    kinds = [kind for kind, _ in ran.outputs]
    assert kinds == ["display_data"] + ["update_display_data"] * (len(kinds) - 1)
    shown = [content["data"] for _, content in ran.outputs]
    assert {kind for data in shown for kind in data} == {"text/plain"}
    bars = [data["text/plain"] for data in shown if data["text/plain"]]
    assert all("slow.csv" in bar for bar in bars)
    assert any("9.77k" in bar for bar in bars)
    assert shown[-1] == {"text/plain": ""}


def test_a_wait_for_a_busy_server_is_told_in_the_cell(kernel):
    with busy(429, 503) as url:
        ran = kernel.run(f"plotly_nbext.connect('{url}', 'alice', 'key').whoami()")
        kernel.run("plotly_nbext.api._current = None")
    assert ran.text("stderr").splitlines() == [
        f"127.0.0.1 is busy ({status}): asking again in 1 s. Interrupt the kernel to stop."
        for status in (429, 503)
    ]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%plotly_grid upload", "UsageError: the following arguments are required: file."),
        ("%plotly_grid upload none.csv", "ValidationError: 'none.csv' can't be read: No such file"),
        ("%plotly_grid upload '{none}.csv'", "UsageError: There is no variable none."),
    ],
)
def test_what_is_wrong_is_said_in_one_short_message(kernel, cell, message):
    shown = "\n".join(kernel.try_(cell).error["traceback"])
    assert shown.startswith(message)
    assert len(shown.strip().splitlines()) <= 3
