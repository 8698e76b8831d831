"""A network of one's own, in which a device takes its address along."""

import subprocess
import sys

import pytest

# In a process of its own, because nobody comes back from an island.
PROGRAM = """
import asyncio, sys
from icmplib import ping
from tests.home import CameraSpec, Fault, Home, Island

island = Island.settle()
if island is None:
    sys.exit(77)

def answers(camera):
    return ping(camera.host, count=1, timeout=0.2, privileged=True).is_alive

async def main():
    async with Home([CameraSpec("garden"), CameraSpec("shed")], wires=island) as home:
        garden, shed = home.cameras
        seen = [answers(garden)]
        for fault in (Fault.VANISHED, Fault.HUNG_OPEN):
            home.fault("garden", fault)
            seen.append(answers(garden))
            home.clear()
        seen += [answers(garden), answers(shed)]
        home.site_fault(Fault.ROUTER_DOWN)
        seen.append(answers(home.gateway))
    print(seen)

asyncio.run(main())
"""


def test_a_ping_meets_silence_where_a_device_is_gone() -> None:
    """On loopback it never does, and whoever watches by ping cannot be compared there."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM], check=False, capture_output=True, text=True, timeout=30
    )
    if done.returncode == 77:
        pytest.skip("this machine allows no network of one's own")
    assert done.stdout.strip() == "[True, False, True, True, True, False]", done.stderr
