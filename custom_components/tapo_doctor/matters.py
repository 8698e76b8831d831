"""What is the matter with a camera, or with the home, as far as people are to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .doctor.causes import Group
from .doctor.household import Kind as Ground
from .doctor.notices import Calm, Kind, Matter
from .names import name_of
from .verdict import Status, is_ailing

if TYPE_CHECKING:
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .home import Home

# As many as anybody takes in between two other things; the rest is on the device's page.
_MOST_STEPS = 2
_NEEDS_HANDS = frozenset({Group.LOGIN_REFUSED, Group.DEGRADED})


def camera_matter(camera: CameraCoordinator, now: datetime) -> Matter | Calm:
    """Say what a notice about a camera should say."""
    state = camera.data
    if state.paused or state.part_of_home:
        return Calm.HUSHED
    return trouble_of(camera, now)


def trouble_of(camera: CameraCoordinator, now: datetime) -> Matter | Calm:
    """Say what is the matter with a camera, also where nobody needs to be told."""
    state = camera.data
    if state.status is None or state.diagnosis is None:
        return Calm.UNKNOWN
    # Of one that is paused nothing is shown as a problem, whatever is the matter with it.
    ailing = state.paused and is_ailing(camera.chart, state.status, state.diagnosis, now)
    if state.status is Status.EXPECTED_OFFLINE:
        kind = Kind.EXPECTED
    elif not (state.problem or ailing):
        return Calm.WELL
    elif state.status in {Status.OFFLINE, Status.PAUSED}:
        kind = Kind.OFFLINE
    elif state.status is Status.UNSTABLE and state.diagnosis.cause.group not in _NEEDS_HANDS:
        kind = Kind.DROPPING
    else:
        kind = Kind.TROUBLE
    return Matter(
        kind=kind,
        cause=state.diagnosis.cause,
        certainty=state.diagnosis.certainty,
        steps=state.diagnosis.steps[:_MOST_STEPS],
        left=kind is Kind.OFFLINE and camera.power.left_to_a_person,
        since=state.since or camera.lost_at or now,
    )


def home_matter(home: Home) -> Matter | Calm:
    """Say what is the matter with the home as a whole."""
    if not home.state.known:
        return Calm.UNKNOWN
    if (finding := home.finding) is None:
        return Calm.WELL
    cameras = [name_of(camera) for key, camera in home.cameras.items() if key in finding.members]
    return Matter(
        kind=Kind.ACCOUNT if finding.kind is Ground.ACCOUNT else Kind.HOME,
        ground=finding.kind,
        cause=finding.diagnosis.cause,
        certainty=finding.diagnosis.certainty,
        steps=finding.diagnosis.steps[:_MOST_STEPS],
        cameras=tuple(sorted(cameras)),
        since=finding.since,
    )
