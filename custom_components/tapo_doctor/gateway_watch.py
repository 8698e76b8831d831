"""Keeps an eye on the gateway, and with it on Home Assistant's own network."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import CONF_GATEWAY, GATEWAY_INTERVAL
from .doctor.presence import Pace, Presence

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .home import Home

# One look serves all cameras that go at the same moment.
_FRESH = timedelta(seconds=5)
# The gateway's own absence: the same three looks as a camera's.
_PACE = Pace(GATEWAY_INTERVAL.total_seconds(), (1, 2))


class GatewayWatch:
    """Looks once a minute, and at once where a camera asks; tells the home what has changed."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._address = self._wanted
        self._gateway = Presence()
        self._link = Presence()
        self._looked: datetime | None = None
        self._first_look: datetime | None = None
        self._cancel: Callable[[], None] | None = None
        self._stopped = False
        self._lock = asyncio.Lock()
        self.back: datetime | None = None
        """When it came back the last time."""

    @property
    def here(self) -> bool | None:
        """Whether the gateway answers; None while that is not known."""
        return self._gateway.here

    @property
    def own_network(self) -> bool | None:
        """Whether one can look at all; None while that is not known."""
        return self._link.here

    @property
    def since(self) -> datetime | None:
        """When what is lost was lost: our own network, or else the gateway."""
        lost = next((seen for seen in (self._link, self._gateway) if seen.here is False), None)
        return lost.since if lost is not None else None

    @property
    def loss_seen(self) -> bool:
        """Whether it was there before; after a restart in mid-outage nobody knows since when not.

        A camera's outage is remembered over a restart, and may have begun long before that.
        """
        return self.since is None or self.since != self._first_look

    @property
    def _wanted(self) -> str | None:
        return self._home.entry.options.get(CONF_GATEWAY)

    @callback
    def async_start(self) -> None:
        """Look from now on."""
        self._schedule(0)

    @callback
    def async_stop(self) -> None:
        """Look no more."""
        self._stopped = True
        if self._cancel is not None:
            self._cancel()

    @callback
    def async_apply_settings(self) -> None:
        """Begin anew where the owner has named another gateway."""
        if self._wanted != self._address:
            self._address = self._wanted
            self._gateway, self._looked, self._first_look = Presence(), None, None
            self._schedule(0)

    @callback
    def _schedule(self, seconds: float) -> None:
        if self._stopped:
            # A look was under way while the home was stopped.
            return
        if self._cancel is not None:
            self._cancel()

        @callback
        def due(_now: datetime) -> None:
            self._cancel = None
            self._home.entry.async_create_background_task(
                self._home.hass, self.async_look(), "tapo_doctor gateway"
            )

        self._cancel = async_call_later(self._home.hass, seconds, due)

    def _pause(self, now: datetime) -> float:
        return min(seen.next_look(now, _PACE) for seen in (self._gateway, self._link))

    async def async_look(self) -> None:
        """Look once whether the gateway answers; again soon while that is in doubt."""
        async with self._lock:
            now, looked = dt_util.utcnow(), self._looked
            doubt = self._gateway.in_doubt or self._link.in_doubt
            if not doubt and looked and timedelta(0) <= now - looked < _FRESH:
                self._schedule(self._pause(now))
                return
            before = (self.here, self.own_network)
            beat = await self._home.senses.gateway(self._address)
            self._looked = now = dt_util.utcnow()
            if beat is not None:
                self._first_look = self._first_look or now
                self._link = self._link.after(beat.answered is not None, now, _PACE)
                self._gateway = self._gateway.after(beat.answered, now, _PACE)
            self._schedule(self._pause(now))
            back = before[0] is False and self.here is True
            if back:
                self.back = now
        if (self.here, self.own_network) != before:
            self._home.async_review()
        if back:
            self._home.async_gateway_back()
