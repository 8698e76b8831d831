"""What all tests share."""

# Before any fixture of the test kit, which has a `custom_components` of its own.
import custom_components.tapo_doctor  # noqa: F401  # isort: skip

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.probes.network import SENSES

from .fakes import ACCOUNT, FakeSenses, camera_subentry
from .home.fixtures import loopback
from .translations import flows_are_translated
from .world import world

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

# `scripts/fuzz` takes the thorough one. A slow machine is no fault.
settings.register_profile("quick", deadline=None, max_examples=200)
settings.register_profile("thorough", deadline=None, max_examples=10_000)
settings.load_profile("quick")

__all__ = ["flows_are_translated", "loopback", "world"]


@pytest.fixture(autouse=True)
def _our_integration(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find this integration, where a test has asked for Home Assistant."""
    if "recorder_mock" in request.fixturenames:
        # It has to be there before Home Assistant is.
        request.getfixturevalue("recorder_mock")
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Spare asyncio the writing down of where each handle came from: half of a test's time."""


@pytest.fixture
def senses(hass: HomeAssistant) -> FakeSenses:
    """A home without a network: what the probes find is what the test says."""
    fake = FakeSenses()
    hass.data[SENSES] = fake
    return fake


@pytest.fixture
def entry(hass: HomeAssistant, senses: FakeSenses) -> MockConfigEntry:
    """A home with an account and two cameras, not yet set up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Tapo Doctor",
        unique_id=DOMAIN,
        data={"username": ACCOUNT[0], "password": ACCOUNT[1]},
        subentries_data=[camera_subentry("garden"), camera_subentry("shed")],
    )
    entry.add_to_hass(hass)
    return entry
