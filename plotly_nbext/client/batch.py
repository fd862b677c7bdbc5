"""Many figures to images: requests side by side, so that every browser of a server has work."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from plotly_nbext.client.notices import notify
from plotly_nbext.client.progress import bar
from plotly_nbext.errors import (
    NotFoundError,
    PermissionDenied,
    PlotlyNbextError,
    ValidationError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plotly_nbext.client.image import Image
    from plotly_nbext.client.images import ImageRequest
    from plotly_nbext.client.session import Session

__all__ = ["rendered"]

# twice the browsers that a server starts by default: the next figure is there when one is free
IN_FLIGHT: Final = 8

PLACES_TOLD: Final = 3

# what a figure, or a grid that it references, is refused with; others are no figure's fault
REFUSALS: Final = (ValidationError, NotFoundError, PermissionDenied)

_Todo = SimpleQueue["tuple[int, ImageRequest] | None"]
_Done = SimpleQueue["tuple[int, Image | Exception]"]


def rendered(
    session: Session,
    requests: Iterable[ImageRequest],
    *,
    total: int | None,
    progress: bool,
    kept: str,
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
    kept : str
        Where the images are that the caller was given, which an error tells.
    warn : bool
        Whether what is missing in images is shown as warnings at the end.

    Yields
    ------
    tuple of int and Image
        Each figure's place, counted from 1, and its image, in the order in which they are done.

    Raises
    ------
    PlotlyNbextError
        What is wrong with the first figure that fails, and which figures have no image. No other
        is begun then, and those that are under way are yielded before.
    """
    missing: dict[str, list[int]] = {}
    failed: dict[int, Exception] = {}
    todo: _Todo = SimpleQueue()
    done: _Done = SimpleQueue()
    begun = under_way = 0

    def next_one() -> Iterator[tuple[int, Image]]:
        nonlocal under_way
        place, image = done.get()
        under_way -= 1
        if isinstance(image, Exception):
            failed[place] = image
            return
        shown.advance()
        for sentence in image.warnings:
            missing.setdefault(sentence, []).append(place)
        yield place, image

    workers = IN_FLIGHT if total is None else min(total, IN_FLIGHT)
    with (
        bar("Rendering", total, shown=progress, unit=" figures") as shown,
        _workers(workers, session, todo, done),
    ):
        for begun, request in _placed(requests, failed):
            todo.put((begun, request))
            under_way += 1
            while under_way == IN_FLIGHT or (under_way and not done.empty()):
                yield from next_one()
            if failed:
                break
        while under_way:
            yield from next_one()
    if warn:
        _tell(missing, total)
    if failed:
        raise _first(failed, max(begun, *failed), total, kept)


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
    requests: Iterable[ImageRequest], failed: dict[int, Exception]
) -> Iterator[tuple[int, ImageRequest]]:
    """Give figures their places, counted from 1, until one fails to be one."""
    place = 0
    try:
        for place, request in enumerate(requests, 1):
            yield place, request
    except Exception as error:  # noqa: BLE001 - it is raised when the others are done
        failed[place + 1] = error


def _tell(missing: Mapping[str, Sequence[int]], total: int | None) -> None:
    for sentence, places in missing.items():
        notify(f"{_named(sorted(places), total)}: {sentence}")


def _first(failed: Mapping[int, Exception], last: int, total: int | None, kept: str) -> Exception:
    """Name the figure that the first error is about, if it is about one, and those not rendered."""
    place = min(failed)
    error, where = failed[place], _named([place], total)
    if isinstance(error, REFUSALS):
        error.message = f"{where}: {error.message}"
        error.args = (error.message,)
    elif not isinstance(error, PlotlyNbextError):
        error.add_note(where)
    if last == len(failed):
        return error
    rest = [] if last == total else [f"all after {last}"]
    without = ", ".join([*map(str, sorted(failed)), *rest])
    told = f"Not rendered: {without}. The others are {kept}."
    if isinstance(error, PlotlyNbextError):
        error.hint = f"{error.hint}\n{told}" if error.hint else told
    else:
        error.add_note(told)
    return error


def _named(places: Sequence[int], total: int | None) -> str:
    told = ", ".join(map(str, places[:PLACES_TOLD]))
    if len(places) > PLACES_TOLD:
        told += f" and {len(places) - PLACES_TOLD} more"
    return f"figure{'s' if len(places) > 1 else ''} {told}" + (f" (of {total})" if total else "")
