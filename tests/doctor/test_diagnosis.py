"""Whatever is seen, an honest answer comes out."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor import (
    GROUPS,
    Case,
    Cause,
    Certainty,
    Diagnosis,
    Evidence,
    Group,
    Ranked,
    Reason,
    Step,
    diagnose,
)
from custom_components.tapo_doctor.doctor.beliefs import pronounce
from custom_components.tapo_doctor.doctor.evidence import RemedyKind
from custom_components.tapo_doctor.doctor.signs import read_signs

from .evidences import calm, diagnosis, evidence, evidences


@calm
@given(evidences)
def test_any_valid_evidence_gives_an_answer(evidence: Evidence) -> None:
    """A doctor without an answer is no help, one whose figures do not add up is worse."""
    found = diagnose(evidence)
    shares = [ranked.probability for ranked in found.ranking]
    assert math.isclose(sum(shares), 1.0, abs_tol=1e-9)
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert shares == sorted(shares, reverse=True)
    assert (found.cause, found.confidence) == (found.ranking[0].cause, shares[0])
    assert (found.certainty is Certainty.UNKNOWN) == (found.cause is Cause.UNDETERMINED)
    assert {ranked.cause for ranked in found.ranking} == set(Cause)
    assert len(set(found.steps)) == len(found.steps)
    assert all(None not in reason.values.values() for reason in found.reasons)
    assert diagnose(evidence) == found


@calm
@given(evidences, st.randoms(use_true_random=False))
def test_the_order_of_neighbours_does_not_matter(evidence: Evidence, chance: Any) -> None:
    """The list comes from a set of entities in no order."""
    mixed: dict[str, Any] = {}
    for name in ("neighbours", "other_clients"):
        members = list(getattr(evidence.site, name) or ())
        chance.shuffle(members)
        mixed[name] = tuple(members)
    straight = diagnose(evidence).ranking
    turned = diagnose(replace(evidence, site=replace(evidence.site, **mixed))).ranking
    assert {one.cause: pytest.approx(one.probability) for one in straight} == {
        one.cause: one.probability for one in turned
    }


def test_missing_is_never_read_as_no() -> None:
    """A probe that could not look would otherwise clear or blame somebody."""
    assert read_signs(Evidence()) == {}
    assert read_signs(evidence(now={"login": {}, "discovery": {}}, site={"scan": {}})) == {}
    assert read_signs(evidence(site={"neighbours": [{}], "other_clients": [{}]})) == {}
    assert read_signs(evidence(history={"remedies": [{}, {"remedy": "reload"}]})) == {}


@pytest.mark.parametrize(
    "section",
    [
        {"now": {"login": {"result": "not_tried"}, "stream": "not_tried"}},
        {"now": {"privacy_mode": False}},
        {"site": {"neighbours": [], "other_clients": []}},
        {"before": {"ever_worked": True, "rssi_dbm": []}},
        {"power": {"watts": []}},
    ],
)
def test_what_says_nothing_changes_nothing(section: dict[str, Any]) -> None:
    """Not tried is not failed, and an empty list holds no bad news."""
    assert diagnosis(**section).ranking == diagnose(Evidence()).ranking


def test_little_evidence_is_not_enough_for_a_name() -> None:
    """A guess that sounds like knowledge sends people the wrong way."""
    for sections in ({}, {"now": {"ping": "silent"}}, {"now": {"app": "offline"}}):
        found = diagnosis(**sections)
        assert found.cause is Cause.UNDETERMINED
        assert found.next_question is not None
        assert found.ranking[3].probability > 0


def test_confidence_has_a_word() -> None:
    """People read the word, not the figure."""
    certain = diagnosis(now={"login": {"result": "locked", "locked_for_s": 1700}})
    assert certain.certainty is Certainty.CERTAIN
    likely = diagnosis(now={"ping": "reply", "login": {"result": "rejected"}})
    assert likely.certainty is Certainty.LIKELY
    possible = diagnosis(
        now={"ping": "silent"}, history={"remedies": [{"remedy": "power_cycle", "helped": False}]}
    )
    assert possible.certainty is Certainty.POSSIBLE


def test_a_certain_belief_stays_a_probability() -> None:
    """Nothing is left to share out when everything else is excluded."""
    assert pronounce({Cause.HEALTHY: 1.0, Cause.ASLEEP: 0.0})[Cause.ASLEEP] == 0.0
    assert pronounce({Cause.HEALTHY: 1.0}) == {Cause.HEALTHY: 1.0}
    tiny = pronounce({Cause.HEALTHY: 1.0, Cause.ASLEEP: 1e-12})
    assert sum(tiny.values()) == pytest.approx(1.0, abs=1e-12)


def test_reasons_are_for_and_against_the_first_three() -> None:
    """An answer without its reasons has to be believed."""
    found = diagnosis(
        now={"ping": "reply", "login": {"result": "rejected"}}, site={"third_party_access": "on"}
    )
    causes = {reason.cause for reason in found.reasons}
    assert causes == {ranked.cause for ranked in found.ranking[:3]}
    assert any(reason.weight < 0 for reason in found.reasons)
    assert any(reason.weight > 0 for reason in found.reasons)


def test_what_helped_before_is_learnt() -> None:
    """The same camera rarely has a new trouble each time."""
    gone = {"ping": "silent", "ports": {"443": "silent"}}

    def share(helped: bool | None) -> float:
        remedies = [] if helped is None else [{"remedy": "power_cycle", "helped": helped}]
        ranking = diagnosis(now=gone, history={"remedies": remedies}).ranking
        return next(one.probability for one in ranking if one.cause is Cause.CAMERA_FROZEN)

    assert share(True) > share(None) > share(False)


def test_a_step_that_did_not_help_is_evidence() -> None:
    """Otherwise the same advice is given for ever."""
    seen = evidence(
        now={"ping": "reply", "ports": {"443": "open"}, "login": {"result": "rejected"}}
    )
    before = diagnose(seen)
    after = diagnose(seen, tried=(before.steps[0],))
    assert before.cause is Cause.THIRD_PARTY_ACCESS_OFF
    assert after.cause is Cause.CREDENTIALS_REJECTED
    assert before.steps[0] not in after.steps


def test_every_cause_has_a_group() -> None:
    """The binary sensor asks for it."""
    assert set(GROUPS) == set(Cause)
    assert Cause.WEAK_SIGNAL.group is Group.OFF_THE_AIR
    assert {cause.group for cause in Cause} == set(Group)


def test_values_are_frozen() -> None:
    """A diagnosis that somebody changes afterwards explains nothing."""
    found = diagnose(Evidence())
    for kind in (Case, Diagnosis, Evidence, Ranked, Reason):
        assert kind.__setattr__ is not object.__setattr__
    assert isinstance(found.steps, tuple)
    assert all(isinstance(step, Step) for step in found.steps)


HERE: dict[str, Any] = {"ping": "reply", "ports": {"443": "open"}}
FOUND: dict[str, Any] = {"ports": {"4443": "open"}, "discovery": {"answer": "same_address"}}


def failed(result: str, times: int | None = 1, **more: Any) -> dict[str, Any]:
    """Return a look at a camera that answers, whose login fails."""
    counted = {} if times is None else {"failures_in_a_row": times}
    return {**HERE, "login": {"result": result, **counted, **more}}


@pytest.mark.parametrize(
    "now",
    [
        HERE,
        FOUND,
        {**FOUND, "login": {"result": "not_tried"}},
        failed("session_lost"),
        failed("error"),
        failed("timeout"),
        failed("error", text="Unexpected response"),
        failed("error", None, code=-40413),
        {**HERE, "discovery": {"answer": "none"}},
        {**HERE, "login": {"result": "ok"}},
    ],
)
def test_a_routine_look_finds_nearly_every_camera_well(now: dict[str, Any]) -> None:
    """A doctor who looks once a minute would otherwise see ghosts once a minute."""
    found = diagnose(evidence(now=now), routine=True)
    assert found.cause is Cause.HEALTHY
    assert found.confidence > 0.9
    assert found.steps == ()
    assert not found.power_cycle.allowed


@pytest.mark.parametrize(
    "now",
    [
        failed("rejected"),
        failed("locked"),
        failed("unsupported"),
        failed("session_lost", 4),
        failed("error", 2),
        failed("timeout", 2),
        failed("error", code=-40321),
        failed("error", code=-69077),
        failed("error", text="responded with 403 to handshake1"),
        {"ping": "reply", "ports": {"443": "refused"}},
        {"ping": "reply", "ports": {"443": "silent"}},
        {"ports": {"443": "refused", "554": "open"}},
        {**HERE, "stream": "no_slot"},
        {**HERE, "clock_offset_s": 4000},
        {"ping": "reply", "neighbour_table": "other"},
        {"discovery": {"answer": "other_address"}},
        {"ping": "silent", "ports": {"443": "silent"}},
        {},
    ],
)
def test_a_camera_that_complains_itself_is_heard_in_a_routine_look(now: dict[str, Any]) -> None:
    """Nobody may have noticed yet."""
    assert diagnose(evidence(now=now), routine=True) == diagnose(evidence(now=now))


@calm
@given(evidences)
def test_routine_calms_and_never_names_anything_else(evidence: Evidence) -> None:
    """It may find a camera well; it knows nothing of other causes."""
    routine, complained = diagnose(evidence, routine=True), diagnose(evidence)
    assert routine == complained or routine.cause in {Cause.HEALTHY, complained.cause}


@pytest.mark.parametrize(
    ("story", "doubtful"),
    [
        # It says no more than that it tries to join.
        (
            {
                "now": {**HERE, "ping": "silent", "ports": {}, "light": "blinking_red"},
                "before": {"minutes_ago": 90},
            },
            Cause.WIFI_PASSWORD_CHANGED,
        ),
        (
            {"now": {"ping": "reply", "login": {"result": "ok"}, "stream": "silent"}},
            Cause.STREAM_REFUSED,
        ),
        (
            {
                "now": {"ping": "silent", "ports": {"443": "silent"}},
                "before": {"rssi_dbm": [-70, -71, -70], "minutes_ago": 20},
                "history": {"outages_7d": 2},
            },
            Cause.WEAK_SIGNAL,
        ),
    ],
)
def test_a_single_hint_is_no_verdict(story: dict[str, Any], doubtful: Cause) -> None:
    """Somebody climbs a ladder for each of these."""
    shares = {ranked.cause: ranked.probability for ranked in diagnosis(**story).ranking}
    assert shares[doubtful] < 0.7


def test_a_cycle_that_was_broken_off_is_ended_by_hand() -> None:
    """Nobody waits for a restart that never comes."""
    off = {"switch": "off", "switched_off_by": "doctor"}
    gone = {"ping": "silent", "ports": {"443": "silent"}}
    left = diagnosis(now=gone, before={"minutes_ago": 200}, power=off)
    assert (left.cause, left.steps) == (Cause.SWITCHED_OFF, (Step.TURN_PLUG_ON,))
    assert diagnosis(now=gone, before={"minutes_ago": 4}, power=off).cause is Cause.RESTARTING


@pytest.mark.parametrize("remedy", RemedyKind)
@pytest.mark.parametrize("helped", [True, False])
def test_a_remedy_of_the_past_is_no_complaint(remedy: RemedyKind, *, helped: bool) -> None:
    """A camera that was restarted once would be suspected for the three months after it."""
    tried = [{"remedy": remedy.value, "helped": helped, "hours_ago": 0.1}]
    seen = evidence(now={"ping": "reply", "login": {"result": "ok"}}, history={"remedies": tried})
    assert diagnose(seen, routine=True).cause is Cause.HEALTHY


def test_what_is_not_clear_is_explained_by_its_first_candidate() -> None:
    """The word undetermined alone helps nobody."""
    unclear = diagnosis(now={"ping": "silent"})
    assert unclear.cause is Cause.UNDETERMINED
    assert unclear.speaking
    named = diagnosis(power={"switch": "off"}, now={"ping": "silent"})
    assert named.cause is Cause.SWITCHED_OFF
    assert {reason.cause for reason in named.speaking} == {Cause.SWITCHED_OFF}
    assert all(reason.weight > 0 for reason in (*unclear.speaking, *named.speaking))
