"""The dearer clocks of a camera: each strikes by itself, and no look of one runs twice at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers.event import async_call_later

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import datetime, timedelta

    from homeassistant.core import HomeAssistant

    from .home import TapoDoctorConfigEntry

type Look = Callable[[], Coroutine[None, None, None]]

# A look that is still under way when its clock strikes again is waited for in such steps.
_STILL_BUSY = 10.0


class Clocks:
    """Looks that are due, looks under way, and what else has to end with them."""

    def __init__(self, hass: HomeAssistant, entry: TapoDoctorConfigEntry, owner: str) -> None:
        self._hass = hass
        self._entry = entry
        self._owner = owner
        self._pending: dict[str, Callable[[], None]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopped = False

    @callback
    def hold(self, name: str, end: Callable[[], None]) -> None:
        """Keep something that is to be ended when the clocks are."""
        self._pending[name] = end

    @callback
    def later(self, clock: str, seconds: float, look: Look) -> None:
        """Set a clock; setting it again replaces what it was set to."""
        self.cancel(clock)
        if self._stopped:
            return

        @callback
        def due(_now: datetime) -> None:
            self._pending.pop(clock, None)
            if not self.run(clock, look):
                # The last look is still under way: never let the clock stop over it.
                self.later(clock, _STILL_BUSY, look)

        self._pending[clock] = async_call_later(self._hass, seconds, due)

    @callback
    def cancel(self, clock: str) -> None:
        """Unset a clock; a look that is under way goes on."""
        if (cancel := self._pending.pop(clock, None)) is not None:
            cancel()

    @callback
    def run(self, clock: str, look: Look) -> bool:
        """Look in the background; False if the same look is still under way."""
        if (task := self._running.get(clock)) is not None and not task.done():
            return False
        if not self._stopped:
            self._running[clock] = self._entry.async_create_background_task(
                self._hass, look(), f"tapo_doctor {clock} of {self._owner}"
            )
        return True

    async def now(self, clock: str, look: Look) -> None:
        """Look, or wait for the same look if it is under way."""
        self.run(clock, look)
        if (task := self._running.get(clock)) is not None:
            await asyncio.wait([task])

    async def rest(self) -> None:
        """End everything that is due or under way; the clocks may be set again."""
        for cancel in self._pending.values():
            cancel()
        self._pending.clear()
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._running.clear()

    async def stop(self) -> None:
        """End everything for good."""
        self._stopped = True
        await self.rest()


def within(moment: datetime | None, now: datetime, span: timedelta) -> bool:
    """Whether a moment is less than a span ago; a clock that was set back says no."""
    return moment is not None and moment <= now < moment + span
