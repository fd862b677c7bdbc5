"""`%plotly_render` in a real kernel, on a real local service."""

from __future__ import annotations

import base64
import io
import json
import re
import struct

import pytest
from PIL import Image

SEED = """
{
    "figure": {
        "data": [{"y": [10, 10, 2, 20]}],
        "layout": {"width": 700}
    },
    "format": "png",
    "encoded": false
}
"""


@pytest.fixture(scope="module", autouse=True)
def _figures(kernel):
    kernel.run(
        "import plotly.graph_objects as go\n"
        "fig = go.Figure(go.Scatter(y=[1, 3, 2]), {'title': {'text': 'Peak'}})\n"
        "bars = {'data': [{'type': 'bar', 'y': [1, 2]}, {'y': [2, 1]}], 'layout': {}}\n"
    )


def png(display):
    """Decode the PNG of a display."""
    return Image.open(io.BytesIO(base64.b64decode(display["data"]["image/png"])))


def test_a_figure_is_shown_as_one_png_with_its_size_and_alt_text(kernel):
    ran = kernel.run("%plotly_render fig")
    assert [kind for kind, _ in ran.outputs] == ["display_data"]
    assert ran.display["data"]["text/plain"] == "<plotly figure: 1 trace, 700×500 png>"
    assert set(ran.display["data"]) == {"image/png", "text/plain"}
    assert ran.display["metadata"] == {
        "image/png": {
            "width": 700,
            "height": 500,
            "alt": "Plotly figure “Peak” with 1 scatter trace.",
        }
    }
    assert png(ran.display).size == (700, 500)
    assert len(png(ran.display).convert("RGB").getcolors(100_000)) > 10  # something is drawn


def test_size_is_in_css_pixels_and_scale_gives_more_pixels_in_the_same_size(kernel):
    display = kernel.run("%plotly_render fig -W 320 -H 240 -s 2").display
    assert display["metadata"]["image/png"]["width"] == 320
    assert png(display).size == (640, 480)


@pytest.mark.parametrize(
    ("name", "mime"), [("jpeg", "image/jpeg"), ("webp", "image/webp"), ("pdf", "application/pdf")]
)
def test_the_asked_format_stands_beside_a_png(kernel, name, mime):
    display = kernel.run(f"%plotly_render bars --format {name} -W 300 -H 200").display
    assert set(display["data"]) == {mime, "image/png", "text/plain"}
    assert display["data"]["text/plain"] == f"<plotly figure: 2 traces, 300×200 {name}>"
    content = base64.b64decode(display["data"][mime])
    assert content.startswith({"jpeg": b"\xff\xd8", "webp": b"RIFF", "pdf": b"%PDF"}[name])
    assert png(display).size == (300, 200)


def test_jpg_is_jpeg_in_the_line_and_in_a_request(kernel):
    for cell in (
        "%plotly_render fig -f jpg -o image",
        "%plotly_render fig -f jpg --save a.jpg -o image",
        "%%plotly_render --json -o image\n" + SEED.replace('"png"', '"jpg"'),
    ):
        assert "image/jpeg" in kernel.run(cell).display["data"]
        assert kernel.value("image.format") == "jpeg"
    image, _ = kernel.run("%plotly_render fig -f jpg --interactive").of("display_data")
    assert "image/jpeg" in image["data"]


def test_svg_is_text(kernel):
    display = kernel.run('%plotly_render fig -f svg --alt "One peak"').display
    assert display["data"]["image/svg+xml"].startswith("<svg")
    assert display["metadata"]["image/svg+xml"]["alt"] == "One peak"
    assert png(display).size == (700, 500)


def test_the_expression_may_hold_spaces_quotes_and_brackets_and_options_stand_anywhere(kernel):
    ran = kernel.run(
        '%plotly_render -W 300 go.Figure([{"y": [1, 2 - 1]}], {"title": {"text": "a -f b"}}) -H 200'
    )
    assert png(ran.display).size == (300, 200)
    assert "“a -f b”" in ran.display["metadata"]["image/png"]["alt"]


