"""One lost look never flips anything."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor.presence import (
    HEARTBEAT,
    RECOVERY_LONG,
    SERVICE,
    Pace,
    Presence,
    Sensitivity,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PACE = Pace(10, (1, 2))


def after(*looks: bool | None) -> Presence:
    """Return what looks, ten seconds apart, amount to."""
    presence = Presence()
    for number, answered in enumerate(looks):
        presence = presence.after(answered, NOW + timedelta(seconds=10 * number), PACE)
    return presence


def test_nothing_is_known_before_the_first_look() -> None:
    assert Presence().here is None


def test_one_answer_is_enough_to_be_here() -> None:
    assert after(False, False, True).here is True


def test_two_lost_looks_are_not_an_absence() -> None:
    presence = after(True, False, False)
    assert presence.here is True
    assert presence.in_doubt


def test_three_lost_looks_in_a_row_are_an_absence() -> None:
    presence = after(True, False, False, False)
    assert presence.here is False
    assert not presence.in_doubt


def test_an_absence_counts_from_the_first_look_that_was_lost() -> None:
    assert after(True, False, False, False, False).since == NOW + timedelta(seconds=10)


def test_an_answer_in_between_starts_the_count_again() -> None:
    assert after(True, False, False, True, False, False).here is True


def test_a_look_that_could_not_be_made_counts_for_nothing() -> None:
    assert after(True, False, None, None, None, False).here is True


def test_who_stays_has_been_here_since_the_first_answer() -> None:
    assert after(True, True, True).since == NOW


@pytest.mark.parametrize(("misses", "pause"), [(0, 10), (1, 1), (2, 2)])
def test_a_lost_look_is_soon_repeated(misses: int, pause: float) -> None:
    presence = after(True, *[False] * misses)
    assert presence.next_look(NOW + timedelta(minutes=1), PACE) == pause


@pytest.mark.parametrize(
    ("gone", "pause"),
    [(timedelta(seconds=9), 5), (timedelta(minutes=6), 15), (timedelta(hours=2), RECOVERY_LONG)],
)
def test_recovery_is_looked_for_ever_more_seldom(gone: timedelta, pause: float) -> None:
    presence = after(False, False, False)
    assert presence.next_look(NOW + gone, PACE) == pause


def test_normal_sensitivity_reaches_the_goal_of_twenty_seconds() -> None:
    """The looks themselves take 1.5 s each."""
    pace = HEARTBEAT[Sensitivity.NORMAL]
    assert pace.interval + sum(pace.repeats) + 1.5 * (1 + len(pace.repeats)) <= 20


def test_a_hung_service_is_confirmed_within_eighty_seconds() -> None:
    """The looks themselves take 3.5 s each."""
    looking = sum(SERVICE.repeats) + 3.5 * (1 + len(SERVICE.repeats))
    assert SERVICE.interval + looking <= 80
    assert SERVICE.interval / 2 + looking <= 45


@given(st.lists(st.sampled_from([True, False, None])))
def test_gone_means_that_nothing_answered_three_times_in_a_row(looks: list[bool | None]) -> None:
    seen = [look for look in looks if look is not None]
    lost = next((i for i, look in enumerate(reversed(seen)) if look), len(seen))
    assert (after(*looks).here is False) == (lost > len(PACE.repeats))
