"""Would cutting the power be right, given a plug that can."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .causes import Cause


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
