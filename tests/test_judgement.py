"""What is remembered of an outage while it goes on, and after it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Certainty
from custom_components.tapo_doctor.doctor.evidence import RemedyKind
from custom_components.tapo_doctor.doctor.outages import Tried

from .world import World

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.tapo_doctor.coordinator import CameraCoordinator

    from .fakes import FakeSenses

PLUG = "switch.garden_plug"


def garden(world: World) -> CameraCoordinator:
    """Return the camera of these tests."""
    camera: CameraCoordinator = world.entry.runtime_data.cameras["subentry_garden"]
    return camera


def with_plug(world: World) -> None:
    """Let the garden's camera hang on a smart plug."""
    world.hass.states.async_set(PLUG, "on")
    subentry = world.entry.subentries["subentry_garden"]
    world.hass.config_entries.async_update_subentry(
        world.entry, subentry, data={**subentry.data, "plug": PLUG}
    )


async def test_a_running_outage_is_remembered_with_what_is_made_of_it(world: World) -> None:
    """After a restart in its middle the history must not begin again with "undetermined"."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(120, step=5)
    (before,) = garden(world).chart.memory.outages
    assert before.cause is Cause.ROUTER_DOWN
    assert before.certainty in Certainty
    assert before.end is None
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    assert garden(world).chart.outage == before


async def test_an_outage_keeps_its_cause_when_it_is_over(world: World) -> None:
    """What the summary of the week is made of."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(120, step=5)
    world.senses.gateway_answers = True
    world.senses.come_back("garden", "shed")
    await world.pass_time(30)
    (outage,) = garden(world).chart.memory.outages
    assert outage.end is not None
    assert outage.cause is Cause.ROUTER_DOWN
    assert not outage.planned


async def test_a_camera_that_was_switched_off_had_no_outage(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, freezer: FrozenDateTimeFactory
) -> None:
    """Off every night by its owner's will, and still the most reliable camera of all."""
    world = World(hass, entry, senses, freezer)
    with_plug(world)
    await world.start()
    hass.states.async_set(PLUG, "off")
    senses.vanish("garden")
    await world.pass_time(60)
    assert world.state("sensor.garden_status") == "expected_offline"
    (outage,) = garden(world).chart.memory.outages
    assert outage.cause is Cause.SWITCHED_OFF
    assert outage.planned


async def test_what_was_tried_before_is_told_to_the_mind(world: World) -> None:
    """What helped last time is the better bet this time; of a camera that is well it is silent."""
    camera, now = garden(world), dt_util.now()
    tried = Tried(remedy=RemedyKind.POWER_CYCLE, at=now - timedelta(hours=30), helped=True)
    camera.chart.memory = camera.chart.memory.with_remedy(tried, now)
    assert camera.evidence(now).history.remedies is None
    world.senses.vanish("garden")
    await world.pass_time(20)
    (told,) = camera.evidence(now).history.remedies or ()
    assert (told.remedy, told.helped, told.hours_ago) == (RemedyKind.POWER_CYCLE, True, 30)


async def test_the_last_days_are_added_up(world: World) -> None:
    """An hour of watching with six minutes of outage is nine tenths."""
    await world.pass_time(3045, step=15)
    assert world.state("sensor.garden_availability_24h") == "100.0"
    world.senses.vanish("garden")
    await world.pass_time(355, step=5)
    world.senses.come_back("garden")
    await world.pass_time(200, step=10)
    assert 89 < float(world.state("sensor.garden_availability_24h")) < 91
    assert world.state("sensor.garden_availability_7d") == world.state(
        "sensor.garden_availability_24h"
    )
    assert world.state("sensor.garden_outages_7d") == "1"
    assert world.state("sensor.shed_availability_24h") == "100.0"
    assert world.state("sensor.shed_outages_7d") == "0"


async def test_the_time_without_home_assistant_is_nobody_s_fault(world: World) -> None:
    """Off for a day with a camera that was dead before: nobody knows how long it was dead."""
    await world.pass_time(600, step=15)
    world.senses.vanish("garden")
    await world.pass_time(600, step=10)
    before = float(world.state("sensor.garden_availability_24h"))
    assert 45 < before < 55
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    await world.pass_time(20 * 3600, step=3600)
    await world.start()
    assert garden(world).chart.memory.blind
    assert abs(float(world.state("sensor.garden_availability_24h")) - before) < 3


async def test_how_long_it_was_watched_is_written_down_while_it_is_gone_too(
    world: World, hass_storage: dict[str, Any]
) -> None:
    """After a crash, hours of a confirmed outage would count as hours without a look."""
    world.senses.vanish("garden")
    await world.pass_time(3600, step=30)
    stored = hass_storage[f"{DOMAIN}.{world.entry.entry_id}"]["data"]["cameras"]
    last_look = dt_util.parse_datetime(stored["subentry_garden"]["last_look"])
    assert last_look is not None
    assert dt_util.utcnow() - last_look < timedelta(minutes=20)
