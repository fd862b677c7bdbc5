"""FigureView as its users see it, in a page without Jupyter: the image and its controls."""

from __future__ import annotations

import asyncio
import base64
import io
from typing import TYPE_CHECKING, Any

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

    from plotly_nbext.client import Client, Image

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIGURE = go.Figure(
    go.Scatter(x=[1, 2, 3], y=[2, 5, 3], name="sold"), layout={"title": {"text": "Sales of 2026"}}
)


# What the clipboard holds, by type, when it holds an image.
CLIPBOARD = """async () => {
  let item;
  while (!item?.types.includes("image/png")) [item] = await navigator.clipboard.read();
  const read = async (type) => {
    const bytes = new Uint8Array(await (await item.getType(type)).arrayBuffer());
    return [type, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))];
  };
  return Object.fromEntries(await Promise.all(item.types.map(read)));
}"""

# What the focused element is called.
NAMED = """() => {
  const { activeElement: focused } = document;
  const [label] = focused.labels ?? [];
  return focused.getAttribute("aria-label") ?? label?.firstChild.textContent ?? focused.innerText;
}"""


async def shown_width(page: Page) -> int:
    """The image's width in its own pixels."""
    width: int = await page.get_by_role("img").evaluate("image => image.naturalWidth")
    return width


async def until_width(page: Page, width: int) -> None:
    await page.wait_for_function(
        "width => document.querySelector('.pnx-image').naturalWidth === width", arg=width
    )


async def test_the_image_and_its_controls_are_read_by_name(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: FigureView(FIGURE, client=client, alt="Sales rise, then fall."))
    await until_width(page, 700)
    await expect(page.locator("body")).to_match_aria_snapshot("""
        - group "Figure":
          - group "Show":
            - button "Image" [pressed]
            - button "Interactive"
          - group "Options":
            - text: Format
            - combobox "Format":
              - option "PNG" [selected]
              - option "JPEG"
              - option "WEBP"
              - option "SVG"
              - option "PDF"
              - option "EPS"
            - text: Width
            - spinbutton "Width"
            - text: Height
            - spinbutton "Height"
            - text: Scale
            - spinbutton "Scale"
            - alert
          - button "Copy"
          - link "Download"
          - button "Alt text"
        - alert
        - img "Sales rise, then fall."
        - status
    """)
    await expect(page.get_by_label("Width")).to_have_attribute("placeholder", "700")


