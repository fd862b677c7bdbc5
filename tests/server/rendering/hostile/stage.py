"""Where hostile figures are played, one after the other in one browser, and what is watched."""

from __future__ import annotations

import json
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self
from unittest.mock import patch

from PIL import Image

from ..support import evaluate, leader, pages, started
from .cases import SECRET, Case, Outcome, Scene, attempt, judge
from .netlog import NetworkLog, wrap_browser
from .ordinary import CANARY, OTHERS
from .recorder import BAIT, BAIT_GEOJSON, BAIT_SVG, Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from plotly_nbext.server.rendering import Renderer

__all__ = ["Stage", "scene", "staged"]

# what one figure could leave in JavaScript's own objects for the next
LOOK = """JSON.stringify([
    ...[Object, Array, Function, String, Number, Boolean, RegExp, Date, Promise, Map, Set, Symbol,
        Uint8Array, Float64Array, Element, Node, Document, Window, EventTarget]
        .flatMap((one) => [one, one.prototype]).map((one) => Reflect.ownKeys(one).map(String)),
    Reflect.ownKeys(Plotly), Reflect.ownKeys(JSON).map(String), Reflect.ownKeys(Math).map(String),
    Reflect.ownKeys(Promise.resolve()).map(String), "polluted" in {},
    document.scripts.length, document.head.querySelectorAll("link, base, meta").length,
    location.href, document.title,
])"""


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """A recorder, and secrets in files."""
    (folder / "secret.svg").write_text(f"{BAIT_SVG}<!-- {SECRET} -->")
    Image.new("RGB", (64, 64), BAIT).save(folder / "secret.png")
    (folder / "secret.geojson").write_text(json.dumps({**BAIT_GEOJSON, "name": SECRET}))
    recorder = await Recorder.start()
    try:
        yield Scene(recorder, folder)
    finally:
        await recorder.close()


@dataclass
class Stage:
    """One browser, and what all was like before the first hostile figure."""

    renderer: Renderer
    scene: Scene
    canary: bytes
    others: dict[str, bytes]
    look: str

    @classmethod
    async def of(cls, renderer: Renderer, at: Scene) -> Self:
        """Draw the ordinary figures, and look at the page."""
        await _ordinary(renderer, CANARY)  # the first may be drawn before all fonts are known
        others = {name: await _ordinary(renderer, figure) for name, figure in OTHERS.items()}
        stage = cls(renderer, at, await _ordinary(renderer, CANARY), others, "")
        refused = [name for name, image in others.items() if b"\x89PNG" not in image]
        assert not refused, refused
        await stage._look_around()
        return stage

    async def play(self, case: Case) -> Outcome:
        """Render a hostile figure and an ordinary one, and tell all that is wrong."""
        before = pages(self.renderer).copy()
        outcome = await judge(self.renderer, self.scene, case)
        canary = await _ordinary(self.renderer, CANARY)
        if canary != self.canary:
            outcome.problems.append(
                f"afterwards, an ordinary figure is otherwise: {canary[:200]!r}"
            )
        if visits := self.scene.recorder.take():
            outcome.problems.append(f"connections: {visits}")
        if pages(self.renderer) != before:  # its time had come
            outcome.problems += await self.check_others()
            await self._look_around()
        elif await self._look() != self.look:
            outcome.problems.append("afterwards, the page is otherwise")
        return outcome

    async def _look_around(self) -> None:
        self.look = await self._look()
        (page,) = pages(self.renderer)
        host, token = json.loads(
            await evaluate(page, "JSON.stringify([location.host, location.pathname])")
        )
        self.scene.private |= {host, token.strip("/")}

    async def _look(self) -> str:
        (page,) = pages(self.renderer)
        return await evaluate(page, LOOK)

    async def check_others(self) -> list[str]:
        """Draw the ordinary figures of other kinds; name those that look otherwise."""
        drawn = {name: await _ordinary(self.renderer, figure) for name, figure in OTHERS.items()}
        return [
            f"afterwards, an ordinary figure is otherwise, {name}: {image[:200]!r}"
            for name, image in drawn.items()
            if image != self.others[name]
        ]


@asynccontextmanager
async def staged(folder: Path, limit: float = 20.0) -> AsyncIterator[Stage]:
    """A stage; at its end, the browser's own log has to name no connection."""
    secrets, logs = folder / "secrets", folder / "logs"
    secrets.mkdir()
    logs.mkdir()
    browser = {"PLOTLY_NBEXT_BROWSER": str(wrap_browser(logs))}
    with patch.dict(os.environ, browser):
        async with scene(secrets) as at, started(browsers=1, timeout=limit) as renderer:
            stage = await Stage.of(renderer, at)
            (page,) = pages(renderer)
            assets = await evaluate(page, "location.host")
            proxy = _proxy(leader(page).cmdline())
            yield stage
            wrong = await stage.check_others()
            visits = at.recorder.take()
    assert not wrong, "\n".join(wrong)
    log = NetworkLog.read(logs)
    assert assets in log.tried, "the browser's log tells nothing"
    assert not log.beyond(assets, proxy)
    assert not visits


def _proxy(command: list[str]) -> str:
    """Where the browser's own requests end."""
    (option,) = (part for part in command if part.startswith("--proxy-server="))
    return option.rpartition("/")[2]


async def _ordinary(renderer: Renderer, figure: object) -> bytes:
    """Draw what means no harm: the image and its warnings, or the words of a refusal."""
    outcome = await attempt(renderer, json.dumps(figure).encode())
    if outcome.rendered is None:
        return str(outcome).encode()
    return "\n".join(outcome.rendered.warnings).encode() + outcome.rendered.image
