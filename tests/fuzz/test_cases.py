"""Case files: from a stranger's bug report, or from a disk that fails."""

import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor import CaseError, diagnose, read_case, write_evidence
from tests.source import ROOT

from .hostile import anything, spoiled

if TYPE_CHECKING:
    from pathlib import Path

# At full speed: what is covered here is covered by the tests of each module.
pytestmark = pytest.mark.no_cover

CASES = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "tests" / "doctor" / "cases").glob("*.json"))
]


@given(spoiled(CASES) | anything(*CASES[0]))
def test_a_case_is_refused_in_words_or_understood(data: Any) -> None:
    """Whatever is taken for a case has a diagnosis, and can be written again."""
    with suppress(CaseError):
        evidence = read_case(data).evidence
        diagnosis = diagnose(evidence)
        assert 0 <= diagnosis.confidence <= 1
        assert sum(ranked.probability for ranked in diagnosis.ranking) <= 1.0001
        assert read_case(json.loads(json.dumps(write_evidence(evidence)))).evidence == evidence


@given(st.binary(max_size=300) | spoiled(CASES).map(lambda case: json.dumps(case).encode()))
def test_a_file_that_is_no_case_is_named_in_one_line(content: bytes) -> None:
    """A traceback tells the person who typed the name of a file nothing."""
    mind = sys.modules["_mind"]
    _FILE[0].write_bytes(content)
    with suppress(mind.UnreadableError):
        mind.read_file(_FILE[0])


_FILE: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _file(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep one file for all examples, and the scripts at hand."""
    _FILE.append(tmp_path_factory.mktemp("fuzz") / "case.json")
    sys.path.insert(0, str(ROOT / "scripts"))
    __import__("_mind")
