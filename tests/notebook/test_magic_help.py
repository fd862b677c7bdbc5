"""The help of the magics, as IPython shows it."""

from __future__ import annotations

import re

import pytest


def shown(ran):
    """The text of the pager that a front end opens, or what was printed."""
    text = "".join(payload["data"]["text/plain"] for payload in ran.payload if "data" in payload)
    return re.sub(r"\x1b\[[0-9;]*m", "", text or ran.text("stdout"))


@pytest.mark.parametrize("cell", ["%plotly_render?", "%%plotly_render?", "%plotly_render -h"])
def test_the_help_of_render_has_usage_options_examples_and_the_defaults_in_force(kernel, cell):
    kernel.run("%config PlotlyRender.format = 'svg'\n%config PlotlyRender.width = 640")
    text = shown(kernel.run(cell))
    kernel.run("%config PlotlyRender.format = 'png'\n%config PlotlyRender.width = None")
    text = re.sub(r"\s+", " ", text)
    for part in (
        "%plotly_render [-f FORMAT]",
        "--format",
        "one of png, jpg, jpeg, webp, svg, pdf, eps; by default",
        "--display-id",
        "--interactive",
        '%plotly_render fig --save "plots/{country}.pdf" --quiet',
        "%%plotly_render --json --width 400",
        "defaults now in force:",
        "%config PlotlyRender.format = 'svg'",
        "%config PlotlyRender.width = 640",
        "%config PlotlyRender.height = None",
    ):
        assert part in text
    assert "%config PlotlyRender.format = 'png'" in shown(kernel.run("%plotly_render?"))


@pytest.mark.parametrize("cell", ["%plotly_grid?", "%plotly_grid", "%plotly_grid --help"])
def test_the_help_of_grid_has_every_sub_command(kernel, cell):
    text = shown(kernel.run(cell))
    for command in kernel.value(
        "[*__import__('plotly_nbext.notebook.magics.commands', fromlist='x').COMMANDS]"
    ):
        assert f"%plotly_grid {command}" in text
    assert "%config PlotlyGrid.index = 'auto'" in text


def test_a_sub_command_has_help_of_its_own_and_does_nothing_then(kernel):
    text = shown(kernel.run("%plotly_grid push --help"))
    assert "%plotly_grid push" in text
    assert "--dry-run" in text
    assert "%plotly_grid pull" not in text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("pshu df", "%plotly_grid has no sub-command 'pshu'.\nDid you mean push?"),
        ("dask df", "%plotly_grid has no sub-command 'dask'.\nIt has push, "),
        ("trash x --yes", "%plotly_grid trash has no option --yes.\nIt has none but --help."),
        ("push df --nmae sales", "%plotly_grid push has no option --nmae.\nDid you mean --name?"),
        ("pull", "the following arguments are required: grid.\nFor example: "),
        ("pull a b", "%plotly_grid pull has no use for 'b'.\nFor example: "),
        ("pull a --as pandsa", "Did you mean pandas?"),
        ("push dff --name sales", "There is no variable dff.\nDid you mean df?"),
    ],
)
def test_a_wrong_line_is_an_error_in_the_output_that_says_what_to_write(kernel, line, message):
    kernel.run("df = {'x': [1]}")
    error = kernel.try_(f"%plotly_grid {line}").error
    assert error["ename"] == "UsageError"
    assert message in error["evalue"]
    assert len(error["traceback"]) == 1
