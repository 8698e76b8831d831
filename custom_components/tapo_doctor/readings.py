"""Reading a camera with the account: when it is allowed, on a session that is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .chart import CLOCK_SETTLES
from .const import CONF_LOG_IN, CONF_SIGNAL_SENSOR, SEARCH_S, SLOW_INTERVAL
from .doctor.evidence import LoginResult
from .doctor.logins import LoginGate
from .probes.findings import Reading, Scanned, merged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from .chart import Chart
    from .coordinator import CameraCoordinator
    from .probes.network import Session


# After these the next login waits, ever longer; a refusal is another matter.
_PAUSED = frozenset({LoginResult.SESSION_LOST, LoginResult.ERROR, LoginResult.TIMEOUT})
# A clock that is kept right moves by less; one that was set moves the end of a wait along.
_CLOCK_SET = timedelta(seconds=5)
# No radio hears a weaker signal than this.
WEAKEST_DBM = -120


class Readings:
    """The one place that logs in to a watched camera, so that its rules hold everywhere."""

    def __init__(self, camera: CameraCoordinator) -> None:
        self._camera = camera
        self._home = camera.home
        self._session: Session | None = None
        self._outages = 0
        """How many outages there had been when the session began."""
        self._slow_due: datetime | None = None
        self._reported: datetime | None = None
        """When another integration reported the signal that was taken last."""
        # The clock, a person's check and a new account may come together: one login serves.
        self._lock = asyncio.Lock()
        self._wait: tuple[datetime, float] | None = None
        """When the gate opens, and by the clock that nobody sets."""
        self.follow_clock()

    def read_sensor(self) -> None:
        """Take the signal from another integration's entity, where the owner chose one.

        Many hold their last value while the camera is gone; what it was before is history then.
        """
        chart, entity_id = self._camera.chart, self._camera.settings.get(CONF_SIGNAL_SENSOR)
        state = self._home.hass.states.get(entity_id) if entity_id else None
        if state is None or not chart.presence.here or chart.offline or chart.in_doubt:
            return
        ends = [outage.end for outage in chart.memory.outages[-1:] if outage.end]
        try:
            dbm = round(float(state.state))
        except ValueError, OverflowError:
            return
        if not WEAKEST_DBM < dbm < 0 or any(state.last_reported < end for end in ends):
            return
        chart.signal_read = dt_util.now()
        if state.last_reported != self._reported:
            self._reported = state.last_reported
            chart.memory = chart.memory.with_signal(dbm)

    @property
    def may_scan(self) -> bool:
        """Whether the camera is there, and can look around for others without a login."""
        chart, session = self._camera.chart, self._session
        there = not chart.offline and not chart.in_doubt
        return there and session is not None and session.established

    async def async_scan(self) -> Scanned:
        """Look which Wi-Fi networks are on the air around the camera, on the session there is."""
        async with self._home.slots, self._lock:
            return await self._session.scan() if self._session is not None else Scanned()

    @property
    def login_wanted(self) -> bool:
        """Whether the camera is there and is meant to be logged in to."""
        return self._camera.settings[CONF_LOG_IN] and not self._camera.chart.offline

    async def async_read(self) -> Reading | None:
        """Read the camera if that is wanted and allowed, and note what came of it."""
        chart, settings = self._camera.chart, self._camera.settings
        async with self._lock:
            if not await self._async_may_log_in(chart, settings):
                return None
            reading = await self._async_read(chart)
            if reading is not None and reading.result is LoginResult.SESSION_LOST:
                if len(chart.memory.outages) > self._outages:
                    # It was away since: of course its session is gone. No quarrel, no pause.
                    return await self._async_read(chart)
                self._note(chart, reading)
            return reading

    async def _async_may_log_in(self, chart: Chart, settings: Mapping[str, Any]) -> bool:
        """Whether a reading is wanted, allowed, and would meet the right device."""
        if self._session is not None and self._session.established:
            return True
        if not await self._async_identified(chart):
            return False
        if chart.offline or self._home.account is None or not settings[CONF_LOG_IN]:
            return False
        self.follow_clock()
        return chart.memory.gate.may_try(
            dt_util.now(), host=chart.target.host, firmware=chart.memory.firmware
        )

    async def _async_identified(self, chart: Chart) -> bool:
        """Ask who is at the address; whether a password may be spoken there.

        One that has told who it is before, and does not now, may be something else that has
        been given its address.
        """
        host = chart.target.host
        answers = await self._home.senses.ask(host, wait_s=SEARCH_S)
        now = dt_util.now()
        found = answers.at(host)
        if found is None:
            return not chart.memory.found
        if found.mac != chart.mac and chart.identity is not None:
            # Where the camera itself was seen is not forgotten over it.
            answers = merged((answers, chart.identity))
        chart.identify(answers, now)
        if found.connection is None and not chart.displaced:
            self._note(chart, Reading(result=LoginResult.UNSUPPORTED))
            return False
        return True

    async def _async_read(self, chart: Chart) -> Reading | None:
        """Ask the authenticated question; None if the session was given up meanwhile."""
        session = self._session
        if session is None or not session.established:
            username, password = self._home.account or ("", "")
            session = self._home.senses.session(chart.target, username, password)
            self._session, self._outages = session, len(chart.memory.outages)
        slow = self._slow_due is None or dt_util.now() >= self._slow_due
        async with self._home.slots:
            reading = await session.read(slow=slow)
        if session is not self._session:
            return None
        if reading.result is not LoginResult.SESSION_LOST:
            self._note(chart, reading)
        if slow and reading.result is LoginResult.OK:
            # A clock that is wrong is looked at again, until it is right.
            pause = CLOCK_SETTLES if chart.clock_wrong_since else SLOW_INTERVAL
            self._slow_due = dt_util.now() + pause
        return reading

    def _note(self, chart: Chart, reading: Reading) -> None:
        """Draw the conclusions for what is shown, and for further logins."""
        now = dt_util.now()
        chart.read(reading, now)
        gate = chart.memory.gate.after(
            reading.result,
            now,
            host=chart.target.host,
            firmware=chart.memory.firmware,
            locked_for_s=reading.locked_for_s,
        )
        if gate != chart.memory.gate:
            # On disk before anything else: a restart must not try what was refused.
            chart.memory = replace(chart.memory, gate=gate)
            self._home.memory.keep(self._camera.subentry_id, chart.memory, at_once=True)
            self.follow_clock()
        if reading.result is LoginResult.REJECTED:
            self._home.async_login_refused()

    @callback
    def follow_clock(self) -> None:
        """Move the end of a wait along with a clock that was set: the camera counts by its own.

        Many a system gets its time from the internet only after it has begun to look.
        """
        chart = self._camera.chart
        until, now, clock = chart.memory.gate.not_before, dt_util.now(), self._home.hass.loop.time()
        if until is None:
            self._wait = None
        elif self._wait is None or self._wait[0] != until:
            self._wait = (until, clock + (until - now).total_seconds())
        elif abs((moved := now + timedelta(seconds=self._wait[1] - clock)) - until) > _CLOCK_SET:
            self._wait = (moved, self._wait[1])
            gate = replace(chart.memory.gate, not_before=moved)
            chart.memory = replace(chart.memory, gate=gate)
            self._home.memory.keep(self._camera.subentry_id, chart.memory, at_once=True)

    @property
    def locked_for_s(self) -> float | None:
        """Seconds until the camera's lock is over; None where there is none."""
        self.follow_clock()
        gate = self._camera.chart.memory.gate
        if not gate.locked or gate.not_before is None:
            return None
        left = (gate.not_before - dt_util.now()).total_seconds()
        return left if left > 0 else None

    async def async_try_account(self, account: tuple[str, str]) -> Reading | None:
        """Try an account that a person has typed; None where it may not be tried now."""
        camera = self._camera
        reading = await self._async_try_account(camera.chart, camera.settings, account)
        camera.async_review()
        return reading

    async def _async_try_account(
        self, chart: Chart, settings: Mapping[str, Any], account: tuple[str, str]
    ) -> Reading | None:
        async with self._lock:
            asked = settings[CONF_LOG_IN] and self.locked_for_s is None
            if chart.offline or not asked or not await self._async_identified(chart):
                return None
            if chart.offline:
                return None
            session = self._home.senses.session(chart.target, *account)
            try:
                reading = await session.read()
            finally:
                await session.close()
            if reading.result is LoginResult.LOCKED:
                self._note(chart, reading)
            return reading

    async def async_forgive(self) -> None:
        """Let an account be tried again: a person has entered it. A lock is waited for."""
        chart = self._camera.chart
        await self.async_forget_session()
        chart.reading = None
        if not chart.memory.gate.locked:
            chart.memory = replace(chart.memory, gate=LoginGate())
            self._home.memory.keep(self._camera.subentry_id, chart.memory, at_once=True)

    def hurry(self) -> bool:
        """End the pause after a loss or a failure, because a person waits; False without one.

        Only a new login tells a changed password or a lock from a mere loss, and a failure
        that is over from one that is not.
        """
        chart = self._camera.chart
        gate = chart.memory.gate
        if chart.login not in _PAUSED or gate.locked:
            return False
        chart.memory = replace(chart.memory, gate=replace(gate, not_before=None))
        return True

    async def async_forget_session(self) -> None:
        """Close the session; a reading under way is thrown away, and the next one logs in."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