def test_loops_and_functions_see_their_own_variables(kernel):
    ran = kernel.run("for width in (200, 300):\n    %plotly_render fig.update_layout(width=width)")
    assert [d["metadata"]["image/png"]["width"] for d in ran.of("display_data")] == [200, 300]
    kernel.run(
        "def draw(scale, ys):\n"
        "    %plotly_render {'data': [{'y': [scale * y for y in ys]}]} -o drawn --quiet\n"
        "draw(2, [1, 2])\n"
    )
    assert kernel.value("drawn.format, drawn.width") == ("png", 700)
    kernel.run("fig.update_layout(width=None);")


def test_a_final_semicolon_or_quiet_shows_nothing_but_keeps_and_saves(kernel):
    assert kernel.run("%plotly_render fig;").outputs == []
    ran = kernel.run("for n in (1, 2):\n    %plotly_render fig --quiet -o kept --save 'n{n}.png'")
    assert ran.outputs == []
    assert kernel.value("kept.data") == (kernel.folder / "n2.png").read_bytes()
    assert (kernel.folder / "n1.png").is_file()


@pytest.mark.parametrize(
    "line",
    [
        "image = %plotly_render fig",
        "image = %plotly_render fig;",
        "%plotly_render fig -o image",
        "image = %plotly_render fig --quiet",
        "%plotly_render fig --quiet -o image",
    ],
)
def test_assignment_and_out_keep_the_image_and_show_it_once(kernel, line):
    kernel.run("image = None")
    ran = kernel.run(line)
    is_shown = "--quiet" not in line and ";" not in line
    assert [kind for kind, _ in ran.outputs] == ["display_data"] * is_shown
    drawn = kernel.run("%plotly_render fig").display["data"]["image/png"]
    assert kernel.value("image.data") == base64.b64decode(drawn)
    if is_shown:
        assert ran.display["data"]["image/png"] == drawn
    # The image shows itself when it is echoed.
    assert kernel.run("image").result["image/png"].strip() == drawn


def test_an_image_is_echoed_where_it_is_asked_for_in_the_same_cell(kernel):
    ran = kernel.run("image = %plotly_render fig --quiet\nimage")
    assert [kind for kind, _ in ran.outputs] == ["execute_result"]
    ran = kernel.run("display(image)\nother = %plotly_render fig --quiet\nimage")
    assert [kind for kind, _ in ran.outputs] == ["display_data", "execute_result"]
    ran = kernel.run("image = %plotly_render fig\ndisplay(image)\n%plotly_render bars")
    assert [kind for kind, _ in ran.outputs] == ["display_data"] * 3


def test_the_magic_is_no_second_output_as_the_last_line_of_a_cell_but_its_value_is_there(kernel):
    for cell in (
        "%plotly_render fig",
        "%%plotly_render\nfig",
        "x = 1\n%plotly_render fig\n",
        "%%time\nx = 1\n%plotly_render fig\n",
        "%time %plotly_render fig",
        "name = 'fig'\nget_ipython().run_line_magic('plotly_render', name)",
    ):
        ran = kernel.run(cell)
        assert [kind for kind, _ in ran.outputs if kind != "stream"] == ["display_data"]
        assert kernel.value("type(_).__name__, _.width") == ("Image", 700)


@pytest.mark.parametrize(
    "cell",
    [
        "%time timed = %plotly_render fig",
        "%%time\ntimed = %plotly_render fig",
        "%%time\nfor _ in [1]:\n    timed = %plotly_render fig\ntype(timed);",
        'exec(\'timed = get_ipython().run_line_magic("plotly_render", "fig")\')',
    ],
)
def test_an_image_is_kept_where_the_text_of_the_line_is_not_known(kernel, cell):
    kernel.run("timed = None")
    ran = kernel.run(cell)
    assert len(ran.of("display_data")) == 1
    assert kernel.value("timed.width, timed.height") == (700, 500)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ("-W {w} -H {h}", (300, 200, 1.0)),
        ("-W{w} --height={h}", (300, 200, 1.0)),
        ("--width {w * 1.5} -H {sizes['h']}", (450, 200, 1.0)),
        ("-W {w} -H {h} --scale {300 / 96}", (300, 200, 3.125)),
        ("-W {w} -H {h} -s '{2}'", (300, 200, 2.0)),
    ],
)
def test_numbers_in_options_are_filled_in_as_text_is(kernel, options, size):
    kernel.run("w, h = 300, 200\nsizes = {'h': 200}")
    kernel.run(f"%plotly_render fig {options} -o sized;")
    assert kernel.value("(sized.width, sized.height, sized.scale)") == size


