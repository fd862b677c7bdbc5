"""The files before the programs that read them, as far as these run without a container."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from plotly_nbext.server.rendering.discovery import find_browser

from .stack import DEPLOYMENT, SCRIPTS, image

pytestmark = pytest.mark.deployment

ALLOW, ERRNO_EPERM = 0x7FFF0000, 0x00050001

CONFINED = f"""
import ctypes, json, os, sys
profile, uid, gid, *command = sys.argv[1:]
library = ctypes.CDLL("libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
library.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
library.seccomp_load.argtypes = [ctypes.c_void_p]
rules = library.seccomp_init({ALLOW})
for group in json.load(open(profile))["syscalls"]:
    for name in group["names"]:
        number = library.seccomp_syscall_resolve_name(name.encode())
        assert number != -1, f"{{name}} is no call"
        assert library.seccomp_rule_add(rules, {ERRNO_EPERM}, number, 0) == 0, name
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(int(gid)), os.setuid(int(uid))
assert library.seccomp_load(rules) == 0  # which also gives up all new privileges
os.execv(command[0], command)
"""


def confined(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program as a container of compose.yaml does: ordinary user, no capability, seccomp."""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(prefix="confined-") as folder:
        shutil.copy(DEPLOYMENT / "seccomp.json", folder)
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        home.mkdir()
        home.chmod(0o777)
        python = [sys.executable, "-c", CONFINED, f"{folder}/seccomp.json"]
        return subprocess.run(
            [*python, str(nobody.pw_uid), str(nobody.pw_gid), *command],
            env={"PATH": os.defpath, "HOME": str(home)},
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


def test_chromium_has_its_sandbox_in_a_container() -> None:
    page = "data:text/html,<p id=drawn>"
    # without --no-sandbox it ends at once where it gets none
    ran = confined(str(find_browser()), "--headless", "--disable-gpu", "--dump-dom", page)
    assert ran.returncode == 0, ran.stderr
    assert 'id="drawn"' in ran.stdout


def test_a_container_may_not_do_what_the_profile_denies() -> None:
    unshare = shutil.which("unshare")
    assert unshare is not None
    # the namespace is to be had, and what could be done in it is not
    assert confined(unshare, "--user", "true").returncode == 0
    ran = confined(unshare, "--user", "--map-root-user", "--mount", "true")
    assert ran.returncode != 0
    assert "denied" in ran.stderr or "not permitted" in ran.stderr


def test_debian_has_the_packages_of_the_image() -> None:
    words = image()["RUN"][0].split("&&")[1].split()
    packages = [word for word in words[2:] if not word.startswith("--")]
    assert len(packages) > 3
    for package in packages:
        found = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
        assert found.returncode == 0, package


def test_systemd_takes_the_unit_and_finds_it_well_confined(tmp_path: Path) -> None:
    unit = tmp_path / "plotly-nbext.service"
    text = (DEPLOYMENT / "plotly-nbext.service").read_text()
    unit.write_text(text.replace("/opt/plotly-nbext/bin", str(SCRIPTS)))
    verify = ["systemd-analyze", "verify", unit]
    verified = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stderr
    assert "plotly-nbext.service" not in verified.stderr, verified.stderr
    security = ["systemd-analyze", "security", "--offline=yes", unit]
    judged = subprocess.run(security, capture_output=True, text=True, check=False).stdout
    exposure = re.search(r"exposure level for plotly-nbext.service: ([\d.]+)", judged)
    assert exposure is not None
    assert float(exposure[1]) < 3
