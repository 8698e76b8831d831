"""What is known about each camera, and what the doctor makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import SIGNAL_STRENGTH_DECIBELS_MILLIWATT, EntityCategory, UnitOfTime

from .doctor.causes import Cause
from .entity import CameraEntity, async_add_camera_entities
from .verdict import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .home import TapoDoctorConfigEntry
    from .verdict import CameraState
    from .words import Words

PARALLEL_UPDATES = 0

# Few enough to be read at a glance; the whole ranking is what the diagnostics are for.
_MOST_REASONS = 5
_MOST_CANDIDATES = 3
_MOST_STEPS = 3


def _nothing(_state: CameraState, _words: Words) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class CameraSensorDescription(SensorEntityDescription):
    """A row of the table below."""

    value_fn: Callable[[CameraState], str | float | datetime | None]
    attributes_fn: Callable[[CameraState, Words], dict[str, Any] | None] = _nothing


def diagnosis_attributes(state: CameraState, words: Words) -> dict[str, Any] | None:
    """Return the diagnosis in short: keys for automations, words for cards."""
    if (diagnosis := state.diagnosis) is None:
        return None
    speaking = diagnosis.speaking[:_MOST_REASONS]
    steps = diagnosis.steps[:_MOST_STEPS] if state.problem else ()
    return {
        "confidence": round(diagnosis.confidence, 2),
        "certainty": diagnosis.certainty,
        "reasons": [reason.sign for reason in speaking],
        "candidates": {
            ranked.cause: round(ranked.probability, 2)
            for ranked in diagnosis.ranking[:_MOST_CANDIDATES]
        },
        "steps": list(steps),
        "reasons_in_words": [words.reason(reason) for reason in speaking],
        "steps_in_words": [words.step(step) for step in steps],
    }


DESCRIPTIONS = (
    CameraSensorDescription(
        key="diagnosis",
        translation_key="diagnosis",
        device_class=SensorDeviceClass.ENUM,
        options=[cause.value for cause in Cause],
        value_fn=lambda state: state.diagnosis.cause if state.diagnosis else None,
        attributes_fn=diagnosis_attributes,
    ),
    CameraSensorDescription(
        key="status",
        translation_key="status",
        device_class=SensorDeviceClass.ENUM,
        options=[status.value for status in Status],
        value_fn=lambda state: state.status,
    ),
    CameraSensorDescription(
        key="signal_strength",
        translation_key="signal_strength",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        value_fn=lambda state: state.signal_dbm,
    ),
    CameraSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda state: state.last_seen,
    ),
    CameraSensorDescription(
        key="network_name",
        translation_key="network_name",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.ssid,
    ),
    CameraSensorDescription(
        key="firmware",
        translation_key="firmware",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.firmware,
    ),
    CameraSensorDescription(
        key="response_time",
        translation_key="response_time",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda state: state.response_ms,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of every camera."""
    async_add_camera_entities(entry, async_add_entities, CameraSensor, DESCRIPTIONS)


class CameraSensor(CameraEntity, SensorEntity):
    """One row of the table above."""

    entity_description: CameraSensorDescription
    # Sentences would fill the database; their keys are recorded.
    _unrecorded_attributes = frozenset({"reasons_in_words", "steps_in_words"})

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        words = self.coordinator.home.words
        return self.entity_description.attributes_fn(self.coordinator.data, words)