def test_every_option_is_filled_in_with_the_variables_of_the_loop(kernel):
    ran = kernel.run(
        "for kind in ('svg', 'webp'):\n    %plotly_render fig -f {kind} -o {'as_' + kind};"
    )
    assert not ran.outputs
    assert kernel.value("as_svg.format, as_webp.format") == ("svg", "webp")


def test_a_number_that_is_filled_in_and_wrong_is_told_as_it_is(kernel):
    kernel.run("w = 300")
    told = kernel.try_("%plotly_render fig -W {w / 7}").error["evalue"]
    assert told.startswith("-W/--width: '42.857142857142854' is not a whole number of pixels")


def test_save_takes_the_format_of_the_file_and_fills_in_names(kernel):
    kernel.run("year = 2026\n%plotly_render fig --save 'peak {year:06d}{{1}}.svg' --alt '{year}!'")
    assert (kernel.folder / "peak 002026{1}.svg").read_text().startswith("<svg")
    error = kernel.try_("%plotly_render fig -f pdf --save x.png").error
    assert error["evalue"] == (
        "The format is pdf, but --save names a file of png.\nWrite --save x.pdf, or -f png."
    )
    assert not (kernel.folder / "x.png").exists()


def test_a_cell_that_is_kept_out_of_the_history_as_nbvals_shows_its_image_once_too(kernel):
    ran = kernel.run("ran = get_ipython().run_cell('%plotly_render fig', store_history=False)")
    assert [kind for kind, _ in ran.outputs] == ["display_data"]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{name}", "Café"),
        ("{{{name}}}", "{Café}"),
        ("{name!r:>8}", "  'Café'"),
        ("{total:,.1f} {ratio:{digits}%}", "1,234.5 50.0%"),
        ("{rows['b'][1:]} {name[::-1]}", "[2] éfaC"),
        ("{'yes' if total != 1 else 'no'}", "yes"),
        ("it's {name=} \\", "it's name='Café' \\"),
    ],
)
def test_text_in_options_is_filled_in_as_an_f_string_is(kernel, template, text):
    kernel.run("name, total, ratio, digits, rows = 'Café', 1234.5, 0.5, '.1', {'b': [1, 2]}")
    alt = kernel.run(f'%plotly_render fig --alt "{template}"').display["metadata"]["image/png"]
    assert alt["alt"] == text


def test_text_in_options_and_did_you_mean_see_the_variables_of_a_function(kernel):
    kernel.run(
        "def draw(label, chart):\n"
        "    %plotly_render chart --alt '{label}'\n"
        "def draw_wrong(label, chart):\n"
        "    %plotly_render chrat --alt '{label}'\n"
    )
    image = kernel.run("draw('inner', fig)").display["metadata"]["image/png"]
    assert image["alt"] == "inner"
    assert kernel.try_("draw_wrong('inner', fig)").error["evalue"].endswith("Did you mean chart?")


def test_save_makes_no_folder_and_says_which_is_missing(kernel):
    kernel.run("place = 'new plots'")
    for written, file, command in (
        ("plots/x.png", "plots/x.png", "mkdir -p plots"),
        ("'~/no plots/x.png'", "~/no plots/x.png", "mkdir -p ~/'no plots'"),
        ("'{place}/x.png'", "new plots/x.png", "mkdir -p 'new plots'"),
    ):
        error = kernel.try_(f"%plotly_render fig --save {written}").error
        folder = file.rpartition("/")[0]
        assert error["evalue"] == (
            f"There is no folder {folder!r} for the path {file!r}.\nMake it first: {command}"
        )
    assert not (kernel.folder / "plots").exists()


