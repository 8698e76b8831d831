"""Cameras that appear on the network are offered, and only those."""

from typing import TYPE_CHECKING

import pytest
from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.tapo_doctor.const import DISCOVERY_INTERVAL, DOMAIN
from custom_components.tapo_doctor.enrolment import Outcome, Trial, new_subentry
from custom_components.tapo_doctor.probes.findings import Found

from .fakes import found
from .flows import begin, begin_subentry

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .fakes import FakeSenses

pytestmark = pytest.mark.usefixtures("flows_are_translated")


def newcomer(device_type: str = "SMART.IPCAMERA", number: int = 30) -> Found:
    """Return the answer of a device that nobody watches."""
    return Found(
        host=f"192.168.1.{number}",
        mac=f"02:00:00:00:00:{number}",
        device_id=f"id {number}",
        model="C225",
        device_type=device_type,
        connection={},
    )


class Offers:
    """What is offered on the page of integrations, as time goes by."""

    def __init__(
        self, hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._freezer = freezer

    async def start(self) -> None:
        """Let the home run."""
        assert await self._hass.config_entries.async_setup(self._entry.entry_id)
        await self._hass.async_block_till_done(wait_background_tasks=True)

    async def next_search(self) -> list[str]:
        """Wait for the next search; returns the names on the cards."""
        self._freezer.tick(DISCOVERY_INTERVAL)
        async_fire_time_changed(self._hass)
        await self._hass.async_block_till_done(wait_background_tasks=True)
        return self.cards

    @property
    def cards(self) -> list[str]:
        """The names on the cards."""
        flows = self._hass.config_entries.flow.async_progress_by_handler(
            DOMAIN, match_context={"source": SOURCE_INTEGRATION_DISCOVERY}
        )
        return [flow["context"]["title_placeholders"]["name"] for flow in flows]


@pytest.fixture
def offers(hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory) -> Offers:
    """A home in frozen time."""
    return Offers(hass, entry, freezer)


async def test_a_camera_that_appears_is_offered_once(offers: Offers, senses: FakeSenses) -> None:
    """A card for each search would fill the page in a day."""
    await offers.start()
    assert await offers.next_search() == []
    senses.elsewhere = (newcomer(),)
    assert await offers.next_search() == ["C225 00:30"]
    assert await offers.next_search() == ["C225 00:30"]


async def test_several_that_appear_at_once_are_all_offered(
    offers: Offers, senses: FakeSenses
) -> None:
    """A new house has more than one new camera."""
    await offers.start()
    senses.elsewhere = (newcomer(), newcomer(number=31), newcomer("SMART.TAPODOORBELL", 32))
    assert sorted(await offers.next_search()) == ["C225 00:30", "C225 00:31", "C225 00:32"]


async def test_what_is_no_camera_is_not_offered(offers: Offers, senses: FakeSenses) -> None:
    """Plugs, bulbs and hubs answer the same question."""
    await offers.start()
    senses.elsewhere = (newcomer("SMART.TAPOPLUG"), newcomer("SMART.TAPOHUB", 31), newcomer("", 32))
    assert await offers.next_search() == []


async def test_a_watched_camera_that_has_moved_is_not_offered_as_new(
    offers: Offers, senses: FakeSenses
) -> None:
    """Its identity is its MAC address, wherever it lives."""
    await offers.start()
    senses.vanish("garden")
    senses.elsewhere = (found("garden", "192.168.1.99"),)
    assert await offers.next_search() == []


async def test_a_camera_that_was_added_while_it_was_off_is_not_offered_as_new(
    hass: HomeAssistant, entry: MockConfigEntry, offers: Offers, senses: FakeSenses
) -> None:
    """All that is known of it is its address; when it comes on it would be added twice."""
    trial = Trial(host="192.168.1.30", outcome=Outcome.NO_ANSWER)
    hass.config_entries.async_add_subentry(entry, new_subentry(trial))
    await offers.start()
    senses.elsewhere = (newcomer(),)
    assert await offers.next_search() == []
    walk = await begin(hass, SOURCE_INTEGRATION_DISCOVERY, {"found": newcomer()})
    assert walk.step == "already_configured"
    walk = await begin_subentry(hass, entry.entry_id)
    assert walk.fields == {"address"}


async def test_a_search_that_fails_is_made_again_and_nothing_is_offered_meanwhile(
    offers: Offers, senses: FakeSenses
) -> None:
    """A network that is down for a moment must not end all offers for good."""
    await offers.start()
    senses.looked = False
    assert await offers.next_search() == []
    senses.looked = True
    senses.elsewhere = (newcomer(),)
    assert await offers.next_search() == ["C225 00:30"]


async def test_a_home_that_is_not_running_any_more_does_not_search(
    hass: HomeAssistant, entry: MockConfigEntry, offers: Offers, senses: FakeSenses
) -> None:
    """What was switched off has to be quiet on the network."""
    await offers.start()
    assert await hass.config_entries.async_unload(entry.entry_id)
    before = senses.searches
    senses.elsewhere = (newcomer(),)
    assert await offers.next_search() == []
    assert senses.searches == before
