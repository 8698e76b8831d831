"""The dearer looks at one camera: its service, its signal, and all that is looked at on suspicion.

Each has a clock of its own, so that a slow camera delays neither its own heartbeat nor anybody
else's. The heartbeat itself is the coordinator's.
"""

from __future__ import annotations

import asyncio
from random import uniform
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .const import SIGNAL_INTERVAL
from .doctor.evidence import LoginResult
from .doctor.presence import SERVICE
from .examination import Examination

if TYPE_CHECKING:
    from datetime import datetime

    from .clocks import Clocks
    from .coordinator import CameraCoordinator
    from .probes.findings import Answers, Service

# A system believes what it knew of a hardware address for a minute after the last answer.
_TABLE_S = 61.0
# A camera whose network is back, or in doubt, gets its service looked at this often, in seconds.
_STARTING_PAUSE = 5.0
# A camera that is back says who it is within this time, or the verdict does not wait for it.
_ASK_BACK_S = 1.0


class Rounds:
    """Makes each look when it is due, and enters what it finds in the chart."""

    def __init__(self, camera: CameraCoordinator, clocks: Clocks) -> None:
        self._camera = camera
        self._clocks = clocks
        self._examination = Examination(camera)

    # Occasions

    @callback
    def async_start(self) -> None:
        """Begin; the service is looked at as soon as a heartbeat is heard."""
        # Spread, so that two hundred cameras do not log in at once.
        self._clocks.later("signal", uniform(1, 10), self._async_signal)  # noqa: S311

    @callback
    def async_look_closer(self, *, here: bool) -> None:
        """Look at the service of a camera that has just come; examine one that has just gone."""
        if here:
            self._clocks.run("service", self._async_service)
        else:
            self._clocks.run("examine", self._async_examine)

    @callback
    def async_look_again(self) -> None:
        """Examine a camera that is gone once more: something around it has changed."""
        if self._camera.chart.offline:
            self._clocks.run("examine", self._async_examine)

    async def async_check_now(self) -> None:
        """Look at everything because a person asked; a login that was refused stays refused."""
        camera, readings = self._camera, self._camera.readings
        await camera.async_refresh()
        await self._clocks.now("service", self._async_service)
        await self._clocks.now("examine", self._async_examine)
        readings.hurry()
        await self._clocks.now("signal", self._async_signal)
        if camera.chart.login is LoginResult.SESSION_LOST and readings.hurry():
            # That was the kept session; whether the account still opens the camera is told now.
            await self._clocks.now("signal", self._async_signal)

    @callback
    def async_account_changed(self) -> None:
        """Try the account again: a person has entered it."""
        self._clocks.run("account", self._async_new_account)

    async def async_try_login_again(self) -> None:
        """Log in once more: a person has done something about a refusal. A lock is waited for."""
        await self._clocks.now("account", self._async_new_account)

    # Looks

    async def _async_service(self) -> None:
        """Look whether it does its work; again soon while that is in doubt."""
        camera, chart = self._camera, self._camera.chart
        if chart.away:
            return
        was = chart.service.here
        looked, answers = await asyncio.gather(self._async_look(), self._async_ask_back())
        if looked.serving is False and was is not False and not chart.presence.in_doubt:
            # What is not even on the network does not hang; how soon that counts is the
            # owner's choice.
            await self._clocks.now("beat", camera.async_refresh)
        now = dt_util.now()
        if chart is not camera.chart or chart.away:
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
            self._clocks.run("examine", self._async_examine)
        elif chart.service.here and was is not True:
            self._clocks.later("signal", 0, self._async_signal)
        camera.async_review()

    async def _async_look(self) -> Service:
        chart, home = self._camera.chart, self._camera.home
        async with home.slots:
            return await home.senses.service(chart.target, stream=chart.stream_wanted)

    async def _async_ask_back(self) -> Answers | None:
        """Ask who is there, where another device may have taken the camera's place."""
        chart = self._camera.chart
        if chart.returned is None and not chart.displaced:
            return None
        return await self._camera.home.senses.ask(chart.target.host, wait_s=_ASK_BACK_S)

    def _service_pause(self, now: datetime) -> float:
        """Seconds until the next service check."""
        chart = self._camera.chart
        if chart.returned is not None:
            return _STARTING_PAUSE
        return chart.service.next_look(now, SERVICE)

    async def _async_signal(self) -> None:
        """Read signal, network and firmware; log in only where that is allowed."""
        camera, chart = self._camera, self._camera.chart
        self._clocks.later("signal", SIGNAL_INTERVAL.total_seconds(), self._async_signal)
        camera.readings.read_sensor()
        reading = None if chart.away else await camera.readings.async_read()
        if reading is not None and reading.result in {LoginResult.TIMEOUT, LoginResult.ERROR}:
            # News that may only pull the service check forward.
            self._clocks.later("service", 0, self._async_service)
        elif chart.service.here:
            await self._examination.async_learn()
        camera.async_review()

    async def _async_new_account(self) -> None:
        await self._camera.readings.async_forgive()
        await self._async_signal()

    async def _async_examine(self) -> None:
        """Look with every probe that can still tell something, side by side."""
        await self._examination.async_run()
        if self._camera.chart.away:
            # What was found may be the whole home's trouble, which was judged on less.
            self._camera.home.async_judge()
            self._clocks.later("table", _TABLE_S, self._async_look_at_table)

    async def _async_look_at_table(self) -> None:
        """Look at the system's table again, once it has forgotten what it knew before."""
        if self._camera.chart.away:
            await self._examination.async_look_at_table()
            self._camera.async_review()
