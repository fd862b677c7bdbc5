"""The pages of files over HTTP: who gets them, what guards them, and the data behind them."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import threading
import time
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
import requests
from PIL import Image

from .conftest import Api

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
BROWSER = {"Accept": ACCEPT, "Sec-Fetch-Mode": "navigate"}

# ends strings, attributes and elements, whichever it stands in
HOSTILE = "\"'><script src=/x></script><img onerror=alert(1)>{{1234567*7}}</title>&amp;"


class Document(HTMLParser):
    """What a page holds, as a browser reads it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.data: dict[str, object] = {}
        self._id = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        is_data = tag == "script" and dict(attrs).get("type") == "application/json"
        self._id = dict(attrs)["id"] if is_data else None

    def handle_data(self, data):
        if self._id is None:
            self.text += data
        else:
            self.data[self._id] = json.loads(data)
            self._id = None

    def attributes(self, tag: str, name: str) -> list[str]:
        return [
            attrs[name] or "" for found, attrs in self.elements if found == tag and name in attrs
        ]

    @property
    def links(self) -> list[str]:
        return self.attributes("a", "href")


def page_of(file: dict) -> str:
    """Give the path of a file's page as the API tells it."""
    path = urlsplit(file["web_url"]).path
    assert path.endswith("/")
    return path


def opened(caller: Api, path: str, status: int = 200, **options) -> requests.Response:
    """Open an address as a browser does."""
    return caller.expect(status, "GET", path, headers=BROWSER, **options)


def document(caller: Api, path: str, **options) -> Document:
    return Document(opened(caller, path, **options).text)


@pytest.fixture
def grid(api):
    return api.grid({"x": [1, 2], "y": ["a", None]}, filename="sales", world_readable=True)


@pytest.fixture
def plot(api):
    return api.plot(filename="chart", world_readable=True)


# who gets it

FORMS = {"grid": ["/", ".embed", ".csv", ".json"], "plot": ["/", ".embed", ".json", ".png"]}


@pytest.mark.parametrize("kind", FORMS)
def test_who_gets_a_page_and_who_is_asked_for_a_key(kind, api, other, anonymous):
    make = getattr(api, kind)
    files = {
        "private": make(),
        "public": make(world_readable=True),
        "shared": make(share_key_enabled=True),
        "trashed": make(world_readable=True),
    }
    api.expect(200, "POST", f"/v2/files/{files['trashed']['fid']}/trash")
    places = {name: page_of(file)[:-1] for name, file in files.items()}
    places["missing"] = f"/~{api.username}/999"
    places["of nobody"] = "/~nobody-at-all/0"
    key = {"share_key": files["shared"]["share_key"]}
    stranger_with_wrong_key = Api(api.url, api.username, "wrong")

    for form in FORMS[kind]:
        for name, place in places.items():
            seen = {"private": name in {"private", "public", "shared"}, "public": name == "public"}
            address = place + form
            api.expect(200 if seen["private"] else 404, "GET", address)
            opened(api, address, 200 if seen["private"] else 404)
            other.expect(200 if seen["public"] else 404, "GET", address)
            opened(other, address, 200 if seen["public"] else 404)
            anonymous.expect(200 if seen["public"] else 404, "GET", address)
            opened(anonymous, address, 200 if seen["public"] else 401)
            with_key = seen["public"] or name == "shared"
            anonymous.expect(200 if with_key else 404, "GET", address, params=key)
            opened(anonymous, address, 200 if with_key else 404, params=key)
            opened(anonymous, address, 200 if seen["public"] else 404, params={"share_key": "x"})
            opened(stranger_with_wrong_key, address, 401)


