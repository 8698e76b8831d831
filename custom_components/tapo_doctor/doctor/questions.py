"""Which observation would tell most per minute of effort.

What an answer would do to the beliefs follows from the table of clues: an answer is a set of
signs, and how often each answer comes under a cause is how often it comes at all, times what its
signs weigh for that cause.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from typing import TYPE_CHECKING, Final, NamedTuple

from .causes import Cause
from .clues import ALL, EXCLUDED, WEIGHTS
from .evidence import LoginResult, NeighbourKind, NeighbourState, Stream, SwitchState
from .sign import Sign
from .signs import Contact, contact_of, failing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from .evidence import Evidence

S = Sign


class Asked(StrEnum):
    """Who can get an observation."""

    DOCTOR = "doctor"
    PERSON = "person"


class QuestionKey(StrEnum):
    """The observations that can be asked for."""

    REACH = "reach"
    IDENTITY = "identity"
    DISCOVERY = "discovery"
    LOGIN = "login"
    STREAM = "stream"
    PLUG = "plug"
    WATTS = "watts"
    GATEWAY = "gateway"
    SCAN = "scan"
    ROUTER_LIST = "router_list"
    NEIGHBOURS = "neighbours"
    LIGHT = "light"
    APP = "app"
    SOUND = "sound"
    ADAPTER = "adapter"
    NETWORK_CHANGED = "network_changed"
    CREDENTIALS_CHANGED = "credentials_changed"
    THIRD_PARTY_ACCESS = "third_party_access"
    PASSWORD_VERIFIED = "password_verified"
    INTERNET_FOR_CAMERA = "internet_for_camera"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The observation that would help most. `answers`: the keys of what may be answered."""

    key: QuestionKey
    asked: Asked
    minutes: float
    answers: tuple[str, ...]


class _Answer(NamedTuple):
    """A possible answer: how often it comes over all troubles, and the signs it brings."""

    key: str
    share: float
    signs: tuple[Sign, ...] = ()


class _Row(NamedTuple):
    """A row of the table of questions. `minutes`: what getting the answer costs."""

    key: QuestionKey
    asked: Asked
    minutes: float
    open: Callable[[Evidence, Contact], bool]
    answers: tuple[_Answer, ...]


def _silent(contact: Contact) -> bool:
    return contact in {Contact.SILENT, Contact.UNKNOWN}


def _can_scan(evidence: Evidence) -> bool:
    """Tell whether a neighbour is there that can look round for networks."""
    return any(
        other.kind in {NeighbourKind.CAMERA, NeighbourKind.PLUG}
        and other.state is NeighbourState.ONLINE
        for other in evidence.site.neighbours or ()
    )


def _may_log_in(evidence: Evidence, contact: Contact) -> bool:
    login = evidence.now.login
    untried = login is None or login.result in {None, LoginResult.NOT_TRIED}
    return contact is Contact.ANSWERS and untried


def _access_in_doubt(evidence: Evidence, contact: Contact) -> bool:
    return evidence.site.third_party_access is None and (
        failing(evidence) or contact is Contact.UNKNOWN
    )


