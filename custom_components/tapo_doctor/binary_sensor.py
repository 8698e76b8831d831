"""Connection problem: the one entity to build an automation on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)

from .entity import CameraEntity, HomeEntity, async_add_camera_entities

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .home import TapoDoctorConfigEntry

PARALLEL_UPDATES = 0

DESCRIPTIONS = (
    BinarySensorEntityDescription(
        key="connection_problem",
        translation_key="connection_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
    ),
)
HOME_DESCRIPTIONS = (
    BinarySensorEntityDescription(
        key="home_connection_problem",
        translation_key="home_connection_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of the home and of every camera."""
    async_add_entities(HomeProblem(entry.runtime_data, row) for row in HOME_DESCRIPTIONS)
    await async_add_camera_entities(entry, async_add_entities, ConnectionProblem, DESCRIPTIONS)


class ConnectionProblem(CameraEntity, BinarySensorEntity):
    """On while a person should know: it is offline, or something needs their hands."""

    @property
    @override
    def is_on(self) -> bool | None:
        return self.coordinator.data.problem

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        state = self.coordinator.data
        cause = state.diagnosis.cause if state.problem and state.diagnosis else None
        return {"since": state.since, "cause": cause}


class HomeProblem(HomeEntity, BinarySensorEntity):
    """On while something is the matter with the home as a whole, however many cameras it takes."""

    @property
    @override
    def is_on(self) -> bool | None:
        return self.home.finding is not None if self.home.state.known else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        finding = self.home.finding
        if finding is None:
            return {"since": None, "cause": None}
        return {"since": finding.since, "cause": finding.diagnosis.cause}
