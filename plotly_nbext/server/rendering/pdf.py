"""The size of a page that Chromium printed, to the point."""

from __future__ import annotations

import re

__all__ = ["crop"]

# Chromium's own way of writing: one object for the page, a plain table of offsets at the end.
PAGE = re.compile(rb"(?P<number>\d+) 0 obj\n<</Type /Page\n.*?\nendobj\n", re.DOTALL)
MEDIA_BOX = re.compile(rb"/MediaBox \[0 0 [\d.]+ (?P<height>[\d.]+)\]")
TRAILER = re.compile(
    rb"trailer\n<<(?P<entries>.*?)>>\nstartxref\n(?P<start>\d+)\n%%EOF\s*\Z", re.DOTALL
)


def crop(pdf: bytes, width: float, height: float) -> bytes:
    """Give the page of a PDF exactly the size that was asked for.

    Chromium rounds a paper size up to a whole number of its own units, up to a CSS pixel; the
    content, at the top left, is exact. What is too much at the right and the bottom is cut off.

    Parameters
    ----------
    pdf : bytes
        One page, printed by Chromium.
    width, height : float
        The size in points.

    Returns
    -------
    bytes
        The PDF with an update appended, as the format provides for changes.
    """
    page, trailer = PAGE.search(pdf), TRAILER.search(pdf)
    box = page and MEDIA_BOX.search(page[0])
    if not (page and trailer and box):
        return pdf  # another Chromium writes otherwise: its page is only a pixel too large
    top = float(box["height"])
    exact = b"/MediaBox [0 %.4f %.4f %.4f]" % (top - height, width, top)
    changed = page[0].replace(box[0], exact)
    offset = len(pdf) + 1
    table = b"xref\n0 1\n0000000000 65535 f \n%b 1\n%010d 00000 n \n" % (page["number"], offset)
    end = b"trailer\n<<%b\n/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (
        *(trailer["entries"], trailer["start"]),
        offset + len(changed),
    )
    return b"\n".join((pdf, changed + table + end))
