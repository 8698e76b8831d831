"""The download of a bug report: replayable, and without anything private."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_homeassistant_custom_component.components.diagnostics import (
    _get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.probes.findings import Reading

from .fakes import ACCOUNT, HOSTS, MACS

if TYPE_CHECKING:
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from .world import World

SCRIPT = Path(__file__).parent.parent / "scripts" / "_diagnose.py"
SECRETS = (*ACCOUNT, *HOSTS.values(), *MACS.values(), "Garden", "Shed", '"home"', "id of")


async def replayed(file: Path) -> list[dict[str, Any]]:
    """Let the script that ships with the project say what it makes of a file."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), "--json", str(file), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return [json.loads(line) for line in said.decode().splitlines()]


async def test_a_download_is_a_case_that_can_be_replayed(
    world: World, hass_client: ClientSessionGenerator, tmp_path: Path
) -> None:
    """A bug report is a test case: what its sender saw is what we see."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(120, step=5)
    download = await _get_diagnostics_for_config_entry(world.hass, hass_client, world.entry)
    file = tmp_path / "download.json"
    await asyncio.to_thread(file.write_text, json.dumps(download))
    answers = await replayed(file)
    assert [answer["cause"] for answer in answers] == ["router_down", "router_down"]
    assert answers[0]["file"] != answers[1]["file"]


async def test_a_download_holds_nothing_private(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """It is put into public places by people who trust us with it."""
    camera = world.senses.camera("garden")
    camera.reading = Reading(
        result=LoginResult.REJECTED, text=f"{ACCOUNT[0]} at {HOSTS['garden']} ({MACS['garden']})"
    )
    world.entry.runtime_data.cameras["subentry_garden"].rounds.async_account_changed()
    await world.pass_time(30)
    download = await _get_diagnostics_for_config_entry(world.hass, hass_client, world.entry)
    data = json.dumps(download["data"])
    assert '"rejected"' in data
    for secret in SECRETS:
        assert secret not in data


async def test_a_device_has_a_download_of_its_own(
    world: World, hass_client: ClientSessionGenerator, device_registry: dr.DeviceRegistry
) -> None:
    """Of two hundred cameras one is in trouble."""
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, "subentry_shed"), world.entry.entry_id
    )
    assert device is not None
    data = await get_diagnostics_for_device(world.hass, hass_client, world.entry, device)
    (camera,) = data["cameras"]
    assert camera["status"] == "online"
    assert set(data["versions"]) == {"tapo_doctor", "python_kasa", "home_assistant"}
    assert camera["settings"] == {"control_port": 443, "log_in": True}
    assert camera["tally"]["availability_24h"] == 100


async def test_a_download_says_what_was_chosen_and_names_no_entity(
    world: World, hass_client: ClientSessionGenerator
) -> None:
    """Whether the doctor may look at the internet, or may cut the power, explains what it does."""
    options = {"internet_check": False, "router_plug": "switch.attic", "weak_signal": -70}
    world.hass.config_entries.async_update_entry(world.entry, options=options)
    subentry = world.entry.subentries["subentry_garden"]
    chosen = {"tracker": "device_tracker.attic", "automatic_power_cycle": True}
    world.hass.config_entries.async_update_subentry(
        world.entry, subentry, data={**subentry.data, **chosen}
    )
    await world.pass_time(5)
    download = await _get_diagnostics_for_config_entry(world.hass, hass_client, world.entry)
    home, (garden, _) = download["data"]["settings"], download["data"]["cameras"]
    assert home == {"internet_check": False, "router_plug": True, "weak_signal": -70}
    assert garden["settings"]["tracker"] is True
    assert garden["settings"]["automatic_power_cycle"] is True
    assert "attic" not in json.dumps(download)
