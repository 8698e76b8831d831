"""The steps that the doctor's own hands can take."""

from typing import TYPE_CHECKING

import pytest
from homeassistant.config_entries import ConfigEntryState, ConfigFlow
from homeassistant.const import STATE_OFF
from homeassistant.exceptions import ServiceValidationError
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_config_flow,
    mock_integration,
    mock_platform,
)

from custom_components.tapo_doctor.doctor.evidence import LoginResult, RemedyKind
from custom_components.tapo_doctor.doctor.playbook import PLAYBOOK, Step, Who
from custom_components.tapo_doctor.probes.findings import Reading
from custom_components.tapo_doctor.remedies import REMEDIES, other_entries

from .fakes import HOSTS, MACS
from .plugs import PLUG
from .test_power_cycling import Powered, powered

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import device_registry as dr

    from .world import World

__all__ = ["powered"]


def test_what_the_playbook_trusts_the_doctor_with_it_can_do() -> None:
    """A step that nobody takes is no help."""
    trusted = {step for step, recipe in PLAYBOOK.items() if recipe.who is Who.DOCTOR}
    assert trusted
    assert trusted <= set(REMEDIES)


def available(powered: Powered) -> set[Step]:
    """Return what can be done for the camera now."""
    return {step for step, remedy in REMEDIES.items() if remedy.available_fn(powered.camera)}


async def test_what_is_available_depends_on_what_there_is(powered: Powered) -> None:
    """Offering what cannot be done is worse than not offering it."""
    assert available(powered) == {Step.RESTART_CAMERA}
    powered.plug.show(STATE_OFF)
    assert available(powered) == {Step.TURN_PLUG_ON}
    powered.hass.states.async_remove(PLUG)
    assert available(powered) == set()
    powered.hass.states.async_set("switch.router", "on")
    powered.hass.config_entries.async_update_entry(
        powered.world.entry,
        options={"router_plug": "switch.router", "router_plug_independent": True},
    )
    assert available(powered) == {Step.RESTART_ROUTER_AND_CAMERA}


async def test_a_restart_tells_whether_it_helped(powered: Powered) -> None:
    """Or raises in words where it is refused."""
    run = REMEDIES[Step.RESTART_CAMERA].run_fn
    with pytest.raises(ServiceValidationError, match="All is well"):
        await run(powered.camera, None)
    await powered.hang()
    task = powered.hass.async_create_task(run(powered.camera, None))
    await powered.pass_time(120)
    assert task.result() is True


async def test_a_network_that_cannot_be_restarted_is_told(powered: Powered) -> None:
    """In words."""
    with pytest.raises(ServiceValidationError, match="no plug of the router"):
        await REMEDIES[Step.RESTART_ROUTER_AND_CAMERA].run_fn(powered.camera, None)


async def test_a_plug_that_was_left_off_is_turned_on(powered: Powered) -> None:
    """The cheapest cure of all."""
    powered.plug.show(STATE_OFF)
    powered.world.senses.vanish("garden")
    await powered.world.pass_time(30)
    run = REMEDIES[Step.TURN_PLUG_ON].run_fn
    task = powered.hass.async_create_task(run(powered.camera, None))
    await powered.pass_time(90)
    assert task.result() is True
    assert powered.plug.is_on


async def test_a_plug_that_never_says_that_it_is_on_keeps_nobody_waiting(powered: Powered) -> None:
    """Whether it is on is what the camera tells."""
    powered.plug.show(STATE_OFF)
    powered.world.senses.vanish("garden")
    await powered.world.pass_time(30)
    powered.plug.hangs = True
    run = REMEDIES[Step.TURN_PLUG_ON].run_fn
    task = powered.hass.async_create_task(run(powered.camera, None))
    await powered.pass_time(300)
    assert task.result() is False


class OtherFlow(ConfigFlow):
    """The dialog of another integration, which nobody opens."""


@pytest.fixture
async def other(hass: HomeAssistant, world: World) -> AsyncGenerator[MockConfigEntry]:
    """Another integration's entry for the garden camera, which is stuck."""
    loads = [False, True]

    async def set_up(_hass: HomeAssistant, _entry: MockConfigEntry) -> bool:
        return loads.pop(0)

    async def unload(_hass: HomeAssistant, _entry: MockConfigEntry) -> bool:
        return True

    mock_integration(hass, MockModule("onvif", async_setup_entry=set_up, async_unload_entry=unload))
    mock_platform(hass, "onvif.config_flow", None)
    entry = MockConfigEntry(domain="onvif", data={"host": HOSTS["garden"]})
    entry.add_to_hass(hass)
    with mock_config_flow("onvif", OtherFlow):
        await hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_ERROR
        yield entry


async def test_a_stuck_integration_is_reloaded(world: World, other: MockConfigEntry) -> None:
    """And what came of it is remembered."""
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    remedy = REMEDIES[Step.RELOAD_INTEGRATION]
    assert remedy.available_fn(camera)
    assert await remedy.run_fn(camera, None) is True
    assert other.state is ConfigEntryState.LOADED
    (tried,) = camera.chart.memory.remedies
    assert (tried.remedy, tried.helped) == (RemedyKind.RELOAD, True)


async def test_nobody_reloads_what_logs_in_to_a_locked_camera(
    world: World, other: MockConfigEntry
) -> None:
    """Its attempt would feed the lock."""
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    world.senses.camera("garden").reading = Reading(result=LoginResult.LOCKED, locked_for_s=900.0)
    await world.pass_time(310, step=5)
    assert not REMEDIES[Step.RELOAD_INTEGRATION].available_fn(camera)


async def test_a_router_s_integration_is_not_reloaded_for_a_camera(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """It has a device with the camera's address, and a home that hangs on it."""
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    for domain in ("fritz", "tplink"):
        entry = MockConfigEntry(domain=domain)
        entry.add_to_hass(world.hass)
        device_registry.async_get_or_create(
            config_entry_id=entry.entry_id, connections={("mac", MACS["garden"])}
        )
    assert [entry.domain for entry in other_entries(camera)] == ["tplink"]
