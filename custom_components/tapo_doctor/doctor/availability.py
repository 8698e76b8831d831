"""How much of the time a camera was there, of the time in which anybody looked.

Time in which nobody could look, because Home Assistant was off or its own network was down, says
nothing about the camera; nor does planned absence. Both are left out, on both sides of the sum.
"""

from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from .causes import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .outages import Outage

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
# Looks are at most a minute apart; two that were missed may be chance, three are a gap.
_GAP: Final = timedelta(minutes=3)


class Span(NamedTuple):
    """A span of time."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the last days add up to; availability in percent, None where nobody looked."""

    availability_24h: float | None
    availability_7d: float | None
    outages_7d: int


def with_look(blind: tuple[Span, ...], last: datetime | None, now: datetime) -> tuple[Span, ...]:
    """Add the time since the last look to the times nobody looked in, if it was long."""
    if last is None or now - last <= _GAP:
        return blind
    return (*(span for span in blind if now - span.end < _WEEK), Span(last, now))


def tally(
    outages: Iterable[Outage], blind: Iterable[Span], since: datetime, now: datetime
) -> Tally:
    """Add up the last day and the last week of a camera that is watched since `since`."""
    lately = [outage for outage in outages if now - (outage.end or now) < _WEEK]
    excused = [_span(outage, now) for outage in lately if not _counts(outage)]
    left_out = [*blind, *excused]
    down = [_span(outage, now) for outage in lately if _counts(outage)]
    return Tally(
        availability_24h=_percent(down, left_out, Span(max(since, now - _DAY), now)),
        availability_7d=_percent(down, left_out, Span(max(since, now - _WEEK), now)),
        outages_7d=len(down),
    )


def _counts(outage: Outage) -> bool:
    """Whether an outage is the camera's; where our own network is down, nobody could look."""
    return not outage.planned and outage.cause is not Cause.HOME_ASSISTANT_NETWORK


def _span(outage: Outage, now: datetime) -> Span:
    return Span(outage.start, outage.end or now)


def _percent(down: list[Span], left_out: list[Span], window: Span) -> float | None:
    unseen = _covered(left_out, window)
    seen = (window.end - window.start) - unseen
    if seen <= timedelta(0):
        return None
    away = _covered([*down, *left_out], window) - unseen
    return round(100 * (1 - away / seen), 1)


def _covered(spans: list[Span], window: Span) -> timedelta:
    """Return how much of a window is covered by spans, which may overlap."""
    covered, reached = timedelta(0), window.start
    for span in sorted(spans, key=attrgetter("start")):
        start, end = max(span.start, reached), min(span.end, window.end)
        if end > start:
            covered += end - start
            reached = end
    return covered