def test_a_challenge_tells_nothing_of_what_is_there(api, anonymous):
    private = page_of(api.grid())[:-1]
    answers = [
        opened(anonymous, place + form, 401)
        for place in (private, f"/~{api.username}/999", "/~nobody-at-all/0")
        for form in ("/", ".embed", ".csv", ".json", ".png")
    ]
    for answer in answers:
        answer.headers.pop("X-Request-Id")
        answer.headers.pop("Date")
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert len({answer.text for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


@pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin"])
def test_what_a_page_loads_by_itself_asks_its_reader_for_no_key(api, anonymous, mode):
    address = page_of(api.grid()) + ".json"
    headers = {"Accept": "*/*", "Sec-Fetch-Mode": mode}
    assert "WWW-Authenticate" not in anonymous.expect(404, "GET", address, headers=headers).headers


def test_refusals_are_pages_for_people_and_json_for_programs(api, other, grid):
    missing = f"/~{api.username}/999"
    answer = opened(other, missing, 404)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Not found" in Document(answer.text).text
    assert other.refused(404, "GET", missing)["code"] == "NOT_FOUND"
    assert "page must be 1 or more" in opened(api, f"/~{api.username}?page=0", 400).text
    assert api.refused(400, "GET", f"{page_of(grid)}.json?start=x")["field"] == "start"


def test_signing_in_is_asked_for_where_there_is_something_to_see_without(anonymous, api, grid):
    page = page_of(grid)
    assert "?sign_in" in document(anonymous, page).links
    assert "WWW-Authenticate" in opened(anonymous, f"{page}?sign_in", 401).headers
    signed_in = document(api, f"{page}?sign_in")
    assert "?sign_in" not in signed_in.links
    assert f"/~{api.username}/" in signed_in.links


def test_addresses_come_with_and_without_slashes(api, grid, plot):
    for file, forms in ((grid, ("embed", "csv", "json")), (plot, ("embed", "json", "png"))):
        place = page_of(file)[:-1]
        opened(api, place)
        opened(api, f"{place}//")
        for form in forms:
            content = opened(api, f"{place}.{form}").content
            assert opened(api, f"{place}/.{form}").content == content
            assert opened(api, f"{place}.{form}/").content == content


def test_a_file_has_only_the_forms_that_it_can_have(api, grid, plot):
    folder = page_of(api.folder("folder"))
    for place, forms in ((page_of(grid), ["png"]), (page_of(plot), ["csv"])):
        for form in forms:
            api.refused(404, "GET", f"{place}.{form}")
    for form in ("embed", "csv", "json", "png"):
        api.refused(404, "GET", f"{folder}.{form}")
    api.refused(404, "GET", f"{page_of(grid)}.exe")
    api.expect(405, "POST", page_of(grid))


# what guards it


def directives(response: requests.Response) -> dict[str, set[str]]:
    policy = response.headers["Content-Security-Policy"]
    parts = (part.split() for part in policy.split(";"))
    return {name: set(values) for name, *values in parts}


def every_answer(caller: Api, grid: dict, plot: dict) -> dict[str, requests.Response]:
    forms = [page_of(grid) + form for form in ("", ".embed", ".json", ".csv")]
    forms += [page_of(plot) + form for form in ("", ".embed", ".json", ".png")]
    forms += [f"/~{caller.username}/", page_of(caller.folder("folder"))]
    answers = {form: opened(caller, form) for form in forms}
    return answers | {"missing": opened(caller, "/~nobody-at-all/0", 404)}


def test_everything_is_sent_with_what_keeps_browsers_careful(api, grid, plot):
    for name, answer in every_answer(api, grid, plot).items():
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] == "no-referrer", name
        if name.endswith(".png"):  # of a public plot: the same for everyone
            assert headers["Cache-Control"] == "public, no-cache", name
        else:
            assert headers["Cache-Control"] == "private, no-cache", name
            assert "Authorization" in headers["Vary"].split(", "), name
            policy = directives(answer)
            assert policy["default-src"] == {"'none'"}, name
            for source in ("script-src", "script-src-elem", "style-src", "connect-src"):
                assert policy.get(source, set()) <= {"'self'", "'unsafe-eval'", "'unsafe-inline'"}
            assert "'unsafe-inline'" not in policy.get("script-src", set()), name


def test_a_page_runs_no_script_of_its_own_text(api, grid, plot):
    for name, answer in every_answer(api, grid, plot).items():
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for tag, attrs in Document(answer.text).elements:
            assert not any(attribute.startswith("on") for attribute in attrs), name
            assert "style" not in attrs
            assert tag != "style"
            if tag == "script" and attrs.get("type") != "application/json":
                assert urlsplit(attrs["src"]).path.startswith("/static/")
                assert not urlsplit(attrs["src"]).netloc


def test_a_figure_is_kept_apart_from_everything_else(api, plot):
    drawn = directives(opened(api, page_of(plot) + ".embed"))
    assert "allow-same-origin" not in drawn["sandbox"]
    assert "allow-top-navigation" not in drawn["sandbox"]
    assert "allow-forms" not in drawn["sandbox"]
    assert "allow-scripts" in drawn["sandbox"]
    assert "connect-src" not in drawn  # none, by default-src
    assert drawn["img-src"] == {"data:", "blob:"}
    page = document(api, page_of(plot))
    assert set(page.attributes("iframe", "sandbox")[0].split()) == drawn["sandbox"]
    assert page.attributes("iframe", "src") == [page_of(plot) + ".embed"]


def test_others_may_frame_what_is_embedded_and_nothing_else(api, grid, plot):
    for file in (grid, plot):
        assert "frame-ancestors" not in directives(opened(api, page_of(file) + ".embed"))
        assert directives(opened(api, page_of(file)))["frame-ancestors"] == {"'none'"}
    assert directives(opened(api, f"/~{api.username}/"))["frame-ancestors"] == {"'none'"}


def test_names_are_text_wherever_they_stand(api):
    name = HOSTILE.replace("/", "|")
    folder = api.folder(name)
    parent = {"parent": int(folder["fid"].split(":")[1])}
    grid = api.grid({HOSTILE: [HOSTILE]}, filename=name, **parent)
    source = f"{grid['fid']}:{grid['cols'][0]['uid']}"
    plot = api.plot({"data": [{"xsrc": source}]}, filename=f"{name}!")
    for address in (
        page_of(folder),
        page_of(grid),
        page_of(grid) + ".embed",
        page_of(plot),
        page_of(plot) + ".embed",
        f"/~{api.username}/",
    ):
        found = document(api, address)
        assert name in found.text
        assert str(1234567 * 7) not in found.text
        assert not {"img", "src"} & {tag for tag, _ in found.elements}
        assert all("/x" not in source for source in found.attributes("script", "src"))
    assert document(api, page_of(plot)).attributes("iframe", "title") == [f"{name}!"]
    [column] = document(api, page_of(grid)).data["grid-description"]["columns"]
    assert column["name"] == HOSTILE
    disposition = api.expect(200, "GET", page_of(grid) + ".csv").headers["Content-Disposition"]
    assert re.fullmatch(
        r"attachment; filename=\"[\w .()-]+\"; filename\*=UTF-8''[\w.%~-]+", disposition
    )


def test_a_figure_is_data_whatever_its_text_says(api):
    texts = [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "-->",
        "&lt;",
        "\u2028\u2029",
        "]]>",
    ]
    figure = {
        "data": [{"type": "scatter", "y": [1], "text": texts}],
        "layout": {"title": {"text": HOSTILE}},
    }
    plot = api.plot(figure)
    answer = opened(api, page_of(plot) + ".embed")
    assert Document(answer.text).data["figure"] == figure
    data = answer.text[answer.text.index('id="figure">') + len('id="figure">') :]
    assert not set("<>&\u2028\u2029") & set(data.removesuffix("</script>\n"))


# the data behind it

FORMULAS = ["=1+1", "+49", "-x", "@sum", "\tx", "\rx"]
FORMULAS += [" =1", "\n=1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\uff1d1", "\uff0b1"]


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_program_gets_csv_as_it_is_and_a_browser_gets_no_formulas(api):
    values = [*FORMULAS, "plain", "a=b", "", None, -1.5, 2, True, [1, "=x"]]
    grid = api.grid({"=name": values, "y": list(range(len(values)))}, filename="formulas")
    address = page_of(grid) + ".csv"
    texts = [*FORMULAS, "plain", "a=b", "", "", "-1.5", "2", "true", '[1,"=x"]']
    rows = [[text, str(index)] for index, text in enumerate(texts)]

    answer = api.expect(200, "GET", address)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert table(answer.content.decode()) == [["=name", "y"], *rows]
    content = api.expect(
        200, "GET", f"/v2/grids/{grid['fid']}/content", headers={"Accept": "text/csv"}
    )
    assert content.content == answer.content

    guarded = [["'" + text if text in FORMULAS else text, index] for text, index in rows]
    for headers in (BROWSER, {"Accept": ACCEPT}, {"Sec-Fetch-Mode": "navigate"}):
        saved = api.expect(200, "GET", address, headers=headers)
        assert table(saved.content.decode()) == [["'=name", "y"], *guarded]
        assert saved.headers["Content-Disposition"].startswith("attachment; ")
        assert 'filename="formulas.csv"' in saved.headers["Content-Disposition"]


def test_a_spreadsheet_that_parts_cells_at_semicolons_or_tabs_finds_no_formulas(api):
    grid = api.grid({"x": ["a;=1+1", "a\t=2"]}, filename="parted")
    saved = api.expect(200, "GET", page_of(grid) + ".csv", headers=BROWSER).content.decode()
    assert saved == '"x"\r\n"a;=1+1"\r\n"a\t=2"\r\n'


def test_a_file_that_is_named_after_its_form_keeps_its_name(api):
    grid = api.grid(filename="Köln.CSV")
    disposition = opened(api, page_of(grid) + ".csv").headers["Content-Disposition"]
    assert disposition.endswith("; filename=\"K_ln.CSV\"; filename*=UTF-8''K%C3%B6ln.CSV")


def test_json_of_a_grid_is_its_content(api, grid):
    address = page_of(grid) + ".json"
    content = api.content(grid["fid"])
    assert opened(api, address).json() == {"cols": content}
    window = api.expect(200, "GET", f"{address}?start=1&stop=2").json()["cols"]
    assert {name: col["data"] for name, col in window.items()} == {"x": [2], "y": [None]}


def test_a_browser_does_not_fetch_what_it_has(api, grid, plot):
    for address in (page_of(grid) + ".json", page_of(grid) + ".csv", page_of(plot) + ".json"):
        known = {"If-None-Match": opened(api, address).headers["ETag"]}
        assert api.expect(304, "GET", address, headers=BROWSER | known).content == b""
        # the texts of the two may differ
        if address.endswith(".csv"):
            api.expect(200, "GET", address, headers=known)
    address = page_of(grid) + ".json"
    known = {"If-None-Match": opened(api, address).headers["ETag"]}
    api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [[3, "c"]]})
    changed = api.expect(200, "GET", address, headers=BROWSER | known).json()
    assert changed["cols"]["x"]["data"] == [1, 2, 3]


