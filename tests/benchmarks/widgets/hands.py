"""What a person does with a table: turns the wheel, drags the scroll bar, types."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from .frames import last_text

if TYPE_CHECKING:
    from .notebook import Notebook
    from .tables import Table

__all__ = ["Hands"]

SPEED: Final = 1_800  # of the wheel, in pixels a second: each frame has other rows
FRAME: Final = 1 / 60
ARROW: Final = 16  # at each end of a scroll bar, in pixels
GRIP: Final = 6  # into a thumb
BELOW: Final = 300


class Hands:
    """Someone at a table in a notebook."""

    def __init__(self, table: Table, notebook: Notebook) -> None:
        self._table = table
        self._notebook = notebook
        self._mouse = notebook.page.mouse
        self._keyboard = notebook.page.keyboard

    async def turn_wheel(self, seconds: float) -> dict[str, Any]:
        """Turn the wheel steadily; return what the page recorded meanwhile."""
        box = await self._box()
        session = await self._notebook.page.context.new_cdp_session(self._notebook.page)
        await self._notebook.call("probe.record", self._table.selector)
        async with asyncio.timeout(seconds * 10 + 10):
            # the browser itself turns it, frame by frame
            await session.send(
                "Input.synthesizeScrollGesture",
                {
                    "x": box["x"] + box["width"] / 2,
                    "y": box["y"] + box["height"] * 0.6,
                    "yDistance": -round(SPEED * seconds),
                    "speed": SPEED,
                    "gestureSourceType": "mouse",
                    "preventFling": True,
                },
            )
        recorded: dict[str, Any] = await self._notebook.call("probe.recorded")
        await session.detach()
        return recorded

    async def drag(self, seconds: float) -> dict[str, Any]:
        """Drag the scroll bar steadily to its middle; return what the page recorded meanwhile."""
        x, top, height = await self._grab()
        await self._notebook.call("probe.record", self._table.selector)
        count = round(seconds / FRAME)
        async with asyncio.TaskGroup() as moves:  # none waits until the one before has been seen
            for number in range(count):
                moves.create_task(self._mouse.move(x, top + number / count * height / 2))
                await asyncio.sleep(FRAME)
        recorded: dict[str, Any] = await self._notebook.call("probe.recorded")
        await self._mouse.up()
        return recorded

    async def go_to_end(self, rows: int) -> float:
        """Drag the scroll bar to its end at once; return the seconds until the last row is seen."""
        x, top, height = await self._grab()
        await self._notebook.call("probe.expect", self._table.selector, last_text(rows))
        await self._mouse.move(x, top + height + BELOW)
        milliseconds: float = await self._notebook.call("probe.arrived")
        await self._mouse.up()
        return milliseconds / 1000

    async def edit(self, text: str) -> float:
        """Type into a cell; return the seconds from Enter until the kernel has done with it."""
        x, y = await self._notebook.call("probe.integerAt", self._table.selector)
        await self._mouse.dblclick(x, y)
        await self._keyboard.press("Control+a")
        await self._keyboard.type(text)
        await self._keyboard.press("Enter")
        return await self._acknowledged(self._table.edit)

    async def save(self) -> float:
        """Save; return the seconds from the keys until the server, and then the kernel, has it."""
        await self._keyboard.press("Control+s")
        return await self._acknowledged(self._table.save)

    async def _acknowledged(self, word: str) -> float:
        milliseconds: float = await self._notebook.call("probe.acknowledged", word)
        return milliseconds / 1000

    async def _box(self) -> dict[str, float]:
        found: dict[str, float] = await self._notebook.call("probe.box", self._table.selector)
        return found

    async def _grab(self) -> tuple[float, float, float]:
        """Take the scroll bar's thumb; return where it is held, and how far it goes, about."""
        box = await self._box()
        if self._table.thumb:
            thumb = await self._notebook.call("probe.box", self._table.thumb)
            x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + GRIP
        else:
            await self._notebook.call("probe.top", self._table.selector)
            x, y = box["x"] + box["width"] - ARROW / 2, box["y"] + ARROW + GRIP
        await self._mouse.move(x, y)
        await self._mouse.down()
        return x, y, box["height"]
