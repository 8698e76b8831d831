"""Entities that a person renames: what was linked stays linked, and protected."""

from typing import TYPE_CHECKING

from homeassistant.const import STATE_OFF
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import EntitySelector

from custom_components.tapo_doctor.doctor.preflight import Refusal
from custom_components.tapo_doctor.notice_options import notice_options
from custom_components.tapo_doctor.options_flow import OPTIONS
from custom_components.tapo_doctor.renaming import ENTITIES
from custom_components.tapo_doctor.subentry_flow import _settings_schema

from .plugs import PLUG
from .test_power_cycling import Powered, link, powered

if TYPE_CHECKING:
    from collections.abc import Iterator

    import voluptuous as vol
    from homeassistant.core import HomeAssistant

    from .world import World

__all__ = ["powered"]

RACK = "switch.rack"


def register(hass: HomeAssistant, entity_id: str) -> None:
    """Let an entity be one that a person can rename."""
    domain, name = entity_id.split(".")
    registry, state = er.async_get(hass), hass.states.get(entity_id)
    hass.states.async_remove(entity_id)
    entry = registry.async_get_or_create(domain, "some", entity_id, suggested_object_id=name)
    assert entry.entity_id == entity_id
    if state is not None:
        hass.states.async_set(entity_id, state.state)


async def rename(world: World, old: str, new: str) -> None:
    """Rename an entity, and let its integration show it under its new name."""
    hass = world.hass
    er.async_get(hass).async_update_entity(old, new_entity_id=new)
    if (state := hass.states.get(old)) is not None:
        hass.states.async_remove(old)
        hass.states.async_set(new, state.state, state.attributes)
    await hass.async_block_till_done()


def asked_for(schema: vol.Schema) -> Iterator[str]:
    """Return the settings of a form that name entities."""
    for marker, asked in schema.schema.items():
        if isinstance(asked, EntitySelector):
            yield str(marker)
        elif hasattr(asked, "schema"):
            yield from asked_for(asked.schema)


def test_every_entity_that_a_person_is_asked_for_is_followed(hass: HomeAssistant) -> None:
    """One that is forgotten here is lost with its first renaming."""
    forms = (OPTIONS.extend(notice_options(hass)), _settings_schema(ask_anyway=False))
    assert {key for form in forms for key in asked_for(form)} == ENTITIES


async def test_a_router_s_plug_is_protected_under_its_new_name_too(powered: Powered) -> None:
    """The whole home would lose its network for one camera, and unasked."""
    world, hass = powered.world, powered.hass
    register(hass, PLUG)
    hass.config_entries.async_update_entry(world.entry, options={"router_plug": PLUG})
    await powered.hang()
    await rename(world, PLUG, RACK)
    assert world.entry.options["router_plug"] == RACK
    assert powered.camera.power.plug == RACK
    decision = await powered.camera.home.power.async_decide(powered.camera)
    assert decision.reason is Refusal.POWERS_THE_NETWORK


async def test_cameras_on_a_plug_stay_one_load(powered: Powered) -> None:
    """Two cameras that go dark together do so under every name."""
    register(powered.hass, PLUG)
    link(powered.world, "shed")
    await powered.world.pass_time(15)
    await rename(powered.world, PLUG, RACK)
    assert len(powered.camera.home.power.load_of(RACK)) == 2


async def test_renaming_disturbs_nothing_that_runs(powered: Powered) -> None:
    """An outage, and what was seen of the plug, are the same as before."""
    register(powered.hass, PLUG)
    await powered.hang()
    chart, watch = powered.camera.chart, powered.camera.power.watch
    await rename(powered.world, PLUG, RACK)
    assert powered.camera.chart is chart
    assert powered.camera.power.watch is watch
    assert powered.world.state("sensor.garden_status") == "offline"
    powered.hass.states.async_set(RACK, STATE_OFF)
    powered.world.senses.vanish("garden")
    await powered.world.pass_time(30)
    assert powered.world.state("sensor.garden_diagnosis") == "switched_off"


async def test_all_that_names_an_entity_is_followed_and_nothing_else(world: World) -> None:
    """An action that sends notices may be called like an entity, and is not renamed with it."""
    hass, phone = world.hass, "notify.phone"
    notices = {"notify_entities": ["notify.a", phone], "notify_services": [phone]}
    hass.config_entries.async_update_entry(world.entry, options={"notices": notices})
    old = {"power_sensor": "sensor.w", "signal_sensor": "sensor.s", "tracker": "device_tracker.d"}
    link(world, "garden", **old)
    for entity_id in (phone, *old.values()):
        register(hass, entity_id)
        await rename(world, entity_id, f"{entity_id}_2")
    assert world.entry.options["notices"] == {
        "notify_entities": ["notify.a", f"{phone}_2"],
        "notify_services": [phone],
    }
    data = world.entry.subentries["subentry_garden"].data
    assert {key: data[key] for key in old} == {key: f"{name}_2" for key, name in old.items()}


async def test_a_home_that_is_not_watched_is_followed_too(powered: Powered) -> None:
    """It would wake up with a plug that nobody knows."""
    hass, entry = powered.hass, powered.world.entry
    register(hass, PLUG)
    await hass.config_entries.async_unload(entry.entry_id)
    await rename(powered.world, PLUG, RACK)
    assert entry.subentries["subentry_garden"].data["plug"] == RACK
