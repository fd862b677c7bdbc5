"""What the machine lacks: a browser, descriptors, room. It is said, and over when it is back."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from plotly_nbext.errors import BrowserNotFound
from plotly_nbext.server.rendering import RendererUnavailable
from plotly_nbext.server.rendering.browser import Browser

from .support import SCATTER, draw, footprints, gone, pages, started, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def works(chromium) -> str:
    """The script of a program that is a good browser."""
    return f'exec {chromium} "$@"'


@pytest.fixture
def program(tmp_path, monkeypatch, works) -> Path:
    """A browser of the test's own, which may vanish or change."""
    path = tmp_path / "bin" / "chromium"
    path.parent.mkdir()
    install(path, works)
    monkeypatch.setenv("PLOTLY_NBEXT_BROWSER", str(path))
    return path


def install(path: Path, script: str) -> None:
    """Put a program in the place of another, as package managers do."""
    new = path.with_suffix(".new")
    new.write_text(f"#!/bin/sh\n{script}\n")
    new.chmod(0o755)
    new.rename(path)


async def kill(renderer) -> None:
    """Kill the renderer's only browser."""
    (page,) = pages(renderer)
    page._browser.kill()
    await until(lambda: not page.alive, "it is gone")


@contextmanager
def no_more_descriptors() -> Iterator[None]:
    """Let this process open nothing more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def zombies() -> set[psutil.Process]:
    """Children of this process that ended and that nobody asked about."""
    children = psutil.Process().children()
    return {child for child in children if child.status() == psutil.STATUS_ZOMBIE}


async def test_a_browser_that_is_uninstalled_is_missed_only_when_a_new_one_is_needed(
    program, works
):
    async with started(browsers=1) as renderer:
        expected = await draw(renderer, SCATTER)
        program.unlink()
        assert await draw(renderer, SCATTER) == expected
        await kill(renderer)
        for _ in range(2):
            with pytest.raises(BrowserNotFound, match=str(program)):
                await draw(renderer, SCATTER)
        install(program, works)
        assert await draw(renderer, SCATTER) == expected


async def test_a_browser_upgraded_while_it_runs_works_on_and_the_next_is_the_new_one(
    program, works, tmp_path
):
    async with started(browsers=1) as renderer:
        expected = await draw(renderer, SCATTER)
        install(program, "echo 'half unpacked' >&2; exit 1")
        assert await draw(renderer, SCATTER) == expected
        await kill(renderer)
        with pytest.raises(RendererUnavailable, match="half unpacked"):
            await draw(renderer, SCATTER)
        mark = tmp_path / "started"
        install(program, f"touch {mark}; {works}")
        assert await draw(renderer, SCATTER) == expected
        assert mark.exists()


@pytest.mark.parametrize("drew_before", [False, True])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTRAP])
async def test_a_browser_that_a_signal_ends_before_its_first_word_is_tried_again(
    program, works, drew_before, number
):
    async with started(browsers=1) as renderer:
        if drew_before:
            await draw(renderer, SCATTER)
            await kill(renderer)
        install(program, f"echo 'no memory' >&2; kill -{number} $$")
        tasks = [asyncio.create_task(draw(renderer, SCATTER)) for _ in range(3)]
        for task in tasks:
            with pytest.raises(RendererUnavailable, match="no memory"):
                await task
        install(program, works)
        assert await draw(renderer, SCATTER)


async def test_a_browser_that_is_too_slow_for_its_first_word_is_tried_again(
    program, works, monkeypatch
):
    async with started(browsers=1) as renderer:
        install(program, "exec sleep 60")
        with monkeypatch.context() as hasty:
            hasty.setattr("plotly_nbext.server.rendering.page.START_TIMEOUT", 0.2)
            with pytest.raises(RendererUnavailable, match=r"longer than 0\.2 seconds"):
                await draw(renderer, SCATTER)
        install(program, works)
        assert await draw(renderer, SCATTER)


async def test_a_browser_that_ends_by_itself_and_never_answered_is_broken(program):
    install(program, "exit 255")
    async with started(browsers=1) as renderer:
        for _ in range(2):
            with pytest.raises(BrowserNotFound, match="it ended and said nothing"):
                await draw(renderer, SCATTER)


async def test_worn_pages_serve_on_while_no_browser_starts(program, monkeypatch):
    monkeypatch.setattr("plotly_nbext.server.rendering.page.WORN_RENDERS", 2)
    async with started(browsers=1) as renderer:
        await renderer.warm()
        (page,) = pages(renderer)
        starts = program.parent / "starts"
        install(program, f"echo >> {starts}; exit 1")
        for _ in range(20):
            assert await draw(renderer, SCATTER, "svg")
        await until(starts.exists, "another was started")
        assert pages(renderer) == {page}
        assert starts.read_text().count("\n") <= 2  # not one for each figure


async def test_figures_are_drawn_when_descriptors_are_used_up_save_on_new_browsers(temporary):
    async with started(browsers=1) as renderer:
        expected = await draw(renderer, SCATTER)
        before = footprints(renderer)
        with no_more_descriptors():
            assert await draw(renderer, SCATTER) == expected
            await kill(renderer)
            for _ in range(3):
                with pytest.raises(RendererUnavailable, match="Too many open files"):
                    await draw(renderer, SCATTER)
        assert await draw(renderer, SCATTER) == expected
        await gone(before)
        assert len(list(temporary.iterdir())) == 1


async def test_a_full_table_of_descriptors_leaves_no_profiles(temporary):
    async with started(browsers=1) as renderer:
        with no_more_descriptors():
            for _ in range(3):
                with pytest.raises(RendererUnavailable, match="Too many open files"):
                    await draw(renderer, SCATTER)
        assert not list(temporary.iterdir())


async def test_a_browser_that_gets_no_folder_is_told_by_the_folder(temporary):
    temporary.rmdir()
    async with started(browsers=1) as renderer:
        with pytest.raises(RendererUnavailable, match=f"No such file or directory.*{temporary}"):
            await draw(renderer, SCATTER)
        temporary.mkdir()
        assert await draw(renderer, SCATTER)


async def test_a_long_path_for_temporary_files_is_no_hindrance(temporary, monkeypatch):
    """As clusters have; a browser's socket has to lie in a short one."""
    folder = temporary / ("job" * 20)
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    async with started(browsers=1) as renderer:
        assert await draw(renderer, SCATTER)


async def test_closing_a_browser_is_not_left_half_done_by_who_does_not_wait(program, temporary):
    install(program, "exec sleep 60")
    browser = Browser.start(program, port=1, proxy=None, sandboxed=False)
    closing = asyncio.create_task(browser.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert not psutil.pid_exists(browser._process.pid)  # nor is it a zombie
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("seconds", [0, 0.1])
async def test_closing_while_a_browser_fails_leaves_nothing(program, temporary, seconds):
    install(program, f"sleep {seconds}; exit 1")
    already = zombies()
    async with started(browsers=1) as renderer:
        task = asyncio.create_task(draw(renderer, SCATTER))
        await until(lambda: list(temporary.iterdir()) or task.done(), "a browser is started")
        await asyncio.sleep(0.1)  # any moment will do: it is being started, fails, or is removed
        failed = task.done()
    with pytest.raises(BrowserNotFound if failed else RendererUnavailable):
        await task
    assert not zombies() - already
    assert not list(temporary.iterdir())