def test_a_public_plot_shows_what_it_draws_and_nothing_else_of_the_grid(api, other, anonymous):
    grid = api.grid({"shown": [4, 5], "kept": [6, 7]}, filename="secret grid")
    source = f"{grid['fid']}:{grid['cols'][0]['uid']}"
    figure = {"data": [{"type": "scatter", "ysrc": source}]}
    plot = api.plot(figure, world_readable=True)
    for caller in (api, other, anonymous):
        drawn = opened(caller, page_of(plot) + ".json").json()
        assert drawn["data"] == [{"type": "scatter", "ysrc": source, "y": [4, 5]}]
        assert document(caller, page_of(plot) + ".embed").data["figure"] == drawn
    assert page_of(grid) in document(api, page_of(plot)).links
    for caller in (other, anonymous):
        page = document(caller, page_of(plot))
        assert page_of(grid) not in page.links
        assert "secret grid" not in page.text


def test_json_of_a_plot_follows_the_grid(api):
    grid = api.grid({"y": [1]})
    plot = api.plot({"data": [{"ysrc": f"{grid['fid']}:{grid['cols'][0]['uid']}"}]})
    address = page_of(plot) + ".json"
    first = opened(api, address)
    api.expect(201, "POST", f"/v2/grids/{grid['fid']}/row", json={"rows": [[2]]})
    known = {"If-None-Match": first.headers["ETag"]}
    second = api.expect(200, "GET", address, headers=BROWSER | known)
    assert [answer.json()["data"][0]["y"] for answer in (first, second)] == [[1], [1, 2]]


