"""Would cutting the power be right, given a plug that can."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from .causes import Cause
from .sign import Sign

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Objection(StrEnum):
    """Why the power is not cut, where the cause itself is not the reason."""

    TOO_UNCERTAIN = "too_uncertain"
    UPDATE_UNDER_WAY = "update_under_way"
    PLUG_OFF = "plug_off"
    BATTERY = "battery"
    DID_NOT_HELP = "did_not_help"
    NETWORK_COMING_BACK = "network_coming_back"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCycleAdvice:
    """Whether cutting the power is right; the reason is the cause, or an objection."""

    allowed: bool
    reason: Cause | Objection


# The only two that cutting the power cures, if only until the next time: rule 7 of the reports.
CURED: Final = frozenset({Cause.CAMERA_FROZEN, Cause.FIRMWARE_OUTDATED})
# A needless cut costs two minutes of picture; half of the cuts may be needless, not more.
_ENOUGH: Final = 0.5
# What helped this very camera before may be tried on less.
_ENOUGH_AGAIN: Final = 0.4
# An update that loses power may cost the camera: one in ten is too many.
_UPDATE_RISK: Final = 0.1

_OBJECTIONS: Final[Mapping[Sign, Objection]] = {
    Sign.PLUG_OFF: Objection.PLUG_OFF,
    Sign.PLUG_LEFT_OFF: Objection.PLUG_OFF,
    Sign.PLUG_OFF_BY_DOCTOR: Objection.PLUG_OFF,
    Sign.UPDATE_WINDOW: Objection.UPDATE_UNDER_WAY,
    Sign.FIRMWARE_JUST_CHANGED: Objection.UPDATE_UNDER_WAY,
    Sign.LIGHT_BLINKING_GREEN: Objection.UPDATE_UNDER_WAY,
    Sign.BATTERY: Objection.BATTERY,
    Sign.LOGIN_LOCKED: Objection.LOCKED,
    Sign.GATEWAY_SILENT: Objection.NETWORK_COMING_BACK,
    Sign.GATEWAY_JUST_BACK: Objection.NETWORK_COMING_BACK,
    # Gone for us and there for others: the way to it is broken, and no cut mends that.
    Sign.ONLY_WE_MISS_IT: Objection.TOO_UNCERTAIN,
    Sign.OTHERS_GET_THROUGH: Objection.TOO_UNCERTAIN,
}

_UPDATES: Final = frozenset(
    sign for sign, objection in _OBJECTIONS.items() if objection is Objection.UPDATE_UNDER_WAY
)


def is_updating(signs: Collection[Sign]) -> bool:
    """Whether it may be writing its firmware, whatever else may be the matter."""
    return not _UPDATES.isdisjoint(signs)


def advise(
    cause: Cause, beliefs: Mapping[Cause, float], signs: Collection[Sign]
) -> PowerCycleAdvice:
    """Allow it for what it cures, unless something speaks against it; say what."""
    # An outdated firmware loses its camera now and then; while that is there, a cut gains nothing.
    there = cause is Cause.FIRMWARE_OUTDATED and Sign.ANSWERS in signs
    if cause not in CURED or there:
        return PowerCycleAdvice(allowed=False, reason=cause)
    for sign, objection in _OBJECTIONS.items():
        if sign in signs:
            return PowerCycleAdvice(allowed=False, reason=objection)
    if beliefs.get(Cause.RESTARTING, 0.0) > _UPDATE_RISK:
        return PowerCycleAdvice(allowed=False, reason=Objection.UPDATE_UNDER_WAY)
    if Sign.POWER_CYCLE_FAILED in signs and Sign.POWER_CYCLE_HELPED not in signs:
        return PowerCycleAdvice(allowed=False, reason=Objection.DID_NOT_HELP)
    enough = _ENOUGH_AGAIN if Sign.POWER_CYCLE_HELPED in signs else _ENOUGH
    if sum(beliefs.get(cured, 0.0) for cured in CURED) < enough:
        return PowerCycleAdvice(allowed=False, reason=Objection.TOO_UNCERTAIN)
    return PowerCycleAdvice(allowed=True, reason=cause)
