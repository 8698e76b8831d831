"""What Home Assistant shows, and the words it shows it with."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

import custom_components.tapo_doctor
from custom_components.tapo_doctor import PLATFORMS, binary_sensor, button, event, sensor, switch
from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Certainty
from custom_components.tapo_doctor.enrolment import Outcome
from custom_components.tapo_doctor.verdict import Status
from custom_components.tapo_doctor.words import Words

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity import EntityDescription

    from .fakes import FakeSenses

HERE = Path(custom_components.tapo_doctor.__file__).parent
WORDS: dict[str, Any] = json.loads((HERE / "translations/en.json").read_text())
ICONS: dict[str, Any] = json.loads((HERE / "icons.json").read_text())
ROWS: list[tuple[str, EntityDescription]] = [
    *(("binary_sensor", row) for row in binary_sensor.DESCRIPTIONS),
    *(("button", row) for row in button.DESCRIPTIONS),
    *(("event", row) for row in event.DESCRIPTIONS),
    *(("sensor", row) for row in sensor.DESCRIPTIONS),
    *(("switch", row) for row in switch.DESCRIPTIONS),
    *(("binary_sensor", row) for row in binary_sensor.HOME_DESCRIPTIONS),
    *(("sensor", row) for row in sensor.HOME_DESCRIPTIONS),
]
# The contract of the design, and which of them are too noisy to be on from the start.
KEYS = {
    "connection_problem",
    "alerts",
    "check_now",
    "outage",
    "diagnosis",
    "status",
    "signal_strength",
    "last_seen",
    "network_name",
    "firmware",
    "response_time",
    "confidence",
    "availability_24h",
    "availability_7d",
    "outages_7d",
}
# These appear with a smart plug.
WITH_A_PLUG = {"power_cycle", "automatic_power_cycle"}
QUIET = {"last_seen", "response_time", "confidence"}
# And those of the home, by the names that their entity ids are made of.
HOME_KEYS = {
    "home_connection_problem": "connection_problem",
    "home_diagnosis": "diagnosis",
    "problem_cameras": "problem_cameras",
}


@pytest.fixture
async def registered(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
) -> list[er.RegistryEntry]:
    """The garden's entities in a running home."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    entries = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    return [one for one in entries if one.config_subentry_id == "subentry_garden"]


async def test_the_entities_are_those_of_the_design(registered: list[er.RegistryEntry]) -> None:
    """Dashboards and automations name them."""
    assert {one.translation_key for one in registered} == KEYS
    assert {one.entity_id.partition(".")[2] for one in registered} == {f"garden_{k}" for k in KEYS}
    assert all(one.has_entity_name for one in registered)
    assert {one.translation_key for one in registered if one.disabled_by} == QUIET


