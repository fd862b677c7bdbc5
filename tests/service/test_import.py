"""Every notebook kernel imports the service package, so it must cost next to nothing."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_service_loads_nothing_but_the_standard_library():
    code = (
        "import sys, plotly_nbext.service; print(*{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    before = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    foreign = set(loaded) - sys.stdlib_module_names - {name.partition(".")[0] for name in before}
    assert foreign == {"plotly_nbext", "platformdirs"}
    assert not {"asyncio", "email", "sqlite3"} & set(loaded)
