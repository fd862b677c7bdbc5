"""Every notebook kernel imports the service package, so it must cost next to nothing."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_service_loads_little_besides_the_standard_library():
    code = "import sys, plotly_nbext; before = set(sys.modules); import plotly_nbext.service; "
    code += "print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    foreign = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    assert foreign == {"plotly_nbext", "platformdirs"}
    assert not {"asyncio", "http.client", "sqlite3"} & set(loaded)
