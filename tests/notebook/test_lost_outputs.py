"""Outputs with an id that are gone by the time that they are to be updated."""

from __future__ import annotations

SHOW = "%plotly_render fig --display-id live"


def kinds(ran):
    return [kind for kind, _ in ran.outputs]


def test_an_output_that_its_cell_cleared_is_shown_anew(kernel):
    kernel.run("fig = {'data': [{'y': [1, 2]}]}\nfrom IPython.display import clear_output")
    ran = kernel.run(
        f"for width in (200, 300):\n    clear_output(wait=True)\n    {SHOW} -W {{width}}".replace(
            "{width}", "300"
        ),
        cell_id="a",
    )
    assert kinds(ran) == ["clear_output", "display_data"] * 2
    assert kinds(kernel.run(SHOW, cell_id="b")) == ["update_display_data"]
    # that of another cell is no loss
    ran = kernel.run(f"clear_output()\n{SHOW}", cell_id="c")
    assert kinds(ran) == ["clear_output", "update_display_data"]


def test_an_output_whose_cell_ran_again_without_it_is_shown_where_it_is_asked_for_next(kernel):
    kernel.run("fig = {'data': [{'y': [1, 2]}]}")
    for cell in ("first", None):
        show = SHOW.replace("live", f"of-{cell}")
        text = show if cell else f"if fig:\n    {show}"
        assert kinds(kernel.run(text, cell_id=cell)) == ["display_data"]
        assert kinds(kernel.run(show, cell_id="second")) == ["update_display_data"]
        if cell:
            kernel.run("fig = fig | {}", cell_id=cell)
            assert kinds(kernel.run(show, cell_id="second")) == ["display_data"]
            assert kinds(kernel.run(show, cell_id=cell)) == ["update_display_data"]


def test_a_view_that_is_lost_with_its_output_is_shown_anew(kernel):
    kernel.run("fig = {'data': [{'y': [1, 2]}]}\nfrom IPython.display import clear_output")
    show = "%plotly_render fig --display-id tuned --interactive"
    ran = kernel.run(f"{show}\nclear_output(wait=True)\n{show}", cell_id="v")
    assert [kind for kind in kinds(ran) if "display" in kind] == ["display_data"] * 4


INTERACT = """
from ipywidgets import interact
@interact(width=(200, 400, 100))
def draw(width=200):
    %plotly_render fig | {'layout': {'width': width}} --display-id moved
"""


def test_an_output_that_a_slider_of_ipywidgets_clears_is_shown_anew(kernel):
    kernel.run("fig = {'data': [{'y': [1, 2]}]}")
    assert kernel.run(INTERACT, cell_id="slider").of("display_data")
    slider = kernel.value("draw.widget.children[0].model_id")
    state = {"method": "update", "state": {"value": 300}, "buffer_paths": []}
    moved = kernel.tell("comm_msg", {"comm_id": slider, "data": state})
    shown = [kind for kind in kinds(moved) if kind in ("clear_output", "display_data")]
    assert shown == ["clear_output", "display_data"]
    assert moved.display["transient"] == {"display_id": "moved"}
    assert moved.display["data"]["text/plain"] == "<plotly figure: 1 trace, 300×500 png>"


def test_loading_anew_leaves_nothing_that_listens_to_the_kernel(kernel):
    kernel.run(
        "def listening():\n"
        "    ip = get_ipython()\n"
        "    events = [each for calls in ip.events.callbacks.values() for each in calls]\n"
        "    heard = [*events, *ip.display_pub._hooks, *ip.Completer.custom_matchers]\n"
        "    return sorted(each.__qualname__ for each in heard if 'plotly' in each.__module__)"
    )
    loaded = kernel.value("listening()")
    assert {"Outputs._begin", "Outputs._look_at"} <= set(loaded)
    kernel.run("%reload_ext plotly_nbext")
    assert kernel.value("listening()") == loaded
    kernel.run("%unload_ext plotly_nbext")
    assert kernel.value("listening()") == []
    for line in ("%plotly_render fig", "%config PlotlyRender.format"):
        assert kernel.try_(line).status == "error"
    kernel.run("%load_ext plotly_nbext")
    assert kernel.value("listening()") == loaded
