"""Many figures to images: requests side by side, so that every browser of a server has work."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from plotly_nbext.client.notices import notify
from plotly_nbext.client.progress import bar
from plotly_nbext.errors import PlotlyNbextError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plotly_nbext.client.image import Image
    from plotly_nbext.client.images import ImageRequest
    from plotly_nbext.client.session import Session

__all__ = ["rendered"]

# twice the browsers that a server starts by default: the next figure is there when one is free
IN_FLIGHT: Final = 8

PLACES_TOLD: Final = 3

_Todo = SimpleQueue["tuple[int, ImageRequest] | None"]
_Done = SimpleQueue["tuple[int, Image | Exception]"]


def rendered(
    session: Session,
    requests: Iterable[ImageRequest],
    *,
    total: int | None,
    progress: bool,
    warn: bool = True,
) -> Iterator[tuple[int, Image]]:
    """Render figures, some at a time.

    Parameters
    ----------
    session : Session
        Who renders.
    requests : iterable of ImageRequest
        The figures; the next one is drawn from it as soon as one of those before is rendered.
    total : int or None
        How many there are, if that is known.
    progress : bool
        Whether a bar is shown when it takes more than a second.
    warn : bool
        Whether what is missing in images is shown as warnings at the end.

    Yields
    ------
    tuple of int and Image
        Each figure's place, counted from 1, and its image, in the order in which they are done.

    Raises
    ------
    PlotlyNbextError
        What is wrong with the first figure that fails; the rest are not rendered then.
    """
    missing: dict[str, list[int]] = {}
    todo: _Todo = SimpleQueue()
    done: _Done = SimpleQueue()
    under_way = 0

    def next_one() -> tuple[int, Image]:
        place, image = done.get()
        if isinstance(image, Exception):
            with _about(place, total):
                raise image
        shown.advance()
        for sentence in image.warnings:
            missing.setdefault(sentence, []).append(place)
        return place, image

    workers = IN_FLIGHT if total is None else min(total, IN_FLIGHT)
    with (
        bar("Rendering", total, shown=progress, unit=" figures") as shown,
        _workers(workers, session, todo, done),
    ):
        for place, request in _placed(requests, total):
            todo.put((place, request))
            under_way += 1
            while under_way == IN_FLIGHT or (under_way and not done.empty()):
                yield next_one()
                under_way -= 1
        while under_way:
            yield next_one()
            under_way -= 1
    if warn:
        for sentence, places in missing.items():
            notify(f"{_named(sorted(places), total)}: {sentence}")


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


def _placed(
    requests: Iterable[ImageRequest], total: int | None
) -> Iterator[tuple[int, ImageRequest]]:
    """Give figures their places, counted from 1, and name the one that fails to be one."""
    place, each = 0, iter(requests)
    while True:
        place += 1
        with _about(place, total):
            try:
                request = next(each)
            except StopIteration:
                return
        yield place, request


@contextmanager
def _about(place: int, total: int | None) -> Iterator[None]:
    """Name the figure that an error is about."""
    where = _named([place], total)
    try:
        yield
    except PlotlyNbextError as error:
        error.message = f"{where}: {error.message}"
        error.args = (error.message,)
        raise
    except Exception as error:
        error.add_note(where)
        raise


def _named(places: Sequence[int], total: int | None) -> str:
    told = ", ".join(map(str, places[:PLACES_TOLD]))
    if len(places) > PLACES_TOLD:
        told += f" and {len(places) - PLACES_TOLD} more"
    return f"figure{'s' if len(places) > 1 else ''} {told}" + (f" (of {total})" if total else "")
