"""What a page tells a widget while a cell runs: in a real kernel, and as JupyterLab sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.notebook.conftest import Kernel

PATIENCE = 20

VIEWS = {
    "figure": "plotly_nbext.FigureView({'data': [{'y': [1, 2]}]})",
    "grid": "pd.DataFrame({'sold': [1, 2]}).plotly_grid.view()",
}


@pytest.fixture(scope="module")
def subshell(kernel: Kernel) -> str:
    """The subshell that JupyterLab has a kernel start for its widgets."""
    client = kernel._client
    client.control_channel.send(client.session.msg("create_subshell_request", {}))
    while True:
        reply = client.get_control_msg(timeout=PATIENCE)
        if reply["msg_type"] == "create_subshell_reply":
            return str(reply["content"]["subshell_id"])


def told_while_it_runs(kernel: Kernel, subshell: str, cell: str) -> str:
    """Run a cell, have the page tell the view something once it waits; return what it prints."""
    client = kernel._client
    data = {"method": "custom", "content": {}}
    told = client.session.msg("comm_msg", {"comm_id": kernel.value("view.model_id"), "data": data})
    told["header"]["subshell_id"] = subshell
    printed: list[str] = []

    def see(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])
            if printed == ["waits\n"]:
                client.shell_channel.send(told)

    # It writes to the page too, as a cell does that shows how far it is.
    client.execute_interactive(
        f"view.send({{}})\nprint('waits', flush=True)\n{cell}",
        timeout=2 * PATIENCE,
        output_hook=see,
    )
    return "".join(printed).removeprefix("waits\n")


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_widget_is_heard_while_a_cell_runs(kernel: Kernel, subshell: str, view: str) -> None:
    kernel.run(
        "import threading, pandas as pd, plotly_nbext\n"
        f"view, heard = {view}, threading.Event()\n"
        "view.on_msg(lambda *_: heard.set())"
    )
    assert told_while_it_runs(kernel, subshell, f"print(heard.wait({PATIENCE}))") == "True\n"


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_cell_that_awaits_a_widget_goes_on_at_once(
    kernel: Kernel, subshell: str, view: str
) -> None:
    kernel.run(
        "import asyncio, pandas as pd, plotly_nbext\n"
        f"view, heard = {view}, asyncio.get_running_loop().create_future()\n"
        "view.on_msg(lambda *_: heard.set_result(True))"
    )
    # Its time alone would wake it, and it would find what was said.
    cell = (
        f"asked = asyncio.get_running_loop().time()\n"
        f"await asyncio.wait([heard], timeout={PATIENCE})\n"
        f"print(asyncio.get_running_loop().time() - asked < {PATIENCE})"
    )
    assert told_while_it_runs(kernel, subshell, cell) == "True\n"
