"""`doctor`: in plain words what is here and what is missing, with the command that mends it."""

from __future__ import annotations

import json
import secrets

import pytest

from plotly_nbext import __version__, doctor, service
from plotly_nbext.server.rendering.discovery import find_browser


def test_all_is_well(command):
    done = command("doctor")
    assert done.returncode == 0, done.stdout
    for words in ("Python 3.", f"plotly_nbext {__version__}", "plotly ", "pandas ", "yours alone"):
        assert words in done.stdout
    assert str(find_browser()) in done.stdout
    assert "its sandbox" in done.stdout
    assert "Local service: not running" in done.stdout


def test_a_running_service_is_named_without_its_secrets(home, command):
    info = service.ensure()
    done = command("doctor")
    assert done.returncode == 0
    assert f"{info.url}, process {info.pid}" in done.stdout
    state = json.loads((home / "service.json").read_text())
    assert state["api_key"] not in done.stdout
    assert state["proof"] not in done.stdout


def test_the_server_that_is_used_is_named_with_who_names_it(command, tmp_path, monkeypatch):
    assert "✓ Server: the local service, as no other one is named" in command("doctor").stdout
    monkeypatch.setenv("PLOTLY_DIR", str(tmp_path))
    config = tmp_path / ".config"
    config.write_text(json.dumps({"plotly_api_domain": "https://example.org"}))
    done = command("doctor")
    assert done.returncode == 1
    assert "✗ The server example.org needs your username." in done.stdout
    assert f"{config} names that server" in done.stdout


def test_the_server_that_is_used_is_asked_whether_it_takes_the_key(command, monkeypatch, server):
    username = f"user-{secrets.token_hex(4)}"
    monkeypatch.setenv("PLOTLY_API_DOMAIN", server.url)
    monkeypatch.setenv("PLOTLY_USERNAME", username)
    monkeypatch.setenv("PLOTLY_API_KEY", server.add_user(username))
    done = command("doctor")
    assert done.returncode == 0
    named_by = "named by the environment variable PLOTLY_API_DOMAIN"
    assert f"✓ Server: {server.url} as {username}, {named_by}" in done.stdout
    assert f"✓ The server knows you as {username}" in done.stdout
    monkeypatch.setenv("PLOTLY_API_KEY", "a-wrong-key")
    done = command("doctor")
    assert done.returncode == 1
    line = f"✗ Bad API key\n    → `%plotly_grid login {server.url} -u {username}`"
    assert line in done.stdout
    assert "a-wrong-key" not in done.stdout + done.stderr


def test_a_list_of_servers_that_is_broken_is_shown_once_with_what_mends_it(
    command, home, monkeypatch
):
    monkeypatch.setenv("PLOTLY_API_DOMAIN", "https://charts.example.org")
    home.mkdir(mode=0o700)
    (home / "servers.json").write_text("{")
    (home / "servers.json").chmod(0o600)
    lines = command("doctor").stdout.splitlines()
    [line] = [line for line in lines if line.startswith(f"✗ {home / 'servers.json'} can't be read")]
    mend = f"mv '{home / 'servers.json'}' '{home / 'servers.json'}.old'"
    assert lines[lines.index(line) + 1] == f"    → {mend}"


def test_a_broken_browser_is_shown_with_what_mends_it(command, monkeypatch):
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", "/nowhere/chromium")
    done = command("doctor")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    [line] = [line for line in lines if "/nowhere/chromium" in line]
    assert line.startswith("✗ ")
    assert "`unset PLOTLY_NBEXT_BROWSER`" in lines[lines.index(line) + 1]


def test_a_browser_that_does_not_start_is_shown_with_its_last_words(command, tmp_path, monkeypatch):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho 'libnss3.so: cannot open' >&2\nexit 127\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(browser))
    done = command("doctor")
    assert done.returncode == 1
    assert f"✗ {browser} does not start: it ended.\nIts last words:\nlibnss3.so" in done.stdout
    assert done.stderr == ""


