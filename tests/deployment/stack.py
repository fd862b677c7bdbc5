"""What compose.yaml starts, as processes of this machine: no container engine is needed.

Commands, environments, secrets, health checks and their order are read from the files as they are
shipped. A network of containers is missing here, and this stands for it:

- ``server-1:8000`` and each other service's name and port is ``127.0.0.1`` and a free port; in a
  service's own command and health check the port alone, and for ``0.0.0.0`` it listens on
  ``127.0.0.1``;
- ``10.213.7.2``, the proxy's address, is ``127.0.0.1``;
- ``/run/secrets/NAME`` is the file that compose.yaml names for the secret, in a temporary folder;
- ``plotly-nbext``, ``dask`` and ``python`` are those of this environment;
- PostgreSQL's image makes a database from ``POSTGRES_*``, and so does :func:`_database`; nginx's
  has ``conf.d`` in its ``http`` block, and so does :func:`_proxy`.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trustme
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPLOYMENT = Path(str(files("plotly_nbext") / "deployment"))
SCRIPTS = Path(sysconfig.get_path("scripts"))
PORTS = {
    "database": [5432],
    "scheduler": [8786, 8787],
    "server-1": [8000],
    "server-2": [8000],
    "worker": [8790],
    "proxy": [443],
}
HOST_ADDRESS = "127.0.0.1"


def compose(variables: dict[str, str]) -> dict[str, Any]:
    """Read compose.yaml as an engine does: with the variables of ``.env`` in their places."""

    def value(found: re.Match[str]) -> str:
        name, _, otherwise = found[1].partition(":")
        if name not in variables and otherwise.startswith("?"):
            raise KeyError(name)
        return variables.get(name, otherwise.removeprefix("-"))

    text = (DEPLOYMENT / "compose.yaml").read_text()
    return yaml.safe_load(re.sub(r"\$\{([^}]*)\}", value, text))


def image() -> dict[str, Any]:
    """Read what the Containerfile says of the processes of its image."""
    text = re.sub(r"\\\n\s*", " ", (DEPLOYMENT / "Containerfile").read_text())
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]
    said: dict[str, Any] = {}
    for word, rest in lines:
        said.setdefault(word, []).append(rest)
    return said


@dataclass
class Stack:
    """What runs."""

    folder: Path
    url: str = ""
    authority: str = ""
    """The file with the certificate that signed the proxy's."""
    ports: dict[tuple[str, int], int] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[Any]] = field(default_factory=dict)
    environments: dict[str, dict[str, str]] = field(default_factory=dict)

    def add_user(self, name: str) -> str:
        """Add a user as an operator does, by ``compose exec server-1 plotly-nbext user add``."""
        added = subprocess.run(
            [SCRIPTS / "plotly-nbext", "user", "add", name],
            env=self.environments["server-1"],
            check=True,
            capture_output=True,
            text=True,
        )
        return added.stdout.splitlines()[-1]

    def kill(self, name: str) -> None:
        """End a service without letting it end anything."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait(60)

    def logs(self) -> str:
        """Give what all have written."""
        return "\n".join(
            f"== {log.name}\n{log.read_text(errors='replace')[-3_000:]}"
            for log in sorted(self.folder.glob("*.log"))
        )


@contextmanager
def running() -> Iterator[Stack]:
    """Run all of compose.yaml, until it is left."""
    with ExitStack() as stack:
        # not pytest's own, into which nginx's and PostgreSQL's users may not look
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deployed-")))
        folder.chmod(0o755)
        here = Stack(folder)
        port = free_port()
        here.url = f"https://localhost:{port}"
        services = compose({"PLOTLY_HOST": f"localhost:{port}"})
        _secrets(here)
        instances = {
            (f"{name}-{number}" if copies > 1 else name): (name, service)
            for name, service in services["services"].items()
            for copies in [service.get("deploy", {}).get("replicas", 1)]
            for number in range(1, copies + 1)
        }
        for instance, (name, _) in instances.items():
            here.ports |= {(instance, each): free_port() for each in PORTS[name]}
        here.ports["proxy", 443] = port
        started: set[str] = set()
        while len(started) < len(instances):
            ready = {
                instance: of
                for instance, of in instances.items()
                if instance not in started and set(of[1].get("depends_on", ())) <= started
            }
            assert ready, "depends_on goes in a circle"
            for instance, (_, service) in ready.items():
                here.processes[instance] = _start(stack, here, services, instance, service)
            for instance, (_, service) in ready.items():
                _await_health(here, services, instance, service)
            started |= set(ready)
        yield here


def _secrets(here: Stack) -> None:
    folder = here.folder / "secrets"
    folder.mkdir()
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.cert_chain_pems[0].write_to_path(folder / "tls.crt")
    certificate.private_key_pem.write_to_path(folder / "tls.key")
    (folder / "database_password").write_text("p@ss/word: 100%\n")
    (folder / "metrics_token").write_text("a-token-for-prometheus\n")
    here.authority = str(here.folder / "authority.pem")
    authority.cert_pem.write_to_path(here.authority)


def _start(
    stack: ExitStack, here: Stack, services: dict[str, Any], name: str, service: dict[str, Any]
) -> subprocess.Popen[Any]:
    home = here.folder / name
    home.mkdir()
    environment = {"PATH": f"{SCRIPTS}:{os.environ['PATH']}", "HOME": str(home)}
    for key, value in service.get("environment", {}).items():
        environment[key] = _here(here, services, name, value)
    options: dict[str, Any] = {"env": environment, "cwd": home, "start_new_session": True}
    if name == "database":
        command, unprivileged = _database(here, home, environment)
        options |= unprivileged
    elif name == "proxy":
        command = _proxy(here, services, home)
    else:
        environment["PLOTLY_NBEXT_HOME"] = str(home / "state")
        command = [_here(here, services, name, word) for word in service["command"]]
    here.environments[name] = environment
    log = stack.enter_context((here.folder / f"{name}.log").open("w"))
    process = subprocess.Popen(command, stdout=log, stderr=log, **options)
    stack.callback(end, process, signal.SIGINT if name == "database" else signal.SIGTERM)
    return process


def _here(here: Stack, services: dict[str, Any], name: str, text: str) -> str:
    """Say what stands here for what a container would be told."""
    for secret, where in services["secrets"].items():
        text = text.replace(f"/run/secrets/{secret}", str(here.folder / where["file"]))
    text = text.replace("10.213.7.2", HOST_ADDRESS).replace("0.0.0.0", HOST_ADDRESS)
    for (other, inside), port in here.ports.items():
        text = text.replace(f"{other}:{inside}", f"{HOST_ADDRESS}:{port}")
        if other == name:
            text = re.sub(rf"=:{inside}\b", f"={HOST_ADDRESS}:{port}", text)
            text = re.sub(rf"(?<=[:= ]){inside}\b", str(port), text)
    return text


def _await_health(
    here: Stack, services: dict[str, Any], name: str, service: dict[str, Any]
) -> None:
    check = service["healthcheck"]["test"]
    assert check[0] == "CMD"
    command = [_here(here, services, name, word) for word in check[1:]]
    if name == "database":
        command[0] = str(_postgres() / command[0])
        command.append(f"--port={here.ports[name, 5432]}")
    if name == "proxy":
        command[-1] = command[-1].replace(
            f"//{HOST_ADDRESS}/", f"//{HOST_ADDRESS}:{here.ports[name, 443]}/"
        )
    deadline = time.monotonic() + 90
    while True:
        tried = subprocess.run(
            command, env=here.environments[name], capture_output=True, text=True, check=False
        )
        if tried.returncode == 0:
            return
        assert here.processes[name].poll() is None, here.logs()
        assert time.monotonic() < deadline, (name, tried.stderr, here.logs())


def _database(
    here: Stack, home: Path, environment: dict[str, str]
) -> tuple[list[str], dict[str, Any]]:
    """Make a database cluster as PostgreSQL's image does of its variables."""
    user, password = environment["POSTGRES_USER"], environment["POSTGRES_PASSWORD_FILE"]
    options: dict[str, Any] = {}
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        owner = pwd.getpwnam(
            "postgres" if "postgres" in {each.pw_name for each in pwd.getpwall()} else "nobody"
        )
        shutil.chown(home, owner.pw_uid, owner.pw_gid)
        options = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    data, port = home / "data", here.ports["database", 5432]
    initdb = [_postgres() / "initdb", "-D", data, "-U", user, "-A", "scram-sha-256", "-N"]
    initdb += ["-E", "UTF8", f"--pwfile={password}"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=home, **options)
    server = [str(_postgres() / "postgres"), "-D", str(data), "-k", str(home), "-p", str(port)]
    server += ["-c", f"listen_addresses={HOST_ADDRESS}", "-c", "fsync=off"]
    single = [*server[:3], "-c", "fsync=off"]
    create = f"CREATE DATABASE {environment['POSTGRES_DB']}\n"
    subprocess.run(
        [single[0], "--single", *single[1:], "postgres"],
        input=create.encode(),
        check=True,
        capture_output=True,
        cwd=home,
        **options,
    )
    return server, options


