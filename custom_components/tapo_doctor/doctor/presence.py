"""Whether something is there, judged from looks that may each go astray.

One lost look never flips anything: only several in a row make an absence, and one answer
ends it. The same judgement serves the heartbeat (is the camera on the network?) and the
service check (does it still do its work?).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Sensitivity(StrEnum):
    """How soon an absence counts, as the owner chooses it."""

    QUICK = "quick"
    NORMAL = "normal"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to look, in seconds."""

    interval: float
    """Between looks while all is well."""
    repeats: tuple[float, ...]
    """Pauses before each further look once one was lost; when all are lost, it is gone."""


# Normal reaches the goal of 20 s at the most: 10 s until the next look, then three looks of
# at most 1.5 s with pauses of 1 s and 2 s between them. Quick halves the wait at twice the
# packets. Patient outlasts the minute in which a mesh node hands a camera over.
HEARTBEAT: dict[Sensitivity, Pace] = {
    Sensitivity.QUICK: Pace(5, (1, 1)),
    Sensitivity.NORMAL: Pace(10, (1, 2)),
    Sensitivity.PATIENT: Pace(10, (2, 5, 10, 15, 30)),
}

# A hung service is no less urgent than an absence, but each look costs the camera up to two
# connections, and three a minute are its budget: one look every 50 s, and two more, close
# together, before it counts. With looks of at most 3.5 s that is 39 s at the median and 64 s at
# the most, which leaves a busy machine some seconds to the goals of 45 and 80 s; a look a minute
# left none.
SERVICE = Pace(50, (1, 2))

# While it is gone: every 5 s for 5 min (most cameras are back by then), then every 15 s for
# an hour, then every minute. One packet each, so that recovery is seen at once.
RECOVERY: tuple[tuple[float, float], ...] = ((300, 5), (3600, 15))
RECOVERY_LONG = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What the looks so far amount to."""

    here: bool | None = None
    """None until the first looks have settled it."""
    misses: int = 0
    """Looks lost in a row."""
    since: datetime | None = None
    """When it came, or the first look that was lost when it went."""
    first_miss: datetime | None = None

    def after(self, answered: bool | None, now: datetime, pace: Pace) -> Presence:
        """Take one more look into account; None means that one could not look."""
        if answered is None:
            return self
        if answered:
            since = self.since if self.here else now
            return Presence(here=True, since=since)
        misses = self.misses + 1
        first = self.first_miss or now
        if self.here is False:
            return replace(self, misses=misses)
        if misses > len(pace.repeats):
            return Presence(here=False, misses=misses, since=first, first_miss=first)
        return replace(self, misses=misses, first_miss=first)

    @property
    def in_doubt(self) -> bool:
        """Whether looks were lost, but not yet enough of them to count."""
        return self.misses > 0 and self.here is not False

    def next_look(self, now: datetime, pace: Pace) -> float:
        """Seconds until it is worth looking again."""
        if self.in_doubt:
            # The owner may have chosen a shorter pace in the middle of a doubt.
            return pace.repeats[min(self.misses, len(pace.repeats)) - 1]
        if self.here is not False or self.since is None:
            return pace.interval
        gone = (now - self.since).total_seconds()
        return next((pause for until, pause in RECOVERY if gone < until), RECOVERY_LONG)
