"""A camera's plug: what is made of who switches it, and of what it measures."""

from typing import TYPE_CHECKING

from homeassistant.const import STATE_OFF
from homeassistant.util import dt as dt_util

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .world import World

PROBLEM = "binary_sensor.garden_connection_problem"
STATUS = "sensor.garden_status"
DIAGNOSIS = "sensor.garden_diagnosis"


async def test_a_plug_that_somebody_turned_off_is_no_problem(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """A camera that is off on purpose must not make a sound."""
    subentry = entry.subentries["subentry_garden"]
    hass.states.async_set("switch.plug", "on")
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "plug": "switch.plug"}
    )
    await world.pass_time(15)
    hass.states.async_set("switch.plug", "off")
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert world.state(DIAGNOSIS) == "switched_off"
    assert world.state(STATUS) == "expected_offline"
    assert world.state(PROBLEM) == STATE_OFF


async def test_a_camera_whose_plug_was_just_turned_on_is_given_its_time(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """Who turns it on in the morning must not be told that it is frozen; nor never be told."""
    subentry = entry.subentries["subentry_garden"]
    hass.states.async_set("switch.plug", "on")
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "plug": "switch.plug"}
    )
    await world.pass_time(15)
    hass.states.async_set("switch.plug", "off")
    world.senses.vanish("garden")
    await world.pass_time(3600, step=5)
    hass.states.async_set("switch.plug", "on")
    on = dt_util.utcnow()
    for _ in range(14):
        await world.pass_time(10)
        assert world.state(STATUS) == "expected_offline"
        assert world.state(PROBLEM) == STATE_OFF
    await world.pass_time(90)
    assert world.state(STATUS) == "offline"
    asleep, absent = entry.runtime_data.cameras["subentry_garden"].chart.memory.outages
    assert asleep.planned
    assert not absent.planned
    assert absent.start > on


async def test_a_plug_that_is_on_and_draws_nothing_means_no_power(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """The one case in which a person has to look at the cable first."""
    subentry = entry.subentries["subentry_garden"]
    watts = {"unit_of_measurement": "W"}
    hass.states.async_set("switch.plug", "on")
    hass.states.async_set("sensor.watts", "3.1", watts)
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        data={**subentry.data, "plug": "switch.plug", "power_sensor": "sensor.watts"},
    )
    await world.pass_time(120)
    hass.states.async_set("sensor.watts", "0.0", watts)
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert world.state(DIAGNOSIS) == "power_supply"


async def test_a_restart_of_the_plug_makes_the_doctor_look_at_once(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """Somebody has just cut the power and stands there waiting."""
    subentry = entry.subentries["subentry_garden"]
    hass.states.async_set("switch.plug", "off")
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "plug": "switch.plug"}
    )
    world.senses.vanish("garden")
    await world.pass_time(600, step=5)
    world.senses.come_back("garden")
    hass.states.async_set("switch.plug", "on")
    await hass.async_block_till_done(wait_background_tasks=True)
    await world.pass_time(1)
    assert world.state(STATUS) == "online"


async def test_two_changes_at_once_leave_one_watch(world: World) -> None:
    """Two watches of one plug would be two answers to one switch."""
    subentry = world.entry.subentries["subentry_garden"]
    for plug in ("switch.one", "switch.two"):
        world.hass.config_entries.async_update_subentry(
            world.entry, subentry, data={**subentry.data, "plug": plug}
        )
    await world.pass_time(20)
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    assert camera.evidence(dt_util.now()).power.switch == "unavailable"
    world.hass.states.async_set("switch.two", "on")
    await world.pass_time(1)
    assert camera.evidence(dt_util.now()).power.switch == "on"
