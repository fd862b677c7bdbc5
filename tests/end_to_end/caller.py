"""A caller of several servers, who goes to another when one is gone, as through a proxy."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import requests

if TYPE_CHECKING:
    from collections.abc import Collection

    from .cluster import Cluster

__all__ = ["Caller"]

PATIENCE = 90
"""Seconds after which a request that is refused again and again was not answered."""


class Caller:
    """One user's requests: each is sent until it is answered, and what came of it is counted.

    Parameters
    ----------
    cluster : Cluster
        Where they go.
    username, api_key : str
        Whose they are.
    number : int
        With which of the servers to begin.

    Attributes
    ----------
    seen : Counter
        How many requests were answered, refused for a moment (503), or lost with their server.
    unsure : bool
        Whether the last request was refused or lost before it was answered: it may have been done.
    """

    def __init__(self, cluster: Cluster, username: str, api_key: str, number: int) -> None:
        self.username = username
        self.seen: Counter[str] = Counter()
        self.unsure = False
        self._cluster = cluster
        self._number = number
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (username, api_key)
        self._session.headers["Plotly-Client-Platform"] = "python 5.24.1"

    def send(
        self,
        method: str,
        path: str,
        wanted: Collection[int] = (200,),
        *,
        also: Collection[int] = (),
        once: bool = False,
        **options: Any,
    ) -> requests.Response:
        """Send a request until it is answered.

        Parameters
        ----------
        wanted : collection of int
            What has to be answered.
        also : collection of int
            What may be answered as well if an earlier attempt may have been successful.
        once : bool
            Whether it carries a key, by which it is done once.
        """
        headers = {"Idempotency-Key": uuid4().hex} if once else {}
        headers |= options.pop("headers", {})
        until = time.monotonic() + PATIENCE
        self.unsure = False
        while time.monotonic() < until:
            url = list(self._cluster.servers)[self._number % len(self._cluster.servers)]
            try:
                answer = self._session.request(
                    method, url + path, headers=headers, timeout=60, **options
                )
            except requests.ConnectionError:
                # no one but a server that is gone may leave a request without an answer
                assert self._cluster.has_ended(url), f"{url} did not answer {method} {path}"
                self.seen["lost"] += 1
                self._number += 1
                self.unsure = True
                continue
            if answer.status_code == 503:
                self.seen["refused"] += 1
                assert int(answer.headers["Retry-After"]) >= 0, answer.headers
                assert answer.json()["errors"], answer.text
                self.unsure = True
                # as told, or less: it is the many who come again at once that are of interest
                time.sleep(min(0.2, int(answer.headers["Retry-After"])))
                continue
            allowed = {*wanted, *(also if self.unsure else ())}
            told = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
            assert answer.status_code in allowed, told
            self.seen["answered"] += 1
            # each server has to know what was said to another
            self._number += 1 if self._alive(self._number + 1) else 0
            return answer
        raise AssertionError(f"{method} {path} was not answered in {PATIENCE} s")

    def _alive(self, number: int) -> bool:
        processes = list(self._cluster.servers.values())
        return processes[number % len(processes)].poll() is None
