"""Small JSON files: read with their mistakes told, written whole and for the user alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plotly_nbext.errors import PlotlyNbextError
from plotly_nbext.service import private

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read", "write"]


def read(path: Path) -> dict[str, Any]:
    """Read a JSON object; a file that is missing holds an empty one.

    Raises
    ------
    PlotlyNbextError
        The file can't be read. It is not quoted: it may hold a key.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except json.JSONDecodeError as error:
        reason = f"{error.msg}: line {error.lineno} column {error.colno}"
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except ValueError:
        reason = "a number in it is too long"
    except RecursionError:
        reason = "it is nested too deeply"
    except OSError as error:
        reason = error.strerror or type(error).__name__
    else:
        if isinstance(content, dict):
            return content
        reason = "it holds no object in braces"
    raise PlotlyNbextError(f"{path} can't be read ({reason}).")


def write(path: Path, content: dict[str, Any]) -> None:
    """Put a file in place, whole, with mode 0600.

    Raises
    ------
    PlotlyNbextError
        It can't be written.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        with private.create(new) as file:
            file.write(f"{json.dumps(content, indent=2, ensure_ascii=False)}\n".encode())
        new.replace(path)
    except OSError as error:
        reason = error.strerror
    else:
        return
    raise PlotlyNbextError(f"{path} can't be written: {reason}.")
