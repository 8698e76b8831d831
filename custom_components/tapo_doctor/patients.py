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
from .doctor.diagnosis import diagnose
from .doctor.evidence import Evidence, Now, Ping
from .doctor.playbook import PLAYBOOK, SHOWS_WITHIN, Step
from .guidance import async_note_failure, async_note_success, async_tell
from .names import name_of
from .verdict import needs_hands

if TYPE_CHECKING:
    from collections.abc import Collection
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
# The key of the home among the patients; cameras have those of their subentries.
HOME: Final = "home"
_NOTHING_WRONG: Final = diagnose(Evidence(now=Now(ping=Ping.REPLY)), routine=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who is treated, as things are at this moment."""

    home: Home
    key: str
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
        self.home.async_judge()

    @callback
    def async_note_failure(self, step: Step, *, by_hand: bool) -> None:
        """Remember that a step was taken and did not help."""
        for camera in self.cameras:
            async_note_failure(camera, step, by_hand=by_hand)
        self.home.async_judge()

    @callback
    def async_note_success(self, step: Step, *, since: datetime, by_hand: bool) -> None:
        """Remember what has ended the trouble that had lasted since then, and tell it."""
        for camera in self.cameras:
            async_note_success(camera, step, since=since, by_hand=by_hand)
        self.home.noticing.async_found_what_helped(self.key, step, since)

    async def async_examine(self, step: Step | None) -> None:
        """Look with everything, because somebody has taken a step."""
        await asyncio.gather(*(camera.rounds.async_check_now() for camera in self.cameras))
        for camera in self.cameras:
            if camera.chart.login in REFUSALS and step in _ABOUT_LOGIN:
                await camera.rounds.async_try_login_again()

    async def async_glance(self) -> None:
        """Look whether it is there."""
        await asyncio.gather(*(camera.async_refresh() for camera in self.cameras))


@callback
def async_find_patient(home: Home, key: str, treated: Collection[str] = ()) -> Patient | None:
    """Return a camera, or the home, as a patient; None while there is no verdict on it.

    `treated`: the cameras that a repair of the home is about, once the finding is over.
    """
    if key == HOME:
        return _find_home(home, treated)
    camera = home.cameras.get(key)
    if camera is None or (diagnosis := camera.data.diagnosis) is None:
        return None
    return Patient(
        home=home,
        key=key,
        name=name_of(camera),
        cameras=(camera,),
        diagnosis=diagnosis,
        # Of what is expected to be gone nobody needs to know since when; the patient does.
        since=camera.data.since or camera.lost_at,
        well=not camera.chart.offline and not needs_hands(camera.data),
        treatable=needs_hands(camera.data) and not camera.data.part_of_home,
    )


def _find_home(home: Home, treated: Collection[str]) -> Patient:
    finding = home.finding
    keys = finding.members if finding else treated
    return Patient(
        home=home,
        key=HOME,
        name=home.hass.config.location_name,
        cameras=tuple(camera for key, camera in home.cameras.items() if key in keys),
        diagnosis=finding.diagnosis if finding else _NOTHING_WRONG,
        since=finding.since if finding else None,
        well=finding is None,
        # What is ebbing away needs no hands any more.
        treatable=finding is not None and finding.ebbing is None,
    )
