"""The files of this machine's user, damaged anywhere: our own errors, or what is readable of them.

``~/.plotly``, the list of servers, the state of the local service, exports with their journals,
folders of Chart Studio's files, ``pyproject.toml``; and what people write: addresses, paths, lines.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil

import msgspec
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from plotly_nbext.accounts import addresses, keys, resolve, servers, sources
from plotly_nbext.client.paths import check_steps, checked_path, is_fid, split_path
from plotly_nbext.errors import PlotlyNbextError
from plotly_nbext.moving import export_to, import_from
from plotly_nbext.moving.chart_studio_files import as_export
from plotly_nbext.moving.manifest import (
    MANIFEST,
    Manifest,
    read_lines,
    read_manifest,
    write_manifest,
)
from plotly_nbext.moving.record import Record
from plotly_nbext.moving.report import Report
from plotly_nbext.notebook.magics import defaults
from plotly_nbext.notebook.magics.line import split, unquote
from plotly_nbext.service import private
from plotly_nbext.service.probe import answers
from plotly_nbext.service.state import ServiceInfo, read_state

from .changes import ODD_TEXTS, changed_bytes, changed_json, examples, json_text

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.filterwarnings("ignore::plotly_nbext.errors.PlotlyNbextWarning"),
]

CONFIG = {
    "plotly_domain": "https://plotly.com",
    "plotly_api_domain": "https://charts.example.org",
    "plotly_ssl_verification": True,
    "plotly_proxy_authorization": True,
    "world_readable": True,
    "sharing": "public",
}
CREDENTIALS = {
    "username": "alice",
    "api_key": "secret-key",
    "proxy_username": "p",
    "proxy_password": "secret-pass",
    "stream_ids": ["a"],
}
SERVERS = {
    "servers": [
        {"name": "w", "url": "https://w.example.org", "username": "alice", "keyring": False},
        {"name": "", "url": "http://127.0.0.1:9", "username": "b"},
    ]
}
STATE = {
    "url": "http://127.0.0.1:9",
    "pid": 1,
    "version": "1.0",
    "api_key": "secret-key",
    "proof": "secret-proof",
    "username": "local",
    "allowed_hosts": ["a.example"],
}


def damaged(sample):
    """Change what a file holds: as JSON, or as bytes."""
    text = json.dumps(sample).encode()
    return changed_json([sample]).map(json_text) | changed_bytes([text])


@pytest.fixture(autouse=True)
def _nothing_known(tmp_path, monkeypatch):
    for name in ("PLOTLY_API_DOMAIN", "PLOTLY_USERNAME", "PLOTLY_API_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("PLOTLY_NBEXT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PLOTLY_DIR", str(tmp_path))
    monkeypatch.setattr(keys, "_known", {})
    monkeypatch.setattr(sources, "_said", set())


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    with private.create(path) as file:
        file.write(content)


def or_our_error(call, *arguments, **options):
    """Call what may refuse, in our own words that have no secret in them."""
    try:
        return call(*arguments, **options)
    except PlotlyNbextError as error:
        told = f"{error}{error!r}{error.__cause__}{error.__context__}"
    assert "secret-" not in told, told
    return None


@examples(2)
@given(config=damaged(CONFIG), credentials=damaged(CREDENTIALS))
def test_chart_studio_s_settings_are_read_or_refused(tmp_path, capsys, config, credentials):
    put(tmp_path / ".config", config)
    put(tmp_path / ".credentials", credentials)
    account = or_our_error(resolve)
    assert "secret-" not in repr(account)
    captured = capsys.readouterr()
    assert "secret-" not in captured.out + captured.err


@examples(2)
@given(damaged(SERVERS))
def test_the_list_of_servers_is_read_or_refused(tmp_path, content):
    put(tmp_path / "home" / servers.FILE_NAME, content)
    or_our_error(servers.all_servers)
    servers.at("https://w.example.org")
    or_our_error(resolve, "w", None, "secret-key")
    put(tmp_path / "home" / servers.FILE_NAME, content)
    or_our_error(servers.remember, servers.Server("n", "https://n.example.org", "n"))


@examples(2)
@given(damaged(STATE))
def test_the_state_of_the_local_service_is_read_or_there_is_none(tmp_path, content):
    put(tmp_path / "service.json", content)
    info = read_state(tmp_path)
    if info is None:
        return
    assert isinstance(info, ServiceInfo)
    assert info.pid > 0
    assert "secret-" not in repr(info)
    if "127.0.0.1:9" in info.url or not info.url.startswith("http"):
        assert not answers(info)  # nobody listens there


@examples(2)
@given(st.one_of(st.sampled_from(ODD_TEXTS), st.text(), st.from_regex(r"https?://\S{0,30}")))
def test_what_is_written_for_an_address_a_path_or_a_name_is_taken_or_refused(text):
    or_our_error(addresses.normalised, text)
    or_our_error(servers.checked_name, text)
    or_our_error(check_steps, text, "path")
    or_our_error(checked_path, None, text, "alice")
    or_our_error(resolve, text, text, text)
    assert isinstance(is_fid(text), bool)
    assert "/".join(split_path(text)).lstrip("/") == text.strip("/")


WORDS = st.lists(
    st.sampled_from(
        ["fig", "-f", "svg", "(", ")", "[", "]", "{", "}", "'", '"', '"""', "\\", "#", ";", " "]
    )
    | st.sampled_from(ODD_TEXTS)
    | st.text(max_size=5),
    max_size=12,
).map("".join)


@examples(5)
@given(WORDS)
def test_a_line_of_a_magic_is_cut_or_refused(text):
    line = or_our_error(split, text)
    for word in line.words if line else []:
        assert isinstance(unquote(word), str)


