"""The home: what all cameras share, and what each is told about the others."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .chart import REFUSALS
from .const import (
    CONF_GATEWAY,
    CONF_SENSITIVITY,
    GATEWAY_INTERVAL,
    MOST_AT_ONCE,
    SEARCH_S,
    SUBENTRY_CAMERA,
)
from .coordinator import CameraCoordinator
from .doctor.causes import Cause
from .doctor.evidence import (
    Gateway,
    Link,
    Site,
)
from .doctor.presence import HEARTBEAT, Pace, Presence, Sensitivity
from .neighbours import neighbours_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .memory import Memory
    from .probes.findings import Answers
    from .probes.network import Senses
    from .words import Words

type TapoDoctorConfigEntry = ConfigEntry[Home]

# One look at the gateway serves all cameras that go at the same moment.
_FRESH = timedelta(seconds=5)
# A change soon has company: cameras of one network go within moments of each other.
_REVIEW_S = 2.0
# The gateway's own absence: the same three looks as a camera's.
_GATEWAY_PACE = Pace(GATEWAY_INTERVAL.total_seconds(), (1, 2))


class Home:
    """Shared by all cameras of one config entry."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: TapoDoctorConfigEntry,
        senses: Senses,
        memory: Memory,
        words: Words,
    ) -> None:
        self.hass = hass
        self.entry = entry
        self.senses = senses
        self.memory = memory
        self.words = words
        self.cameras: dict[str, CameraCoordinator] = {}
        self._known_account = self.account
        self._known_gateway = entry.options.get(CONF_GATEWAY)
        self._reconciling = asyncio.Lock()
        self._stop_review: Callable[[], None] | None = None
        self.slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._search: asyncio.Task[Answers] | None = None
        self._gateway = Presence()
        self._gateway_back: datetime | None = None
        self._gateway_seen: datetime | None = None
        self._stop_gateway: Callable[[], None] | None = None
        self._stopped = False
        self._gateway_lock = asyncio.Lock()
        self._own_network: bool | None = None
        self._new_camera: list[Callable[[CameraCoordinator], None]] = []

    @callback
    def async_start(self) -> None:
        """Keep an eye on the gateway from now on."""
        self._schedule_gateway(0)

    @callback
    def _schedule_gateway(self, seconds: float) -> None:
        if self._stopped:
            # A look was under way while the home was stopped.
            return
        if self._stop_gateway is not None:
            self._stop_gateway()

        @callback
        def due(_now: datetime) -> None:
            self._stop_gateway = None
            self.entry.async_create_background_task(
                self.hass, self.async_look_at_gateway(), "tapo_doctor gateway"
            )

        self._stop_gateway = async_call_later(self.hass, seconds, due)

    @callback
    def async_on_camera(self, added: Callable[[CameraCoordinator], None]) -> Callable[[], None]:
        """Call `added` for every camera there is, and for every one that comes later."""
        self._new_camera.append(added)
        for camera in self.cameras.values():
            added(camera)
        return lambda: self._new_camera.remove(added)

    async def async_reconcile(self) -> None:
        """Make what is watched equal to the settings; what did not change goes on undisturbed."""
        async with self._reconciling:
            if not self._stopped:
                await self._async_reconcile()

    async def _async_reconcile(self) -> None:
        subentries = {
            subentry.subentry_id: subentry
            for subentry in self.entry.get_subentries_of_type(SUBENTRY_CAMERA)
        }
        for gone in self.cameras.keys() - subentries.keys():
            await self.cameras.pop(gone).async_stop()
            self.memory.forget(gone)
        for camera in list(self.cameras.values()):
            await camera.async_apply_settings()
        for subentry_id in subentries.keys() - self.cameras.keys():
            camera = CameraCoordinator(self, subentries[subentry_id])
            self.cameras[subentry_id] = camera
            camera.async_start()
            for added in self._new_camera:
                added(camera)
        if (gateway := self.entry.options.get(CONF_GATEWAY)) != self._known_gateway:
            self._known_gateway = gateway
            self._gateway, self._gateway_seen = Presence(), None
            self._schedule_gateway(0)
        if self.account != self._known_account:
            self._known_account = self.account
            for camera in self.cameras.values():
                camera.async_account_changed()

    @callback
    def async_account_confirmed(self) -> None:
        """Try what was refused once more: a person has entered the same account again."""
        for camera in self.cameras.values():
            if camera.chart.login in REFUSALS or camera.chart.memory.gate.refused:
                camera.async_account_changed()

    async def async_stop(self) -> None:
        """Stop watching all cameras, and write down what was learnt."""
        self._stopped = True
        for stop in (self._stop_gateway, self._stop_review):
            if stop is not None:
                stop()
        async with self._reconciling:
            for camera in self.cameras.values():
                await camera.async_stop()
        await self.memory.async_save()

    @property
    def account(self) -> tuple[str, str] | None:
        """The Tapo account; None where the home is watched without logging in."""
        data = self.entry.data
        if not data.get(CONF_USERNAME):
            return None
        return data[CONF_USERNAME], data[CONF_PASSWORD]

    @property
    def pace(self) -> Pace:
        """How soon an absence counts, as the owner chose it."""
        chosen = self.entry.options.get(CONF_SENSITIVITY, Sensitivity.NORMAL)
        return HEARTBEAT[Sensitivity(chosen)]

    async def async_search(self) -> Answers:
        """Ask the whole network who is there; cameras that ask together share the answer."""
        if self._search is None or self._search.done():
            self._search = self.entry.async_create_background_task(
                self.hass, self._async_search(), "tapo_doctor search"
            )
        return await asyncio.shield(self._search)

    async def _async_search(self) -> Answers:
        answers = await self.senses.search(wait_s=SEARCH_S)
        for camera in self.cameras.values():
            camera.async_hear_of(answers)
        return answers

    async def async_look_at_gateway(self) -> None:
        """Look once whether the gateway answers; again soon while that is in doubt."""
        async with self._gateway_lock:
            now = dt_util.utcnow()
            doubt = self._gateway.in_doubt
            seen = self._gateway_seen
            if not doubt and seen and timedelta(0) <= now - seen < _FRESH:
                self._schedule_gateway(self._gateway.next_look(now, _GATEWAY_PACE))
                return
            beat = await self.senses.gateway(self.entry.options.get(CONF_GATEWAY))
            self._gateway_seen = now = dt_util.utcnow()
            self._own_network = None if beat is None else beat.answered is not None
            was = self._gateway.here
            answered = None if beat is None else beat.answered
            self._gateway = self._gateway.after(answered, now, _GATEWAY_PACE)
            self._schedule_gateway(self._gateway.next_look(now, _GATEWAY_PACE))
            back = was is False and self._gateway.here is True
            if back:
                self._gateway_back = now
        if self._gateway.here is not was:
            self.async_review()
        if back:
            # Cameras may come back with other addresses than they went with.
            for camera in self.cameras.values():
                camera.async_look_again()

    @callback
    def site(self, camera: CameraCoordinator, now: datetime) -> Site:
        """Tell a camera about the home around it."""
        here = self._gateway.here
        back = self._gateway_back
        return Site(
            gateway={True: Gateway.REPLY, False: Gateway.SILENT, None: None}[here],
            gateway_back_minutes_ago=None
            if back is None or not here
            else round((now - back).total_seconds() / 60, 1),
            own_network={True: Link.OK, False: Link.DOWN, None: None}[self._own_network],
            neighbours=neighbours_of(camera, self.cameras.values(), now),
        )

    @callback
    def async_review(self) -> None:
        """Let the cameras that are gone take into account what has changed around them.

        When the whole home goes there is a change with every camera: one review serves all
        that come within a second.
        """
        if self._stop_review is None and not self._stopped:
            self._stop_review = async_call_later(self.hass, _REVIEW_S, self._start_review)

    @callback
    def _start_review(self, _now: datetime) -> None:
        self._stop_review = None
        self.entry.async_create_background_task(
            self.hass, self._async_review(), "tapo_doctor review"
        )

    async def _async_review(self) -> None:
        for camera in list(self.cameras.values()):
            # One that is back before the router is seen again was judged by a router that is
            # gone, and would be in doubt until its next reading.
            diagnosis = camera.data.diagnosis
            doubt = diagnosis is not None and diagnosis.cause is not Cause.HEALTHY
            if camera.chart.offline or doubt:
                camera.async_review()
                # Two hundred cameras are judged one at a time, and others get their turn.
                await asyncio.sleep(0)

    @callback
    def async_login_refused(self) -> None:
        """Ask for the account anew, but only where no camera at all accepts it.

        One camera that refuses what the others accept holds an old password or has its
        third-party access off; asking the owner for the password would lead astray. Nor are
        cameras left out that are away, or were not asked yet: they may well accept it.
        """
        results = [
            camera.chart.login
            for camera in self.cameras.values()
            if camera.wants_login or camera.chart.away
        ]
        if results and all(result in REFUSALS for result in results):
            self.entry.async_start_reauth(self.hass)
