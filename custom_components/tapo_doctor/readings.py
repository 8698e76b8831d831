"""Reading a camera with the account: when it is allowed, on a session that is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from homeassistant.util import dt as dt_util

from .const import CONF_LOG_IN, CONF_SIGNAL_SENSOR, SEARCH_S, SLOW_INTERVAL
from .doctor.evidence import LoginResult
from .doctor.logins import LoginGate
from .probes.findings import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from .chart import Chart
    from .home import Home
    from .probes.network import Session


class Readings:
    """The one place that logs in to a camera, so that its rules hold everywhere."""

    def __init__(self, home: Home, subentry_id: str) -> None:
        self._home = home
        self._subentry_id = subentry_id
        self._session: Session | None = None
        self._slow_due: datetime | None = None
        # The clock, a person's check and a new account may come together: one login serves.
        self._lock = asyncio.Lock()

    def read_sensor(self, chart: Chart, settings: Mapping[str, Any]) -> bool:
        """Take the signal from another integration's entity, where the owner chose one."""
        entity_id = settings.get(CONF_SIGNAL_SENSOR)
        state = self._home.hass.states.get(entity_id) if entity_id else None
        try:
            dbm = round(float(state.state)) if state else 0
        except ValueError, OverflowError:
            return False
        if dbm >= 0:
            return False
        chart.memory = chart.memory.with_signal(dbm)
        return True

    async def async_read(self, chart: Chart, settings: Mapping[str, Any]) -> Reading | None:
        """Read the camera if that is wanted and allowed, and note what came of it."""
        async with self._lock:
            if not await self._async_may_log_in(chart, settings):
                return None
            return await self._async_read(chart)

    async def _async_may_log_in(self, chart: Chart, settings: Mapping[str, Any]) -> bool:
        """Whether a reading is wanted, allowed, and would meet the right device."""
        if self._session is not None and self._session.established:
            return True
        answers = await self._home.senses.ask(chart.target.host, wait_s=SEARCH_S)
        now = dt_util.now()
        if (found := answers.at(chart.target.host)) is not None:
            chart.identify(answers, now)
        if chart.offline or self._home.account is None or not settings[CONF_LOG_IN]:
            return False
        if found is not None and found.connection is None:
            chart.read(Reading(result=LoginResult.UNSUPPORTED), now)
            return False
        return chart.memory.gate.may_try(
            now, host=chart.target.host, firmware=chart.memory.firmware
        )

    async def _async_read(self, chart: Chart) -> Reading:
        """Ask the authenticated question, and draw the conclusions for further logins."""
        if self._session is None:
            username, password = self._home.account or ("", "")
            self._session = self._home.senses.session(chart.target, username, password)
        slow = self._slow_due is None or dt_util.now() >= self._slow_due
        async with self._home.slots:
            reading = await self._session.read(slow=slow)
        now = dt_util.now()
        if slow and reading.result is LoginResult.OK:
            self._slow_due = now + SLOW_INTERVAL
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
            self._home.memory.keep(self._subentry_id, chart.memory)
            await self._home.memory.async_save()
        if reading.result is LoginResult.REJECTED:
            self._home.async_login_refused()
        return reading

    def may_be_asked(self, chart: Chart, settings: Mapping[str, Any]) -> bool:
        """Whether a person may try an account on this camera now: it is there and not locked."""
        gate = chart.memory.gate
        locked = gate.locked and gate.not_before is not None and dt_util.now() < gate.not_before
        return not chart.offline and settings[CONF_LOG_IN] and not locked

    @staticmethod
    def forgive(chart: Chart) -> None:
        """Let an account be tried again: a person has entered it. A lock is waited for."""
        if not chart.memory.gate.locked:
            chart.memory = replace(chart.memory, gate=LoginGate())

    @staticmethod
    def hurry(chart: Chart) -> bool:
        """Renew a lost session at once, because a person waits; returns whether there is one.

        Only the new login tells a changed password or a lock from a mere loss.
        """
        gate = chart.memory.gate
        if chart.login is not LoginResult.SESSION_LOST or gate.locked:
            return False
        chart.memory = replace(chart.memory, gate=replace(gate, not_before=None))
        return True

    async def async_forget_session(self) -> None:
        """Close the session; the next reading logs in anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
