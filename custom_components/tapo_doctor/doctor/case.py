"""A case: one moment in the life of one camera as plain data, and what is right about it."""

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Any, Final

# These two as well are resolved while running, by the reader of `Expect`.
from .causes import Cause  # noqa: TC001
from .codec import Between, CaseError, reader_of, write
from .evidence import Before, Camera, Evidence, History, Now, Power, Site
from .playbook import Step  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .diagnosis import Diagnosis

FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What the right diagnosis is. `also_right`: as defensible as the first answer."""

    cause: Cause
    also_right: tuple[Cause, ...] = ()
    power_cycle: bool | None = None
    first_steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Evidence with its story, and the answer if somebody knows it."""

    evidence: Evidence
    title: str | None = None
    source: str | None = None
    expect: Expect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """The file as it lies there."""

    format: Annotated[int, Between(FORMAT, FORMAT)]
    title: str | None = None
    source: str | None = None
    camera: Camera = field(default_factory=Camera)
    now: Now = field(default_factory=Now)
    before: Before = field(default_factory=Before)
    history: History = field(default_factory=History)
    power: Power = field(default_factory=Power)
    site: Site = field(default_factory=Site)
    expect: Expect | None = None


_SECTIONS: Final = tuple(section.name for section in fields(Evidence))


def read_case(data: Mapping[str, Any]) -> Case:
    """Read a case from plain data. Raises `CaseError` and nothing else, whatever comes in."""
    document: _Document = reader_of(_Document)(data, "")
    return Case(
        evidence=Evidence(**{name: getattr(document, name) for name in _SECTIONS}),
        title=document.title,
        source=document.source,
        expect=document.expect,
    )


def write_evidence(evidence: Evidence) -> dict[str, Any]:
    """Write evidence in the case format; `read_case` gives back the same evidence."""
    sections = {name: section for name, section in write(evidence).items() if section}
    return {"format": FORMAT, **sections}


def write_diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    """Write a diagnosis in the form of `scripts/diagnose --json`, for machines to read."""
    question = diagnosis.next_question
    return {
        "cause": diagnosis.cause,
        "confidence": round(diagnosis.confidence, 6),
        "ranking": [
            {"cause": ranked.cause, "probability": round(ranked.probability, 6)}
            for ranked in diagnosis.ranking
        ],
        "reasons": [
            {
                "sign": reason.sign,
                "cause": reason.cause,
                "weight": reason.weight,
                "values": dict(reason.values),
            }
            for reason in diagnosis.reasons
        ],
        "steps": list(diagnosis.steps),
        "next_question": question.key if question else None,
        "power_cycle": {
            "allowed": diagnosis.power_cycle.allowed,
            "reason": diagnosis.power_cycle.reason,
        },
    }


__all__ = [
    "FORMAT",
    "Case",
    "CaseError",
    "Expect",
    "read_case",
    "write_diagnosis",
    "write_evidence",
]
