"""From a camera's chart and its diagnosis to what Home Assistant shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from .chart import REFUSALS
from .doctor.causes import Cause, Group
from .doctor.diagnosis import Certainty
from .doctor.outages import summarize

if TYPE_CHECKING:
    from datetime import datetime

    from .chart import Chart
    from .doctor.availability import Tally
    from .doctor.diagnosis import Diagnosis

# So many outages in a day are no accident any more.
UNSTABLE_OUTAGES = 3
# Nobody needs to do anything about these. `healthy` is not among them: a camera of which it
# is confirmed that it is gone is not well, whatever little else is known.
_EXPECTED = frozenset({Cause.RESTARTING, Cause.SWITCHED_OFF, Cause.ASLEEP})
# A camera that answers may still need a person; but not on a mere suspicion.
_NEEDS_A_PERSON = frozenset({Group.LOGIN_REFUSED, Group.DEGRADED})
_SURE = frozenset({Certainty.CERTAIN, Certainty.LIKELY})


class Status(StrEnum):
    """The camera's state in a word."""

    ONLINE = "online"
    UNSTABLE = "unstable"
    LOGIN_REFUSED = "login_refused"
    OFFLINE = "offline"
    EXPECTED_OFFLINE = "expected_offline"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraState:
    """What the entities of a camera show."""

    status: Status | None = None
    """None until it has been looked at long enough."""
    problem: bool | None = None
    since: datetime | None = None
    """When the present problem began."""
    diagnosis: Diagnosis | None = None
    signal_dbm: int | None = None
    ssid: str | None = None
    firmware: str | None = None
    last_seen: datetime | None = None
    response_ms: float | None = None
    tally: Tally | None = None
    paused: bool = False
    paused_until: datetime | None = None
    part_of_home: bool = False
    """Whether a finding about the home accounts for it: nothing is said of it by itself then."""


def agreed(chart: Chart, diagnosis: Diagnosis) -> Diagnosis:
    """Return what may be shown: of a camera that is gone nobody says that all is well.

    The mind sees single signs, which may all be harmless; that several looks in a row were
    in vain is what the clocks know.
    """
    if chart.offline and diagnosis.cause is Cause.HEALTHY:
        return replace(diagnosis, cause=Cause.UNDETERMINED, certainty=Certainty.UNKNOWN)
    return diagnosis


def status_of(chart: Chart, diagnosis: Diagnosis, now: datetime, weak_below_dbm: float) -> Status:
    """Put a settled chart into a word."""
    if chart.offline and chart.memory.paused:
        return Status.PAUSED
    if chart.offline:
        return Status.EXPECTED_OFFLINE if diagnosis.cause in _EXPECTED else Status.OFFLINE
    if chart.login in REFUSALS:
        return Status.LOGIN_REFUSED
    signal = chart.signal(now)
    weak = signal is not None and signal < weak_below_dbm
    if weak or _keeps_dropping(chart, now):
        return Status.UNSTABLE
    return Status.ONLINE


def is_problem(chart: Chart, status: Status, diagnosis: Diagnosis, now: datetime) -> bool:
    """Whether a person should know: of a camera that is paused nobody wants to."""
    return not chart.memory.paused and is_ailing(chart, status, diagnosis, now)


def is_ailing(chart: Chart, status: Status, diagnosis: Diagnosis, now: datetime) -> bool:
    """Whether it is offline, or something needs a person's hands."""
    if status is Status.EXPECTED_OFFLINE:
        return False
    if status in {Status.OFFLINE, Status.PAUSED, Status.LOGIN_REFUSED}:
        return True
    needed = diagnosis.cause.group in _NEEDS_A_PERSON and diagnosis.certainty in _SURE
    return needed or (status is Status.UNSTABLE and _keeps_dropping(chart, now))


def needs_hands(state: CameraState) -> bool:
    """Whether something is the matter that a person can do something about."""
    if not state.problem or state.diagnosis is None:
        return False
    return state.diagnosis.cause.group is not Group.FINE


def _keeps_dropping(chart: Chart, now: datetime) -> bool:
    return summarize(chart.memory.outages, now).outages_24h >= UNSTABLE_OUTAGES
