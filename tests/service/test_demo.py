"""`demo`: a notebook is run on the local service, and what it shows is kept."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import nbformat
import pytest

from plotly_nbext import demo, service
from plotly_nbext.errors import PlotlyNbextError

if TYPE_CHECKING:
    from pathlib import Path

RED = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQ"
    "DwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
SHOW = f"from IPython.display import display\ndisplay({{'image/png': '{RED}'}}, raw=True)"


@pytest.fixture
def notebook(tmp_path: Path):
    """Write a small notebook of the cells given."""

    def write(*sources: str) -> Path:
        content = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in sources]
        )
        path = tmp_path / "small.ipynb"
        nbformat.write(content, path)
        return path

    return write


def printed(path: Path, cell: int) -> str:
    [output] = nbformat.read(path, as_version=4).cells[cell].outputs
    return output["text"].strip()


def test_the_notebook_its_page_and_its_images_are_written_and_named(home, notebook, tmp_path):
    said = []
    folder = tmp_path / "a" / "b"
    demo.run(notebook(SHOW, "1 + 1", SHOW), folder, said.append)
    images = [folder / "images" / "01.png", folder / "images" / "02.png"]
    assert sorted((folder / "images").iterdir()) == images
    assert images[0].read_bytes().startswith(b"\x89PNG")
    page = (folder / "small.html").read_text("utf-8")
    assert page.count(f"data:image/png;base64,{RED}") == 2
    shown = [line.split()[-1] for line in said[1:]]
    assert shown == [str(folder / "small.ipynb"), str(folder / "small.html"), *map(str, images)]


def test_the_notebook_uses_this_interpreter_and_the_local_service(
    home, notebook, tmp_path, monkeypatch
):
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["/nowhere/python", "{connection_file}"], "display_name": "x"}
    (kernel / "kernel.json").write_text(json.dumps({**spec, "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("PLOTLY_API_DOMAIN", "https://elsewhere.example")
    monkeypatch.setenv("plotly_api_key", "elsewhere")
    (tmp_path / "plotly").mkdir()
    (tmp_path / "plotly" / ".config").write_text('{"plotly_api_domain": "https://else.example"}')
    monkeypatch.setenv("PLOTLY_DIR", str(tmp_path / "plotly"))
    asked = "from plotly_nbext import accounts, service; "
    asked += "print(accounts.resolve(), service.ensure().pid)"
    demo.run(notebook("import sys; print(sys.executable)", asked), tmp_path / "out", print)
    executed = tmp_path / "out" / "small.ipynb"
    assert printed(executed, 0) == sys.executable
    assert printed(executed, 1) == f"None {service.find().pid}"


def test_running_it_again_replaces_what_it_wrote(home, notebook, tmp_path):
    demo.run(notebook("print('first')"), tmp_path / "out", print)
    demo.run(notebook("print('second')"), tmp_path / "out", print)
    assert printed(tmp_path / "out" / "small.ipynb", 0) == "second"


def test_a_cell_that_fails_is_named_and_what_ran_is_kept(home, notebook, tmp_path):
    with pytest.raises(PlotlyNbextError, match="A cell failed: ZeroDivisionError") as caught:
        demo.run(notebook("print('before')", "1 / 0"), tmp_path / "out", print)
    executed = tmp_path / "out" / "small.ipynb"
    assert str(executed) in caught.value.hint
    assert printed(executed, 0) == "before"
    assert not (tmp_path / "out" / "small.html").exists()


def test_no_kernel_is_left_running(home, notebook, tmp_path):
    import psutil

    demo.run(notebook("import os; print(os.getpid())"), tmp_path / "out", print)
    assert not psutil.pid_exists(int(printed(tmp_path / "out" / "small.ipynb", 0)))


@pytest.mark.parametrize("missing", ["ipykernel", "nbclient", "nbconvert"])
def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    notebook, tmp_path, monkeypatch, missing
):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(PlotlyNbextError, match=missing) as caught:
        demo.run(notebook("1"), tmp_path / "out", print)
    assert 'pip install "plotly_nbext[demo]"' in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_without_a_browser_it_says_so_before_it_runs_anything(command, tmp_path, monkeypatch):
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", "/nowhere/chromium")
    done = command("demo", "--output", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "PLOTLY_NBEXT_BROWSER" in done.stderr
    assert not (tmp_path / "out").exists()