async def test_a_chosen_format_is_downloaded_and_known_in_python(
    page: Page, client: Client, show: Any, tmp_path: Path
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await page.get_by_label("Format").select_option("WEBP")
    link = page.get_by_role("link", name="Download")
    await expect(link).to_have_attribute("download", "sales-of-2026.webp")
    assert view.format == "webp"
    async with page.expect_download() as download:
        await link.click()
    file = tmp_path / "figure.webp"
    await (await download.value).save_as(file)
    assert file.read_bytes() == view.image
    assert Picture.open(file).format == "WEBP"


async def test_the_old_image_stays_until_the_new_one_is_there(
    page: Page, client: Client, show: Any, kernel: Kernel, artifact: Callable[[str], Path]
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    view = page.locator(".pnx-figure")
    kernel.pause()
    await page.get_by_label("Width").fill("900")
    await expect(view).to_have_attribute("aria-busy", "true")
    await expect(page.get_by_text("Rendering…")).to_be_visible()
    assert await shown_width(page) == 700
    await page.screenshot(path=artifact("figure-busy.png"))
    kernel.resume()
    await until_width(page, 900)
    await expect(view).to_have_attribute("aria-busy", "false")


async def test_typing_a_number_renders_once(page: Page, client: Client, show: Any) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    images: list[Image] = []
    view.on_render(images.append)
    await page.get_by_label("Width").press_sequentially("1234", delay=40)
    await until_width(page, 1234)
    assert [image.width for image in images] == [1234]


async def test_numbers_typed_one_after_the_other_are_all_kept(
    page: Page, client: Client, show: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await page.get_by_label("Width").fill("410")
    await page.get_by_label("Height").fill("310")
    await page.get_by_label("Scale").fill("2")
    await page.keyboard.press("Enter")
    await until_width(page, 820)
    assert (view.width, view.height, view.scale) == (410, 310, 2)
    await expect(page.get_by_label("Height")).to_have_value("310")


async def test_scale_makes_more_pixels_of_the_same_size(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    await page.get_by_label("Scale").fill("2")
    await page.get_by_label("Scale").press("Enter")
    await until_width(page, 1400)
    assert await page.get_by_role("img").evaluate("image => image.width") == 700


async def test_what_python_sets_is_seen_in_the_page(page: Page, client: Client, show: Any) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)

    def change() -> None:
        with view.hold_trait_notifications():
            view.width = 640
            view.format = "jpeg"
        view.alt = "Other words."

    await asyncio.to_thread(change)
    assert Picture.open(io.BytesIO(view.image)).size == (640, 500)
    await until_width(page, 640)
    await expect(page.get_by_label("Width")).to_have_value("640")
    await expect(page.get_by_label("Format")).to_have_value("jpeg")
    await expect(page.get_by_role("img", name="Other words.")).to_be_visible()


async def test_another_figure_takes_the_place_of_the_first(
    page: Page, client: Client, show: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    other = go.Figure(go.Bar(y=[1, 2]), layout={"title": {"text": "Costs"}, "width": 480})
    await asyncio.to_thread(setattr, view, "figure", other)
    await until_width(page, 480)
    await expect(page.get_by_role("img", name="Costs")).to_be_visible()


async def test_an_error_is_said_and_the_last_image_stays(
    page: Page, client: Client, show: Any, artifact: Callable[[str], Path]
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    width = page.get_by_label("Width")
    await width.fill("1000000")
    problem = page.locator(".pnx-problem")
    await expect(problem).to_contain_text("width")
    await expect(problem).to_have_role("alert")
    assert await shown_width(page) == 700
    assert view.error["type"] == "ValidationError"
    await expect(page.locator(".pnx-figure")).to_have_attribute("aria-busy", "false")
    await page.screenshot(path=artifact("figure-error.png"))
    await width.fill("")
    await width.press("Enter")
    await expect(problem).to_be_empty()
    assert view.error == {}
    assert await shown_width(page) == 700


async def test_a_number_that_makes_no_sense_is_not_sent(
    page: Page, client: Client, show: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await page.get_by_label("Height").fill("-5")
    await page.get_by_label("Height").press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="1")).to_be_visible()
    assert view.height is None


async def test_a_pdf_is_offered_while_a_picture_of_it_is_shown(
    page: Page, client: Client, show: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await page.get_by_label("Format").select_option("PDF")
    link = page.get_by_role("link", name="Download")
    await expect(link).to_have_attribute("download", "sales-of-2026.pdf")
    start = await link.evaluate("async link => (await (await fetch(link.href)).text()).slice(0, 5)")
    assert start == "%PDF-"
    assert view.image.startswith(b"%PDF-")
    assert await shown_width(page) == 700
    await expect(page.get_by_label("Scale")).to_be_disabled()


async def test_the_controls_follow_the_reader_into_the_dark(
    page: Page, client: Client, show: Any, is_dark: Any, artifact: Callable[[str], Path]
) -> None:
    await show(lambda: FigureView(FIGURE, client=client, format="svg"))
    await until_width(page, 700)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await is_dark(page.get_by_label("Width")) == (scheme == "dark")
        await page.screenshot(path=artifact(f"figure-{scheme}.png"))


async def test_what_is_missing_in_the_image_is_told_below_it(
    page: Page, client: Client, show: Any, artifact: Callable[[str], Path]
) -> None:
    web = {"source": "https://example.org/logo.png", "x": 0, "y": 1}
    figure = {"data": [{"y": [2, 5, 3]}], "layout": {"images": [web]}}
    view = await show(lambda: FigureView(figure, client=client))
    told = page.get_by_text("layout.images[0].source is on the web (https://example.org)")
    await expect(told).to_be_visible()
    await expect(told).to_have_role("status")
    await page.screenshot(path=artifact("figure-missing.png"))
    await asyncio.to_thread(setattr, view, "figure", {"data": [{"y": [1]}]})
    await expect(told).to_have_count(0)


async def test_the_image_is_copied_as_pixels_whatever_its_format(
    page: Page, client: Client, show: Any
) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view = await show(lambda: FigureView(FIGURE, client=client, width=320, height=240))
    for format_ in ("PNG", "JPEG", "SVG", "PDF"):
        await page.get_by_label("Format").select_option(format_)
        link = page.get_by_role("link", name="Download")
        await expect(link).to_have_attribute("download", f"sales-of-2026.{format_.lower()}")
        await page.evaluate("navigator.clipboard.writeText('old')")
        await page.get_by_role("button", name="Copy").click()
        await expect(page.get_by_role("status").filter(has_text="Copied as PNG")).to_be_visible()
        copied = await page.evaluate(CLIPBOARD)
        pixels = Picture.open(io.BytesIO(base64.b64decode(copied["image/png"])))
        assert (pixels.format, pixels.size) == ("PNG", (320, 240))
        assert ("text/plain" in copied) == (format_ == "SVG")
        if format_ == "SVG":
            assert base64.b64decode(copied["text/plain"]) == view.image


async def test_a_browser_that_refuses_to_copy_is_excused_in_place(
    page: Page, client: Client, show: Any
) -> None:
    # as on a page that came over plain HTTP
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    await page.get_by_role("button", name="Copy").click()
    refused = page.get_by_role("alert").filter(has_text="does not let this page copy")
    await expect(refused).to_be_visible()
    assert await shown_width(page) == 700


async def test_a_download_is_named_after_the_figure_and_announced(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    await page.get_by_role("button", name="Copy").focus()
    await page.keyboard.press("Tab")
    async with page.expect_download() as download:
        await page.keyboard.press("Enter")
    assert (await download.value).suggested_filename == "sales-of-2026.png"
    await expect(page.get_by_role("status").first).to_have_text("Downloading sales-of-2026.png")


async def test_alt_text_is_written_where_the_image_is(
    page: Page, client: Client, show: Any, until: Any, artifact: Callable[[str], Path]
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    opener = page.get_by_role("button", name="Alt text")
    await opener.click()
    words = page.get_by_role("textbox", name="Alt text")
    await expect(words).to_be_focused()
    await expect(words).to_have_value("Plotly figure “Sales of 2026” with 1 scatter trace.")
    await words.fill("Sales rise, then fall.")
    await page.screenshot(path=artifact("figure-alt.png"))
    await opener.click()
    await until(lambda: view.alt == "Sales rise, then fall.")
    await expect(page.get_by_role("img", name="Sales rise, then fall.")).to_be_visible()
    _, metadata = await asyncio.to_thread(view._repr_mimebundle_)
    assert metadata["image/png"]["alt"] == "Sales rise, then fall."
    await opener.click()
    await words.fill("")
    await opener.click()
    await until(lambda: view.alt.startswith("Plotly figure"))


async def test_one_more_choice_while_an_image_is_made_is_the_next_image(
    page: Page, client: Client, show: Any, kernel: Kernel, until: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    images: list[Image] = []
    view.on_render(images.append)
    width = page.get_by_label("Width")
    kernel.pause()
    for i in range(20):
        await width.fill(str(401 + i))
        await width.press("Enter")
    kernel.resume()
    await until_width(page, 420)
    await expect(page.locator(".pnx-figure")).to_have_attribute("aria-busy", "false")
    assert len(images) <= 2
    assert images[-1].width == view.width == 420


async def test_all_of_it_is_reached_by_tab_in_the_order_that_is_seen(
    page: Page, client: Client, show: Any
) -> None:
    await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    names = []
    for _ in range(9):
        await page.keyboard.press("Tab")
        names.append(await page.evaluate(NAMED))
    assert names == [
        *("Image", "Interactive", "Format", "Width", "Height", "Scale"),
        *("Copy", "Download", "Alt text"),
    ]
    keys = await page.locator(".pnx-figure :is(a, button, input, select, textarea)").evaluate_all(
        "all => all.every((each) => each.dataset.lmSuppressShortcuts === 'true')"
    )
    assert keys


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_keeps_anybody_out(
    page: Page, client: Client, show: Any, barriers: Any, scheme: Any
) -> None:
    await page.emulate_media(color_scheme=scheme)
    await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    await page.get_by_role("button", name="Alt text").click()
    await page.get_by_label("Width").fill("1000000")
    await expect(page.locator(".pnx-problem")).to_contain_text("width")
    assert await barriers(page) == []


@pytest.mark.parametrize("width", [580, 640, 668, 900])
async def test_the_controls_take_two_lines_at_most_in_a_notebooks_width(
    page: Page, client: Client, show: Any, width: int, artifact: Callable[[str], Path]
) -> None:
    await page.set_viewport_size({"width": width, "height": 700})
    await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    box = await page.locator(".pnx-toolbar").bounding_box()
    assert box is not None
    assert box["height"] < 90, "three lines"
    await page.screenshot(path=artifact(f"figure-{width}-wide.png"))


@pytest.mark.parametrize("shape", ["narrow", "zoomed", "right-to-left", "touched"])
async def test_it_fits_wherever_it_is_shown(
    page: Page, client: Client, show: Any, shape: str, artifact: Callable[[str], Path]
) -> None:
    if shape == "narrow":
        await page.set_viewport_size({"width": 340, "height": 600})
    if shape == "zoomed":
        await page.set_viewport_size({"width": 550, "height": 400})
    if shape == "right-to-left":
        await page.evaluate("document.documentElement.dir = 'rtl'")
    if shape == "touched":
        session = await page.context.new_cdp_session(page)
        await session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        screen = {"width": 500, "height": 800, "deviceScaleFactor": 1, "mobile": True}
        await session.send("Emulation.setDeviceMetricsOverride", screen)
    await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    await page.screenshot(path=artifact(f"figure-{shape}.png"))
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(too_wide)
    heights = await page.locator(".pnx-figure :is(a, button, input, select)").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().height)"
    )
    assert min(heights) >= (44 if shape == "touched" else 24)


async def test_in_a_shadow_tree_it_is_the_same(
    page: Page, client: Client, show: Any, until: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client), in_shadow=True)
    await page.get_by_label("Width").fill("640")
    await until(lambda: view.width == 640)
    await expect(page.get_by_role("img", name="Sales of 2026")).to_have_js_property("width", 640)


STAND_IN = """container => {
  document.body.innerHTML = `
    <div class="jp-OutputArea-child"><img id="before" src="data:image/gif;base64,"></div>
    <div class="jp-OutputArea-child">
      <div class="${container}"><div class="output"></div></div>
    </div>`;
}"""


@pytest.mark.parametrize(
    "container", ["", "jupyter-widgets widget-tab", "jupyter-widgets widget-box"]
)
async def test_it_hides_the_image_that_stands_in_for_it_and_nobody_elses(
    page: Page, client: Client, show: Any, container: str
) -> None:
    await page.evaluate(STAND_IN, container)
    before = page.locator("div:has(> #before)")
    await show(lambda: FigureView(FIGURE, client=client))
    await until_width(page, 700)
    await expect(before).to_have_css("display", "block" if container else "none")
    await page.evaluate("window.closeWidget()")
    await expect(before).to_have_css("display", "block")
