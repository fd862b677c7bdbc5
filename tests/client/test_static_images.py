"""plotly's own functions by our renderer: the same names, defaults and pictures."""

from __future__ import annotations

import inspect
import io
import json
import stat
import subprocess
import sys
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import plotly.io as pio
import pytest
from PIL import Image as Picture

import plotly_nbext
from plotly_nbext import PlotlyNbextWarning, ValidationError
from plotly_nbext.client import static_images

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plotly_nbext.client import Client

FIGURE = go.Figure(go.Scatter(y=[10, 10, 2, 20]), layout={"width": 320, "height": 240})
PLAIN = {"data": [{"y": [10, 10, 2, 20]}]}


def size(file: Path | bytes) -> tuple[int, int]:
    return Picture.open(io.BytesIO(file) if isinstance(file, bytes) else file).size


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


@pytest.fixture
def defaults() -> Iterator[Any]:
    """plotly's defaults, which are as they were afterwards; before plotly 6.1 there are none."""
    found = getattr(pio, "defaults", None) or SimpleNamespace()
    before = dict(vars(found))
    yield found
    vars(found).update(before)


# plotly 6.0 writes no several images
NAMES = [name for name in ("to_image", "write_image", "write_images") if hasattr(pio, name)]


@pytest.mark.parametrize("name", NAMES)
def test_a_call_of_plotly_s_is_a_call_of_ours(name: str) -> None:
    theirs = inspect.signature(getattr(pio, name)).parameters.values()
    ours = inspect.signature(getattr(plotly_nbext, name)).parameters.values()
    # plotly 6.0 calls it "auto" where none is named
    described = [
        (each.name, each.kind, None if each.name == "engine" else each.default) for each in theirs
    ]
    assert [(each.name, each.kind, each.default) for each in ours][: len(described)] == described
    # what plotly 6 has beside, and what is ours alone
    assert {each.name for each in ours} - {each.name for each in theirs} <= {"engine", "progress"}
    of_client = inspect.signature(getattr(plotly_nbext.Client, name)).parameters.values()
    assert [str(each) for each in of_client][1:] == [str(each) for each in ours]
    assert getattr(plotly_nbext, name).__doc__ == getattr(plotly_nbext.Client, name).__doc__


@pytest.mark.parametrize(
    ("layout", "options", "shown"),
    [
        ({}, {}, (700, 500)),
        ({"width": 320, "height": 240}, {}, (320, 240)),
        ({"width": 320, "height": 240, "autosize": True}, {}, (320, 240)),
        ({"width": 320}, {"height": 100}, (320, 100)),
        ({"width": 320}, {"width": 300, "scale": 2}, (600, 1000)),
        ({"template": {"layout": {"width": 410, "height": 310}}}, {}, (410, 310)),
    ],
)
def test_a_size_is_the_call_s_or_the_layout_s_or_the_template_s(
    client: Client, layout: dict[str, Any], options: dict[str, float], shown: tuple[int, int]
) -> None:
    assert size(client.to_image(go.Figure(FIGURE.data, layout), **options)) == shown


def test_plotly_s_defaults_are_ours(client: Client, defaults: Any) -> None:
    defaults.default_format = "jpeg"
    defaults.default_width, defaults.default_height, defaults.default_scale = 200, 100, 2
    image = Picture.open(io.BytesIO(client.to_image(go.Figure(FIGURE.data))))
    expected = ("JPEG", (400, 200)) if hasattr(pio, "defaults") else ("PNG", (700, 500))
    assert (image.format, image.size) == expected


def test_a_dict_has_plotly_s_template_unless_it_is_taken_as_it_is(client: Client) -> None:
    assert client.to_image(PLAIN) == client.to_image(go.Figure(PLAIN))
    assert client.to_image(PLAIN, validate=False) == client.render(PLAIN).data
    assert client.to_image(PLAIN) != client.to_image(PLAIN, validate=False)


