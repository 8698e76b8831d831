"""Measures one watcher: a Home Assistant, a home and a network that nobody else shares.

    python -m tests.bench.lane tapo_doctor --result FILE [--quick]

A program of its own, because a network of one's own is a process's.
"""

import argparse
import asyncio
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.demo import hass_process
from tests.demo.client import RefusedError, connect
from tests.demo.reckoning import records
from tests.demo.watch import Watch
from tests.demo.workplace import prepare
from tests.home import Fault, Home, Island

from .findings import Lane
from .machine import cpu_seconds
from .plan import FULL, QUICK, Plan, Trouble
from .staging import Stage
from .watchers import OURS, WATCHERS, Watcher

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from tests.demo.client import Client
    from tests.demo.hass_process import HassProcess
    from tests.demo.workplace import Workplace
    from tests.home import CameraSpec

# Home Assistant is busy with itself for a while after its start.
_SETTLE_S: Final = 30.0
_WELL_WITHIN_S: Final = 120.0
# A person who cannot wait presses the button that often.
_PRESS_EVERY_S: Final = 30.0
# What a camera counts, under the name that the table gives it.
_COUNTED: Final = {
    "connections": "tcp_accepts",
    "requests": "http_requests",
    "logins": "login_requests",
    "searches": "udp_probes",
}


@dataclass(slots=True)
class Scene:
    """An empty Home Assistant beside a home, both running."""

    home: Home
    client: Client
    process: HassProcess
    workplace: Workplace

    async def share(self, seconds: float) -> float:
        """Say which share of a core Home Assistant takes, over some time."""
        before = cpu_seconds(self.process.number)
        begun = time.monotonic()
        await asyncio.sleep(seconds)
        spent = cpu_seconds(self.process.number) - before
        return spent / (time.monotonic() - begun)

    async def install(self, watcher: Watcher) -> Stage:
        """Set a watcher up, and wait until it is content."""
        sights = await watcher.install(self.client, self.home)
        watch = Watch()
        await watch.follow(self.client)
        stage = Stage(self.home, self.client, watch, watcher, sights)
        if missing := {camera.name for camera in self.home.cameras} - sights.keys():
            raise RefusedError(f"{watcher.domain} does not watch {', '.join(missing)}")
        if not await stage.all_well(_WELL_WITHIN_S):
            unwell = ", ".join(name for name in sights if not stage.well(name))
            raise RefusedError(f"{watcher.domain} is not content with {unwell}")
        await asyncio.sleep(_SETTLE_S)
        return stage


@asynccontextmanager
async def scene(
    name: str,
    cameras: Sequence[CameraSpec],
    island: Island | None,
    program: str = hass_process.PROGRAM,
) -> AsyncGenerator[Scene]:
    """Build the home, and start Home Assistant beside it."""
    workplace = prepare(f"bench-{name}", any_port=True)
    async with (
        Home(cameras, wires=island) as home,
        connect(workplace.url) as client,
        hass_process.running(workplace, client, program) as process,
    ):
        await client.onboard()
        await asyncio.sleep(_SETTLE_S)
        yield Scene(home, client, process, workplace)


async def measure(watcher: Watcher, plan: Plan, island: Island | None) -> Lane:
    """Measure everything that can be compared."""
    async with scene(watcher.domain, plan.cameras(), island) as here:
        empty = await here.share(plan.empty_s)
        stage = await here.install(watcher)
        count = len(here.home.cameras)
        for camera in here.home.cameras:
            camera.counters.clear()
        busy = await here.share(plan.calm_s)
        traffic = _traffic(here.home, plan.calm_s)
        said = len(records(here.workplace.log))
        outages = await stage.play(plan)
        said = len(records(here.workplace.log)) - said
        await stage.all_well(_WELL_WITHIN_S)
        await asyncio.sleep(_SETTLE_S)
        left, asked = await _lock(stage, plan)
        return Lane(
            watcher=watcher.domain,
            cameras=count,
            island=island is not None,
            calm_s=plan.calm_s,
            traffic=traffic,
            cpu_share=(busy - empty) / count,
            patience_s=plan.patience_s,
            outages=outages,
            records_per_outage=said / len(outages),
            lock_s=plan.lock_s,
            locked_logins=left,
            asked_logins=asked,
        )


def _traffic(home: Home, seconds: float) -> dict[str, float]:
    """Reckon what one camera counts in a minute."""
    minutes = seconds / 60 * len(home.cameras)
    counted = [camera.counters.as_dict() for camera in home.cameras]
    return {
        name: sum(one[counter] for one in counted) / minutes for name, counter in _COUNTED.items()
    }


async def _lock(stage: Stage, plan: Plan) -> tuple[float, float | None]:
    """Lock cameras, as another program's wrong password does, and count who still tries.

    At half of them a person asks to look again and again, where there is a button for it.
    """
    locked = [name for name, trouble, _ in plan.troubles() if trouble is not Trouble.CUT]
    half = len(locked) // 2
    for name in locked:
        stage.home.camera(name).counters.clear()
        stage.home.fault(name, Fault.LOCKED, seconds=plan.lock_s)
    until = time.monotonic() + plan.lock_s
    while (left := until - time.monotonic()) > 0:
        await asyncio.gather(*(stage.ask(name) for name in locked[:half]))
        await asyncio.sleep(min(_PRESS_EVERY_S, left))

    def logins(names: list[str]) -> float:
        counts = [stage.home.camera(name).counters.login_requests for name in names]
        return sum(counts) / len(counts)

    asks = any(sight.button for sight in stage.sights.values())
    return logins(locked[half:]), logins(locked[:half]) if asks else None


def main() -> int:
    """Measure, and leave the result in a file."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lane")
    parser.add_argument("watcher", choices=sorted(WATCHERS), default=OURS)
    parser.add_argument("--result", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    island = Island.settle()
    plan = QUICK if chosen.quick else FULL
    try:
        lane = asyncio.run(measure(WATCHERS[chosen.watcher], plan, island))
    except RefusedError as err:
        print(f"{chosen.watcher}: {err}", file=sys.stderr)
        return 1
    lane.write(chosen.result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
