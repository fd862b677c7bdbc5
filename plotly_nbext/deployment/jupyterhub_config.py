"""For a hub with one plotly_nbext server for all of its users, who need no account there.

Put these lines into the hub's own ``jupyterhub_config.py``, or load this file from it::

    load_subconfig("/etc/jupyterhub/plotly/jupyterhub_config.py")

The server is started with the address of the hub's API, which tells it whose a token is::

    plotly-nbext serve … --public-url=$PLOTLY_URL --jupyterhub-api-url=http://HUB:8081/hub/api
"""  # noqa: INP001 - a file to copy

import os
from typing import Any

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - JupyterHub's

# where the notebooks and browsers of the hub's users find the server
PLOTLY_URL = os.environ.get("PLOTLY_URL", "https://plots.example.com")

# where the hub's own proxy finds it, if that is what passes requests on to it: then PLOTLY_URL is
# https://HUB/services/plotly, and the hub needs no other certificate
PLOTLY_BEHIND_HUB = os.environ.get("PLOTLY_BEHIND_HUB")

NAME = "plotly"
ACCESS = f"access:services!service={NAME}"

service: dict[str, Any] = {"name": NAME, "display": False}
if PLOTLY_BEHIND_HUB:
    service |= {"url": PLOTLY_BEHIND_HUB, "display": True}
# added to what the hub has of its own
c.JupyterHub.services.append(service)

# The server takes no token but those that may access it: that of each notebook server, and those
# that users make for themselves (Token, in the hub's menu), for scripts and for their browser.
c.JupyterHub.load_roles.extend(
    [
        {"name": "user", "scopes": ["self", ACCESS]},
        {"name": "server", "scopes": ["users:activity!user", "access:servers!server", ACCESS]},
    ]
)

# With these, `%load_ext plotly_nbext` and `%plotly_render fig` are all that a notebook needs.
c.Spawner.environment.update(
    {
        "PLOTLY_API_DOMAIN": PLOTLY_URL,
        "PLOTLY_USERNAME": lambda spawner: spawner.user.name,
        "PLOTLY_API_KEY": lambda spawner: spawner.api_token,
    }
)
