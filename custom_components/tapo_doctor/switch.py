"""Alerts: off while a camera is paused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory

from .entity import CameraEntity, async_add_camera_entities

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CameraCoordinator
    from .home import TapoDoctorConfigEntry

# One after another: remedies at the same moment would cross each other's way.
PARALLEL_UPDATES = 1


def _nothing(_camera: CameraCoordinator) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class CameraSwitchDescription(SwitchEntityDescription):
    """A row of the table below."""

    is_on_fn: Callable[[CameraCoordinator], bool]
    turn_fn: Callable[[CameraCoordinator, bool], None]
    attributes_fn: Callable[[CameraCoordinator], dict[str, Any] | None] = _nothing


def _turn_alerts(camera: CameraCoordinator, on: bool) -> None:
    if on:
        camera.pausing.async_resume()
    else:
        camera.pausing.async_pause(None)


DESCRIPTIONS = (
    CameraSwitchDescription(
        key="alerts",
        translation_key="alerts",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda camera: not camera.data.paused,
        turn_fn=_turn_alerts,
        attributes_fn=lambda camera: {"paused_until": camera.data.paused_until},
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of every camera."""
    await async_add_camera_entities(entry, async_add_entities, CameraSwitch, DESCRIPTIONS)


class CameraSwitch(CameraEntity, SwitchEntity):
    """One row of the table above."""

    entity_description: CameraSwitchDescription

    @property
    @override
    def is_on(self) -> bool:
        return self.entity_description.is_on_fn(self.coordinator)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        return self.entity_description.attributes_fn(self.coordinator)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self.entity_description.turn_fn(self.coordinator, True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self.entity_description.turn_fn(self.coordinator, False)
