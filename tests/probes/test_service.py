"""Does the camera still do its work? Connections, but no login."""

import asyncio
import errno
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.doctor.evidence import PortState
from custom_components.tapo_doctor.probes.findings import Hello, Service, Target
from custom_components.tapo_doctor.probes.service import knock_all, service
from tests.home import CameraSpec, Fault, Home

from .conftest import SOMEWHERE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    type Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PATIENCE = 0.2
PORT = 4443


async def look(home: Home, *, stream: bool = False) -> Service:
    """Look at the camera of a home."""
    camera = home.camera("garden")
    target = Target(host=camera.host, port=camera.port)
    return await service(target, stream=stream, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("fault", "state", "hello"),
    [
        (None, PortState.OPEN, Hello.OK),
        (Fault.LOGIN_REFUSED, PortState.OPEN, Hello.OK),
        (Fault.LOCKED, PortState.OPEN, Hello.OK),
        (Fault.HUNG_OPEN, PortState.OPEN, Hello.SILENT),
        (Fault.HUNG_CLOSED, PortState.REFUSED, None),
        (Fault.VANISHED, PortState.SILENT, None),
        (Fault.TLS_GARBAGE, PortState.OPEN, Hello.BROKEN),
        (Fault.ACCEPT_RESET, PortState.OPEN, Hello.BROKEN),
    ],
)
async def test_the_state_of_the_control_service_is_told(
    fault: Fault | None, state: PortState, hello: Hello | None
) -> None:
    """A camera that hangs still accepts connections; only its greeting tells."""
    async with Home([CameraSpec("garden")]) as home:
        if fault is not None:
            home.fault("garden", fault)
        seen = await look(home)
        assert seen == Service(ports={PORT: state}, hello=hello)
        assert seen.serving is (hello is Hello.OK)


async def test_a_look_costs_one_connection_and_no_login() -> None:
    """Once a minute for years: it must neither be counted nor evict anybody."""
    async with Home([CameraSpec("garden")]) as home:
        await look(home)
        counters = home.camera("garden").counters
        assert counters.tcp_accepts == 1
        assert counters.http_requests == counters.login_requests == 0


async def test_the_stream_is_looked_at_only_where_it_was_seen() -> None:
    """Battery cameras have none, and a closed port would be held against them."""
    async with Home([CameraSpec("garden")]) as home:
        assert (await look(home)).ports.keys() == {PORT}
        # Nobody listens at 554 in the simulated home, so the kernel refuses there.
        assert (await look(home, stream=True)).ports == {
            PORT: PortState.OPEN,
            554: PortState.REFUSED,
        }


async def test_a_stream_that_cannot_be_looked_at_is_left_out(
    fails: Callable[[OSError], None],
) -> None:
    """Could not look is not the same as not there."""
    fails(OSError(errno.ENETUNREACH, "no network"))
    seen = await service(Target(host=SOMEWHERE), stream=True)
    assert seen == Service(ports={}, hello=None)
    assert seen.serving is None


@asynccontextmanager
async def server(talk: Talk) -> AsyncGenerator[Target]:
    """Something that answers in its own way."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with running:
        yield Target(host="127.0.0.1", port=running.sockets[0].getsockname()[1])


async def test_no_flood_is_read_to_its_end() -> None:
    """What is no TLS is given up at its first bytes, not after ten megabytes."""
    sent = 0

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        while sent < 50 << 20:
            writer.write(b"\x16\x03\x03\x40\x00" + b"x" * 65536)
            await writer.drain()
            sent += 65541

    async with server(flood) as target:
        seen = await service(target, stream=False, timeout=1)
    assert seen.hello is Hello.BROKEN
    assert sent < 10 << 20


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"\x16\x03\x03\xff\xff",
        b"SSH-2.0-dropbear\r\n",
    ],
    ids=["nothing", "HTTP", "TLS alert", "half a record", "SSH"],
)
async def test_whatever_greets_in_another_way_is_broken(answer: bytes) -> None:
    """Printers, routers and remote shells: no exception, no traceback."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.write_eof()
        await writer.drain()
        await reader.read()

    async with server(talk) as target:
        seen = await service(target, stream=False, timeout=1)
    assert seen.ports == {target.port: PortState.OPEN}
    assert seen.hello is Hello.BROKEN


async def test_a_greeting_that_never_ends_is_silence() -> None:
    """Half a greeting is a service that serves nobody."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x16")
        await reader.read()  # Until the other side has had enough.

    async with server(talk) as target:
        seen = await service(target, stream=False, timeout=PATIENCE)
    assert seen.hello is Hello.SILENT


async def test_several_ports_are_knocked_at_side_by_side() -> None:
    """Which of them are dead tells a part that hangs from a camera that is gone."""
    async with Home([CameraSpec("garden")]) as home:
        garden = home.camera("garden")
        home.fault("garden", Fault.HUNG_CLOSED, rtsp=True)
        seen = await knock_all(garden.host, (garden.port, garden.rtsp_port), timeout=PATIENCE)
        assert seen == {garden.port: PortState.REFUSED, garden.rtsp_port: PortState.OPEN}


async def test_a_port_that_could_not_be_looked_at_is_left_out(
    fails: Callable[[OSError], None],
) -> None:
    """Without a network of our own no port is closed."""
    fails(OSError(errno.ENETUNREACH, "no"))
    assert await knock_all(SOMEWHERE, (443, 554)) == {}
