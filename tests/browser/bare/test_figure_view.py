"""FigureView as its users see it, in a page without Jupyter."""

from __future__ import annotations

import asyncio
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
        - group "Image":
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
          - status
        - link "Download"
        - status
        - alert
        - img "Sales rise, then fall."
    """)
    await expect(page.get_by_label("Width")).to_have_attribute("placeholder", "700")


async def test_a_chosen_format_is_downloaded_and_known_in_python(
    page: Page, client: Client, show: Any, tmp_path: Path
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await page.get_by_label("Format").select_option("WEBP")
    link = page.get_by_role("link", name="Download")
    await expect(link).to_have_attribute("download", "figure.webp")
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
    await expect(page.get_by_role("alert")).to_contain_text("width")
    assert await shown_width(page) == 700
    assert view.error["type"] == "ValidationError"
    await expect(page.locator(".pnx-figure")).to_have_attribute("aria-busy", "false")
    await page.screenshot(path=artifact("figure-error.png"))
    await width.fill("")
    await expect(page.get_by_role("alert")).to_be_empty()
    assert view.error == {}


async def test_a_number_that_makes_no_sense_is_not_sent(
    page: Page, client: Client, show: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await page.get_by_label("Height").fill("-5")
    await page.get_by_label("Height").press("Enter")
    await expect(page.get_by_role("status").filter(has_text="1")).to_be_visible()
    assert view.height is None


async def test_a_pdf_is_offered_while_a_picture_of_it_is_shown(
    page: Page, client: Client, show: Any
) -> None:
    view = await show(lambda: FigureView(FIGURE, client=client))
    await page.get_by_label("Format").select_option("PDF")
    link = page.get_by_role("link", name="Download")
    await expect(link).to_have_attribute("download", "figure.pdf")
    start = await link.evaluate("async link => (await (await fetch(link.href)).text()).slice(0, 5)")
    assert start == "%PDF-"
    assert view.image.startswith(b"%PDF-")
    assert await shown_width(page) == 700
    await expect(page.get_by_label("Scale")).to_be_disabled()


async def test_the_controls_can_stand_alone(page: Page, client: Client, show: Any) -> None:
    await show(lambda: FigureView(FIGURE, client=client, show_image=False))
    await expect(page.get_by_role("link", name="Download")).to_be_visible()
    await expect(page.locator(".pnx-image")).to_be_hidden()


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
