"""Pages from templates, in which every name and value is escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from plotly_nbext.server.pages import assets
from plotly_nbext.server.pages.addresses import Addresses
from plotly_nbext.server.store.files import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from starlette.requests import Request

    from plotly_nbext.server.store.files import FileRecord

__all__ = ["page", "render"]


def render(request: Request, template: str, **values: Any) -> str:
    """Fill a template in."""
    return _environment().get_template(template).render(values, addresses=Addresses.of(request))


def page(
    request: Request,
    template: str,
    policy: str,
    *,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Answer with a page.

    Parameters
    ----------
    template : str
        The template's name.
    policy : str
        Its Content-Security-Policy.
    **values : Any
        What the template is filled in with.
    """
    sent = {"Content-Security-Policy": policy, **(headers or {})}
    return HTMLResponse(render(request, template, **values), status_code, sent)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("plotly_nbext.server.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = assets.address
    environment.filters.update(amount=_amount, kind=_kind, moment=_moment, visibility=_visibility)
    return environment


def _amount(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _kind(file: FileRecord) -> str:
    return "folder" if file.filetype == FOLDER else file.filetype


def _moment(time: datetime) -> Markup:
    return Markup('<time datetime="{}Z">{:%Y-%m-%d %H:%M} UTC</time>').format(
        time.isoformat(timespec="seconds"), time
    )


def _visibility(file: FileRecord) -> str:
    if file.world_readable:
        return "public"
    return "shared by link" if file.share_key_enabled else "private"
