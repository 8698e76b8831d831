"""The lines that are asked for first."""

from typing import TYPE_CHECKING

from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.tapo_doctor.const import DOMAIN

from .translations import WORDS

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .world import World


async def test_it_counts_what_is_watched(world: World) -> None:
    """Without naming anything: these lines are copied into forums."""
    assert await async_setup_component(world.hass, "system_health", {})
    world.senses.vanish("garden")
    await world.pass_time(40)
    info = await get_system_health_info(world.hass, DOMAIN)
    assert info.pop("python_kasa")
    assert info == {
        "cameras": 2,
        "with_problem": 1,
        "login_ok": 1,
        "icmp": True,
        "gateway": True,
    }


async def test_it_says_so_where_no_home_is_set_up(hass: HomeAssistant) -> None:
    """It is asked for when something does not work."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert await async_setup_component(hass, "system_health", {})
    info = await get_system_health_info(hass, DOMAIN)
    assert info["cameras"] == 0
    assert info["gateway"] == "unknown"
    assert info.keys() == WORDS["system_health"]["info"].keys()
