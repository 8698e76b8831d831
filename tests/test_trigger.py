"""The triggers of the automation editor; Home Assistant's platform for them may still change."""

from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.helpers.trigger import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.trigger import CAUSES, async_get_triggers

from .source import yaml_of
from .translations import WORDS

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant, ServiceCall
    from homeassistant.helpers import device_registry as dr

    from .world import World

GARDEN, SHED = "event.garden_outage", "event.shed_outage"


async def automate(
    world: World, kind: str, target: dict[str, Any], **options: object
) -> list[ServiceCall]:
    """Set up an automation with one of our triggers; returns the calls that it makes."""
    calls: list[ServiceCall] = async_mock_service(world.hass, "test", "automation")
    automation = {
        "triggers": {
            "trigger": f"{DOMAIN}.{kind}",
            "target": target,
            **({"options": options} if options else {}),
        },
        "actions": {
            "action": "test.automation",
            "data": {
                "who": "{{ trigger.entity_id }}",
                "cause": "{{ trigger.to_state.attributes.cause }}",
            },
        },
    }
    assert await async_setup_component(world.hass, AUTOMATION, {AUTOMATION: automation})
    await world.hass.async_block_till_done()
    (state,) = world.hass.states.async_all(AUTOMATION)
    assert state.state == "on", "the automation is not valid"
    return calls


async def test_a_loss_and_its_end_trigger_once_each(world: World) -> None:
    """The two automations that everybody has."""
    lost = await automate(world, "connection_lost", {"entity_id": GARDEN})
    world.senses.vanish("garden", "shed")
    await world.pass_time(120)
    world.senses.come_back("garden", "shed")
    await world.pass_time(30)
    assert [call.data["who"] for call in lost] == [GARDEN]


async def test_the_end_of_a_loss_triggers(world: World, device_registry: dr.DeviceRegistry) -> None:
    """By its device, as the editor of automations offers it."""
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, "subentry_garden"), world.entry.entry_id
    )
    assert device is not None
    back = await automate(world, "connection_restored", {"device_id": device.id})
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    assert not back
    world.senses.come_back("garden", "shed")
    await world.pass_time(30)
    assert [call.data["who"] for call in back] == [GARDEN]


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ({}, 2),
        ({"cause": []}, 2),
        ({"cause": ["router_down", "power_supply"]}, 2),
        ({"cause": "router_down"}, 2),
        ({"cause": ["weak_signal"]}, 0),
    ],
)
async def test_a_diagnosis_triggers_where_its_cause_is_chosen(
    world: World, options: dict[str, Any], count: int
) -> None:
    """Whoever cuts the power on a frozen camera does not want to on a wrong password."""
    found = await automate(world, "diagnosed", {"entity_id": [GARDEN, SHED]}, **options)
    # Known before the cameras go, so that there is one diagnosis and not one after another.
    world.senses.gateway_answers = False
    await world.pass_time(180, step=2)
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    assert [call.data["cause"] for call in found] == ["router_down"] * count
    assert {call.data["who"] for call in found} == ({GARDEN, SHED} if count else set())


async def test_events_of_others_are_none_of_ours(world: World) -> None:
    """A doorbell in the same area may know a lost connection of its own."""
    bell = "event.doorbell"
    world.hass.states.async_set(bell, "unknown")
    lost = await automate(world, "connection_lost", {"entity_id": [bell, GARDEN]})
    world.hass.states.async_set(bell, "2026-06-15T20:00:00Z", {"event_type": "connection_lost"})
    await world.hass.async_block_till_done()
    assert not lost


async def test_the_editor_knows_every_trigger(world: World) -> None:
    """A trigger without a description is one that only its author can use."""
    described = await async_get_all_descriptions(world.hass)
    triggers = await async_get_triggers(world.hass)
    assert triggers.keys() == WORDS["triggers"].keys()
    for key in triggers:
        assert described[f"{DOMAIN}.{key}"], key


def test_every_problem_can_be_chosen() -> None:
    """And nothing that never fires."""
    fields = yaml_of("triggers.yaml")["diagnosed"]["fields"]
    assert fields["cause"]["selector"]["select"]["options"] == list(CAUSES)
    assert Cause.SWITCHED_OFF not in CAUSES


async def test_a_cause_that_never_fires_is_refused(hass: HomeAssistant) -> None:
    """An automation that waits for ever is worse than an error."""
    diagnosed = (await async_get_triggers(hass))["diagnosed"]
    config = {"target": {"entity_id": GARDEN}, "options": {"cause": "camera_frozen"}}
    await diagnosed.async_validate_config(hass, config)
    with pytest.raises(vol.Invalid):
        await diagnosed.async_validate_config(hass, {**config, "options": {"cause": "asleep"}})
