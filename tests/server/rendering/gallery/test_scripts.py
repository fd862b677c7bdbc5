"""Text in many scripts: what no font here can write is told, and nothing else is."""

from __future__ import annotations

import json
import unicodedata

import pytest

from .compare import SIZE
from .figures import figure
from .layouts import SCRIPTS

pytestmark = pytest.mark.asyncio(loop_scope="module")

# what is drawn of a character in the fonts of a figure, as the numbers of a canvas' pixels
LOOK = """(characters => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    canvas.width = canvas.height = 60;
    const look = character => {
        pen.clearRect(0, 0, 60, 60);
        pen.font = '40px "Open Sans", verdana, arial, sans-serif';
        pen.fillText(character, 10, 45);
        return pen.getImageData(0, 0, 60, 60).data.join();
    };
    // no font has a character that is not assigned
    const box = look("\\u0378");
    return characters.filter(character => look(character) === box);
})"""


async def without_glyph(stock, text: str) -> set[str]:
    """The characters of a text that a browser draws as a box."""
    letters = [c for c in text if unicodedata.category(c)[0] in "LNPS"]
    return set(await stock.evaluate(f"{LOOK}({json.dumps(sorted(set(letters)))})"))


@pytest.mark.parametrize("script", SCRIPTS)
async def test_characters_without_a_glyph_are_told(renderer, stock, script):
    missing = await without_glyph(stock, SCRIPTS[script])
    body = json.dumps(figure(f"text, {script}")).encode()
    rendered = await renderer.render(body, format="png", **SIZE)
    if not missing:
        assert rendered.warnings == ()
        return
    told = " ".join(rendered.warnings)
    assert any(f"{letter} (U+{ord(letter):04X})" in told for letter in missing), (missing, told)


async def test_a_figure_of_plain_text_has_no_warnings(renderer):
    body = json.dumps(figure("shapes and annotations")).encode()
    assert (await renderer.render(body, format="png", **SIZE)).warnings == ()
