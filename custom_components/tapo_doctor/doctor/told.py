"""What a person has told: answers to questions, as evidence for as long as they hold."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from .evidence import Adapter, App, Light, Passage, RouterListing, SwitchState, ThirdPartyAccess
from .playbook import Step
from .questions import QuestionKey, possible_answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .evidence import Evidence

Q = QuestionKey

# "I don't know" is an answer: nobody wants to be asked again.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One answer of a person."""

    question: QuestionKey
    answer: str
    at: datetime


class _Place(NamedTuple):
    """Where an answer belongs in the evidence, and what it says there."""

    section: str
    field: str
    values: Mapping[str, object]


_YES_NO: Final = {"yes": True, "no": False}
_PLACES: Final[Mapping[QuestionKey, _Place]] = {
    Q.LIGHT: _Place("now", "light", {light.value: light for light in Light}),
    Q.APP: _Place("now", "app", {app.value: app for app in App}),
    Q.SOUND: _Place("now", "sound_of_restarting", _YES_NO),
    Q.PLUG: _Place("power", "switch", {"on": SwitchState.ON, "off": SwitchState.OFF}),
    Q.ADAPTER: _Place("power", "adapter", {adapter.value: adapter for adapter in Adapter}),
    Q.ROUTER_LIST: _Place(
        "site", "router_lists_camera", {listing.value: listing for listing in RouterListing}
    ),
    Q.THIRD_PARTY_ACCESS: _Place(
        "site", "third_party_access", {access.value: access for access in ThirdPartyAccess}
    ),
    Q.PASSWORD_VERIFIED: _Place("site", "password_verified", _YES_NO),
    Q.INTERNET_FOR_CAMERA: _Place(
        "site", "internet_for_camera", {passage.value: passage for passage in Passage}
    ),
}
# "Was it changed before this began?" The evidence wants to know how long ago.
_CHANGES: Final[Mapping[QuestionKey, str]] = {
    Q.NETWORK_CHANGED: "network_changed_hours_ago",
    Q.CREDENTIALS_CHANGED: "credentials_changed_hours_ago",
}
# What a person can be asked at all.
ANSWERABLE: Final = (*_PLACES, *_CHANGES)

# Nobody takes back an answer; after a day it may well be wrong.
_HOLDS: Final = timedelta(days=1)
# What was seen or heard of the camera, or in the app, is soon another thing.
_HOLDS_BRIEFLY: Final = timedelta(hours=1)
_BRIEF: Final = frozenset({Q.LIGHT, Q.APP, Q.SOUND, Q.PLUG})

# A camera that was unplugged may blink in another colour afterwards.
_STARTS_ANEW: Final = frozenset({Q.LIGHT, Q.APP, Q.SOUND})
# What a step was taken to change: what was told of it before does not hold any more.
_OVERTURNS: Final[Mapping[Step, frozenset[QuestionKey]]] = {
    Step.TURN_PLUG_ON: _STARTS_ANEW | {Q.PLUG},
    Step.RESTART_CAMERA: _STARTS_ANEW,
    Step.RESTART_ROUTER_AND_CAMERA: _STARTS_ANEW | {Q.ROUTER_LIST},
    Step.RECONFIGURE_WIFI: _STARTS_ANEW | {Q.ROUTER_LIST},
    Step.RESTORE_OLD_WIFI: _STARTS_ANEW | {Q.ROUTER_LIST, Q.NETWORK_CHANGED},
    Step.USE_24GHZ: _STARTS_ANEW | {Q.ROUTER_LIST},
    Step.CHECK_POWER: _STARTS_ANEW | {Q.PLUG, Q.ADAPTER},
    Step.UPDATE_FIRMWARE: _STARTS_ANEW,
    Step.ENABLE_THIRD_PARTY_ACCESS: frozenset({Q.THIRD_PARTY_ACCESS}),
    Step.ENTER_PASSWORD: frozenset({Q.PASSWORD_VERIFIED, Q.CREDENTIALS_CHANGED}),
    Step.OPEN_NETWORK: frozenset({Q.INTERNET_FOR_CAMERA}),
}


def answers(question: QuestionKey) -> tuple[str, ...]:
    """Return what may be answered; not knowing is always among it."""
    return (*possible_answers(question), UNKNOWN)


def with_answer(told: Iterable[Told], new: Told) -> tuple[Told, ...]:
    """Add an answer; it replaces an earlier one to the same question."""
    return (*(one for one in told if one.question is not new.question), new)


def still_true(told: Iterable[Told], now: datetime) -> tuple[Told, ...]:
    """Leave out what was told too long ago; a clock that was set back makes nothing too old."""
    return tuple(
        one for one in told if now - one.at < (_HOLDS_BRIEFLY if one.question in _BRIEF else _HOLDS)
    )


def after_step(told: Iterable[Told], step: Step) -> tuple[Told, ...]:
    """Leave out what a step that was taken may have changed; who did not know is let be."""
    overturned = _OVERTURNS.get(step, frozenset())
    return tuple(one for one in told if one.question not in overturned or one.answer == UNKNOWN)


def asked(told: Iterable[Told]) -> frozenset[QuestionKey]:
    """Return the questions that were put, whatever came of them."""
    return frozenset(one.question for one in told)


def tell(evidence: Evidence, told: Iterable[Told], now: datetime) -> Evidence:
    """Add what was told to what was seen; what the doctor sees itself goes first."""
    for one in told:
        if (place := _PLACES.get(one.question)) is not None:
            section, name, value = place.section, place.field, place.values.get(one.answer)
        elif one.question in _CHANGES and one.answer == "yes":
            section, name = "history", _CHANGES[one.question]
            value = _hours_ago(evidence, one, now)
        else:
            continue
        part = getattr(evidence, section)
        if value is not None and getattr(part, name) is None:
            evidence = replace(evidence, **{section: replace(part, **{name: value})})
    return evidence


def _hours_ago(evidence: Evidence, told: Told, now: datetime) -> float:
    """Say how long ago a change was that came before the trouble: at least as long as that."""
    since_told = max(0.0, (now - told.at).total_seconds() / 3600)
    return max(since_told, (evidence.before.minutes_ago or 0.0) / 60)
