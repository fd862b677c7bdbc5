"""Pictures that are larger than their bytes."""

from __future__ import annotations

import base64
import struct
import zlib

from .bomb import Bomb, trace
from .pictures import as_data
from .places import image

__all__ = ["BOMBS"]


def png_bomb(side: int) -> str:
    """A picture of few bytes and many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = zlib.compressobj(9)
    row = b"\x00" + bytes((side + 7) // 8)
    packed = b"".join(rows.compress(row) for _ in range(side)) + rows.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed)
    return "data:image/png;base64," + base64.b64encode(content + chunk(b"IEND", b"")).decode()


def svg_bomb(inner: str, before: str = "") -> str:
    """A picture that is easily written."""
    return as_data(
        f'{before}<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99">{inner}</svg>'
    )


def laughs(levels: int = 30) -> str:
    """Entities of entities of entities."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{i + 1} "&a{i};&a{i};">' for i in range(levels)
    )
    return svg_bomb(f"<text y='20'>&a{levels};</text>", f"<!DOCTYPE svg [{entities}]>")


def uses(levels: int = 26) -> str:
    """Copies of copies of copies."""
    copies = "".join(
        f"<g id='g{i + 1}'><use href='#g{i}'/><use href='#g{i}' x='1'/></g>" for i in range(levels)
    )
    first = "<g id='g0'><circle r='9' fill='url(#r)'/></g>"
    return svg_bomb(f"<defs>{first}{copies}</defs><use href='#g{levels}'/>")


PATTERN = (
    "<pattern id='p' width='.0001' height='.0001' patternUnits='userSpaceOnUse'>"
    "<circle r='.0001'/></pattern>"
)
FILTERS = "<filter id='f'>" + "<feGaussianBlur stdDeviation='999'/>" * 2000 + "</filter>"

BOMBS = {
    "pixels of a png": Bomb("pictures", lambda: image(png_bomb(30_000))),
    "laughs": Bomb("pictures", lambda: image(laughs())),
    "copies": Bomb("pictures", lambda: image(uses()), endless=True),
    "filters": Bomb(
        "pictures",
        lambda: image(svg_bomb(f"{FILTERS}<rect width='99' height='99' filter='url(#f)'/>")),
    ),
    "turbulence": Bomb(
        "pictures",
        lambda: image(
            svg_bomb(
                "<filter id='f'>"
                + "<feTurbulence baseFrequency='9' numOctaves='9999'/>" * 50
                + "</filter><rect width='9999' height='9999' filter='url(#f)'/>"
            )
        ),
    ),
    "pattern": Bomb(
        "pictures",
        lambda: image(svg_bomb(f"{PATTERN}<rect width='99' height='99' fill='url(#p)'/>")),
    ),
    "svg of levels": Bomb("pictures", lambda: image(svg_bomb("<g>" * 100_000 + "</g>" * 100_000))),
    "svg of points": Bomb("pictures", lambda: image(svg_bomb("<circle r='9'/>" * 1_000_000))),
    "size of an svg": Bomb(
        "pictures",
        lambda: image(
            "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9'/>"
        ),
    ),
    "bytes of a picture": Bomb(
        "pictures", lambda: image("data:image/png;base64," + "A" * 40_000_000)
    ),
    "rows of an image trace": Bomb("pictures", lambda: trace("image", source=png_bomb(20_000))),
}