def test_a_file_that_can_t_be_written_is_one_error_with_the_path_as_it_was_written(kernel):
    kernel.run("image = %plotly_render fig --quiet")
    (kernel.folder / "full").symlink_to("/dev/full")
    for cell in (
        "%plotly_render fig --save full -f png",
        "image.save('full')",
        "import plotly_nbext\nplotly_nbext.write_image(fig, 'full', 'png')",
    ):
        error = kernel.try_(cell).error
        assert error["ename"] == "ValidationError"
        message, hint = error["evalue"].splitlines()
        assert message == "The path 'full' can't be written: No space left on device."
        assert hint == "Name a file in a folder where you may write, and that has room."


def test_encoded_keeps_a_data_uri_and_shows_the_image(kernel):
    ran = kernel.run("%plotly_render fig --encoded -o uri")
    head, _, body = kernel.value("uri").partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(body) == base64.b64decode(ran.display["data"]["image/png"])
    assert ran.text("stdout") == ""
    printed = kernel.run("%plotly_render fig --encoded").text("stdout")
    assert printed.startswith("data:image/png;base64,iVBOR")
    assert len(printed) < 100


def test_a_cell_renders_its_last_expression_in_the_users_namespace(kernel):
    ran = kernel.run(
        "%%plotly_render -f svg --width 300\n"
        "made = go.Figure(fig)\n"
        "print('made')\n"
        "made.update_layout(title='In a cell')\n"
    )
    assert ran.text("stdout") == "made\n"
    assert ran.display["data"]["text/plain"] == "<plotly figure: 1 trace, 300×500 svg>"
    assert kernel.value("made.layout.title.text") == "In a cell"
    assert kernel.run("%%plotly_render\nfig;").outputs == []


def test_a_cell_takes_the_request_of_the_documentation(kernel):
    display = kernel.run("%%plotly_render --json" + SEED).display
    assert png(display).size == (700, 500)


