"""What these tests share with those of the server: callers, and servers of their own."""

from tests.server.conftest import anonymous, api, new_user, serve

__all__ = ["anonymous", "api", "new_user", "serve"]
