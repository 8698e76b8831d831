"""The home's options."""

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.data_entry_flow import FlowResultType

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.presence import HEARTBEAT, Sensitivity
from custom_components.tapo_doctor.options_flow import is_gateway

from .flows import Walk

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import entity_registry as er
    from pytest_homeassistant_custom_component.common import MockConfigEntry

NOTICES: dict[str, Any] = {"on_recovery": "clear", "notify_services": ["notify.family"]}
UNSET = dict.fromkeys(("notify_entities", "quiet_from", "quiet_until"))

pytestmark = pytest.mark.usefixtures("flows_are_translated")


async def options(hass: HomeAssistant, entry: MockConfigEntry) -> Walk:
    """Open the options."""
    manager = hass.config_entries.options
    return Walk(hass, manager, await manager.async_init(entry.entry_id))


async def test_a_running_home_takes_its_options_over_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Whoever is woken too often at night must not have to restart Home Assistant."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    home = entry.runtime_data
    assert home.pace == HEARTBEAT[Sensitivity.NORMAL]
    walk = await options(hass, entry)
    assert walk.fields == {
        "sensitivity",
        "weak_signal",
        "gateway",
        "internet_check",
        "notices",
        "router_plug",
        "router_plug_independent",
    }
    wanted: dict[str, Any] = {
        "sensitivity": "patient",
        "weak_signal": -70,
        "gateway": "192.168.1.1:80",
        "internet_check": False,
        "notices": NOTICES,
        "router_plug_independent": False,
    }
    await walk.submit(**wanted)
    assert walk.step == FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert entry.options == wanted
    assert entry.runtime_data is home
    assert all(
        camera.chart.pace == HEARTBEAT[Sensitivity.PATIENT] for camera in home.cameras.values()
    )


async def test_options_that_were_set_are_shown_again(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A form that forgets undoes on the next visit what was chosen on the last."""
    chosen = {
        "sensitivity": "quick",
        "weak_signal": -80,
        "gateway": "10.0.0.1",
        "internet_check": False,
        "notices": NOTICES,
        "router_plug": "switch.router",
        "router_plug_independent": True,
    }
    hass.config_entries.async_update_entry(entry, options=chosen)
    walk = await options(hass, entry)
    assert walk.suggested == chosen | {"notices": None}
    assert walk.suggested_in("notices") == NOTICES | UNSET


async def test_a_gateway_that_is_none_is_refused_and_can_be_corrected(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A gateway that never answers would be told as a router that is down, for ever."""
    walk = await options(hass, entry)
    await walk.submit(sensitivity="quick", weak_signal=-60, gateway="my router", notices=NOTICES)
    assert walk.errors == {"gateway": "invalid_address"}
    assert walk.suggested == {
        "sensitivity": "quick",
        "weak_signal": -60,
        "gateway": "my router",
        "internet_check": True,
        "notices": None,
        "router_plug": None,
        "router_plug_independent": False,
    }
    assert walk.suggested_in("notices") == NOTICES | UNSET
    await walk.submit(sensitivity="quick", weak_signal=-60, notices=NOTICES)
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert "gateway" not in entry.options


@pytest.mark.parametrize("gateway", ["192.168.1.1", "my router"])
async def test_the_options_of_a_home_that_was_removed_meanwhile_are_not_taken(
    hass: HomeAssistant, entry: MockConfigEntry, gateway: str
) -> None:
    """A traceback in a dialog helps nobody."""
    walk = await options(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    await walk.submit(sensitivity="quick", weak_signal=-60, gateway=gateway, notices=NOTICES)
    assert walk.step == "not_set_up"


@pytest.mark.parametrize("text", ["192.168.1.1", "192.168.1.1:80", "10.0.0.1:65535", "", None])
def test_a_gateway_is_an_address_with_or_without_a_port(text: str | None) -> None:
    """Routers that drop pings are known by a port of theirs."""
    assert is_gateway(text)


@pytest.mark.parametrize(
    "text",
    [
        "router",
        "8.8.8.8",
        "192.168.1.1:",
        "192.168.1.1:0",
        "192.168.1.1:65536",
        "192.168.1.1:eighty",
        "192.168.1.1:²",
        "192.168.1.1:-1",
        "192.168.1.1:80:80",
        " 192.168.1.1",
        "192.168.001.001",
        ":80",
        "0.0.0.0",  # noqa: S104
    ],
)
def test_anything_else_is_not_a_gateway(text: str) -> None:
    """What is stored here is taken apart again later, where nobody can be asked."""
    assert not is_gateway(text)


@pytest.mark.parametrize(
    "hours",
    [
        {"quiet_from": "22:00:00"},
        {"quiet_until": "07:00:00"},
        {"quiet_from": "22:00:00", "quiet_until": "22:00:00"},
    ],
)
async def test_quiet_hours_that_are_none_are_refused(
    hass: HomeAssistant, entry: MockConfigEntry, hours: dict[str, str]
) -> None:
    """Hours without an end would keep everything secret for ever."""
    walk = await options(hass, entry)
    await walk.submit(sensitivity="quick", weak_signal=-60, notices={**NOTICES, **hours})
    assert walk.errors == {"base": "quiet_hours"}
    whole = {"quiet_from": "22:00:00", "quiet_until": "07:00:00"}
    await walk.submit(sensitivity="quick", weak_signal=-60, notices={**NOTICES, **whole})
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert entry.options["notices"] == {**NOTICES, **whole}


async def test_options_without_a_word_about_notices_are_taken(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Whoever never opened the section wants what was meant to be usual."""
    walk = await options(hass, entry)
    await walk.submit(sensitivity="quick", weak_signal=-60)
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert "notices" not in entry.options


@pytest.mark.parametrize(
    ("chosen", "errors"),
    [
        ({"router_plug": "switch.garden_alerts"}, {"router_plug": "own_switch"}),
        ({"router_plug": "switch.all"}, {"router_plug": "switch_group"}),
        (
            {"router_plug": "switch.wifi", "router_plug_independent": True},
            {"router_plug_independent": "needs_router"},
        ),
        ({"router_plug": "switch.wifi", "router_plug_independent": False}, {}),
        ({"router_plug": "switch.zigbee", "router_plug_independent": True}, {}),
    ],
)
async def test_a_plug_that_cannot_be_the_router_s_is_refused(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    chosen: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """A router whose plug needs that router would stay off for good."""
    for platform, name in ((DOMAIN, "garden_alerts"), ("tplink", "wifi"), ("zha", "zigbee")):
        entity_registry.async_get_or_create("switch", platform, name, suggested_object_id=name)
        hass.states.async_set(f"switch.{name}", "on")
    hass.states.async_set("switch.all", "on", {"entity_id": ["switch.wifi", "switch.zigbee"]})
    walk = await options(hass, entry)
    await walk.submit(sensitivity="normal", weak_signal=-75, **chosen)
    assert walk.errors == errors if errors else walk.step == FlowResultType.CREATE_ENTRY
