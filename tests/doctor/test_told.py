"""What a person tells becomes evidence, holds for a while, and is not asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from custom_components.tapo_doctor.doctor import (
    Asked,
    Cause,
    Evidence,
    QuestionKey,
    Step,
    diagnose,
    write_evidence,
)
from custom_components.tapo_doctor.doctor.questions import _TABLE
from custom_components.tapo_doctor.doctor.told import (
    _OVERTURNS,
    ANSWERABLE,
    UNKNOWN,
    Told,
    after_step,
    answers,
    asked,
    still_true,
    tell,
    with_answer,
)

from .evidences import calm, evidence, evidences

NOW = datetime(2026, 6, 15, 20, tzinfo=UTC)
GONE = {"ping": "silent", "ports": {"443": "silent"}, "discovery": {"answer": "none"}}


def told(question: str, answer: str, hours_ago: float = 0) -> Told:
    """Return an answer."""
    return Told(question=QuestionKey(question), answer=answer, at=NOW - timedelta(hours=hours_ago))


@pytest.mark.parametrize(
    ("question", "answer", "where"),
    [
        ("light", "blinking_red", {"now": {"light": "blinking_red"}}),
        ("app", "works", {"now": {"app": "works"}}),
        ("sound", "yes", {"now": {"sound_of_restarting": True}}),
        ("sound", "no", {"now": {"sound_of_restarting": False}}),
        ("plug", "off", {"power": {"switch": "off"}}),
        ("adapter", "other", {"power": {"adapter": "other"}}),
        ("router_list", "associated", {"site": {"router_lists_camera": "associated"}}),
        ("third_party_access", "off", {"site": {"third_party_access": "off"}}),
        ("password_verified", "no", {"site": {"password_verified": False}}),
        ("internet_for_camera", "blocked", {"site": {"internet_for_camera": "blocked"}}),
        ("network_changed", "no", {}),
        ("credentials_changed", "no", {}),
        ("light", UNKNOWN, {}),
        ("network_changed", UNKNOWN, {}),
        # The doctor's own observations are nobody's to answer.
        ("gateway", "silent", {}),
    ],
)
def test_an_answer_finds_its_place(question: str, answer: str, where: dict[str, object]) -> None:
    """An answer in the wrong place misleads, one without a place was asked for in vain."""
    heard = tell(evidence(), [told(question, answer)], NOW)
    assert write_evidence(heard) == {"format": 1, **where}


def test_what_a_person_can_be_asked_has_a_place_for_each_answer() -> None:
    """A question of which an answer is thrown away is asked for nothing."""
    assert set(ANSWERABLE) == {row.key for row in _TABLE if row.asked is Asked.PERSON}
    for row in _TABLE:
        if row.asked is not Asked.PERSON:
            continue
        assert answers(row.key)[-1] == UNKNOWN
        for answer in row.answers:
            heard = tell(evidence(), [told(row.key, answer.key)], NOW)
            # A "no" may be the usual case, which says nothing.
            assert (heard != evidence()) is bool(answer.signs), (row.key, answer.key)


@pytest.mark.parametrize(("hours_gone", "told_ago", "hours"), [(5, 1, 5), (0.5, 2, 2)])
def test_a_change_is_at_least_as_old_as_the_trouble(
    hours_gone: float, told_ago: float, hours: float
) -> None:
    """A change that came after the loss is not behind it."""
    before = evidence(before={"minutes_ago": hours_gone * 60})
    for question in ("network_changed", "credentials_changed"):
        heard = tell(before, [told(question, "yes", told_ago)], NOW).history
        assert getattr(heard, f"{question}_hours_ago") == hours
    heard = tell(evidence(), [told("network_changed", "yes", -1)], NOW).history
    assert heard.network_changed_hours_ago == 0


def test_what_the_doctor_sees_itself_goes_first() -> None:
    """A plug that reports off is off, whatever somebody remembers."""
    seen = evidence(power={"switch": "off"})
    assert tell(seen, [told("plug", "on")], NOW) == seen


def test_an_answer_changes_the_diagnosis() -> None:
    """Else nobody need be asked."""
    seen = evidence(now=GONE, site={"gateway": "reply"})
    dark = diagnose(tell(seen, [told("plug", "off")], NOW))
    assert dark.cause is Cause.SWITCHED_OFF
    assert dark.steps[0] is Step.TURN_PLUG_ON


@pytest.mark.parametrize(
    ("question", "hours_ago", "holds"),
    [
        ("light", 0.9, True),
        ("light", 1, False),
        ("app", 2, False),
        ("adapter", 23, True),
        ("adapter", 24, False),
        ("light", -5, True),
    ],
)
def test_an_answer_holds_for_a_while(question: str, hours_ago: float, holds: bool) -> None:
    """A light that blinked this morning says nothing tonight."""
    assert bool(still_true([told(question, "off", hours_ago)], NOW)) is holds


def test_a_second_answer_replaces_the_first() -> None:
    """People look again."""
    first, other = told("light", "off"), told("app", "works")
    second = told("light", "blinking_red")
    assert with_answer((first, other), second) == (other, second)


def test_a_step_overturns_what_was_told_of_what_it_changes() -> None:
    """A plug that was off and has been turned on is not off any more."""
    before = (told("plug", "off"), told("light", "off"), told("adapter", "original"))
    assert asked(after_step(before, Step.TURN_PLUG_ON)) == {QuestionKey.ADAPTER}
    assert after_step(before, Step.WAIT) == before
    assert after_step((told("light", UNKNOWN),), Step.RESTART_CAMERA)
    assert all(questions <= set(ANSWERABLE) for questions in _OVERTURNS.values())


@calm
@given(evidences)
def test_what_was_asked_is_not_asked_again(seen: Evidence) -> None:
    """A "no" and an "I don't know" leave nothing in the evidence, and still are answers."""
    question = diagnose(seen).ask
    if question is None:
        return
    assert question.asked is Asked.PERSON
    heard = (told(question.key, UNKNOWN),)
    again = diagnose(tell(seen, heard, NOW), asked=asked(heard))
    assert again.ask is None or again.ask.key is not question.key
    assert again.next_question is None or again.next_question.key is not question.key


def test_a_person_is_asked_even_where_the_doctor_would_look_first() -> None:
    """Whoever has opened a repair is there to be asked."""
    found = diagnose(evidence(now={"ping": "silent"}))
    assert found.next_question is not None
    assert found.next_question.asked is Asked.DOCTOR
    assert found.ask is not None
    assert found.ask.asked is Asked.PERSON
