"""Nobody's camera is switched off and on for ever."""

from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor.budget import AFTER_S, MOST, SPAN_S, Budget, Due


def test_each_attempt_waits_longer() -> None:
    """A camera that was not cured by one cut is not cured by another at once."""
    budget = Budget()
    for tried, minutes in enumerate((5, 15, 60)):
        assert budget.due(minutes * 60 - 1, tried) is Due.LATER
        assert budget.due(minutes * 60, tried) is Due.NOW
        budget = budget.spent()
    assert budget.due(10**6, 3) is Due.NEVER


def test_a_new_outage_begins_anew_as_long_as_the_day_has_attempts_left() -> None:
    """Three outages a day with one cut each are as many cuts as one outage with three."""
    budget = Budget().spent().spent()
    assert budget.due(300, 0) is Due.NOW
    assert budget.spent().due(10**6, 0) is Due.NEVER


def test_an_outage_that_three_cuts_did_not_end_waits_for_a_person() -> None:
    """Also on the next day: what did not help thrice does not help a fourth time."""
    budget = Budget((0.0, 0.0, 0.0)).aged(SPAN_S)
    assert budget == Budget()
    assert budget.due(10**6, len(AFTER_S)) is Due.NEVER
    assert budget.due(300, 0) is Due.NOW


def test_only_time_that_was_watched_gives_attempts_back() -> None:
    """A clock that jumps must not."""
    assert Budget((0.0,)).aged(-SPAN_S) == Budget((0.0,))
    assert Budget((0.0,)).aged(SPAN_S - 1) == Budget((SPAN_S - 1,))
    assert Budget((0.0,)).aged(SPAN_S) == Budget()


@given(st.lists(st.integers(-(10**6), 10**4), max_size=60))
def test_there_are_never_more_than_three_in_a_day(steps: list[int]) -> None:
    """Whatever time does."""
    budget, clock, made = Budget(), 0.0, list[float]()
    for step in steps:
        budget = budget.aged(step)
        clock += max(0.0, step)
        if budget.due(1e9, 0) is Due.NOW:
            budget = budget.spent()
            made.append(clock)
    assert made or not steps
    for start in made:
        assert sum(start <= moment < start + SPAN_S for moment in made) <= MOST
