"""What the owner lets the doctor do for a camera: alert, and cut its power by itself."""

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


def _always(_camera: CameraCoordinator) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class CameraSwitchDescription(SwitchEntityDescription):
    """A row of the table below."""

    is_on_fn: Callable[[CameraCoordinator], bool]
    turn_fn: Callable[[CameraCoordinator, bool], None]
    attributes_fn: Callable[[CameraCoordinator], dict[str, Any] | None] = _nothing
    exists_fn: Callable[[CameraCoordinator], bool] = _always


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
    CameraSwitchDescription(
        key="automatic_power_cycle",
        translation_key="automatic_power_cycle",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda camera: camera.power.cycling_unasked_allowed,
        turn_fn=lambda camera, on: camera.power.async_allow_cycling_unasked(on),
        attributes_fn=lambda camera: {"recovery": camera.home.recovery.stage(camera)},
        exists_fn=lambda camera: camera.power.plug is not None,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of every camera."""
    await async_add_camera_entities(
        entry,
        async_add_entities,
        CameraSwitch,
        DESCRIPTIONS,
        lambda camera, row: row.exists_fn(camera),
    )


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