@pytest.mark.parametrize("validate", [True, False])
def test_a_dict_s_config_is_heeded(client: Client, tmp_path: Path, validate: bool) -> None:
    money = go.Figure(layout={"title": {"text": "from $5 to $10"}}).to_dict()
    as_text = money | {"config": {"typesetMath": False}}
    assert client.to_image(as_text, validate=validate) == client.render(as_text).data
    with pytest.warns(PlotlyNbextWarning, match="typesetMath"):
        assert client.to_image(as_text, validate=validate) != client.to_image(money)
    client.write_images([as_text], [tmp_path / "a.png"], validate=validate)
    assert (tmp_path / "a.png").read_bytes() == client.render(as_text).data


def test_a_dict_that_is_no_figure_is_refused_in_plotly_s_words(client: Client) -> None:
    odd = {"data": [{"y": [1, 2]}], "layout": {"widht": 300}}
    with pytest.raises(ValueError, match="widht"):
        client.to_image(odd)
    assert size(client.to_image(odd, validate=False)) == (700, 500)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.png", b"\x89PNG"),
        ("a.jpg", b"\xff\xd8"),
        ("a.JPEG", b"\xff\xd8"),
        ("a.webp", b"RIFF"),
        ("a.svg", b"<svg"),
        ("a.pdf", b"%PDF"),
    ],
)
@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_s_ending_is_its_format(
    client: Client, tmp_path: Path, kind: type, name: str, start: bytes
) -> None:
    assert client.write_image(FIGURE, kind(tmp_path / name)) is None
    assert (tmp_path / name).read_bytes().startswith(start)
    assert names(tmp_path) == [name]


def test_a_format_that_is_given_wins_over_the_ending(client: Client, tmp_path: Path) -> None:
    for name in ("figure", "figure.png"):
        client.write_image(FIGURE, tmp_path / name, "svg")
        assert (tmp_path / name).read_bytes().startswith(b"<svg")


@pytest.mark.parametrize(
    ("file", "options", "words"),
    [
        ("figure", {}, "does not end in a format"),
        ("figure.gif", {}, "png, jpeg, webp, svg, pdf, eps or jpg, not 'gif'"),
        ("figure.png", {"format": 3}, "format must be one of .*, not 3"),
        ("missing/figure.png", {}, "There is no folder"),
        (42, {}, "file must be a path or a file object, not int"),
        ("figure.png", {"width": -1}, "width must be a number above 0"),
        ("figure.png", {"width": 100_000}, "width"),
    ],
)
def test_what_can_t_be_written_is_told_and_leaves_nothing(
    client: Client, tmp_path: Path, file: Any, options: dict[str, Any], words: str
) -> None:
    place = tmp_path / file if isinstance(file, str) else file
    with pytest.raises(ValidationError, match=words):
        client.write_image(FIGURE, place, **options)
    assert names(tmp_path) == []


