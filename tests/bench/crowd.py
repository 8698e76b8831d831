"""Measures a large home: what two hundred cameras cost Home Assistant, well and all lost at once.

python -m tests.bench.crowd --result FILE [--quick] [--profile FILE]
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.demo.client import RefusedError
from tests.home import CameraSpec, Fault, Island

from .findings import Crowd, Pauses
from .lane import scene
from .machine import cpu_seconds, memory_mb
from .plan import FULL, QUICK, Plan
from .watched_hass import GARBAGE, PAUSES, PROFILE
from .watchers import OURS, WATCHERS

if TYPE_CHECKING:
    from collections.abc import Iterable

GOAL_MS: Final = 50.0
_LOST_S: Final = 30.0
_BACK_S: Final = 30.0


async def measure(plan: Plan, island: Island | None, folder: Path) -> Crowd:
    """Measure calm, and then the loss of all."""
    noted = folder / "pauses.jsonl"
    os.environ[PAUSES] = str(noted)
    cameras = [CameraSpec(f"Camera {number + 1}") for number in range(plan.crowd)]
    async with scene("crowd", cameras, island, "tests.bench.watched_hass") as here:
        process = here.process.number
        empty_share = await here.share(plan.empty_s)
        empty_mb = memory_mb(process)
        stage = await here.install(WATCHERS[OURS])
        calm_from = time.time()
        share = await here.share(plan.crowd_s)
        calm_to, held = time.time(), memory_mb(process)
        spent, begun = cpu_seconds(process), time.monotonic()
        here.home.site_fault(Fault.AP_DOWN)
        everyone = list(stage.sights)
        all_gone = await stage.watch.until(lambda: all(map(stage.gone, everyone)), _LOST_S)
        await asyncio.sleep(max(0.0, begun + _LOST_S - time.monotonic()))
        here.home.clear_site()
        await asyncio.sleep(_BACK_S)
        spent = cpu_seconds(process) - spent
        rows = [json.loads(line) for line in noted.read_text(encoding="utf-8").splitlines()]
        return Crowd(
            cameras=plan.crowd,
            seconds=plan.crowd_s,
            empty_share=empty_share,
            cpu_share=share,
            empty_mb=empty_mb,
            memory_mb=held,
            calm=pauses(row for row in rows if calm_from <= row["at"] < calm_to),
            lost=pauses(row for row in rows if calm_to <= row["at"]),
            lost_cpu_s=spent - share * (time.monotonic() - begun),
            confirmed_s=None if all_gone is None else all_gone - begun,
        )


def pauses(rows: Iterable[dict[str, float | str]]) -> Pauses:
    """Sum up what held the loop."""
    held = sorted(((float(row["held"]) * 1000, row) for row in rows), key=lambda pair: pair[0])
    if not held:
        return Pauses(calls=0, most_ms=0.0, most_cpu_ms=0.0, garbage_ms=0.0, culprit="")
    worked = {True: 0.0, False: 0.0}
    for _, row in held:
        swept = str(row["what"]).startswith(GARBAGE)
        worked[swept] = max(worked[swept], float(row["worked"]) * 1000)
    return Pauses(
        calls=sum(ms > GOAL_MS for ms, _ in held),
        most_ms=held[-1][0],
        most_cpu_ms=worked[False],
        garbage_ms=worked[True],
        culprit=str(held[-1][1]["what"]),
    )


def main() -> int:
    """Measure, and leave the result in a file."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.crowd")
    parser.add_argument("--result", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--profile", type=Path, help="where to leave a profile of Home Assistant")
    chosen = parser.parse_args()
    if chosen.profile:
        os.environ[PROFILE] = str(chosen.profile.absolute())
    # Each camera holds three sockets, and each client's connection one more.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    plan = QUICK if chosen.quick else FULL
    island = Island.settle()
    try:
        crowd = asyncio.run(measure(plan, island, chosen.result.absolute().parent))
    except RefusedError as err:
        print(f"the large home: {err}", file=sys.stderr)
        return 1
    crowd.write(chosen.result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
