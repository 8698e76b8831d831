"""What is told of a camera and tried on it, written down where the judgement finds it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .doctor.outages import Tried
from .doctor.playbook import TRIED_AS
from .doctor.told import Told, after_step, still_true, with_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .doctor.evidence import RemedyKind
    from .doctor.playbook import Step
    from .doctor.questions import QuestionKey
    from .memory import CameraMemory

# Of several remedies that are one step the first is the step itself.
_REMEDY_OF: Final[Mapping[Step, RemedyKind]] = {
    step: remedy for remedy, step in reversed(list(TRIED_AS.items()))
}


@callback
def async_tell(camera: CameraCoordinator, answers: Mapping[QuestionKey, str]) -> None:
    """Take a person's answers into account."""
    camera.power.async_person_acted()
    now = dt_util.utcnow()
    memory = camera.chart.memory
    told = still_true(memory.told, now)
    for question, answer in answers.items():
        told = with_answer(told, Told(question=question, answer=answer, at=now))
    camera.async_remember(replace(memory, told=told))


@callback
def async_note_failure(camera: CameraCoordinator, step: Step, *, by_hand: bool = True) -> None:
    """Take into account that a step was taken and did not help.

    `by_hand`: what the doctor does itself, it has noted among the remedies already.
    """
    camera.power.async_person_acted()
    now = dt_util.utcnow()
    memory = camera.chart.memory
    memory = replace(
        memory,
        told=after_step(memory.told, step),
        tried=(*(one for one in memory.tried if one is not step), step),
    )
    if by_hand:
        memory = _with_remedy(memory, step, now, helped=False)
    if (outage := camera.chart.outage) is not None:
        camera.chart.outage = outage.after(step)
        memory = memory.with_outage(camera.chart.outage, now)
    camera.async_remember(memory)


@callback
def async_note_success(
    camera: CameraCoordinator, step: Step, *, since: datetime, by_hand: bool = True
) -> None:
    """Remember what has helped: it is worth more the next time.

    `since`: when the trouble began that is over; what ended before was another one.
    """
    camera.power.async_person_acted()
    now = dt_util.utcnow()
    memory = camera.chart.memory
    if by_hand:
        memory = _with_remedy(memory, step, now, helped=True)
    last = memory.outages[-1] if memory.outages else None
    if last is not None and last.end is not None and last.end >= since:
        memory = memory.with_outage(replace(last.after(step), helped=step), now)
    camera.async_remember(memory)


@callback
def async_note_remedy(
    camera: CameraCoordinator, tried: Tried, restart_s: float | None = None
) -> None:
    """Remember what the doctor has tried itself; the next diagnosis takes it into account."""
    camera.chart.note_remedy(tried, dt_util.now())
    if restart_s is not None:
        camera.chart.memory = camera.chart.memory.with_restart(restart_s)
    camera.home.memory.keep(camera.subentry_id, camera.chart.memory, at_once=True)
    camera.async_review()
    camera.home.async_review()
    if tried.helped:
        camera.home.noticing.async_found_what_helped(camera.subentry_id, tried.remedy, tried.at)


def _with_remedy(memory: CameraMemory, step: Step, now: datetime, *, helped: bool) -> CameraMemory:
    if (remedy := _REMEDY_OF.get(step)) is None:
        return memory
    return memory.with_remedy(Tried(remedy=remedy, at=now, helped=helped), now)
