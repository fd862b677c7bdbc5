"""What a notebook shows of hostile names, cells and figures, and what its pages ask of a kernel.

A kernel never reads a notebook's outputs or the state that is stored of widgets: what was tampered
with there reaches it as messages of a page alone.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pandas as pd
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from plotly_nbext import GridView
from plotly_nbext.client.image import Image
from plotly_nbext.notebook.captions import alt_text, file_stem, title_of
from plotly_nbext.notebook.html_files import figure_file, grid_file
from plotly_nbext.notebook.tables import Head, html_table, text_table

from .changes import ODD, ODD_TEXTS, changed_json, examples
from .test_hostile_frames import OwnError, figures
from .test_own_files import client_of

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.filterwarnings("ignore::plotly_nbext.errors.PlotlyNbextWarning"),
]

MARKUP = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "&lt;script&gt;",
    "&#x3c;img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "<scr\0ipt>",
    "$\\unicode{}$",
    "\\(\\href{javascript:alert(1)}{x}\\)",
    "\n\n<script>",
    "</SCRIPT >",
    "<!--<script>",
]
TEXTS = st.sampled_from(MARKUP) | st.sampled_from(ODD_TEXTS) | st.text(max_size=20)
OWN_TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "h1",
        "ul",
        "li",
        "span",
        "main",
        "div",
        "table",
        "caption",
        "b",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "small",
        "br",
        "p",
        "script",
        "img",
    ]
)


class Read(HTMLParser):
    """The tags of a page, and what its scripts hold."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.scripts = [], []
        self._script = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert tag in OWN_TAGS, tag
        for name, value in attrs:
            assert not name.startswith("on"), (tag, attrs)
            assert name not in {"href", "srcdoc", "action"}, (tag, attrs)
            assert "javascript:" not in (value or "") or name == "alt", (tag, attrs)
        self.tags.append(tag)
        if tag == "script":
            self._script = dict(attrs), ""

    def handle_data(self, data):
        if self._script:
            self._script = self._script[0], self._script[1] + data

    def handle_endtag(self, tag):
        if tag == "script":
            self.scripts.append(self._script)
            self._script = None


@examples(3)
@given(TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=3), st.integers(0, 3), st.data())
def test_no_name_and_no_cell_becomes_markup(title, heads, rows, data):
    heads = [Head(name, word, data.draw(st.sampled_from(["text", "int"]))) for name, word in heads]
    cells = st.lists(TEXTS | st.none(), min_size=rows, max_size=rows)
    texts = [data.draw(cells) for _ in heads]
    table = html_table(title, heads, texts, rows + 5)
    assert "\n\n" not in table
    assert "script" not in Read(table).tags
    assert isinstance(text_table(heads, texts, rows), str)
    try:
        page = grid_file(title, heads, texts, rows)
    except ValueError:
        assert "\\ud" in repr([title, heads, texts])  # half a pair, as no name and no cell has
        return
    read = Read(page)
    kinds = [attributes.get("type") for attributes, _ in read.scripts]
    assert kinds.count("module") == 1
    assert set(kinds) == {"module", "application/json", "text/plain"}
    told = [json.loads(text) for kind, text in read.scripts if kind.get("class") == "grid-column"]
    assert told == texts


@examples(3)
@given(figures())
def test_any_figure_has_words(figure):
    for words in (alt_text, file_stem, title_of):
        try:
            words(figure).encode()
        except OwnError:
            continue
    assert "/" not in file_stem(figure)


@examples(0.3)
@given(TEXTS, TEXTS, changed_json([{"data": [{"y": [1], "name": "n"}], "layout": {"title": "t"}}]))
def test_no_text_of_a_figure_becomes_markup(title, alt, figure):
    image = Image(b"\x89PNG", "image/png", "png", 1, 1, 1.0)
    figure = figure if isinstance(figure, dict) else {"data": [{"name": title}], "layout": {}}
    try:
        page = figure_file(title, image, alt, figure)
    except ValueError:
        return  # which JSON has no form for
    page = page.replace("\x00", "")
    head, _, rest = page.partition('<script type="application/json"')
    Read(head)
    held = rest.partition("</script>")[0]
    assert "<" not in held.partition(">")[2]


