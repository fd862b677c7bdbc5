"""What a FigureView's page sees and asks for: its traits and its commands."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import traitlets as t

from plotly_nbext.client.figures import figure_dict, figure_json
from plotly_nbext.client.image import FORMATS, format_named
from plotly_nbext.client.references import filled
from plotly_nbext.notebook.captions import well_formed
from plotly_nbext.notebook.plotly_js import PRIVATE
from plotly_nbext.notebook.widgets._answers import answering
from plotly_nbext.notebook.widgets._plotly_js import plotly_js, plotly_version
from plotly_nbext.notebook.widgets._subshell import SubshellWidget
from plotly_nbext.notebook.widgets._tuning import EDITABLE, changing, tuned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plotly_nbext.client import Client

__all__ = ["FigureProtocol"]


class _Format(t.Enum[str]):
    """One of the formats, by any of its names."""

    def validate(self, obj: Any, value: Any) -> Any:
        return super().validate(obj, format_named(value))


class _Words(t.Unicode[str, Any]):
    """A text that can be sent and written, whatever it was made of."""

    def validate(self, obj: Any, value: Any) -> str:
        return well_formed(super().validate(obj, value))


class _Figure(t.Any):
    """A figure, which may have changed in place: setting it again is a change."""

    def set(self, obj: Any, value: Any) -> None:
        obj._trait_values.pop(self.name, None)  # noqa: SLF001 - as traitlets' own set()
        super().set(obj, value)


class FigureProtocol(SubshellWidget):
    """The traits that page and Python share, and the commands of the page.

    Parameters
    ----------
    **traits
        Their first values.
    """

    figure = _Figure()
    """The figure. After it was changed in place, set it again, or call :meth:`render`."""
    format = _Format(FORMATS, "png").tag(sync=True)
    width = t.Int(None, allow_none=True, min=1).tag(sync=True)
    height = t.Int(None, allow_none=True, min=1).tag(sync=True)
    scale = t.Float(None, allow_none=True, min=0.1).tag(sync=True)
    alt = _Words().tag(sync=True)
    image = t.Bytes().tag(sync=True)
    """The content of the image file that was rendered last."""
    error = t.Dict().tag(sync=True)
    """The ``type`` and ``message`` of what kept the last rendering from ending; else empty."""
    warnings = t.List(t.Unicode()).tag(sync=True)
    """What the server says is missing in the image, and what would mend that."""
    _busy = t.Bool(default_value=False).tag(sync=True)
    _preview = t.Bytes().tag(sync=True)
    # Sent after the image that it tells of: the page shows what is there when this one comes.
    _shown = t.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._handled = threading.local()
        # How often the figure changed. It changes in one thread while another one draws.
        self._version = 0
        self._lock = threading.Lock()
        super().__init__(**traits)

    @property
    def _renderer(self) -> Client:
        """Who renders, and reads grids."""
        raise NotImplementedError

    def _changed(self) -> None:
        """Note that the figure is another one, or looks otherwise."""
        with self._lock:
            self._version += 1

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take what was set in the page."""
        with self._from_page():
            super().set_state(sync_data)

    @contextlib.contextmanager
    def _from_page(self) -> Iterator[None]:
        """Handle a message in this thread, which others wait for: nothing is drawn in it."""
        self._handled.is_message = True
        try:
            yield
        finally:
            self._handled.is_message = False

    @property
    def _is_from_page(self) -> bool:
        return getattr(self._handled, "is_message", False)

    @answering
    def _figure(self, _message: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Send the figure, with the values of the grids that it references."""
        version = self._version  # read first: what changes meanwhile is asked for again
        content = filled(self._renderer, figure_dict(self.figure))
        content = {**content, "config": {**(content.get("config") or {}), **EDITABLE, **PRIVATE}}
        return {"version": version, "plotly": plotly_version()}, [figure_json(content)]

    @answering
    def _plotly_js(self, _message: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Send plotly.js, which a page asks for once."""
        return {}, [plotly_js()]

    @answering
    def _tune(self, message: dict[str, Any]) -> dict[str, Any]:
        """Do to the figure what was done to the one in the page.

        The answer has the version that came of it, if it is another one.
        """
        steps = changing(message["steps"])
        if not steps:
            return {}
        with self._from_page():
            figure = None
            while figure is not self.figure:  # another thread may set one meanwhile
                figure = self.figure
                made = tuned(figure, steps)
            self.figure = made
            return {"version": self._version}
