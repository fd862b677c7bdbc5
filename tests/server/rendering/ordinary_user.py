"""Draws a figure as an ordinary user and prints what became of the sandbox; or asks the doctor.

Run by test_sandbox.py, as a program: it gives away what it can't take back. With the argument
``confined`` it denies itself what Docker denies its containers: user namespaces, and programs
that run as root whoever starts them.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import platform
import struct
import sys
from dataclasses import asdict
from pathlib import Path

import psutil

from plotly_nbext import doctor
from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering import Renderer

# clone, unshare, clone3
SYSTEM_CALLS = {"x86_64": (56, 272, 435), "aarch64": (220, 97, 435)}

LOAD, EQUALS, HAS, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, NOT_PERMITTED, UNKNOWN = 0x7FFF_0000, 0x0005_0001, 0x0005_0026
NEW_USER = 0x1000_0000
ARGUMENT = 16

NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2
AMBIENT, CLEAR_ALL = 47, 4

libc = ctypes.CDLL(None)


class Program(ctypes.Structure):
    """A filter, as the kernel takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def confine() -> None:
    """Install the filter; it holds for all that this process starts."""
    clone, unshare, clone3 = SYSTEM_CALLS[platform.machine()]
    instructions = b"".join(
        struct.pack("HBBI", *each)
        for each in [
            (LOAD, 0, 0, 0),
            (EQUALS, 5, 0, unshare),
            (EQUALS, 5, 0, clone3),
            (EQUALS, 0, 2, clone),
            (LOAD, 0, 0, ARGUMENT),
            (HAS, 1, 0, NEW_USER),
            (RETURN, 0, 0, ALLOW),
            (RETURN, 0, 0, NOT_PERMITTED),
            (RETURN, 0, 0, UNKNOWN),
        ]
    )
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    program = Program(len(instructions) // 8, ctypes.addressof(buffer))
    assert libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    assert libc.prctl(SECCOMP, FILTER, ctypes.byref(program), 0, 0) == 0


def keep_to_oneself() -> None:
    """Pass no right to read all files on to the browser, which the tests' root has lent to us."""
    assert libc.prctl(AMBIENT, CLEAR_ALL, 0, 0, 0) == 0


def status(process: psutil.Process) -> dict[str, str]:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines)


async def draw() -> dict[str, object]:
    logging.basicConfig(format="%(message)s")
    renderer = Renderer(browsers=1)
    await renderer.start()
    namespaces = await asyncio.create_subprocess_exec("unshare", "--user", "true")
    try:
        figure = json.dumps({"data": [{"y": [1, 2]}]}).encode()
        for _ in range(2):
            image = await renderer.render(figure, format="png", width=99, height=99, scale=1)
        family = psutil.Process().children(recursive=True)
        [tab] = [each for each in family if "--type=renderer" in each.cmdline()]
        return {
            "image": image.image[:4].hex(),
            "namespaces": await namespaces.wait() == 0,
            "sandboxed": not any("--no-sandbox" in each.cmdline() for each in family),
            "isolated": len(status(tab)["NSpid"].split()) > 1,
            "filtered": status(tab)["Seccomp"] == "2",
        }
    except BrowserNotFound as error:
        return {"error": str(error)}
    finally:
        await renderer.close()


if __name__ == "__main__":
    keep_to_oneself()
    if "confined" in sys.argv:
        confine()
    found = asdict(doctor._browser()) if "doctor" in sys.argv else asyncio.run(draw())
    json.dump(found | {"user": os.geteuid()}, sys.stdout)
