"""Keys in the user's keyring, and what is said where there is none."""

from __future__ import annotations

import sys

import keyring
import pytest
from keyring.backend import KeyringBackend

from plotly_nbext import PlotlyNbextError
from plotly_nbext.accounts import keys, resolve, servers
from plotly_nbext.accounts.servers import Server

URL = "https://charts.example.org"


class Memory(KeyringBackend):
    """A keyring as any other, but that nothing of it outlives the test."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


class Locked(KeyringBackend):
    """A keyring whose user has not unlocked it."""

    priority = 1

    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked("Failed to unlock the collection!")

    set_password = delete_password = get_password


@pytest.fixture(autouse=True)
def own_keyring():
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_a_key_is_read_from_the_keyring_for_a_server_that_says_so():
    keyring.set_keyring(Memory())
    keys.put_into_keyring(URL, "alice", "hush")
    servers.remember(Server("team", URL, "alice", keyring=True))
    assert resolve("team").api_key == "hush"
    assert resolve(URL).api_key == "hush"
    assert keys.drop_from_keyring(URL, "alice")
    assert not keys.drop_from_keyring(URL, "alice")


def test_a_keyring_is_not_opened_for_a_server_that_has_no_key_in_it():
    keyring.set_keyring(Locked())
    assert resolve(URL, "alice", "key").api_key == "key"
    assert servers.all_servers() == []


def test_a_locked_keyring_says_so():
    keyring.set_keyring(Locked())
    servers.remember(Server("team", URL, "alice", keyring=True))
    with pytest.raises(PlotlyNbextError, match=r"locked \(Failed to unlock the collection!\)"):
        resolve("team")


def test_a_machine_without_a_keyring_is_told():
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())
    with pytest.raises(PlotlyNbextError, match="no keyring") as refused:
        keys.put_into_keyring(URL, "alice", "hush")
    assert refused.value.__context__ is None


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(PlotlyNbextError, match="not installed") as refused:
        keys.from_keyring(URL, "alice")
    assert 'pip install "plotly_nbext[keyring]"' in refused.value.hint
