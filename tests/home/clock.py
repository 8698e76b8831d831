"""The home's own time, so that boots and locks need not be waited for in tests."""

import asyncio
import heapq
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, override

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> None:
        """Let it not happen."""


class Clock:
    """Time that runs with the event loop, `scale` times as fast.

    Whoever uses it after the home has closed keeps nothing alive: `stop` cancels all timers.
    """

    def __init__(self, scale: float = 1.0) -> None:
        if scale <= 0:
            raise ValueError("time only runs forwards")
        self.scale = scale
        self._timers: set[asyncio.TimerHandle] = set()

    def now(self) -> float:
        """Seconds in the home's time."""
        return asyncio.get_running_loop().time() * self.scale

    def call_later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Do it when that many of the home's seconds have passed."""
        timers = self._timers

        def run() -> None:
            timers.discard(handle)
            action()

        handle = asyncio.get_running_loop().call_later(seconds / self.scale, run)
        timers.add(handle)
        return handle

    async def sleep(self, seconds: float) -> None:
        """Wait for that many of the home's seconds."""
        await asyncio.sleep(seconds / self.scale)

    def stop(self) -> None:
        """Forget everything that was still to come."""
        while self._timers:
            self._timers.pop().cancel()


@dataclass(slots=True, order=True)
class _Entry:
    due: float
    order: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


class ManualClock(Clock):
    """Time that stands still until a test moves it on with `advance`."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._entries: list[_Entry] = []
        self._order = itertools.count()

    @override
    def now(self) -> float:
        return self._now

    @override
    def call_later(self, seconds: float, action: Callable[[], None]) -> Timer:
        entry = _Entry(self._now + seconds, next(self._order), action)
        heapq.heappush(self._entries, entry)
        return entry

    @override
    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not future.done():
                future.set_result(None)

        timer = self.call_later(seconds, wake)
        try:
            await future
        finally:
            timer.cancel()

    def advance(self, seconds: float) -> None:
        """Move on, doing on the way what falls due, in its order."""
        target = self._now + seconds
        while self._entries and self._entries[0].due <= target:
            entry = heapq.heappop(self._entries)
            self._now = max(self._now, entry.due)
            if not entry.cancelled:
                entry.action()
        self._now = target

    @override
    def stop(self) -> None:
        self._entries.clear()
