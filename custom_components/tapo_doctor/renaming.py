"""Follows what a person renames: linked entities stay linked, and cameras are called anew.

Above all the router's plug: unknown under its new name, it would be cut like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from .const import (
    CONF_NOTICES,
    CONF_NOTIFY_ENTITIES,
    CONF_PLUG,
    CONF_POWER_SENSOR,
    CONF_ROUTER_PLUG,
    CONF_SIGNAL_SENSOR,
    CONF_TRACKER,
    DOMAIN,
)
from .names import device_of
from .targets import loaded_homes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import Event, HomeAssistant

    from .home import TapoDoctorConfigEntry

# The settings that name entities. Others may hold the same text and mean another thing: an
# action that sends notices is called like the entity that it came before.
ENTITIES: Final = frozenset(
    {
        CONF_NOTIFY_ENTITIES,
        CONF_PLUG,
        CONF_POWER_SENSOR,
        CONF_ROUTER_PLUG,
        CONF_SIGNAL_SENSOR,
        CONF_TRACKER,
    }
)


@callback
def async_follow_renaming(hass: HomeAssistant) -> None:
    """Follow from now on, also for homes that are not watched at this moment."""

    @callback
    def renamed(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        if event.data["action"] != "update" or "old_entity_id" not in event.data:
            return
        old, new = event.data["old_entity_id"], event.data["entity_id"]
        for entry in hass.config_entries.async_entries(DOMAIN):
            _rename(hass, entry, old, new)

    @callback
    def called(event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        if event.data["action"] != "update" or "name_by_user" not in event.data["changes"]:
            return
        for home in loaded_homes(hass):
            for subject, camera in home.cameras.items():
                device = device_of(camera)
                if device is not None and device.id == event.data["device_id"]:
                    camera.async_update_listeners()
                    home.noticing.async_renamed(subject)

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, renamed)
    hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, called)


def _rename(hass: HomeAssistant, entry: TapoDoctorConfigEntry, old: str, new: str) -> None:
    cameras = entry.runtime_data.cameras if entry.state is ConfigEntryState.LOADED else {}
    for subentry in entry.subentries.values():
        if not (changed := _changed(subentry.data, old, new)):
            continue
        if (camera := cameras.get(subentry.subentry_id)) is not None:
            camera.async_write_settings(changed)
            camera.power.async_follow_renaming()
        else:
            data = {**subentry.data, **changed}
            hass.config_entries.async_update_subentry(entry, subentry, data=data)
    if changed := _changed(entry.options, old, new):
        hass.config_entries.async_update_entry(entry, options={**entry.options, **changed})


def _changed(settings: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return the settings that name an entity, with its new name."""
    changed: dict[str, Any] = {}
    for key, value in settings.items():
        if key == CONF_NOTICES and (notices := _changed(value, old, new)):
            changed[key] = {**value, **notices}
        elif key in ENTITIES and value == old:
            changed[key] = new
        elif key in ENTITIES and isinstance(value, list) and old in value:
            changed[key] = [new if one == old else one for one in value]
    return changed
