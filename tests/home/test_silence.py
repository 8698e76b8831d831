"""Silence, refusal and hanging: what TCP shows of a device, measured with real connects."""

import asyncio
from typing import TYPE_CHECKING

import pytest
from kasa import KasaException

from . import CameraSpec, Fault, Home, ManualClock
from .clients import ask, connected, is_silent, knock
from .listener import Door, Listener

if TYPE_CHECKING:
    from .connection import Connection

SPEC = CameraSpec("garden")
# python-kasa has two texts for it; the second one is for several methods at once.
TIMED_OUT = r"timed out|Timeout during multi request"


async def test_a_vanished_camera_is_silent_and_works_at_once_when_it_is_back() -> None:
    """A refusal would tell the doctor that the camera has power."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        assert await knock(camera.host, camera.port) == "open"
        home.fault("garden", Fault.VANISHED)
        assert await is_silent(camera.host, camera.port)
        assert await is_silent(camera.host, camera.rtsp_port)
        home.clear("garden")
        async with asyncio.timeout(2):
            async with connected(camera) as kasa:
                assert kasa.alias == "garden"


async def test_many_clients_of_a_vanished_camera_all_meet_silence() -> None:
    """The queue that makes the silence must not let a second or tenth client through."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.VANISHED)
        silences = [is_silent(camera.host, camera.port) for _ in range(20)]
        assert all(await asyncio.gather(*silences))
        home.clear("garden")
        knocks = [knock(camera.host, camera.port) for _ in range(20)]
        assert set(await asyncio.gather(*knocks)) == {"open"}


async def test_a_session_of_a_vanished_camera_times_out_and_is_reset_when_it_is_back() -> None:
    """A goodbye from a camera without power would shorten every measured outage."""
    async with Home([SPEC]) as home, connected(home.camera("garden"), limit=0.3) as kasa:
        home.fault("garden", Fault.VANISHED)
        with pytest.raises(KasaException, match=TIMED_OUT):
            await ask(kasa)
        home.clear("garden")
        assert await ask(kasa)


async def test_an_open_connection_falls_silent_without_a_goodbye() -> None:
    """Seen from the socket itself, below python-kasa."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        reader, writer = await asyncio.open_connection(camera.host, camera.rtsp_port)
        writer.write(b"OPTIONS rtsp://x/stream1 RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        home.fault("garden", Fault.VANISHED)
        writer.write(b"OPTIONS rtsp://x/stream1 RTSP/1.0\r\nCSeq: 2\r\n\r\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        home.clear("garden")
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(1), 2)
        writer.close()


async def test_a_hung_camera_accepts_and_never_answers() -> None:
    """The one fault in which the port looks well and nothing works."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        async with connected(camera, limit=0.3) as kasa:
            home.fault("garden", Fault.HUNG_OPEN)
            assert await knock(camera.host, camera.port) == "open"
            assert await knock(camera.host, camera.rtsp_port) == "open"
            with pytest.raises(KasaException, match=TIMED_OUT):
                await ask(kasa)
            with pytest.raises(KasaException, match=TIMED_OUT):
                await ask(kasa)
        home.clear("garden")
        async with connected(camera):
            pass


async def test_a_camera_hung_with_closed_ports_refuses() -> None:
    """A refusal is a sign of life, and must come at once."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.HUNG_CLOSED)
        assert await knock(camera.host, camera.port) == "refused"
        assert await knock(camera.host, camera.rtsp_port) == "refused"
        home.fault("garden", Fault.HUNG_CLOSED, rtsp=True)
        assert await knock(camera.host, camera.port) == "refused"
        assert await knock(camera.host, camera.rtsp_port) == "open"
        home.clear("garden")
        assert await knock(camera.host, camera.port) == "open"


async def test_only_the_stream_may_be_down() -> None:
    """The control port's health must not be mistaken for the stream's."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.RTSP_DOWN)
        assert await knock(camera.host, camera.rtsp_port) == "refused"
        assert await knock(camera.host, camera.port) == "open"


async def test_the_stream_asks_for_the_camera_account() -> None:
    """Its 401 is how a probe without a password sees that the stream lives."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        reader, writer = await asyncio.open_connection(camera.host, camera.rtsp_port)
        writer.write(b"DESCRIBE rtsp://x/stream1 RTSP/1.0\r\nCSeq: 7\r\n\r\n")
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 7\r\n")
        assert b"WWW-Authenticate: Digest" in answer
        writer.write(b"nonsense\r\n\r\n")
        assert b"400" in await reader.read()
        writer.close()
        assert camera.counters.rtsp_requests == 2


async def test_a_slow_camera_answers_when_its_time_has_come() -> None:
    """Slow is not gone: a probe with patience has to get its answer."""
    clock = ManualClock()
    async with Home([SPEC], clock=clock) as home:
        camera = home.camera("garden")
        async with connected(camera) as kasa:
            home.fault("garden", Fault.SLOW, seconds=8)
            before = camera.counters.http_requests
            question = asyncio.create_task(ask(kasa))
            while camera.counters.http_requests == before:  # noqa: ASYNC110 - only this tells
                await asyncio.sleep(0)
            await asyncio.sleep(0.05)
            assert not question.done()
            clock.advance(8)
            assert await question


async def test_faults_can_be_put_on_top_of_each_other() -> None:
    """Real trouble comes in pairs; taking one off must leave the other on."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.VANISHED)
        home.fault("garden", Fault.HUNG_CLOSED)
        assert await is_silent(camera.host, camera.port)
        home.clear("garden", Fault.VANISHED)
        assert await knock(camera.host, camera.port) == "refused"
        home.clear()
        assert await knock(camera.host, camera.port) == "open"


@pytest.mark.parametrize("first", Door)
@pytest.mark.parametrize("second", Door)
async def test_a_port_can_go_from_any_state_to_any_other(first: Door, second: Door) -> None:
    """A switchboard that sticks would give a wrong home to every test after it."""

    async def echo(connection: Connection) -> None:
        while data := await connection.read():
            await connection.write(data)

    expected = {
        Door.OPEN: "open",
        Door.HANGING: "open",
        Door.SHUT: "refused",
        Door.DEAF: "silent",
        Door.SILENT: "silent",
    }
    host, port = f"127.63.0.{1 + list(Door).index(first) * 5 + list(Door).index(second)}", 4999
    listener = Listener(host, port, echo, lambda: None)
    for door in (first, second):
        listener.set(door)
    if expected[second] == "silent":
        assert await is_silent(host, port, 0.05)
    else:
        assert await knock(host, port) == expected[second]
    listener.set(Door.OPEN)
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"well?")
    assert await reader.readexactly(5) == b"well?"
    writer.close()
    await listener.close()


async def test_a_deaf_moment_loses_new_connections_and_keeps_the_open_ones() -> None:
    """A lost SYN costs a second; it must not cost a session."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        async with connected(camera) as kasa:
            home.fault("garden", Fault.WEAK_SIGNAL, loss=1.0, delay=0.0)
            assert await is_silent(camera.host, camera.port)
            assert await ask(kasa)
            home.clear("garden")
            assert await knock(camera.host, camera.port) == "open"