async def test_the_home_has_entities_of_its_own(
    hass: HomeAssistant, entry: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Dashboards and automations name them, too."""
    await hass.config_entries.async_setup(entry.entry_id)
    registered = [
        one
        for one in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if one.config_subentry_id is None
    ]
    shown = {one.translation_key: one.entity_id.partition(".")[2] for one in registered}
    assert shown == {key: f"tapo_doctor_{name}" for key, name in HOME_KEYS.items()}
    assert all(one.has_entity_name and not one.disabled_by for one in registered)


async def test_entity_ids_are_the_same_in_every_language(
    hass: HomeAssistant, entry: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Dashboards and automations are pasted from the manual; the names are the reader's own."""
    hass.config.language = "de"
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    diagnosis = entity_registry.async_get("sensor.garden_diagnosis")
    assert diagnosis is not None
    assert diagnosis.original_name == "Diagnose"
    assert entity_registry.async_get("sensor.tapo_doctor_problem_cameras") is not None


async def test_nobody_s_secrets_are_in_a_state(
    hass: HomeAssistant, registered: list[er.RegistryEntry], senses: FakeSenses
) -> None:
    """States end up in screenshots, databases and voice assistants."""
    assert registered
    shown = json.dumps([state.as_dict() for state in hass.states.async_all()], default=str)
    for secret in ("correct horse", "owner@example.org", "192.168.1.21", "02:00:00:00:00:21"):
        assert secret not in shown


def test_every_platform_has_rows() -> None:
    assert {platform for platform, _ in ROWS} == {str(platform) for platform in PLATFORMS}
    for module in (binary_sensor, button, event, sensor, switch):
        assert isinstance(module.PARALLEL_UPDATES, int)


@pytest.mark.parametrize(("platform", "row"), ROWS, ids=lambda value: getattr(value, "key", value))
def test_every_entity_has_a_name_and_an_icon(platform: str, row: EntityDescription) -> None:
    """A missing name shows as a bare device name, a missing icon as a generic one."""
    assert row.translation_key == row.key
    assert WORDS["entity"][platform][row.key]["name"]
    assert row.device_class or ICONS["entity"][platform][row.key]["default"]


def test_no_word_is_left_over() -> None:
    """A word for an entity that is gone would be translated for nothing."""
    for table in (WORDS, ICONS):
        listed = {key for platform in table["entity"].values() for key in platform}
        assert listed <= KEYS | WITH_A_PLUG | HOME_KEYS.keys()


@pytest.mark.parametrize(
    ("key", "values"),
    [("diagnosis", list(Cause)), ("home_diagnosis", list(Cause)), ("status", list(Status))],
)
def test_every_state_has_a_word(key: str, values: list[str]) -> None:
    """Else people read `wifi_password_changed`."""
    assert set(WORDS["entity"]["sensor"][key]["state"]) == set(values)
    assert set(ICONS["entity"]["sensor"][key].get("state", {})) <= set(values)


def test_every_cause_has_an_icon() -> None:
    """The same stethoscope for all of them would tell nothing at a glance."""
    assert set(ICONS["entity"]["sensor"]["diagnosis"]["state"]) == set(Cause)


def test_every_outcome_of_a_trial_has_a_sentence() -> None:
    assert set(WORDS["selector"]["outcome"]["options"]) == set(Outcome)


async def test_the_diagnosis_shows_its_reasons_in_short(
    hass: HomeAssistant, registered: list[er.RegistryEntry]
) -> None:
    """For cards, and for automations that want only what is certain."""
    state = hass.states.get("sensor.garden_diagnosis")
    assert registered
    assert state is not None
    attributes = state.attributes
    assert 0 <= attributes["confidence"] <= 1
    assert attributes["certainty"]
    assert len(attributes["candidates"]) <= 3
    assert isinstance(attributes["reasons"], list)
    assert not attributes["steps"], "nothing to do while all is well"
    assert len(attributes["reasons"]) == len(attributes["reasons_in_words"])


async def test_steps_and_reasons_are_said_in_words(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    senses: FakeSenses,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A card can show them as they are, without a table of its own."""
    freezer.move_to("2026-06-15 20:00:00+00:00")
    senses.vanish("garden", "shed")
    senses.gateway_answers = False
    await hass.config_entries.async_setup(entry.entry_id)
    for _ in range(30):
        freezer.tick(1)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
    state = hass.states.get("sensor.garden_diagnosis")
    assert state is not None
    words = state.attributes["steps_in_words"]
    assert len(words) == len(state.attributes["steps"]) > 0
    assert all(": " in step and "_" not in step for step in words)
    sentences = state.attributes["reasons_in_words"]
    assert sentences
    assert not any(mark in sentence for sentence in sentences for mark in "{}_")


def test_a_word_that_is_missing_is_shown_as_its_key() -> None:
    """A gap in a translation must not take the diagnosis away."""
    words = Words({"component.tapo_doctor.selector.sign.options.gone": "for {minutes} minutes"})
    assert words.say("sign", "unheard_of") == "unheard_of"
    assert words.say("sign", "gone", {"minutes": 3}) == "for 3 minutes"
    assert words.say("sign", "gone") == "for {minutes} minutes"


async def test_a_cause_is_named_as_the_sensor_names_it(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A notice that calls it otherwise than the dashboard speaks of two troubles."""
    await hass.config_entries.async_setup(entry.entry_id)
    words: Words = entry.runtime_data.words
    told = WORDS["entity"]["sensor"]["diagnosis"]
    assert {cause: words.cause(cause) for cause in Cause} == told["state"]
    certainties = told["state_attributes"]["certainty"]["state"]
    assert {one: words.certainty(one) for one in Certainty} == certainties
