"""Nobody's camera is switched off and on for ever."""

from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor.budget import AFTER_S, MOST, SPAN_S, WELL_S, Budget, Due


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
    budget = Budget((0.0, 0.0, 0.0)).aged(SPAN_S, well=False)
    assert budget == Budget()
    assert budget.due(10**6, len(AFTER_S)) is Due.NEVER
    assert budget.due(300, 0) is Due.NOW


def test_only_time_that_was_watched_gives_attempts_back() -> None:
    """A clock that jumps must not."""
    assert Budget((0.0,)).aged(-SPAN_S, well=True) == Budget((0.0,))
    assert Budget((0.0,)).aged(SPAN_S - 1, well=True) == Budget((SPAN_S - 1,))
    assert Budget((0.0,)).aged(SPAN_S, well=True) == Budget()


def test_what_is_left_to_a_person_waits_for_one_or_for_a_good_week() -> None:
    """A camera that hangs every day would be cut three times a day for ever."""
    budget = Budget().spent().spent().spent().left()
    for _ in range(7):
        budget = budget.aged(SPAN_S - 1, well=True).aged(1, well=False)
        assert budget.due(10**6, 0) is Due.NEVER
        assert budget.left() == budget
    assert budget.acted() == Budget()
    assert budget.aged(WELL_S, well=True) == Budget()


def test_who_was_not_waited_for_gives_no_attempts_back() -> None:
    """Else a cut by hand would make room for three more by themselves."""
    budget = Budget().spent()
    assert budget.acted() == budget


def test_a_person_s_turn_comes_when_a_cut_would_be_due() -> None:
    """A camera may still come back by itself."""
    budget = Budget().spent().spent().spent()
    assert budget.due(AFTER_S[0] - 1, 0) is Due.LATER
    assert budget.due(AFTER_S[0], 0) is Due.NEVER


@given(st.lists(st.integers(-(10**6), 10**4), max_size=60))
def test_there_are_never_more_than_three_in_a_day(steps: list[int]) -> None:
    """Whatever time does."""
    budget, clock, made = Budget(), 0.0, list[float]()
    for step in steps:
        budget = budget.aged(step, well=True)
        clock += max(0.0, step)
        if budget.due(1e9, 0) is Due.NOW:
            budget = budget.spent()
            made.append(clock)
    assert made or not steps
    for start in made:
        assert sum(start <= moment < start + SPAN_S for moment in made) <= MOST
