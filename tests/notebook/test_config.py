"""The magics' defaults: ``%config``, IPython's configuration and pyproject.toml, in a kernel."""

from __future__ import annotations

import pytest

from .conftest import started

FIGURE = "fig = {'data': [{'y': [1, 3, 2]}], 'layout': {}}"
RENDER = "%plotly_render fig --quiet -o image"


ANEW = (
    "get_ipython().config.pop('PlotlyRender', None), get_ipython().config.pop('PlotlyGrid', None);"
)


@pytest.fixture(scope="module", autouse=True)
def _figure(kernel):
    kernel.run(FIGURE)


@pytest.fixture(autouse=True)
def _as_shipped(kernel):
    yield
    kernel.run(f"{ANEW}\n%reload_ext plotly_nbext")


@pytest.fixture
def project(kernel):
    """Write a pyproject.toml, load the extension anew, and give what came of that."""
    file = kernel.folder / "pyproject.toml"

    def write(text):
        file.write_text(text, "utf-8")
        return kernel.run("%reload_ext plotly_nbext")

    yield write
    file.unlink(missing_ok=True)


def test_config_sets_what_a_line_does_not_name(kernel):
    kernel.run('%config PlotlyRender.format = "svg"\n%config PlotlyRender.width = 300')
    kernel.run("%config PlotlyRender.scale = 2")
    kernel.run(RENDER)
    assert kernel.value("image.format, image.width, image.height, image.scale") == (
        "svg",
        300,
        500,
        2.0,
    )
    kernel.run(RENDER + " -f jpg -W 400 -s 1")
    assert kernel.value("image.format, image.width, image.scale") == ("jpeg", 400, 1.0)
    kernel.run(RENDER + " --save x.png")
    assert kernel.value("image.format") == "png"
    kernel.run("%reload_ext plotly_nbext\n" + RENDER)
    assert kernel.value("image.format, image.width, image.scale") == ("svg", 300, 2.0)


def test_a_configured_size_leaves_figures_alone_that_have_their_own(kernel):
    kernel.run("%config PlotlyRender.width = 300\n%config PlotlyRender.height = 200")
    kernel.run(RENDER.replace("fig", "fig | {'layout': {'width': 450}}"))
    assert kernel.value("image.width, image.height") == (450, 200)


def test_config_without_a_value_lists_what_there_is_and_its_values(kernel):
    listed = kernel.run("%config PlotlyRender").text("stdout")
    for line in (
        "PlotlyRender.format=<Choice>",
        "Format of images, where -f and --save name none.",
        "PlotlyRender.width=<Pixels>",
        "PlotlyRender.height=<Pixels>",
        "PlotlyRender.scale=<Factor>",
        "Current: 'png'",
    ):
        assert line in listed
    assert "PlotlyGrid" in kernel.run("%config").text("stdout")
    assert kernel.run("%config PlotlyGrid.index").result["text/plain"] == "'auto'"


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("PlotlyRender.format", "'gif'", "one of png, jpg, jpeg, webp, svg, pdf, eps"),
        ("PlotlyRender.width", "0", "a whole number of CSS pixels above 0"),
        ("PlotlyRender.width", "True", "a whole number of CSS pixels above 0"),
        ("PlotlyRender.height", "'wide'", "a whole number of CSS pixels above 0"),
        ("PlotlyRender.scale", "-1", "a number above 0"),
        ("PlotlyRender.scale", "float('nan')", "a number above 0"),
        ("PlotlyGrid.index", "'maybe'", "one of auto, yes, no"),
    ],
)
def test_a_bad_value_is_refused_with_what_would_be_right_and_the_old_one_stays(
    kernel, name, value, right
):
    before = [output["data"] for output in kernel.run(f"%config {name}").of("execute_result")]
    error = kernel.run(f"%config {name} = {value}").text("stderr")
    assert right in error
    assert value.strip("'") in error or "nan" in error
    # IPython keeps what was refused, but that is not tried again by the next %config
    assert not kernel.run("%config PlotlyRender.interactive = True").of("error")
    for again in ("", "%reload_ext plotly_nbext"):
        told = kernel.run(again).text("stderr")
        assert told.count(f"{name} = ") == bool(again)
        after = [output["data"] for output in kernel.run(f"%config {name}").of("execute_result")]
        assert after == before


def test_a_name_that_config_does_not_know_is_told_with_the_one_that_was_meant(kernel):
    told = kernel.run("%config PlotlyRender.fromat = 'svg'").text("stderr")
    assert "`fromat` not recognized by `PlotlyRender`.  Did you mean `format`?" in told


def test_grids_are_pushed_and_pulled_as_configured(kernel):
    kernel.run(
        "import pandas as pd\ndf = pd.DataFrame({'x': [1]}, index=pd.Index(['a'], name='n'))"
    )
    kernel.run("%config PlotlyGrid.index = 'no'\n%config PlotlyGrid.as_ = 'arrow'")
    kernel.run("%plotly_grid push df --name configured -o grid")
    assert kernel.value("[column.name for column in grid.columns]") == ["x"]
    kernel.run(
        "table = %plotly_grid pull configured\nframe = %plotly_grid pull configured --as pandas"
    )
    assert kernel.value("type(table).__name__, type(frame).__name__") == ("Table", "DataFrame")
    kernel.run("%plotly_grid push df --name configured --index yes -o grid")
    assert kernel.value("[column.name for column in grid.columns]") == ["n", "x"]


