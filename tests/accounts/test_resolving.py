"""Which account is used, from what users set and from what Chart Studio left behind."""

from __future__ import annotations

import traceback

import pytest

from plotly_nbext import AuthError, PlotlyNbextWarning, ServiceError, ValidationError
from plotly_nbext.accounts import Account, keys, login_line, resolve, servers
from plotly_nbext.accounts.servers import Server

FILE, ENVIRONMENT, OTHER = (f"https://{name}.example.org" for name in ("file", "env", "other"))


def test_without_any_server_the_local_service_is_meant():
    assert resolve() is None
    assert resolve("local") is None
    assert resolve("LOCAL") is None


def test_a_key_without_a_server_changes_nothing(write, monkeypatch):
    write(".credentials", username="alice", api_key="secret")
    monkeypatch.setenv("PLOTLY_API_KEY", "secret")
    assert resolve() is None


def test_arguments_come_before_session_before_environment_before_files(write, monkeypatch):
    write(".config", plotly_api_domain=FILE)
    write(".credentials", username="from-files", api_key="files-key")
    assert resolve() == Account(FILE, "from-files", "files-key")
    monkeypatch.setenv("PLOTLY_API_DOMAIN", "env.example.org/")
    monkeypatch.setenv("plotly_username", "from-environment")
    assert resolve(api_key="given") == Account(ENVIRONMENT, "from-environment", "given")
    monkeypatch.setenv("plotly_api_key", "environment-key")
    assert resolve() == Account(ENVIRONMENT, "from-environment", "environment-key")
    assert resolve(FILE) == Account(FILE, "from-files", "files-key")
    keys.remember(FILE, "from-session", "session-key")
    assert resolve(FILE) == Account(FILE, "from-session", "session-key")
    assert resolve(FILE, "bob", "given") == Account(FILE, "bob", "given")


def test_a_key_goes_to_its_own_address_only(write, monkeypatch):
    write(".config", plotly_api_domain=FILE)
    write(".credentials", username="alice", api_key="files-key")
    monkeypatch.setenv("PLOTLY_API_DOMAIN", ENVIRONMENT)
    monkeypatch.setenv("PLOTLY_USERNAME", "alice")
    monkeypatch.setenv("PLOTLY_API_KEY", "environment-key")
    keys.remember(OTHER, "alice", "session-key")
    elsewhere = (
        FILE.replace("https", "http"),
        f"{FILE}:8443",
        f"{FILE}/below",
        f"{ENVIRONMENT}.evil.example",
        OTHER.replace("https", "http"),
    )
    for url in elsewhere:
        with pytest.raises(AuthError, match="needs your api_key") as refused:
            resolve(url, "alice")
        assert "goes nowhere else" in refused.value.hint
        assert "-key" not in str(refused.value)


def test_a_key_is_not_used_for_another_user(monkeypatch):
    monkeypatch.setenv("PLOTLY_API_DOMAIN", ENVIRONMENT)
    monkeypatch.setenv("PLOTLY_USERNAME", "alice")
    monkeypatch.setenv("PLOTLY_API_KEY", "environment-key")
    with pytest.raises(AuthError, match="needs your api_key"):
        resolve(ENVIRONMENT, "bob")


def test_the_environment_s_key_does_not_go_to_the_server_of_a_file(write, monkeypatch):
    write(".config", plotly_api_domain=FILE)
    write(".credentials", username="alice")
    monkeypatch.setenv("PLOTLY_API_KEY", "environment-key")
    with pytest.raises(AuthError, match="needs your api_key") as refused:
        resolve()
    assert "PLOTLY_API_KEY is for no server that is named" in refused.value.hint


def test_what_is_missing_is_named():
    with pytest.raises(AuthError, match="no server that they are for") as refused:
        resolve(username="alice", api_key="secret")
    assert refused.value.field == "url"
    with pytest.raises(AuthError, match=r"other\.example\.org needs your username") as refused:
        resolve(OTHER)
    assert refused.value.field == "username"
    assert f"%plotly_grid login {OTHER} -u NAME" in refused.value.hint


