"""Killing a real Home Assistant at any moment of a power cycle never leaves a camera dark."""

import asyncio
import contextlib
import json
import random
import sys
from typing import TYPE_CHECKING, Any

import pytest

from .home import CameraSpec, Home, PlugSpec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

# At full speed: what is covered here is covered by the tests of each module.
pytestmark = pytest.mark.no_cover

ROUNDS = 20
# Side by side, for as many cores; each with a camera and a plug of its own.
LANES = 2
# From before the first byte is written until after the plug has been on for a while.
SPAN_S = 2.5
ANSWER_S = 40.0


@contextlib.asynccontextmanager
async def lane(plan: dict[str, Any]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a process in which one Home Assistant after another lives and dies."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.kill",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await say(process, json.dumps(plan))
        assert await hear(process) == "ready"
        yield process
    finally:
        process.kill()
        await process.wait()


async def say(process: asyncio.subprocess.Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())
    await process.stdin.drain()


async def hear(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(ANSWER_S):
        return (await process.stdout.readline()).decode().strip()


async def die_again_and_again(
    home: Home, number: int, folder: Path, moments: list[float]
) -> list[tuple[bool, bool, bool]]:
    """Kill it at these moments; tell for each: dark, owed, and on after the next start."""
    camera, plug = home.cameras[number], home.plugs[number]
    plan = {
        "folder": str(folder),
        "account": home.account,
        "plug": {"host": plug.host, "port": plug.port},
        "camera": {"host": camera.host, "port": camera.port, "mac": camera.identity[0]},
    }
    seen = []
    async with lane(plan) as process:
        for moment in moments:
            await say(process, str(moment))
            owed = json.loads(await hear(process))["owed"]
            dark = not plug.is_on
            await say(process, "go on")
            assert await hear(process) == "mended"
            seen.append((dark, owed, plug.is_on))
            plug.turn_on()
    return seen


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("loopback")
async def test_a_camera_is_never_left_dark(tmp_path: Path) -> None:
    """The worst thing that this software could do."""
    dice = random.Random(20261122)
    names = [f"camera {number}" for number in range(LANES)]
    cameras = [CameraSpec(name, plug=f"plug of {name}") for name in names]
    plugs = [PlugSpec(f"plug of {name}") for name in names]
    for name in names:
        (tmp_path / name).mkdir()
    async with Home(cameras, plugs) as home:
        lanes = await asyncio.gather(
            *(
                die_again_and_again(
                    home,
                    number,
                    tmp_path / names[number],
                    [dice.uniform(0, SPAN_S) for _ in range(ROUNDS // LANES)],
                )
                for number in range(LANES)
            )
        )
    seen = [one for lived in lanes for one in lived]
    assert len(seen) == ROUNDS
    assert all(on for _, _, on in seen)
    assert all(owed for dark, owed, _ in seen if dark), "what is dark is owed"
    assert sum(dark for dark, _, _ in seen) >= 2, "else nothing was tried"
