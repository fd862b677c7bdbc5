"""How a script says what each of its calls gave: one JSON line {call, ok, detail} a call."""

from __future__ import annotations

import json
import sys
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_answers = sys.stdout
sys.stdout = sys.stderr  # clients print too


@contextmanager
def call(name: str) -> Iterator[dict]:
    """Record what a call leaves in this dict, or why it failed; the script goes on."""
    detail: dict | str = {}
    try:
        yield detail
    except Exception as error:  # noqa: BLE001 - whatever a client raises is its answer
        status = getattr(error, "status_code", None)
        said = f"{type(error).__name__}: {error}" + (f" ({status})" if status else "")
        line = traceback.extract_tb(error.__traceback__)[1]  # the script's own
        detail = f"{said}\nline {line.lineno}: {line.line}"
        ok = False
    else:
        ok = True
    print(json.dumps({"call": name, "ok": ok, "detail": detail}), file=_answers, flush=True)