@pytest.mark.parametrize(
    ("layout", "query", "size"),
    [
        ({}, "", (700, 500)),
        ({"width": 320, "height": 240}, "", (320, 240)),
        ({"width": 320, "height": 240}, "?width=200&scale=2", (400, 480)),
    ],
)
def test_png_of_a_plot_is_as_large_as_it_should_be(api, anonymous, layout, query, size):
    plot = api.plot({"data": [{"y": [1, 2]}], "layout": layout}, world_readable=True)
    answer = anonymous.expect(200, "GET", page_of(plot) + f".png{query}")
    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == size
    anonymous.refused(400, "GET", page_of(plot) + ".png?width=20000")


# links and lists


@pytest.mark.parametrize("kind", ["grid", "plot"])
def test_a_share_key_goes_along_to_the_other_forms_of_its_file(kind, api, anonymous):
    folder = api.folder("private folder")
    parent = int(folder["fid"].split(":")[1])
    make = getattr(api, kind)
    file = make(share_key_enabled=True, filename="shared file", parent=parent)
    page = document(anonymous, page_of(file), params={"share_key": file["share_key"]})
    place = page_of(file)[:-1]
    linked = [link for link in page.links if place in link or file["fid"] in link]
    linked = [link for link in linked if "sign_in" not in link]
    if kind == "grid":
        linked.append(page.data["grid-description"]["address"])
    else:
        linked += page.attributes("iframe", "src")
    assert len(linked) >= 4
    for link in linked:
        assert parse_qs(urlsplit(link).query)["share_key"] == [file["share_key"]]
        opened(anonymous, link)
    others = [link for link in page.links if link not in linked]
    assert file["share_key"] not in "".join(others)
    assert "private folder" not in page.text


