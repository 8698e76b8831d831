"""When a camera is looked at more closely, and what becomes of each look."""

import asyncio
from typing import TYPE_CHECKING

import pytest
from homeassistant.const import STATE_OFF, STATE_ON

from custom_components.tapo_doctor.doctor.evidence import LoginResult, PortState
from custom_components.tapo_doctor.probes.findings import Hello, Reading

from .fakes import WELL

if TYPE_CHECKING:
    from .world import World

PROBLEM = "binary_sensor.garden_connection_problem"
STATUS = "sensor.garden_status"
DIAGNOSIS = "sensor.garden_diagnosis"


async def test_a_camera_that_is_starting_is_not_called_frozen(world: World) -> None:
    """Its network is back before its service: that minute is part of the outage."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    camera = world.senses.camera("garden")
    camera.answers, camera.ports, camera.hello = True, PortState.REFUSED, None
    await world.pass_time(40)
    assert world.state(STATUS) == "offline"
    assert world.state(DIAGNOSIS) != "camera_frozen"
    world.senses.come_back("garden")
    await world.pass_time(6)
    assert world.state(STATUS) == "online"


async def test_a_camera_whose_service_never_returns_is_a_camera_that_hangs(world: World) -> None:
    """The grace for starting ends: what still refuses after it does not start any more."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    camera = world.senses.camera("garden")
    camera.answers, camera.ports, camera.hello = True, PortState.REFUSED, None
    await world.pass_time(120)
    assert world.state(STATUS) == "offline"
    assert world.state(DIAGNOSIS) == "camera_frozen"


@pytest.mark.parametrize(
    ("ports", "hello"), [(PortState.OPEN, Hello.SILENT), (PortState.REFUSED, None)]
)
async def test_a_hung_camera_is_found_within_eighty_seconds(
    world: World, ports: PortState, hello: Hello | None
) -> None:
    """It answers every ping, so that nothing else in Home Assistant ever notices."""
    camera = world.senses.camera("garden")
    camera.ports, camera.hello = ports, hello
    camera.reading = Reading(result=LoginResult.TIMEOUT)
    await world.pass_time(68)  # what is left of 80 s for three looks of 4 s each
    assert world.state(PROBLEM) == STATE_ON
    assert world.state(STATUS) == "offline"
    assert world.state(DIAGNOSIS) == "camera_frozen"


async def test_one_failed_service_check_changes_nothing(world: World) -> None:
    """A camera that is busy for a moment is no news."""
    camera = world.senses.camera("garden")
    before = camera.seen["service"]
    camera.hello = Hello.SILENT
    while camera.seen["service"] == before:
        await world.pass_time(1)
    assert world.state(DIAGNOSIS) == "healthy"
    camera.hello = Hello.OK
    await world.pass_time(60)
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(DIAGNOSIS) == "healthy"


async def test_a_service_check_that_works_counts_also_while_pings_are_lost(world: World) -> None:
    """Some links lose most of what is sent; the work that a camera does is the better witness."""
    world.hass.config_entries.async_update_entry(world.entry, options={"sensitivity": "patient"})
    await world.pass_time(1)
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    world.senses.camera("garden").hello = Hello.SILENT
    await world.pass_time(90)
    assert camera.chart.service.here is False
    world.senses.camera("garden").hello = Hello.OK
    world.senses.camera("garden").answers = False
    world.senses.camera("garden").ports = PortState.SILENT
    await world.pass_time(30)
    assert camera.chart.presence.in_doubt
    assert camera.chart.service.here is True


async def test_a_camera_whose_service_talks_nonsense_is_not_called_well(world: World) -> None:
    """Offline and "all is well" on one screen is what nobody believes twice."""
    camera = world.senses.camera("garden")
    camera.hello = Hello.BROKEN
    camera.reading = Reading(result=LoginResult.ERROR)
    await world.pass_time(120, step=2)
    assert world.state(STATUS) == "offline"
    assert world.state(DIAGNOSIS) != "healthy"


async def test_a_query_without_an_answer_brings_the_service_check_forward(world: World) -> None:
    """News may pull a look forward, and nothing else."""
    camera = world.senses.camera("garden")
    camera.reading = Reading(result=LoginResult.TIMEOUT)
    queries, checks = camera.seen["query"], camera.seen["service"]
    while camera.seen["query"] == queries:
        checks = camera.seen["service"]
        await world.pass_time(1)
    await world.pass_time(1)
    assert camera.seen["service"] == checks + 1
    assert world.state(PROBLEM) == STATE_OFF


async def test_a_look_in_flight_when_the_camera_goes_is_thrown_away(world: World) -> None:
    """It would report on a camera that is no longer there."""
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    world.senses.vanish("garden")
    await world.pass_time(60)
    checks = world.senses.camera("garden").seen["service"]
    await camera.rounds._async_service()
    await camera.rounds._async_signal()
    assert world.senses.camera("garden").seen["service"] == checks


async def test_a_look_that_takes_longer_than_its_clock_does_not_stop_it(world: World) -> None:
    """One slow answer must not be the last one."""
    camera = world.senses.camera("garden")
    camera.slow_reading = asyncio.Event()
    queries = camera.seen["query"]
    for _ in range(140):
        await world.pass_time(5, wait=False)
    assert camera.seen["query"] == queries + 1
    camera.slow_reading.set()
    camera.slow_reading = None
    await world.pass_time(700, step=5)
    assert camera.seen["query"] > queries + 2


async def test_check_now_looks_at_once(world: World) -> None:
    """Who has just plugged it in again does not want to wait."""
    world.senses.vanish("garden")
    await world.pass_time(600, step=5)
    world.senses.come_back("garden")
    await world.hass.services.async_call(
        "button", "press", {"entity_id": "button.garden_check_now"}, blocking=True
    )
    assert world.state(STATUS) == "online"


async def test_check_now_tries_a_login_that_failed_once_more(world: World) -> None:
    """The pause after a failure grows to a day: who has mended it would be told for so long."""
    camera = world.senses.camera("garden")
    camera.reading = Reading(result=LoginResult.ERROR)
    await world.pass_time(1200, step=5)
    assert world.state(DIAGNOSIS) != "healthy"
    camera.seen.clear()
    for _ in range(2):
        await world.hass.services.async_call(
            "button", "press", {"entity_id": "button.garden_check_now"}, blocking=True
        )
        camera.reading = WELL
    assert camera.seen["login"] == 2
    assert world.state(DIAGNOSIS) == "healthy"
