"""What strangers may see of a case, and that it is still the same case."""

import json
from pathlib import Path

import pytest

from custom_components.tapo_doctor.doctor import diagnose, read_case
from custom_components.tapo_doctor.doctor.redaction import Redaction

from .evidences import evidence

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))[::7]


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_redacted_case_has_the_same_diagnosis(file: Path) -> None:
    """A bug report that says something else than its sender saw is of no use."""
    case = read_case(json.loads(file.read_text(encoding="utf-8")))
    redacted = read_case(Redaction([]).case(case.evidence))
    before, after = diagnose(case.evidence), diagnose(redacted.evidence)
    assert after.ranking == before.ranking
    assert after.steps == before.steps


def test_networks_stay_apart_and_lose_their_names() -> None:
    """Which of them is for guests, and which are the same, is what the mind reads."""
    told = Redaction([]).case(
        evidence(
            now={"discovery": {"ssid": "Smith Guest"}},
            before={"ssid": "Smith"},
            site={"neighbours": [{"ssid": "Smith"}, {"ssid": "Smith Guest"}]},
        )
    )
    assert "Smith" not in json.dumps(told)
    here, before = told["now"]["discovery"]["ssid"], told["before"]["ssid"]
    assert here.startswith("guest")
    assert [one["ssid"] for one in told["site"]["neighbours"]] == [before, here]
    assert here != before


def test_reasons_lose_the_names_of_networks_too() -> None:
    """The network that a camera has moved to is named in the reason for saying so."""
    seen = evidence(
        now={"discovery": {"answer": "same_address", "ssid": "Smith Guest"}},
        before={"ssid": "Smith"},
    )
    found = diagnose(seen)
    assert any("ssid" in reason.values for reason in found.reasons)
    assert "Smith" not in json.dumps(Redaction([]).diagnosis(found))


@pytest.mark.parametrize(
    "private",
    [
        "192.168.1.21",
        "192.168.1.21:443",
        "fe80::1ff:fe23:4567:890a",
        "02:00:00:00:00:21",
        "02-00-00-00-00-21",
        "owner@example.org",
        "https://192.168.1.21/app?token=1",
        "8022A1B2C3D4E5F60718",
        "Correct Horse",
    ],
)
def test_a_message_keeps_its_meaning_only(private: str) -> None:
    """The library writes addresses into its messages; seconds and codes are what counts."""
    redaction = Redaction(["correct horse", "correct"])
    told = redaction.text(f"Device {private} blocked for 9 seconds (-40413)")
    assert told == "Device … blocked for 9 seconds (-40413)"
