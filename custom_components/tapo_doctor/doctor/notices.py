"""When people are told, and when they are left in peace: one notice for an outage.

What is the matter with a camera, or with the home, is compared with what people were told of it.
They are told once, after the diagnosis has settled; better words then replace the notice without
a sound, and its end answers it. What ends before it was told is never told.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from .causes import Cause
    from .diagnosis import Certainty
    from .household import Kind as Ground
    from .playbook import Step

# Most restarts by hand, and what a router drops for a moment, are over by then.
_FIRST: Final = timedelta(seconds=20)
# The probes of a suspicion have answered by then; a diagnosis that holds so long has settled.
_STEADY: Final = timedelta(seconds=15)
# A diagnosis that changes its mind for ever must not keep an outage secret.
_AT_LAST: Final = timedelta(seconds=60)
# A camera that has only just come back, and goes again, must be gone for longer to be news.
_LATELY: Final = timedelta(hours=1)
_AGAIN: Final = timedelta(minutes=5)
# Of one that keeps dropping people know that it does: that it stays away is news all the same.
_STAYS_AWAY: Final = timedelta(minutes=30)


class Kind(StrEnum):
    """What is the matter, as people see it."""

    OFFLINE = "offline"
    TROUBLE = "trouble"
    """It answers, and something needs a person's hands."""
    DROPPING = "dropping"
    """It comes and goes."""
    EXPECTED = "expected"
    """It is gone, and nobody needs to do anything."""
    HOME = "home"
    """Several cameras are gone, for one reason."""
    ACCOUNT = "account"
    """All cameras answer, and none accepts the account."""

    @property
    def gone(self) -> bool:
        """Whether something is not there."""
        return self in {Kind.OFFLINE, Kind.EXPECTED, Kind.HOME}


class Calm(StrEnum):
    """Why nothing is the matter that a notice should say."""

    WELL = "well"
    HUSHED = "hushed"
    """It is paused, or told as a part of something larger."""
    UNKNOWN = "unknown"
    """It has not been looked at for long enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a notice says; two that say the same are equal."""

    kind: Kind
    cause: Cause
    certainty: Certainty
    steps: tuple[Step, ...] = ()
    ground: Ground | None = None
    """Of the home: what the cameras have in common that is gone."""
    cameras: tuple[str, ...] = ()
    """Of the home: the names of those that are affected."""
    left: bool = False
    """Whether its power was cut in vain as often as may be, and the rest is left to a person."""
    since: datetime = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What people were told last."""

    matter: Matter
    at: datetime
    """When they were told; of what is over, when it ended."""
    standing: bool = True
    """Whether it is still the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """For how long something has been the matter, and for how long just this."""

    matter: Matter
    first: datetime
    steady: datetime


class Act(StrEnum):
    """What is to be done with the notice."""

    NOTHING = "nothing"
    TELL = "tell"
    AMEND = "amend"
    """Put better words in its place, without a sound."""
    ALL_CLEAR = "all_clear"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done now, what to remember, and when to decide anew if nothing happens."""

    act: Act = Act.NOTHING
    issued: Issued | None
    watch: Watch | None = None
    again: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of the day, by the clock on the wall, that may reach over midnight."""

    start: time
    end: time

    def until(self, now: datetime) -> datetime | None:
        """Return when they end, if they hold now; `now` is in the home's time zone."""
        clock = now.time()
        over_midnight = self.end < self.start
        if over_midnight:
            quiet = clock >= self.start or clock < self.end
        else:
            quiet = self.start <= clock < self.end
        if not quiet:
            return None
        day = now.date() + timedelta(days=over_midnight and clock >= self.start)
        end = datetime.combine(day, self.end, tzinfo=now.tzinfo).replace(fold=now.fold)
        # In UTC: spans between two moments of one zone leave out that its clocks are changed.
        return end.astimezone(UTC)


def decide(
    seen: Matter | Calm,
    issued: Issued | None,
    watch: Watch | None,
    now: datetime,
    quiet_until: datetime | None = None,
) -> Decision:
    """Decide what is to be done about one camera, or about the home.

    Quiet hours hold back everything but the end of what was told.
    """
    if isinstance(seen, Calm):
        return _calm(seen, issued, watch, now)
    watch = _watched(seen, watch, now)
    news = (
        _change(seen, issued, watch) if issued and issued.standing else _first(seen, issued, watch)
    )
    if news is None:
        return Decision(issued=issued, watch=watch)
    due = max(news.due, quiet_until or news.due)
    if due > now:
        return Decision(issued=issued, watch=watch, again=due)
    return Decision(act=news.act, issued=Issued(matter=seen, at=now), watch=watch)


def _calm(calm: Calm, issued: Issued | None, watch: Watch | None, now: datetime) -> Decision:
    standing = issued if issued and issued.standing else None
    match calm:
        case Calm.UNKNOWN:
            return Decision(issued=issued, watch=watch)
        case Calm.HUSHED:
            return Decision(act=Act.WITHDRAW if standing else Act.NOTHING, issued=None)
        case Calm.WELL if standing:
            return Decision(act=Act.ALL_CLEAR, issued=replace(standing, at=now, standing=False))
    return Decision(issued=issued)


def _watched(seen: Matter, watch: Watch | None, now: datetime) -> Watch:
    if watch is None or (watch.matter.kind is Kind.EXPECTED and seen.kind is not Kind.EXPECTED):
        return Watch(matter=seen, first=now, steady=now)
    steady = watch.steady if watch.matter == seen else now
    return Watch(matter=seen, first=watch.first, steady=steady)


class _News(NamedTuple):
    act: Act
    due: datetime


def _first(seen: Matter, issued: Issued | None, watch: Watch) -> _News | None:
    """Return what is to be done, and when, where people know of nothing."""
    if seen.kind is Kind.EXPECTED:
        return None
    settled = max(watch.first + _FIRST, watch.steady + _STEADY)
    due = min(settled, watch.first + _AT_LAST)
    if issued is not None and seen.kind.gone and watch.first - issued.at < _LATELY:
        due = max(due, watch.first + _AGAIN)
    return _News(Act.TELL, due)


def _change(seen: Matter, issued: Issued, watch: Watch) -> _News | None:
    """Return what is to be done, and when, where people know that something is the matter."""
    known, settled = issued.matter, watch.steady + _STEADY
    if known == seen:
        return None
    if seen.left and not known.left:
        # From here on nothing more is done for it, and a person has to know.
        return _News(Act.TELL, settled)
    if known.kind is Kind.DROPPING and seen.kind is not Kind.TROUBLE:
        if seen.kind is not Kind.OFFLINE:
            return None
        return _News(Act.TELL, max(seen.since + _STAYS_AWAY, settled))
    if known.kind.gone is seen.kind.gone:
        return _News(Act.AMEND, settled)
    if seen.kind.gone:
        # People know that something is wrong with it: not every drop-out is news on top of that.
        settled = max(settled, seen.since + _AGAIN)
    return _News(Act.TELL, settled)
