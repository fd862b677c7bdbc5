"""Backups: all that a database holds, in one file, which another database can be made from."""

from plotly_nbext.server.store.backups.backing_up import back_up
from plotly_nbext.server.store.backups.file import altered, opened
from plotly_nbext.server.store.backups.restoring import restore

__all__ = ["altered", "back_up", "opened", "restore"]
