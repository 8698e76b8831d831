"""Automatic recovery: cutting the power of a camera that hangs, without anybody having asked.

Only where the owner allowed it for that camera, only for a cause that it cures, ever more
patiently, and then never again until a person has acted, or the camera was well for a week. Time
is counted by the machine's own clock, which nobody sets.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval

from .const import LOGGER
from .doctor.budget import Budget, Due
from .doctor.evidence import RemedyKind
from .doctor.preflight import Failure, decide

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .home import Home

_EVERY = timedelta(seconds=30)
# After an outage of the home everything comes back by itself, one after another.
_CALM_S = 600.0
# Time that was watched is written down this often; a crash forgets no more of it.
_REMEMBER_S = 900.0


class Stage(StrEnum):
    """How far the automatic recovery of a camera is."""

    IDLE = "idle"
    WAITING = "waiting"
    """It is gone, and is given time to come back by itself."""
    HOLDING_BACK = "holding_back"
    """It is gone, and cutting its power would not be right."""
    UNDER_WAY = "under_way"
    NEEDS_A_PERSON = "needs_a_person"
    """Enough was tried."""


@dataclass(slots=True)
class _Absence:
    """An outage of one camera, as far as it was watched."""

    seconds: float | None = None
    """How long it has been watched; None while there is none."""
    stage: Stage = Stage.IDLE


class Recovery:
    """Watches over all cameras of a home; one attempt at a time."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._looked = self._remembered = home.hass.loop.time()
        self._ill: float | None = None
        """When the whole home was seen to be out the last time."""
        self._absences: dict[str, _Absence] = defaultdict(_Absence)
        self._end: Callable[[], None] | None = None

    @callback
    def async_start(self) -> None:
        """Begin to watch."""
        self._end = async_track_time_interval(
            self._home.hass, self._async_look, _EVERY, name="tapo_doctor recovery"
        )

    @callback
    def async_stop(self) -> None:
        """End."""
        if self._end is not None:
            self._end()

    def stage(self, camera: CameraCoordinator) -> Stage:
        """Say how far the recovery of a camera is."""
        return self._absences[camera.subentry_id].stage

    @callback
    def _async_look(self, _now: datetime) -> None:
        """Let time pass for every camera, and begin what is due."""
        now = self._home.hass.loop.time()
        passed, self._looked = now - self._looked, now
        if any(self._home.is_out_for(camera) for camera in self._home.cameras.values()):
            self._ill = now
        write = now - self._remembered >= _REMEMBER_S
        if write:
            self._remembered = now
        for camera in list(self._home.cameras.values()):
            self._let_pass(camera, passed, write=write)
            absence = self._absences[camera.subentry_id]
            stage = self._judge(camera, absence)
            if stage is absence.stage:
                continue
            absence.stage = stage
            if stage is Stage.UNDER_WAY:
                self._home.entry.async_create_background_task(
                    self._home.hass, self._async_attempt(camera), "tapo_doctor recovery"
                )
            camera.async_update_listeners()

    def _let_pass(self, camera: CameraCoordinator, seconds: float, *, write: bool) -> None:
        absence = self._absences[camera.subentry_id]
        if camera.chart.outage is None:
            absence.seconds = None
        else:
            # What is seen to be gone for the first time is not gone since the last look.
            absence.seconds = 0.0 if absence.seconds is None else absence.seconds + seconds
        before = camera.power.budget
        if before != Budget():
            budget = before.aged(seconds, well=camera.chart.outage is None)
            back = len(budget.ages_s) < len(before.ages_s) or budget.waits is not before.waits
            camera.power.async_keep(budget, write=write or back)

    def _judge(self, camera: CameraCoordinator, absence: _Absence) -> Stage:
        """Say what is due for a camera; that it is under way means that it is to begin."""
        outage = camera.chart.outage
        if not camera.power.may_be_cycled_unasked or outage is None or absence.seconds is None:
            return Stage.IDLE
        if absence.stage is Stage.UNDER_WAY:
            return Stage.UNDER_WAY
        tried = sum(
            one.remedy is RemedyKind.POWER_CYCLE and one.during == outage.start
            for one in camera.chart.memory.remedies
        )
        budget = camera.power.budget
        due = budget.due(absence.seconds, tried)
        if due is Due.NEVER:
            if budget.exhausted:
                camera.power.async_keep(budget.left(), write=True)
            return Stage.NEEDS_A_PERSON
        if due is Due.LATER or self._unsettled or self._home.power.under_way:
            return Stage.WAITING
        # Nobody is cut for a neighbour on its plug: each was opted in, none is paused or left.
        agreed = all(
            one.power.may_be_cycled_unasked and not one.power.left_to_a_person
            for one in self._load_of(camera)
        )
        decision = decide(self._home.power.circumstances(camera, again=True))
        return Stage.UNDER_WAY if agreed and decision.allowed else Stage.HOLDING_BACK

    def _load_of(self, camera: CameraCoordinator) -> tuple[CameraCoordinator, ...]:
        """Return the cameras that its cut would darken; each cut counts for all of them."""
        plug = camera.power.plug
        return self._home.power.load_of(plug) if plug else ()

    @property
    def _unsettled(self) -> bool:
        """Whether the whole home is out, or was a moment ago."""
        return self._ill is not None and self._looked - self._ill < _CALM_S

    async def _async_attempt(self, camera: CameraCoordinator) -> None:
        """Cut its power; the attempt is on disk before, so that a crash does not give it back."""
        before = {one: one.power.budget for one in self._load_of(camera)}
        for one, budget in before.items():
            one.power.async_keep(budget.spent(), write=True)
        await self._home.memory.async_save()
        LOGGER.info("%s hangs, its power is cut for half a minute", camera.name)
        try:
            result = await self._home.power.async_power_cycle(camera, again=True)
        finally:
            self._absences[camera.subentry_id].stage = Stage.WAITING
        for one, budget in before.items():
            if not result.done:
                # Something has come in between; nothing was cut.
                one.power.async_keep(budget, write=True)
            elif result.reason is Failure.CAMERA_UNTOUCHED:
                # The plug does not power it: another cut would not help either.
                one.power.async_keep(one.power.budget.left(), write=True)
