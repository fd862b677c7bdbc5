"""Something to do as soon as someone imports a module, which is not imported for its sake.

Importing pandas or plotly's renderers takes longer than all the rest of ``%load_ext``, and a user
who never touches them should not wait for them. (wrapt has such hooks, and takes longer to import
than the rest too.)
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Action = Callable[[ModuleType], object]

__all__ = ["forget", "when_imported"]


def when_imported(name: str, action: Action) -> None:
    """Do something with a module: now, or as soon as someone imports it.

    Parameters
    ----------
    name : str
        The module's full name.
    action : callable
        Takes the module. What was to be done with it before is forgotten.
    """
    forget(name)
    if name in sys.modules:
        action(sys.modules[name])
    else:
        sys.meta_path.insert(0, _Finder(name, action))


def forget(name: str) -> None:
    """Do nothing any more when a module is imported."""
    sys.meta_path[:] = [
        finder
        for finder in sys.meta_path
        if not (isinstance(finder, _Finder) and finder.name == name)
    ]


class _Finder(MetaPathFinder):
    """Finds a module where the others find it, and sees it loaded."""

    def __init__(self, name: str, action: Action) -> None:
        self.name = name
        self._action = action

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        for finder in sys.meta_path:
            if finder is not self and (spec := finder.find_spec(fullname, path, target)):
                if spec.loader:
                    spec.loader = _Loader(spec.loader, self._action)
                return spec
        return None


class _Loader(Loader):
    """Loads a module with its own loader, then does what is to be done with it."""

    def __init__(self, loader: Loader, action: Action) -> None:
        self._loader = loader
        self._action = action

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)  # is_package, get_resource_reader, …

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # Hand the module back to its own loader, as whoever inspects it expects that one.
        module.__loader__ = self._loader
        if module.__spec__:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        forget(module.__name__)
        self._action(module)
