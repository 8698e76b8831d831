"""The actions: what they answer, and how they refuse."""

from typing import TYPE_CHECKING

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.setup import async_setup_component

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.case import read_case

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant, ServiceResponse
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

    from .world import World

GARDEN = "binary_sensor.garden_connection_problem"
SHED = "binary_sensor.shed_connection_problem"


async def diagnose(
    hass: HomeAssistant, context: Context | None = None, **target: object
) -> ServiceResponse:
    """Call the action that every target can be tried with."""
    return await hass.services.async_call(
        DOMAIN, "diagnose", target, blocking=True, return_response=True, context=context
    )


async def test_an_action_exists_and_refuses_while_no_home_is_set_up(hass: HomeAssistant) -> None:
    """An automation that runs during a reload gets a sentence, not an unknown action."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="not set up") as refused:
        await diagnose(hass, entity_id=GARDEN)
    assert refused.value.translation_key == "not_loaded"


async def test_a_diagnosis_comes_with_a_case_that_can_be_replayed(world: World) -> None:
    """What a person sends us is a test case."""
    world.senses.vanish("garden")
    answer = await diagnose(world.hass, entity_id=[GARDEN])
    assert answer is not None
    assert set(answer) == {"Garden"}
    garden = answer["Garden"]
    assert isinstance(garden, dict)
    assert isinstance(garden["diagnosis"], dict)
    assert isinstance(garden["case"], dict)
    assert garden["diagnosis"]["cause"]
    assert read_case(garden["case"]).evidence.camera.model == "C210"


async def test_a_camera_can_be_named_by_its_device(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """The editor of automations offers devices first."""
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, "subentry_shed"), world.entry.entry_id
    )
    assert device is not None
    assert set(await diagnose(world.hass, device_id=device.id) or {}) == {"Shed"}


async def test_a_target_without_a_camera_is_refused(world: World) -> None:
    """Nothing examined is not the same as nothing found."""
    with pytest.raises(ServiceValidationError) as refused:
        await diagnose(world.hass, entity_id="light.kitchen")
    assert refused.value.translation_key == "no_camera"


async def test_only_who_may_control_a_camera_may_act_on_it(
    world: World, hass_read_only_user: MockUser, hass_admin_user: MockUser
) -> None:
    """A guest's tablet shall not cut the power of the front door."""
    with pytest.raises(Unauthorized):
        await diagnose(world.hass, Context(user_id=hass_read_only_user.id), entity_id=[GARDEN])
    with pytest.raises(UnknownUser):
        await diagnose(world.hass, Context(user_id="nobody"), entity_id=[GARDEN])
    both = await diagnose(world.hass, Context(user_id=hass_admin_user.id), entity_id=[GARDEN, SHED])
    assert set(both or {}) == {"Garden", "Shed"}


async def test_an_action_refuses_after_the_home_was_unloaded(
    world: World, entry: MockConfigEntry
) -> None:
    """The home's entities are still registered then."""
    await world.hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await diagnose(world.hass, entity_id=GARDEN)
    assert refused.value.translation_key == "not_loaded"
