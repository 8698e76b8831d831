"""What the router's tracker says of a camera, and when it may be believed."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.tapo_doctor.doctor.evidence import RouterListing
from custom_components.tapo_doctor.probes.tracker import listing, tracker_of

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

TRACKER = "device_tracker.garden"
MAC = "02:00:00:00:00:21"
ASSOCIATED, AWAY = RouterListing.ASSOCIATED, RouterListing.NOT_ASSOCIATED


@pytest.mark.parametrize(
    ("state", "changed", "lost", "said"),
    [
        # Minutes ago: when the tracker changed, when the camera was lost.
        ("home", 600, 10, ASSOCIATED),
        ("home", 600, 3, None),
        ("home", 1, 10, ASSOCIATED),
        ("home", 600, None, None),
        ("not_home", 1, 4, AWAY),
        ("not_home", 8, 4, AWAY),
        ("not_home", 600, 4, None),
        ("not_home", 1, None, None),
        ("unavailable", 1, 10, None),
        ("unknown", 1, 10, None),
        ("work", 1, 10, None),
    ],
)
async def test_a_tracker_is_believed_once_it_can_know(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    state: str,
    changed: float,
    lost: float | None,
    said: RouterListing | None,
) -> None:
    """It keeps what has gone for minutes; one that was away all the time is another device's."""
    now = dt_util.utcnow()
    freezer.move_to(now - timedelta(minutes=changed))
    hass.states.async_set(TRACKER, state)
    freezer.move_to(now)
    lost_at = None if lost is None else now - timedelta(minutes=lost)
    assert listing(hass, TRACKER, lost_at, now) is said


@pytest.mark.parametrize("tracker", [None, "device_tracker.gone"])
async def test_without_a_tracker_nobody_says_anything(
    hass: HomeAssistant, tracker: str | None
) -> None:
    """Most homes have none."""
    now = dt_util.utcnow()
    assert listing(hass, tracker, now - timedelta(hours=1), now) is None


async def test_a_tracker_is_known_by_its_mac(hass: HomeAssistant) -> None:
    """Routers write it in their own way."""
    hass.states.async_set("device_tracker.phone", "home", {"mac": "02:00:00:00:00:99"})
    hass.states.async_set("device_tracker.odd", "home", {"mac": 7})
    assert tracker_of(hass, MAC) is None
    hass.states.async_set(TRACKER, "home", {"mac": MAC.upper().replace(":", "-")})
    assert tracker_of(hass, MAC) == TRACKER
    assert tracker_of(hass, None) is None


async def test_a_tracker_is_known_by_its_device(hass: HomeAssistant) -> None:
    """Some routers tell the MAC in the device only."""
    entry = MockConfigEntry(domain="router")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, connections={(dr.CONNECTION_NETWORK_MAC, MAC)}
    )
    for domain in ("sensor", "device_tracker"):
        er.async_get(hass).async_get_or_create(
            domain,
            "router",
            domain,
            suggested_object_id="garden",
            config_entry=entry,
            device_id=device.id,
        )
    assert tracker_of(hass, MAC) == TRACKER


async def test_of_two_trackers_none_is_guessed(hass: HomeAssistant) -> None:
    """A person may choose between the router's and the access point's."""
    for name in ("router", "access_point"):
        hass.states.async_set(f"device_tracker.{name}", "home", {"mac": MAC})
    assert tracker_of(hass, MAC) is None