def test_options_override_the_fields_of_a_request(kernel):
    body = json.dumps(
        {
            "figure": json.dumps({"data": [{"y": [1, 2]}], "layout": []}),
            "format": "pdf",
            "width": "300",
            "height": None,
            "scale": 0,
            "encoded": True,
        }
    )
    ran = kernel.run(f"%%plotly_render --json -f svg -H 200 -o uri\n{body}")
    assert ran.display["data"]["text/plain"] == "<plotly figure: 1 trace, 300×200 svg>"
    assert kernel.value("uri").startswith("data:image/svg+xml,")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%%plotly_render --json\n{'figure': 1}", "UsageError: The cell can't be read as JSON: "),
        ("%%plotly_render --json\n[1]", "ValidationError: The body has no figure."),
        ('%%plotly_render --json\n{"data": []}', "ValidationError: The body has no figure."),
        (
            '%%plotly_render --json\n{"figure": {"data": [{}]}, "format": "gif"}',
            "ValidationError: format must be one of",
        ),
        (
            '%%plotly_render --json\n{"figure": {"data": [{}]}, "width": "wide"}',
            "ValidationError: width must be a number, not 'wide'.",
        ),
        ("%%plotly_render\nfig = 1", "UsageError: The last line of the cell is not an expression"),
        ("%%plotly_render fig\nfig", "UsageError: %%plotly_render renders what the cell gives"),
        ("%plotly_render", "UsageError: Which figure? "),
        (
            "%plotly_render fig --formt svg",
            "UsageError: %plotly_render has no option --formt.\nDid you mean --format?",
        ),
        (
            "%plotly_render fig --quite",
            "UsageError: %plotly_render has no option --quite.\nDid you mean --quiet?",
        ),
        (
            "%plotly_render fig --dask",
            "UsageError: %plotly_render has no option --dask.\nIt has --format, --width,",
        ),
        ("%plotly_render fig --save x.gif", "UsageError: --save x.gif has no format"),
        (
            "%plotly_render fig -f gif",
            (
                "UsageError: -f/--format can't be 'gif'. "
                "It is one of png, jpg, jpeg, webp, svg, pdf, eps."
            ),
        ),
        (
            "%plotly_render fig -f svgg",
            (
                "UsageError: -f/--format can't be 'svgg'. "
                "It is one of png, jpg, jpeg, webp, svg, pdf, eps.\nDid you mean svg?"
            ),
        ),
        (
            "%plotly_render fig -W wide",
            (
                "UsageError: -W/--width: 'wide' is not a whole number of pixels above 0.\n"
                "For example: %plotly_render fig --format svg"
            ),
        ),
        (
            "%plotly_render fig -W",
            "UsageError: -W/--width needs a value.\nWrite --width WIDTH.",
        ),
        (
            "%plotly_render fig --save '{nope}.png'",
            (
                "UsageError: There is no variable nope. '{nope}.png' can't be filled in.\n"
                "Run the cell that makes or imports it first."
            ),
        ),
        (
            "%plotly_render fig --save '{brs}.png'",
            (
                "UsageError: There is no variable brs. '{brs}.png' can't be filled in.\n"
                "Did you mean bars?"
            ),
        ),
        ("%plotly_render fig --alt '{1 / 0}'", "UsageError: '{1 / 0}' can't be filled in (Zero"),
        (
            "%plotly_render figg",
            "UsageError: There is no variable figg.\nDid you mean fig?",
        ),
        (
            "%plotly_render go.Figure(brs, {'title': {'text': 'a'}})",
            "UsageError: There is no variable brs.\nDid you mean bars?",
        ),
        (
            "%plotly_render coutnry",
            "UsageError: There is no variable coutnry.\nRun the cell that makes or imports it",
        ),
        ("%plotly_render fig --save '{.png'", "UsageError: '{.png' can't be filled in"),
        (
            "%plotly_render fig --alt One peak",
            (
                "UsageError: This is not a Python expression (invalid syntax): fig peak\n"
                "Put quotes around an option's value that holds spaces."
            ),
        ),
        (
            "%plotly_render fig --save ''",
            "ValidationError: The path is empty; a file is needed.",
        ),
        (
            "%plotly_render fig --save / -f png",
            "ValidationError: The path '/' is a folder; a file is needed.",
        ),
        (
            "%plotly_render fig -f",
            (
                "UsageError: -f/--format needs a value.\n"
                "It is one of png, jpg, jpeg, webp, svg, pdf, eps."
            ),
        ),
        (
            "%plotly_render --save -f svg fig",
            "UsageError: --save needs a value.\nWrite --save FILE.",
        ),
        ("%plotly_render fig --s 2", "UsageError: ambiguous option: --s could match --sc"),
        ("%plotly_render fig --json", "UsageError: --json goes with %%plotly_render"),
        ("%plotly_render [1, 2]", "ValidationError: figure must be a Plotly figure"),
        ("%plotly_render None", "ValidationError: figure must be a Plotly figure"),
        ("%plotly_render fig -W 99999", "ValidationError: width 99999 at scale 1 is over"),
    ],
)
def test_what_is_wrong_is_said_in_one_short_message(kernel, cell, message):
    ran = kernel.try_(cell)
    assert ran.status == "error"
    errors = ran.of("error")
    shown = "\n".join(errors[0]["traceback"]) if errors else ran.text("stderr")
    assert shown.startswith(message)
    assert len(shown.strip().splitlines()) <= 3
    assert "display_data" not in dict(ran.outputs)


def test_an_error_of_the_users_own_is_shown_where_it_is_without_our_frames(kernel):
    kernel.run("def made():\n    return undefined_figure")
    for line in ("%plotly_render made()", "%plotly_render fig --alt '{made()}'"):
        ran = kernel.try_(line)
        assert ran.error["ename"] == "NameError"
        trace = "\n".join(ran.error["traceback"])
        assert "return undefined_figure" in re.sub(r"\x1b\[[0-9;]*m", "", trace)
        assert "plotly_nbext" not in trace
    ran = kernel.try_("%plotly_render fig.no_such_attribute")
    assert ran.error["ename"] == "AttributeError"
    trace = "\n".join(kernel.try_("%%plotly_render\nx = 1\nx / 0\n").error["traceback"])
    assert "ZeroDivisionError" in trace
    assert "line 3" in trace
    assert "plotly_nbext" not in trace


