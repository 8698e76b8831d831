"""Pauses: nobody is told, nothing is lost, and nothing is forgotten."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.util import dt as dt_util

from custom_components.tapo_doctor.const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.core import ServiceResponse

    from custom_components.tapo_doctor.coordinator import CameraCoordinator

    from .world import World

ALERTS = "switch.garden_alerts"
PROBLEM = "binary_sensor.garden_connection_problem"
STATUS = "sensor.garden_status"


def garden(world: World) -> CameraCoordinator:
    """Return the garden's coordinator, which another one replaces at a reload."""
    camera: CameraCoordinator = world.entry.runtime_data.cameras["subentry_garden"]
    return camera


async def act(world: World, action: str, **fields: Any) -> ServiceResponse:
    """Call an action for the garden."""
    return await world.hass.services.async_call(
        DOMAIN, action, {"entity_id": PROBLEM, **fields}, blocking=True, return_response=True
    )


async def turn(world: World, state: str) -> None:
    """Turn the alerts on or off."""
    await world.hass.services.async_call(
        "switch", f"turn_{state}", {"entity_id": ALERTS}, blocking=True
    )


async def test_a_paused_camera_has_no_problem_when_it_goes(world: World) -> None:
    """Whoever paints the shed does not want to hear that its camera is gone."""
    await act(world, "pause")
    world.senses.vanish("garden")
    await world.pass_time(60)
    assert world.state(STATUS) == "paused"
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(ALERTS) == STATE_OFF


async def test_a_paused_camera_that_is_there_is_online(world: World) -> None:
    """A pause changes what is told, not what is so."""
    await act(world, "pause")
    await world.pass_time(60)
    assert world.state(STATUS) == "online"


async def test_a_pause_ends_by_itself_after_two_hours(world: World) -> None:
    """Else every pause would be forgotten, and the next outage with it."""
    answer = await act(world, "pause")
    until = dt_util.now() + timedelta(hours=2)
    assert answer == {"Garden": {"until": until.isoformat()}}
    world.senses.vanish("garden")
    await world.pass_time(7190, step=30)
    assert world.state(STATUS) == "paused"
    await world.pass_time(20)
    assert world.state(ALERTS) == STATE_ON
    assert world.state(STATUS) == "offline"
    assert world.state(PROBLEM) == STATE_ON


async def test_a_new_pause_replaces_the_old(world: World) -> None:
    """The last word counts, also where it is the shorter one."""
    await act(world, "pause", until_resumed=True)
    await act(world, "pause", duration={"minutes": 1})
    await world.pass_time(61)
    assert world.state(ALERTS) == STATE_ON


async def test_a_pause_without_an_end_ends_when_somebody_resumes(world: World) -> None:
    """The switch is the same pause, seen from the device's page."""
    assert await act(world, "pause", until_resumed=True) == {"Garden": {"until": None}}
    await world.pass_time(10000, step=60)
    assert world.state(ALERTS) == STATE_OFF
    assert await act(world, "resume") == {"Garden": {"was_paused": True}}
    assert world.state(ALERTS) == STATE_ON
    assert await act(world, "resume") == {"Garden": {"was_paused": False}}
    await turn(world, "off")
    assert garden(world).chart.memory.paused
    assert world.state(ALERTS) == STATE_OFF
    await turn(world, "on")
    assert not garden(world).chart.memory.paused
    assert world.state(ALERTS) == STATE_ON


async def test_a_pause_survives_a_restart_and_ends_at_its_time(world: World) -> None:
    """An update of Home Assistant must not begin the alarm again."""
    await act(world, "pause", duration={"minutes": 10})
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    world.senses.vanish("garden")
    await world.pass_time(60)
    assert world.state(STATUS) == "paused"
    await world.pass_time(560, step=5)
    assert world.state(STATUS) == "offline"


async def test_a_pause_that_ended_while_nobody_watched_is_over(world: World) -> None:
    """Home Assistant was off for the night."""
    await act(world, "pause", duration={"minutes": 10})
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    await world.pass_time(900, step=60)
    await world.start()
    assert world.state(ALERTS) == STATE_ON


async def test_an_outage_is_cut_where_a_pause_begins_and_ends(world: World) -> None:
    """What lies in the pause does not count against the camera, and what lies outside does."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    await act(world, "pause")
    paused = dt_util.utcnow()
    await world.pass_time(60)
    await act(world, "resume")
    resumed = dt_util.utcnow()
    await world.pass_time(1)
    before, during, after = garden(world).chart.memory.outages
    assert before.end == during.start == paused
    assert during.end == after.start == resumed
    assert after.end is None
    assert [one.planned for one in (before, during, after)] == [False, True, False]


@pytest.mark.parametrize("duration", ["00:00:00", "-01:00:00", {"days": 400}, "soon"])
async def test_a_pause_of_no_or_absurd_length_is_refused(world: World, duration: object) -> None:
    """A pause that is over at once, or never, was not meant."""
    with pytest.raises(vol.Invalid):
        await act(world, "pause", duration=duration)
    assert world.state(ALERTS) == STATE_ON
