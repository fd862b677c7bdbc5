"""What a request that got no answer says, in our own words, and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from plotly_nbext import service
from plotly_nbext.accounts.addresses import refuse_closed
from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from plotly_nbext.accounts import Account

__all__ = ["PROXY", "PROXY_WANTS", "is_without_bundle", "not_answered", "was_lost"]

AGAIN: Final = "Run the cell again."
LOOK: Final = "The request may have been carried out: look before you run the cell again."

AUTHORITY: Final = (
    "Name the authority's PEM file in the environment variable REQUESTS_CA_BUNDLE: "
    'os.environ["REQUESTS_CA_BUNDLE"] = "FILE".'
)
NO_PROXY: Final = "Add its host to NO_PROXY where it needs none, or correct HTTPS_PROXY."
PROXY_WANTS: Final = "The proxy of the environment wants a name and a password."
PROXY: Final = "Put them into HTTPS_PROXY and HTTP_PROXY, as in http://NAME:PASSWORD@HOST:PORT."


def was_lost(error: OSError, *, repeatable: bool) -> bool:
    """Tell whether the way to a server failed, where asking again does no harm."""
    return isinstance(
        error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError
    ) and (repeatable or _never_sent(_reason(error)))


def is_without_bundle(error: BaseException) -> bool:
    """Tell whether requests misses its file of certificates: an OSError without a number."""
    return type(error) is OSError and error.errno is None


def not_answered(
    account: Account, error: OSError, *, waited: float, repeatable: bool
) -> ServiceError:
    """Say in our own words why there is no answer.

    Parameters
    ----------
    account : Account
        Whose server was asked.
    error : OSError
        What requests says.
    waited : float
        How many seconds the server had.
    repeatable : bool
        Whether asking again does no harm.
    """
    match error:
        case requests.ReadTimeout():
            return ServiceError(
                f"{account.url} gave no answer within {waited:g} seconds.",
                hint=AGAIN if repeatable else LOOK,
            )
        case requests.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            return _lost(account, _reason(error), AGAIN if repeatable else LOOK)
        case requests.exceptions.InvalidProxyURL():
            return ServiceError(
                "The proxy of the environment has no address that can be read.",
                hint="Correct HTTPS_PROXY or HTTP_PROXY, as in http://HOST:PORT.",
            )
        case requests.exceptions.InvalidSchema() if "SOCKS" in str(error):
            return ServiceError(
                "The proxy of the environment speaks SOCKS, which is not installed.",
                hint='Run `pip install "requests[socks]"`.',
            )
        case requests.exceptions.InvalidURL() | requests.exceptions.InvalidSchema():
            return ServiceError(
                f"{account.url!r} is no server's address.",
                hint="Write it as in https://charts.example.org.",
            )
        case requests.RequestException():
            return ServiceError(f"The request to {account.url} failed: {type(error).__name__}.")
    return _bad_authorities("is not there")  # see is_without_bundle


def _reason(error: OSError) -> object:
    """Return what urllib3 says of a connection that failed."""
    return getattr(error.args[0] if error.args else None, "reason", None)


def _never_sent(reason: object) -> bool:
    """Tell whether a connection failed before the request was on its way."""
    if isinstance(reason, SSLError):
        return any(word in str(reason) for word in ("CERTIFICATE_VERIFY_FAILED", "WRONG_VERSION"))
    return isinstance(
        reason, NewConnectionError | NameResolutionError | ConnectTimeoutError | ProxyError
    )


def _lost(account: Account, reason: object, again: str) -> ServiceError:
    """Say what is wrong with the way to a server, and what to do."""
    refuse_closed(account.url)
    match reason:
        case SSLError():
            return _untrusted(account, str(reason), again)
        case ProxyError():
            return _not_through(account, str(reason))
        case NameResolutionError():
            what, hint = (
                f"can't be reached: there is no host {urlsplit(account.url).hostname}",
                "Is the name right?",
            )
        case NewConnectionError() if "refused" in str(reason):
            what = "can't be reached: nothing listens at that address"
            hint = "Is it running, and the port right?"
        case NewConnectionError() | ConnectTimeoutError():
            what = "can't be reached: nothing at that address answers"
            hint = "Is the address right, and this machine in the network that it needs (VPN)?"
        case _:
            what, hint = "was lost before it answered", again
            if account.url.startswith("http:") and account.username != service.USERNAME:
                hint += "\nIf it speaks https, write its address with https://."
    return ServiceError(f"The server {account.url} {what}.", hint=hint)


def _untrusted(account: Account, reason: str, again: str) -> ServiceError:
    if "WRONG_VERSION" in reason:
        what, hint = "can't be reached by TLS", "Does its address begin with http:// ?"
    elif "mismatch" in reason:
        what = f"has a certificate that is not for {urlsplit(account.url).hostname}"
        hint = "Write its address with the host that the certificate names."
    elif "expired" in reason:
        what, hint = "has a certificate that expired", "Who runs the server has to renew it."
    elif "CERTIFICATE_VERIFY_FAILED" in reason:
        what, hint = "has a certificate that this machine does not trust", AUTHORITY
    elif "NO_CERTIFICATE" in reason or "PEM" in reason:
        return _bad_authorities("holds none")
    else:
        what, hint = "was lost in speaking TLS before it answered", again
    return ServiceError(f"The server {account.url} {what}.", hint=hint)


def _bad_authorities(what: str) -> ServiceError:
    return ServiceError(
        f"The file of trusted certificates {what}.",
        hint="Correct the environment variable REQUESTS_CA_BUNDLE or SSL_CERT_FILE, or unset it.",
    )


def _not_through(account: Account, reason: str) -> ServiceError:
    refused = re.search(r"Tunnel connection failed: (\d+ [\w ]+)", reason)
    if refused is None:
        what, hint = "can't be reached through the proxy of the environment", NO_PROXY
    elif refused[1].startswith("407"):
        return ServiceError(PROXY_WANTS, hint=PROXY)
    else:
        what, hint = f"can't be reached: the proxy refuses it ({refused[1]})", NO_PROXY
    return ServiceError(f"The server {account.url} {what}.", hint=hint)
