"""What a camera is called, by people and by the answers of the actions."""

from typing import TYPE_CHECKING, Any
from unittest.mock import create_autospec

import pytest
from homeassistant.components import persistent_notification
from homeassistant.helpers import issue_registry as ir

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.coordinator import CameraCoordinator
from custom_components.tapo_doctor.names import keyed

if TYPE_CHECKING:
    from homeassistant.helpers import device_registry as dr

    from .world import World

COUNT = "sensor.tapo_doctor_problem_cameras"
DIAGNOSIS = "sensor.tapo_doctor_diagnosis"
CAMERAS = ["sensor.garden_status", "sensor.shed_status"]


def rename(world: World, devices: dr.DeviceRegistry, name: str | None) -> None:
    """Rename the garden's camera on its device's page."""
    identifier = (DOMAIN, "subentry_garden")
    device = devices.async_get_device_by_identifier(identifier, world.entry.entry_id)
    assert device is not None
    devices.async_update_device(device.id, name_by_user=name)


def attribute(world: World, entity_id: str) -> Any:
    """Return the names that an entity shows."""
    state = world.hass.states.get(entity_id)
    assert state is not None
    return state.attributes["cameras"]


def notices(world: World) -> list[str | None]:
    """Return the titles of what stands in Home Assistant's list."""
    shown = persistent_notification._async_get_or_create_notifications(world.hass)
    return [one["title"] for one in shown.values() if one["notification_id"].startswith(DOMAIN)]


async def ask(world: World, action: str, **data: Any) -> dict[str, Any]:
    """Call an action for both cameras, and return its answer."""
    answer = await world.hass.services.async_call(
        DOMAIN, action, {"entity_id": CAMERAS, **data}, blocking=True, return_response=True
    )
    assert answer is not None
    return answer


async def test_a_camera_is_called_as_its_device_was_renamed(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """Nobody looks for the garden who has called it the front door."""
    rename(world, device_registry, "Front door")
    world.senses.vanish("garden")
    await world.pass_time(600, step=5)
    assert attribute(world, COUNT) == ["Front door"]
    assert notices(world) == ["Front door is offline"]
    issue = ir.async_get(world.hass).async_get_issue(DOMAIN, "trouble_subentry_garden")
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["name"] == "Front door"
    world.senses.come_back("garden")
    await world.pass_time(60)
    assert notices(world) == ["Front door is back"]


async def test_the_home_names_its_cameras_as_they_were_renamed(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """Also those that it speaks for."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(60)
    assert attribute(world, DIAGNOSIS) == attribute(world, COUNT) == ["Garden", "Shed"]
    rename(world, device_registry, "Front door")
    await world.pass_time(60)
    assert attribute(world, COUNT) == ["Front door", "Shed"]
    assert attribute(world, DIAGNOSIS) == ["Front door", "Shed"]


async def test_what_stands_is_written_again_when_a_device_is_renamed(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """Who has just learnt which camera it is may call it so at once."""
    world.senses.vanish("garden")
    await world.pass_time(120)
    assert notices(world) == ["Garden is offline"]
    rename(world, device_registry, "Front door")
    await world.hass.async_block_till_done()
    assert notices(world) == ["Front door is offline"]
    assert attribute(world, COUNT) == ["Front door"]


async def test_a_device_that_has_its_old_name_again_is_called_so(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """An empty field gives it back."""
    rename(world, device_registry, "Front door")
    rename(world, device_registry, None)
    world.senses.vanish("garden")
    await world.pass_time(60)
    assert attribute(world, COUNT) == ["Garden"]


async def test_an_answer_keeps_its_key_when_a_device_is_renamed(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """Else a script that reads it would break."""
    rename(world, device_registry, "Front door")
    assert set(await ask(world, "diagnose")) == {"Garden", "Shed"}


@pytest.mark.parametrize(
    ("action", "data"),
    [("diagnose", {}), ("report", {"light": "off"}), ("pause", {}), ("resume", {}), ("notify", {})],
)
async def test_cameras_of_one_name_have_an_answer_each(
    world: World, action: str, data: dict[str, Any]
) -> None:
    """Two cameras of one model have one name, until somebody renames them."""
    shed = world.entry.subentries["subentry_shed"]
    world.hass.config_entries.async_update_subentry(world.entry, shed, title="Garden")
    choice = {"notices": {"notify_services": ["persistent_notification"]}}
    world.hass.config_entries.async_update_entry(world.entry, options=choice)
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    assert set(await ask(world, action, **data)) == {"Garden", "Garden (2)"}


def test_a_key_that_is_somebody_s_own_is_not_given_to_another() -> None:
    """A key that was unique stays what it was."""
    names = ["Garden", "Garden", "Garden (2)", "Garden"]
    cameras = [create_autospec(CameraCoordinator, instance=True) for _ in names]
    for camera, name in zip(cameras, names, strict=True):
        camera.name = name
    assert [*keyed(cameras)] == ["Garden", "Garden (3)", "Garden (2)", "Garden (4)"]