def test_a_folder_lists_what_its_reader_may_see(api, other):
    inner = api.folder("outer/inner")
    outer = api.expect(200, "GET", "/v2/folders/lookup?path=outer").json()
    parent = {"parent_path": "outer/inner"}
    public = api.grid(
        {"x": list(range(1234))}, filename="public grid", world_readable=True, **parent
    )
    private = api.plot(filename="private plot", **parent)
    page = document(api, page_of(inner))
    for file in (outer, public, private):
        assert page_of(file) in page.links
    assert "1,234" in page.text
    api.expect(200, "PATCH", f"/v2/files/{inner['fid']}", json={"world_readable": True})
    page = document(other, page_of(inner))
    assert page_of(public) in page.links
    assert page_of(private) not in page.links
    assert "private plot" not in page.text
    assert page_of(outer) not in page.links
    # the way up ends at a folder that is private
    assert page_of(inner) in document(other, page_of(public)).links
    assert "outer" not in document(other, page_of(public)).text


def test_a_users_page_lists_their_files(api, other, anonymous, grid):
    hidden = api.grid(filename="hidden")
    api.folder("folder")
    deep = api.grid(filename="deep", parent_path="folder", world_readable=True)
    address = f"/~{api.username}/"
    own = document(api, address)
    assert {page_of(grid), page_of(hidden)} < set(own.links)
    for caller in (other, anonymous):
        page = document(caller, address)
        assert {page_of(grid), page_of(deep)} < set(page.links)
        assert page_of(hidden) not in page.links
        assert "hidden" not in page.text


def test_that_a_user_exists_is_not_told(api, other, anonymous):
    api.grid()
    for name in (api.username, "nobody-at-all"):
        opened(anonymous, f"/~{name}/", 401)
        opened(other, f"/~{name}/", 404)
        anonymous.refused(404, "GET", f"/~{name}/")
    opened(other, f"/~{other.username}/")


