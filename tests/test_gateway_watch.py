"""The eye on the gateway, and on Home Assistant's own network."""

from typing import TYPE_CHECKING

from homeassistant.util import dt as dt_util

from .world import World

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.tapo_doctor.doctor.evidence import Site

    from .fakes import FakeSenses


def site(world: World) -> Site:
    """Return what the garden's camera is told about the home."""
    home = world.entry.runtime_data
    told: Site = home.site(home.cameras["subentry_garden"], dt_util.now())
    return told


async def test_a_gateway_that_nobody_knows_is_neither_here_nor_gone(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, freezer: FrozenDateTimeFactory
) -> None:
    """Could not look is not the same as not there."""
    senses.gateway_known = False
    world = World(hass, entry, senses, freezer)
    await world.start()
    await world.pass_time(200, step=5)
    assert (site(world).gateway, site(world).own_network) == (None, None)
    assert world.state("binary_sensor.tapo_doctor_connection_problem") == "off"


async def test_one_look_that_could_not_be_made_is_no_outage_of_our_own_network(
    world: World,
) -> None:
    """A cable that is plugged over takes a second."""
    world.senses.gateway_answers = None
    looks = world.senses.gateway_looks
    while world.senses.gateway_looks == looks:
        await world.pass_time(1)
    world.senses.gateway_answers = True
    await world.pass_time(10)
    assert site(world).own_network == "ok"
    world.senses.gateway_answers = None
    await world.pass_time(70)
    assert site(world).own_network == "down"
    assert site(world).gateway == "reply", "of the gateway itself nothing new is known"


async def test_a_look_under_way_when_the_home_stops_is_the_last_one(world: World) -> None:
    """The test kit fails on every timer that lingers."""
    gateway = world.entry.runtime_data.gateway
    assert await world.hass.config_entries.async_unload(world.entry.entry_id)
    await world.pass_time(10)
    looks = world.senses.gateway_looks
    await gateway.async_look()
    assert world.senses.gateway_looks == looks + 1
    await world.pass_time(200, step=5)
    assert world.senses.gateway_looks == looks + 1
