"""What is made of a camera's chart: its state, its outages, and what is remembered of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from .clocks import within
from .const import CONF_WEAK_SIGNAL, DEFAULT_WEAK_SIGNAL, LOGGER
from .doctor.availability import tally
from .doctor.diagnosis import diagnose
from .doctor.told import asked, still_true
from .verdict import CameraState, Status, agreed, is_problem, status_of

if TYPE_CHECKING:
    from datetime import datetime

    from .chart import Chart
    from .coordinator import CameraCoordinator
    from .doctor.availability import Tally

# While it is gone the world around it changes: what was concluded is looked at again.
_REVIEW = timedelta(seconds=60)
# Last seen and response time are written at most this often: they change with every beat.
_NOISY = timedelta(seconds=60)
# What is only nice to have after a crash is written this often, to spare the memory card.
_REMEMBER = timedelta(minutes=15)
# A camera that comes and goes has one trouble, not many; one that stays as long as this is over it.
_OVER = timedelta(minutes=5)
_PLANNED = frozenset({Status.EXPECTED_OFFLINE, Status.PAUSED})


class Judgement:
    """Draws the conclusions for one camera."""

    def __init__(self, camera: CameraCoordinator) -> None:
        self._camera = camera
        self._judged: datetime | None = None
        self._well_since: datetime | None = None
        self._kept: datetime | None = None

    @property
    def _chart(self) -> Chart:
        return self._camera.chart

    def state(self, before: CameraState, now: datetime, *, anew: bool) -> CameraState:
        """Draw the conclusions; a diagnosis only where something may have changed it."""
        chart = self._chart
        memory = chart.memory
        before = replace(before, paused=memory.paused, paused_until=memory.paused_until)
        if not chart.settled or chart.in_doubt:
            # One lost look flips nothing, nor does a camera that is starting after an outage:
            # what was shown last still stands.
            return before
        diagnosis = before.diagnosis
        stale = chart.offline and not within(self._judged, now, _REVIEW)
        if again := diagnosis is None or anew or stale:
            self._keep_outage(now)
            evidence = self._camera.evidence(now)
            diagnosis = agreed(
                chart,
                diagnose(
                    evidence,
                    chart.memory.tried,
                    asked=asked(still_true(chart.memory.told, now)),
                    routine=not chart.offline,
                ),
            )
            self._judged = now
        options = self._camera.config_entry.options
        weak_below = options.get(CONF_WEAK_SIGNAL, DEFAULT_WEAK_SIGNAL)
        status = status_of(chart, diagnosis, now, weak_below)
        problem = is_problem(chart, status, diagnosis, now)
        power = self._camera.power
        cut = power.expected_since if chart.offline else None
        # What was wrong before is not settled, nor explained, by our cutting its power. A clock
        # that was set back has its known outage begin after that.
        start = chart.outage.start if chart.outage else None
        ailing = (
            cut is not None and start is not None and (start < cut or start == power.ailing_since)
        )
        if cut is not None and status is not Status.PAUSED:
            status, problem = Status.EXPECTED_OFFLINE, ailing
            diagnosis = before.diagnosis if ailing and before.diagnosis else diagnosis
        if not ailing and chart.note_outage(diagnosis, now, planned=status in _PLANNED):
            self._camera.home.memory.keep(self._camera.subentry_id, chart.memory)
        state = replace(
            before,
            status=status,
            problem=problem,
            since=(self._camera.lost_at or before.since or now) if problem else None,
            diagnosis=diagnosis,
            signal_dbm=chart.signal(now),
            ssid=chart.memory.ssid,
            firmware=chart.memory.firmware,
            tally=self._tally(now) if again else before.tally,
        )
        self._forget_trouble(now, over=not problem and not chart.offline)
        return self._note_good_times(state, now)

    def _forget_trouble(self, now: datetime, *, over: bool) -> None:
        """Forget what was told and tried, once the trouble has been over for a while."""
        chart, camera = self._chart, self._camera
        self._well_since = (self._well_since or now) if over else None
        if self._well_since is None or within(self._well_since, now, _OVER):
            return
        if chart.memory.told or chart.memory.tried:
            chart.memory = replace(chart.memory, told=(), tried=())
            camera.home.memory.keep(camera.subentry_id, chart.memory)

    def _keep_outage(self, now: datetime) -> None:
        """Open and close outages; each is told to the log in two lines."""
        chart, camera = self._chart, self._camera
        if chart.offline and chart.outage is None:
            chart.begin_outage(now)
            LOGGER.info("%s does not answer any more", camera.name)
        elif not chart.offline and (outage := chart.outage) is not None:
            length = chart.end_outage(now)
            LOGGER.info("%s is back after %s (%s)", camera.name, length, outage.cause)
        else:
            return
        camera.home.memory.keep(camera.subentry_id, chart.memory)
        camera.home.async_review()

    def _tally(self, now: datetime) -> Tally | None:
        """Add up the last days; from time to time it is written down until when it was watched."""
        memory = self._chart.memory
        if not within(self._kept, now, _REMEMBER):
            self._kept = now
            self._camera.home.memory.keep(self._camera.subentry_id, memory)
        if memory.watched_since is None:
            return None
        return tally(memory.outages, memory.blind, memory.watched_since, now)

    def _note_good_times(self, state: CameraState, now: datetime) -> CameraState:
        """Note, once a minute, that all is well, and what that looks like."""
        chart, camera = self._chart, self._camera
        if chart.offline or chart.presence.in_doubt:
            return replace(state, response_ms=None) if chart.offline else state
        if within(state.last_seen, now, _NOISY):
            return state
        if state.status is Status.ONLINE:
            chart.last_good = now
            if watts := camera.power.watch.watts:
                chart.memory = chart.memory.with_watts(watts)
        remembered = chart.memory.last_good
        if chart.last_good and (remembered is None or chart.last_good - remembered >= _REMEMBER):
            chart.memory = replace(chart.memory, last_good=chart.last_good)
            camera.home.memory.keep(camera.subentry_id, chart.memory)
        latency = chart.beat.latency_ms if chart.beat else None
        return replace(state, last_seen=now, response_ms=latency)
