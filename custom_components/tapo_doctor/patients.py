"""Whom a repair is for: one camera, or all that a finding about the home accounts for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .chart import REFUSALS
from .doctor.causes import Group
from .doctor.playbook import PLAYBOOK, SHOWS_WITHIN, Step
from .guidance import async_note_failure, async_note_success, async_tell
from .verdict import needs_hands

if TYPE_CHECKING:
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .doctor.diagnosis import Diagnosis
    from .doctor.questions import QuestionKey
    from .home import Home

# A diagnosis is refined within 15 s, and a drop-out that is over within the minute is nothing
# that anybody should be called for.
_SETTLED: Final = timedelta(seconds=60)
_WAITED: Final = timedelta(seconds=SHOWS_WITHIN[Step.WAIT])
# What a person does about a refused login shows in a login only; that is one more, not many.
_ABOUT_LOGIN: Final = frozenset(
    step
    for step, recipe in PLAYBOOK.items()
    if any(cause.group is Group.LOGIN_REFUSED for cause in recipe.cures)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who is treated, as things are at this moment."""

    name: str
    cameras: tuple[CameraCoordinator, ...]
    diagnosis: Diagnosis
    since: datetime | None
    well: bool
    """Whether there is nothing left to do, neither now nor by waiting."""
    treatable: bool
    """Whether hands would help."""

    @property
    def settled(self) -> bool:
        """Whether it has lasted long enough to call somebody; longer, where waiting may cure it."""
        if self.since is None:
            return False
        waiting = self.diagnosis.steps[:1] == (Step.WAIT,)
        return dt_util.utcnow() - self.since >= (_WAITED if waiting else _SETTLED)

    @callback
    def async_tell(self, question: QuestionKey, answer: str) -> None:
        """Take an answer into account."""
        for camera in self.cameras:
            async_tell(camera, {question: answer})

    @callback
    def async_note(self, step: Step, *, helped: bool, by_hand: bool) -> None:
        """Remember what came of a step."""
        note = async_note_success if helped else async_note_failure
        for camera in self.cameras:
            note(camera, step, by_hand=by_hand)

    async def async_examine(self, step: Step | None) -> None:
        """Look with everything, because somebody has taken a step."""
        await asyncio.gather(*(camera.async_check_now() for camera in self.cameras))
        for camera in self.cameras:
            if camera.chart.login in REFUSALS and step in _ABOUT_LOGIN:
                await camera.async_try_login_again()

    async def async_glance(self) -> None:
        """Look whether it is there."""
        await asyncio.gather(*(camera.async_refresh() for camera in self.cameras))


@callback
def async_find_patient(home: Home, subentry_id: str) -> Patient | None:
    """Return a camera as a patient; None while there is no verdict on it."""
    camera = home.cameras.get(subentry_id)
    if camera is None or (diagnosis := camera.data.diagnosis) is None:
        return None
    treatable = needs_hands(camera.data)
    return Patient(
        name=camera.name,
        cameras=(camera,),
        diagnosis=diagnosis,
        since=camera.data.since,
        well=not treatable and not camera.chart.offline,
        treatable=treatable,
    )