# A look of our own costs seconds, a look at the camera a walk, a look into the router's or the
# app's menus some searching. The shares are rough: they only say which answer would be news.
_TABLE: Final[tuple[_Row, ...]] = (
    _Row(
        QuestionKey.REACH,
        Asked.DOCTOR,
        0.2,
        lambda _, contact: contact is Contact.UNKNOWN,
        (_Answer("answers", 0.5, (S.ANSWERS,)), _Answer("silent", 0.5, (S.GONE,))),
    ),
    _Row(
        QuestionKey.IDENTITY,
        Asked.DOCTOR,
        0.2,
        lambda evidence, contact: (
            evidence.now.neighbour_table is None and contact is not Contact.ELSEWHERE
        ),
        (_Answer("own", 0.45), _Answer("other", 0.05, (S.STRANGER,)), _Answer("absent", 0.5)),
    ),
    _Row(
        QuestionKey.DISCOVERY,
        Asked.DOCTOR,
        0.2,
        lambda evidence, contact: evidence.now.discovery is None and _silent(contact),
        (_Answer("other_address", 0.1, (S.ELSEWHERE,)), _Answer("none", 0.9)),
    ),
    _Row(
        QuestionKey.GATEWAY,
        Asked.DOCTOR,
        0.2,
        lambda evidence, contact: evidence.site.gateway is None and _silent(contact),
        (_Answer("reply", 0.85, (S.GATEWAY_FINE,)), _Answer("silent", 0.15, (S.GATEWAY_SILENT,))),
    ),
    _Row(
        QuestionKey.NEIGHBOURS,
        Asked.DOCTOR,
        0.2,
        lambda evidence, contact: not evidence.site.neighbours and _silent(contact),
        (
            _Answer("all_here", 0.7, (S.ALONE,)),
            _Answer("things_gone", 0.15, (S.THINGS_GONE,)),
            _Answer("all_gone", 0.15, (S.EVERYTHING_GONE,)),
        ),
    ),
    _Row(
        QuestionKey.WATTS,
        Asked.DOCTOR,
        0.2,
        lambda evidence, _: evidence.power.switch is SwitchState.ON and not evidence.power.watts,
        (
            _Answer("usual", 0.7, (S.WATTS_STEADY,)),
            _Answer("none", 0.1, (S.NO_WATTS,)),
            _Answer("up_and_down", 0.1, (S.WATTS_COLLAPSE,)),
            _Answer("low", 0.1, (S.WATTS_LOW,)),
        ),
    ),
    _Row(
        QuestionKey.SCAN,
        Asked.DOCTOR,
        0.4,
        lambda evidence, contact: (
            evidence.site.scan is None and _silent(contact) and _can_scan(evidence)
        ),
        (
            _Answer("seen", 0.8, (S.NETWORK_SEEN,)),
            _Answer("faint", 0.1, (S.NETWORK_FAINT,)),
            _Answer("unseen", 0.1, (S.NETWORK_UNSEEN,)),
        ),
    ),
    _Row(
        QuestionKey.LOGIN,
        Asked.DOCTOR,
        0.4,
        _may_log_in,
        (
            _Answer("ok", 0.4, (S.LOGIN_OK,)),
            _Answer("rejected", 0.4, (S.LOGIN_REJECTED,)),
            _Answer("locked", 0.1, (S.LOGIN_LOCKED,)),
            _Answer("timeout", 0.1, (S.LOGIN_TIMEOUT, S.DEAF)),
        ),
    ),
    _Row(
        QuestionKey.STREAM,
        Asked.DOCTOR,
        0.4,
        lambda evidence, contact: (
            evidence.now.stream in {None, Stream.NOT_TRIED} and contact is Contact.ANSWERS
        ),
        (
            _Answer("ok", 0.7, (S.STREAM_OK,)),
            _Answer("silent", 0.15, (S.STREAM_SILENT,)),
            _Answer("refused", 0.15, (S.STREAM_REFUSED,)),
        ),
    ),
    _Row(
        QuestionKey.LIGHT,
        Asked.PERSON,
        1.0,
        lambda evidence, _: evidence.now.light is None,
        (
            _Answer("blinking_red", 0.3, (S.LIGHT_BLINKING_RED,)),
            _Answer("solid_red", 0.1, (S.LIGHT_SOLID_RED,)),
            _Answer("red_and_green", 0.05, (S.LIGHT_RED_AND_GREEN,)),
            _Answer("solid_amber", 0.05, (S.LIGHT_SOLID_AMBER,)),
            _Answer("blinking_amber", 0.05, (S.LIGHT_BLINKING_AMBER,)),
            _Answer("solid_green", 0.2, (S.LIGHT_SOLID_GREEN,)),
            _Answer("blinking_green", 0.05, (S.LIGHT_BLINKING_GREEN,)),
            _Answer("off", 0.2, (S.LIGHT_OFF,)),
        ),
    ),
    _Row(
        QuestionKey.APP,
        Asked.PERSON,
        0.5,
        lambda evidence, _: evidence.now.app is None,
        (_Answer("works", 0.5, (S.APP_WORKS,)), _Answer("offline", 0.5, (S.APP_OFFLINE,))),
    ),
    _Row(
        QuestionKey.SOUND,
        Asked.PERSON,
        2.0,
        lambda evidence, contact: evidence.now.sound_of_restarting is None and _silent(contact),
        (
            _Answer("yes", 0.15, (S.RESTARTING_SOUNDS,)),
            _Answer("no", 0.85, (S.NO_RESTARTING_SOUNDS,)),
        ),
    ),
    _Row(
        QuestionKey.PLUG,
        Asked.PERSON,
        1.0,
        lambda evidence, contact: evidence.power.switch is None and _silent(contact),
        (_Answer("on", 0.9, (S.PLUG_ON,)), _Answer("off", 0.1, (S.PLUG_OFF,))),
    ),
    _Row(
        QuestionKey.ADAPTER,
        Asked.PERSON,
        1.0,
        lambda evidence, contact: evidence.power.adapter is None and _silent(contact),
        (
            _Answer("original", 0.8, (S.ORIGINAL_ADAPTER,)),
            _Answer("other", 0.2, (S.FOREIGN_ADAPTER,)),
        ),
    ),
    _Row(
        QuestionKey.NETWORK_CHANGED,
        Asked.PERSON,
        0.5,
        lambda evidence, contact: (
            evidence.history.network_changed_hours_ago is None and contact is not Contact.ANSWERS
        ),
        (_Answer("yes", 0.1, (S.NETWORK_CHANGED,)), _Answer("no", 0.9)),
    ),
    _Row(
        QuestionKey.ROUTER_LIST,
        Asked.PERSON,
        3.0,
        lambda evidence, contact: evidence.site.router_lists_camera is None and _silent(contact),
        (
            _Answer("associated", 0.25, (S.ASSOCIATED,)),
            _Answer("not_associated", 0.75, (S.NOT_ASSOCIATED,)),
        ),
    ),
    _Row(
        QuestionKey.CREDENTIALS_CHANGED,
        Asked.PERSON,
        0.5,
        lambda evidence, _: (
            evidence.history.credentials_changed_hours_ago is None and failing(evidence)
        ),
        (_Answer("yes", 0.15, (S.CREDENTIALS_CHANGED,)), _Answer("no", 0.85)),
    ),
    _Row(
        QuestionKey.THIRD_PARTY_ACCESS,
        Asked.PERSON,
        1.0,
        _access_in_doubt,
        (_Answer("on", 0.6, (S.ACCESS_ON,)), _Answer("off", 0.4, (S.ACCESS_OFF,))),
    ),
    _Row(
        QuestionKey.PASSWORD_VERIFIED,
        Asked.PERSON,
        1.5,
        lambda evidence, _: evidence.site.password_verified is None and failing(evidence),
        (
            _Answer("yes", 0.75, (S.PASSWORD_OPENS_APP,)),
            _Answer("no", 0.25, (S.PASSWORD_FAILS_IN_APP,)),
        ),
    ),
    _Row(
        QuestionKey.INTERNET_FOR_CAMERA,
        Asked.PERSON,
        1.0,
        lambda evidence, contact: (
            evidence.site.internet_for_camera is None and contact is not Contact.SILENT
        ),
        (
            _Answer("allowed", 0.85, (S.CAMERA_ALLOWED,)),
            _Answer("blocked", 0.15, (S.CAMERA_BLOCKED,)),
        ),
    ),
)


