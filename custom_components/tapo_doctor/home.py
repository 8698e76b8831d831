"""The home: what all cameras share, and what each is told about the others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from homeassistant.const import CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.event import async_call_later

from .chart import REFUSALS
from .const import (
    CONF_SENSITIVITY,
    DOMAIN,
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
from .doctor.household import Kind
from .doctor.presence import HEARTBEAT, Pace, Sensitivity
from .following import Following
from .gateway_watch import GatewayWatch
from .home_judgement import HomeJudgement
from .neighbours import neighbours_of
from .noticing import Noticing
from .power_cycling import PowerCycler
from .recovery import Recovery
from .surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .doctor.household import Finding
    from .home_judgement import HomeState
    from .memory import Memory
    from .probes.findings import Answers
    from .probes.network import Senses
    from .words import Words

type TapoDoctorConfigEntry = ConfigEntry[Home]

# A change soon has company: cameras of one network go within moments of each other.
_REVIEW_S = 2.0


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
        self.power = PowerCycler(self)
        self.recovery = Recovery(self)
        self._known_account = self.account
        self._reconciling = asyncio.Lock()
        self._stop_review: Callable[[], None] | None = None
        self.slots = asyncio.Semaphore(MOST_AT_ONCE)
        self._search: asyncio.Task[Answers] | None = None
        self.gateway = GatewayWatch(self)
        self._judgement = HomeJudgement(self)
        self._following = Following(self)
        self.noticing = Noticing(self)
        self._stopped = False
        self.device_id = self._register_device()
        self.surroundings = Surroundings(self)
        self._new_camera: list[Callable[[CameraCoordinator], None]] = []

    def _register_device(self) -> str:
        """Register the home, before the cameras that belong to it."""
        device = dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.entry.entry_id,
            identifiers={(DOMAIN, self.entry.entry_id)},
            entry_type=dr.DeviceEntryType.SERVICE,
            name=self.entry.title,
        )
        return device.id

    @callback
    def async_start(self) -> None:
        """Keep an eye on the gateway from now on."""
        self.gateway.async_start()
        self.noticing.async_start()
        self.recovery.async_start()

    @callback
    def async_follow_cameras(
        self, added: Callable[[CameraCoordinator], None]
    ) -> Callable[[], None]:
        """Call `added` like `async_on_camera` does, where that costs next to nothing."""
        self._new_camera.append(added)
        for camera in self.cameras.values():
            added(camera)
        return lambda: self._new_camera.remove(added)

    async def async_on_camera(
        self, added: Callable[[CameraCoordinator], None]
    ) -> Callable[[], None]:
        """Call `added` for every camera there is, and for every one that comes later."""
        self._new_camera.append(added)
        for camera in list(self.cameras.values()):
            if self.cameras.get(camera.subentry_id) is camera:
                added(camera)
            # Two hundred cameras have two thousand entities, and others want their turn.
            await asyncio.sleep(0)
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
            await self.power.async_let_go(self.cameras[gone])
            await self.cameras.pop(gone).async_stop()
            self.memory.forget(gone)
            self.noticing.async_forget(gone)
            self._judgement.async_count()
            self.async_review()
        for camera in list(self.cameras.values()):
            await camera.async_apply_settings()
        # In the owner's order, whatever the order of a set is today.
        for subentry_id in [key for key in subentries if key not in self.cameras]:
            camera = CameraCoordinator(self, subentries[subentry_id])
            self.cameras[subentry_id] = camera
            camera.async_start()
            for added in self._new_camera:
                added(camera)
            await asyncio.sleep(0)
        self.gateway.async_apply_settings()
        self.noticing.async_look_at_all()
        if self.account != self._known_account:
            self._known_account = self.account
            self.surroundings.async_account_changed()
            for camera in self.cameras.values():
                camera.rounds.async_account_changed()

    @callback
    def async_account_confirmed(self) -> None:
        """Try what was refused once more: a person has entered the same account again."""
        for camera in self.cameras.values():
            if camera.chart.login in REFUSALS or camera.chart.memory.gate.refused:
                camera.rounds.async_account_changed()

    async def async_stop(self) -> None:
        """Stop watching all cameras, and write down what was learnt."""
        self._stopped = True
        self.recovery.async_stop()
        await self.power.async_stop()
        self.gateway.async_stop()
        self._judgement.async_stop()
        self._following.async_stop()
        self.noticing.async_stop()
        if self._stop_review is not None:
            self._stop_review()
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

    def is_out_for(self, camera: CameraCoordinator) -> bool:
        """Whether a camera is gone with the home around it, which its own plug cannot mend."""
        if self.gateway.here is False or self.gateway.own_network is False:
            return True
        finding = self.finding
        if finding is None or finding.kind in {Kind.PLUG, Kind.ACCOUNT}:
            return False
        return camera.subentry_id in finding.members

    async def async_search(self) -> Answers:
        """Ask the whole network who is there; cameras that ask together share the answer."""
        if self._search is None or self._search.done():
            self._search = self.entry.async_create_background_task(
                self.hass, self._async_search(), "tapo_doctor search"
            )
        return await asyncio.shield(self._search)

    async def _async_search(self) -> Answers:
        answers = await self.senses.search(wait_s=SEARCH_S)
        self.async_hear(answers)
        return answers

    @callback
    def async_hear(self, answers: Answers) -> None:
        """Take it into account for every camera who has answered, whoever asked."""
        for camera in self.cameras.values():
            camera.async_hear_of(answers)
        self._following.async_hear(answers)

    @callback
    def async_gateway_back(self) -> None:
        """Look for the cameras: they may come back with other addresses than they went with."""
        for camera in self.cameras.values():
            camera.rounds.async_look_again()
        self.entry.async_create_background_task(
            self.hass, self.async_search(), "tapo_doctor search after the router's return"
        )

    @callback
    def site(self, camera: CameraCoordinator, now: datetime) -> Site:
        """Tell a camera about the home around it."""
        here, back = self.gateway.here, self.gateway.back
        return Site(
            gateway={True: Gateway.REPLY, False: Gateway.SILENT, None: None}[here],
            gateway_back_minutes_ago=None
            if back is None or not here
            else round((now - back).total_seconds() / 60, 1),
            # Behind a gateway that is silent nobody is looked for.
            internet=self.surroundings.internet(now) if here else None,
            own_network={True: Link.OK, False: Link.DOWN, None: None}[self.gateway.own_network],
            neighbours=neighbours_of(camera, self.cameras.values(), now),
        )

    @property
    def state(self) -> HomeState:
        """What is known of the home as a whole."""
        return self._judgement.state

    @property
    def finding(self) -> Finding | None:
        """What is the matter with the home as a whole, if anything is."""
        return self.state.finding

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever the home's state has changed."""
        return self._judgement.async_add_listener(listener)

    @callback
    def async_camera_changed(self, camera: CameraCoordinator) -> None:
        """Take it into account that a camera shows something else now."""
        self._judgement.async_note(camera)

    @callback
    def async_judge(self) -> None:
        """Judge the home anew on what is known of its cameras; they themselves stay as they are."""
        if not self._stopped:
            self._judgement.async_judge()

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
        if not self._stopped:
            self._judgement.async_judge()
            self._following.async_expect()

    @callback
    def async_login_refused(self) -> None:
        """Ask for the account anew, but only where no camera at all accepts it."""
        if self._judgement.account_refused:
            self.entry.async_start_reauth(self.hass)
