"""What the files of Chart Studio's clients say, and what is said of them."""

from __future__ import annotations

import warnings

import pytest

from plotly_nbext import PlotlyNbextWarning, ValidationError
from plotly_nbext.accounts import resolve, sources

URL = "https://charts.example.org"


@pytest.mark.parametrize(
    "domain",
    [
        "https://api.plotly.com",
        "https://api.plot.ly/v2",
        "chart-studio.plotly.com.",
        "HTTPS://Plot.ly/",
    ],
)
def test_the_closed_cloud_in_an_old_file_is_passed_over_with_one_notice(write, domain):
    write(".config", plotly_api_domain=domain)
    write(".credentials", 0o644, username="alice", api_key="secret")
    with pytest.warns(PlotlyNbextWarning, match="closed on 2025-10-31") as told:
        assert resolve() is None
    assert len(told) == 1  # a key that is good for nothing is nobody's worry
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert resolve() is None


def test_the_address_of_web_pages_is_not_taken_for_that_of_the_api(write):
    write(".config", plotly_domain=URL)
    assert sources.files().url is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"api_key": "secret"', "line 1 column"),
        ("[]", "no object"),
        ("\udcff", "UTF-8"),
        ('"secret"', "no object"),
        ("[" * 100_000, "nested|line 1"),
    ],
)
def test_a_broken_file_is_passed_over_without_quoting_it(write, content, said):
    path = write(".credentials")
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.warns(PlotlyNbextWarning, match=said) as told:
        assert resolve() is None
    assert str(path) in str(told[0].message)
    assert "secret" not in str(told[0].message)


def test_a_folder_in_place_of_a_file_is_passed_over(tmp_path):
    (tmp_path / "plotly" / ".config").mkdir(parents=True)
    with pytest.warns(PlotlyNbextWarning, match="directory"):
        assert resolve() is None


def test_a_key_that_others_can_read_is_told_once_with_the_command_that_mends_it(write):
    write(".config", plotly_api_domain=URL)
    path = write(".credentials", 0o640, username="alice", api_key="secret")
    with pytest.warns(PlotlyNbextWarning, match=f"Run: chmod 600 {path}") as told:
        assert resolve().api_key == "secret"
    assert len(told) == 1
    path.chmod(0o600)
    sources._said.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        resolve()


def test_a_configuration_that_others_can_change_is_told(write):
    path = write(".config", 0o666, plotly_api_domain=URL)
    write(".credentials", username="alice", api_key="secret")
    with pytest.warns(PlotlyNbextWarning, match=f"can be changed .* chmod 600 {path}"):
        resolve()


def test_values_of_other_kinds_are_passed_over_and_named(write):
    path = write(".config", plotly_api_domain=URL, plotly_ssl_verification="false")
    write(".credentials", username="alice", api_key="secret")
    with pytest.warns(PlotlyNbextWarning, match="plotly_ssl_verification in .* true or false") as t:
        assert resolve().verify is True
    assert str(path) in str(t[0].message)
    write(".credentials", username="alice", api_key=["secret"])
    with pytest.warns(PlotlyNbextWarning, match="api_key in .* text") as told:
        assert sources.files().api_key is None
    assert "secret" not in str(told[0].message)


def test_a_bad_address_is_told_with_the_place_that_has_it(write, monkeypatch):
    path = write(".config", plotly_api_domain="ftp://charts.example.org")
    with pytest.raises(ValidationError, match=f"plotly_api_domain in {path}: .*ftp://"):
        resolve()
    monkeypatch.setenv("PLOTLY_API_DOMAIN", "https://charts example.org")
    with pytest.raises(ValidationError, match="environment variable PLOTLY_API_DOMAIN: "):
        resolve()


def test_certificates_go_unchecked_for_the_server_of_the_file_alone(write):
    write(".config", plotly_api_domain=URL, plotly_ssl_verification=False)
    write(".credentials", username="alice", api_key="secret")
    with pytest.warns(PlotlyNbextWarning, match="turns off plotly_ssl_verification"):
        assert resolve().verify is False
    assert resolve("https://other.example.org", "alice", "key").verify is True


def test_the_proxy_is_told_its_password_on_the_way_to_the_server_of_the_file_alone(write):
    write(".config", plotly_api_domain=URL, plotly_proxy_authorization=True)
    proxy = {"proxy_username": "p", "proxy_password": "hush"}
    write(".credentials", username="alice", api_key="secret", **proxy)
    account = resolve()
    assert account.proxy == ("p", "hush")
    assert "hush" not in repr(account) + repr(account.proxy)
    assert resolve("https://other.example.org", "alice", "key").proxy is None
    write(".credentials", username="alice", api_key="secret")
    with pytest.warns(PlotlyNbextWarning, match="lacks proxy_username or proxy_password"):
        assert resolve().proxy is None


def test_what_chart_studio_would_have_made_public_stays_private(write, server, monkeypatch):
    import pandas as pd

    import plotly_nbext
    from plotly_nbext import api

    monkeypatch.setattr(api, "_current", None)
    write(".config", plotly_api_domain=server.url, world_readable=True, sharing="public")
    write(".credentials", username=server.username, api_key=server.api_key)
    grid = plotly_nbext.push(pd.DataFrame({"x": [1]}), "stays private")
    assert grid.world_readable is False
