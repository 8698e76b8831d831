"""What went before: how long, how often, what changed, what was tried."""

from typing import TYPE_CHECKING, Final

from ..evidence import IpFrom, RemedyKind
from ..sign import NOTHING, Sign
from .login import failing
from .reach import Contact
from .service import half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..evidence import Evidence, Remedy
    from ..sign import Found

_DAY_MIN: Final = 24 * 60
# A restart takes about two minutes; a single lost look is cleared up sooner.
_SHORTLY_MIN: Final = 3
_LONG_MIN: Final = 60
# The camera's own restart begins on time and is over within minutes; its update may begin any
# time within the random range of two hours (20 of 21 recorded cameras) and takes up to a quarter.
_RESTART_MIN: Final = 12
_WINDOW_MIN: Final = 120
_UPDATE_MIN: Final = 25
# An absence of twenty minutes is an outage; what is over sooner is a drop-out.
_OUTAGE_S: Final = 1200
_FLAPS_24H: Final = 3
_FLAPS_7D: Final = 10
_LONG_7D: Final = 3
# How long a change may stand behind a trouble that goes on.
_NETWORK_H: Final = 24 * 14
_SOFTWARE_H: Final = 72
_RESTART_H: Final = 24
_POWER_CUT_H: Final = 48
_FLASH_H: Final = 24 * 7
_FIRMWARE_H: Final = 24 * 7
_JUST_UPDATED_H: Final = 0.5
# What did not help longer ago was against another trouble; what helped tells of the camera.
_FAILED_H: Final = 24 * 7
# Versions that reports name for vanishing for hours (HomeAssistant-Tapo-Control#362).
_KNOWN_BAD: Final = frozenset(
    {
        ("C320WS", "1.0.5"),
        ("C320WS", "1.0.6"),
        ("C225", "1.0.24"),
    }
)
_HELPED: Final[Mapping[tuple[RemedyKind, bool], Sign]] = {
    (kind, helped): Sign[f"{kind.name}_{'HELPED' if helped else 'FAILED'}"]
    for kind in RemedyKind
    for helped in (True, False)
}


