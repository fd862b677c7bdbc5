"""Install what tests/peers runs: each in its own environment, from the package registries.

Usage: ``.venv/bin/python tests/peers/install.py``. What is there already is left as it is. The exit
status is 75 where nothing can be got (no network, or nobody may install Debian's packages), and 1
where something that can be got does not install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from environments import DEBIAN, FOLDER, PYTHON, python

OUT_OF_REACH = 75
TIMEOUT = 900  # seconds


class InstallError(Exception):
    """A client can't be installed; its status is the one to exit with."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def run(command: list[str], failed: str, status: int = 1) -> None:
    """Run a command quietly; raise InstallError with its last words if it fails."""
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT,
    )
    if done.returncode:
        raise InstallError("\n  ".join([failed, *done.stdout.splitlines()[-5:]]), status)


def install_python(name: str) -> None:
    """Make a virtual environment with the pinned client and what it needs."""
    requirements = PYTHON[name]
    installed = FOLDER / name / "requirements.txt"
    wanted = "\n".join(requirements)
    if installed.exists() and installed.read_text() == wanted:
        return
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    with tempfile.TemporaryDirectory() as folder:
        probe = [*pip, "download", "--no-deps", "--dest", folder, requirements[0]]
        run(probe, f"{requirements[0]} can't be downloaded:", OUT_OF_REACH)
    venv.create(FOLDER / name, clear=True, symlinks=True)
    # of thousands of modules few are imported: to compile them all takes longer than the rest
    install = [*pip, "--python", python(name), "install", "--no-compile", *requirements]
    run(install, f"{name} can't be installed:")
    installed.write_text(wanted)


def install_debian() -> None:
    """Install R, its plotly and what else the tests run as this machine's packages."""
    missing = [package for program, package in DEBIAN.items() if not shutil.which(program)]
    if not missing:
        command = ["Rscript", "-e", 'quit(status = !requireNamespace("plotly", quietly = TRUE))']
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            return
        missing = [DEBIAN["Rscript"]]
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    packages = " ".join(missing)
    if not shutil.which("apt-get") or (rights and not shutil.which("sudo")):
        raise InstallError(
            f"Missing, and only root of a Debian can install it: "
            f"`apt-get install --no-install-recommends {packages}`.",
            OUT_OF_REACH,
        )
    apt_get = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--quiet"]
    install = [*apt_get, "install", "--no-install-recommends", *missing]
    with suppress(InstallError):  # one broken source of packages does not spoil the others
        run([*apt_get, "update"], "Debian's packages can't be listed:")
    run([*install, "--download-only"], f"{packages} can't be downloaded:", OUT_OF_REACH)
    run(install, f"{packages} can't be installed:")


def main() -> int:
    """Install everything, at the same time; say how long each took."""
    FOLDER.mkdir(exist_ok=True)
    tasks = {"Debian's packages": install_debian}
    tasks |= {name: lambda name=name: install_python(name) for name in PYTHON}

    def timed(name: str) -> int:
        start = time.monotonic()
        try:
            tasks[name]()
        except InstallError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return error.status
        print(f"{name}: ready after {time.monotonic() - start:.0f} s")
        return 0

    with ThreadPoolExecutor() as threads:
        statuses = set(threads.map(timed, tasks))
    return 1 if 1 in statuses else max(statuses)


if __name__ == "__main__":
    sys.exit(main())
