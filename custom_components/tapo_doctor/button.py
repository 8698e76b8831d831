"""Check now: for whoever has just done something and wants to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory

from .entity import CameraEntity, async_add_camera_entities

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .home import TapoDoctorConfigEntry

# Cameras are examined one after another: each examination asks the whole network.
PARALLEL_UPDATES = 1

DESCRIPTIONS = (
    ButtonEntityDescription(
        key="check_now",
        translation_key="check_now",
        entity_category=EntityCategory.DIAGNOSTIC,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the button of every camera."""
    await async_add_camera_entities(entry, async_add_entities, CheckNow, DESCRIPTIONS)


class CheckNow(CameraEntity, ButtonEntity):
    """Examines the camera at once."""

    @override
    async def async_press(self) -> None:
        await self.coordinator.async_check_now()
