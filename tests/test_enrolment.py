"""What came of trying a camera: the word for it, and what is stored."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.util import dt as dt_util
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.enrolment import (
    ADDABLE,
    Outcome,
    Trial,
    async_describe,
    new_subentry,
    read_address,
    watched,
)

from .fakes import HOSTS, MACS, WELL, found
from .translations import gaps, words

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

GARDEN = HOSTS["garden"]
NOWHERE = "192.168.1.99"


# Addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.23", "192.168.1.23"),
        ("  10.0.0.4\n", "10.0.0.4"),
        ("172.16.0.1", "172.16.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("169.254.3.4", "169.254.3.4"),
        ("100.64.0.9", "100.64.0.9"),
        ("FD00::0:12", "fd00::12"),
        ("fe80::1", "fe80::1"),
    ],
)
def test_an_address_of_the_home_is_taken_in_one_spelling(text: str, address: str) -> None:
    """Two spellings of one address would be two cameras."""
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "camera.local",
        "8.8.8.8",
        "1.1.1.1",
        "2001:4860:4860::8888",
        "0.0.0.0",  # noqa: S104
        "::",
        "224.0.0.251",
        "239.255.255.250",
        "ff02::1",
        "255.255.255.255",
        "192.168.1.256",
        "192.168.1",
        "192.168.1.5/24",
        "192.168.01.5",
        "-1",
        "１９２.１６８.１.５",  # noqa: RUF001
    ],
)
def test_an_address_where_no_camera_can_live_is_not_taken(text: str) -> None:
    """The password must not leave the home, nor go to everybody in it."""
    assert read_address(text) is None


@given(st.text(max_size=60))
def test_no_text_at_all_makes_it_raise(text: str) -> None:
    """People paste anything into a field."""
    address = read_address(text)
    assert address is None or read_address(address) == address


# Words


@pytest.mark.parametrize("outcome", Outcome)
async def test_every_outcome_has_its_words(hass: HomeAssistant, outcome: Outcome) -> None:
    """A refusal without words is the refusal to say why."""
    text = words(f"selector.outcome.options.{outcome}")
    assert text is not None
    assert gaps(text) <= {"minutes"}
    soon = dt_util.utcnow() + timedelta(seconds=90)
    trial = Trial(host=GARDEN, outcome=outcome, found=found("garden"), locked_until=soon)
    told = await async_describe(hass, [trial])
    assert told.startswith(f"- **C210 00:21** ({GARDEN}): ")
    assert "{" not in told
    assert ("2 minutes" in told) == (outcome is Outcome.LOCKED)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(-90, "1"), (10, "1"), (60, "1"), (90, "2"), (1800, "30")]
)
def test_minutes_are_rounded_up(seconds: float, minutes: str) -> None:
    """Whoever comes back a minute too early is locked out again."""
    end = dt_util.utcnow() + timedelta(seconds=seconds)
    assert Trial(host=GARDEN, outcome=Outcome.LOCKED, locked_until=end).minutes_locked == minutes
    assert not Trial(host=GARDEN, outcome=Outcome.OK).minutes_locked


def test_a_camera_is_called_as_in_the_app() -> None:
    """Else nobody knows which one it is."""
    there = replace(found("garden"), name="By discovery")
    named = replace(WELL, name="By login")
    ok = Outcome.OK
    assert Trial(host=GARDEN, outcome=ok, found=there, reading=named).title == "By login"
    assert Trial(host=GARDEN, outcome=ok, found=there, reading=WELL).title == "By discovery"
    assert Trial(host=GARDEN, outcome=ok, found=found("garden")).title == "C210 00:21"
    by_login = replace(WELL, mac="02-00-00-00-00-2A")
    assert Trial(host=GARDEN, outcome=ok, reading=by_login).title == "Tapo 00:2A"
    assert Trial(host=GARDEN, outcome=ok).title == f"Tapo {GARDEN}"


# Settings


@pytest.mark.parametrize("outcome", sorted(ADDABLE))
async def test_a_refusal_is_stored_and_is_not_the_owners_wish(
    hass: HomeAssistant, entry: MockConfigEntry, outcome: Outcome
) -> None:
    """It is not repeated by itself, but the right account has to be tried when it comes."""
    subentry = new_subentry(Trial(host=NOWHERE, outcome=outcome))
    assert subentry.data["log_in"] is True
    assert subentry.data["refused"] == {
        Outcome.LOCKED: "locked",
        Outcome.NOT_TRIED: "rejected",
        Outcome.PASSWORD_REFUSED: "rejected",
        Outcome.THIRD_PARTY_OFF: "rejected",
        Outcome.UNSUPPORTED: "unsupported",
    }.get(outcome)
    assert subentry.data["locked_until"] is None
    assert subentry.unique_id == NOWHERE
    hass.config_entries.async_add_subentry(entry, subentry)
    assert watched(entry) == {*MACS.values(), NOWHERE}


def test_the_end_of_a_lock_is_stored_with_its_time_zone() -> None:
    """A restart in the middle of a lock must not shorten it."""
    end = dt_util.utcnow() + timedelta(minutes=20)
    settings = Trial(host=NOWHERE, outcome=Outcome.LOCKED, locked_until=end).settings()
    stored = dt_util.parse_datetime(settings["locked_until"], raise_on_error=True)
    assert stored == end
    assert stored.tzinfo is not None
