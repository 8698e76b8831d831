"""What is known of a patient, in words: for the pages of a repair, and for TP-Link's support."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from homeassistant.util import dt as dt_util

from .doctor.causes import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .doctor.diagnosis import Diagnosis, Reason
    from .patients import Patient
    from .words import Words

_MOST_REASONS: Final = 5
_MOST_OTHERS: Final = 2
# Causes below this are not worth anybody's thought.
_SLIGHT: Final = 0.05
# Figures that name things of this home; a summary may be sent to strangers.
_PRIVATE: Final = frozenset({"names", "old_ssid", "ssid"})
_UNKNOWN: Final = "?"


def placeholders_of(patient: Patient, words: Words) -> dict[str, str]:
    """Return everything that words about a patient may have a place for."""
    diagnosis = patient.diagnosis
    charts = [camera.chart for camera in patient.cameras]
    others = [
        f"{words.cause(ranked.cause)} ({ranked.probability:.0%})"
        for ranked in diagnosis.ranking
        if ranked.probability >= _SLIGHT
        and ranked.cause not in {diagnosis.cause, Cause.UNDETERMINED}
    ]
    reasons = diagnosis.speaking[:_MOST_REASONS]
    noticed = list(map(words.reason, reasons))
    if any(camera.power.left_to_a_person for camera in patient.cameras):
        noticed.append(words.say("notice", "left_to_you"))
    nothing = words.say("repair", "nothing")
    since = dt_util.as_local(patient.since) if patient.since else None
    return {
        "name": patient.name,
        "cause": words.cause(diagnosis.cause),
        "verdict": _verdict(diagnosis, words),
        "others": ", ".join(others[:_MOST_OTHERS]) or nothing,
        "reasons": _list(noticed) or nothing,
        "seen": _list(words.reason(reason) for reason in reasons if _public(reason)) or nothing,
        "since": since.strftime("%Y-%m-%d %H:%M") if since else _UNKNOWN,
        "model": _joined(chart.model for chart in charts),
        "firmware": _joined(chart.memory.firmware for chart in charts),
        "told": _list(
            f"{words.say('question', told.question)} "
            f"{words.say(f'answer_{told.question}', told.answer)}"
            for told in dict.fromkeys(told for chart in charts for told in chart.memory.told)
        )
        or nothing,
        "tried": _list(
            words.say("step", step)
            for step in dict.fromkeys(step for chart in charts for step in chart.memory.tried)
        )
        or nothing,
    }


def _verdict(diagnosis: Diagnosis, words: Words) -> str:
    """Name the cause, and how sure that is."""
    cause = words.cause(diagnosis.cause)
    if diagnosis.cause is Cause.UNDETERMINED:
        return cause
    return f"{cause} ({words.certainty(diagnosis.certainty)})"


def _public(reason: Reason) -> bool:
    return _PRIVATE.isdisjoint(reason.values)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _joined(words: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word)) or _UNKNOWN
