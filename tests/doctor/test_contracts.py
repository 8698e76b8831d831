"""The mind stays pure, its tables whole, and every key has its words."""

import ast
import json
import string
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from custom_components.tapo_doctor.doctor import (
    Cause,
    Certainty,
    Evidence,
    Objection,
    QuestionKey,
    Step,
    read_case,
)
from custom_components.tapo_doctor.doctor.clues import CLUES, EXCLUSIONS, PRIORS
from custom_components.tapo_doctor.doctor.evidence import RemedyKind
from custom_components.tapo_doctor.doctor.lengths import length_in
from custom_components.tapo_doctor.doctor.preflight import Failure, Refusal
from custom_components.tapo_doctor.doctor.sign import Sign
from custom_components.tapo_doctor.doctor.signs import read_signs
from custom_components.tapo_doctor.doctor.told import ANSWERABLE, answers

from .evidences import calm, evidences

PACKAGE = Path(__file__).parents[2] / "custom_components" / "tapo_doctor"
MODULES = sorted((PACKAGE / "doctor").rglob("*.py"))
WORDS = json.loads((PACKAGE / "translations" / "en.json").read_text(encoding="utf-8"))
DIAGNOSIS = WORDS["entity"]["sensor"]["diagnosis"]
OPTIONS: dict[str, dict[str, str]] = {
    **{name: entry.get("options", {}) for name, entry in WORDS["selector"].items()},
    "cause": DIAGNOSIS["state"],
    "certainty": DIAGNOSIS["state_attributes"]["certainty"]["state"],
}


@pytest.mark.parametrize("module", MODULES, ids=lambda file: file.stem)
def test_the_mind_imports_nothing_but_the_standard_library(module: Path) -> None:
    """A case must be replayed anywhere, without Home Assistant."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            assert name.split(".")[0] in sys.stdlib_module_names
            assert name.split(".")[0] not in {"asyncio", "socket", "time", "os", "pathlib"}


def test_every_cause_is_known_to_the_tables() -> None:
    """A new cause is a row in each."""
    assert set(PRIORS) == set(Cause)
    assert sum(share for cause, share in PRIORS.items() if cause is not Cause.UNDETERMINED) > 50
    about = {cause for clue in CLUES if isinstance(cause := clue.about, Cause)}
    assert about == set(Cause) - {Cause.UNDETERMINED}


def test_every_sign_speaks() -> None:
    """A sign that weighs nothing is read for nothing."""
    heard = {clue.sign for clue in CLUES} | {sign for sign, _, _ in EXCLUSIONS}
    assert heard == set(Sign)


def test_every_sign_is_drawn() -> None:
    """A sign that nobody draws is knowledge that is never used."""
    looks = (PACKAGE / "doctor" / "signs").glob("*.py")
    source = "".join(module.read_text(encoding="utf-8") for module in looks)
    drawn = {sign for sign in Sign if f"Sign.{sign.name}" in source}
    # What was tried before is drawn from a table made of the remedies' names.
    tried = {f"{kind}_{end}" for kind in RemedyKind for end in ("helped", "failed")}
    assert drawn
    assert set(Sign) - drawn == tried & set(Sign)


def test_every_weight_has_a_reason_and_stands_once() -> None:
    """A row that is there twice is tuned once."""
    rows = [(str(clue.about), clue.sign) for clue in CLUES]
    assert len(rows) == len(set(rows))
    assert all(clue.why and abs(clue.weight) <= 8 for clue in CLUES)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("cause", set(Cause)),
        ("certainty", set(Certainty)),
        ("objection", set(Objection)),
        ("refusal", set(Refusal)),
        ("failure", set(Failure)),
        ("sign", set(Sign)),
        ("step", set(Step)),
        ("step_how", set(Step)),
        ("step_sees", set(Step)),
        ("question", set(QuestionKey)),
        *((f"answer_{question}", set(answers(question))) for question in ANSWERABLE),
    ],
)
def test_every_key_has_words(name: str, keys: set[str]) -> None:
    """A key on the screen is a fault."""
    assert keys
    assert set(OPTIONS[name]) == {str(key) for key in keys}
    for text in OPTIONS[name].values():
        assert text
        assert "<" not in text
        assert "://" not in text


def test_words_stand_in_one_place() -> None:
    """Of two texts for one thing, one is out of date."""
    assert "certainty" not in WORDS["selector"]
    # The form of a trigger finds its words here only: the same ones.
    shown = WORDS["entity"]["sensor"]["diagnosis"]["state"]
    offered = WORDS["selector"]["cause"]["options"]
    assert offered == {cause: shown[cause] for cause in Cause if cause is not Cause.HEALTHY}


def told(evidence: Evidence) -> dict[Sign, Any]:
    """Fill in the words of all signs of some evidence; a figure that is missing raises."""
    return {
        sign: OPTIONS["sign"][sign].format_map(
            {name: value for name, value in values.items() if value is not None}
            | ({} if length_in(values) is None else {"length": "5 min"})
        )
        for sign, values in read_signs(evidence).items()
    }


@calm
@given(evidences)
def test_words_find_their_figures(evidence: Evidence) -> None:
    """An empty gap in a sentence is worse than no sentence."""
    told(evidence)


def test_words_of_every_story_find_their_figures() -> None:
    """The same, for what is likelier than chance."""
    files = sorted((Path(__file__).parent / "cases").rglob("*.json"))
    assert files
    seen = set()
    for file in files:
        seen |= set(told(read_case(json.loads(file.read_text(encoding="utf-8"))).evidence))
    with_figures = {
        sign
        for sign, text in OPTIONS["sign"].items()
        if any(name for _, name, _, _ in string.Formatter().parse(text))
    }
    assert len(with_figures & seen) > 10
