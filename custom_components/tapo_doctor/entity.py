"""What all entities of a camera share, and all of the home."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from homeassistant.const import CONF_MAC
from homeassistant.core import callback
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import CameraCoordinator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from homeassistant.helpers.entity import EntityDescription
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .home import Home, TapoDoctorConfigEntry


class CameraEntity(CoordinatorEntity[CameraCoordinator]):
    """An entity of one camera; stays available while the camera is not: that is its hour."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: CameraCoordinator, description: EntityDescription) -> None:
        super().__init__(coordinator)
        self.entity_description = description
        subentry = coordinator.subentry
        self._attr_unique_id = f"{subentry.subentry_id}_{description.key}"
        mac = subentry.data.get(CONF_MAC)
        chart = coordinator.chart
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, subentry.subentry_id)},
            connections={(CONNECTION_NETWORK_MAC, mac)} if mac else set(),
            name=subentry.title,
            manufacturer="TP-Link",
            model=chart.model,
            hw_version=chart.hardware,
            sw_version=chart.memory.firmware,
            via_device_id=coordinator.home.device_id,
        )


class HomeEntity(Entity):
    """An entity of the home as a whole."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, home: Home, description: EntityDescription) -> None:
        self.home = home
        self.entity_description = description
        self._attr_unique_id = f"{home.entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, home.entry.entry_id)})

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.home.async_add_listener(self.async_write_ha_state))


async def async_add_camera_entities[D: EntityDescription](
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entity_class: Callable[[CameraCoordinator, D], CameraEntity],
    descriptions: Iterable[D],
) -> None:
    """Add a platform's entities for every camera, also for those that come later."""

    @callback
    def added(camera: CameraCoordinator) -> None:
        async_add_entities(
            [entity_class(camera, description) for description in descriptions],
            config_subentry_id=camera.subentry_id,
        )

    entry.async_on_unload(await entry.runtime_data.async_on_camera(added))
