"""Signing in to servers from a notebook, with a user who types at the kernel's questions."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import PATIENCE, Kernel, started

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYRING = """
import json, pathlib
from keyring.backend import KeyringBackend

class Kept(KeyringBackend):
    priority = 1
    file = pathlib.Path("keyring.json")
    def _all(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}
    def get_password(self, service, username):
        return self._all().get(f"{service} {username}")
    def set_password(self, service, username, password):
        self.file.write_text(json.dumps(self._all() | {f"{service} {username}": password}))
    def delete_password(self, service, username):
        kept = self._all()
        del kept[f"{service} {username}"]
        self.file.write_text(json.dumps(kept))
"""

LOCKED = """
import keyring

class Locked(keyring.backend.KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked("Open it.")
    set_password = delete_password = get_password

keyring.set_keyring(Locked())
"""


@dataclass
class Typed:
    """What came of a cell whose questions were answered."""

    status: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def printed(self) -> str:
        return "".join(each.get("text", "") for each in self.messages)

    @property
    def everything(self) -> str:
        return json.dumps([self.asked, self.messages])


def answer(kernel: Kernel, code: str, *answers: str) -> Typed:
    """Run a cell as a front end does whose user types."""
    client, left, typed = kernel._client, list(answers), Typed("")

    def ask(message: dict[str, Any]) -> None:
        typed.asked.append(message["content"])
        client.input(left.pop(0))

    reply = client.execute_interactive(
        code,
        allow_stdin=True,
        timeout=PATIENCE,
        stdin_hook=ask,
        output_hook=lambda message: typed.messages.append(message["content"]),
    )
    typed.status = reply["content"]["status"]
    assert not left
    return typed


@pytest.fixture
def user(server) -> tuple[str, str]:
    """A user of the server of whom no kernel knows, and the key."""
    name = f"user-{secrets.token_hex(4)}"
    return name, server.add_user(name)


@pytest.fixture(autouse=True)
def signed_out(kernel, server) -> Iterator[None]:
    yield
    kernel.run(f"%plotly_grid logout {server.url}\n%plotly_grid login local")


def test_the_key_is_asked_for_and_is_nowhere_in_the_notebook(kernel, server, user):
    name, key = user
    typed = answer(kernel, f"%plotly_grid login {server.url} -u {name}", key)
    assert typed.status == "ok"
    assert typed.asked == [{"prompt": f"API key of {name} at {server.url}: ", "password": True}]
    assert typed.printed == f"Signed in to {server.url} as {name}.\n"
    assert key not in typed.everything
    assert kernel.run("%plotly_grid whoami").text("stdout") == f"{name} at {server.url}\n"
    history = "[line for *_, line in get_ipython().history_manager.get_range(0)]"
    assert key not in str(kernel.value(history))
    held = "[name for name, value in globals().items() if isinstance(value, str) and value == K]"
    assert kernel.value(held.replace("K", repr(key[:20]) + "+" + repr(key[20:]))) == []


def test_the_username_is_asked_for_where_nobody_knows_it(kernel, server, user):
    name, key = user
    typed = answer(kernel, f"%plotly_grid login {server.url}", name, key)
    assert [each["password"] for each in typed.asked] == [False, True]
    assert typed.printed == f"Signed in to {server.url} as {name}.\n"


def test_a_key_that_is_refused_is_asked_for_anew(kernel, server, user):
    name, key = user
    typed = answer(kernel, f"%plotly_grid login {server.url} -u {name}", "wrong-key", key)
    assert typed.status == "ok"
    assert f"{server.url} refuses that key: Bad API key\n" in typed.printed
    assert "wrong-key" not in typed.everything


def test_after_three_refusals_the_server_s_words_are_the_error_and_nothing_is_changed(
    kernel, server, user
):
    wrong = [f"wrong-{number}-{secrets.token_hex(4)}" for number in range(3)]
    kernel.run("%xmode Verbose")
    line = f"%plotly_grid login {server.url} -u {user[0]} --name refused"
    typed = answer(kernel, line, *wrong)
    whole = kernel.try_("%tb").outputs
    kernel.run("%xmode Context")
    assert typed.status == "error"
    assert typed.printed.count("Bad API key") == 2
    error = next(each for each in typed.messages if "evalue" in each)
    said = ["Bad API key", f"`{line}` asks again."]
    assert (error["ename"], error["evalue"].splitlines()) == ("AuthError", said)
    assert not any(key in typed.everything + str(whole) for key in wrong)
    assert "at this machine's own service" in kernel.run("%plotly_grid whoami").text("stdout")


def test_nothing_typed_changes_nothing(kernel, server, user):
    typed = answer(kernel, f"%plotly_grid login {server.url} -u {user[0]}", " ")
    assert "No API key was typed, and nothing is changed." in typed.everything


def test_a_run_without_input_is_told_what_to_set(kernel, server, user):
    error = kernel.try_(f"%plotly_grid login {server.url} -u {user[0]}").error
    assert "runs without input" in error["evalue"]
    assert f"PLOTLY_API_DOMAIN={server.url}, PLOTLY_USERNAME and PLOTLY_API_KEY" in error["evalue"]


def test_a_run_without_input_signs_in_with_the_key_of_its_environment(kernel, server, user):
    variables = {
        "PLOTLY_API_DOMAIN": server.url,
        "PLOTLY_USERNAME": user[0],
        "PLOTLY_API_KEY": user[1],
    }
    kernel.run(f"import os; os.environ.update({variables})")
    try:
        told = kernel.run(f"%plotly_grid login {server.url}/v2/").text("stdout")
        assert told == f"Signed in to {server.url} as {user[0]}.\n"
        told = kernel.run("%plotly_grid logout").text("stdout")
        assert "The environment variable PLOTLY_API_KEY has a key for it still." in told
        assert told.endswith(f"Calls go to {server.url} now.\n")
    finally:
        kernel.run(f"for name in {list(variables)}: del os.environ[name]")


def test_a_known_key_that_is_refused_is_named_and_another_one_asked_for(kernel, server, user):
    name, key = user
    variables = {"PLOTLY_API_DOMAIN": server.url, "PLOTLY_API_KEY": "an-old-key"}
    kernel.run(f"import os; os.environ.update({variables})")
    try:
        typed = answer(kernel, f"%plotly_grid login {server.url} -u {name}", key)
    finally:
        kernel.run(f"for name in {list(variables)}: del os.environ[name]")
    place = "the environment variable PLOTLY_API_KEY"
    assert f"{server.url} refuses the key of {place}: Bad API key\n" in typed.printed
    assert "an-old-key" not in typed.everything


def test_a_network_that_can_read_along_is_told_before_a_key_is_typed(kernel):
    ran = kernel.try_("%plotly_grid login http://charts.example.org -u alice")
    assert "the API key crosses the network in clear" in ran.text("stderr")
    assert "runs without input" in ran.error["evalue"]


@pytest.mark.parametrize(
    "line",
    [
        "URL -u alice hush-hush",
        "URL hush-hush",
        "URL --api-key hush-hush",
        "URL --api_key=hush-hush",
        "URL -khush-hush",
        "-u alice --password hush-hush URL",
        "URL -u alice:hush-hush",
        "https://alice:hush-hush@charts.example.org",
    ],
)
def test_a_key_on_the_line_is_refused_without_being_repeated(kernel, server, line):
    ran = kernel.try_(f"%plotly_grid login {line.replace('URL', server.url)}")
    assert ran.status == "error"
    assert "hush-hush" not in str(ran.outputs)


def test_why_a_key_on_the_line_is_refused_is_said(kernel, server):
    error = kernel.try_(f"%plotly_grid login {server.url} --api-key hush").error
    assert "kept in the notebook and in the history" in error["evalue"]
    assert "Leave it out, and it is asked for" in error["evalue"]


def test_login_local_takes_no_user(kernel):
    error = kernel.try_("%plotly_grid login local -u alice").error
    assert "knows you by your own files" in error["evalue"]


def test_a_named_server_is_signed_in_to_by_its_name_and_other_kernels_stay_where_they_are(
    kernel, server, user
):
    name, key = user
    answer(kernel, f"%plotly_grid login {server.url} -u {name} --name team", key)
    listed = kernel.run("%plotly_grid servers").result["text/plain"]
    assert listed.splitlines()[0].split() == ["name", "url", "user", "key"]
    assert f"*  team   {server.url}  {name}  known: this session" in listed
    assert key not in listed
    with started(kernel.folder) as other:
        other.run("%load_ext plotly_nbext")
        listed = other.run("%plotly_grid servers").result["text/plain"].splitlines()
        assert next(line.split() for line in listed if "local" in line)[0] == "*"
        assert any(
            line.split()[:3] == ["team", server.url, name] and line.endswith("login asks for it")
            for line in listed
        )
        error = other.try_("import plotly_nbext; plotly_nbext.connect('team')").error
        assert f"%plotly_grid login {server.url} -u {name} --name team" in error["evalue"]
        typed = answer(other, "%plotly_grid login team", key)
        assert typed.printed == f"Signed in to {server.url} as {name}.\n"
    kernel.run("%plotly_grid login local")
    assert kernel.run("%plotly_grid login team").text("stdout") == typed.printed
    told = kernel.run("%plotly_grid logout team --forget").text("stdout")
    assert told.startswith(f"Signed out of {server.url}.")
    assert "Calls go to this machine's own service now." in told
    error = kernel.try_("%plotly_grid login team").error
    assert "No server is named 'team'" in error["evalue"]


def test_a_key_in_the_keyring_is_found_by_the_next_kernel(tmp_path, server, user):
    name, key = user
    (tmp_path / "kept_keyring.py").write_text(KEYRING)
    use = "import keyring, kept_keyring; keyring.set_keyring(kept_keyring.Kept())"
    with started(tmp_path) as first:
        first.run(f"%load_ext plotly_nbext\n{use}")
        line = f"%plotly_grid login {server.url} -u {name} --name team --keyring"
        typed = answer(first, line, key)
        assert "The key is in your keyring." in typed.printed
    assert key not in (tmp_path / "home" / "servers.json").read_text()
    with started(tmp_path) as second:
        second.run(f"%load_ext plotly_nbext\n{use}")
        assert "known: the keyring" in second.run("%plotly_grid servers").result["text/plain"]
        assert second.run("%plotly_grid login team").text("stdout").startswith("Signed in")
        second.run("%plotly_grid logout team")
        assert key not in (tmp_path / "keyring.json").read_text()
        again = answer(second, "%plotly_grid login team --keyring", key)
        assert again.status == "ok"
        assert again.printed == typed.printed
        second.run("keyring.set_keyring(keyring.backends.fail.Keyring())")
        second.run("from plotly_nbext.accounts import keys; keys._known.clear()")
        told = answer(second, "%plotly_grid login team", key).printed
        assert told.startswith("This machine has no keyring that keys can be kept in.\nSigned in")


def test_a_list_that_can_not_take_a_name_is_told_before_a_key_is_typed(kernel, server, user):
    kernel.run("from plotly_nbext import settings\nkept = settings.home() / 'servers.json'")
    kernel.run("before = kept.read_bytes() if kept.exists() else None\nkept.write_text('{')")
    try:
        line = f"%plotly_grid login {server.url} -u {user[0]} --name team"
        typed = answer(kernel, line)
    finally:
        kernel.run("kept.write_bytes(before) if before else kept.unlink()")
    assert (typed.status, typed.asked) == ("error", [])
    assert "servers.json can't be read" in typed.everything


@pytest.fixture
def locked(kernel, server, user) -> Iterator[None]:
    """The user's key is said to be in a keyring that does not open."""
    kernel.run(LOCKED)
    kernel.run(
        "from plotly_nbext.accounts import servers\n"
        f"kept = servers.Server('', {server.url!r}, {user[0]!r}, keyring=True)\n"
        "servers.remember(kept)"
    )
    yield
    kernel.run("servers.forget(kept)")


@pytest.mark.usefixtures("locked")
def test_who_signs_out_while_the_keyring_is_locked_is_signed_out_of_the_session(
    kernel, server, user
):
    name, key = user
    kernel.run(f"import plotly_nbext\nplotly_nbext.connect({server.url!r}, {name!r}, {key!r})")
    error = kernel.try_("%plotly_grid logout").error
    assert "The keyring is locked (Open it)." in error["evalue"]
    assert "that of this session is forgotten" in error["evalue"]
    assert error["evalue"].endswith(f"%plotly_grid logout {server.url}")
    assert "at this machine's own service" in kernel.run("%plotly_grid whoami").text("stdout")


@pytest.mark.usefixtures("locked")
def test_a_locked_keyring_is_not_missed_where_the_environment_has_the_key(kernel, server, user):
    variables = {"PLOTLY_API_DOMAIN": server.url, "PLOTLY_API_KEY": user[1]}
    kernel.run(f"import os; os.environ.update({variables})")
    try:
        told = kernel.run(f"%plotly_grid login {server.url} -u {user[0]}").text("stdout")
    finally:
        kernel.run(f"for name in {list(variables)}: del os.environ[name]")
    assert told == f"Signed in to {server.url} as {user[0]}.\n"


def test_who_signs_out_of_the_server_that_the_environment_names_is_told_what_comes_next(
    kernel, server, user
):
    name, key = user
    kernel.run(f"import os; os.environ['PLOTLY_API_DOMAIN'] = {server.url!r}")
    try:
        answer(kernel, f"%plotly_grid login {server.url} -u {name}", key)
        told = kernel.run("%plotly_grid logout").text("stdout")
        again = kernel.run("%plotly_grid logout").text("stdout")
    finally:
        kernel.run("del os.environ['PLOTLY_API_DOMAIN']")
    assert told == f"Signed out of {server.url}. The next call needs a login.\n"
    assert again.startswith(f"There was no key of {server.url} to forget.")


def test_without_a_keyring_the_reason_is_told_before_a_key_is_asked_for(kernel, server, user):
    kernel.run("import keyring; from keyring.backends.fail import Keyring")
    kernel.run("keyring.set_keyring(Keyring())")
    typed = answer(kernel, f"%plotly_grid login {server.url} -u {user[0]} --keyring")
    assert typed.asked == []
    assert "This machine has no keyring that keys can be kept in." in typed.everything


def test_nobody_is_signed_out_of_this_machine(kernel):
    error = kernel.try_("%plotly_grid logout").error
    assert "nothing to sign out of" in error["evalue"]


def test_neither_help_nor_completion_offers_what_is_refused(kernel):
    told = kernel.run("%plotly_grid login --help").text("stdout")
    assert "--keyring" in told
    assert "--password" not in told
    line = "%plotly_grid login --"
    reply = kernel._client.complete(line, len(line), reply=True, timeout=PATIENCE)
    offered = " ".join(reply["content"]["matches"])
    assert "--keyring" in offered
    assert "--password" not in offered
