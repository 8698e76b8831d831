"""Starts Home Assistant as the demo does, and notes every callback that holds its event loop.

The file is named by the environment, because Home Assistant's arguments are its own; so is the
one for a profile, where that is wanted.
"""

import asyncio
import cProfile
import gc
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any, Final, TextIO

from homeassistant.__main__ import main

from tests.demo.loopback_hass import stay_here

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSES: Final = "TAPO_DOCTOR_BENCH_PAUSES"
PROFILE: Final = "TAPO_DOCTOR_BENCH_PROFILE"
GARBAGE: Final = "garbage collection during "
# Shorter ones are nobody's trouble, and to note them would be one.
_WORTH_NOTING_S: Final = 0.01


class _Garbage:
    """How long the collector of garbage has held whoever was at work."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._begun = 0.0
        gc.callbacks.append(self._on_phase)

    def _on_phase(self, phase: str, _info: dict[str, int]) -> None:
        now = time.perf_counter()
        if phase == "start":
            self._begun = now
        else:
            self.seconds += now - self._begun


def _note_pauses(file: TextIO) -> None:
    """Take the time of every callback of every loop, by the clock and by the processor."""
    run = asyncio.Handle._run
    garbage = _Garbage()

    def timed(handle: asyncio.Handle) -> None:
        what = _who(handle)
        begun, spent, swept = time.perf_counter(), time.thread_time(), garbage.seconds
        run(handle)
        held = time.perf_counter() - begun
        if held >= _WORTH_NOTING_S:
            worked = time.thread_time() - spent
            sweep = GARBAGE if garbage.seconds - swept > held / 2 else ""
            row = {"at": time.time(), "held": held, "worked": worked, "what": sweep + what()}
            file.write(json.dumps(row) + "\n")
            file.flush()

    setattr(asyncio.Handle, "_run", timed)  # noqa: B010 - no assignment, for the type checker


def _who(handle: asyncio.Handle) -> Callable[[], str]:
    """Remember whose callback it is, for the few that are asked about."""
    callback: Any = handle._callback  # type: ignore[attr-defined]  # it says nothing else of itself

    def name() -> str:
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, asyncio.Task):
            return f"{owner.get_name()}: {getattr(owner.get_coro(), '__qualname__', '')}"
        return str(getattr(callback, "__qualname__", callback))

    return name


def start() -> int:
    """Run until Home Assistant ends."""
    stay_here()
    with open(os.environ[PAUSES], "a", encoding="utf-8") as file:  # noqa: PTH123
        _note_pauses(file)
        if (profile := os.environ.get(PROFILE)) is None:
            return main()
        profiler = cProfile.Profile()
        try:
            return profiler.runcall(main)
        finally:
            profiler.dump_stats(profile)


if __name__ == "__main__":
    sys.exit(start())
