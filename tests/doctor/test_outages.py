"""What the outages of a camera add up to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from custom_components.tapo_doctor.doctor.evidence import Remedy, RemedyKind
from custom_components.tapo_doctor.doctor.outages import (
    Outage,
    Tried,
    as_evidence,
    read_attempt,
    recent,
    remembered,
    summarize,
)
from custom_components.tapo_doctor.doctor.playbook import Step

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def ended(ago: timedelta, length: timedelta = timedelta(seconds=60)) -> Outage:
    return Outage(start=NOW - ago, end=NOW - ago + length)


def test_no_outages_are_counted_as_none_and_have_no_habit() -> None:
    record = summarize([], NOW)
    assert (record.outages_24h, record.outages_7d, record.median_s) == (0, 0, None)
    assert record.same_time_of_day is None


def test_a_running_outage_is_not_yet_one_of_the_past() -> None:
    running = Outage(start=NOW - timedelta(minutes=5))
    assert running.length is None
    assert summarize([running], NOW).outages_24h == 0


def test_a_day_and_a_week_are_counted_apart() -> None:
    outages = [ended(DAY / 2), ended(2 * DAY, timedelta(seconds=120)), ended(8 * DAY)]
    record = summarize(outages, NOW)
    assert (record.outages_24h, record.outages_7d) == (1, 2)
    assert record.median_s == 90


def test_the_same_hour_on_three_days_is_a_habit() -> None:
    outages = [ended(n * DAY + timedelta(minutes=5 * n)) for n in (1, 2, 3)]
    assert summarize(outages, NOW).same_time_of_day is True


def test_a_habit_may_sit_at_midnight() -> None:
    """Ten to twelve and ten past are twenty minutes apart, not a day."""
    midnight = timedelta(hours=12)
    shifts = [-timedelta(minutes=10), timedelta(0), timedelta(minutes=10)]
    outages = [ended(midnight + n * DAY + shift) for n, shift in enumerate(shifts, 1)]
    assert summarize(outages, NOW).same_time_of_day is True


def test_three_outages_of_one_hour_are_no_habit() -> None:
    """A habit needs several days."""
    outages = [ended(timedelta(minutes=m)) for m in (10, 20, 30)]
    assert summarize(outages, NOW).same_time_of_day is False


def test_outages_at_any_hour_are_no_habit() -> None:
    outages = [ended(n * DAY + timedelta(hours=5 * n)) for n in (1, 2, 3)]
    assert summarize(outages, NOW).same_time_of_day is False


def test_the_habit_follows_the_clock_on_the_wall() -> None:
    local = NOW.astimezone(timezone(timedelta(hours=5)))
    outages = [ended(n * DAY) for n in (1, 2, 3)]
    assert summarize(outages, local).same_time_of_day is True


def test_what_is_older_than_ninety_days_is_forgotten() -> None:
    young, old = ended(89 * DAY), ended(91 * DAY)
    assert recent([old, young], NOW) == (young,)


def test_a_planned_absence_is_no_outage() -> None:
    """A camera that is switched off every night is not unreliable."""
    planned = [replace(ended(DAY / 2), planned=True), ended(DAY / 3)]
    record = summarize(planned, NOW)
    assert (record.outages_24h, record.outages_7d, record.median_s) == (1, 1, 60)


def test_a_plan_is_a_habit_all_the_same() -> None:
    """Else the third planned restart would make the fourth look unplanned."""
    outages = [replace(ended(n * DAY), planned=True) for n in (1, 2, 3)]
    record = summarize(outages, NOW)
    assert record.outages_7d == 0
    assert record.same_time_of_day is True


def test_what_was_tried_is_noted_once_and_in_order() -> None:
    """Two presses of a button are one attempt in the summary for the support."""
    outage = Outage(start=NOW).after(RemedyKind.POWER_CYCLE).after(Step.CHECK_POWER)
    assert outage.tried == (RemedyKind.POWER_CYCLE, Step.CHECK_POWER)
    assert outage.after(RemedyKind.POWER_CYCLE) is outage


@pytest.mark.parametrize("attempt", [*Step, *RemedyKind])
def test_an_attempt_is_read_as_what_it_was(attempt: Step | RemedyKind) -> None:
    """A word that stood for a step and a remedy would be remembered as the wrong one."""
    assert read_attempt(str(attempt)) is attempt


def test_what_nobody_can_try_is_refused() -> None:
    with pytest.raises(ValueError, match="prayer"):
        read_attempt("prayer")


def test_remedies_are_told_with_their_age() -> None:
    """What helped a month ago is worth less than what helped today; the mind is told both."""
    tried = Tried(remedy=RemedyKind.POWER_CYCLE, at=NOW - timedelta(minutes=90), helped=True)
    told = as_evidence([tried], NOW)
    assert told == (Remedy(remedy=RemedyKind.POWER_CYCLE, helped=True, hours_ago=1.5),)


def test_no_remedy_noted_is_not_taken_for_none_tried() -> None:
    """A person may have unplugged it without telling anybody."""
    assert as_evidence([], NOW) is None


def test_remedies_are_forgotten_as_outages_are() -> None:
    young, old = (
        Tried(remedy=RemedyKind.RELOAD, at=NOW - 89 * DAY),
        Tried(remedy=RemedyKind.RELOAD, at=NOW - 91 * DAY),
    )
    assert remembered([old, young], NOW) == (young,)