def _proxy(here: Stack, services: dict[str, Any], home: Path) -> list[str]:
    """Include nginx.conf as nginx's image does; only names, ports and paths are others."""
    text = (DEPLOYMENT / "nginx.conf").read_text()
    text = text.replace("listen 443 ", f"listen {HOST_ADDRESS}:{here.ports['proxy', 443]} ")
    text = text.replace("/var/log/nginx", str(home))
    (home / "default.conf").write_text(_here(here, services, "", text))
    (home / "nginx.conf").write_text(main_configuration(home))
    return ["nginx", "-p", str(home), "-c", str(home / "nginx.conf"), "-g", "daemon off;"]


def main_configuration(home: Path) -> str:
    """Write what is around nginx.conf, with nothing outside of a folder."""
    kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "\n".join(f"{each}_temp_path {home}/{each};" for each in kept)
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""{user}
pid {home}/nginx.pid;
error_log stderr;
events {{}}
http {{
access_log off;
{paths}
include {home}/default.conf;
}}
"""


def _postgres() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    found_there = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert found_there, "These tests need the programs of PostgreSQL, and there is no initdb."
    return found_there[-1]


def end(process: subprocess.Popen[Any], how: signal.Signals) -> None:
    """End a process and those that it has started."""
    if process.poll() is None:
        os.killpg(process.pid, how)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server((HOST_ADDRESS, 0)) as taken:
        return int(taken.getsockname()[1])


if __name__ == "__main__":  # to look at it: python -m tests.deployment.stack
    with running() as stack:
        sys.stdout.write(f"{stack.url}, trusted by {stack.authority}; user alice, key:\n")
        sys.stdout.write(f"{stack.add_user('alice')}\nEnter ends it.\n")
        sys.stdout.flush()
        sys.stdin.readline()
