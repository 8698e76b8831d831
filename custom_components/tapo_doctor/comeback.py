"""Waiting for cameras that have just got power, without alarm and without believing too soon."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from .coordinator import CameraCoordinator

# No camera starts faster: what answers sooner was never without power.
_MINIMUM_DOWN_S = 5.0
# Real cameras take 30 to 70 s; one that has shown to be slower gets twice its time.
_BACK_S = 180.0
_BACK_MOST_S = 600.0
# A look while it is starting; each costs the camera two connections.
_LOOK_EVERY_S = 5.0
_LOOK_S = 5.0
# What is back by its service is shown to be back within a few looks of its clocks.
_SHOWN_S = 20.0
# States are looked at so often where something is waited for.
_GLANCE_S = 0.5


async def async_until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, but not for ever; returns whether it is."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    while not true():
        if clock() >= end:
            return False
        await asyncio.sleep(min(_GLANCE_S, end - clock()))
    return True


@asynccontextmanager
async def expecting(cameras: Iterable[CameraCoordinator]) -> AsyncIterator[None]:
    """Let cameras be away without alarm for as long as the block lasts."""
    cameras = tuple(cameras)
    for camera in cameras:
        camera.power.async_expect_absence(expected=True)
    try:
        yield
    finally:
        for camera in cameras:
            camera.power.async_expect_absence(expected=False)


async def async_answers_anyway(cameras: Iterable[CameraCoordinator]) -> bool:
    """Whether one answers though its plug is off: then it gets its power elsewhere."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOOK_S):
            looks = (
                camera.home.senses.heartbeat(camera.chart.target, camera.chart.way)
                for camera in cameras
            )
            return any(beat.answered for beat in await asyncio.gather(*looks))
    return False


async def async_wait_back(cameras: Iterable[CameraCoordinator]) -> dict[str, float]:
    """Wait until cameras that have just got power work; seconds for each that came back."""
    cameras = tuple(cameras)
    seconds = await asyncio.gather(*(_async_wait_back(camera) for camera in cameras))
    return {
        camera.subentry_id: after
        for camera, after in zip(cameras, seconds, strict=True)
        if after is not None
    }


async def _async_wait_back(camera: CameraCoordinator) -> float | None:
    """Wait for one camera: first through its minimum downtime, then for its service."""
    clock = camera.hass.loop.time
    began, usual = clock(), camera.chart.memory.restart_s
    patience = _BACK_S if usual is None else min(max(_BACK_S, 2 * usual), _BACK_MOST_S)
    await asyncio.sleep(_MINIMUM_DOWN_S)
    while not await _async_serves(camera):
        if clock() - began >= patience:
            return None
        await asyncio.sleep(_LOOK_EVERY_S)
    after = round(clock() - began, 1)
    await camera.async_refresh()
    await async_until(lambda: camera.chart.settled and not camera.chart.offline, _SHOWN_S)
    return after


async def _async_serves(camera: CameraCoordinator) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOOK_S):
            looked = await camera.home.senses.service(camera.chart.target, stream=False)
            return looked.serving is True
    return False
