"""Many figures to images: requests side by side, so that every browser of a server has work."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from plotly_nbext.client.progress import bar
from plotly_nbext.errors import (
    NotFoundError,
    PermissionDenied,
    PlotlyNbextError,
    ValidationError,
)
from plotly_nbext.notices import notify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from plotly_nbext.client.image import Image
    from plotly_nbext.client.images import ImageRequest
    from plotly_nbext.client.session import Session

__all__ = ["Batch"]

# more than a server draws at once, unless it draws on a cluster: the next figure is there when one
# is free
IN_FLIGHT: Final = 16

PLACES_TOLD: Final = 3

# what a figure, or a grid that it references, is refused with; others are no figure's fault
REFUSALS: Final = (ValidationError, NotFoundError, PermissionDenied)

_Todo = SimpleQueue["tuple[int, ImageRequest] | None"]
_Done = SimpleQueue["tuple[int, Image | Exception]"]


class Batch:
    """Figures that are rendered some at a time.

    Parameters
    ----------
    session : Session
        Who renders.
    total : int or None
        How many there are, if that is known.
    kept : str
        Where the images are that the caller was given, which an error tells.

    Attributes
    ----------
    last : int
        The place, counted from 1, of the last figure that was asked for.
    """

    def __init__(self, session: Session, total: int | None, *, kept: str) -> None:
        self.last = 0
        self._session = session
        self._total = total
        self._kept = kept
        self._missing: dict[str, list[int]] = {}
        self._failed: dict[int, Exception] = {}

    def render(
        self,
        requests: Iterable[ImageRequest],
        keep: Callable[[int, Image], object],
        *,
        progress: bool,
        warn: bool = True,
    ) -> None:
        """Render the figures.

        Parameters
        ----------
        requests : iterable of ImageRequest
            The figures; the next one is drawn from it as soon as one of those before is rendered.
        keep : callable
            What each image is given to as soon as it is rendered, with its figure's place; when
            that fails, the figure has.
        progress : bool
            Whether a bar is shown when it takes more than a second.
        warn : bool
            Whether what is missing in images is shown as warnings at the end.

        Raises
        ------
        PlotlyNbextError
            What is wrong with the first figure that fails, and which figures have no image. No
            other is begun then, and those that are under way are kept before. What is no error of
            this package says so in its notes.
        """
        todo: _Todo = SimpleQueue()
        done: _Done = SimpleQueue()
        under_way = 0

        def next_one() -> None:
            nonlocal under_way
            place, image = done.get()
            under_way -= 1
            if self._is_kept(place, image, keep):
                shown.advance()

        workers = IN_FLIGHT if self._total is None else min(self._total, IN_FLIGHT)
        with (
            bar("Rendering", self._total, shown=progress, unit=" figures") as shown,
            _workers(workers, self._session, todo, done),
        ):
            for item in self._placed(requests):
                todo.put(item)
                under_way += 1
                while under_way == IN_FLIGHT or (under_way and not done.empty()):
                    next_one()
                if self._failed:
                    break
            while under_way:
                next_one()
        try:
            if warn:
                self._tell()
        finally:  # a warning may be an error, and hides none
            if self._failed:
                raise self._first()

    def _is_kept(
        self, place: int, image: Image | Exception, keep: Callable[[int, Image], object]
    ) -> bool:
        if isinstance(image, Exception):
            self._failed[place] = image
            return False
        try:
            keep(place, image)
        except Exception as error:  # noqa: BLE001 - it is raised when the others are done
            self._failed[place] = error
            return False
        for sentence in image.warnings:
            self._missing.setdefault(sentence, []).append(place)
        return True

    def _placed(self, requests: Iterable[ImageRequest]) -> Iterator[tuple[int, ImageRequest]]:
        """Give figures their places, until one fails to be one."""
        try:
            for self.last, request in enumerate(requests, 1):
                yield self.last, request
        except Exception as error:  # noqa: BLE001 - as above
            self.last += 1
            self._failed[self.last] = error

    def _tell(self) -> None:
        for sentence, places in self._missing.items():
            notify(f"{self._named(sorted(places))}: {sentence}")

    def _first(self) -> Exception:
        """Name the figure that the first error is about, and those that have no image."""
        place = min(self._failed)
        error, where, told = self._failed[place], self._named([place]), self._told()
        if not isinstance(error, PlotlyNbextError):
            with suppress(AttributeError):  # a frozen dataclass takes no notes
                for note in (where, *told):
                    error.add_note(note)
            return error
        if isinstance(error, REFUSALS):
            error.message = f"{where}: {error.message}"
            error.args = (error.message,)
        error.hint = "\n".join([*([error.hint] if error.hint else []), *told]) or None
        return error

    def _told(self) -> list[str]:
        """Tell which figures have no image, and where those of the others are, if there are any."""
        if len(self._failed) == self.last:
            return []
        rest = [] if self.last == self._total else [f"all after {self.last}"]
        without = ", ".join([*map(str, sorted(self._failed)), *rest])
        return [f"Without an image: {without}. The others' are {self._kept}."]

    def _named(self, places: Sequence[int]) -> str:
        told = ", ".join(map(str, places[:PLACES_TOLD]))
        if len(places) > PLACES_TOLD:
            told += f" and {len(places) - PLACES_TOLD} more"
        of = f" (of {self._total})" if self._total else ""
        return f"figure{'s' if len(places) > 1 else ''} {told}{of}"


@contextmanager
def _workers(count: int, session: Session, todo: _Todo, done: _Done) -> Iterator[None]:
    """Have requests sent that are put into a queue, and their images put into another.

    When it ends early, what is under way is left to itself: nobody waits for a thread that is a
    daemon, and the server keeps what it renders.
    """

    def work() -> None:
        while item := todo.get():
            place, request = item
            try:
                done.put((place, request.send(session)))
            except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
                done.put((place, error))

    for number in range(count):
        threading.Thread(target=work, name=f"render-{number}", daemon=True).start()
    try:
        yield
    finally:
        for _ in range(count):
            todo.put(None)
