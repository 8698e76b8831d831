"""May the power be cut now: every reason against it, in the order in which they are told.

One table. What a person may insist on is a matter of nuisance; what nobody may insist on could
leave something dark, or break it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from .safety import Objection

if TYPE_CHECKING:
    from collections.abc import Callable

    from .causes import Cause
    from .safety import PowerCycleAdvice


class Plug(StrEnum):
    """What the plug that was linked to a camera turns out to be."""

    NONE = "none"
    GONE = "gone"
    """Home Assistant knows no such entity any more."""
    OURS = "ours"
    NO_SWITCH = "no_switch"
    GROUP = "group"
    UNAVAILABLE = "unavailable"
    ASSUMED = "assumed"
    """Its state is a guess: nobody could see whether it went on again."""
    OFF = "off"
    ON = "on"


class Refusal(StrEnum):
    """Why the power is not cut, where neither the cause nor an objection is the reason."""

    NO_PLUG = "no_plug"
    PLUG_GONE = "plug_gone"
    PLUG_OURS = "plug_ours"
    PLUG_NO_SWITCH = "plug_no_switch"
    PLUG_GROUP = "plug_group"
    PLUG_UNAVAILABLE = "plug_unavailable"
    PLUG_ASSUMED = "plug_assumed"
    PLUG_IS_OFF = "plug_is_off"
    NOTHING_STORED = "nothing_stored"
    STOPPING = "stopping"
    UNDER_WAY = "under_way"
    POWERS_THE_NETWORK = "powers_the_network"
    UPDATING = "updating"
    SHARED = "shared"
    HOME_OUTAGE = "home_outage"
    NOT_EXAMINED = "not_examined"
    NO_ROUTER_PLUG = "no_router_plug"
    ROUTER_PLUG_NEEDS_ROUTER = "router_plug_needs_router"


class Failure(StrEnum):
    """Why a power cycle that was begun is no success."""

    PLUG_UNREACHABLE = "plug_unreachable"
    PLUG_STAYED_ON = "plug_stayed_on"
    PLUG_STAYED_OFF = "plug_stayed_off"
    CAMERA_UNTOUCHED = "camera_untouched"
    """It answered while its plug was off: it gets its power elsewhere."""
    CAMERA_STAYED_AWAY = "camera_stayed_away"
    NETWORK_STAYED_AWAY = "network_stayed_away"
    """The router has its power again, but it or the internet does not answer."""
    BROKEN_OFF = "broken_off"


type Reason = Refusal | Objection | Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """All that counts for the decision."""

    plug: Plug = Plug.NONE
    stopping: bool = False
    """Whether Home Assistant is ending: nobody would be there to turn it on again."""
    under_way: bool = False
    """Whether another cycle runs in this home, or this plug is still owed from one."""
    powers_the_network: bool = False
    nothing_stored: bool = False
    """Whether nobody would know after a crash that the plug has to be turned on again."""
    updating: bool = False
    others_work: bool = False
    """Whether another camera on the same plug does its work."""
    home_outage: bool = False
    """Whether the whole home is out, or has only just come back."""
    advice: PowerCycleAdvice | None = None
    """What the diagnosis says; None where there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether it may be done; if not, why, and whether a person may insist."""

    allowed: bool
    reason: Reason | None = None
    may_insist: bool = False


class _Row(NamedTuple):
    refusal: Refusal
    applies: Callable[[Circumstances], bool]
    may_insist: bool = False


def _plug_is(plug: Plug) -> Callable[[Circumstances], bool]:
    return lambda circumstances: circumstances.plug is plug


_TABLE: Final = (
    _Row(Refusal.NO_PLUG, _plug_is(Plug.NONE)),
    _Row(Refusal.PLUG_GONE, _plug_is(Plug.GONE)),
    _Row(Refusal.PLUG_OURS, _plug_is(Plug.OURS)),
    _Row(Refusal.PLUG_NO_SWITCH, _plug_is(Plug.NO_SWITCH)),
    _Row(Refusal.PLUG_GROUP, _plug_is(Plug.GROUP)),
    _Row(Refusal.PLUG_ASSUMED, _plug_is(Plug.ASSUMED)),
    _Row(Refusal.POWERS_THE_NETWORK, lambda now: now.powers_the_network),
    _Row(Refusal.STOPPING, lambda now: now.stopping),
    _Row(Refusal.UNDER_WAY, lambda now: now.under_way),
    _Row(Refusal.PLUG_UNAVAILABLE, _plug_is(Plug.UNAVAILABLE)),
    _Row(Refusal.PLUG_IS_OFF, _plug_is(Plug.OFF)),
    _Row(Refusal.NOTHING_STORED, lambda now: now.nothing_stored),
    _Row(Refusal.UPDATING, lambda now: now.updating),
    _Row(Refusal.SHARED, lambda now: now.others_work, may_insist=True),
    _Row(Refusal.HOME_OUTAGE, lambda now: now.home_outage, may_insist=True),
    _Row(Refusal.NOT_EXAMINED, lambda now: now.advice is None, may_insist=True),
)
# A battery keeps the camera on whatever its plug does, and the plug's own objection is a refusal
# above; the rest is a matter of judgement, and a person may know better.
_NEVER: Final = frozenset({Objection.UPDATE_UNDER_WAY})


def decide(now: Circumstances, *, force: bool = False) -> Decision:
    """Decide; `force`: a person insists."""
    for row in _TABLE:
        if row.applies(now) and not (force and row.may_insist):
            return Decision(allowed=False, reason=row.refusal, may_insist=row.may_insist)
    advice = now.advice
    if advice is None or advice.allowed:
        return Decision(allowed=True)
    may_insist = advice.reason not in _NEVER
    if force and may_insist:
        return Decision(allowed=True)
    return Decision(allowed=False, reason=advice.reason, may_insist=may_insist)