def test_a_state_folder_that_cannot_be_made_is_shown_and_the_rest_is_still_examined(
    command, tmp_path, monkeypatch
):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(file / "home"))
    done = command("doctor")
    assert done.returncode == 1
    assert f"✗ The state folder {file}/home can't be made: Not a directory." in done.stdout
    assert "PLOTLY_NBEXT_HOME" in done.stdout
    assert str(find_browser()) in done.stdout
    assert done.stderr == ""


def test_a_state_folder_open_to_others_is_a_warning(home, command):
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    done = command("doctor")
    assert done.returncode == 0
    assert f"✗ State folder {home} is open to others (0755)" in done.stdout
    assert f"→ chmod 700 '{home}'" in done.stdout


def test_a_terminal_without_the_signs_gets_the_report_all_the_same(command, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = command("doctor")
    assert done.returncode == 0, done.stderr
    assert "Python 3." in done.stdout


@pytest.mark.parametrize("missing", doctor.DEMO_MODULES)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(monkeypatch, missing):
    find_spec = doctor.util.find_spec
    monkeypatch.setattr(
        doctor.util, "find_spec", lambda name: None if name == missing else find_spec(name)
    )
    *_, finding = doctor.examine()
    assert missing in finding.text
    assert finding.mend == 'pip install "plotly_nbext[demo]"'
    assert not finding.required


def test_a_service_that_draws_is_told_to(home, command):
    service.ensure()
    assert "✓ The local service draws" in command("doctor").stdout


def test_a_service_with_another_browser_than_the_doctors_is_asked_for_it(
    command, tmp_path, monkeypatch
):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho 'libnss3.so: cannot open' >&2\nexit 127\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(browser))
    service.ensure()
    monkeypatch.delenv("PLOTLY_NBEXT_BROWSER")
    done = command("doctor")
    assert done.returncode == 1
    assert f"✗ The local service draws nothing: {browser} does not start" in done.stdout
    assert "then run `plotly-nbext stop`" in done.stdout
    assert str(find_browser()) in done.stdout


def test_a_closed_cloud_is_a_finding_with_who_names_it(command, tmp_path, monkeypatch):
    monkeypatch.setenv("PLOTLY_API_DOMAIN", "https://api.plot.ly.")
    done = command("doctor")
    assert done.returncode == 1
    assert "✗ https://api.plot.ly is Chart Studio's cloud, which closed" in done.stdout
    assert "→ Take it out of the environment variable PLOTLY_API_DOMAIN" in done.stdout


def test_a_closed_cloud_in_an_old_file_is_told_and_does_no_harm(command, tmp_path, monkeypatch):
    monkeypatch.setenv("PLOTLY_DIR", str(tmp_path))
    (tmp_path / ".config").write_text(json.dumps({"plotly_api_domain": "https://api.plot.ly"}))
    done = command("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"✗ {tmp_path}/.config names https://api.plot.ly" in done.stdout
    assert "✓ Server: the local service" in done.stdout


def test_credentials_that_others_can_read_are_a_finding_with_its_command(
    command, tmp_path, monkeypatch, server
):
    monkeypatch.setenv("PLOTLY_DIR", str(tmp_path))
    (tmp_path / ".config").write_text(json.dumps({"plotly_api_domain": server.url}))
    credentials = tmp_path / ".credentials"
    account = {"username": server.username, "api_key": server.api_key}
    credentials.write_text(json.dumps(account))
    credentials.chmod(0o644)
    done = command("doctor")
    assert done.returncode == 0
    assert f"✗ {credentials} can be read by other users" in done.stdout
    assert f"→ chmod 600 {credentials}" in done.stdout


def test_a_state_folder_that_is_a_file_is_called_one(command, tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(file))
    done = command("doctor")
    assert done.returncode == 1
    assert f"✗ The state folder {file} can't be made: it is a file." in done.stdout
    assert done.stderr == ""


def test_files_that_others_reach_are_named_with_the_command_that_closes_them(home, command):
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    database = home / "grids.db"
    database.touch()
    database.chmod(0o644)
    done = command("doctor")
    assert done.returncode == 0
    assert f"✗ {database} is open to others (0644)" in done.stdout
    assert f"→ chmod 600 '{database}'" in done.stdout
