"""One Chromium process: started locked down, and gone for sure when it is to go."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from plotly_nbext.server.rendering.cdp import Connection
from plotly_nbext.server.rendering.errors import CommandRefused, PageLost

__all__ = ["Browser"]

# The shell gives the browser its pipe as descriptors 3 and 4, and removes the profile when the
# browser ends, which it does by itself as soon as our end of the pipe closes: nothing is left
# behind even when this process is killed. It tells whether the browser ended by itself: after a
# signal, the status is 128 and the signal's number.
LAUNCHER = """
profile=$1; shift
exec 3<&0 4>&1 </dev/null >/dev/null
"$@"
status=$?
rm -rf -- "$profile"
[ $status -gt 128 ] && [ $status -le 192 ] || exit 97
"""

GAVE_UP = 97
"""What the shell ends with after a browser that ended by itself, and never otherwise."""

FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    # nothing of its own accord: no updates, no reports, no extensions, no key ring
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    # no second page in wait, none for a window that nobody sees: 40 MB each
    "--disable-features=SpareRendererForSitePerProcess,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--disable-sync",
    "--password-store=basic",
    "--use-mock-keychain",
    # a page that nobody looks at works at full speed
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-hang-monitor",
    "--disable-ipc-flooding-protection",
    "--disable-renderer-backgrounding",
    # the same picture on every machine
    "--enable-unsafe-swiftshader",
    # each map has one: past the sixteenth, the first would lose theirs
    "--max-active-webgl-contexts=64",
    "--force-color-profile=srgb",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
    "--mute-audio",
    # containers have a /dev/shm of 64 MB
    "--disable-dev-shm-usage",
)

DEAD_PROXY = "http://127.0.0.1:9"
"""A proxy that is not there, for all that isn't the one port."""

CLOSE_TIMEOUT = 2.0
"""Seconds that a browser has to end by itself before it is killed."""

LAST_WORDS = 65_536
"""Bytes at the end of the browser's standard error that are of interest."""

ENVIRONMENT = re.compile(
    "(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|TZ|LD_.*|CHROME_DEVEL_SANDBOX"
    "|LC_.*|XDG_.*|FONTCONFIG_.*|FC_.*|FREETYPE_.*)"
)
"""What a browser needs to find its parts, the fonts and the time; the rest may be secret."""

LONGEST_FOLDER = 40
"""Characters of a folder in which a browser still finds room for its socket: 107 in all."""

REMOVALS = 50
"""Attempts to remove a profile, into which dying processes may still write."""

REMOVAL_PAUSE = 0.1
"""Seconds between two of them."""


class Browser:
    """A running Chromium with a profile of its own; made by :meth:`start`.

    The process is a plain one, not one of asyncio's: those are killed when their loop goes, and
    then the shell would leave the profile behind.

    Attributes
    ----------
    cdp : Connection
        Commands to it.
    """

    def __init__(self, process: subprocess.Popen[bytes], profile: Path, stderr: IO[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - both are pipes
        assert process.stdin is not None  # noqa: S101
        self.cdp = Connection(process.stdout, process.stdin)
        self._process = process
        self._profile = profile
        self._stderr = stderr
        self._burying = asyncio.create_task(self._bury())

    @classmethod
    def start(cls, program: Path, *, port: int, proxy: str | None, sandboxed: bool) -> Browser:
        """Start a browser that reaches nothing but one port of this machine, and a proxy.

        Parameters
        ----------
        program : Path
            Chromium, Chrome or Edge.
        port : int
            The one port of 127.0.0.1 that its pages may connect to.
        proxy : str or None
            The address of the proxy that all else goes through; without it, all else fails.
        sandboxed : bool
            Whether in its sandbox; without one, it refuses to start in it.

        Raises
        ------
        OSError
            This machine has no room for another process or folder.
        """
        folder = tempfile.gettempdir()
        if len(folder) > LONGEST_FOLDER:
            folder = "/tmp"  # noqa: S108 - in which mkdtemp makes one for us alone
        profile = Path(tempfile.mkdtemp(prefix="plotly-nbext-", dir=folder))
        command = [
            *(str(program), *FLAGS, f"--user-data-dir={profile}"),
            f"--proxy-server={proxy or DEAD_PROXY}",
            # by itself, Chromium would bypass a proxy for all of the loopback interface
            f"--proxy-bypass-list=<-loopback>;127.0.0.1:{port}",
        ]
        if not sandboxed:
            command.append("--no-sandbox")
        environment = {k: v for k, v in os.environ.items() if ENVIRONMENT.fullmatch(k)}
        # its temporary files go with the profile, and the memory of pages that crashed
        environment["TMPDIR"] = environment["BREAKPAD_DUMP_LOCATION"] = str(profile)
        with ExitStack() as undo:
            undo.callback(os.rmdir, profile)
            stderr = undo.enter_context(tempfile.TemporaryFile())
            process = subprocess.Popen(
                ["/bin/sh", "-c", LAUNCHER, "sh", str(profile), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                bufsize=0,
                env=environment,
                start_new_session=True,
            )
            undo.pop_all()
        return cls(process, profile, stderr)

    @property
    def said(self) -> str:
        """The end of what the browser said on its standard error."""
        said = os.fstat(self._stderr.fileno()).st_size
        tail = os.pread(self._stderr.fileno(), LAST_WORDS, max(0, said - LAST_WORDS))
        return tail.decode(errors="replace").strip()

    @property
    def gave_up(self) -> bool:
        """Whether it is known to have ended by itself: nobody killed it, and it did start."""
        return self._process.returncode == GAVE_UP

    def kill(self) -> None:
        """End it and all its children at once, whatever they are doing."""
        if self._process.returncode is None:  # afterwards, the number may be another's
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Let it end, kill it if it does not, and remove what it left on disk.

        That is done to its end even when the caller is cancelled: half of it would leave a zombie,
        descriptors and the profile.
        """
        closing = asyncio.create_task(self._close())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing
            raise

    async def _close(self) -> None:
        with suppress(PageLost, CommandRefused, TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT):
                await self.cdp.call("Browser.close")
                await asyncio.shield(self._burying)
        self.kill()
        self.cdp.close()  # also ends the wait for a pipe that a stray child holds open
        await self._burying
        self._stderr.close()
        for _ in range(REMOVALS):
            await asyncio.to_thread(shutil.rmtree, self._profile, ignore_errors=True)
            if not self._profile.exists():
                break
            await asyncio.sleep(REMOVAL_PAUSE)

    async def _bury(self) -> None:
        """Wait for the end of the browser, and of any children that outlive it."""
        await self.cdp.wait_ended()
        self.kill()
        self._process.wait()
