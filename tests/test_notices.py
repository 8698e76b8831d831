"""What a notice says: every kind of matter in whole sentences."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import custom_components.tapo_doctor
from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Certainty
from custom_components.tapo_doctor.doctor.evidence import RemedyKind
from custom_components.tapo_doctor.doctor.household import Kind as Ground
from custom_components.tapo_doctor.doctor.notices import Kind, Matter
from custom_components.tapo_doctor.doctor.playbook import Step
from custom_components.tapo_doctor.notices import (
    OnRecovery,
    all_clear,
    all_clear_title,
    message_of,
    title_of,
)
from custom_components.tapo_doctor.words import Words

HERE = Path(custom_components.tapo_doctor.__file__).parent
FILE = json.loads((HERE / "translations" / "en.json").read_text(encoding="utf-8"))
OPTIONS = {key: row["options"] for key, row in FILE["selector"].items() if "options" in row}
CAUSES = FILE["entity"]["sensor"]["diagnosis"]["state"]
WORDS = Words(
    {
        f"component.{DOMAIN}.selector.{kind}.options.{key}": text
        for kind, options in OPTIONS.items()
        for key, text in options.items()
    }
    | {
        f"component.{DOMAIN}.entity.sensor.diagnosis.state.{cause}": text
        for cause, text in CAUSES.items()
    }
)
NOW = datetime(2026, 6, 15, 20, tzinfo=UTC)
MATTER = Matter(
    kind=Kind.OFFLINE,
    cause=Cause.POWER_SUPPLY,
    certainty=Certainty.LIKELY,
    steps=(Step.CHECK_POWER, Step.RESTART_CAMERA),
    since=NOW,
)
GONE = [ground for ground in Ground if ground is not Ground.ACCOUNT]
MATTERS = [
    *(replace(MATTER, kind=kind) for kind in Kind if kind is not Kind.HOME),
    *(replace(MATTER, kind=Kind.HOME, ground=ground, cameras=("A", "B")) for ground in GONE),
    *(replace(MATTER, certainty=certainty) for certainty in Certainty),
]


@pytest.mark.parametrize("matter", MATTERS, ids=str)
def test_everything_is_said_in_words(matter: Matter) -> None:
    """A key, or a pair of braces, on a phone at night helps nobody."""
    texts = (
        title_of(matter, "Garden", WORDS),
        message_of(matter, WORDS),
        all_clear_title(matter, "Garden", WORDS),
        all_clear(matter, Step.CHECK_POWER, NOW + timedelta(minutes=12), WORDS),
    )
    for text in texts:
        assert " " in text
        assert not any(mark in text for mark in "{}_")
        assert "\n\n\n" not in text


def test_no_words_of_notices_are_left_over() -> None:
    """Each is translated into eight languages."""
    titles = {kind.value for kind in Kind} - {"home"} | {f"home_{ground}" for ground in GONE}
    assert set(OPTIONS["notice_title"]) == titles
    assert set(OPTIONS["all_clear_title"]) == set(Kind)
    assert set(OPTIONS["all_clear"]) == {*Kind, "helped"}
    assert set(OPTIONS["notice_button"]) == {"power_cycle", "pause", "more"}
    assert set(OPTIONS["remedy"]) == set(RemedyKind)
    assert set(OPTIONS["on_recovery"]) == set(OnRecovery)
    assert {key for key in OPTIONS["notice"] if key.startswith("cause_")} == {
        f"cause_{certainty}" for certainty in Certainty
    }


def test_a_notice_reads_as_a_person_would_write_it() -> None:
    """Word by word, once."""
    matter = replace(MATTER, kind=Kind.HOME, ground=Ground.GATEWAY, cameras=("Garden", "Shed"))
    why, whom, how = message_of(matter, WORDS).split("\n\n")
    assert title_of(matter, "Home", WORDS) == "The router does not answer"
    assert why == "The likely cause: Power supply."
    assert whom == "Affected: Garden, Shed."
    first, second, third = how.split("\n")
    assert first == "What to do:"
    assert second.startswith("1. Check cable, adapter and outlet: Look along the cable")
    assert third.startswith("2. Restart the camera: Unplug it.")


@pytest.mark.parametrize(
    ("helped", "sentence"),
    [
        (None, "It was gone for 12 min."),
        (
            Step.CHECK_POWER,
            "It was gone for 12 min. What helped: Check cable, adapter and outlet.",
        ),
        (RemedyKind.POWER_CYCLE, "It was gone for 12 min. What helped: Cutting its power."),
    ],
)
def test_the_end_says_what_helped_where_that_is_known(
    helped: Step | RemedyKind | None, sentence: str
) -> None:
    """Next time people know what to do."""
    assert all_clear(MATTER, helped, NOW + timedelta(minutes=12), WORDS) == sentence


def test_what_comes_and_goes_without_a_known_cause_is_told_without_one() -> None:
    """A camera that answers right now is well right now: that is no reason to be told."""
    matter = replace(
        MATTER, kind=Kind.DROPPING, cause=Cause.HEALTHY, certainty=Certainty.CERTAIN, steps=()
    )
    assert message_of(matter, WORDS) == "It comes back each time, but does not stay."


def test_a_clock_that_was_set_back_makes_no_length_below_nothing() -> None:
    """The end would lie before the beginning."""
    assert "-" not in all_clear(MATTER, None, NOW - timedelta(hours=1), WORDS)
