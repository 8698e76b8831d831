"""What the router's list of Wi-Fi devices says of a camera, as its tracker shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.components.device_tracker import ATTR_MAC
from homeassistant.const import STATE_HOME, STATE_NOT_HOME, Platform
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from custom_components.tapo_doctor.doctor.evidence import RouterListing

if TYPE_CHECKING:
    from datetime import datetime

    from homeassistant.core import HomeAssistant

# Trackers keep a device at home for three minutes after it has gone, and ask twice a minute.
_LAG = timedelta(minutes=5)
# How UniFi's trackers, and those of a FRITZ!Box, call the access point.
_ACCESS_POINT = ("ap_mac", "connected_to")


def listing(
    hass: HomeAssistant, tracker: str | None, lost_at: datetime | None, now: datetime
) -> RouterListing | None:
    """Say whether the router lists a camera that is lost; None where that cannot be known yet."""
    state = hass.states.get(tracker) if tracker else None
    if state is None or lost_at is None:
        return None
    if state.state == STATE_HOME and now - lost_at >= _LAG:
        return RouterListing.ASSOCIATED
    if state.state == STATE_NOT_HOME and state.last_changed >= lost_at - _LAG:
        return RouterListing.NOT_ASSOCIATED
    # At home, but the router may not have noticed; or away all the time, while the camera was
    # seen: then it is another device's.
    return None


def access_point(hass: HomeAssistant, tracker: str | None) -> str | None:
    """Return the access point that a camera is heard through; None where nobody says so."""
    state = hass.states.get(tracker) if tracker else None
    if state is None or state.state != STATE_HOME:
        return None
    said = (state.attributes.get(key) for key in _ACCESS_POINT)
    return next((point for point in said if isinstance(point, str) and point), None)


def tracker_of(hass: HomeAssistant, mac: str | None) -> str | None:
    """Propose the camera's tracker: the one that has its MAC."""
    if mac is None:
        return None
    registry = er.async_get(hass)
    connection = (dr.CONNECTION_NETWORK_MAC, dr.format_mac(mac))
    devices = dr.async_get(hass).async_get_devices(connections={connection})
    found = {
        entry.entity_id
        for device in devices
        for entry in er.async_entries_for_device(registry, device.id)
        if entry.domain == Platform.DEVICE_TRACKER
    }
    for state in hass.states.async_all(Platform.DEVICE_TRACKER):
        held = state.attributes.get(ATTR_MAC)
        if isinstance(held, str) and dr.format_mac(held) == connection[1]:
            found.add(state.entity_id)
    return found.pop() if len(found) == 1 else None
