"""The magics' defaults, which the user sets in IPython's way or for a project.

IPython's configuration (``c.PlotlyRender.format = "svg"`` in ``ipython_config.py``, ``%config
PlotlyRender.format = "svg"`` in a cell) goes before the nearest ``pyproject.toml``, from the
kernel's folder up::

    [tool.plotly_nbext.render]
    format = "svg"
    width = 600
    scale = 2

    [tool.plotly_nbext.grid]
    index = "no"

The keys of these tables are the traits of ``PlotlyRender`` and ``PlotlyGrid``, which ``%config
PlotlyRender`` lists. A line's options go before all of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from traitlets import TraitError
from traitlets.config.loader import DeferredConfig

from plotly_nbext.notices import notify
from plotly_nbext.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from traitlets.config import Config, Configurable

__all__ = ["configure"]

FILE: Final = "pyproject.toml"
TABLE: Final = "tool.plotly_nbext"


def configure(parts: Mapping[str, Configurable], config: Config) -> None:
    """Set the defaults, and warn once of what in a file can't be.

    Parameters
    ----------
    parts : mapping
        What each table of the project configures, by the table's name.
    config : Config
        IPython's configuration.
    """
    file = _nearest()
    if file and (problems := list(_from_project(file, parts))):
        notify(f"{file}: " + "\n".join(problems))
    names = {type(part).__name__: part for part in parts.values()}
    sections = ((name, part, config.get(name)) for name, part in names.items())
    problems = [
        each for name, part, values in sections if values for each in _set(part, name, values)
    ]
    if problems:
        notify("\n".join(problems))


def _nearest() -> Path | None:
    folder = Path.cwd()
    files = (each / FILE for each in (folder, *folder.parents))
    return next((file for file in files if file.is_file()), None)


def _from_project(file: Path, parts: Mapping[str, Configurable]) -> Iterator[str]:
    """Set the values of the tables, and tell what is wrong with those that are not set."""
    import tomllib  # most folders have no such file

    try:
        tools = tomllib.loads(file.read_text("utf-8")).get("tool", {})
    except (OSError, ValueError) as error:  # what is no TOML, or no UTF-8, is a ValueError
        yield f"it can't be read ({error})."
        return
    except RecursionError:
        yield "it can't be read (it is nested too deeply)."
        return
    table = tools.get("plotly_nbext", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        yield f"{TABLE} must be a table, not {table!r}."
        return
    for name, values in table.items():
        key = f"{TABLE}.{name}"
        if name not in parts:
            yield _unknown(key, values, name, parts)
        elif not isinstance(values, dict):
            yield f"{key} must be a table, not {values!r}."
        else:
            yield from _set(parts[name], key, values)


def _set(part: Configurable, section: str, values: Mapping[str, Any]) -> Iterator[str]:
    traits = part.traits(config=True)
    for name, given in values.items():
        key, value = f"{section}.{name}", given
        if name not in traits:
            yield _unknown(key, value, name, traits)
            continue
        try:
            if isinstance(given, DeferredConfig):  # text of a command line
                value = given.get_value(traits[name])
            setattr(part, name, value)
        except (TraitError, ValueError):
            yield f"{key} = {value!r} is passed over: it must be {traits[name].info()}."


def _unknown(key: str, value: Any, name: str, known: Mapping[str, Any]) -> str:
    what = did_you_mean(name, known) or f"There is {', '.join(sorted(known))}."
    return f"{key} = {value!r} is passed over: there is no such key. {what}"
