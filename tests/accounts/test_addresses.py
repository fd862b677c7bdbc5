"""Addresses as users write them."""

from __future__ import annotations

import pytest

from plotly_nbext import AuthError, ServiceError, ValidationError
from plotly_nbext.accounts.addresses import is_loopback, normalised, refuse_closed


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://charts.example.org", "https://charts.example.org"),
        ("HTTPS://Charts.Example.org./v2/", "https://charts.example.org"),
        ("charts.example.org", "https://charts.example.org"),
        ("charts.example.org:443/", "https://charts.example.org"),
        ("https://charts.example.org:8443//plotly//v2", "https://charts.example.org:8443/plotly"),
        ("http://charts.example.org:80", "http://charts.example.org"),
        ("localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_one_server_has_one_address_however_it_is_written(written, read):
    assert normalised(written) == read
    assert normalised(read) == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ftp://charts.example.org", "begins with ftp://"),
        ("https://", "no server's address"),
        ("https://charts example.org", "no server's address"),
        ("https://charts.example.org:port", "no server's address"),
        ("https://charts.example.org:99999", "no server's address"),
        ("https://[::1", "no server's address"),
        ("https://charts..example.org", "a part of its host is empty or too long"),
        (f"https://{'a' * 64}.example.org", "a part of its host is empty or too long"),
        ("https://charts.example.org/?a=1", "query or a fragment"),
        ("https://charts.example.org/#top", "query or a fragment"),
    ],
)
def test_what_is_no_address_is_refused_with_one_that_is(written, said):
    with pytest.raises(ValidationError, match=said) as refused:
        normalised(written)
    assert refused.value.field == "url"
    assert "https://charts.example.org" in refused.value.hint


@pytest.mark.parametrize("written", ["https://alice:hush@example.org", "alice:hush@example.org"])
def test_a_password_in_an_address_is_refused_without_being_repeated(written):
    with pytest.raises(AuthError, match="holds a name or password") as refused:
        normalised(written)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "written",
    [
        "https://charts.example.org/~alice/1?share_key=hush",
        "ftp://charts.example.org/?api_key=hush",
        "https://charts.example.org alice hush",
        "https://charts.example.org:hush",
        "alice:hush",
    ],
)
def test_what_may_be_a_key_behind_an_address_is_not_repeated(written):
    with pytest.raises(ValidationError) as refused:
        normalised(written)
    assert "hush" not in str(refused.value)
    assert refused.value.__context__ is None


@pytest.mark.parametrize(
    "written",
    [
        "https://api.plot.ly/v2",
        "chart-studio.plotly.com.",
        "http://api.plotly.com:443",
        "plot.ly",
        "https://plotly.com/",
    ],
)
def test_the_closed_cloud_is_known_in_any_spelling(written):
    with pytest.raises(ServiceError, match="closed on 2025-10-31"):
        refuse_closed(normalised(written))


def test_others_are_not_taken_for_the_closed_cloud():
    refuse_closed(normalised("https://plotly.com.example.org"))


def test_this_machine_is_told_from_others():
    assert all(map(is_loopback, ("http://127.0.0.2:8", "http://[::1]:8", "http://localhost")))
    assert not any(map(is_loopback, ("http://10.0.0.1", "http://localhost.example.org")))
