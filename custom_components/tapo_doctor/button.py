"""What a person can have done at once: an examination, or a power cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, override

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory

from .entity import CameraEntity, async_add_camera_entities
from .power_actions import raise_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from homeassistant.core import Context, HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CameraCoordinator
    from .home import TapoDoctorConfigEntry

# Cameras are examined one after another: each examination asks the whole network.
PARALLEL_UPDATES = 1


def _always(_camera: CameraCoordinator) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class CameraButtonDescription(ButtonEntityDescription):
    """A row of the table below."""

    press_fn: Callable[[CameraCoordinator, Context | None], Coroutine[Any, Any, None]]
    exists_fn: Callable[[CameraCoordinator], bool] = _always


async def _async_check_now(camera: CameraCoordinator, _context: Context | None) -> None:
    await camera.rounds.async_check_now()


async def _async_power_cycle(camera: CameraCoordinator, context: Context | None) -> None:
    """Refuse in words, or begin; nobody holds a button for minutes, the event tells the end."""
    decision = await camera.home.power.async_decide(camera)
    if decision.reason is not None:
        raise_in_words(camera, decision.reason)
    camera.config_entry.async_create_background_task(
        camera.hass,
        camera.home.power.async_power_cycle(camera, context=context),
        f"tapo_doctor power cycle of {camera.name} by its button",
    )


DESCRIPTIONS = (
    CameraButtonDescription(
        key="check_now",
        translation_key="check_now",
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=_async_check_now,
    ),
    CameraButtonDescription(
        key="power_cycle",
        translation_key="power_cycle",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        press_fn=_async_power_cycle,
        exists_fn=lambda camera: camera.power.plug is not None,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of every camera."""
    await async_add_camera_entities(
        entry,
        async_add_entities,
        CameraButton,
        DESCRIPTIONS,
        lambda camera, row: row.exists_fn(camera),
    )


class CameraButton(CameraEntity, ButtonEntity):
    """One row of the table above."""

    entity_description: CameraButtonDescription

    @override
    async def async_press(self) -> None:
        await self.entity_description.press_fn(self.coordinator, self._context)
