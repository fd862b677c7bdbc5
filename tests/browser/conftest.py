"""A real browser, which reaches nothing but this machine, and pictures of what it showed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Request,
    Route,
    async_playwright,
    expect,
)

from plotly_nbext.server.rendering.discovery import find_browser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator

# A machine that also runs the other tests is slow now and then.
expect.set_options(timeout=20_000)

ARTIFACTS = Path(__file__).parents[1] / "artifacts"

HAS_FAILED = pytest.StashKey[bool]()

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

# What WCAG asks for up to AA; the rest of axe's advice is about whole pages.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# However a colour is written, a canvas knows its red, green and blue.
COLOURS = """element => {
  const pen = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(element);
  return [style.backgroundColor, style.color].map((colour) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  });
}"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The machine's browser, started once."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=find_browser(),
            args=ARGUMENTS,
            ignore_default_args=["--hide-scrollbars"],  # people have them
        )
        yield started
        await started.close()


def is_outside(url: str) -> bool:
    """Tell whether an address is none of this machine's."""
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1"


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh profile. A test in which a page asks for anything outside this machine fails."""
    fresh = await browser.new_context(viewport={"width": 1100, "height": 800})
    fresh.set_default_timeout(30_000)
    outside: list[str] = []

    async def block(route: Route, request: Request) -> None:
        outside.append(request.url)
        await route.abort()

    await fresh.route(is_outside, block)
    yield fresh
    await fresh.close()
    assert outside == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test failed, for the fixtures that end after it."""
    report = yield
    if report.failed:
        item.stash[HAS_FAILED] = True
    return report


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page. A test in which its scripts fail unhandled fails; what failed leaves a picture."""
    fresh = await context.new_page()
    failures: list[str] = []
    fresh.on("pageerror", lambda error: failures.append(f"{error.name}: {error.message}"))
    yield fresh
    if HAS_FAILED in request.node.stash:
        await fresh.screenshot(path=ARTIFACTS / f"failed-{request.node.name}.png")
    await fresh.close()
    assert failures == []


@pytest.fixture
def artifact() -> Callable[[str], Path]:
    """Where to keep a picture of a name, for people to look at."""
    ARTIFACTS.mkdir(exist_ok=True)
    return lambda name: ARTIFACTS / name


@pytest.fixture
def is_dark() -> Callable[[Locator], Awaitable[bool]]:
    """Tell whether an element has light text on a dark ground."""

    async def check(element: Locator) -> bool:
        colours = await element.evaluate(COLOURS)
        ground, text = (0.21 * red + 0.72 * green + 0.07 * blue for red, green, blue in colours)
        return ground < text

    return check


@pytest.fixture
def barriers() -> Callable[[Page], Awaitable[list[str]]]:
    """Tell what keeps people from using a page, by WCAG's level AA: each rule and the elements."""

    async def check(page: Page) -> list[str]:
        found = await Axe().run(page, options={"runOnly": WCAG})
        return [
            f"{violation['help']}: {[node['html'] for node in violation['nodes']]}"
            for violation in found.response["violations"]
        ]

    return check
