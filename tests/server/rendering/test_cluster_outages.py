"""A Dask cluster that is away, comes back, or has nobody who can draw."""

from __future__ import annotations

import asyncio
import logging
import time

import dask.config
import pytest
import trustme

from plotly_nbext.errors import ServiceError
from plotly_nbext.server.rendering import Renderer, RenderError, RendererUnavailable
from plotly_nbext.server.rendering.cluster import link

from .clusters import Cluster, drawing_on, free_port, has_slots, kill, until_processing
from .support import SCATTER, SMALL, draw, footprints, gone, titled, until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.cluster]

SLOW = {"data": [{"type": "scatter", "mode": "markers", "y": [i % 97 for i in range(20_000)]}]}


@pytest.fixture
def cluster(tmp_path):
    """A scheduler that lets nobody kill a second worker."""
    cluster = Cluster(tmp_path, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    yield cluster
    cluster.stop()


@pytest.fixture
def patient(tmp_path):
    """A scheduler that sends a figure to another worker when it has lost one."""
    cluster = Cluster(tmp_path, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="3")
    yield cluster
    cluster.stop()


class Nowhere:
    """Where no scheduler is."""

    def __init__(self) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"


@pytest.fixture
def soon(monkeypatch):
    """Figures wait for a cluster for less long."""
    monkeypatch.setattr(link, "PATIENCE", 2.0)


@pytest.mark.usefixtures("soon")
async def test_without_a_scheduler_figures_are_refused_before_long():
    async with drawing_on(Nowhere()) as renderer:
        begun = time.monotonic()
        for _ in range(3):
            with pytest.raises(RendererUnavailable, match="scheduler can't be reached"):
                await draw(renderer, SCATTER)
        assert time.monotonic() - begun < 15
        assert await renderer.ready() == "The Dask scheduler can't be reached."


@pytest.mark.usefixtures("soon")
async def test_this_machine_draws_instead_only_where_the_operator_says_so_and_that_is_logged_once(
    caplog,
):
    caplog.set_level(logging.WARNING, "plotly_nbext")
    async with drawing_on(Nowhere(), local=Renderer(1)) as renderer:
        assert await renderer.ready() is None
        images = [await draw(renderer, titled(str(n)), **SMALL) for n in range(3)]
        assert len(set(images)) == 3
        assert await renderer.edition.name() == await renderer._local.edition.name()
        left = footprints(renderer._local)
    await gone(left)
    (told,) = [record.message for record in caplog.records if "Dask" in record.message]
    assert told.endswith("no figures, and this machine does: The Dask scheduler can't be reached.")


@pytest.mark.usefixtures("soon")
async def test_without_workers_and_without_their_browsers_the_reason_is_told(cluster):
    async with drawing_on(cluster) as renderer:
        with pytest.raises(RendererUnavailable, match="has no workers"):
            await draw(renderer, SCATTER)
        cluster.start_worker(PLOTLY_NBEXT_BROWSER="/no/such/browser")
        await until(lambda: "PLOTLY_NBEXT_BROWSER" in renderer._link.problem, "the lack is told")
        with pytest.raises(RendererUnavailable, match="No worker of the Dask cluster has browsers"):
            await draw(renderer, SCATTER)
        cluster.start_worker()
        await has_slots(renderer, 1)
        assert await draw(renderer, SCATTER)


@pytest.mark.usefixtures("soon")
async def test_a_scheduler_that_is_killed_is_found_again_when_it_is_back(cluster):
    cluster.start_worker()
    async with drawing_on(cluster, slots=1) as renderer:
        before = await draw(renderer, SCATTER)
        drawing = asyncio.create_task(draw(renderer, SLOW, **SMALL))
        await until_processing(renderer, 1)
        kill(cluster.scheduler)
        with pytest.raises(RendererUnavailable):
            async with asyncio.timeout(20):
                await drawing
        assert await renderer.ready() == "The Dask scheduler can't be reached."
        cluster.start_scheduler()
        cluster.start_worker()
        await until(lambda: renderer._link.problem is None, "it draws again")
        assert await draw(renderer, SCATTER) == before
        assert await renderer.ready() is None


async def test_a_figure_in_work_outlives_a_scheduler_that_is_soon_back(cluster):
    cluster.start_worker()
    async with drawing_on(cluster, slots=1) as renderer:
        drawing = asyncio.create_task(draw(renderer, SLOW, **SMALL))
        await until_processing(renderer, 1)
        kill(cluster.scheduler)
        cluster.start_scheduler()
        cluster.start_worker()
        async with asyncio.timeout(40):
            assert await drawing


async def test_a_figure_of_the_only_worker_waits_for_the_next_when_that_is_killed(patient):
    patient.start_worker()
    async with drawing_on(patient, slots=1) as renderer:
        drawing = asyncio.create_task(draw(renderer, SLOW, **SMALL))
        await until_processing(renderer, 1)
        kill(patient.workers.pop())
        patient.start_worker()
        async with asyncio.timeout(40):
            assert await drawing


async def test_a_figure_that_takes_workers_down_is_refused_when_dask_gives_it_up(cluster):
    cluster.start_worker()
    async with drawing_on(cluster, slots=1) as renderer:
        drawing = asyncio.create_task(draw(renderer, SLOW, **SMALL))
        await until_processing(renderer, 1)
        kill(cluster.workers.pop())
        with pytest.raises(RenderError, match="1 worker"):
            async with asyncio.timeout(20):
                await drawing


async def test_dask_is_named_where_it_is_missing(monkeypatch):
    from plotly_nbext import cli_serve

    monkeypatch.setattr(cli_serve, "find_spec", lambda _name: None)
    with pytest.raises(ServiceError, match=r'pip install "plotly_nbext\[dask\]"'):
        cli_serve._need_dask()


async def test_a_server_answers_503_without_its_cluster_and_says_when_to_come_again(serve):
    def ask() -> None:
        with serve("--dask-scheduler", Nowhere().address).user() as user:
            refused = user.expect(503, "POST", "/v2/images", json={"figure": SCATTER})
            assert int(refused.headers["Retry-After"]) > 0
            assert refused.json()["detail"] == "The Dask scheduler can't be reached."
            user.expect(503, "GET", "/readyz")
            user.expect(201, "POST", "/v2/plots", json={"figure": SCATTER})

    await asyncio.to_thread(ask)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--dask-scheduler", "scheduler"], "it is an address such as tcp://HOST:8786"),
        (["--render-here-without-cluster"], "goes with --dask-scheduler"),
    ],
)
async def test_options_that_make_no_sense_are_refused(options, message, capsys):
    from plotly_nbext.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["serve", *options])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


async def test_a_cluster_may_want_certificates(tmp_path):
    authority = trustme.CA()
    cert, key, ca = (tmp_path / name for name in ("cert.pem", "key.pem", "ca.pem"))
    issued = authority.issue_cert("127.0.0.1")
    cert.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(ca)
    files = ("--tls-ca-file", str(ca), "--tls-cert", str(cert), "--tls-key", str(key))
    cluster = Cluster(tmp_path, *files, protocol="tls")
    try:
        cluster.start_worker()
        tls = {"ca-file": ca, "client.cert": cert, "client.key": key}
        with dask.config.set({f"distributed.comm.tls.{name}": str(tls[name]) for name in tls}):
            async with drawing_on(cluster, slots=1) as renderer:
                assert await draw(renderer, SCATTER)
    finally:
        cluster.stop()
