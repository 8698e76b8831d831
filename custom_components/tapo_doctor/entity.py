"""What all entities of a camera share, and all of the home."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import CameraCoordinator
from .device_page import connections

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
        chart = coordinator.chart
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, subentry.subentry_id)},
            connections=connections(subentry.data),
            name=subentry.title,
            manufacturer="TP-Link",
            model=chart.model,
            hw_version=chart.hardware,
            sw_version=chart.memory.firmware,
            via_device_id=coordinator.home.device_id,
        )

    @property
    @override
    def suggested_object_id(self) -> str:
        """Name it by its key in every language, so that examples and dashboards fit every home."""
        return self.entity_description.key


class HomeEntity(Entity):
    """An entity of the home as a whole."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, home: Home, description: EntityDescription) -> None:
        self.home = home
        self.entity_description = description
        self._attr_unique_id = f"{home.entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, home.entry.entry_id)})

    @property
    @override
    def suggested_object_id(self) -> str:
        """Name it by its key in every language; the home is its device's name already."""
        return self.entity_description.key.removeprefix("home_")

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.home.async_add_listener(self.async_write_ha_state))


async def async_add_camera_entities[D: EntityDescription](
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entity_class: Callable[[CameraCoordinator, D], CameraEntity],
    descriptions: Iterable[D],
    exists_fn: Callable[[CameraCoordinator, D], bool] = lambda _camera, _description: True,
) -> None:
    """Add a platform's entities for every camera, also for those that come later.

    What exists may change with the camera's settings; what does not is then taken away.
    """
    descriptions = tuple(descriptions)

    @callback
    def added(camera: CameraCoordinator) -> None:
        there: dict[str, CameraEntity] = {}

        @callback
        def settle() -> None:
            wanted = {row.key: row for row in descriptions if exists_fn(camera, row)}
            for key in there.keys() - wanted.keys():
                _remove(there.pop(key))
            new = {
                key: entity_class(camera, row) for key, row in wanted.items() if key not in there
            }
            there.update(new)
            async_add_entities(new.values(), config_subentry_id=camera.subentry_id)

        settle()
        camera.async_on_settings(settle)

    entry.async_on_unload(await entry.runtime_data.async_on_camera(added))


@callback
def _remove(entity: CameraEntity) -> None:
    """Take an entity out of Home Assistant for good."""
    registry = er.async_get(entity.hass)
    if registry.async_get(entity.entity_id) is not None:
        registry.async_remove(entity.entity_id)