def test_long_lists_are_turned_page_by_page(api):
    for index in range(101):
        api.folder(f"folder {index:03}")
    address = f"/~{api.username}/"
    first = document(api, address)
    assert "folder 099" in first.text
    assert "folder 100" not in first.text
    assert "page 1 of 2" in first.text
    [turn] = [link for link in first.links if "page=" in link]
    second = document(api, address + turn)
    assert "folder 100" in second.text
    assert "folder 099" not in second.text
    opened(api, f"{address}?page=3", 404)


# visits


def test_the_page_counts_visits_and_nothing_else_does(api, anonymous, grid):
    def views() -> int:
        return api.meta(grid["fid"])["views"]

    assert views() == 0
    for form in (".embed", ".json", ".csv"):
        opened(api, page_of(grid) + form)
    api.expect(200, "HEAD", page_of(grid))
    assert views() == 0
    opened(api, page_of(grid))
    opened(anonymous, page_of(grid))
    assert views() == 2


@pytest.mark.sqlite
def test_a_page_is_shown_while_its_visit_can_not_be_counted(api, grid, server):
    writer = sqlite3.connect(server.data / "grids.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        start = time.monotonic()
        assert "sales" in opened(api, page_of(grid)).text
        assert time.monotonic() - start < 5
    finally:
        writer.execute("ROLLBACK")
        writer.close()


@pytest.mark.sqlite
def test_all_visits_count_that_come_while_none_can_be_counted(api, anonymous, server, grid):
    """And a server on which nothing can be written has a thread waiting for it, not one a visit."""
    [process] = [
        psutil.Process(connection.pid)
        for connection in psutil.net_connections("tcp")
        if connection.status == "LISTEN" and connection.laddr.port == urlsplit(server.url).port
    ]
    writer = sqlite3.connect(server.data / "grids.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        for _ in range(4):
            opened(anonymous, page_of(grid))
        threads = process.num_threads()
        for _ in range(8):
            opened(anonymous, page_of(grid))
        assert process.num_threads() <= threads + 1
    finally:
        writer.execute("ROLLBACK")
        writer.close()
    deadline = time.monotonic() + 30
    while api.meta(grid["fid"])["views"] < 12 and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert api.meta(grid["fid"])["views"] == 12


# what pages stand on


@pytest.mark.parametrize("headers", [BROWSER, {}])
def test_who_comes_to_the_bare_address_is_shown_what_is_here(anonymous, headers):
    answer = anonymous.expect(307, "GET", "/", headers=headers)
    page = anonymous.expect(200, "GET", answer.headers["Location"], headers=headers)
    assert "/v2/grids" in Document(page.text).text


def test_what_a_page_needs_is_kept_for_good_under_its_own_address(api, plot):
    page = document(api, page_of(plot) + ".embed")
    needed = page.attributes("script", "src") + page.attributes("link", "href")
    assert any("plotly" in address for address in needed)
    assert any(address.endswith(".css") for address in needed)
    for address in needed:
        for coding in ("gzip", "identity"):
            answer = requests.get(
                api.url + address, headers={"Accept-Encoding": coding}, timeout=30
            )
            assert answer.status_code == 200
            assert answer.headers.get("Content-Encoding", "identity") == coding
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Type"].split(";")[0] in {"text/css", "text/javascript"}
    digest = needed[0].split("/")[2]
    stale = needed[0].replace(digest, "0" * len(digest))
    assert requests.get(api.url + stale, timeout=30).status_code == 404
    assert (
        requests.get(f"{api.url}/static/{digest}/..%2f__init__.py", timeout=30).status_code == 404
    )


def test_files_that_tell_nothing_are_open_to_the_sandbox_of_a_figure_and_nothing_else_is(api, plot):
    script = document(api, page_of(plot) + ".embed").attributes("script", "src")[0]
    api.expect(200, "GET", script, headers={"Origin": "null"})
    for address in (page_of(plot), page_of(plot) + ".json", "/v2/users/current", "/healthz"):
        api.expect(403, "GET", address, headers={"Origin": "null"})
    api.expect(403, "GET", script, headers={"Host": "example.org"})
