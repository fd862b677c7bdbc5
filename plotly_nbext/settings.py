"""Where things are kept on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from plotly_nbext.errors import PlotlyNbextError

__all__ = ["home"]


def home() -> Path:
    """Return the user's state folder, made with mode 0700 when it is missing.

    ``PLOTLY_NBEXT_HOME`` names another one. It holds the local service's database, its state
    file, lock and log, and the list of named servers.

    Raises
    ------
    PlotlyNbextError
        The folder can't be made.
    """
    named = os.environ.get("PLOTLY_NBEXT_HOME")
    folder = Path(named).expanduser() if named else platformdirs.user_data_path("plotly_nbext")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = "it is a file" if folder.is_file() else error.strerror
        raise PlotlyNbextError(
            f"The state folder {folder} can't be made: {reason}.",
            hint="Name another one in the environment variable PLOTLY_NBEXT_HOME.",
        ) from None
    return folder.resolve()
