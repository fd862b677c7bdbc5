"""What VS Code, Colab and others put around a widget, as far as it is known from their sources.

Neither is started here: their pages are reproduced, frames, attributes and custom properties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go
import pytest
import pytest_asyncio
from playwright.async_api import expect

from plotly_nbext.notebook.widgets import FigureView, GridView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.async_api import Frame, Locator, Page, Route

    from plotly_nbext.client import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

# ipywidgets bring JupyterLab's custom properties along, and those are light, whatever the theme is.
WIDGETS_STYLE = """
:root { --jp-layout-color0: white; --jp-content-font-color0: black; --jp-brand-color1: blue; }
.cell-output-ipywidget-background { background: white !important; padding: 8px; }
"""

OUTPUT = f"""<!doctype html><html lang="en"><title>Output</title><style>{WIDGETS_STYLE}</style>
<body><div class="cell-output-ipywidget-background"><div class="output"></div></div></body></html>
"""

AROUND = """<!doctype html><html lang="en"><title>A notebook</title>
<body><iframe title="Output" src="{address}" width="1000" height="700"></iframe></body></html>"""

OUTER, SAME, OTHER = "http://127.0.0.1/", "http://127.0.0.1/output", "http://127.0.0.1:8888/output"

VSCODE = {
    "vscode-light": {"editor-background": "#ffffff", "editor-foreground": "#3b3b3b"},
    "vscode-dark": {"editor-background": "#1f1f1f", "editor-foreground": "#cccccc"},
    "vscode-high-contrast": {
        "editor-background": "#000000",
        "editor-foreground": "#ffffff",
        "contrastBorder": "#6fc3df",
    },
    "vscode-high-contrast-light": {
        "editor-background": "#ffffff",
        "editor-foreground": "#292929",
        "contrastBorder": "#0f4a85",
    },
}

USE_VSCODE = """([kind, colours]) => {
  const { documentElement, body } = document;
  documentElement.removeAttribute("style");
  for (const [name, colour] of Object.entries(colours)) {
    documentElement.style.setProperty(`--vscode-${name}`, colour);
  }
  body.className = kind === "vscode-high-contrast-light" ? `${kind} vscode-high-contrast` : kind;
  body.dataset.vscodeThemeKind = kind;
  body.style.background = colours["editor-background"];
}"""

USE_COLAB = """theme => {
  const [surface, text] = theme === "dark" ? ["#383838", "#d5d5d5"] : ["#ffffff", "#212121"];
  document.documentElement.setAttribute("theme", theme);
  document.documentElement.style.setProperty("--colab-primary-surface-color", surface);
  document.documentElement.style.setProperty("--colab-primary-text-color", text);
}"""

OPAQUE = "element => getComputedStyle(element).backgroundColor"


@pytest_asyncio.fixture(loop_scope="session")
async def place(page: Page, request: pytest.FixtureRequest) -> Page | Frame:
    """The page itself, or a frame in it: of an address that the test tells."""
    address: str | None = getattr(request, "param", None)
    bodies = {OUTER: AROUND.format(address=address) if address else OUTPUT, address: OUTPUT}

    async def answer(route: Route) -> None:
        await route.fulfill(body=bodies[route.request.url], content_type="text/html")

    await page.route(lambda url: url in bodies, answer)
    await page.goto(OUTER)
    if address is None:
        return page
    [frame] = page.main_frame.child_frames
    return frame


@pytest.fixture(params=["grid", "figure"])
def shown(
    request: pytest.FixtureRequest, client: Client, place: Page | Frame, show: Any
) -> Callable[[], Any]:
    """Show a widget, and return it: its whole, and something with text in it."""

    async def show_it() -> tuple[Locator, Locator]:
        if request.param == "grid":
            frame = pd.DataFrame({"store": ["Köln", "Bonn", None], "sold": [5, 8, 13]})
            await show(lambda: GridView(client.push(frame, "sales/2026")))
            text = place.locator('tr[aria-rowindex="3"] > [aria-colindex="2"]')
            await expect(text).to_have_text("Köln")
        else:
            figure = go.Figure(go.Scatter(y=[2, 5, 3]))
            await show(lambda: FigureView(figure, width=400, height=300, client=client))
            text = place.get_by_label("Width")
            await expect(place.get_by_role("img")).to_have_js_property("naturalWidth", 400)
        return place.locator(".pnx"), text

    return show_it


async def test_the_themes_of_vs_code_are_followed_live(
    *,
    page: Page,
    shown: Any,
    is_dark: Any,
    barriers: Any,
    artifact: Callable[[str], Path],
    request: pytest.FixtureRequest,
) -> None:
    await page.emulate_media(color_scheme="light")
    root, text = await shown()
    around = page.locator(".cell-output-ipywidget-background")
    for kind in [*VSCODE, "vscode-dark"]:
        await page.evaluate(USE_VSCODE, [kind, VSCODE[kind]])
        scheme = "dark" if kind in {"vscode-dark", "vscode-high-contrast"} else "light"
        await expect(root).to_have_attribute("data-theme", scheme)
        assert await is_dark(text) == (scheme == "dark")
        ground = VSCODE[kind]["editor-background"]
        assert await root.evaluate(OPAQUE) == f"rgb{tuple(bytes.fromhex(ground[1:]))}"
        assert await around.evaluate(OPAQUE) == "rgba(0, 0, 0, 0)"
        assert await barriers(page) == [], kind
        await page.screenshot(path=artifact(f"{kind}-{request.node.callspec.params['shown']}.png"))


async def test_the_sheet_under_widgets_of_others_stays_white(page: Page, shown: Any) -> None:
    await page.evaluate(USE_VSCODE, ["vscode-dark", VSCODE["vscode-dark"]])
    await shown()
    slider = "output => output.insertAdjacentHTML('beforeend', '<div class=jupyter-widgets></div>')"
    await page.locator(".output").evaluate(slider)
    around = page.locator(".cell-output-ipywidget-background")
    assert await around.evaluate(OPAQUE) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("place", [SAME], indirect=True, ids=["frame"])
async def test_the_theme_of_what_is_around_a_frame_is_followed_live(
    page: Page, shown: Any, is_dark: Any
) -> None:
    root, text = await shown()
    for kind in ("vscode-dark", "vscode-light", "vscode-high-contrast"):
        await page.evaluate(USE_VSCODE, [kind, VSCODE[kind]])
        scheme = "light" if kind == "vscode-light" else "dark"
        await expect(root).to_have_attribute("data-theme", scheme)
        assert await is_dark(text) == (scheme == "dark")


@pytest.mark.parametrize("place", [OTHER], indirect=True, ids=["frame"])
async def test_the_themes_of_colab_are_followed_live(
    *,
    page: Page,
    place: Frame,
    shown: Any,
    is_dark: Any,
    artifact: Callable[[str], Path],
    request: pytest.FixtureRequest,
) -> None:
    # What is around a frame of another origin can't be known.
    await page.evaluate("document.documentElement.setAttribute('theme', 'light')")
    await place.evaluate(USE_COLAB, "dark")
    root, text = await shown()
    for theme in ("dark", "light", "dark"):
        await place.evaluate(USE_COLAB, theme)
        await expect(root).to_have_attribute("data-theme", theme)
        assert await is_dark(text) == (theme == "dark")
    assert await root.evaluate(OPAQUE) == "rgb(56, 56, 56)"
    await page.screenshot(path=artifact(f"colab-dark-{request.node.callspec.params['shown']}.png"))


async def test_a_page_that_tells_its_theme_is_followed_live(
    page: Page, shown: Any, is_dark: Any
) -> None:
    root, text = await shown()
    for name, prefix in (("data-theme", ""), ("class", ""), ("class", "quarto-")):
        for element in ("body", "documentElement"):
            for theme in ("dark", "light"):
                tell = "([element, name, value]) => document[element].setAttribute(name, value)"
                await page.evaluate(tell, [element, name, prefix + theme])
                await expect(root).to_have_attribute("data-theme", theme)
                assert await is_dark(root) == (theme == "dark")
                assert await is_dark(text) == (theme == "dark")
            await page.evaluate(
                "([element, name]) => document[element].removeAttribute(name)",
                [element, name],
            )


async def test_where_nobody_tells_the_theme_it_is_the_readers(
    page: Page, shown: Any, is_dark: Any
) -> None:
    root, text = await shown()
    for scheme in ("dark", "light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await is_dark(root) == (scheme == "dark")
        assert await is_dark(text) == (scheme == "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_chosen_edited_or_wrong_is_seen_in_forced_colours(
    *,
    page: Page,
    shown: Any,
    artifact: Callable[[str], Path],
    scheme: Any,
    request: pytest.FixtureRequest,
) -> None:
    await page.emulate_media(forced_colors="active", color_scheme=scheme)
    root, text = await shown()
    widget = request.node.callspec.params["shown"]
    if widget == "grid":
        await text.click()
        await page.keyboard.type("Ulm")
        await page.keyboard.press("Enter")
        await expect(text).to_have_css("text-decoration-line", "underline")
        await page.keyboard.press("Shift+F10")
        chosen, other = (await root.get_by_role("menuitem").all())[:2]
    else:
        chosen, other = (root.get_by_role("button", name=n) for n in ("Image", "Interactive"))
    await page.screenshot(path=artifact(f"forced-{scheme}-{widget}.png"))
    assert await chosen.evaluate(OPAQUE) != await other.evaluate(OPAQUE)


async def test_nothing_moves_where_vs_code_is_asked_for_less_motion(page: Page, shown: Any) -> None:
    root, _text = await shown()
    moves = "element => { element.style.animation = 'pnx-turn 1s infinite'; }"
    child = root.locator("*").first
    await child.evaluate(moves)
    await expect(child).not_to_have_css("animation-name", "none")
    await page.evaluate("document.body.classList.add('vscode-reduce-motion')")
    await expect(child).to_have_css("animation-name", "none")
