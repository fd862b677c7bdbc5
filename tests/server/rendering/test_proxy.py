"""The proxy goes to allowed hosts only, to the address that it has checked, within its limits."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager, suppress

import psutil
import pytest

from plotly_nbext.server.rendering import proxy as module
from plotly_nbext.server.rendering.origins import Origin
from plotly_nbext.server.rendering.proxy import FilteringProxy, is_public

from .web import PICTURE, hosting

DEADLINE = 20


@asynccontextmanager
async def proxying(*allowed: str | Origin):
    """A proxy that goes to these hosts."""
    origins = [each if isinstance(each, Origin) else Origin.parse(each) for each in allowed]
    proxy = FilteringProxy(origins)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.close()


async def connect(proxy: FilteringProxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", int(proxy.url.rsplit(":", 1)[1]))


async def ask(proxy: FilteringProxy, request: str) -> bytes:
    """Send the head of a request and return all that comes."""
    reader, writer = await connect(proxy)
    try:
        writer.write(request.replace("\n", "\r\n").encode())
        async with asyncio.timeout(DEADLINE):
            return await reader.read()
    finally:
        writer.close()


def get(url: str, *headers: str) -> str:
    return "\n".join([f"GET {url} HTTP/1.1", "Host: elsewhere", *headers, "", ""])


async def test_an_allowed_host_is_asked_as_itself():
    async with hosting() as host, proxying(host.url) as proxy:
        cookie, key = "Cookie: a=b", "Proxy-Authorization: Basic eA=="
        answer = await ask(proxy, get(f"{host.url}/a.png?x=1", cookie, key, "Accept: image/*"))
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert answer.endswith(PICTURE)
        [head] = host.seen
        assert head.startswith("GET /a.png?x=1 HTTP/1.1")
        assert host.url.removeprefix("http://") in head
        assert "accept: image/*" in head.lower()
        for withheld in ("cookie", "authorization", "elsewhere"):
            assert withheld not in head.lower()


async def test_a_tunnel_leads_to_an_allowed_host_and_says_nothing_itself():
    async with hosting() as host:
        port = int(host.url.rsplit(":", 1)[1])
        async with proxying(Origin("https", "127.0.0.1", port)) as proxy:
            reader, writer = await connect(proxy)
            writer.write(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            writer.write(b"GET /a.png HTTP/1.1\r\n\r\n")
            async with asyncio.timeout(DEADLINE):
                assert (await reader.read()).endswith(PICTURE)
            writer.close()


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET http://127.0.0.1:1/ HTTP/1.1", 403),  # another port
        ("GET http://localhost:{port}/ HTTP/1.1", 403),  # another name
        ("GET https://127.0.0.1:{port}/ HTTP/1.1", 403),  # another scheme
        ("GET http://127.0.0.1:{port}@example.org/ HTTP/1.1", 403),
        ("CONNECT 127.0.0.1:{port} HTTP/1.1", 403),  # a tunnel, in which anything may be said
        ("POST http://127.0.0.1:{port}/ HTTP/1.1", 405),
        ("GET / HTTP/1.1", 400),
        ("GET file:///etc/passwd HTTP/1.1", 400),
        ("GET http://127.0.0.1:x/ HTTP/1.1", 400),
        ("nonsense", 400),
    ],
)
async def test_all_else_is_refused(request_line, status):
    async with hosting() as host, proxying(host.url) as proxy:
        line = request_line.format(port=host.url.rsplit(":", 1)[1])
        answer = await ask(proxy, f"{line}\nHost: 127.0.0.1\n\n")
        assert answer.startswith(b"HTTP/1.1 %d" % status)
        assert host.seen == []


async def test_an_endless_head_is_refused():
    async with proxying("http://127.0.0.1:9") as proxy:
        with suppress(ConnectionError):  # it does not read on
            answer = await ask(proxy, "GET http://127.0.0.1:9/ HTTP/1.1\n" + "X: y\n" * 50_000)
            assert answer.startswith(b"HTTP/1.1 4")


async def test_a_name_that_leads_to_this_machine_leads_nowhere():
    async with hosting() as host:
        port = int(host.url.rsplit(":", 1)[1])
        async with proxying(Origin("http", "localhost", port)) as proxy:
            answer = await ask(proxy, get(f"http://localhost:{port}/a.png"))
        assert answer.startswith(b"HTTP/1.1 403")
        assert b"own network" in answer
        assert host.seen == []


async def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_connected_to(
    monkeypatch,
):
    """A second look could give another answer than the one that was checked."""
    monkeypatch.setattr(module, "is_public", lambda _: True)
    loop = asyncio.get_running_loop()
    asked, look_up = [], loop.getaddrinfo

    async def note(host, *rest, **options):
        asked.append(host)
        return await look_up(host, *rest, **options)

    async with hosting() as host:
        port = int(host.url.rsplit(":", 1)[1])
        async with proxying(Origin("http", "localhost", port)) as proxy:
            monkeypatch.setattr(loop, "getaddrinfo", note)
            answer = await ask(proxy, get(f"http://localhost:{port}/a.png"))
    assert answer.endswith(PICTURE)
    assert asked.count("localhost") == 1


async def test_an_unknown_name_and_a_closed_port_are_told_apart_from_a_refusal():
    async with hosting() as host:
        closed = host.url
    async with proxying(closed, "http://host.invalid") as proxy:
        assert (await ask(proxy, get(f"{closed}/"))).startswith(b"HTTP/1.1 502")
        assert (await ask(proxy, get("http://host.invalid/"))).startswith(b"HTTP/1.1 502")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::", "::1", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1"),
        # an IPv4 address in the clothes of an IPv6 one
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("::7f00:1", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1", "2001:0:101:101::80ff:fffe"),
        # what was, or will be, for something else
        *("fec0::1", "5f00::1", "3fff::1", "4000::1", "100::1", "fe80::1%lo"),
    ],
)
def test_an_address_within_a_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111"])
def test_an_address_of_this_machine_is_not_public_wherever_it_lies(monkeypatch, address):
    interface = next(iter(psutil.net_if_addrs().values()))[0]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    mine = interface._replace(family=family, address=address)
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: {"eth0": [mine]})
    assert not is_public(address)
    assert is_public("1.0.0.1")


@pytest.mark.parametrize("path", ["/a.png", None], ids=["asking", "silent"])
async def test_other_users_of_this_machine_get_no_connection(monkeypatch, path):
    """Neither an answer, nor one by one all the connections that there may be."""
    async with hosting() as host, proxying(host.url) as proxy:
        other = {"user": 54321, "group": 54321, "extra_groups": []}
        if (user := os.geteuid()) != 0:  # who can't become another
            other = {}
            monkeypatch.setattr(os, "geteuid", lambda: user + 1)
        words = get(f"{host.url}{path}").replace("\n", "\r\n") if path else ""
        visitor = await asyncio.create_subprocess_exec(
            *("bash", "-c", 'exec 3<>/dev/tcp/127.0.0.1/$0; printf %s "$1" >&3; cat <&3'),
            *(proxy.url.rsplit(":", 1)[1], words),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd="/",
            **other,
        )
        async with asyncio.timeout(DEADLINE):
            answer, error = await visitor.communicate()
        assert answer == b""
        assert b"refused" not in error  # by the kernel, of a port that nobody has
        assert host.seen == []
        if user == 0:
            assert (await ask(proxy, get(f"{host.url}/a.png"))).endswith(PICTURE)


@asynccontextmanager
async def tunnelling(serve):
    """A tunnel to a host that does as it is told."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with proxying(Origin("https", "127.0.0.1", port)) as proxy:
        reader, writer = await connect(proxy)
        writer.write(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        async with asyncio.timeout(DEADLINE):
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            yield reader, writer
        writer.close()
    server.close()


async def test_a_tunnel_stays_as_long_as_it_is_used_and_is_cut_when_it_is_not(monkeypatch):
    """A browser has many figures' tiles through one."""
    monkeypatch.setattr(module, "MAX_BYTES", 500_000)
    monkeypatch.setattr(module, "IDLE_TIMEOUT", 1.0)
    tile = bytes(100_000)

    async def serve(reader, writer):
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readexactly(1):
                writer.write(tile)
        writer.close()

    async with tunnelling(serve) as (reader, writer):
        end = asyncio.get_running_loop().time() + 2.0
        tiles = 0
        while tiles < 20 or asyncio.get_running_loop().time() < end:
            writer.write(b".")
            assert await reader.readexactly(len(tile)) == tile
            tiles += 1
            await asyncio.sleep(0.02)  # well used, not busy
        with pytest.raises(ConnectionError):
            await reader.read()


async def test_a_tunnel_that_breaks_does_not_seem_to_end():
    async def serve(reader, writer):
        await reader.readexactly(1)
        writer.write(b"half of")
        await reader.readexactly(1)
        module._cut(writer)

    async with tunnelling(serve) as (reader, writer):
        writer.write(b".")
        assert await reader.readexactly(7) == b"half of"
        writer.write(b".")
        with pytest.raises(ConnectionError):
            await reader.read()


async def test_an_answer_without_an_end_is_cut(monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 1_000_000)

    async def pour(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(bytes(100_000))
            await writer.drain()

    async def pour_until_cut(reader, writer):
        try:
            await pour(reader, writer)
        except ConnectionError:
            cut.set()
        finally:
            writer.close()

    cut = asyncio.Event()
    server = await asyncio.start_server(pour_until_cut, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with proxying(url) as proxy:
        reader, writer = await connect(proxy)
        writer.write(get(url).replace("\n", "\r\n").encode())
        received = 0
        async with asyncio.timeout(DEADLINE):
            try:
                while chunk := await reader.read(1 << 16):
                    received += len(chunk)
            except ConnectionError:
                pass
            else:
                pytest.fail("this could be taken for the whole")
            await cut.wait()
        assert received <= 1_000_000
        writer.close()
    server.close()


async def test_a_host_that_is_silent_is_given_up(monkeypatch):
    monkeypatch.setattr(module, "IDLE_TIMEOUT", 0.3)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with proxying(url) as proxy:
        with pytest.raises(ConnectionError):
            await ask(proxy, get(url))
    server.close()


async def test_it_ends_with_its_connections():
    async with hosting() as host, proxying(host.url) as proxy:
        reader, writer = await connect(proxy)
        writer.write(b"GET ")
        await writer.drain()
        async with asyncio.timeout(DEADLINE):
            await proxy.close()
            with suppress(ConnectionError):
                assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tile.Example.org", "https://tile.example.org"),
        ("tile.example.org:443", "https://tile.example.org"),
        ("https://example.org/", "https://example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://example.org:80", "http://example.org"),
        ("bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_a_host_is_understood_as_a_browser_writes_it(written, meant):
    assert str(Origin.parse(written)) == meant
    assert Origin.parse(meant) == Origin.parse(written)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("*.example.org", "wildcard; name each host"),
        ("example.org/tiles", "more than a host"),
        ("user@example.org", "more than a host"),
        ("ftp://example.org", "neither http:// nor https://"),
        ("localhost", "name its IP address"),
        ("http://127.1", "no IP address"),
        ("[::1]", "IPv6"),
        ("example.org:port", "names no host"),
        ("example.org:0", "names no host"),
        ("", "names no host"),
        ("a b", "names no host"),
        ("example.org; script-src *", "wildcard"),
        ("example.org;x", "names no host"),
    ],
)
def test_what_is_no_host_is_refused_with_the_reason(written, why):
    with pytest.raises(ValueError, match=why):
        Origin.parse(written)
