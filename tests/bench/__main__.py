"""Measures the doctor side by side with what Home Assistant has of its own.

scripts/bench            everything: half an hour
scripts/bench --quick    less of everything: eight minutes
scripts/bench --json F   the same, and the figures as JSON
"""

import argparse
import asyncio
import datetime as dt
import json
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from . import machine
from .findings import Crowd, Lane
from .table import render
from .watchers import WATCHERS

_STOP_S: Final = 45.0


class FailedError(Exception):
    """A measurement did not come to its end."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer cameras and shorter looks")
    parser.add_argument("--only", choices=sorted([*WATCHERS, "crowd"]), help="one part of it")
    parser.add_argument("--profile", type=Path, help="where to leave a profile of the large home")
    parser.add_argument("--json", type=Path, help="where to leave the figures")
    chosen = parser.parse_args()
    try:
        return asyncio.run(_until_told(chosen))
    except asyncio.CancelledError:
        return 130
    except FailedError as err:
        print(err, file=sys.stderr)
        return 1


async def _until_told(chosen: argparse.Namespace) -> int:
    """Measure, and end in good order when somebody wants that."""
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    quick = ["--quick"] if chosen.quick else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        watchers = [one for one in WATCHERS if chosen.only in {None, one}]
        print(f"side by side: {', '.join(watchers) or '-'} …", flush=True)
        # Each has a Home Assistant of its own, and waits most of the time.
        await asyncio.gather(
            *(_run(folder / one, "tests.bench.lane", one, *quick) for one in watchers)
        )
        lanes = [Lane.read(folder / one) for one in watchers]
        crowd = None
        if chosen.only in {None, "crowd"}:
            print("a large home …", flush=True)
            profile = ["--profile", str(chosen.profile)] if chosen.profile else []
            # By itself: others at work would show as pauses.
            await _run(folder / "crowd", "tests.bench.crowd", *quick, *profile)
            crowd = Crowd.read(folder / "crowd")
    about, date = machine.describe(), f"{dt.datetime.now().astimezone():%Y-%m-%d}"
    print(f"\n{render(about, date, lanes, crowd)}")
    if chosen.json:
        figures = {
            "date": date,
            **about,
            "side_by_side": [asdict(lane) for lane in lanes],
            "large_home": None if crowd is None else asdict(crowd),
        }
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


async def _run(result: Path, program: str, *words: str) -> None:
    """Run one measurement as a program of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", program, *words, "--result", str(result)
    )
    try:
        if await process.wait():
            raise FailedError(f"{program} {' '.join(words)} failed")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(_STOP_S):
                await process.wait()


if __name__ == "__main__":
    sys.exit(main())
