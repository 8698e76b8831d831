"""From evidence to a diagnosis: the cause, how sure that is, why, and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from .beliefs import believe, pronounce, reassure, score
from .causes import Cause
from .clues import WEIGHTS
from .playbook import already_tried, order_steps, retreat
from .questions import Asked, next_question
from .safety import advise
from .signs import read_signs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .evidence import Evidence
    from .playbook import Step
    from .questions import Question, QuestionKey
    from .safety import PowerCycleAdvice
    from .sign import Sign, Values


class Certainty(StrEnum):
    """The confidence in a word."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


# One wrong answer in twenty is what people still call certain, one in four likely.
_CERTAIN: Final = 0.95
_LIKELY: Final = 0.75
# Reasons are given for as many causes as a person will read about.
_EXPLAINED: Final = 3
# Weights below this change odds by a quarter: true, and not worth a sentence.
_TELLING: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A cause and how probable it is."""

    cause: Cause
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A sign that speaks for (positive weight, log-odds) or against a cause."""

    sign: Sign
    cause: Cause
    weight: float
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is the matter, how sure that is, why, and what to do.

    `ranking` holds every cause, likeliest first, and sums to one; what cannot be has nought.
    `ask`: of the questions that a person can answer the one that helps most.
    """

    cause: Cause
    confidence: float
    certainty: Certainty
    ranking: tuple[Ranked, ...]
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    next_question: Question | None
    ask: Question | None
    power_cycle: PowerCycleAdvice

    @property
    def speaking(self) -> tuple[Reason, ...]:
        """What speaks for the answer; where that is not clear, for the first candidate."""
        causes = (self.cause, *(ranked.cause for ranked in self.ranking))
        told = next(cause for cause in causes if cause is not Cause.UNDETERMINED)
        return tuple(
            reason for reason in self.reasons if reason.cause is told and reason.weight > 0
        )


def diagnose(
    evidence: Evidence,
    tried: Collection[Step] = (),
    *,
    asked: Collection[QuestionKey] = (),
    routine: bool = False,
) -> Diagnosis:
    """Name the likely cause.

    `tried`: steps that were taken just now and did not help. `asked`: questions that were put
    already, whatever came of them. `routine`: nobody complains, the look is one of many. Where
    the camera answers and nothing speaks against it, it is then taken to be well; anything else
    is named just as if somebody had complained of it.
    """
    signs = read_signs(evidence)
    scores = score(signs)
    in_history = already_tried(evidence)
    # What stands in the history speaks through its signs; one failure counts once.
    beliefs = retreat(
        believe(reassure(scores, signs) if routine else scores), {*tried} - in_history
    )
    question = next_question(evidence, beliefs, asked)
    if question is None or question.asked is Asked.PERSON:
        ask = question
    else:
        ask = next_question(evidence, beliefs, asked, {Asked.PERSON})
    shares = pronounce(beliefs)
    ranking = tuple(
        # Equal shares keep the order of the causes, so that an answer does not jump about.
        sorted(
            (Ranked(cause=cause, probability=shares.get(cause, 0.0)) for cause in Cause),
            key=lambda ranked: -ranked.probability,
        )
    )
    cause, confidence = ranking[0].cause, ranking[0].probability
    return Diagnosis(
        cause=cause,
        confidence=confidence,
        certainty=in_a_word(cause, confidence),
        ranking=ranking,
        reasons=_reasons(ranking, signs),
        steps=order_steps(beliefs, cause, signs, {*tried, *in_history}),
        next_question=question,
        ask=ask,
        power_cycle=advise(cause, beliefs, signs),
    )


def in_a_word(cause: Cause, confidence: float) -> Certainty:
    """Say how sure a confidence is."""
    if cause is Cause.UNDETERMINED:
        return Certainty.UNKNOWN
    if confidence >= _CERTAIN:
        return Certainty.CERTAIN
    return Certainty.LIKELY if confidence >= _LIKELY else Certainty.POSSIBLE


def _reasons(ranking: Sequence[Ranked], signs: Mapping[Sign, Values]) -> tuple[Reason, ...]:
    """Give what speaks for and against the first causes, the weightiest first."""
    suspects = [
        ranked.cause
        for ranked in ranking
        if ranked.cause is not Cause.UNDETERMINED and ranked.probability
    ]
    return tuple(
        Reason(sign=sign, cause=cause, weight=weight, values=_known(signs[sign]))
        for cause in suspects[:_EXPLAINED]
        for sign, weight in sorted(
            ((sign, WEIGHTS[sign].get(cause, 0.0)) for sign in signs),
            key=lambda item: -abs(item[1]),
        )
        if abs(weight) >= _TELLING
    )


def _known(values: Values) -> Values:
    """Leave out the figures that nobody has: words that need them are not chosen then."""
    return {name: value for name, value in values.items() if value is not None}