def test_file_objects_are_written_to_and_left_open(client: Client, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    client.write_image(FIGURE, buffer)
    assert size(buffer.getvalue()) == (320, 240)
    with (tmp_path / "figure.bin").open("wb") as file:
        client.write_image(FIGURE, file, format="svg")
        file.write(b"\n")
    assert (tmp_path / "figure.bin").read_bytes().endswith(b"</svg>\n")


def test_a_disk_that_is_full_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    file = tmp_path / "figure.png"
    file.write_bytes(b"before")
    script = """
import resource, signal, sys
from plotly_nbext.client import Image
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
Image(b"x" * 5000, "image/png", "png", 1, 1).save(sys.argv[1])
"""
    run = subprocess.run(
        [sys.executable, "-c", script, str(file)], check=False, capture_output=True, text=True
    )
    assert "figure.png' can't be written: File too large." in run.stderr
    assert ".partial" not in run.stderr
    assert file.read_bytes() == b"before"
    assert names(tmp_path) == ["figure.png"]


def test_a_file_that_is_written_again_keeps_its_mode_and_a_link_stays_one(
    client: Client, tmp_path: Path
) -> None:
    file, link = tmp_path / "figure.png", tmp_path / "latest.png"
    file.write_bytes(b"before")
    file.chmod(0o640)
    link.symlink_to(file)
    client.write_image(FIGURE, link)
    assert link.is_symlink()
    assert size(file) == (320, 240)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_pipe_is_written_to_and_stays_one(client: Client) -> None:
    command = [sys.executable, "-c", "import sys; print(len(sys.stdin.buffer.read()))"]
    reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert reader.stdin is not None
    client.write_image(FIGURE, f"/dev/fd/{reader.stdin.fileno()}", "png")
    printed, _ = reader.communicate(timeout=60)
    assert int(printed) == len(client.to_image(FIGURE))


def test_an_engine_is_ignored_and_said_so(client: Client) -> None:
    with pytest.warns(PlotlyNbextWarning, match="engine='kaleido' is ignored") as told:
        client.to_image(FIGURE, engine="kaleido")
    assert told[0].filename == __file__


def test_many_files_each_have_their_own_figure_format_and_size(
    client: Client, tmp_path: Path
) -> None:
    figures = [go.Figure(FIGURE).update_layout(title=str(number)) for number in range(12)]
    files = [tmp_path / f"{number}.png" for number in range(11)] + [io.BytesIO()]
    formats = [None] * 11 + ["webp"]
    client.write_images(figures, files, formats, width=[None] * 11 + [500], scale=2)
    for figure, file in list(zip(figures, files, strict=True))[:11]:
        assert file.read_bytes() == client.to_image(figure, scale=2)
    assert size(files[11].getvalue()) == (1000, 480)


def test_one_figure_goes_to_many_files_and_a_generator_s_to_theirs(
    client: Client, tmp_path: Path
) -> None:
    files = [tmp_path / "a.png", tmp_path / "a.svg"]
    client.write_images(FIGURE, files)
    assert files[1].read_text().startswith("<svg")
    client.write_images((FIGURE for _ in range(2)), files, format="svg")
    assert files[0].read_bytes() == files[1].read_bytes()
    client.write_images(FIGURE, str(tmp_path / "one.png"))
    assert size(tmp_path / "one.png") == (320, 240)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"fig": [FIGURE] * 3, "file": ["a.png", "b.png"]},
            "fig is a list of 3, but file of 2",
        ),
        (
            {"fig": [FIGURE] * 2, "file": ["a.png", "b.png"], "width": [1]},
            "width is a list of 1, but file of 2",
        ),
        ({"fig": [FIGURE] * 2, "file": "a.png"}, "file must be a list"),
        ({"fig": FIGURE, "file": "a.png", "width": [300, 400]}, "file must be a list"),
    ],
)
def test_lists_of_several_lengths_are_refused_before_anything_is_written(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Any, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValidationError, match=words):
        client.write_images(**arguments)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((FIGURE for _ in range(1)), "fig is a list of 1, but file of 2"),
        (repeat(FIGURE), "There are more figures than the 2 of file"),
    ],
    ids=["too few", "without end"],
)
def test_a_generator_of_too_few_or_too_many_figures_is_told(
    client: Client, tmp_path: Path, figures: Iterator[go.Figure], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        client.write_images(figures, [tmp_path / "a.png", tmp_path / "b.png"])


def test_the_figure_that_fails_is_named_and_those_before_are_written(
    client: Client, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.png" for number in range(30)]
    figures = [FIGURE] * 20 + [go.Figure(FIGURE).update_layout(width=50_000)] + [FIGURE] * 9
    with pytest.raises(ValidationError, match=r"^figure 21 \(of 30\): width 50000") as refused:
        client.write_images(figures, files)
    assert refused.value.field == "width"
    assert all(file.is_file() for file in files[:20])
    assert not files[20].exists()


def test_a_figure_that_references_columns_is_no_invalid_one() -> None:
    figure = {"data": [{"type": "scatter", "xsrc": "alice:88:e3a9dd"}]}
    body = json.loads(static_images.export(figure, "png", None, None, None, validate=True).body)
    assert body["figure"]["data"] == figure["data"]
    with pytest.raises(ValueError, match="nosuch"):
        static_images.export({"data": [{"nosuch": 1}]}, "png", None, None, None, validate=True)
