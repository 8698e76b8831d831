"""What befalls several cameras at once: one finding about the home, instead of one about each.

A finding is one fact from its beginning to its end, however its kind and its cause come out
better with time. Cameras that went together mostly come back one by one: a finding whose
ground is gone ebbs away for a while, so that the last ones are not accused one by one.

An account that no camera accepts is a finding beside an outage: the one has nothing to do with
the other, and neither ends with it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from .causes import Cause
from .diagnosis import Ranked, diagnose, in_a_word
from .evidence import Evidence, Link, Site

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from .diagnosis import Diagnosis

# What loses the same network or power is missed within one round of heartbeats; a patient
# owner's cameras, and those that live on their last packets, take a little longer.
TOGETHER: Final = timedelta(minutes=3)
# A router is up again in three minutes and the last camera joins a minute or two later.
EBB: Final = timedelta(minutes=5)
# One camera that is gone is a camera that is gone, whatever it shares with itself.
_SEVERAL: Final = 2
_POWER: Final = frozenset({Cause.POWER_SUPPLY, Cause.SWITCHED_OFF})


class Kind(StrEnum):
    """What the cameras have in common that is gone, or that they do not accept."""

    OWN_NETWORK = "own_network"
    GATEWAY = "gateway"
    ACCESS_POINT = "access_point"
    WIFI = "wifi"
    PLUG = "plug"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A camera of the home, as far as the others' fate depends on it."""

    key: str
    silent: bool | None
    """Whether it is confirmed that nothing answers; None while that is in doubt."""
    lost: datetime | None = None
    """When its present outage began."""
    expected: bool = False
    """Whether it is away as it should be."""
    diagnosis: Diagnosis | None = None
    shares: Mapping[Kind, str] = field(default_factory=dict)
    """What it may have in common with others: its Wi-Fi network, its plug."""
    logs_in: bool = False
    """Whether the account is meant for it."""
    refuses: bool | None = None
    """Whether it refuses the account; None where it could not be asked."""
    refused: datetime | None = None
    """Since when it has needed help because of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the cameras of a home live on. None where it is not known."""

    own_network: bool | None = None
    gateway: bool | None = None
    since: datetime | None = None
    """When what is lost of them was lost."""
    loss_seen: bool = True
    """Whether it was lost while somebody watched; if not, it may have been gone for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something is the matter with the home."""

    kind: Kind
    since: datetime
    """When it began; stays as it is for as long as the finding stands."""
    members: frozenset[str]
    """The cameras it accounts for: nothing needs to be said of them one by one."""
    diagnosis: Diagnosis
    ebbing: datetime | None = None
    """Since when its ground is gone, while not all members are back."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """A reason to speak of the home, and the cameras that it strikes."""

    kind: Kind
    struck: Sequence[Member]
    diagnosis: Diagnosis
    since: datetime


def judge(
    cameras: Collection[Member], around: Surroundings, before: Finding | None, now: datetime
) -> Finding | None:
    """Say what is the matter with the home as a whole, if anything is."""
    ground = _ground(sorted(cameras, key=lambda camera: camera.key), around, now)
    lost = {camera.key for camera in cameras if camera.lost is not None}
    known = before.members & lost if before else frozenset()
    if ground is None:
        return _ebb(before, known, now)
    struck = frozenset(camera.key for camera in ground.struck)
    since = ground.since
    if before is not None and (known & struck or before.kind is ground.kind is Kind.OWN_NETWORK):
        since = before.since
    return Finding(
        kind=ground.kind,
        since=since,
        members=struck | known,
        diagnosis=ground.diagnosis,
    )


def account_refused(cameras: Iterable[Member]) -> bool | None:
    """Whether all that are logged in to refuse the account; None where it is in doubt.

    One camera that refuses what the others accept holds an old password or has its third-party
    access off; asking the owner for the account would lead astray. Nor are cameras left out
    that are away, or were not asked yet: they may well accept it.
    """
    asked = {camera.refuses for camera in cameras if camera.logs_in}
    if not asked or False in asked:
        return False
    return None if None in asked else True


def judge_account(
    cameras: Collection[Member], before: Finding | None, now: datetime
) -> Finding | None:
    """Say whether the trouble is the account, and not the cameras that refuse it."""
    known = before.members if before else frozenset()
    # One that is just being asked again has not accepted it yet.
    struck = [
        camera
        for camera in sorted(cameras, key=lambda camera: camera.key)
        if (camera.refused and camera.refuses) or (camera.key in known and _unasked(camera))
    ]
    members = frozenset(camera.key for camera in struck)
    refused = account_refused(cameras)
    if refused is None and before is not None:
        # Cameras that go away meanwhile do not accept it by that.
        refused = before.ebbing is None
    if not refused:
        return _ebb(before, known & members, now)
    if before is None and len(struck) < _SEVERAL:
        return None
    since = before.since if before else min(one.refused for one in struck if one.refused)
    return Finding(kind=Kind.ACCOUNT, since=since, members=members, diagnosis=_joint(struck))


def _unasked(camera: Member) -> bool:
    """Whether a camera is there, and was not asked yet."""
    return camera.logs_in and camera.refuses is None and camera.lost is None


def _ebb(before: Finding | None, left: frozenset[str], now: datetime) -> Finding | None:
    """Let a finding end: with the last member that comes back, or after a while."""
    if before is None or not left:
        return None
    ebbing = before.ebbing or now
    if not timedelta(0) <= now - ebbing < EBB:
        return None
    return replace(before, members=left, ebbing=ebbing)


def _ground(cameras: Collection[Member], around: Surroundings, now: datetime) -> _Ground | None:
    gone = [camera for camera in cameras if camera.silent and camera.lost and not camera.expected]
    since = around.since or now
    struck = [camera for camera in gone if camera.lost and _went_with(camera.lost, around, since)]
    if around.own_network is False:
        # Nothing can be looked at: what was concluded of each camera is worth nothing now.
        known = diagnose(Evidence(site=Site(own_network=Link.DOWN)))
        return _Ground(Kind.OWN_NETWORK, struck, known, since)
    here = sum(camera.silent is False for camera in cameras)
    if around.gateway is False and struck and len(struck) >= here:
        # With most cameras at their work it is the gateway that keeps silent, no more.
        return _Ground(Kind.GATEWAY, struck, _joint(struck), _first(struck))
    grounds = list(_shared(cameras))
    # The ground that strikes most; of two that strike the same ones the one that fits the
    # cause, and else the nearer one.
    return max(grounds, key=lambda ground: (len(ground.struck), _fits(ground)), default=None)


def _went_with(lost: datetime, around: Surroundings, since: datetime) -> bool:
    """Whether a camera went when the surroundings did, as far as anybody was there to see it."""
    return lost - since <= TOGETHER and (not around.loss_seen or since - lost <= TOGETHER)


def _shared(cameras: Collection[Member]) -> Iterable[_Ground]:
    """Find what is shared by several cameras that went together, and by none that is here."""
    for kind in (Kind.ACCESS_POINT, Kind.WIFI, Kind.PLUG):
        groups: dict[str, list[Member]] = {}
        for camera in cameras:
            if kind in camera.shares and not camera.expected:
                groups.setdefault(camera.shares[kind], []).append(camera)
        for group in groups.values():
            if all(camera.silent and camera.lost for camera in group):
                struck = _together(group)
                if len(struck) >= _SEVERAL:
                    yield _Ground(kind, struck, _joint(struck), _first(struck))


def _together(group: Sequence[Member]) -> Sequence[Member]:
    """Return the most of a group that went within a short time."""
    ordered = sorted((camera.lost, camera.key, camera) for camera in group if camera.lost)
    times = [lost for lost, _, _ in ordered]
    spans = (
        ordered[start : bisect_right(times, lost + TOGETHER)] for start, lost in enumerate(times)
    )
    return [camera for _, _, camera in max(spans, key=len)]


def _fits(ground: _Ground) -> bool:
    """Whether a plug is to blame for power, and anything else for the rest."""
    return (ground.kind is Kind.PLUG) is (ground.diagnosis.cause in _POWER)


def _first(struck: Iterable[Member]) -> datetime:
    return min(camera.lost for camera in struck if camera.lost)


def _joint(struck: Sequence[Member]) -> Diagnosis:
    """Put the members' diagnoses together: the cause that all of them together think likeliest."""
    diagnoses = [camera.diagnosis for camera in struck if camera.diagnosis] or [
        diagnose(Evidence())
    ]
    shares = dict.fromkeys(Cause, 0.0)
    for diagnosis in diagnoses:
        for ranked in diagnosis.ranking:
            shares[ranked.cause] += ranked.probability / len(diagnoses)
    # Cameras that are gone are not well, whatever little else is known of them.
    shares[Cause.UNDETERMINED] += shares[Cause.HEALTHY]
    shares[Cause.HEALTHY] = 0.0
    ranking = tuple(
        sorted(
            (Ranked(cause=cause, probability=share) for cause, share in shares.items()),
            key=lambda ranked: -ranked.probability,
        )
    )
    cause, confidence = ranking[0].cause, ranking[0].probability
    return replace(
        max(diagnoses, key=lambda diagnosis: _share(diagnosis, cause)),
        cause=cause,
        confidence=confidence,
        certainty=in_a_word(cause, confidence),
        ranking=ranking,
    )


def _share(diagnosis: Diagnosis, cause: Cause) -> float:
    return next(one.probability for one in diagnosis.ranking if one.cause is cause)
