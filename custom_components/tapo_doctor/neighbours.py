"""What a camera is told about the others of the home."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from .chart import REFUSALS
from .doctor.causes import Cause
from .doctor.diagnosis import Certainty
from .doctor.evidence import Neighbour, NeighbourKind, NeighbourState, RemedyKind
from .doctor.playbook import Step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .coordinator import CameraCoordinator

# Twenty that are gone say as much as two hundred, at a tenth of the time.
_MOST_NEIGHBOURS = 20
# Devices that lose the same network go within minutes of each other.
_SAME_EVENT_MIN = 15
_WITHOUT_POWER: Final = frozenset({Cause.POWER_SUPPLY, Cause.SWITCHED_OFF})
_RESTARTS: Final = frozenset({RemedyKind.POWER_CYCLE, Step.RESTART_CAMERA})


def neighbours_of(
    camera: CameraCoordinator, cameras: Iterable[CameraCoordinator], now: datetime
) -> tuple[Neighbour, ...]:
    """Describe the neighbours of a camera, as evidence about it."""
    return tuple(_neighbour(other, camera, now) for other in _chosen(camera, cameras))


def _chosen(
    camera: CameraCoordinator, cameras: Iterable[CameraCoordinator]
) -> list[CameraCoordinator]:
    """Return the camera's neighbours; of very many as many as a verdict needs.

    The share of those that are gone stays as it is, and those that went when this one
    did come first.
    """
    others = [
        other
        for other in cameras
        if other is not camera and not _was_restarted(other, camera) and not _has_no_power(other)
    ]
    if len(others) <= _MOST_NEIGHBOURS:
        return others
    gone: list[CameraCoordinator] = []
    here: list[CameraCoordinator] = []
    for other in others:
        (gone if other.chart.offline else here).append(other)
    lost_at = camera.lost_at
    if lost_at is not None:
        gone.sort(key=lambda other: abs((other.lost_at or lost_at) - lost_at))
    share = math.ceil(_MOST_NEIGHBOURS * len(gone) / len(others))
    return gone[:share] + here[: max(1, _MOST_NEIGHBOURS - share)]


def _neighbour(seen: CameraCoordinator, by: CameraCoordinator, now: datetime) -> Neighbour:
    """Describe a camera as the neighbour of another."""
    chart = seen.chart
    if chart.presence.here and chart.service.here is False and not chart.displaced:
        # It hangs, but it is on the network: that is what counts for others.
        return Neighbour(
            kind=NeighbourKind.CAMERA,
            model=chart.model,
            firmware=chart.memory.firmware,
            ssid=chart.memory.ssid,
            state=NeighbourState.ONLINE,
        )
    lost, back = seen.lost_at, None
    last = chart.memory.outages[-1] if chart.memory.outages else None
    if lost is None and last is not None and last.end is not None:
        lost, back = last.start, last.end
    before = None
    if lost is not None and by.lost_at is not None:
        before = round((by.lost_at - lost).total_seconds() / 60, 1)
    # What came back from an outage of long ago says nothing about this one.
    same = before is not None and abs(before) <= _SAME_EVENT_MIN
    return Neighbour(
        kind=NeighbourKind.CAMERA,
        model=chart.model,
        firmware=chart.memory.firmware,
        ssid=chart.memory.ssid,
        state=_state(seen),
        lost_minutes_before=before if chart.offline or same else None,
        back_minutes_ago=round((now - back).total_seconds() / 60, 1) if same and back else None,
    )


def _has_no_power(other: CameraCoordinator) -> bool:
    """Whether another camera is gone because it certainly has no power.

    Its plug shows that, whatever befalls the network; it says nothing about anybody else.
    """
    outage = other.chart.outage
    return (
        outage is not None
        and outage.cause in _WITHOUT_POWER
        and outage.certainty is Certainty.CERTAIN
    )


def _was_restarted(other: CameraCoordinator, camera: CameraCoordinator) -> bool:
    """Whether another camera went with this one, and somebody has restarted it since.

    That it works now does not tell that the network let it back in by itself.
    """
    outages = other.chart.memory.outages
    if camera.lost_at is None or other.chart.offline or not outages:
        return False
    last = outages[-1]
    together = abs(camera.lost_at - last.start) <= timedelta(minutes=_SAME_EVENT_MIN)
    return together and not _RESTARTS.isdisjoint(last.tried)


def _state(seen: CameraCoordinator) -> NeighbourState | None:
    chart = seen.chart
    if not chart.settled or chart.in_doubt:
        return None
    if chart.offline:
        return NeighbourState.OFFLINE
    return NeighbourState.LOGIN_REFUSED if chart.login in REFUSALS else NeighbourState.ONLINE
