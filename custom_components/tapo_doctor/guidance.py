"""What a person tells of a camera and tries on it, written down where the judgement finds it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .doctor.told import Told, after_step, still_true, with_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .coordinator import CameraCoordinator
    from .doctor.playbook import Step
    from .doctor.questions import QuestionKey


@callback
def async_tell(camera: CameraCoordinator, answers: Mapping[QuestionKey, str]) -> None:
    """Take a person's answers into account."""
    now = dt_util.utcnow()
    memory = camera.chart.memory
    told = still_true(memory.told, now)
    for question, answer in answers.items():
        told = with_answer(told, Told(question=question, answer=answer, at=now))
    camera.async_remember(replace(memory, told=told))


@callback
def async_note_failure(camera: CameraCoordinator, step: Step) -> None:
    """Take into account that a step was taken and did not help."""
    memory = camera.chart.memory
    camera.async_remember(
        replace(
            memory,
            told=after_step(memory.told, step),
            tried=(*(one for one in memory.tried if one is not step), step),
        )
    )