def test_a_figure_that_plotly_cannot_draw_is_one_error_that_stops_run_all(kernel):
    ran = kernel.try_('%plotly_render {"data": [{"type": "scatter", "xsrc": "nobody:1:abcdef"}]}')
    assert ran.error["ename"] == "ValidationError"
    assert "nobody:1:abcdef" in ran.error["evalue"]
    assert len(ran.error["traceback"]) == 1


def test_a_display_id_updates_the_output_in_place(kernel):
    first = kernel.run("%plotly_render fig --display-id peak", cell_id="a")
    assert first.display["transient"] == {"display_id": "peak"}
    second = kernel.run("%plotly_render bars --display-id peak", cell_id="b")
    (update,) = second.of("update_display_data")
    assert update["transient"] == {"display_id": "peak"}
    assert update["data"]["text/plain"] == "<plotly figure: 2 traces, 700×500 png>"
    assert len(second.outputs) == 1


def test_a_cell_that_runs_again_shows_its_output_again(kernel):
    loop = "for _ in range(3):\n    %plotly_render fig --display-id loop"
    for cell in (loop, loop, f"{loop}  # edited"):
        kinds = [kind for kind, _ in kernel.run(cell, cell_id="loop").outputs]
        assert kinds == ["display_data", "update_display_data", "update_display_data"]
    # A front end that sends no ids of cells is told apart by their text.
    for _ in range(2):
        assert kernel.run("%plotly_render fig --display-id anon").of("display_data")


WIDGET = "application/vnd.jupyter.widget-view+json"

LAST_VIEW = """
from plotly_nbext import FigureView
from ipywidgets.widgets.widget import _instances
view = [w for w in _instances.values() if isinstance(w, FigureView)][-1]
"""


def test_interactive_is_a_view_that_keeps_its_image_in_the_output_before_it(kernel):
    ran = kernel.run("%plotly_render fig --interactive -W 300")
    image, shown = ran.of("display_data")
    assert set(image["data"]) == {"image/png", "text/plain"}
    assert set(shown["data"]) == {WIDGET, "text/plain"}
    assert shown["data"]["text/plain"] == ""
    kernel.run(LAST_VIEW)
    assert kernel.value("view.model_id") == shown["data"][WIDGET]["model_id"]
    (update,) = kernel.run("view.format = 'svg'").of("update_display_data")
    assert update["transient"] == image["transient"]
    assert update["data"]["text/plain"] == "<plotly figure: 1 trace, 300×500 svg>"
    assert set(update["data"]) == {"image/svg+xml", "image/png", "text/plain"}


WAIT = """
import time
def rendered(view, before):
    deadline = time.monotonic() + 30
    while view._busy or view.image == before:
        assert time.monotonic() < deadline
        time.sleep(0.01)
"""


def test_interactive_saves_exactly_what_the_image_alone_would(kernel):
    for options in ("-f svg -W 300 --alt 'One peak'", "-f pdf -s 2", "--encoded -H 200"):
        alone = kernel.run(f"%plotly_render fig {options}").display
        image, _ = kernel.run(f"%plotly_render fig {options} --interactive").of("display_data")
        assert image["data"] == alone["data"]
        assert image["metadata"] == alone["metadata"]


LIVING = """
def living():
    return sum(isinstance(widget, FigureView) for widget in _instances.values())
"""


def test_a_cell_that_runs_again_ends_the_views_of_its_last_run(kernel):
    kernel.run(LAST_VIEW + LIVING)
    before = kernel.value("living()")
    for cell_id in ("one", "other"):  # the same text in another cell is another view
        for _ in range(3):
            kernel.run("%plotly_render fig --interactive", cell_id=cell_id)
    assert kernel.value("living()") == before + 2
    for cell_id in ("one", "other"):
        kernel.run("%plotly_render fig", cell_id=cell_id)
    assert kernel.value("living()") == before


