"""Proof that the local service, and not a stranger, answers at an address.

A port outlives the process that had it: after a crash it may be anyone's. So the one who asks
sends a random challenge to ``/healthz``, which the service answers with an HMAC-SHA256 of it under
a secret that only the state file holds. Neither that secret nor the API key is sent to a stranger.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from plotly_nbext.service.state import ServiceInfo

__all__ = ["answers"]

TIMEOUT = 5.0
ANSWER_LIMIT = 65_536


def answers(info: ServiceInfo) -> bool:
    """Tell whether the service that wrote `info` is the one that answers at its address."""
    from http.client import HTTPConnection, HTTPException  # 20 ms, for those who ask only

    challenge = secrets.token_hex(16)
    expected = hmac.new(info.proof.encode(), challenge.encode(), hashlib.sha256).hexdigest()
    try:
        address = urlsplit(info.url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT)
        try:
            connection.request("GET", f"/healthz?challenge={challenge}")
            answer = json.loads(connection.getresponse().read(ANSWER_LIMIT))
        finally:
            connection.close()
        return hmac.compare_digest(expected, answer["proof"])
    except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError):
        return False  # nobody, or a stranger who says something else
