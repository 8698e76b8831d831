"""Plays a story of failures in a simulated home to a real Home Assistant.

scripts/demo            for people: with a dashboard, one failure after another
scripts/demo --check    without a person: exits 0 only if every failure was seen and named
"""

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import time
from typing import TYPE_CHECKING, Final

from custom_components.tapo_doctor.doctor.presence import HEARTBEAT, SERVICE, Sensitivity

from . import cast, dashboard, hass_process, installing, reckoning, story
from .client import RefusedError, connect
from .playing import Finding, play
from .stage import Stage
from .watch import Watch
from .workplace import USER, InUseError, Workplace, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.home import Home

    from .client import Client
    from .hass_process import HassProcess

# Long enough to look at, and to read what is written there.
HOLD_S: Final = 25.0
PAUSE_S: Final = 8.0
CHECK_HOLD_S: Final = 3.0
WELL_WITHIN_S: Final = 60.0


def main() -> int:
    """Run the demo or the check."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="play it without a person and judge what came of it"
    )
    parser.add_argument(
        "--seed", type=int, help="of the moments at which things fail, to repeat a check"
    )
    chosen = parser.parse_args()
    try:
        return asyncio.run(_until_told(check=chosen.check, seed=chosen.seed))
    except asyncio.CancelledError:
        return 130
    except InUseError:
        print("Another demo is running in this checkout.", file=sys.stderr)
        return 1


async def _until_told(*, check: bool, seed: int | None) -> int:
    """Run, and end in good order when somebody wants that: by Ctrl-C, or from outside."""
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    workplace = prepare("check" if check else "home", any_port=check)
    try:
        async with cast.build(extras=check) as home, connect(workplace.url) as client:
            async with hass_process.running(workplace, client) as process:
                stage, set_up_s = await _set_the_stage(home, client, process, workplace)
                if not check:
                    await _tell(stage)
                findings = await _check(stage, seed)
            return _judge(workplace, findings, set_up_s)
    except RefusedError as err:
        print(f"{err}\nWhat Home Assistant says is in {workplace.log}", file=sys.stderr)
        return 1


async def _set_the_stage(
    home: Home, client: Client, process: HassProcess, workplace: Workplace
) -> tuple[Stage, float]:
    """Set everything up, and start Home Assistant once more with it."""
    stage = Stage(home, client, Watch(), "", {}, time.monotonic())
    stage.say(f"Home Assistant is up at {workplace.url}")
    await client.onboard()
    stage.entry_id = await installing.install(client, home)
    await installing.show_everything(client, stage.entry_id)
    stage.entities = await installing.entities_of(client, stage.entry_id)
    path = await dashboard.build(client, stage)
    stage.say("everything is set up; it starts once more, to see what that costs")
    await client.hang_up()
    await process.stop()
    await process.start(client)
    await client.call_up()
    await stage.watch.follow(client)
    everyone = list(stage.entities)
    fine = lambda: all(stage.well(camera) for camera in everyone)  # noqa: E731
    if await stage.watch.until(fine, WELL_WITHIN_S) is None:
        unwell = "; ".join(stage.chart(camera) for camera in everyone if not stage.well(camera))
        raise RefusedError(f"not all cameras are well at the start: {unwell}")
    timings = {row["domain"]: row["seconds"] for row in await client.ask("integration/setup_info")}
    stage.say(f"{len(everyone)} cameras are watched: {workplace.url}/{path}")
    stage.say(f"no login is needed on this machine (user {USER}, password {USER})")
    return stage, float(timings[installing.DOMAIN])


async def _check(stage: Stage, seed: int | None) -> list[Finding]:
    """Play all acts; the chapters of one act begin at moments that the polls know nothing of."""
    seed = random.randrange(10**6) if seed is None else seed
    stage.say(f"the moments of the failures come from --seed {seed}")
    dice = random.Random(seed)
    findings: list[Finding] = []
    for act in story.checked():
        played = await asyncio.gather(
            *(_later(stage, chapter, delay) for chapter, delay in _moments(act, dice))
        )
        findings += [finding for chapter in played for finding in chapter]
    return findings


def _moments(
    act: list[story.Chapter], dice: random.Random
) -> Iterator[tuple[story.Chapter, float]]:
    """Choose when each chapter begins: anywhere in the interval of the clock that sees it."""
    hangs = [chapter for chapter in act if chapter.kind is story.Kind.HUNG]
    for chapter in act:
        if chapter.kind is story.Kind.HUNG:
            share = (hangs.index(chapter) + dice.random()) / len(hangs)
            yield chapter, share * SERVICE.interval
        else:
            yield chapter, dice.uniform(0, HEARTBEAT[Sensitivity.NORMAL].interval)


async def _later(stage: Stage, chapter: story.Chapter, delay: float) -> list[Finding]:
    await asyncio.sleep(delay)
    return await play(stage, chapter, hold=CHECK_HOLD_S)


def _judge(workplace: Workplace, findings: list[Finding], set_up_s: float) -> int:
    """Print what came of it."""
    figures = reckoning.goals(findings, set_up_s)
    print(reckoning.table(findings, figures))
    complaints = [text for finding in findings for text in finding.complaints]
    complaints += [text for figure in figures for text in figure.complaints()]
    complaints += reckoning.log_complaints(workplace.log)
    for complaint in complaints:
        print(f"FAILED: {complaint}")
    if complaints:
        print(f"What Home Assistant said is in {workplace.log}")
        return 1
    print(f"All {len(findings)} failures were seen, and their causes named.")
    return 0


async def _tell(stage: Stage) -> None:
    """Tell the story to a person, again and again until Ctrl-C."""
    while True:
        chapters = story.told()
        for number, chapter in enumerate(chapters, 1):
            await asyncio.sleep(PAUSE_S)
            stage.say(f"-- {number} of {len(chapters)}")
            await play(stage, chapter, hold=HOLD_S)
        stage.say("That was the story. Enter plays it again, Ctrl-C ends everything.")
        await _enter()


async def _enter() -> None:
    """Wait for a line at the terminal; without one, for ever."""
    pressed = asyncio.Event()
    if sys.stdin.isatty():
        with contextlib.suppress(OSError):
            asyncio.get_running_loop().add_reader(sys.stdin, pressed.set)
    await pressed.wait()
    asyncio.get_running_loop().remove_reader(sys.stdin)
    sys.stdin.readline()


if __name__ == "__main__":
    sys.exit(main())