def test_a_display_id_is_that_of_the_image_and_replaces_what_the_view_shows(kernel):
    kernel.run(LAST_VIEW + LIVING)
    before = kernel.value("living()")
    first = "%plotly_render fig --interactive --display-id tuned"
    for _ in range(2):
        image, _ = kernel.run(first, cell_id="first").of("display_data")
        assert image["transient"] == {"display_id": "tuned"}
    for options in ("--interactive -f svg", "-W 400"):
        ran = kernel.run(f"%plotly_render bars --display-id tuned {options}", cell_id="second")
        assert {kind for kind, _ in ran.outputs} <= {"update_display_data", "comm_msg"}
        assert ran.of("update_display_data")[-1]["transient"] == {"display_id": "tuned"}
    kernel.run(LAST_VIEW)
    assert kernel.value("view.figure is bars, view.format, view.width") == (True, "png", 400)
    assert kernel.value("view.alt").endswith("with 1 bar trace, 1 scatter trace.")
    assert kernel.value("living()") == before + 1


def test_what_is_chosen_in_the_view_is_kept_in_the_image_before_it(kernel):
    image = kernel.run("%plotly_render fig --interactive").of("display_data")[0]
    kernel.run(WAIT + LAST_VIEW)
    ran = kernel.run("before = view.image\nview.set_state({'width': 350})\nrendered(view, before)")
    (update,) = ran.of("update_display_data")
    assert update["transient"] == image["transient"]
    assert png(update).size == (350, 500)
    (update,) = kernel.run("view.set_state({'alt': 'One peak'})").of("update_display_data")
    assert update["metadata"]["image/png"]["alt"] == "One peak"


def test_a_figure_widget_is_followed_by_the_image_that_the_magic_left(kernel):
    kernel.run("live = go.FigureWidget(fig)")
    image = kernel.run("%plotly_render live --interactive").of("display_data")[0]
    kernel.run(WAIT + LAST_VIEW)
    ran = kernel.run(
        "before = view.image\nlive.update_layout(title_text='Later', width=400);\n"
        "rendered(view, before)"
    )
    update = ran.of("update_display_data")[-1]
    assert update["transient"] == image["transient"]
    assert png(update).size == (400, 500)
    assert "“Later”" in update["metadata"]["image/png"]["alt"]


@pytest.fixture
def _logo(kernel):
    kernel.run(
        "logo = go.Figure(fig).add_layout_image("
        "source='https://example.org/logo.png', x=0, y=1, sizex=1, sizey=1)"
    )


@pytest.mark.usefixtures("_logo")
def test_what_is_missing_is_told_in_one_line_for_each_image_and_can_be_silenced(kernel):
    for magic in ("%plotly_render logo", "%plotly_render logo", "%%plotly_render\nlogo"):
        (line,) = kernel.run(magic).text("stderr").splitlines()
        assert re.match(r"In \[\d+\]:1: PlotlyNbextWarning: layout.images\[0\].source is", line)
    silenced = (
        "import warnings\nfrom plotly_nbext import PlotlyNbextWarning\n"
        "with warnings.catch_warnings(action='ignore', category=PlotlyNbextWarning):\n"
        "    %plotly_render logo"
    )
    assert not kernel.run(silenced).text("stderr")


@pytest.mark.usefixtures("_logo")
def test_what_is_missing_is_told_by_the_widget_where_there_is_one(kernel):
    assert not kernel.run("%plotly_render logo --interactive").text("stderr")
    assert "example.org" in kernel.run("%plotly_render logo --interactive;").text("stderr")


def test_a_scaled_image_keeps_the_pixels_it_was_asked_for_in_the_saved_file(kernel):
    kernel.run("%plotly_render fig -s 3 -W 100 -H 100 --save big.png --quiet")
    header = (kernel.folder / "big.png").read_bytes()[16:24]
    assert struct.unpack(">II", header) == (300, 300)
