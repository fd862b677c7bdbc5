"""TLS: what is spoken, and with which certificate."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final

from plotly_nbext.errors import ServiceError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CIPHERS", "check_certificate"]

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Those of TLS 1.2 that keep what was sent a secret when the key is lost later; 1.3 has no others.

Python speaks nothing older.
"""


def check_certificate(certificate: Path, key: Path) -> None:
    """See that a certificate can be served with.

    Raises
    ------
    ServiceError
        It can't be read, it is none, or the key is not its key.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:  # SSLError is one
        why = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise ServiceError(
            f"{certificate} and {key} can't be served with: {why.lower().replace('_', ' ')}.",
            hint="They are files in PEM form: the certificate, followed by those that lead to an "
            "authority; and its key, without a password.",
        ) from None
