"""Everything that is public, a line each: what others may build on, and a new version keeps.

``python -m tests.releases.public`` writes it to ``public.txt``.
"""

from __future__ import annotations

import argparse
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anywidget import AnyWidget

import plotly_nbext
from plotly_nbext import cli
from plotly_nbext.notebook.accessor import PlotlyGridAccessor
from plotly_nbext.notebook.magics.commands import COMMANDS
from plotly_nbext.notebook.magics.grid import PlotlyGrid
from plotly_nbext.notebook.magics.render import PlotlyRender
from plotly_nbext.server.openapi import document

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).with_name("public.txt")
SOURCES = Path(plotly_nbext.__file__).parent
VARIABLE = re.compile(r"\bPLOTLY_(?:NBEXT_)?[A-Z_]+\b")


def public() -> list[str]:
    """List it."""
    lines = [*_python(), *_magics(), *_commands(), *_variables(), *_http()]
    return sorted(set(lines))


def _python() -> Iterator[str]:
    for name in plotly_nbext.__all__:
        value = getattr(plotly_nbext, name)
        yield from _of(f"plotly_nbext.{name}", value)
    yield from _of("DataFrame.plotly_grid", PlotlyGridAccessor)


def _of(name: str, value: Any) -> Iterator[str]:
    if not inspect.isclass(value):
        yield f"python {name}{_signature(value) if callable(value) else ''}"
        return
    yield f"python {name}{_signature(value, skip=0)}"
    if issubclass(value, AnyWidget):
        # what ipywidgets gives a widget is its own
        inherited = set(dir(AnyWidget))
    else:
        inherited = set(dir(Exception)) if issubclass(value, Exception) else set(dir(object))
    for member in sorted(set(dir(value)) - inherited):
        if member.startswith("_"):
            continue
        found = inspect.getattr_static(value, member)
        if isinstance(found, classmethod | staticmethod):
            yield f"python {name}.{member}{_signature(getattr(value, member), skip=0)}"
        elif inspect.isfunction(found):
            yield f"python {name}.{member}{_signature(found, skip=1)}"
        else:
            yield f"python {name}.{member}"
    for field in getattr(value, "__dataclass_fields__", ()):
        if not field.startswith("_"):
            yield f"python {name}.{field}"


def _signature(function: Any, skip: int = 0) -> str:
    """Write a signature: names, kinds and defaults."""
    try:
        signature = inspect.signature(function)
    except ValueError:
        return ""
    parameters = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in list(signature.parameters.values())[skip:]
    ]
    return str(inspect.Signature(parameters))


def _magics() -> Iterator[str]:
    for name, command in COMMANDS.items():
        yield from _options(f"magic %plotly_grid {name}", command.parser)
    yield from _options("magic %plotly_render", PlotlyRender.plotly_render.parser)
    for magic in (PlotlyRender, PlotlyGrid):
        for trait in magic.class_own_traits(config=True):
            yield f"config {magic.__name__}.{trait}"


def _commands() -> Iterator[str]:
    yield from _options("command plotly-nbext", cli._parser())


def _options(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    yield name
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            shown = {choice.dest for choice in action._choices_actions}
            for command, its in action.choices.items():
                if command in shown:
                    yield from _options(f"{name} {command}", its)
        elif action.option_strings:
            yield f"{name} {' '.join(action.option_strings)}"
        else:
            yield f"{name} {(action.metavar or action.dest).upper()}"


def _variables() -> Iterator[str]:
    for file in SOURCES.rglob("*.py"):
        for name in VARIABLE.findall(file.read_text()):
            yield f"variable {name}"


def _http() -> Iterator[str]:
    described = document()
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            here = f"http {method.upper()} {path}"
            yield f"{here} -> {' '.join(sorted(operation['responses']))}"
            for parameter in operation.get("parameters", ()):
                name = parameter.get("name") or parameter["$ref"].rpartition("/")[2]
                yield f"{here} ?{name}"
    for name, schema in described["components"]["schemas"].items():
        yield from _fields(f"http {name}", schema)


def _fields(name: str, schema: dict[str, Any]) -> Iterator[str]:
    for field, inner in schema.get("properties", {}).items():
        yield f"{name}.{field}"
        yield from _fields(f"{name}.{field}", inner)
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _fields(name, part)
    if isinstance(schema.get("items"), dict):
        yield from _fields(f"{name}[]", schema["items"])


if __name__ == "__main__":
    FILE.write_text("\n".join(public()) + "\n")
