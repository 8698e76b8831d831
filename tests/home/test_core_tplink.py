"""Home Assistant's own integration for these devices, unmodified, in the simulated home."""

from typing import TYPE_CHECKING

import pytest
from homeassistant.config_entries import ConfigEntryState
from pytest_homeassistant_custom_component.common import MockConfigEntry

from . import CameraSpec, Home, PlugSpec
from .clients import connected

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from . import Device

# What its camera platform imports; not everybody who runs these tests has it.
for _needed in ("haffmpeg", "turbojpeg", "av"):
    pytest.importorskip(_needed)


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Core's coordinators have a pause after each command that outlives an unload."""
    return True


async def _set_up(hass: HomeAssistant, device: Device) -> MockConfigEntry:
    async with connected(device) as kasa:
        data = {
            "host": device.host,
            "port": device.port,
            "alias": device.name,
            "model": device.model,
            "connection_parameters": kasa.config.connection_type.to_dict(),
            "credentials_hash": kasa.credentials_hash,
            "uses_http": True,
        }
    entry = MockConfigEntry(
        domain="tplink", unique_id=device.mac.lower(), version=1, minor_version=5, data=data
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=False)
    return entry


@pytest.mark.filterwarnings("ignore")  # Core's own, which are not for us to mend.
async def test_core_shows_the_camera_and_a_switch_with_watts(hass: HomeAssistant) -> None:
    """The doctor uses that switch and those watts: they must be what people have."""
    async with Home([CameraSpec("garden", plug="plug")], [PlugSpec("plug")]) as home:
        entries = [await _set_up(hass, device) for device in home.devices]
        assert {entry.state for entry in entries} == {ConfigEntryState.LOADED}
        watts = hass.states.get("sensor.plug_current_consumption")
        assert watts is not None
        assert float(watts.state) == pytest.approx(2.9, abs=0.2)
        assert hass.states.get("switch.garden_motion_detection") is not None
        target = {"entity_id": "switch.plug"}
        await hass.services.async_call("switch", "turn_off", target, blocking=True)
        assert home.camera("garden").state == "off"
        await hass.services.async_call("switch", "turn_on", target, blocking=True)
        assert home.camera("garden").state == "booting"
        for entry in entries:
            await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()
