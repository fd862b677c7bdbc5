"""The addresses of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from plotly_nbext.server.pages import assets, data, views
from plotly_nbext.server.pages.access import for_people
from plotly_nbext.server.pages.addresses import Addresses
from plotly_nbext.server.routes.resource import resource

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

__all__ = ["routes"]

FORMS = {"embed": views.embed, "csv": data.csv, "json": data.json, "png": data.png}


def routes() -> list[Route]:
    """List the routes."""
    file = "/~{username}/{idlocal}"
    return [
        resource("/", GET=welcome),
        resource(assets.PATH, GET=assets.serve),
        *(
            # some clients put the suffix after the slash that the page's address ends with
            resource(f"{file}{separator}{name}", GET=for_people(endpoint))
            for name, endpoint in FORMS.items()
            for separator in (".", "/.")
        ),
        resource(file, GET=for_people(views.show)),
        resource("/~{username}", GET=for_people(views.show_user)),
    ]


async def welcome(request: Request) -> Response:
    """GET /: on to what tells people, and those who write programs, what is here."""
    return RedirectResponse(f"{Addresses.of(request).root}/docs")
