"""Outages: spans of time with a cause, what was tried, and what they add up to."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from .causes import Cause
from .evidence import Remedy, RemedyKind
from .playbook import Step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .diagnosis import Certainty

# What can be tried: a step of the playbook by a person, or a remedy, by whomever.
type Attempt = Step | RemedyKind

# How long outages are kept.
KEPT = timedelta(days=90)
# Two outages at about the same time of day are a coincidence, three within this spread
# (a restart plan, or an update window of two hours) are a habit.
_HABIT = 3
_SPREAD_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """One span of time in which a camera was not there, or did not serve."""

    start: datetime
    end: datetime | None = None
    cause: Cause = Cause.UNDETERMINED
    certainty: Certainty | None = None
    tried: tuple[Attempt, ...] = ()
    """In the order in which it was tried, each once."""
    helped: Attempt | None = None
    """What ended it; None where it ended by itself, or goes on."""
    planned: bool = False
    """Whether nobody needs to mind: it was restarting, asleep, or switched off on purpose."""

    @property
    def length(self) -> timedelta | None:
        """How long it lasted; None while it goes on."""
        return None if self.end is None else self.end - self.start

    def after(self, attempt: Attempt) -> Outage:
        """Note that something was tried."""
        return self if attempt in self.tried else replace(self, tried=(*self.tried, attempt))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A remedy that was tried; `helped` is None until that is known."""

    remedy: RemedyKind
    at: datetime
    helped: bool | None = None
    during: datetime | None = None
    """The start of the outage in which it was tried, by which that is known, whatever the clock
    on the wall was set to meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the outages of one camera add up to, as the evidence wants it."""

    outages_24h: int
    outages_7d: int
    median_s: float | None
    same_time_of_day: bool | None


def recent(outages: Iterable[Outage], now: datetime) -> tuple[Outage, ...]:
    """Leave out what is too old to keep."""
    return tuple(outage for outage in outages if now - outage.start < KEPT)


def read_attempt(word: str) -> Attempt:
    """Return what a word stands for; raises `ValueError` where it is neither."""
    return Step(word) if word in set(Step) else RemedyKind(word)


def remembered(tried: Iterable[Tried], now: datetime) -> tuple[Tried, ...]:
    """Leave out the remedies of too long ago."""
    return tuple(one for one in tried if now - one.at < KEPT)


def as_evidence(tried: Iterable[Tried], now: datetime) -> tuple[Remedy, ...] | None:
    """Tell the mind what was tried; nothing noted may still mean that a person did something."""
    return (
        tuple(
            Remedy(
                remedy=one.remedy,
                helped=one.helped,
                hours_ago=max(0.0, round((now - one.at).total_seconds() / 3600, 2)),
            )
            for one in tried
        )
        or None
    )


def summarize(outages: Iterable[Outage], now: datetime) -> Record:
    """Count the outages that have ended, of a day and of a week; planned absence is none.

    A plan is a habit all the same: a camera that restarts every night keeps its hour. `now`
    carries the home's time zone: habits follow the clock on the wall.
    """
    ended = [outage for outage in outages if outage.end is not None]
    absences = [outage for outage in ended if now - outage.start < timedelta(days=7)]
    week = [outage for outage in absences if not outage.planned]
    lengths = [outage.length.total_seconds() for outage in week if outage.length is not None]
    return Record(
        outages_24h=sum(now - outage.start < timedelta(days=1) for outage in week),
        outages_7d=len(week),
        median_s=median(lengths) if lengths else None,
        same_time_of_day=_habit(absences, now) if len(absences) >= _HABIT else None,
    )


def _habit(outages: list[Outage], now: datetime) -> bool:
    """Whether the outages of several days fall within one short span of the day."""
    starts = [outage.start.astimezone(now.tzinfo) for outage in outages]
    minutes = sorted(start.hour * 60 + start.minute for start in starts)
    days = {start.date() for start in starts}
    day = 24 * 60
    # The widest gap round the clock is where the habit is not.
    gaps = [after - before for before, after in itertools.pairwise(minutes)]
    widest = max([*gaps, minutes[0] + day - minutes[-1]])
    return len(days) >= _HABIT and day - widest <= _SPREAD_MINUTES
