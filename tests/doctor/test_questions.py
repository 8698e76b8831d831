"""The question asked is one that can be answered, is not answered yet, and tells most."""

from typing import Any

import pytest
from hypothesis import given

from custom_components.tapo_doctor.doctor import Asked, Cause, Evidence, QuestionKey, diagnose
from custom_components.tapo_doctor.doctor.beliefs import believe, score
from custom_components.tapo_doctor.doctor.questions import _LIKELIHOODS, _TABLE, next_question
from custom_components.tapo_doctor.doctor.signs import contact_of

from .evidences import calm, diagnosis, evidence, evidences

GONE = {"ping": "silent", "ports": {"443": "silent"}}
LOOKED: dict[str, Any] = {
    "now": {**GONE, "neighbour_table": "absent", "discovery": {"answer": "none"}},
    "site": {
        "gateway": "reply",
        "neighbours": [{"kind": "phone", "state": "online"}],
    },
}


def test_every_question_is_in_the_table_with_its_answers() -> None:
    """A key without a row is never asked."""
    assert sorted(row.key for row in _TABLE) == sorted(QuestionKey)
    for row in _TABLE:
        assert sum(answer.share for answer in row.answers) == pytest.approx(1)
        assert row.minutes > 0
        for shares in _LIKELIHOODS[row.key].values():
            assert sum(shares) == pytest.approx(1)


def test_the_doctor_looks_before_a_person_is_asked() -> None:
    """Seconds of our own are cheaper than anybody's walk."""
    question = diagnosis(now={"ping": "silent"}).next_question
    assert question is not None
    assert question.asked is Asked.DOCTOR


def test_a_person_is_asked_when_the_doctor_has_looked() -> None:
    """The light is worth more than another ping."""
    question = diagnosis(**LOOKED).next_question
    assert question is not None
    assert question.asked is Asked.PERSON
    assert question.key in {QuestionKey.LIGHT, QuestionKey.APP}
    assert len(question.answers) > 1


@pytest.mark.parametrize(
    ("sections", "open_keys"),
    [
        ({"now": {"ping": "reply"}}, {QuestionKey.LOGIN, QuestionKey.STREAM}),
        ({"now": {"login": {"result": "rejected"}}}, {QuestionKey.THIRD_PARTY_ACCESS}),
        ({"now": GONE, "power": {"switch": "on"}}, {QuestionKey.WATTS}),
        (
            {"now": GONE, "site": {"neighbours": [{"kind": "plug", "state": "online"}]}},
            {QuestionKey.SCAN},
        ),
        ({}, {QuestionKey.REACH, QuestionKey.PLUG}),
    ],
)
def test_what_can_be_had_is_open(sections: dict[str, Any], open_keys: set[QuestionKey]) -> None:
    """A question about a plug that is not there annoys."""
    seen = evidence(**sections)
    beliefs = believe(score([]))
    assert open_keys <= {row.key for row in _TABLE if row.open(seen, contact_of(seen))}
    assert next_question(seen, beliefs) is not None


def test_a_settled_case_asks_nothing() -> None:
    """Asking what is known is a nuisance."""
    assert diagnosis(now=GONE, power={"switch": "off"}).next_question is None
    assert next_question(evidence(), {Cause.HEALTHY: 1.0}) is None


@calm
@given(evidences)
def test_what_was_told_is_not_asked_again(evidence: Evidence) -> None:
    """People notice who does not listen."""
    question = diagnose(evidence).next_question
    if question is None:
        return
    told = {
        QuestionKey.LIGHT: evidence.now.light,
        QuestionKey.APP: evidence.now.app,
        QuestionKey.SOUND: evidence.now.sound_of_restarting,
        QuestionKey.ADAPTER: evidence.power.adapter,
        QuestionKey.PLUG: evidence.power.switch,
        QuestionKey.THIRD_PARTY_ACCESS: evidence.site.third_party_access,
        QuestionKey.PASSWORD_VERIFIED: evidence.site.password_verified,
    }
    assert told.get(question.key) is None