def _likelihoods(answers: Sequence[_Answer]) -> Mapping[Cause, tuple[float, ...]]:
    """Compute for each cause how often each answer comes."""
    table = {}
    for cause in (*ALL, Cause.UNDETERMINED):
        shares = [
            0.0
            if any(cause in EXCLUDED[sign] for sign in answer.signs)
            else answer.share * exp(sum(WEIGHTS[sign].get(cause, 0.0) for sign in answer.signs))
            for answer in answers
        ]
        whole = sum(shares)
        table[cause] = tuple(share / whole for share in shares)
    return table


_LIKELIHOODS: Final = {row.key: _likelihoods(row.answers) for row in _TABLE}
_ANSWERS: Final = {row.key: tuple(answer.key for answer in row.answers) for row in _TABLE}
# Causes with less than this change nothing in what is to be asked.
_NEGLIGIBLE: Final = 0.005
# Nats that an answer must be worth: below, asking is only a nuisance.
_WORTH: Final = 0.03


def possible_answers(key: QuestionKey) -> tuple[str, ...]:
    """Return the keys of what may be answered to a question."""
    return _ANSWERS[key]


def next_question(
    evidence: Evidence,
    beliefs: Mapping[Cause, float],
    asked: Collection[QuestionKey] = (),
    by: Collection[Asked] = tuple(Asked),
) -> Question | None:
    """Choose the observation that can still be had with the most to tell per minute.

    `asked`: what was asked already, whatever the answer; a "no" leaves no trace in the evidence.
    `by`: who may be sent.
    """
    contact = contact_of(evidence)
    suspects = {cause: share for cause, share in beliefs.items() if share > _NEGLIGIBLE}
    rows = [
        row
        for row in _TABLE
        if row.asked in by and row.key not in asked and row.open(evidence, contact)
    ]
    worth = {row.key: _expected_drop(row, suspects) for row in rows}
    best = max(rows, key=lambda row: worth[row.key] / row.minutes, default=None)
    if best is None or worth[best.key] < _WORTH:
        return None
    return Question(
        key=best.key,
        asked=best.asked,
        minutes=best.minutes,
        answers=_ANSWERS[best.key],
    )


def _expected_drop(row: _Row, suspects: Mapping[Cause, float]) -> float:
    """Compute the entropy that the answer is expected to take away: their mutual information."""
    likelihoods = _LIKELIHOODS[row.key]
    answers = [0.0] * len(row.answers)
    drop = 0.0
    for cause, share in suspects.items():
        for index, likelihood in enumerate(likelihoods[cause]):
            if likelihood:
                answers[index] += share * likelihood
                drop += share * likelihood * log(likelihood)
    whole = sum(suspects.values())
    return drop / whole - sum(part / whole * log(part / whole) for part in answers if part)
