"""A server takes no more memory, and no longer for its first push, than what it does needs."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pyarrow as pa

from .arrow import ARROW, as_json, stream

COLUMNS = {
    "n": [*range(1_500)],
    "x": [None if n % 7 == 0 else n / 3 for n in range(1_500)],
    "text": [f'"{n}"' for n in range(1_500)],
    "on": [n % 2 == 0 for n in range(1_500)],
    "mixed": as_json([n if n % 2 else {"n": n} for n in range(1_500)]),
    "at": pa.array(range(1_500), pa.timestamp("ns")),
}


def libraries(server) -> set[str]:
    """List the files that the server's process has loaded."""
    return {each.path for each in psutil.Process(server._process.pid).memory_maps()}


def test_grids_are_written_and_read_without_pandas(serve):
    server = serve()
    api = server.user()
    arrow = {"Content-Type": ARROW}
    made = api.expect(201, "POST", "/v2/grids", data=stream(COLUMNS), headers=arrow).json()
    fid = made["file"]["fid"]
    row = [1, 0.5, "t", True, [], "1970-01-01T00:00:00.000000007"]
    for rows in ([row], [row] * 1_023, [row] * 1_100):
        api.expect(201, "POST", f"/v2/grids/{fid}/row", json={"rows": rows})
    api.expect(201, "POST", f"/v2/grids/{fid}/row", data=stream(COLUMNS), headers=arrow)
    for accept in ("application/json", "text/csv", ARROW):
        for window in ("", "?start=1490&stop=1510"):
            path = f"/v2/grids/{fid}/content{window}"
            api.expect(200, "GET", path, headers={"Accept": accept})
    assert [*api.table(api.grid(COLUMNS | {"mixed": [], "at": []})["fid"])["n"]] == COLUMNS["n"]
    loaded = libraries(server)
    assert any("pyarrow" in path for path in loaded)
    assert not [path for path in loaded if "pandas" in path]


def test_pandas_is_only_kept_from_pyarrow():
    program = """
import sys
from plotly_nbext.server.lean import keep_pandas_from_pyarrow
keep_pandas_from_pyarrow()
import pyarrow as pa
assert pa.array([1.5, None]).null_count == 1
assert "pandas" not in sys.modules
import pandas
assert pandas.DataFrame({"a": [1]}).shape == (1, 1)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