def test_the_project_sets_defaults_and_config_and_the_line_go_before_them(kernel, project):
    ran = project(
        '[tool.plotly_nbext.render]\nformat = "svg"\nwidth = 320\nscale = 2\n'
        '[tool.plotly_nbext.grid]\nindex = "no"\n'
    )
    assert ran.outputs == []
    kernel.run(RENDER)
    assert kernel.value("image.format, image.width, image.scale") == ("svg", 320, 2.0)
    assert kernel.run("%config PlotlyGrid.index").result["text/plain"] == "'no'"
    kernel.run("%config PlotlyRender.format = 'webp'\n" + RENDER)
    assert kernel.value("image.format, image.width") == ("webp", 320)
    kernel.run(RENDER + " -f png")
    assert kernel.value("image.format") == "png"


def test_the_nearest_project_is_found_from_a_folder_below(kernel, project):
    (kernel.folder / "analysis" / "deep").mkdir(parents=True)
    kernel.run("import os\nhere = os.getcwd()\nos.chdir('analysis/deep')")
    project('[tool.plotly_nbext.render]\nformat = "pdf"\n')
    assert kernel.run("%config PlotlyRender.format").result["text/plain"] == "'pdf'"
    kernel.run("os.chdir(here)")


def test_ipythons_configuration_goes_before_the_project(kernel, project):
    kernel.run("get_ipython().config.PlotlyRender.format = 'webp'")
    project('[tool.plotly_nbext.render]\nformat = "svg"\nwidth = 320\n')
    assert kernel.run("%config PlotlyRender.format").result["text/plain"] == "'webp'"
    assert kernel.run("%config PlotlyRender.width").result["text/plain"] == "320"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[tool.plotly_nbext.render]\nfromat = "svg"',
            (
                "tool.plotly_nbext.render.fromat = 'svg' is passed over: there is no such key. "
                "Did you mean format?"
            ),
        ),
        (
            '[tool.plotly_nbext.render]\nformat = "gif"',
            (
                "tool.plotly_nbext.render.format = 'gif' is passed over: it must be one of png, "
                "jpg, jpeg, webp, svg, pdf, eps."
            ),
        ),
        (
            "[tool.plotly_nbext.render]\nwidth = 7.5",
            (
                "tool.plotly_nbext.render.width = 7.5 is passed over: it must be a whole number of "
                "CSS pixels above 0."
            ),
        ),
        (
            '[tool.plotly_nbext]\nfolder = "sales"',
            (
                "tool.plotly_nbext.folder = 'sales' is passed over: there is no such key. "
                "There is grid, render."
            ),
        ),
        (
            "[tool.plotly_nbext]\nrender = 1",
            "tool.plotly_nbext.render must be a table, not 1.",
        ),
        ("[tool]\nplotly_nbext = 1", "tool.plotly_nbext must be a table, not 1."),
        ("[tool.plotly_nbext\n", "it can't be read (Expected ']' at the end of a table"),
        ("a = " + "[" * 5_000, "it can't be read (it is nested too deeply)"),
    ],
)
def test_what_is_wrong_in_the_project_is_one_warning_and_the_rest_counts(
    kernel, project, text, told
):
    rest = '\n[tool.plotly_nbext.grid]\nindex = "yes"\n'
    is_whole = "[tool.plotly_nbext." in text
    stderr = project(text + rest if is_whole else text).text("stderr")
    assert stderr.count("PlotlyNbextWarning") == 1
    assert f"{kernel.folder / 'pyproject.toml'}: {told}" in stderr
    assert kernel.run("%config PlotlyRender.format").result["text/plain"] == "'png'"
    if is_whole:
        assert kernel.run("%config PlotlyGrid.index").result["text/plain"] == "'yes'"


def test_a_project_without_tools_is_none_of_ours(kernel, project):
    ran = project("tool = 1")
    assert ran.status == "ok"
    assert not ran.text("stderr")


def test_other_projects_are_left_alone(project):
    assert project('[project]\nname = "sales"\n[tool.ruff]\nline-length = 100\n').outputs == []


def test_several_mistakes_are_one_warning(project):
    told = project('[tool.plotly_nbext.render]\nformat = "gif"\nsclae = 2\n').text("stderr")
    assert told.count("PlotlyNbextWarning") == 1
    assert "format = 'gif'" in told
    assert "Did you mean scale?" in told


def test_magics_that_load_when_they_are_first_used_are_configured_too(tmp_path):
    profile = tmp_path / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_config.py").write_text(
        "c = get_config()\n"
        "c.MagicsManager.lazy_magics = {'plotly_render': 'plotly_nbext'}\n"
        "c.PlotlyRender.width = 250\n"
        "c.PlotlyRender.height = 'tall'\n",
        "utf-8",
    )
    (tmp_path / "pyproject.toml").write_text(
        '[tool.plotly_nbext.render]\nformat = "svg"\nwidth = 320\nheight = 240\n', "utf-8"
    )
    with started(tmp_path) as kernel:
        told = kernel.run(f"{FIGURE}\nimage = %plotly_render fig --quiet").text("stderr")
        assert "PlotlyRender.height = 'tall' is passed over: it must be a whole number" in told
        assert kernel.value("image.format, image.width, image.height") == ("svg", 250, 240)
