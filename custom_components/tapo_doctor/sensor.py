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
from homeassistant.const import (
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfRatio,
    UnitOfTime,
)

from .doctor.causes import Cause
from .entity import CameraEntity, HomeEntity, async_add_camera_entities
from .names import name_of
from .verdict import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .doctor.diagnosis import Diagnosis
    from .home import Home, TapoDoctorConfigEntry
    from .home_judgement import HomeState
    from .verdict import CameraState
    from .words import Words

PARALLEL_UPDATES = 0

# Few enough to be read at a glance; the whole ranking is what the diagnostics are for.
_MOST_REASONS = 5
_MOST_CANDIDATES = 3
_MOST_STEPS = 3
# Sentences would fill the database; their keys are recorded.
_SENTENCES = frozenset({"reasons_in_words", "steps_in_words"})


def _nothing(_state: CameraState, _words: Words) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class CameraSensorDescription(SensorEntityDescription):
    """A row of the table below."""

    value_fn: Callable[[CameraState], str | float | datetime | None]
    attributes_fn: Callable[[CameraState, Words], dict[str, Any] | None] = _nothing


def diagnosis_attributes(state: CameraState, words: Words) -> dict[str, Any] | None:
    """Return a camera's diagnosis in short; steps only where there is something to do."""
    if state.diagnosis is None:
        return None
    return in_short(state.diagnosis, words, steps=bool(state.problem))


def in_short(diagnosis: Diagnosis, words: Words, *, steps: bool) -> dict[str, Any]:
    """Return a diagnosis in short: keys for automations, words for cards."""
    speaking = diagnosis.speaking[:_MOST_REASONS]
    advised = diagnosis.steps[:_MOST_STEPS] if steps else ()
    return {
        "confidence": round(diagnosis.confidence, 2),
        "certainty": diagnosis.certainty,
        "reasons": [reason.sign for reason in speaking],
        "candidates": {
            ranked.cause: round(ranked.probability, 2)
            for ranked in diagnosis.ranking[:_MOST_CANDIDATES]
        },
        "steps": list(advised),
        "reasons_in_words": [words.reason(reason) for reason in speaking],
        "steps_in_words": [words.step(step) for step in advised],
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
    CameraSensorDescription(
        key="confidence",
        translation_key="confidence",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda state: round(100 * state.diagnosis.confidence) if state.diagnosis else None,
    ),
    CameraSensorDescription(
        key="availability_24h",
        translation_key="availability_24h",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.tally.availability_24h if state.tally else None,
    ),
    CameraSensorDescription(
        key="availability_7d",
        translation_key="availability_7d",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.tally.availability_7d if state.tally else None,
    ),
    CameraSensorDescription(
        key="outages_7d",
        translation_key="outages_7d",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda state: state.tally.outages_7d if state.tally else None,
    ),
)


@dataclass(frozen=True, kw_only=True)
class HomeSensorDescription(SensorEntityDescription):
    """A row of the table below."""

    value_fn: Callable[[HomeState], str | int | None]
    attributes_fn: Callable[[Home], dict[str, Any] | None]


def _home_diagnosis(state: HomeState) -> Cause | None:
    if state.finding is not None:
        return state.finding.diagnosis.cause
    return Cause.HEALTHY if state.known else None


def _home_diagnosis_attributes(home: Home) -> dict[str, Any] | None:
    if (finding := home.finding) is None:
        return None
    return {
        # A camera may have been removed since.
        "cameras": sorted(
            name_of(home.cameras[key]) for key in finding.members & home.cameras.keys()
        ),
        **in_short(finding.diagnosis, home.words, steps=True),
    }


HOME_DESCRIPTIONS = (
    HomeSensorDescription(
        key="problem_cameras",
        translation_key="problem_cameras",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda state: len(state.problems) if state.known else None,
        attributes_fn=lambda home: {"cameras": list(home.state.problems)},
    ),
    HomeSensorDescription(
        key="home_diagnosis",
        translation_key="home_diagnosis",
        device_class=SensorDeviceClass.ENUM,
        options=[cause.value for cause in Cause],
        value_fn=_home_diagnosis,
        attributes_fn=_home_diagnosis_attributes,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the home and of every camera."""
    async_add_entities(HomeSensor(entry.runtime_data, row) for row in HOME_DESCRIPTIONS)
    await async_add_camera_entities(entry, async_add_entities, CameraSensor, DESCRIPTIONS)


class CameraSensor(CameraEntity, SensorEntity):
    """One row of the table above."""

    entity_description: CameraSensorDescription
    _unrecorded_attributes = _SENTENCES

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        words = self.coordinator.home.words
        return self.entity_description.attributes_fn(self.coordinator.data, words)


class HomeSensor(HomeEntity, SensorEntity):
    """One row of the home's table."""

    entity_description: HomeSensorDescription
    _unrecorded_attributes = _SENTENCES

    @property
    @override
    def native_value(self) -> str | int | None:
        return self.entity_description.value_fn(self.home.state)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        return self.entity_description.attributes_fn(self.home)
