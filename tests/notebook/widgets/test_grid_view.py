"""GridView without a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from plotly_nbext.errors import NotFoundError
from plotly_nbext.notebook.widgets import GridView

if TYPE_CHECKING:
    from plotly_nbext.client import Client

FRAME = pd.DataFrame({"month": ["2026-01", "2026-02"], "sold": [12, None]})


@pytest.fixture
def view(client: Client) -> GridView:
    return GridView(client.push(FRAME, "sales/2026"))


def ask(view: GridView, start: int, stop: int) -> Any:
    answer, buffers = view._rows({"start": start, "stop": stop}, [])
    assert buffers == []
    return answer


def test_it_says_what_it_shows_and_no_address(view: GridView) -> None:
    assert repr(view) == "GridView(Grid('sales/2026', 2 rows × 2 columns))"


def test_without_a_kernel_the_first_rows_are_there(view: GridView) -> None:
    data, _ = view._repr_mimebundle_()
    assert data["text/plain"] == repr(view)
    assert "<td>2026-02</td>" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_rows_are_answered_as_text_column_by_column(view: GridView) -> None:
    assert ask(view, 1, 2) == {"ok": True, "columns": [["2026-02"], [None]]}


def test_a_failure_is_an_answer(view: GridView) -> None:
    view.grid.delete()
    answer = ask(view, 0, 2)
    assert answer["ok"] is False
    assert answer["error"]["type"] == "NotFoundError"
    assert answer["error"]["message"]


def test_a_fault_of_the_program_is_an_answer_too(view: GridView, caplog: Any) -> None:
    answer, _ = view._rows({}, [])
    assert answer["error"] == {"type": "KeyError", "message": "KeyError: 'start'"}
    assert "Traceback" in caplog.text


def test_a_grid_that_is_gone_is_refused_at_once(client: Client) -> None:
    grid = client.push(FRAME, "gone")
    grid.delete()
    with pytest.raises(NotFoundError):
        GridView(grid)


def test_nothing_secret_reaches_the_page(view: GridView, client: Client) -> None:
    state = json.dumps(view.get_state())
    account = client._session.account
    assert account.api_key
    assert account.api_key not in state
    assert account.url not in state


def test_refresh_shows_what_the_server_has_now(client: Client, view: GridView) -> None:
    client.push(FRAME.rename(columns={"sold": "ordered"}).iloc[:1], "sales/2026")
    view.refresh()
    assert [column["name"] for column in view.columns] == ["month", "ordered"]
    assert view.row_count == 1
    assert "ordered" in view._repr_mimebundle_()[0]["text/html"]
