"""How the database's password comes to a server, which no list of processes may show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plotly_nbext import cli
from plotly_nbext.cli_location import PASSWORD_FILE_VARIABLE, URL_VARIABLE, location

URL = "postgresql+psycopg://plotly@db:5432/plotly"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def located(*options: str) -> Path | str:
    return location(cli._parser().parse_args(["serve", *options]))


def test_the_environment_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_VARIABLE, URL)
    assert located() == URL
    assert located("--database-url", URL + "2") == URL + "2"


def test_a_folder_that_is_named_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(URL_VARIABLE, URL)
    assert located("--data", str(tmp_path)) == tmp_path.resolve()


def test_a_password_of_any_characters_comes_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from sqlalchemy import make_url

    (tmp_path / "password").write_text("p@ss/word: 100%\n")
    monkeypatch.setenv(URL_VARIABLE, URL)
    monkeypatch.setenv(PASSWORD_FILE_VARIABLE, str(tmp_path / "password"))
    assert make_url(str(located())).password == "p@ss/word: 100%"


@pytest.mark.parametrize(
    ("url", "file", "words"),
    [
        ("postgresql+psycopg://plotly:secret@db/plotly", "there", "another"),
        ("postgresql+psycopg://db/plotly?user=plotly&password=secret", "there", "another"),
        ("postgresql+psycopg://127.0.0.1:1/plotly?password=secret", "", "can't be used"),
        ("postgresql+psycopg://plotly:secret@127.0.0.1:1/plotly", "", "can't be used"),
        ("postgresql+psycopg://plotly@db:secret/plotly", "", URL_VARIABLE),
        (URL, "nothing", "is empty"),
        (URL, "missing", "can't be read"),
        ("secret", "", URL_VARIABLE),
        ("sqlite:///secret.db", "", "--data"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(
    environment: pytest.MonkeyPatch, capsys: Any, url: str, file: str, words: str
) -> None:
    Path("there").write_text("other")
    Path("nothing").write_text("\n")
    environment.setenv(URL_VARIABLE, url)
    environment.setenv(PASSWORD_FILE_VARIABLE, file)
    assert cli.main(["user", "list"]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "secret" not in said
