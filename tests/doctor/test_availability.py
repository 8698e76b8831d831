"""Percent that a person can rely on: what nobody saw is counted on neither side."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor.availability import Span, Tally, tally, with_look
from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.outages import Outage

from .evidences import calm

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = NOW - 30 * DAY


def outage(ago: timedelta, length: timedelta | None, **more: Any) -> Outage:
    start = NOW - ago
    return Outage(start=start, end=None if length is None else start + length, **more)


def test_a_camera_that_was_always_there_has_a_hundred_percent() -> None:
    assert tally([], [], LONG_AGO, NOW) == Tally(
        availability_24h=100, availability_7d=100, outages_7d=0
    )


def test_an_outage_counts_in_the_day_and_in_the_week() -> None:
    found = tally([outage(3 * HOUR, 2.4 * HOUR)], [], LONG_AGO, NOW)
    assert found == Tally(availability_24h=90, availability_7d=98.6, outages_7d=1)


def test_an_outage_that_goes_on_counts_until_now() -> None:
    """Else a dead camera would look better from hour to hour."""
    found = tally([outage(6 * HOUR, None)], [], LONG_AGO, NOW)
    assert (found.availability_24h, found.outages_7d) == (75, 1)


def test_an_outage_that_began_before_the_day_counts_with_its_part_in_it() -> None:
    found = tally([outage(30 * HOUR, 12 * HOUR)], [], LONG_AGO, NOW)
    assert found.availability_24h == 75


def test_what_is_older_than_a_week_counts_no_more() -> None:
    found = tally([outage(8 * DAY, HOUR)], [], LONG_AGO, NOW)
    assert found == Tally(availability_24h=100, availability_7d=100, outages_7d=0)


def test_a_camera_that_is_new_is_judged_by_its_own_time() -> None:
    """Two hours of watching do not make a day of which 22 hours were good."""
    found = tally([outage(HOUR, HOUR / 2)], [], NOW - 2 * HOUR, NOW)
    assert (found.availability_24h, found.availability_7d) == (75, 75)


@pytest.mark.parametrize(
    "excuse", [{"planned": True}, {"cause": Cause.HOME_ASSISTANT_NETWORK}], ids=str
)
def test_an_excused_absence_counts_on_neither_side(excuse: dict[str, object]) -> None:
    """Off for half of the day, and away for a quarter of the other half."""
    found = tally(
        [outage(20 * HOUR, 12 * HOUR, **excuse), outage(3 * HOUR, 3 * HOUR)], [], LONG_AGO, NOW
    )
    assert (found.availability_24h, found.outages_7d) == (75, 1)


def test_time_in_which_nobody_looked_counts_on_neither_side() -> None:
    """Home Assistant was off from the middle of an outage on: what came then nobody knows."""
    night = Span(NOW - 18 * HOUR, NOW - 6 * HOUR)
    found = tally([outage(21 * HOUR, 12 * HOUR)], [night], LONG_AGO, NOW)
    assert found.availability_24h == 75


@pytest.mark.parametrize("since", [NOW, NOW + DAY])
def test_a_camera_that_nobody_looked_at_has_no_figure(since: datetime) -> None:
    """Nor has one whose clock was set back."""
    found = tally([], [], since, NOW)
    assert found == Tally(availability_24h=None, availability_7d=None, outages_7d=0)


def test_a_gap_between_looks_is_noted_where_it_is_long() -> None:
    """A look every minute is watching; a restart of an hour is not."""
    assert with_look((), None, NOW) == ()
    assert with_look((), NOW - timedelta(minutes=2), NOW) == ()
    assert with_look((), NOW + HOUR, NOW) == ()
    assert with_look((), NOW - HOUR, NOW) == (Span(NOW - HOUR, NOW),)


def test_gaps_are_forgotten_after_a_week() -> None:
    old, young = (Span(NOW - n * DAY, NOW - n * DAY + HOUR) for n in (9, 2))
    assert with_look((old, young), NOW - HOUR, NOW) == (young, Span(NOW - HOUR, NOW))


moments = st.timedeltas(timedelta(0), 9 * DAY).map(lambda ago: NOW - ago)
spans = st.lists(st.tuples(moments, moments).map(lambda pair: Span(min(pair), max(pair))))


@calm
@given(down=spans, blind=spans)
def test_a_figure_is_always_a_percentage(down: list[Span], blind: list[Span]) -> None:
    """However outages and gaps overlap."""
    found = tally([Outage(start=one.start, end=one.end) for one in down], blind, LONG_AGO, NOW)
    for percent in (found.availability_24h, found.availability_7d):
        assert percent is None or 0 <= percent <= 100
