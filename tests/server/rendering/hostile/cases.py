"""A hostile figure, what must come of it, and whether that is what came."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from plotly_nbext.server.rendering import Rendered, RenderError, RendererUnavailable

from .recorder import BAIT
from .svg import dangers

if TYPE_CHECKING:
    from pathlib import Path

    from plotly_nbext.server.rendering import Renderer

    from .recorder import Recorder

__all__ = [
    "ANY",
    "LONGEST",
    "SECRET",
    "Case",
    "Drawn",
    "Outcome",
    "Refused",
    "Scene",
    "Warned",
    "attempt",
    "judge",
]

SIZE = {"width": 300, "height": 200, "scale": 1}

LONGEST = 2500
"""Characters of a sentence that is told to a caller."""

SECRET = "TOP-SECRET-7f3a"
"""What is in the secret files besides shapes in the colour of the bait."""


@dataclass(frozen=True)
class Drawn:
    """An image; the same as another figure's, where that is given."""

    like: Any = None


@dataclass(frozen=True)
class Warned:
    """An image, and a warning in which all of these patterns are found."""

    words: tuple[str, ...]
    like: Any = None

    def __init__(self, *words: str, like: Any = None) -> None:
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "like", like)


@dataclass(frozen=True)
class Refused:
    """A :class:`RenderError` in which all of these patterns are found."""

    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        object.__setattr__(self, "words", words)


ANY = None
"""An image or a refusal; what counts is what does not happen."""


@dataclass(frozen=True)
class Case:
    """A hostile figure.

    Attributes
    ----------
    vector : str
        By what way it does harm.
    name : str
        Which one of those.
    figure : Any
        The figure, or the bytes of one. ``evil.test`` stands for the recorder's host and port,
        ``55555`` for its port, ``/SECRETS`` for the folder of secret files.
    expected : Drawn, Warned, Refused or None
        What must come of it.
    reaches : bool
        Whether it opens a connection where nothing hinders it.
    as_svg : bool
        Whether it is rendered as SVG too.
    """

    vector: str
    name: str
    figure: Any
    expected: Drawn | Warned | Refused | None = ANY
    reaches: bool = False
    as_svg: bool = True

    def __str__(self) -> str:
        return f"{self.vector}: {self.name}"


@dataclass
class Scene:
    """Where a case is played.

    Attributes
    ----------
    recorder : Recorder
        What figures try to reach.
    secrets : Path
        The folder of the files that they try to read.
    private : set of str
        What no answer may tell.
    """

    recorder: Recorder
    secrets: Path
    private: set[str] = field(default_factory=lambda: {SECRET})
    _images: dict[bytes, bytes] = field(default_factory=dict)

    async def image(self, renderer: Renderer, figure: Any) -> bytes:
        """Draw a figure that means no harm; each but once."""
        body = self.bytes(figure)
        if body not in self._images:
            outcome = await attempt(renderer, body)
            assert outcome.rendered is not None, f"an ordinary figure was not drawn: {outcome}"
            self._images[body] = outcome.rendered.image
        return self._images[body]

    def bytes(self, figure: Any) -> bytes:
        """Write a figure, with what is here in place of what stands for it."""
        body = figure if isinstance(figure, bytes) else json.dumps(figure).encode()
        port = str(self.recorder.port).encode()
        body = body.replace(b"evil.test", b"127.0.0.1:" + port).replace(b"55555", port)
        return body.replace(b"/SECRETS", str(self.secrets).encode())


@dataclass
class Outcome:
    """What came of a figure."""

    seconds: float
    rendered: Rendered | None = None
    error: str | None = None
    available: bool = True
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if self.rendered is None:
            return f"{'refused' if self.available else 'unavailable'}: {self.error}"
        return f"image, warnings {list(self.rendered.warnings)}"


async def attempt(renderer: Renderer, figure: bytes, format: str = "png", **size: Any) -> Outcome:
    """Render, whatever comes of it."""
    start = monotonic()
    rendered, error, available = None, None, True
    try:
        rendered = await renderer.render(figure, format=format, **SIZE | size)
    except (RenderError, RendererUnavailable) as refusal:
        error, available = str(refusal), isinstance(refusal, RenderError)
    return Outcome(monotonic() - start, rendered, error, available)


async def judge(renderer: Renderer, scene: Scene, case: Case) -> Outcome:
    """Render a case, and find what is wrong with what comes of it."""
    body = scene.bytes(case.figure)
    outcome = await attempt(renderer, body)
    problems = outcome.problems
    problems += _expectations(case.expected, outcome)
    problems += _said(outcome, scene)
    if outcome.rendered is not None:
        if _shows_bait(outcome.rendered.image):
            problems.append("the image shows what it may not have loaded")
        like = getattr(case.expected, "like", None)
        if like is not None and outcome.rendered.image != await scene.image(renderer, like):
            problems.append("the image is not that of the figure without the part")
    if case.as_svg:
        svg = await attempt(renderer, body, "svg")
        problems += _said(svg, scene)
        if svg.rendered is not None:
            problems += dangers(svg.rendered.image)
        if (svg.rendered is None) != (outcome.rendered is None):
            problems.append(f"as png {outcome}, but as svg {svg}")
    return outcome


def _expectations(expected: Drawn | Warned | Refused | None, outcome: Outcome) -> list[str]:
    if not outcome.available:
        return [f"not an answer for the figure's author: {outcome}"]
    match expected:
        case Drawn() if outcome.rendered is None:
            return [f"expected an image, not {outcome}"]
        case Warned(words=words):
            warnings = outcome.rendered.warnings if outcome.rendered else ()
            if not any(_all_in(words, warning) for warning in warnings):
                return [f"expected an image and a warning with {words}, not {outcome}"]
        case Refused(words=words):
            if outcome.error is None or not _all_in(words, outcome.error):
                return [f"expected a refusal with {words}, not {outcome}"]
    return []


def _all_in(patterns: tuple[str, ...], text: str) -> bool:
    return all(re.search(pattern, text) for pattern in patterns)


def _said(outcome: Outcome, scene: Scene) -> list[str]:
    """Find what is wrong with words that go to a caller."""
    wrong = []
    for said in (outcome.error, *(outcome.rendered.warnings if outcome.rendered else ())):
        if said is None:
            continue
        if not 10 <= len(said) <= LONGEST:
            wrong.append(f"{len(said)} characters are no plain words: {said[:80]!r}")
        if re.search(r"\n\s+at |\.js:\d+", said):
            wrong.append(f"a stack trace: {said[:300]!r}")
        if any(private in said for private in scene.private):
            wrong.append(f"tells what a figure's author need not know: {said[:300]!r}")
    return wrong


def _shows_bait(png: bytes) -> bool:
    with Image.open(BytesIO(png)) as image:
        pixels = np.asarray(image.convert("RGB"), dtype=np.int16)
    return bool((np.abs(pixels - np.array(BAIT)).max(axis=-1) <= 3).sum() > 3)
