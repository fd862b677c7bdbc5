"""Threads that use the package at once, for the first time, don't meet half of it."""

from __future__ import annotations

import subprocess
import sys

RACE = """
import sys, threading, importlib
sys.setswitchinterval(1e-6)
import plotly_nbext
names = ["client", "file_listing", "session", "paths", "grid", "static_images"]
barrier = threading.Barrier(len(names))
def use(name):
    barrier.wait()
    importlib.import_module("plotly_nbext.client." + name)
threads = [threading.Thread(target=use, args=[name]) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
from plotly_nbext.client import Client, Grid
"""


def test_threads_that_import_at_once_all_get_it():
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", RACE], capture_output=True, text=True, check=True, timeout=120
        )
        assert done.stderr == ""


def test_a_file_has_its_own_type_whatever_was_imported(client):
    client.push_plot({"data": []}, "p")
    code = f"""
from plotly_nbext.accounts import Account
from plotly_nbext.client.file_listing import listed
from plotly_nbext.client.session import Session
account = Account({client.url!r}, {client.username!r}, input())
print(*map(repr, listed(Session(lambda: account), "/folders/all")))
"""
    line = [sys.executable, "-c", code]
    key = client._session.account.api_key
    done = subprocess.run(line, input=key, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.startswith("Plot(")