def look(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Say what the camera's own history tells."""
    gone = evidence.before.minutes_ago
    if contact is not Contact.ANSWERS:
        yield from _duration(evidence)
    elif gone is not None and gone <= _SHORTLY_MIN:
        yield Sign.WELL_JUST_NOW, {"minutes": round(gone)}
    yield from _rhythm(evidence)
    yield from _window(evidence, contact)
    yield from _changes(evidence)
    yield from _firmware(evidence)
    if evidence.before.ever_worked is False:
        yield Sign.NEVER_WORKED, NOTHING
    yield from _address(evidence)
    for remedy in evidence.history.remedies or ():
        if _under_way(remedy, RemedyKind.FIRMWARE_UPDATE, _UPDATE_MIN):
            yield Sign.UPDATE_STARTED, NOTHING
        old = not remedy.helped and (remedy.hours_ago or 0.0) > _FAILED_H
        if remedy.remedy is not None and remedy.helped is not None and not old:
            yield _HELPED[remedy.remedy, remedy.helped], NOTHING


def _under_way(remedy: Remedy, kind: RemedyKind, minutes: float) -> bool:
    """Tell what was begun so short a time ago that nobody can know yet what comes of it."""
    begun = remedy.hours_ago
    open_ended = remedy.remedy is kind and remedy.helped is None
    return open_ended and begun is not None and begun * 60 <= minutes


_ADDRESSES: Final[Mapping[IpFrom, Sign]] = {
    IpFrom.DHCP: Sign.ADDRESS_LEASED,
    IpFrom.RESERVED: Sign.ADDRESS_RESERVED,
    IpFrom.STATIC: Sign.ADDRESS_STATIC,
}


def _address(evidence: Evidence) -> Iterator[Found]:
    ip_from = evidence.before.ip_from
    if ip_from is None:
        return
    changed = _fits(evidence, evidence.history.network_changed_hours_ago, _NETWORK_H)
    if ip_from is IpFrom.STATIC and changed:
        # What keeps its address while the network gets other numbers is left behind.
        yield Sign.ADDRESS_LEFT_BEHIND, NOTHING
    else:
        yield _ADDRESSES[ip_from], NOTHING


def _duration(evidence: Evidence) -> Iterator[Found]:
    gone, powered = evidence.before.minutes_ago, evidence.power.on_minutes_ago
    if gone is None:
        return
    if powered is not None:
        # For as long as it had no power its absence told nothing.
        gone = min(gone, powered)
    values = {"minutes": round(gone)}
    if gone <= _SHORTLY_MIN:
        yield Sign.GONE_SHORTLY, values
    elif gone >= _DAY_MIN / 2:
        yield Sign.GONE_FOR_A_DAY, values
    elif gone >= _LONG_MIN:
        yield Sign.GONE_LONG, values


def _rhythm(evidence: Evidence) -> Iterator[Found]:
    history = evidence.history
    day, week, median = history.outages_24h or 0, history.outages_7d or 0, history.median_outage_s
    values = {"day": history.outages_24h, "week": history.outages_7d, "seconds": median}
    if median is not None and median >= _OUTAGE_S:
        if week >= _LONG_7D or day > 1:
            yield Sign.LONG_OUTAGES, values
    elif day >= _FLAPS_24H or week >= _FLAPS_7D:
        yield Sign.FLAPS, values
        if _fits(evidence, history.network_changed_hours_ago, _NETWORK_H):
            yield Sign.FLAPS_SINCE_CHANGE, {"hours": history.network_changed_hours_ago}
    elif history.outages_7d is not None and week <= 1 and day <= 1:
        yield Sign.FIRST_OUTAGE, values
    if history.same_time_of_day:
        yield Sign.SAME_TIME, NOTHING


def _minutes_since(clock: str | None, start: str | None) -> int | None:
    """Count the minutes from one time of day to another, round midnight."""
    if clock is None or start is None:
        return None
    now, then = (int(time[:2]) * 60 + int(time[3:]) for time in (clock, start))
    return (now - then) % _DAY_MIN


def _window(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Say whether the absence falls into a time the camera itself has set for one."""
    history, gone = evidence.history, evidence.before.minutes_ago
    planned = _minutes_since(evidence.now.local_time, history.planned_restart)
    if _began_within(planned, gone, _RESTART_MIN, _RESTART_MIN):
        yield Sign.PLANNED_RESTART, NOTHING
    elif planned is None and history.planned_restart and history.same_time_of_day:
        # Nobody wrote down the time, but the outages keep to one, and there is a plan.
        yield Sign.PLANNED_RESTART, NOTHING
    if contact is Contact.ANSWERS and not (_just_changed(evidence) or half_up(evidence)):
        return
    window = _minutes_since(evidence.now.local_time, history.update_window)
    if _began_within(window, gone, _WINDOW_MIN + _UPDATE_MIN, _UPDATE_MIN):
        yield Sign.UPDATE_WINDOW, {"window": history.update_window}
    elif window is not None and gone is not None and gone > 2 * _UPDATE_MIN:
        yield Sign.WINDOW_LONG_PAST, NOTHING


def _began_within(since: int | None, gone: float | None, span: float, patience: float) -> bool:
    """Tell whether the absence began within the span, and is not longer than it should be."""
    if since is None:
        return False
    if gone is None:
        return since <= span
    # Two minutes of grace: the clocks of camera and home differ, and a loss is noticed late.
    return since <= span and gone <= min(since + 2, patience)


def _since(hours: float | None, most: float) -> bool:
    return hours is not None and hours <= most


def _fits(evidence: Evidence, hours: float | None, most: float) -> bool:
    """Tell whether a change can be behind the loss: not if the camera left well before it."""
    gone = evidence.before.minutes_ago
    if hours is None or hours > most:
        return False
    # People tell the hour of a change from memory: a quarter more, and half an hour.
    return gone is None or gone <= hours * 60 * 1.25 + 30


def _changes(evidence: Evidence) -> Iterator[Found]:
    history = evidence.history
    for hours, most, sign in (
        (history.network_changed_hours_ago, _NETWORK_H, Sign.NETWORK_CHANGED),
        (history.power_cut_hours_ago, _POWER_CUT_H, Sign.POWER_CUT),
        (history.home_assistant_updated_hours_ago, _SOFTWARE_H, Sign.HOME_ASSISTANT_UPDATED),
        (history.home_assistant_restarted_hours_ago, _RESTART_H, Sign.HOME_ASSISTANT_RESTARTED),
        (history.integration_updated_hours_ago, _SOFTWARE_H, Sign.INTEGRATION_UPDATED),
        (history.flash_attempt_hours_ago, _FLASH_H, Sign.FLASHED),
    ):
        if _fits(evidence, hours, most):
            yield sign, {"hours": hours}


def _just_changed(evidence: Evidence) -> bool:
    return _since(evidence.camera.firmware_changed_hours_ago, _JUST_UPDATED_H)


def _firmware(evidence: Evidence) -> Iterator[Found]:
    camera = evidence.camera
    changed = camera.firmware_changed_hours_ago
    values = {"hours": changed, "firmware": camera.firmware}
    if _just_changed(evidence) and not failing(evidence):
        yield Sign.FIRMWARE_JUST_CHANGED, values
    elif _since(changed, _FIRMWARE_H) or (camera.firmware_changed and changed is None):
        yield Sign.FIRMWARE_CHANGED, values
    if camera.update_available:
        yield Sign.UPDATE_AVAILABLE, NOTHING
    elif camera.update_available is False:
        yield Sign.UP_TO_DATE, NOTHING
    if (camera.model, camera.firmware) in _KNOWN_BAD:
        yield Sign.KNOWN_BAD_FIRMWARE, values
