"""Starting, stopping, and settings that are not ours."""

import asyncio
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import STATE_OFF
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.debts import DEBTS
from custom_components.tapo_doctor.enrolment import Outcome, Trial, new_subentry
from custom_components.tapo_doctor.probes.network import SENSES, NetworkSenses, async_get_senses

from .fakes import ACCOUNT, HOSTS, MACS, FakeSenses, camera_subentry
from .plugs import PLUG, have_plugs, let_time_pass

if TYPE_CHECKING:
    import pytest
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import issue_registry as ir


async def test_a_home_full_of_dead_cameras_starts(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """A doctor that needs its patients well is of no use."""
    senses.vanish("garden", "shed")
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_unloading_leaves_nothing_behind(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """The test kit fails on every task and timer that lingers."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert all(session.closed for session in senses.sessions)
    assert hass.states.async_all("sensor")
    assert all(state.state == "unavailable" for state in hass.states.async_all("sensor"))


async def test_a_camera_that_hangs_in_the_middle_of_a_look_does_not_hold_up_the_unloading(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """A stuck probe must not keep Home Assistant from stopping."""
    senses.hang = True
    await hass.config_entries.async_setup(entry.entry_id)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_settings_of_a_newer_version_are_left_alone(
    hass: HomeAssistant, senses: FakeSenses, caplog: pytest.LogCaptureFixture
) -> None:
    """Going back a version must lose nothing."""
    newer = MockConfigEntry(
        domain=DOMAIN, version=2, data={"new": 1}, subentries_data=[camera_subentry("garden")]
    )
    newer.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(newer.entry_id)
    assert newer.state is ConfigEntryState.MIGRATION_ERROR
    assert newer.data == {"new": 1}
    assert len(newer.subentries) == 1
    assert "Traceback" not in caplog.text


async def test_settings_of_a_newer_minor_version_still_work(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """A minor version only adds."""
    newer = MockConfigEntry(
        domain=DOMAIN,
        minor_version=9,
        data={},
        options={"of_tomorrow": 1},
        subentries_data=[camera_subentry("garden", of_tomorrow=2)],
    )
    newer.add_to_hass(hass)
    assert await hass.config_entries.async_setup(newer.entry_id)


async def test_a_home_without_an_account_is_watched_without_a_login(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """Not everybody wants to give the password away."""
    hass.config_entries.async_update_entry(entry, data={})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not senses.sessions
    assert senses.camera("garden").seen["heartbeat"]


async def test_each_camera_is_a_device_with_its_identity(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    """By its MAC the device is linked with other integrations' devices for the same camera."""
    await hass.config_entries.async_setup(entry.entry_id)
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, "subentry_garden"), entry.entry_id
    )
    assert device is not None
    assert device.connections == {(dr.CONNECTION_NETWORK_MAC, MACS["garden"])}
    assert device.name == "Garden"
    assert device.config_subentry_id == "subentry_garden"
    home = device_registry.async_get_device_by_identifier((DOMAIN, entry.entry_id), entry.entry_id)
    assert home is not None
    assert device.via_device_id == home.id
    assert (home.name, home.entry_type) == ("Tapo Doctor", dr.DeviceEntryType.SERVICE)


async def test_a_camera_added_later_gets_its_entities_without_a_reload(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """The others go on undisturbed."""
    hass.config_entries.async_remove_subentry(entry, "subentry_shed")
    await hass.config_entries.async_setup(entry.entry_id)
    assert hass.states.get("sensor.shed_status") is None
    trial = Trial(host=HOSTS["shed"], outcome=Outcome.OK, found=senses.camera("shed").found)
    hass.config_entries.async_add_subentry(entry, new_subentry(trial))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get("sensor.c210_00_22_status") is not None


async def test_removing_the_home_removes_what_was_remembered(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    senses: FakeSenses,
    hass_storage: dict[str, object],
) -> None:
    """Nothing about the home stays on disk."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_unload(entry.entry_id)
    key = f"{DOMAIN}.{entry.entry_id}"
    assert key in hass_storage
    await hass.config_entries.async_remove(entry.entry_id)
    assert key not in hass_storage


async def test_a_home_that_was_never_set_up_is_removed_with_its_debts(
    hass: HomeAssistant,
    senses: FakeSenses,
    hass_storage: dict[str, object],
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It was disabled when Home Assistant started: nobody else would ever turn the plug on."""
    hass_storage[f"{DOMAIN}.owed"] = _stored({"plugs": {PLUG: None}})
    plug = have_plugs(hass)[PLUG]
    plug.show(STATE_OFF)
    entry = MockConfigEntry(
        domain=DOMAIN, unique_id=DOMAIN, data={}, disabled_by=ConfigEntryDisabler.USER
    )
    entry.add_to_hass(hass)
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] = _stored({"cameras": {}})
    await hass.config_entries.async_remove(entry.entry_id)
    assert plug.is_on
    assert f"{DOMAIN}.{entry.entry_id}" not in hass_storage
    assert "Traceback" not in caplog.text
    await let_time_pass(hass, freezer, 11)
    assert hass_storage[f"{DOMAIN}.owed"]["data"] == {"plugs": {}}  # type: ignore[index] # a store


def _stored(data: object) -> dict[str, object]:
    return {"version": 1, "minor_version": 1, "key": "any", "data": data}


async def test_who_disables_a_home_is_told_of_a_plug_that_is_still_off(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    senses: FakeSenses,
    issue_registry: ir.IssueRegistry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After the next start of Home Assistant nobody would turn it on, nor tell."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    plug = have_plugs(hass)[PLUG]
    await hass.data[DEBTS].async_cut(PLUG)
    plug.deaf = True
    disabling = hass.async_create_task(
        hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    )
    await let_time_pass(hass, freezer, 32)
    assert disabling.done()
    issue = issue_registry.async_get_issue(DOMAIN, f"owed_{PLUG}")
    assert issue is not None
    assert issue.is_persistent
    plug.deaf = False
    await let_time_pass(hass, freezer, 100)
    assert plug.is_on
    assert issue_registry.async_get_issue(DOMAIN, f"owed_{PLUG}") is None


async def test_the_senses_are_made_once(hass: HomeAssistant, loopback: None) -> None:
    """What this system allows does not change while it runs."""
    first = await async_get_senses(hass)
    assert isinstance(first, NetworkSenses)
    assert await async_get_senses(hass) is first
    assert hass.data[SENSES] is first


async def test_the_account_is_tried_anew_when_a_person_changes_it(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """A refusal lasts until a person acts; this is a person acting."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    hass.config_entries.async_update_entry(entry, data={"username": "new", "password": "newer"})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {session.account for session in senses.sessions[-2:]} == {("new", "newer")}
    async_fire_time_changed(hass)


async def test_a_large_home_lets_others_have_their_turn_while_it_is_set_up(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """Two hundred cameras held Home Assistant up for half a second, all else with it."""
    count = 30
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=DOMAIN,
        data={"username": ACCOUNT[0], "password": ACCOUNT[1]},
        subentries_data=[
            {
                **camera_subentry("garden", host=f"192.168.9.{number}", mac=f"mac {number}"),
                "subentry_id": f"camera_{number}",
                "unique_id": f"mac {number}",
                "title": f"Camera {number}",
            }
            for number in range(count)
        ],
    )
    entry.add_to_hass(hass)
    registry, stages = er.async_get(hass), set[int]()
    setting_up = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    while not setting_up.done():
        stages.add(len(registry.entities))
        await asyncio.sleep(0)
    assert len(stages) > count, "entities came in few large heaps"