@pytest.fixture(scope="module")
def shell():
    quiet = Config()
    quiet.HistoryManager.enabled = False
    return InteractiveShell(config=quiet)


PROJECT = b"""[tool.plotly_nbext.render]
format = "svg"
width = 600
scale = 2.5

[tool.plotly_nbext.grid]
index = "no"
"""
PROJECTS = [
    PROJECT,
    b"tool = 1",
    b"[tool]\nplotly_nbext = [1]",
    b"[tool.plotly_nbext]\nrender = 1979-05-27T07:32:00Z",
    b"tool.plotly_nbext.render.format = {a = 1}",
    b"a = " + b"[" * 3_000 + b"]" * 3_000,
    b"[[tool]]\n[[tool]]",
]


@examples(2)
@given(
    changed_bytes(PROJECTS)
    | st.tuples(
        st.sampled_from(["render", "grid"]),
        st.sampled_from(["format", "width", "height", "scale", "index", "alt", "x"]),
        st.sampled_from(
            ["1", "-1", "nan", "inf", "1e400", '""', '"svg"', "[]", "{}", "true", "9" * 40]
        ),
    ).map(lambda parts: "[tool.plotly_nbext.{}]\n{} = {}".format(*parts).encode())
)
def test_the_table_of_a_project_is_read_or_passed_over(tmp_path, shell, content):
    from plotly_nbext.notebook.magics.grid import PlotlyGrid
    from plotly_nbext.notebook.magics.render import PlotlyRender

    (tmp_path / "pyproject.toml").write_bytes(content)
    with contextlib.chdir(tmp_path):
        defaults.configure({"render": PlotlyRender(shell), "grid": PlotlyGrid(shell)}, Config())


@pytest.fixture(scope="module")
def exported(tmp_path_factory, own_server):
    """An export of a folder, two grids and a plot, in each form of tables."""
    folders = []
    for tables in ("parquet", "csv"):
        client = client_of(own_server)
        frame = pd.DataFrame({"x": [1, None, 3], "y": ["a", "b", None], "z": [[1], {"k": 2}, 0]})
        grid = client.push(frame, "a/grid")
        client.push(frame.head(0), "empty")
        client.push_plot({"data": [{"ysrc": grid["x"].src}], "layout": {}}, "a/plot")
        folder = tmp_path_factory.mktemp("exported") / tables
        export_to(folder, client, format=tables, progress=False)
        folders.append(folder)
    return folders


def client_of(watched):
    from plotly_nbext.accounts import Account
    from plotly_nbext.client import Client

    user = watched.own.user()
    return Client(lambda: Account(user.url, user.username, user.api_key))


def write_signed(folder, content):
    """Write a manifest with the checksum that its content has, if it is one; as it is, else."""
    try:
        write_manifest(folder, msgspec.convert(content, Manifest))
    except (ValueError, TypeError, RecursionError):
        (folder / MANIFEST).write_bytes(json_text(content))


@examples(1)
@given(st.data())
def test_the_manifest_of_an_export_is_read_or_refused(exported, own_server, tmp_path, data):
    """Whoever changes one can make its checksum right again."""
    folder = tmp_path / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(data.draw(st.sampled_from(exported)), folder)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    content = data.draw(changed_json([manifest]))
    write_signed(folder, content)
    or_our_error(read_manifest, folder)
    client = client_of(own_server)
    or_our_error(import_from, folder, client, skip_damaged=True, progress=False)


@examples(0.6)
@given(st.data())
def test_the_tables_and_figures_of_an_export_are_read_or_refused(
    exported, own_server, tmp_path, data
):
    """Whoever changes one can make its checksum right again."""
    folder = tmp_path / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(data.draw(st.sampled_from(exported)), folder)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    entries = [entry for entry in manifest["files"] if entry["filetype"] != "fold"]
    entry = data.draw(st.sampled_from(entries))
    file = folder / entry["stored"]["file"]
    content = data.draw(changed_bytes([file.read_bytes()]))
    file.write_bytes(content)
    entry["stored"] |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    write_signed(folder, manifest)
    assert read_manifest(folder)
    client = client_of(own_server)
    or_our_error(import_from, folder, client, progress=False)


LINES = [
    b'{"old": "a:1", "new": "b:2", "path": ["x"], "state": "s", "uids": {"e3a9dd": "13df20"}}\n',
    b"\n\n",
    b"{",
]


@examples(2)
@given(changed_bytes(LINES))
def test_the_record_of_an_import_is_read_as_far_as_it_can_be(tmp_path, own_server, content):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(content)
    read_lines(path)
    record = Record("id", client_of_known(own_server), "")
    record._file.write_bytes(content)
    Record("id", client_of_known(own_server), "").get("a:1")


def client_of_known(watched):
    from plotly_nbext.accounts import Account
    from plotly_nbext.client import Client

    return Client(lambda: Account(watched.url, watched.api.username, watched.api.api_key))


CHART_STUDIO = [
    {"cols": {"x": {"data": [1, "a", None], "order": 0, "uid": "e3a9dd"}}, "metadata": {"a": 1}},
    {"data": [{"xsrc": "alice:1:e3a9dd", "x": [1]}], "layout": {"title": "t"}},
]


@examples(1)
@given(st.lists(changed_json(CHART_STUDIO).map(json_text) | changed_bytes([b"a,b\n1,2\n"])))
def test_a_folder_of_chart_studio_s_files_is_read_or_refused(tmp_path, files):
    source, target = tmp_path / "source", tmp_path / "target"
    for folder in (source, target):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    for number, content in enumerate(files):
        ending = "csv" if number % 3 == 2 else "json"
        (source / f"{number}.{ending}").write_bytes(content)
    report = Report("imported")
    or_our_error(as_export, source, target, report)
    if (target / MANIFEST).exists():
        assert read_manifest(target)
