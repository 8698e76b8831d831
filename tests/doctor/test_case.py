"""A typing error in a case is named, and nothing else ever comes out of bad input."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor import (
    CaseError,
    Cause,
    Evidence,
    Step,
    read_case,
    write_evidence,
)
from custom_components.tapo_doctor.doctor.codec import Between, ClockTime

from .evidences import calm, evidences

HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["reply", "on", "24:00", "03:00", 10**400]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=5)
            | st.integers()
            | st.sampled_from(["format", "now", "ping", "ports", "site", "neighbours", "login"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@calm
@given(evidences)
def test_what_was_written_is_read_back_the_same(evidence: Evidence) -> None:
    """A bug report would otherwise replay something else than what happened."""
    written = write_evidence(evidence)
    assert read_case(json.loads(json.dumps(written))).evidence == evidence
    assert None not in written.values()


@calm
@given(HOSTILE)
def test_hostile_input_is_refused_and_nothing_else_happens(data: Any) -> None:
    """A file from anywhere must not crash the doctor."""
    for document in (data, {"format": 1, "now": data}, {"format": 1, "site": {"neighbours": data}}):
        with suppress(CaseError):
            read_case(document)


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        ([], "", "an object"),
        ({}, "format", "this field"),
        ({"format": 2}, "format", "1"),
        ({"format": True}, "format", "a whole number"),
        ({"format": 1.5}, "format", "a whole number"),
        ({"format": 1, "nwo": {}}, "nwo", "(perhaps now)"),
        ({"format": 1, "now": {"pingg": "reply"}}, "now.pingg", "(perhaps ping)"),
        ({"format": 1, "now": {"xyzzy": 1}}, "now.xyzzy", "a field of the format"),
        ({"format": 1, "now": {"ping": "rely"}}, "now.ping", "one of: reply, silent, unreachable"),
        ({"format": 1, "now": {"ping": None}}, "now.ping", "one of: reply"),
        ({"format": 1, "now": {"login": {"result": 1}}}, "now.login.result", "one of: ok"),
        ({"format": 1, "now": {"local_time": "25:00"}}, "now.local_time", "HH:MM"),
        ({"format": 1, "now": {"local_time": 3}}, "now.local_time", "text"),
        ({"format": 1, "now": {"loss_percent": 101}}, "now.loss_percent", "between 0 and 100"),
        ({"format": 1, "now": {"latency_ms": float("nan")}}, "now.latency_ms", "a number"),
        ({"format": 1, "now": {"latency_ms": 10**400}}, "now.latency_ms", "a number"),
        ({"format": 1, "now": {"privacy_mode": 1}}, "now.privacy_mode", "true or false"),
        ({"format": 1, "now": {"ports": []}}, "now.ports", "an object"),
        ({"format": 1, "now": {"ports": {"x": "open"}}}, "now.ports.x", "a number as"),
        ({"format": 1, "now": {"ports": {"70000": "open"}}}, "now.ports.70000", "65535"),
        ({"format": 1, "before": {"minutes_ago": -1}}, "before.minutes_ago", "at least 0"),
        ({"format": 1, "before": {"rssi_dbm": -60}}, "before.rssi_dbm", "a list"),
        ({"format": 1, "before": {"rssi_dbm": [1, "x"]}}, "before.rssi_dbm[1]", "a number"),
        ({"format": 1, "history": {"outages_7d": 1.5}}, "history.outages_7d", "a whole number"),
        ({"format": 1, "expect": {}}, "expect.cause", "this field"),
        ({"format": 1, "expect": {"cause": "ghosts"}}, "expect.cause", "one of: healthy"),
    ],
)
def test_a_refusal_names_the_field_and_what_was_expected(
    data: Any, path: str, expected: str
) -> None:
    """A typing error would otherwise pass for a missing observation."""
    with pytest.raises(CaseError) as caught:
        read_case(data)
    assert caught.value.path == path
    assert expected in caught.value.expected
    assert str(caught.value).startswith(path or "the file")


def test_a_whole_case_is_read() -> None:
    """The answer beside the evidence is what the mind is judged by."""
    case = read_case(
        {
            "format": 1,
            "title": "t",
            "source": "s",
            "history": {"outages_7d": 2.0},
            "expect": {
                "cause": "asleep",
                "also_right": ["healthy"],
                "power_cycle": False,
                "first_steps": ["wait"],
            },
        }
    )
    assert (case.title, case.source, case.evidence.history.outages_7d) == ("t", "s", 2)
    assert case.expect is not None
    assert case.expect.cause is Cause.ASLEEP
    assert case.expect.also_right == (Cause.HEALTHY,)
    assert case.expect.first_steps == (Step.WAIT,)
    assert case.expect.power_cycle is False
    assert read_case({"format": 1}).expect is None


def test_empty_sections_are_not_written() -> None:
    """A diagnostics download stays readable."""
    assert write_evidence(Evidence()) == {"format": 1}


def test_rules_say_what_they_allow() -> None:
    """The message is all that a person has."""
    assert Between(0).expected == "a number of at least 0"
    assert Between(0, 4).expected == "a number between 0 and 4"
    assert Between(1, 1).expected == "1"
    assert ClockTime().allows("00:00")
    assert not ClockTime().allows("0:00")
