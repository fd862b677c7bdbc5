"""The files that ``plotly-nbext deployment`` writes: complete, and at one with the commands."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from distributed.cli.dask_scheduler import main as dask_scheduler
from distributed.cli.dask_worker import main as dask_worker

from plotly_nbext import cli
from plotly_nbext.cli_deployment import FILES

from .stack import DEPLOYMENT, PORTS, compose, image

SERVICES = compose({"PLOTLY_HOST": "plots.example.com"})
DASK = {"scheduler": dask_scheduler, "worker": dask_worker}


def unit() -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for line in (DEPLOYMENT / "plotly-nbext.service").read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            said.setdefault(name, []).append(value)
    return said


def commands() -> dict[str, list[str]]:
    found = {
        name: each["command"] for name, each in SERVICES["services"].items() if "command" in each
    }
    found["Containerfile"] = json.loads(image()["CMD"][0])
    start = unit()["ExecStart"][0].replace("${PLOTLY_PUBLIC_URL}", "https://plots.example.com")
    found["systemd"] = shlex.split(start)
    return found


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_one_that_its_program_takes(name: str) -> None:
    program, *arguments = commands()[name]
    if program == "dask":
        subcommand, *arguments = arguments
        DASK[subcommand].make_context(subcommand, arguments)
        return
    assert Path(program).name == "plotly-nbext"
    parsed, unknown = cli._parser().parse_known_args(arguments)
    assert not unknown
    assert parsed.run is cli.serve
    assert parsed.port == 8000


def test_the_files_are_written_and_never_over_others(tmp_path: Path, capsys) -> None:
    folder = tmp_path / "team"
    assert cli.main(["deployment", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert {path.name for path in DEPLOYMENT.iterdir() if path.name != "__pycache__"} == set(FILES)
    for name in FILES:
        assert (folder / name).read_bytes() == (DEPLOYMENT / name).read_bytes()
    (folder / "nginx.conf").write_text("mine")
    for name in set(FILES) - {"nginx.conf"}:
        (folder / name).unlink()
    assert cli.main(["deployment", str(folder)]) == 1
    assert "nginx.conf" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["nginx.conf"]
    assert (folder / "nginx.conf").read_text() == "mine"


def test_only_the_proxy_is_reached_from_outside() -> None:
    services = SERVICES["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    assert [name for name, each in services.items() if "outside" in each["networks"]] == ["proxy"]
    for name in ("front", "inside"):
        assert SERVICES["networks"][name]["internal"] is True
    assert [*services["proxy"]["networks"]] == ["outside", "front"]
    assert [name for name, each in services.items() if "front" in each["networks"]] == [
        "server-1",
        "server-2",
        "proxy",
    ]


def test_every_service_is_watched_and_started_again() -> None:
    for name, each in SERVICES["services"].items():
        assert "healthcheck" in each, name
        assert each["restart"] == "unless-stopped", name
        for needed, how in each.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}, (name, needed)


def test_what_the_files_name_of_each_other_is_there() -> None:
    services = SERVICES["services"]
    for name, each in services.items():
        assert set(each.get("secrets", ())) <= set(SERVICES["secrets"]), name
        for option in each.get("security_opt", ()):
            if option.startswith("seccomp="):
                assert (DEPLOYMENT / option.removeprefix("seccomp=./")).is_file()
    proxy = (DEPLOYMENT / "nginx.conf").read_text()
    assert set(re.findall(r"server (\S+):8000", proxy)) == {
        n for n in services if n[:6] == "server"
    }
    for secret in re.findall(r"/run/secrets/(\w+)", proxy):
        assert secret in services["proxy"]["secrets"]
    address = services["proxy"]["networks"]["front"]["ipv4_address"]
    assert services["server-1"]["environment"]["FORWARDED_ALLOW_IPS"] == address
    assert set(PORTS) == set(services)
    assert "server-1" in json.dumps(services["proxy"]["depends_on"])


def test_no_password_is_in_the_files() -> None:
    for name, each in SERVICES["services"].items():
        for key, value in each.get("environment", {}).items():
            assert "PASSWORD" not in key or key.endswith("_FILE"), (name, key)
            assert not re.search(r"://[^/@]*:[^/@]*@", value), (name, key)


def test_the_image_runs_as_an_ordinary_user_who_has_all_that_is_needed() -> None:
    said = image()
    assert said["USER"] == ["plotly"]
    assert "chromium" in said["RUN"][0].split()
    probe = json.loads(said["HEALTHCHECK"][0].partition("CMD ")[2])
    compile(probe[2], "HEALTHCHECK", "exec")
    port = json.loads(said["CMD"][0])[-1]
    assert said["EXPOSE"] == [port]
    assert f":{port}/healthz" in probe[2]


@pytest.mark.parametrize("beside", [True, False])
def test_the_image_has_the_wheel_that_lies_beside(tmp_path: Path, beside: bool) -> None:
    wheel = tmp_path / "plotly_nbext-0.0.1-py3-none-any.whl"
    if beside:
        wheel.touch()
    (tmp_path / "Containerfile").touch()
    pip = 'pip() { printf "%s\\n" "$@"; }\n'
    ran = subprocess.run(
        ["sh", "-c", pip + image()["RUN"][1].replace("/tmp/wheels", str(tmp_path))],
        capture_output=True,
        text=True,
        check=True,
    )
    asked = ran.stdout.splitlines()
    assert asked[-1] == f"{wheel if beside else 'plotly_nbext'}[postgres,dask]"
    assert asked[:-1] == ["install", "--no-cache-dir"]
    assert not tmp_path.exists()


def test_the_browsers_sandbox_is_not_what_seccomp_denies() -> None:
    profile = json.loads((DEPLOYMENT / "seccomp.json").read_text())
    assert profile["defaultAction"] == "SCMP_ACT_ALLOW"
    (denied,) = profile["syscalls"]
    assert denied["action"] == "SCMP_ACT_ERRNO"
    assert not {"clone", "clone3", "unshare", "chroot"} & set(denied["names"])
    assert {"bpf", "kexec_load", "init_module", "mount", "ptrace"} <= set(denied["names"])


def test_the_unit_keeps_the_browsers_sandbox_and_an_ordinary_user() -> None:
    said = unit()
    assert said["User"] == ["plotly-nbext"]
    assert {"user", "pid", "net"} <= set(said["RestrictNamespaces"][0].split())
    assert "MemoryDenyWriteExecute" not in said
    assert said["NoNewPrivileges"] == ["yes"]


@pytest.mark.parametrize("how", ["loaded", "copied"])
def test_what_a_hub_has_of_its_own_stays(tmp_path: Path, how: str) -> None:
    shipped = DEPLOYMENT / "jupyterhub_config.py"
    own = """
