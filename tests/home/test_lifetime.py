"""What the home leaves behind: nothing. And its clock, on which everything hangs."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from . import CameraSpec, Clock, Fault, Home, ManualClock, PlugSpec
from .clients import connected, knock


def open_sockets() -> int:
    """Count this process's sockets; one may close while we look."""
    count = 0
    for file in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            count += str(file.readlink()).startswith("socket:")
    return count


async def test_nothing_is_left_when_the_home_closes() -> None:
    """A leaked socket or task would fail some other test, far from here."""
    async with Home([CameraSpec("warm-up")]) as home, connected(home.camera("warm-up")):
        pass
    await asyncio.sleep(0)
    sockets, tasks = open_sockets(), asyncio.all_tasks()
    faults = [
        (Fault.VANISHED, {}),
        (Fault.HUNG_OPEN, {}),
        (Fault.HUNG_CLOSED, {}),
        (Fault.WEAK_SIGNAL, {"loss": 1.0}),
        (Fault.BOOT_LOOP, {}),
        (Fault.LOCKED, {}),
        (Fault.MOVED, {}),
        (Fault.SLOW, {}),
    ]
    cameras = [CameraSpec(str(fault)) for fault, _ in faults]
    writers = []
    async with Home(cameras, [PlugSpec("plug")]) as home:
        for camera in home.cameras:
            _, writer = await asyncio.open_connection(camera.host, camera.rtsp_port)
            writers.append(writer)
        for fault, options in faults:
            home.fault(str(fault), fault, **options)
        await knock(home.camera("hung_open").host, home.camera("hung_open").port)
    assert asyncio.all_tasks() == tasks
    for writer in writers:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    async with asyncio.timeout(2):
        while open_sockets() > sockets:  # noqa: ASYNC110 - the kernel sends no event
            await asyncio.sleep(0.01)


async def test_a_hung_camera_does_not_collect_the_clients_that_gave_up() -> None:
    """A demo runs for days; each poll of a hung camera leaves a connection."""
    async with Home([CameraSpec("garden")]) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.HUNG_OPEN)
        for _ in range(20):
            assert await knock(camera.host, camera.port) == "open"
        (place,) = camera.places
        async with asyncio.timeout(2):
            while place.listeners[camera.port].conversations:  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.01)
        assert camera.counters.tcp_accepts == 20


async def test_a_busy_base_is_passed_over() -> None:
    """Workers of one test run must not have to agree on addresses."""
    async with Home([CameraSpec("garden")]) as first, Home([CameraSpec("garden")]) as second:
        assert first.base != second.base
        for home in (first, second):
            async with connected(home.camera("garden")) as kasa:
                assert kasa.mac == home.camera("garden").mac


async def test_a_clock_by_hand_does_things_in_their_order() -> None:
    """Timed stories are only worth something if they come out the same each time."""
    clock = ManualClock()
    done: list[tuple[str, float]] = []
    clock.call_later(2, lambda: done.append(("second", clock.now())))

    def plan_more() -> None:
        clock.call_later(0.5, lambda: done.append(("first", clock.now())))

    clock.call_later(1, plan_more)
    clock.call_later(1.8, lambda: done.append(("never", 0))).cancel()
    clock.advance(1.9)
    assert done == [("first", 1.5)]
    clock.advance(10)
    assert done[1:] == [("second", 2)]
    assert clock.now() == pytest.approx(11.9)
    nap = asyncio.create_task(clock.sleep(3))
    await asyncio.sleep(0)
    clock.advance(3)
    await asyncio.wait_for(nap, 1)


async def test_a_fast_clock_makes_long_waits_short() -> None:
    """A demo must not wait for a lock's thirty minutes."""
    clock = Clock(scale=10_000)
    before = clock.now()
    await clock.sleep(100)
    assert clock.now() - before >= 90
    gone = asyncio.Event()
    clock.call_later(100, gone.set)
    await asyncio.wait_for(gone.wait(), 1)
    with pytest.raises(ValueError, match="forwards"):
        Clock(0)
