"""One coordinator for each camera: its clocks, and what they add up to.

The heartbeat is the coordinator's own interval. The dearer clocks run beside it, so that a
slow camera delays neither its own heartbeat nor anybody else's.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import uniform
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, override

from homeassistant.const import CONF_HOST, CONF_MAC, CONF_MODEL
from homeassistant.core import CoreState, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .chart import Chart
from .clocks import Clocks
from .const import (
    CONF_AUTOMATIC,
    CONF_CONNECTION,
    CONF_CONTROL_PORT,
    CONF_LOCKED_UNTIL,
    CONF_LOG_IN,
    CONF_PLUG,
    CONF_POWER_SENSOR,
    CONF_REFUSED,
    DOMAIN,
    LOGGER,
    SIGNAL_INTERVAL,
)
from .doctor.evidence import LoginResult
from .doctor.logins import LoginGate
from .doctor.presence import SERVICE
from .doctor.told import still_true, tell
from .enrolment import watched
from .examination import Examination
from .happenings import Bearings
from .judgement import Judgement
from .memory import CameraMemory
from .pausing import Pausing
from .probes.findings import Target
from .probes.power import PowerWatch
from .readings import Readings
from .testimony import evidence_of
from .verdict import CameraState
from .witnesses import Witnesses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from homeassistant.config_entries import ConfigSubentry

    from .doctor.evidence import Evidence
    from .doctor.outages import Tried
    from .happenings import Happening
    from .home import Home, TapoDoctorConfigEntry
    from .probes.findings import Answers, Found, Reading, Scanned, Service

# A system believes what it knew of a hardware address for a minute after the last answer.
_TABLE_S = 61.0
# A camera whose network is back, or in doubt, gets its service looked at this often, in seconds.
_STARTING_PAUSE = 5.0
# A camera that is back says who it is within this time, or the verdict does not wait for it.
_ASK_BACK_S = 1.0
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
        self._readings = Readings(home, subentry.subentry_id)
        self._clocks = Clocks(home.hass, home.entry, subentry.title)
        self._judgement = Judgement(self)
        self.pausing = Pausing(self, self._clocks)
        self._examination = Examination(self)
        self._bearings = Bearings()
        self._listeners_to_settings: list[Callable[[], None]] = []
        self._listeners_to_news: list[Callable[[Happening], None]] = []
        self._settings = subentry.data
        self._witnesses = Witnesses(home.hass, subentry.data)
        self.expected_since: datetime | None = None
        """Since when its absence is our own doing."""
        self.chart, self._power = self._chart(), self._power_watch()

    def _chart(self) -> Chart:
        """Begin a chart from the settings and from what is remembered."""
        data = self._settings
        memory = self._memory()
        running = memory.outages[-1] if memory.outages else None
        return Chart(
            target=self._target(),
            mac=data.get(CONF_MAC),
            memory=memory,
            pace=self.home.pace,
            model=data.get(CONF_MODEL),
            outage=running if running is not None and running.end is None else None,
        )

    def _target(self) -> Target:
        data = self._settings
        return Target(
            host=data[CONF_HOST],
            port=data[CONF_CONTROL_PORT],
            connection=data.get(CONF_CONNECTION),
        )

    def _memory(self) -> CameraMemory:
        """Recall the camera; of a new one, what its set-up found out about logging in."""
        memory = self.home.memory.of(self.subentry_id)
        gate, data = memory.gate, self._settings
        if memory == CameraMemory() and (refused := data.get(CONF_REFUSED)) is not None:
            until = dt_util.parse_datetime(data.get(CONF_LOCKED_UNTIL) or "")
            gate = LoginGate(refused=LoginResult(refused), not_before=until, host=data[CONF_HOST])
        if gate.refused is LoginResult.UNSUPPORTED:
            # A newer library may know the login by now; a start is the moment to see.
            gate = LoginGate()
        return replace(memory, gate=gate)

    def _power_watch(self) -> PowerWatch:
        data = self._settings
        return PowerWatch(self.hass, data.get(CONF_PLUG), data.get(CONF_POWER_SENSOR))

    # Life

    @callback
    def async_start(self) -> None:
        """Begin to watch; returns at once, so that a dead camera does not delay a start."""
        # Without a listener a coordinator does not poll, and outages are noticed even where
        # all entities are disabled.
        self._clocks.hold("news", self.async_add_listener(self._async_tell_changes))
        self._clocks.hold("power", self._power.async_follow(self._on_plug))
        self.pausing.async_start()
        self._clocks.run("beat", self.async_refresh)
        # Spread, so that two hundred cameras do not log in at once.
        self._clocks.later("signal", uniform(1, 10), self._async_signal)  # noqa: S311

    async def async_stop(self) -> None:
        """Stop watching for good."""
        await self.async_shutdown()
        await self._clocks.stop()
        await self._async_rest()

    async def _async_rest(self) -> None:
        """Stop every clock; leaves neither task nor session behind."""
        await self._clocks.rest()
        await self._readings.async_forget_session()
        self.home.memory.keep(self.subentry_id, self.chart.memory)

    async def async_apply_settings(self) -> None:
        """Take over what a person has changed; the others' settings do not disturb this one."""
        self.chart.pace, self.name = self.home.pace, self.subentry.title
        if self.subentry.data == self._settings:
            return
        await self._async_rest()
        before, self._settings = self._settings, self.subentry.data
        self._witnesses = Witnesses(self.hass, self._settings)
        if _but_where(before) == _but_where(self._settings):
            self.chart = self.chart.moved(self._target(), dt_util.now())
        else:
            self.chart, self._power = self._chart(), self._power_watch()
        self.async_start()
        for listener in self._listeners_to_settings:
            listener()

    @callback
    def async_on_settings(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever a person has changed the settings, for as long as it lives."""
        self._listeners_to_settings.append(listener)

    @callback
    def async_follow(self, found: Found) -> None:
        """Watch it from now on where it was found; its outage and its refused logins go along."""
        LOGGER.info("%s has another address now, and is followed there", self.name)
        self.chart.leave_for(found.host, dt_util.now())
        self.home.memory.keep(self.subentry_id, self.chart.memory)
        where = {
            CONF_HOST: found.host,
            CONF_CONTROL_PORT: found.control_port,
            CONF_CONNECTION: dict(found.connection) if found.connection else None,
        }
        self.hass.config_entries.async_update_subentry(
            self.config_entry, self.subentry, data={**self.subentry.data, **where}
        )

    # Clocks

    @override
    async def _async_update_data(self) -> CameraState:
        """Listen for one heartbeat; an unreachable camera is a finding, not an error."""
        chart = self.chart
        was = chart.presence.here
        beat = await self.home.senses.heartbeat(chart.target)
        if self.hass.state is not CoreState.running:
            # While everything starts at once, it is we who are late.
            beat = replace(beat, latency_ms=None)
        now = dt_util.now()
        chart.hear(beat, now)
        here = chart.presence.here
        if here is not was:
            self.home.async_review()
            if here:
                self._clocks.run("service", self._async_service)
            else:
                self._clocks.run("examine", self.async_examine)
        pause = chart.presence.next_look(now, chart.pace)
        if was is None and here:
            # Spread: what started together need not beat together for ever.
            pause = uniform(1, pause)  # noqa: S311
        self.update_interval = timedelta(seconds=pause)
        return self._state(now, anew=here is not was)

    async def _async_service(self) -> None:
        """Look whether it does its work; again soon while that is in doubt."""
        chart = self.chart
        if chart.away:
            return
        was = chart.service.here
        looked, answers = await asyncio.gather(self._async_look(), self._async_ask_back())
        if looked.serving is False and was is not False and not chart.presence.in_doubt:
            # What is not even on the network does not hang; how soon that counts is the
            # owner's choice.
            await self._clocks.now("beat", self.async_refresh)
        now = dt_util.now()
        if chart is not self.chart or self.chart.away:
            return
        if chart.presence.in_doubt and not looked.serving:
            self._clocks.later("service", _STARTING_PAUSE, self._async_service)
            return
        if answers is not None and answers.at(chart.target.host) is not None:
            chart.identify(answers, now)
        chart.inspect(looked, now)
        pause = self._service_pause(now)
        if was is None and chart.service.here:
            # Spread, as the heartbeats are.
            pause = uniform(1, pause)  # noqa: S311
        self._clocks.later("service", pause, self._async_service)
        if chart.service.here is False and was is not False:
            self._clocks.run("examine", self.async_examine)
        elif chart.service.here and was is not True:
            self._clocks.later("signal", 0, self._async_signal)
        self._publish(now)

    async def _async_look(self) -> Service:
        async with self.home.slots:
            return await self.home.senses.service(
                self.chart.target, stream=self.chart.stream_wanted
            )

    async def _async_ask_back(self) -> Answers | None:
        """Ask who is there, where another device may have taken the camera's place."""
        if self.chart.returned is None and not self.chart.displaced:
            return None
        return await self.home.senses.ask(self.chart.target.host, wait_s=_ASK_BACK_S)

    def _service_pause(self, now: datetime) -> float:
        """Seconds until the next service check."""
        if self.chart.returned is not None:
            return _STARTING_PAUSE
        return self.chart.service.next_look(now, SERVICE)

    async def _async_signal(self) -> None:
        """Read signal, network and firmware; log in only where that is allowed."""
        chart = self.chart
        self._clocks.later("signal", SIGNAL_INTERVAL.total_seconds(), self._async_signal)
        self._readings.read_sensor(chart, self._settings)
        reading = None if chart.away else await self._readings.async_read(chart, self._settings)
        if reading is not None and reading.result in {LoginResult.TIMEOUT, LoginResult.ERROR}:
            # News that may only pull the service check forward.
            self._clocks.later("service", 0, self._async_service)
        elif chart.service.here:
            await self._examination.async_learn()
        self._publish(dt_util.now())

    async def async_examine(self) -> None:
        """Look with every probe that can still tell something, side by side."""
        await self._examination.async_run()
        if self.chart.away:
            # What was found may be the whole home's trouble, which was judged on less.
            self.home.async_judge()
            self._clocks.later("table", _TABLE_S, self._async_look_at_table)

    async def _async_look_at_table(self) -> None:
        """Look at the system's table again, once it has forgotten what it knew before."""
        if self.chart.away:
            await self._examination.async_look_at_table()
            self._publish(dt_util.now())

    async def async_check_now(self) -> None:
        """Look at everything because a person asked; a login that was refused stays refused."""
        await self.async_refresh()
        await self._clocks.now("service", self._async_service)
        await self._clocks.now("examine", self.async_examine)
        self._readings.hurry(self.chart)
        await self._clocks.now("signal", self._async_signal)
        if self.chart.login is LoginResult.SESSION_LOST and self._readings.hurry(self.chart):
            # That was the kept session; whether the account still opens the camera is told now.
            await self._clocks.now("signal", self._async_signal)

    @callback
    def async_hear_of(self, answers: Answers) -> None:
        """Take it into account if a camera that is gone has answered a search after all."""
        if self.chart.offline and any(found.mac == self.chart.mac for found in answers.found):
            self.async_identify(answers)

    @callback
    def async_identify(self, answers: Answers) -> None:
        """Take into account who answered where, and show what that means."""
        self.chart.identify(answers, dt_util.now())
        self._publish(dt_util.now())

    @callback
    def async_beat(self) -> None:
        """Listen for a heartbeat at once: there is a hint that it may be gone."""
        self._clocks.run("beat", self.async_refresh)

    @callback
    def async_look_again(self) -> None:
        """Examine a camera that is gone once more: something around it has changed."""
        if self.chart.offline:
            self._clocks.run("examine", self.async_examine)

    @property
    def may_scan(self) -> bool:
        """Whether it is there, and can look around for others without a login."""
        return not self.chart.offline and not self.chart.in_doubt and self._readings.may_scan

    async def async_scan(self) -> Scanned:
        """Look which Wi-Fi networks are on the air around it."""
        async with self.home.slots:
            return await self._readings.async_scan()

    @property
    def wants_login(self) -> bool:
        """Whether this camera is there and is meant to be logged in to."""
        return self._settings[CONF_LOG_IN] and not self.chart.offline

    @property
    def locked_for_s(self) -> float | None:
        """Seconds until the camera's lock is over; None where there is none."""
        return self._readings.locked_for_s(self.chart)

    async def async_try_account(self, account: tuple[str, str]) -> Reading | None:
        """Try an account that a person has typed; None where it may not be tried now."""
        reading = await self._readings.async_try_account(self.chart, self._settings, account)
        self._publish(dt_util.now())
        return reading

    @callback
    def async_account_changed(self) -> None:
        """Try the account again: a person has entered it."""
        self._clocks.run("account", self._async_new_account)

    async def async_try_login_again(self) -> None:
        """Log in once more: a person has done something about a refusal. A lock is waited for."""
        await self._clocks.now("account", self._async_new_account)

    async def _async_new_account(self) -> None:
        await self._readings.async_forgive(self.chart)
        await self._async_signal()

    @callback
    def _on_plug(self) -> None:
        """Look soon: somebody has switched the plug."""
        self._publish(dt_util.now())
        self.async_beat()

    # Conclusions

    @callback
    def async_review(self) -> None:
        """Judge anew, because something about the home has changed."""
        self._publish(dt_util.now())

    @callback
    def _publish(self, now: datetime) -> None:
        """Show what has changed, without disturbing the heartbeat's rhythm."""
        self._learn_identity()
        state = self._state(now, anew=True)
        if state != self.data:
            if state.firmware != self.data.firmware:
                self._show_device()
            self.data = state
            self.async_update_listeners()

    @callback
    def _learn_identity(self) -> None:
        """Write down who the camera is, once one that was off when it was added has said so."""
        mac, entry = self.chart.mac, self.config_entry
        if mac is None or self._settings.get(CONF_MAC) is not None or mac in watched(entry):
            return
        learnt = {**self._settings, CONF_MAC: mac, CONF_MODEL: self.chart.model}
        self._settings = MappingProxyType(learnt)
        self.hass.config_entries.async_update_subentry(
            entry, self.subentry, data=learnt, unique_id=mac
        )

    @callback
    def async_remember(self, memory: CameraMemory) -> None:
        """Remember what a person told or tried, and judge anew."""
        self.chart.memory = memory
        self.home.memory.keep(self.subentry_id, memory)
        self._publish(dt_util.now())

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
        power = self._power.evidence(self.chart.memory.usual_watts, self.lost_at)
        seen = evidence_of(self.chart, now, power, self.home.site(self, now))
        seen = self._witnesses.add_to(seen, self.lost_at, now)
        return tell(seen, still_true(self.chart.memory.told, now), now)

    def _state(self, now: datetime, *, anew: bool) -> CameraState:
        return self._judgement.state(self.data, now, anew=anew)

    @property
    def watts(self) -> float | None:
        """What the camera's plug measures now."""
        return self._power.watts

    def drawn_since(self, moment: datetime) -> float | None:
        """Return what its plug measures, if it has measured anything since a moment."""
        return self._power.drawn_since(moment)

    # Remedies

    @property
    def plug(self) -> str | None:
        """The switch that the camera gets its power through."""
        return self._settings.get(CONF_PLUG)

    @property
    def may_be_cycled_unasked(self) -> bool:
        """Whether the owner lets the doctor cut the power by itself."""
        allowed = self._settings.get(CONF_AUTOMATIC) and not self.chart.memory.paused
        return bool(allowed) and self.plug is not None

    @callback
    def async_allow_cycling_unasked(self, allowed: bool) -> None:
        """Store the owner's choice; nothing that runs is disturbed by it."""
        self._settings = MappingProxyType({**self._settings, CONF_AUTOMATIC: allowed})
        self.hass.config_entries.async_update_subentry(
            self.config_entry, self.subentry, data=dict(self._settings)
        )
        self.async_update_listeners()

    @property
    def cycling_unasked_allowed(self) -> bool:
        """What the owner chose, also while the camera is paused."""
        return bool(self._settings.get(CONF_AUTOMATIC))

    @callback
    def async_expect_absence(self, *, expected: bool) -> None:
        """Let the camera be away without alarm from now on, or no longer."""
        self.expected_since = dt_util.now() if expected else None
        self._publish(dt_util.now())

    @callback
    def async_note_remedy(self, tried: Tried, restart_s: float | None = None) -> None:
        """Remember what was tried; the next diagnosis takes it into account."""
        self.chart.note_remedy(tried, dt_util.now())
        if restart_s is not None:
            self.chart.memory = self.chart.memory.with_restart(restart_s)
        self.home.memory.keep(self.subentry_id, self.chart.memory, at_once=True)
        self._publish(dt_util.now())
        if tried.helped:
            self.home.noticing.async_found_what_helped(self.subentry_id)

    @callback
    def async_keep_attempts(self, attempts_s: tuple[float, ...], *, write: bool) -> None:
        """Keep how often its power was cut unasked."""
        self.chart.memory = replace(self.chart.memory, attempts_s=attempts_s)
        if write:
            self.home.memory.keep(self.subentry_id, self.chart.memory)

    # News

    @callback
    def async_on_happening(self, listener: Callable[[Happening], None]) -> Callable[[], None]:
        """Call `listener` with everything that happens to the camera from now on."""
        self._listeners_to_news.append(listener)
        return lambda: self._listeners_to_news.remove(listener)

    @callback
    def async_tell(self, happening: Happening) -> None:
        """Tell everyone who listens."""
        for listener in list(self._listeners_to_news):
            listener(happening)

    @callback
    def _async_tell_changes(self) -> None:
        for happening in self._bearings.news(self.data, dt_util.now()):
            self.async_tell(happening)
        self.home.async_camera_changed()

    @callback
    def _show_device(self) -> None:
        """Keep the device's page true: model and firmware are learnt after it was made."""
        registry, chart = dr.async_get(self.hass), self.chart
        device = registry.async_get_device_by_identifier(
            (DOMAIN, self.subentry_id), self.config_entry.entry_id
        )
        if device is not None:
            registry.async_update_device(
                device.id,
                model=chart.model,
                hw_version=chart.hardware,
                sw_version=chart.memory.firmware,
            )


def _but_where(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return all settings but those that follow from where the camera is."""
    return {key: value for key, value in settings.items() if key not in _WHERE}
