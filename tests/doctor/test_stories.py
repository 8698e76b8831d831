"""Every story in a file: its cause, its steps, and whether cutting the power would be right."""

import json
from pathlib import Path

import pytest

from custom_components.tapo_doctor.doctor import Case, Cause, diagnose, read_case

FILES = sorted((Path(__file__).parent / "cases").rglob("*.json"))


def story(file: Path) -> Case:
    """Read a story."""
    return read_case(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_story_is_understood(file: Path) -> None:
    """A known failure that is named wrongly sends somebody up a ladder for nothing."""
    expect = story(file).expect
    assert expect is not None
    diagnosis = diagnose(story(file).evidence)
    assert diagnosis.cause in {expect.cause, *expect.also_right}
    assert set(expect.first_steps) <= set(diagnosis.steps[:2])
    if expect.power_cycle is not None:
        assert diagnosis.power_cycle.allowed is expect.power_cycle


def test_every_cause_has_a_story() -> None:
    """A cause without a case can rot unseen."""
    told = {expect.cause for file in FILES if (expect := story(file).expect)}
    assert told == set(Cause)
