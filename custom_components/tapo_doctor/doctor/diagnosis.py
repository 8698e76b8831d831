"""From evidence to a diagnosis."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .causes import Cause
from .playbook import Step
from .safety import Objection, PowerCycleAdvice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .evidence import Evidence
    from .questions import Question


class Certainty(StrEnum):
    """The confidence in a word."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A cause and how probable it is."""

    cause: Cause
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A sign that speaks for (positive weight, log-odds) or against a cause."""

    sign: str
    cause: Cause
    weight: float
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is the matter, how sure that is, why, and what to do."""

    cause: Cause
    confidence: float
    certainty: Certainty
    ranking: tuple[Ranked, ...]
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    next_question: Question | None
    power_cycle: PowerCycleAdvice


def diagnose(evidence: Evidence) -> Diagnosis:
    """Name the likely cause."""
    del evidence
    cause = Cause.UNDETERMINED
    return Diagnosis(
        cause=cause,
        confidence=1.0,
        certainty=Certainty.UNKNOWN,
        ranking=(Ranked(cause=cause, probability=1.0),),
        reasons=(),
        steps=(Step.CONTACT_SUPPORT,),
        next_question=None,
        power_cycle=PowerCycleAdvice(allowed=False, reason=Objection.TOO_UNCERTAIN),
    )
