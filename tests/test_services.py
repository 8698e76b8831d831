"""The actions: what they answer, and how they refuse."""

from typing import TYPE_CHECKING, Any, cast

import pytest
import voluptuous as vol
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.case import read_case
from custom_components.tapo_doctor.doctor.evidence import Light
from custom_components.tapo_doctor.services import REPORT

from .source import PACKAGE

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


async def report(hass: HomeAssistant, **data: object) -> dict[str, Any]:
    """Report what a person sees, and return the new diagnosis."""
    answer = await hass.services.async_call(
        DOMAIN, "report", {"entity_id": GARDEN, **data}, blocking=True, return_response=True
    )
    return cast("dict[str, dict[str, dict[str, Any]]]", answer)["Garden"]["diagnosis"]


async def test_what_a_person_reports_changes_the_diagnosis(world: World) -> None:
    """The light in front of somebody's eyes is worth more than another ping."""
    world.senses.vanish("garden")
    await world.pass_time(30)
    before = world.state("sensor.garden_diagnosis")
    found = await report(
        world.hass, light="off", adapter="other", sound_of_restarting=True, network_changed=False
    )
    assert before != "power_supply"
    assert found["cause"] == "power_supply"
    assert world.state("sensor.garden_diagnosis") == "power_supply"
    answer = cast("dict[str, Any]", await diagnose(world.hass, entity_id=GARDEN))
    assert read_case(answer["Garden"]["case"]).evidence.now.light is Light.OFF
    # Neither the light nor the network is asked about again.
    assert found["next_question"] not in {"light", "adapter", "sound", "network_changed"}


async def test_how_long_ago_a_change_was_is_said_as_people_say_it(world: World) -> None:
    """A figure with six digits after the point is for machines, which get it as it is."""
    world.senses.vanish("garden")
    await world.pass_time(301)
    found = await report(world.hass, network_changed=True)
    state = world.hass.states.get("sensor.garden_diagnosis")
    assert state is not None
    assert "The network was changed 5 min ago" in state.attributes["reasons_in_words"]
    hours = [one["values"]["hours"] for one in found["reasons"] if one["sign"] == "network_changed"]
    assert hours == [pytest.approx(301 / 3600, rel=0.1)] * len(hours)
    assert hours


async def test_a_report_needs_something_to_report(world: World) -> None:
    """An automation that forgot its data is told so."""
    with pytest.raises(ServiceValidationError) as refused:
        await report(world.hass)
    assert refused.value.translation_key == "nothing_reported"


async def test_a_report_takes_only_known_answers(world: World) -> None:
    """A light of a colour that no camera has would be silently forgotten."""
    with pytest.raises(vol.Invalid):
        await report(world.hass, light="purple")


async def test_the_form_offers_what_the_action_takes() -> None:
    """A field that the form offers and the action refuses is a trap."""
    form = load_yaml_dict(str(PACKAGE / "services.yaml"))["report"]
    assert len(form["fields"]) > 5
    for field, row in form["fields"].items():
        select = row["selector"].get("select")
        for answer in select["options"] if select else (True, False):
            assert REPORT({"entity_id": [GARDEN], field: answer})[field] == answer


async def test_what_was_told_survives_a_reload_and_is_forgotten_with_the_trouble(
    world: World, entry: MockConfigEntry
) -> None:
    """A camera's next trouble must not be judged by the light of the last."""
    world.senses.vanish("garden")
    await world.pass_time(30)
    await report(world.hass, light="blinking_red", adapter="original")
    await world.hass.config_entries.async_reload(entry.entry_id)
    await world.pass_time(30)
    memory = entry.runtime_data.memory
    assert [told.answer for told in memory.of("subentry_garden").told] == [
        "blinking_red",
        "original",
    ]
    world.senses.come_back("garden")
    await world.pass_time(200, step=5)
    assert memory.of("subentry_garden").told
    await world.pass_time(200, step=5)
    assert not memory.of("subentry_garden").told
