"""FigureView as plotly.js draws it in the page: what is done there is done to the figure."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image as Picture
from playwright.async_api import expect

from plotly_nbext.notebook.widgets import FigureView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Kernel
    from playwright.async_api import Page

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIGURE = go.Figure(
    [go.Scatter(x=[0, 1, 2, 3], y=[2, 5, 3, 4], name="sold"), go.Scatter(y=[1, 1], name="lent")],
    layout={"title": {"text": "Sales of 2026"}, "width": 600, "height": 400},
)

DRAWN = ".pnx-plot .main-svg"


async def switch_on(page: Page) -> None:
    await page.get_by_role("button", name="Interactive").click()
    await expect(page.locator(DRAWN).first).to_be_visible()
    await expect(page.get_by_role("status").first).to_be_empty()


async def zoom(page: Page) -> None:
    """Draw a box over the middle of the plot."""
    box = await page.locator(".pnx-plot .nsewdrag").bounding_box()
    assert box is not None
    left, top = box["x"], box["y"]
    await page.mouse.move(left + box["width"] * 0.3, top + box["height"] * 0.3)
    await page.mouse.down()
    await page.mouse.move(left + box["width"] * 0.7, top + box["height"] * 0.7, steps=8)
    await page.mouse.up()


async def test_a_zoom_in_the_page_is_the_figure_in_python_and_the_image(
    page: Page, client: Client, show: Any, until: Any, artifact: Callable[[str], Path]
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    before = view.image
    await switch_on(page)
    await expect(page.locator(".pnx-image")).to_be_hidden()
    await page.screenshot(path=artifact("figure-interactive.png"))
    await zoom(page)
    await until(lambda: view.figure is not FIGURE and view.image != before)
    shown = view.figure.layout.xaxis.range
    assert 0 < shown[0] < shown[1] < 3
    assert view.figure.layout.xaxis.autorange is False
    assert isinstance(view.figure, go.Figure)
    assert FIGURE.layout.xaxis.range is None, "the caller's own figure was changed"
    alike = await asyncio.to_thread(client.render, view.figure)
    await page.get_by_role("button", name="Image").click()
    await expect(page.locator(".pnx-image")).to_be_visible()
    await expect(page.locator(DRAWN)).to_have_count(0)
    await until(lambda: view.image == alike.data)
    await page.screenshot(path=artifact("figure-tuned.png"))


async def test_a_trace_that_is_hidden_by_its_legend_is_not_in_the_image(
    page: Page, client: Client, show: Any, until: Any
) -> None:
    content = FIGURE.to_dict()
    view = await show(lambda: FigureView(content, client=client))
    await switch_on(page)
    await page.locator(".legendtoggle").nth(1).click()
    await until(lambda: view.figure["data"][1].get("visible") == "legendonly")
    assert "visible" not in content["data"][1]
    alike = await asyncio.to_thread(client.render, view.figure)
    await until(lambda: view.image == alike.data)


async def test_what_python_changes_is_drawn_in_the_page_too(
    page: Page, client: Client, show: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await switch_on(page)

    def change() -> None:
        view.figure = go.Figure(FIGURE).update_layout(title_text="Costs")
        view.width = 500

    await asyncio.to_thread(change)
    await expect(page.locator(".pnx-plot .gtitle")).to_have_text("Costs")
    await expect(page.locator(DRAWN).first).to_have_attribute("width", "500")


async def test_a_figure_of_a_grids_columns_is_interactive_and_follows_the_grid(
    page: Page, client: Client, show: Any
) -> None:
    grid = await asyncio.to_thread(client.push, pd.DataFrame({"x": [1, 2], "y": [3, 4]}), "points")
    trace = {"xsrc": grid["x"].src, "ysrc": grid["y"].src, "mode": "markers"}
    await show(lambda: FigureView({"data": [trace]}, client=client))
    await switch_on(page)
    await expect(page.locator(".pnx-plot .point")).to_have_count(2)
    await asyncio.to_thread(grid.append, pd.DataFrame({"x": [3], "y": [5]}))
    await expect(page.locator(".pnx-plot .point")).to_have_count(3)


async def test_plotly_js_comes_once_for_a_page_and_leaves_the_pages_own_alone(
    page: Page, client: Client, show: Any, kernel: Kernel
) -> None:
    await page.evaluate("window.Plotly = 'mine'; window.define = () => {}; window.define.amd = {}")
    await show(lambda: FigureView(FIGURE, client=client))
    await switch_on(page)
    await page.get_by_role("button", name="Image").click()
    await switch_on(page)
    names = [command["name"] for command in kernel.commands]
    assert names.count("_plotly_js") == 1
    assert await page.evaluate("window.Plotly") == "mine"


async def test_a_page_that_lets_no_script_in_says_so_and_keeps_the_image(
    page: Page, client: Client, show: Any, artifact: Callable[[str], Path]
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    policy = "script-src 'unsafe-eval'"
    await page.evaluate(
        "content => { const meta = document.createElement('meta');"
        "meta.httpEquiv = 'Content-Security-Policy'; meta.content = content;"
        "document.head.append(meta); }",
        policy,
    )
    await page.get_by_role("button", name="Interactive").click()
    said = page.get_by_role("alert").filter(has_text="lets no script in")
    await expect(said).to_be_visible()
    await expect(page.locator(".pnx-image")).to_be_visible()
    await expect(page.get_by_role("button", name="Image")).to_have_attribute("aria-pressed", "true")
    await page.screenshot(path=artifact("figure-refused.png"))


async def test_an_old_browser_says_so_and_keeps_the_image(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    await page.evaluate("delete globalThis.DecompressionStream")
    await page.get_by_role("button", name="Interactive").click()
    await expect(page.get_by_role("alert").filter(has_text="too old")).to_be_visible()
    await expect(page.locator(".pnx-image")).to_be_visible()


async def test_in_a_shadow_tree_plotly_has_its_style(
    page: Page, client: Client, show: Any, artifact: Callable[[str], Path]
) -> None:
    await show(lambda: FigureView(FIGURE, client=client), in_shadow=True)
    await switch_on(page)
    bar = page.locator(".pnx-plot .modebar")
    assert await bar.evaluate("bar => getComputedStyle(bar).position") == "absolute"
    await page.locator(".pnx-plot .nsewdrag").hover()
    await page.screenshot(path=artifact("figure-interactive-shadow.png"))


async def test_it_is_switched_off_and_on_again_while_plotly_js_is_on_its_way(
    page: Page, client: Client, show: Any, kernel: Kernel
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    image = page.get_by_role("button", name="Image")
    interactive = page.get_by_role("button", name="Interactive")
    kernel.pause()
    await interactive.click()
    await image.click()
    kernel.resume()
    await interactive.click()
    await expect(page.locator(DRAWN).first).to_be_visible()
    await image.click()
    await expect(page.locator(DRAWN)).to_have_count(0)
    await expect(page.locator(".pnx-image")).to_be_visible()
    # now that it is here, it is drawn while the switch goes back and forth
    clicks = "([one, two]) => { one.click(); two.click(); one.click(); two.click(); one.click(); }"
    buttons = [await each.element_handle() for each in (interactive, image)]
    await page.evaluate(clicks, buttons)
    await expect(page.locator(DRAWN).first).to_be_visible()
    await expect(page.locator(".pnx-image")).to_be_hidden()
    await page.evaluate(clicks, buttons[::-1])
    await expect(page.locator(DRAWN)).to_have_count(0)


async def test_a_view_that_ends_while_plotly_js_is_on_its_way_keeps_no_other_waiting(
    page: Page, client: Client, show: Any, kernel: Kernel
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    kernel.drop("_plotly_js")
    interactive = page.get_by_role("button", name="Interactive")
    await interactive.click()
    await page.wait_for_function("Reflect.has(window, Symbol.for('plotly_nbext.plotly.js'))")
    await page.evaluate("window.closeWidget()")
    await page.evaluate("document.body.replaceChildren(); window.showWidget()")
    await interactive.click()
    await expect(page.locator(DRAWN).first).to_be_visible()


OFF_WHILE_DRAWN = """([image]) => new Promise((done) => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".pnx-plot .main-svg")) return;
    observer.disconnect();
    image.click();
    done();
  }).observe(document.querySelector(".pnx-plot"), { childList: true, subtree: true });
})"""


async def test_it_is_switched_off_and_on_again_while_it_is_drawn(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    image = await page.get_by_role("button", name="Image").element_handle()
    switched = asyncio.create_task(page.evaluate(OFF_WHILE_DRAWN, [image]))
    await page.get_by_role("button", name="Interactive").click()
    await switched
    await expect(page.locator(DRAWN)).to_have_count(0)
    await expect(page.locator(".pnx-image")).to_be_visible()
    await switch_on(page)
    await expect(page.locator(".pnx-image")).to_be_hidden()


async def test_a_figure_of_strangers_does_nothing_but_show_itself(
    page: Page, client: Client, show: Any, artifact: Callable[[str], Path]
) -> None:
    evil = "javascript:document.title='bad'"
    words = f'<a href="{evil}">safe</a> <img src=x onerror="{evil}"><b onclick="{evil}">b</b>'
    figure = {
        "data": [{"y": [2, 5, 3], "name": words, "text": words, "mode": "markers+text"}],
        "layout": {
            "title": {"text": words},
            "annotations": [{"text": words, "x": 1, "y": 5, "hovertext": words}],
            "images": [{"source": evil, "x": 0, "y": 1}],
            "width": 600,
        },
        "config": {
            "plotlyServerURL": f"{evil}//",
            "showLink": True,
            "showSendToCloud": True,
            "modeBarButtonsToAdd": ["sendDataToCloud", "sendChartToCloud"],
            "displayModeBar": True,
        },
    }
    await show(lambda: FigureView(figure, client=client, alt=words))
    await switch_on(page)
    plot = page.locator(".pnx-plot")
    await expect(plot.get_by_text("safe").first).to_be_visible()
    hrefs = await plot.locator("a").evaluate_all(
        "all => all.map((each) => each.getAttribute('href') ?? each.getAttribute('xlink:href'))"
    )
    assert [href for href in hrefs if href and "javascript" in href] == []
    assert await plot.locator("[onerror], [onclick], img, .js-plot-link-container a").count() == 0
    await plot.locator(".point").first.hover(force=True)
    await page.screenshot(path=artifact("figure-strangers.png"))
    for button in await plot.locator("[data-title*='loud'], [data-title^='Share']").all():
        await button.click(force=True)
    assert len(page.context.pages) == 1
    assert await page.title() == "A widget"


async def test_a_view_that_ends_leaves_nothing_drawn(page: Page, client: Client, show: Any) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    await switch_on(page)
    await page.evaluate("window.closeWidget()")
    await expect(page.locator(DRAWN)).to_have_count(0)


KEEP_ADDRESSES = """() => {
  window.kept = new Set();
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const url = createObjectURL.call(URL, blob);
    window.kept.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    window.kept.delete(url);
    revokeObjectURL.call(URL, url);
  };
}"""


async def test_a_view_that_ends_while_the_figure_is_on_its_way_leaves_no_image_in_memory(
    page: Page, client: Client, show: Any, kernel: Kernel
) -> None:
    await page.evaluate(KEEP_ADDRESSES)
    await show(lambda: FigureView(FIGURE, client=client))
    await expect(page.locator(".pnx-image")).to_have_js_property("complete", True)
    kernel.drop("_figure")
    await page.get_by_role("button", name="Interactive").click()
    await expect(page.get_by_text("Loading…")).to_be_visible()
    module = await page.evaluate("window.kept.size") - 1
    await page.evaluate("window.closeWidget()")
    # what is decoded then would have come before this
    decoded = "Promise.all([...document.images].map((image) => image.decode().catch(() => {})))"
    await page.evaluate(decoded)
    assert await page.evaluate("window.kept.size") == module


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_interactive_figure_keeps_nobody_out(
    page: Page, client: Client, show: Any, barriers: Any, scheme: Any
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await show(lambda: FigureView(FIGURE, client=client))
    await switch_on(page)
    assert await barriers(page) == []


async def test_a_figure_widget_that_is_zoomed_in_the_page_is_zoomed_itself(
    page: Page, client: Client, show: Any, until: Any
) -> None:
    def make() -> FigureView:
        # its own page is not part of this one
        live = go.FigureWidget(FIGURE)
        return FigureView(live, client=client)

    view = await show(make)
    live = view.figure
    await switch_on(page)
    await zoom(page)
    await until(lambda: live.layout.xaxis.range is not None)
    assert view.figure is live
    alike = await asyncio.to_thread(client.render, live)
    await until(lambda: view.image == alike.data)
    assert Picture.open(io.BytesIO(view.image)).size == (600, 400)
