"""Which server is talked to, from what users set and from what Chart Studio left behind."""

from __future__ import annotations

import json

import pytest

from plotly_nbext import AuthError, PlotlyNbextError, settings


@pytest.fixture(autouse=True)
def nothing_set(tmp_path, monkeypatch):
    for name in ("PLOTLY_API_DOMAIN", "PLOTLY_USERNAME", "PLOTLY_API_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("PLOTLY_DIR", str(tmp_path))
    monkeypatch.setattr(settings, "_noticed", set())


def write(folder, name, **content):
    (folder / name).write_text(json.dumps(content))


def test_without_any_server_the_local_service_is_meant():
    assert settings.configured_account() is None


def test_a_key_without_a_server_changes_nothing(tmp_path):
    write(tmp_path, ".credentials", username="alice", api_key="secret")
    assert settings.configured_account() is None


def test_arguments_come_before_environment_before_files(tmp_path, monkeypatch):
    write(tmp_path, ".config", plotly_api_domain="https://files.example.org")
    write(tmp_path, ".credentials", username="from-files", api_key="files-key")
    account = settings.configured_account()
    assert account == settings.Account("https://files.example.org", "from-files", "files-key")
    monkeypatch.setenv("PLOTLY_API_DOMAIN", "environment.example.org/")
    monkeypatch.setenv("plotly_username", "from-environment")
    account = settings.configured_account(api_key="given")
    assert account == settings.Account(
        "https://environment.example.org", "from-environment", "given"
    )


def test_what_is_missing_is_named():
    with pytest.raises(AuthError, match="no server that they are for") as refused:
        settings.configured_account(username="alice", api_key="secret")
    assert refused.value.field == "url"
    with pytest.raises(AuthError, match=r"example\.org needs your username") as refused:
        settings.configured_account("https://example.org")
    assert refused.value.field == "username"
    assert "PLOTLY_USERNAME" in str(refused.value)


def test_a_server_of_a_file_that_needs_credentials_is_told_with_the_file(tmp_path, monkeypatch):
    write(tmp_path, ".config", plotly_api_domain="https://example.org")
    with pytest.raises(AuthError, match=r"example\.org needs your username") as refused:
        settings.configured_account()
    assert f"{tmp_path / '.config'} names that server" in refused.value.hint
    assert "your local service is used" in refused.value.hint
    monkeypatch.setenv("PLOTLY_API_DOMAIN", "https://example.net")
    with pytest.raises(AuthError) as refused:
        settings.configured_account()
    assert "The environment variable PLOTLY_API_DOMAIN names that server" in refused.value.hint


def test_the_closed_cloud_in_an_old_file_is_passed_over_with_one_notice(tmp_path):
    write(tmp_path, ".config", plotly_api_domain="https://api.plotly.com")
    with pytest.warns(UserWarning, match="closed on 2025-10-31"):
        assert settings.configured_account() is None
    assert settings.configured_account() is None


def test_a_broken_file_is_passed_over_without_quoting_it(tmp_path):
    (tmp_path / ".credentials").write_text('{"api_key": "secret"')
    with pytest.warns(UserWarning, match=r"\.credentials can't be read") as caught:
        assert settings.configured_account() is None
    assert "secret" not in str(caught[0].message)


def test_a_key_is_in_no_repr():
    assert "secret" not in repr(settings.Account("https://example.org", "alice", "secret"))


def test_the_state_folder_is_the_user_s_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path / "deep" / "state"))
    assert settings.home().stat().st_mode & 0o777 == 0o700


def test_a_state_folder_that_cannot_be_made_says_how_to_name_another(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path / "file" / "state"))
    with pytest.raises(PlotlyNbextError, match="PLOTLY_NBEXT_HOME"):
        settings.home()