c.JupyterHub.services = [{"name": "culler"}]
c.JupyterHub.load_roles = [{"name": "culler", "services": ["culler"]}]
c.Spawner.environment = {"MINE": "1"}
"""
    added = shipped.read_text() if how == "copied" else f"load_subconfig({str(shipped)!r})"
    (tmp_path / "own.py").write_text(own + added)
    script = f"""
from traitlets.config import PyFileConfigLoader
from jupyterhub.app import JupyterHub
from jupyterhub.spawner import Spawner
config = PyFileConfigLoader({str(tmp_path / "own.py")!r}).load_config()
hub = JupyterHub(config=config)
assert [each["name"] for each in hub.services] == ["culler", "plotly"], hub.services
assert [each["name"] for each in hub.load_roles] == ["culler", "user", "server"], hub.load_roles
assert {{"MINE", "PLOTLY_API_KEY"}} <= set(Spawner(config=config).environment)
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_hubs_file_gives_each_notebook_its_users_identity() -> None:
    script = f"""
import os
from traitlets.config import PyFileConfigLoader
os.environ["PLOTLY_URL"] = "https://hub.example.com/services/plotly"
c = PyFileConfigLoader({str(DEPLOYMENT / "jupyterhub_config.py")!r}).load_config()
class Spawner:
    api_token = "a token"
    class user: name = "alice"
from jupyterhub.spawner import Spawner as Real
environment = Real(config=c).environment.items()
given = {{key: value(Spawner) if callable(value) else value for key, value in environment}}
assert given == {{
    "PLOTLY_API_DOMAIN": "https://hub.example.com/services/plotly",
    "PLOTLY_USERNAME": "alice",
    "PLOTLY_API_KEY": "a token",
}}, given
"""
    subprocess.run([sys.executable, "-c", script], check=True)
