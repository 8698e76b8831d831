"""One coordinator for each camera: its heartbeat, and what everything known of it adds up to.

The heartbeat is the coordinator's own interval. The dearer looks are in `rounds.py`, what is
known is in the chart, and what is made of it in `judgement.py`; here they meet.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import uniform
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, override

from homeassistant.const import CONF_HOST, CONF_MAC, CONF_MODEL
from homeassistant.core import CoreState, callback
from homeassistant.helpers.typing import UNDEFINED, UndefinedType
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .chart import Chart
from .clocks import Clocks
from .const import (
    CONF_CONNECTION,
    CONF_CONTROL_PORT,
    CONF_LOCKED_UNTIL,
    CONF_REFUSED,
    CONF_TRACKER,
    LOGGER,
)
from .device_page import async_show_device
from .doctor.evidence import LoginResult
from .doctor.logins import LoginGate
from .doctor.told import still_true, tell
from .enrolment import watched
from .happenings import News
from .judgement import Judgement
from .memory import CameraMemory
from .pausing import Pausing
from .power_supply import PowerSupply
from .probes.findings import Target
from .readings import Readings
from .rounds import Rounds
from .testimony import evidence_of
from .verdict import CameraState
from .witnesses import Witnesses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from homeassistant.config_entries import ConfigSubentry

    from .doctor.evidence import Evidence
    from .home import Home, TapoDoctorConfigEntry
    from .probes.findings import Answers

# Where it is, and how it is spoken to there.
_WHERE = frozenset({CONF_HOST, CONF_CONTROL_PORT, CONF_CONNECTION})


class CameraCoordinator(DataUpdateCoordinator[CameraState]):
    """Watches one camera."""

    config_entry: TapoDoctorConfigEntry

    def __init__(self, home: Home, subentry: ConfigSubentry) -> None:
        super().__init__(
            home.hass,
            LOGGER,
            config_entry=home.entry,
            name=subentry.title,
            update_interval=timedelta(seconds=home.pace.interval),
            always_update=False,
        )
        self.home = home
        self.subentry = subentry
        self.subentry_id = subentry.subentry_id
        self.data = CameraState()
        self.settings: Mapping[str, Any] = subentry.data
        """What is in force; the subentry's may be newer for a moment."""
        self.chart = self._begin_chart()
        self.readings = Readings(self)
        self.power = PowerSupply(self)
        self.news = News()
        self._clocks = Clocks(home.hass, home.entry, subentry.title)
        self.rounds = Rounds(self, self._clocks)
        self.pausing = Pausing(self, self._clocks)
        self._witnesses = Witnesses(home.hass, subentry.data)
        self._judgement = Judgement(self)
        self._listeners_to_settings: list[Callable[[], None]] = []

    def _begin_chart(self) -> Chart:
        """Begin from the settings and from what is remembered."""
        data = self.settings
        memory = self._memory()
        return Chart(
            target=self._target(),
            mac=data.get(CONF_MAC),
            memory=memory,
            pace=self.home.pace,
            model=data.get(CONF_MODEL),
            outage=memory.running,
        )

    def _target(self) -> Target:
        data = self.settings
        return Target(
            host=data[CONF_HOST],
            port=data[CONF_CONTROL_PORT],
            connection=data.get(CONF_CONNECTION),
        )

    def _memory(self) -> CameraMemory:
        """Recall the camera; of a new one, what its set-up found out about logging in."""
        memory = self.home.memory.of(self.subentry_id)
        gate, data = memory.gate, self.settings
        if memory == CameraMemory() and (refused := data.get(CONF_REFUSED)) is not None:
            until = dt_util.parse_datetime(data.get(CONF_LOCKED_UNTIL) or "")
            gate = LoginGate(refused=LoginResult(refused), not_before=until, host=data[CONF_HOST])
        if gate.refused is LoginResult.UNSUPPORTED:
            # A newer library may know the login by now; a start is the moment to see.
            gate = LoginGate()
        return replace(memory, gate=gate)

    # Life

    @callback
    def async_start(self) -> None:
        """Begin to watch; returns at once, so that a dead camera does not delay a start."""
        # Without a listener a coordinator does not poll, and outages are noticed even where
        # all entities are disabled.
        self._clocks.hold("news", self.async_add_listener(self._async_changed))
        self._clocks.hold("power", self.power.async_follow())
        self.pausing.async_start()
        self.async_beat()
        self.rounds.async_start()

    async def async_stop(self) -> None:
        """Stop watching for good."""
        await self.async_shutdown()
        await self._clocks.stop()
        await self._async_rest()

    async def _async_rest(self) -> None:
        """Stop every clock; leaves neither task nor session behind."""
        await self._clocks.rest()
        await self.readings.async_forget_session()
        self.readings.follow_clock()
        self.home.memory.keep(self.subentry_id, self.chart.memory)

    async def async_apply_settings(self) -> None:
        """Take over what a person has changed; the others' settings do not disturb this one."""
        self.chart.pace, self.name = self.home.pace, self.subentry.title
        if self.subentry.data == self.settings:
            return
        await self._async_rest()
        before, self.settings = self.settings, self.subentry.data
        self._witnesses = Witnesses(self.hass, self.settings)
        if _but_where(before) == _but_where(self.settings):
            self.chart = self.chart.moved(self._target(), dt_util.now())
        else:
            self.chart = self._begin_chart()
            self.power.async_apply_settings()
        async_show_device(self)
        self.async_start()
        for listener in self._listeners_to_settings:
            listener()

    @callback
    def async_write_settings(
        self, changed: Mapping[str, Any], *, unique_id: str | UndefinedType = UNDEFINED
    ) -> None:
        """Store what has become known or was chosen on the way; nothing that runs is disturbed."""
        self.settings = MappingProxyType({**self.settings, **changed})
        self.hass.config_entries.async_update_subentry(
            self.config_entry, self.subentry, data=dict(self.settings), unique_id=unique_id
        )

    @callback
    def async_on_settings(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever a person has changed the settings, for as long as it lives."""
        self._listeners_to_settings.append(listener)

    # Looks

    @override
    async def _async_update_data(self) -> CameraState:
        """Listen for one heartbeat; an unreachable camera is a finding, not an error."""
        chart = self.chart
        was = chart.presence.here
        beat = await self.home.senses.heartbeat(chart.target, chart.way)
        if self.hass.state is not CoreState.running:
            # While everything starts at once, it is we who are late.
            beat = replace(beat, latency_ms=None)
        now = dt_util.now()
        chart.hear(beat, now)
        here = chart.presence.here
        if here is not was:
            self.home.async_review()
            self.rounds.async_look_closer(here=bool(here))
        pause = chart.presence.next_look(now, chart.pace)
        if was is None and here:
            # Spread: what started together need not beat together for ever.
            pause = uniform(1, pause)  # noqa: S311
        self.update_interval = timedelta(seconds=pause)
        return self._judgement.state(self.data, now, anew=here is not was)

    @callback
    def async_beat(self) -> None:
        """Listen for a heartbeat at once: there is a hint that it may be gone, or back."""
        self._clocks.run("beat", self.async_refresh)

    @callback
    def async_hear_of(self, answers: Answers) -> None:
        """Take it into account if a camera that is gone has answered a search after all."""
        if self.chart.offline and any(found.mac == self.chart.mac for found in answers.found):
            self.async_identify(answers)

    @callback
    def async_identify(self, answers: Answers) -> None:
        """Take into account who answered where, and show what that means."""
        self.chart.identify(answers, dt_util.now())
        self.async_review()

    # Conclusions

    @callback
    def async_review(self) -> None:
        """Judge anew and show what has changed, without disturbing the heartbeat's rhythm."""
        self._learn_identity()
        state = self._judgement.state(self.data, dt_util.now(), anew=True)
        if state != self.data:
            if state.firmware != self.data.firmware:
                async_show_device(self)
            self.data = state
            self.async_update_listeners()

    @callback
    def _learn_identity(self) -> None:
        """Write down who the camera is, once one that was off when it was added has said so."""
        mac, known = self.chart.mac, self.settings.get(CONF_MAC)
        if mac is not None and known is None and mac not in watched(self.config_entry):
            learnt = {CONF_MAC: mac, CONF_MODEL: self.chart.model}
            self.async_write_settings(learnt, unique_id=mac)
            self._witnesses = Witnesses(self.hass, self.settings)
            async_show_device(self)

    @callback
    def async_remember(self, memory: CameraMemory) -> None:
        """Remember what a person told or tried, and judge anew."""
        self.chart.memory = memory
        self.home.memory.keep(self.subentry_id, memory)
        self.async_review()

    @callback
    def async_speak_for(self, *, by_home: bool) -> None:
        """Note whether a finding about the home speaks for this camera."""
        if by_home is not self.data.part_of_home:
            self.data = replace(self.data, part_of_home=by_home)
            self.async_update_listeners()

    @property
    def lost_at(self) -> datetime | None:
        """When the present outage began."""
        return self.chart.outage.start if self.chart.outage else None

    def evidence(self, now: datetime) -> Evidence:
        """All that is known about the camera at this moment, also from hearsay."""
        power = self.power.watch.evidence(self.chart.memory.usual_watts, self.lost_at)
        seen = evidence_of(self.chart, now, power, self.home.site(self, now))
        seen = self._witnesses.add_to(seen, self.settings.get(CONF_TRACKER), self.lost_at, now)
        return tell(seen, still_true(self.chart.memory.told, now), now)

    @callback
    def _async_changed(self) -> None:
        self.news.async_tell_changes(self.data, dt_util.now())
        self.home.async_camera_changed(self)


def _but_where(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return all settings but those that follow from where the camera is."""
    return {key: value for key, value in settings.items() if key not in _WHERE}