def test_a_server_of_a_file_that_needs_credentials_is_told_with_the_file(write, monkeypatch):
    path = write(".config", plotly_api_domain=FILE)
    with pytest.raises(AuthError, match=r"file\.example\.org needs your username") as refused:
        resolve()
    assert f"{path} names that server" in refused.value.hint
    assert "your local service is used" in refused.value.hint
    monkeypatch.setenv("PLOTLY_API_DOMAIN", ENVIRONMENT)
    with pytest.raises(AuthError) as refused:
        resolve()
    assert "The environment variable PLOTLY_API_DOMAIN names that server" in refused.value.hint


def test_a_named_server_brings_its_address_and_user():
    servers.remember(Server("team", OTHER, "alice"))
    keys.remember(OTHER, "alice", "session-key")
    assert resolve("team") == Account(OTHER, "alice", "session-key")
    assert login_line(OTHER, "alice") == f"%plotly_grid login {OTHER} -u alice --name team"
    assert login_line(OTHER, "bob") == f"%plotly_grid login {OTHER} -u bob"


def test_a_name_that_is_unknown_is_answered_with_those_that_are():
    servers.remember(Server("team", OTHER, "alice"))
    with pytest.raises(ValidationError, match="No server is named 'taem'") as refused:
        resolve("taem")
    assert "Did you mean team?" in refused.value.hint
    with pytest.raises(ValidationError) as refused:
        resolve("charts")
    assert "team, local" in refused.value.hint


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("",), "url"),
        (("  ",), "url"),
        ((7,), "url"),
        ((OTHER, "", "hush"), "username"),
        ((OTHER, 7, "hush"), "username"),
        ((OTHER, "alice:hush", "hush"), "username"),
        ((OTHER, "alice", ""), "api_key"),
        ((OTHER, "alice", b"hush"), "api_key"),
        ((OTHER, "alice", ["hush"]), "api_key"),
    ],
)
def test_arguments_of_the_wrong_kind_are_refused_by_name_and_keys_not_repeated(arguments, field):
    with pytest.raises(ValidationError) as refused:
        resolve(*arguments)
    assert refused.value.field == field
    assert "hush" not in str(refused.value)


def test_the_local_service_takes_no_credentials():
    with pytest.raises(AuthError, match="takes no username"):
        resolve("local", "alice", "key")


def test_the_closed_cloud_is_refused_before_a_key_is_looked_for(monkeypatch):
    with pytest.raises(ServiceError, match="closed on 2025-10-31"):
        resolve("https://api.plot.ly")
    monkeypatch.setenv("PLOTLY_API_DOMAIN", "https://api.plotly.com")
    with pytest.raises(ServiceError, match="closed on 2025-10-31") as refused:
        resolve()
    assert "PLOTLY_API_DOMAIN" in refused.value.hint


def test_a_key_that_would_cross_the_network_in_clear_is_told_once(recwarn):
    with pytest.warns(PlotlyNbextWarning, match="crosses the network in clear"):
        resolve("http://charts.example.org", "alice", "key")
    recwarn.clear()
    resolve("http://charts.example.org", "alice", "key")
    resolve("http://127.0.0.1:8000", "alice", "key")
    resolve("https://charts.example.org", "alice", "key")
    assert not recwarn


def test_a_key_is_in_no_repr_and_no_traceback_that_shows_variables():
    account = Account(OTHER, "alice", "hush")
    assert "hush" not in repr(account) + repr(account.api_key)
    with pytest.raises(AuthError) as refused:
        resolve(None, "alice", "hu" + "sh")
    frames = traceback.TracebackException.from_exception(refused.value, capture_locals=True)
    ours = [frame for frame in frames.stack if "/plotly_nbext/accounts/" in frame.filename]
    assert ours
    assert "hush" not in "".join(str(frame.locals) for frame in ours)
