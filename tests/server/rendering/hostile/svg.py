"""What an SVG that is handed out may not have in it, as it may be opened as a page."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

__all__ = ["dangers", "loads"]

_ACTIVE = frozenset(
    [
        "script",
        "foreignObject",
        "iframe",
        "object",
        "embed",
        "img",
        "link",
        "style",
        "set",
        "animate",
        "handler",
        "base",
        "meta",
    ]
)
_LINKS = {"http:", "https:", "mailto:"}
_PAINTED = frozenset(
    [
        "style",
        "fill",
        "stroke",
        "filter",
        "mask",
        "clip-path",
        "cursor",
        "marker-start",
        "marker-mid",
        "marker-end",
    ]
)


def dangers(svg: bytes) -> list[str]:
    """Name each part that would run, or is a page or a picture from elsewhere."""
    try:
        root = ET.fromstring(svg)
    except ET.ParseError as error:
        return [f"the svg is not XML: {error}"]
    found = []
    for element in root.iter():
        tag = _local(element.tag)
        # plotly.js writes an empty one of these
        if tag in _ACTIVE and (tag != "style" or (element.text or "").strip()):
            found.append(f"<{tag}> in the svg")
        for name, value in element.attrib.items():
            if _runs(tag, _local(name).lower(), value):
                found.append(f"{_local(name)}={value[:80]!r} of <{tag}> in the svg")
    return list(dict.fromkeys(found))


def loads(svg: bytes) -> list[str]:
    """Name each style that leads elsewhere: it loads as soon as the SVG is part of a page."""
    return [
        f"{_local(name)}={value[:80]!r} of <{_local(element.tag)}> in the svg"
        for element in ET.fromstring(svg).iter()
        for name, value in element.attrib.items()
        if _local(name).lower() in _PAINTED and _leads_elsewhere(value)
    ]


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _runs(tag: str, name: str, value: str) -> bool:
    if name.startswith("on"):
        return True
    if name not in {"href", "src"}:
        return False
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", value.strip().lower())
    # in <image>, no data are a page
    return scheme is not None and scheme[0] not in (_LINKS if tag == "a" else {"data:"})


def _leads_elsewhere(style: str) -> bool:
    style = re.sub(r"font-family:[^;]*", "", style)  # names of fonts, whatever they look like
    targets = re.findall(r"url\(\s*([^)]*)\)", style, re.IGNORECASE)
    return any(not target.strip("\"' ").startswith("#") for target in targets)