MESSAGES = {
    "_rows": {"start": 0, "stop": 2, "columns": [0, 1]},
    "_cell": {"row": 0, "column": 0},
    "_set": {"row": 0, "column": 0, "text": "5"},
    "_clear": {"rows": [0, 1], "columns": [0, 1]},
    "_fill": {"rows": [0, 2], "columns": [0, 1]},
    "_paste": {"row": 0, "column": 0, "text": "1\t2\n3\t4", "rows": [0, 2], "columns": [0, 2]},
    "_copy": {"rows": [0, 2], "columns": [0, 2], "header": True},
    "_insert_rows": {"at": 1, "count": 2},
    "_delete_rows": {"rows": [0, 1]},
    "_rename": {"column": 0, "name": "n"},
    "_move": {"column": 0, "to": 1},
    "_add_column": {"name": "n", "kind": "text", "at": 0},
    "_delete_columns": {"columns": [0, 1]},
    "_undo": {},
    "_redo": {},
    "_arrange": {
        "sort": [{"column": "{uid}", "descending": True}],
        "filters": [{"column": "{uid}", "op": "contains", "value": "a"}],
    },
    "_find": {"text": "a", "row": 0, "column": "{uid}", "backwards": True, "more": None},
    "_summary": {"column": 0},
    "_save": {"force": "rebase"},
    "_revert": {},
    "_refresh": {},
}
NUMBERS = st.sampled_from([-1, 0, 1, 2, 3, 10**6, 2**31, 2**53, 2**63, -(2**63), 10**30, 0.5, True])


@pytest.fixture(scope="module")
def view(own_server):
    frame = pd.DataFrame({"x": [1, 2, None], "y": ["a", "b", None], "z": [[1], {"a": 2}, 0]})
    return GridView(client_of(own_server).push(frame, "shown"))


@st.composite
def messages(draw, sample):
    """Change a message; more often than not only its numbers."""
    if draw(st.booleans()):
        return draw(changed_json([sample]))
    changed = {**sample}
    for name, value in sample.items():
        if isinstance(value, int) and draw(st.booleans()):
            changed[name] = draw(NUMBERS)
        elif isinstance(value, list) and value and isinstance(value[0], int):
            changed[name] = [draw(NUMBERS | st.just(item)) for item in value]
    return changed


@examples(4)
@given(st.data())
def test_nothing_that_a_page_asks_for_breaks_a_view(view, caplog, data):
    name = data.draw(st.sampled_from([*MESSAGES]))
    message = data.draw(messages(MESSAGES[name]))
    uid = view._sheet.draft.columns[0].uid if view._sheet.draft.columns else "none"
    try:
        message = json.loads(json.dumps(message).replace("{uid}", uid))
    except TypeError:
        return
    answer, buffers = getattr(view, name)(message, [])
    assert isinstance(answer["ok"], bool)
    json.dumps(answer)
    assert buffers == []
    still_shown(view)


@examples(1)
@given(
    st.sampled_from(["arrangement", "selection", "widths", "read_only", "view", "columns", "head"]),
    st.sampled_from(ODD) | changed_json([{"rows": [0, 1], "columns": [0, 1]}]),
)
def test_no_state_that_a_page_has_kept_breaks_a_view(view, name, value):
    try:
        json.dumps(value)
    except TypeError:
        return
    try:
        view.set_state({name: value})
    except traitlets.TraitError:
        pass
    finally:
        view.set_state({"read_only": False})
    still_shown(view)


def still_shown(view):
    """See that the rows are there, whatever was done to them."""
    answer, _ = view._rows({"start": 0, "stop": 3}, [])
    assert answer["ok"], answer
    undone, _ = view._revert({}, [])
    assert undone["ok"], undone
