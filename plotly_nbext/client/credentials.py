"""How an account's requests reach its server: who asks, through which proxy, whom it trusts."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any

from requests.auth import AuthBase

from plotly_nbext.accounts import is_loopback

if TYPE_CHECKING:
    from requests import PreparedRequest

    from plotly_nbext.accounts import Account

__all__ = ["way_to"]


class _Credentials(AuthBase):
    """HTTP Basic; beside that of a proxy that takes its header, as Chart Studio's clients do."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        account, header = self._account, "Authorization"
        if account.proxy is not None:
            request.headers[header] = _basic(*account.proxy)
            header = f"Plotly-{header}"
        request.headers[header] = _basic(account.username, account.api_key)
        return request


def way_to(account: Account) -> dict[str, Any]:
    """Return what `requests` takes for a request of an account, beside its content."""
    return {
        "auth": _Credentials(account),
        # a proxy can't reach this machine's own ports
        "proxies": {"http": "", "https": ""} if is_loopback(account.url) else None,
        "verify": _authorities() if account.verify else False,
    }


def _authorities() -> str | None:
    """Name the file of trusted certificates that OpenSSL reads; requests knows its own ones."""
    if os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE"):
        return None
    return os.environ.get("SSL_CERT_FILE") or None


def _basic(username: str, password: str) -> str:
    # half a surrogate pair is for the server to refuse: an error here would have the key in it
    return "Basic " + base64.b64encode(
        f"{username}:{password}".encode(errors="surrogatepass")
    ).decode("ascii")
