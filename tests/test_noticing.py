"""Notices, as people get them: one for an outage, in its place, and nothing for nothing."""

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components import persistent_notification
from homeassistant.components.notify import DOMAIN as NOTIFY
from homeassistant.components.notify import NotifyEntityFeature
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import Context, CoreState
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import LoginResult, RemedyKind
from custom_components.tapo_doctor.doctor.outages import Tried
from custom_components.tapo_doctor.guidance import async_note_remedy
from custom_components.tapo_doctor.probes.findings import Hello, Reading
from custom_components.tapo_doctor.probes.network import SENSES

from .fakes import ACCOUNT, HOSTS, MACS, REFUSED, WELL, FakeSenses, camera_subentry
from .world import World

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant, ServiceCall
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.common import MockUser

PHONE = "mobile_app_phone"
TAPPED = "mobile_app_notification_action"


def shown(world: World) -> dict[str, Any]:
    """Return what stands in Home Assistant's list: of each notice its title and its text."""
    notices = persistent_notification._async_get_or_create_notifications(world.hass)
    return {
        notice["title"] or "": notice["message"]
        for notice in notices.values()
        if notice["notification_id"].startswith(DOMAIN)
    }


def choose(world: World, **options: Any) -> None:
    """Choose options about notices."""
    world.hass.config_entries.async_update_entry(world.entry, options={"notices": options})


@pytest.fixture
def phone(world: World) -> list[ServiceCall]:
    """A phone with Home Assistant's app that gets the notices."""
    choose(world, notify_services=[f"notify.{PHONE}"])
    calls: list[ServiceCall] = async_mock_service(world.hass, NOTIFY, PHONE)
    return calls


async def lose_garden(world: World) -> None:
    """Lose a camera, and wait until that is confirmed, and no longer."""
    world.senses.vanish("garden")
    while world.state("sensor.garden_status") != "offline":
        await world.pass_time(1)


def told(calls: list[ServiceCall]) -> list[str]:
    """Return the titles of what was sent, or what was ordered instead."""
    return [call.data.get("title", call.data["message"]) for call in calls]


# One outage


async def test_an_outage_is_told_once_with_its_cause_and_what_to_do(
    world: World, phone: list[ServiceCall], device_registry: dr.DeviceRegistry
) -> None:
    """A notice that only says "offline" is what everybody else has."""
    world.senses.vanish("garden")
    await world.pass_time(90)
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, "subentry_garden"), world.entry.entry_id
    )
    assert device
    page = f"/config/devices/device/{device.id}"
    assert told(phone)[:1] == ["Garden is offline"]
    (text,) = shown(world).values()
    assert text.endswith(f"]({page})")
    for call in phone:
        assert "cause" in call.data["message"] or "not clear" in call.data["message"]
        assert "What to do:\n1. " in call.data["message"]
        assert "\n2. " in call.data["message"]
        assert "\n3. " not in call.data["message"]
        assert "http" not in call.data["message"]
        assert call.data["data"]["url"] == call.data["data"]["clickAction"] == page
    aloud = [call for call in phone if "alert_once" not in call.data["data"]]
    assert len(aloud) == 1
    assert len({call.data["data"]["tag"] for call in phone}) == 1


async def test_what_is_back_before_it_was_told_is_never_told(
    world: World, phone: list[ServiceCall]
) -> None:
    """Somebody has moved the plug."""
    await lose_garden(world)
    await world.pass_time(10)
    world.senses.come_back("garden")
    await world.pass_time(120)
    assert not phone
    assert not shown(world)


async def test_an_outage_that_is_over_is_answered_in_a_line(
    world: World, phone: list[ServiceCall]
) -> None:
    """Nobody shall go to the garden for a camera that is back."""
    world.senses.vanish("garden")
    await world.pass_time(300)
    world.senses.come_back("garden")
    await world.pass_time(30)
    assert list(shown(world)) == ["Garden is back"]
    assert re.match(r"It was gone for [45] min \d+ s\.", shown(world)["Garden is back"])
    assert told(phone)[-1] == "Garden is back"
    assert phone[-1].data["data"]["push"]["sound"] == "none"
    assert phone[-1].data["data"]["actions"] == []
    assert phone[-1].data["data"]["tag"] == phone[0].data["data"]["tag"]


async def test_what_helped_is_added_to_the_line_where_it_is_known_only_afterwards(
    world: World, phone: list[ServiceCall]
) -> None:
    """A camera is seen to be back before its power cycle is done waiting for it."""
    world.senses.vanish("garden")
    await world.pass_time(300)
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    cut = Tried(remedy=RemedyKind.POWER_CYCLE, at=dt_util.now())
    async_note_remedy(camera, cut)
    world.senses.come_back("garden")
    await world.pass_time(30)
    before = shown(world)["Garden is back"].partition("\n")[0]
    assert "helped" not in before
    async_note_remedy(camera, replace(cut, helped=True))
    await world.pass_time(1)
    after = shown(world)["Garden is back"].partition("\n")[0]
    assert after.startswith(f"{before} What helped: ")
    assert phone[-1].data["message"] == after
    assert "alert_once" in phone[-1].data["data"]
    sent = len(phone)
    await world.pass_time(1200, step=10)
    async_note_remedy(camera, replace(cut, helped=True))
    await world.pass_time(1)
    assert len(phone) == sent


async def test_an_outage_that_is_over_is_cleared_where_that_is_wanted(
    world: World, phone: list[ServiceCall]
) -> None:
    """Some people want an empty list."""
    choose(world, notify_services=[PHONE], on_recovery="clear")
    world.senses.vanish("garden")
    await world.pass_time(90)
    world.senses.come_back("garden")
    await world.pass_time(30)
    assert not shown(world)
    assert told(phone)[-1] == "clear_notification"
    assert phone[-1].data["data"] == {"tag": phone[0].data["data"]["tag"]}


async def test_a_refused_login_is_told_of_a_camera_that_answers(
    world: World, phone: list[ServiceCall]
) -> None:
    """It needs hands as much as one that is gone."""
    camera = world.senses.camera("garden")
    camera.reading, camera.loses_session = REFUSED, True
    await world.pass_time(1000, step=5)
    assert "Garden needs your help" in shown(world)
    assert "Garden needs your help" in told(phone)


async def test_what_is_expected_is_not_told(world: World, phone: list[ServiceCall]) -> None:
    """A camera that is paused, for the first."""
    await world.hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.garden_alerts"}, blocking=True
    )
    world.senses.vanish("garden")
    await world.pass_time(120)
    assert not phone
    assert not shown(world)


async def test_a_camera_that_keeps_dropping_is_not_told_each_time(
    world: World, phone: list[ServiceCall]
) -> None:
    """A camera at the edge of the Wi-Fi would ring all day."""
    for _ in range(12):
        world.senses.vanish("garden")
        await world.pass_time(120, step=2)
        world.senses.come_back("garden")
        await world.pass_time(120, step=2)
    aloud = [call for call in phone if "alert_once" not in call.data["data"]]
    assert told(aloud) == ["Garden is offline", "Garden keeps dropping out"]
    assert list(shown(world)) == ["Garden keeps dropping out"]


async def test_a_camera_that_is_switched_off_after_it_was_told_is_told_so_in_place(
    world: World, phone: list[ServiceCall]
) -> None:
    """Somebody restarts it at its plug, as the notice said."""
    subentry = world.entry.subentries["subentry_garden"]
    world.hass.states.async_set("switch.garden_plug", "on")
    world.hass.config_entries.async_update_subentry(
        world.entry, subentry, data={**subentry.data, "plug": "switch.garden_plug"}
    )
    await world.pass_time(30)
    await lose_garden(world)
    await world.pass_time(60)
    world.hass.states.async_set("switch.garden_plug", "off")
    await world.pass_time(30)
    assert list(shown(world)) == ["Garden is off for the moment"]
    assert phone[-1].data["data"]["alert_once"]
    world.hass.states.async_set("switch.garden_plug", "on")
    world.senses.come_back("garden")
    await world.pass_time(30)
    assert list(shown(world)) == ["Garden is back"]


# The home


FIVE = ("garden", "shed", "gate", "hall", "porch")


@pytest.fixture
async def five(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> World:
    """A home of five cameras that runs and is well; its notices go to a phone."""
    for number, name in enumerate(FIVE[2:], 31):
        monkeypatch.setitem(HOSTS, name, f"192.168.1.{number}")
        monkeypatch.setitem(MACS, name, f"02:00:00:00:00:{number}")
    senses = hass.data[SENSES] = FakeSenses()
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Tapo Doctor",
        unique_id=DOMAIN,
        data={"username": ACCOUNT[0], "password": ACCOUNT[1]},
        options={"notices": {"notify_services": [PHONE]}},
        subentries_data=[camera_subentry(name) for name in FIVE],
    )
    entry.add_to_hass(hass)
    world = World(hass, entry, senses, freezer)
    await world.start()
    return world


@pytest.fixture
def calls(five: World) -> list[ServiceCall]:
    """What the phone of the home of five gets."""
    calls: list[ServiceCall] = async_mock_service(five.hass, NOTIFY, PHONE)
    return calls


def aloud(calls: list[ServiceCall]) -> list[str]:
    """Return the titles of what rang."""
    rang = [call for call in calls if "title" in call.data]
    return told([call for call in rang if "alert_once" not in call.data["data"]])


async def test_an_outage_of_the_home_is_one_notice_however_many_cameras(
    five: World, calls: list[ServiceCall]
) -> None:
    """Five notices at once for one router are four too many."""
    five.senses.vanish(*FIVE)
    five.senses.gateway_answers = False
    await five.pass_time(300)
    assert aloud(calls) == ["The router does not answer"]
    assert list(shown(five)) == ["The router does not answer"]
    assert "Affected: Garden, Gate, Hall, Porch, Shed." in calls[0].data["message"]
    five.senses.gateway_answers = True
    five.senses.come_back(*FIVE)
    await five.pass_time(300)
    assert list(shown(five)) == ["The cameras are back"]
    assert set(told(calls)) == {"The router does not answer", "The cameras are back"}


REFUSED_BY_ALL = "No camera accepts the TP-Link account"
ACCEPTED_AGAIN = "The trouble with the account is over"


def refuse(world: World, *names: str) -> None:
    """Let cameras refuse the account, also those that are logged in."""
    for name in names:
        world.senses.camera(name).reading = REFUSED
        world.senses.camera(name).loses_session = True


def asks_for_account(world: World) -> bool:
    """Whether Home Assistant asks for the account."""
    return any(world.entry.async_get_active_flows(world.hass, {"reauth"}))


async def enter_account(world: World, *accepting: str) -> None:
    """Let a person enter the new password, which some cameras accept."""
    for name in accepting:
        world.senses.camera(name).reading = WELL
    for flow in list(world.entry.async_get_active_flows(world.hass, {"reauth"})):
        world.hass.config_entries.flow.async_abort(flow["flow_id"])
    data = {**world.entry.data, "password": "new horse"}
    world.hass.config_entries.async_update_entry(world.entry, data=data)


async def test_an_account_that_no_camera_accepts_is_one_notice_and_one_repair(
    five: World, calls: list[ServiceCall]
) -> None:
    """The password was changed: nothing is wrong with any of the five."""
    refuse(five, *FIVE)
    await five.pass_time(900, step=5)
    assert aloud(calls)[-1] == REFUSED_BY_ALL
    assert list(shown(five)) == [REFUSED_BY_ALL]
    (message,) = shown(five).values()
    assert "Affected: Garden, Gate, Hall, Porch, Shed." in message
    assert "\n1. " in message
    assert "\n2. " in message
    assert five.state("binary_sensor.tapo_doctor_connection_problem") == "on"
    assert five.state("sensor.tapo_doctor_diagnosis") != "healthy"
    assert five.state("sensor.tapo_doctor_problem_cameras") == "5"
    issues = ir.async_get(five.hass).issues
    assert asks_for_account(five)
    assert not [issue_id for domain, issue_id in issues if domain == DOMAIN]
    calls.clear()
    await enter_account(five, *FIVE)
    await five.pass_time(120)
    assert list(shown(five)) == [ACCEPTED_AGAIN]
    assert set(told(calls)) == {ACCEPTED_AGAIN}
    assert five.state("binary_sensor.tapo_doctor_connection_problem") == "off"


async def test_where_home_assistant_does_not_ask_for_the_account_the_home_s_repair_does(
    five: World,
) -> None:
    """After a restart it has forgotten that it asked, and no login is tried to find out."""
    refuse(five, *FIVE)
    await five.pass_time(900, step=5)
    for flow in list(five.entry.async_get_active_flows(five.hass, {"reauth"})):
        five.hass.config_entries.flow.async_abort(flow["flow_id"])
    await five.pass_time(20)
    issues = [one for one in ir.async_get(five.hass).issues.values() if one.domain == DOMAIN]
    assert [one.issue_id for one in issues] == ["trouble_home"]
    assert issues[0].severity is ir.IssueSeverity.WARNING


async def test_a_refusal_that_was_told_gives_way_to_the_home_s(
    five: World, calls: list[ServiceCall]
) -> None:
    """A camera keeps its session for hours after the password was changed, and then another."""
    refuse(five, "garden")
    await five.pass_time(900, step=5)
    assert list(shown(five)) == ["Garden needs your help"]
    refuse(five, *FIVE[1:])
    await five.pass_time(900, step=5)
    assert list(shown(five)) == [REFUSED_BY_ALL]
    assert aloud(calls).count(REFUSED_BY_ALL) == 1


async def test_another_trouble_is_told_beside_the_account_s(
    five: World, calls: list[ServiceCall]
) -> None:
    """Else a dead camera would hide for as long as nobody enters the password."""
    refuse(five, *FIVE)
    await five.pass_time(900, step=5)
    calls.clear()
    five.senses.vanish("porch")
    await five.pass_time(400)
    assert set(shown(five)) == {REFUSED_BY_ALL, "Porch is offline"}
    assert aloud(calls) == ["Porch is offline"]
    five.senses.come_back("porch")
    await five.pass_time(400)
    assert list(shown(five)) == [REFUSED_BY_ALL]
    assert aloud(calls) == ["Porch is offline"]


async def test_a_camera_that_refuses_also_the_new_password_is_told_by_itself(
    five: World, calls: list[ServiceCall]
) -> None:
    """It holds the old one, or has its third-party access off."""
    refuse(five, *FIVE)
    await five.pass_time(900, step=5)
    calls.clear()
    await enter_account(five, *FIVE[1:])
    await five.pass_time(600, step=5)
    assert set(shown(five)) == {ACCEPTED_AGAIN, "Garden needs your help"}
    assert aloud(calls) == ["Garden needs your help"]


# Restarts


async def restart(world: World) -> None:
    """Restart Home Assistant: its own list of notices is empty then."""
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    persistent_notification.async_dismiss_all(world.hass)
    world.hass.set_state(CoreState.not_running)
    await world.hass.config_entries.async_setup(world.entry.entry_id)
    await world.hass.async_block_till_done(wait_background_tasks=True)
    world.hass.set_state(CoreState.running)
    world.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await world.hass.async_block_till_done(wait_background_tasks=True)


async def test_a_restart_in_the_middle_of_an_outage_is_silent(
    world: World, phone: list[ServiceCall]
) -> None:
    """Whoever updates Home Assistant is not to be told everything once more."""
    world.senses.vanish("garden")
    await world.pass_time(120)
    before = shown(world)
    sent = len(phone)
    await restart(world)
    assert shown(world) == before
    await world.pass_time(120)
    assert list(shown(world)) == list(before)
    assert all("alert_once" in call.data["data"] for call in phone[sent:])
    world.senses.come_back("garden")
    await world.pass_time(30)
    assert told(phone)[-1] == "Garden is back"


async def test_a_notice_that_was_dismissed_stays_so_over_a_restart(
    world: World, hass_storage: dict[str, Any]
) -> None:
    """Whoever has read it has read it."""
    world.senses.vanish("garden")
    await world.pass_time(90)
    persistent_notification.async_dismiss_all(world.hass)
    await world.pass_time(1)
    await restart(world)
    await world.pass_time(90)
    assert not shown(world)
    world.senses.come_back("garden")
    await world.pass_time(30)
    assert list(shown(world)) == ["Garden is back"]
    assert hass_storage[f"{DOMAIN}.{world.entry.entry_id}.notices"]


async def test_nobody_is_told_before_home_assistant_has_started(
    world: World, phone: list[ServiceCall]
) -> None:
    """The phone's service may be loaded last; a notice that found nobody would be lost."""
    world.hass.set_state(CoreState.starting)
    world.senses.vanish("garden")
    await world.pass_time(120)
    assert not phone
    world.hass.set_state(CoreState.running)
    world.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await world.pass_time(40)
    assert told(phone) == ["Garden is offline"]


async def test_a_restart_in_the_middle_of_an_outage_of_the_home_is_silent(
    world: World, phone: list[ServiceCall]
) -> None:
    """The home is not back only because nothing was found out about it yet."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(300)
    assert list(shown(world)) == ["The router does not answer"]
    sent = len(phone)
    await restart(world)
    await world.pass_time(300)
    assert len(shown(world)) == 1
    assert "Affected: Garden, Shed." in next(iter(shown(world).values()))
    assert all("alert_once" in call.data["data"] for call in phone[sent:])


async def test_a_restart_while_the_router_is_gone_does_not_accuse_the_only_camera(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The router was told, and is still gone: it is not back, and no camera has died instead."""
    senses = hass.data[SENSES] = FakeSenses()
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=DOMAIN,
        data={"username": ACCOUNT[0], "password": ACCOUNT[1]},
        options={"notices": {"notify_services": [PHONE]}},
        subentries_data=[camera_subentry("garden")],
    )
    entry.add_to_hass(hass)
    world = World(hass, entry, senses, freezer)
    phone = async_mock_service(hass, NOTIFY, PHONE)
    await world.start()
    senses.vanish("garden")
    senses.gateway_answers = False
    await world.pass_time(300)
    await restart(world)
    await world.pass_time(400)
    assert set(told(phone)) == {"The router does not answer"}
    assert list(shown(world)) == ["The router does not answer"]


async def test_a_home_that_came_back_while_nobody_watched_is_answered(
    world: World, phone: list[ServiceCall]
) -> None:
    """A notice that nobody ever takes back is a lie from then on."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(300)
    world.senses.come_back("garden", "shed")
    world.senses.gateway_answers = True
    await restart(world)
    await world.pass_time(240)
    assert list(shown(world)) == ["The cameras are back"]
    assert told(phone)[-1] == "The cameras are back"


async def test_what_was_told_is_forgotten_where_its_file_is_damaged(
    world: World, hass_storage: dict[str, Any]
) -> None:
    """A notice too many is better than a doctor that does not start."""
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    key = f"{DOMAIN}.{world.entry.entry_id}.notices"
    for damage in ({"subentry_garden": {"matter": "?"}}, ["?"], {"subentry_garden": None}):
        hass_storage[key] = {"version": 1, "key": key, "data": damage}
        assert await world.hass.config_entries.async_setup(world.entry.entry_id)
        assert not world.entry.runtime_data.noticing._store.standing
        await world.hass.config_entries.async_unload(world.entry.entry_id)


async def test_a_camera_that_is_no_longer_watched_takes_its_notice_along(
    world: World, phone: list[ServiceCall]
) -> None:
    """Nothing would ever take it back."""
    world.senses.vanish("garden")
    await world.pass_time(90)
    assert shown(world)
    world.hass.config_entries.async_remove_subentry(world.entry, "subentry_garden")
    await world.pass_time(5)
    assert not shown(world)
    assert told(phone)[-1] == "clear_notification"


async def test_a_home_that_is_removed_takes_its_notices_along(
    world: World, hass_storage: dict[str, Any]
) -> None:
    """And what was remembered of them."""
    world.senses.vanish("garden")
    await world.pass_time(90)
    assert shown(world)
    assert f"{DOMAIN}.{world.entry.entry_id}.notices" in hass_storage
    await world.hass.config_entries.async_remove(world.entry.entry_id)
    assert not shown(world)
    assert f"{DOMAIN}.{world.entry.entry_id}.notices" not in hass_storage


# Quiet hours


async def test_quiet_hours_keep_everything_until_they_end(
    world: World, phone: list[ServiceCall]
) -> None:
    """At the home it is one in the afternoon: somebody sleeps by day."""
    choose(world, notify_services=[PHONE], quiet_from="12:00:00", quiet_until="13:10:00")
    world.senses.vanish("garden")
    await world.pass_time(500, step=5)
    assert not phone
    assert not shown(world)
    await world.pass_time(120, step=5)
    assert told(phone)[:1] == ["Garden is offline"]


async def test_other_quiet_hours_are_heeded_at_once(world: World, phone: list[ServiceCall]) -> None:
    """Whoever ends them wants to know now."""
    choose(world, notify_services=[PHONE], quiet_from="12:00:00", quiet_until="20:00:00")
    world.senses.vanish("garden")
    await world.pass_time(120)
    assert not phone
    choose(world, notify_services=[PHONE])
    await world.pass_time(2)
    assert told(phone) == ["Garden is offline"]


# Other recipients


@pytest.fixture
def said(world: World) -> list[ServiceCall]:
    """What two speakers are to say: one that takes titles, and one that does not."""
    features = {"supported_features": NotifyEntityFeature.TITLE}
    world.hass.states.async_set("notify.hall", "unknown", features)
    world.hass.states.async_set("notify.bath", "unknown", {"supported_features": 0})
    calls: list[ServiceCall] = async_mock_service(world.hass, NOTIFY, "send_message")
    return calls


async def test_who_cannot_replace_a_notice_hears_of_its_beginning_and_its_end(
    world: World, said: list[ServiceCall]
) -> None:
    """Every better word said aloud would be one outage told five times."""
    other = async_mock_service(world.hass, NOTIFY, "family")
    choose(world, notify_entities=["notify.hall", "notify.bath"], notify_services=["family"])
    world.senses.vanish("garden")
    await world.pass_time(300)
    world.senses.come_back("garden")
    await world.pass_time(30)
    hall, bath = (
        [call.data for call in said if call.data["entity_id"] == entity_id]
        for entity_id in ("notify.hall", "notify.bath")
    )
    lines = ["Garden is offline", "Garden is back"]
    first_lines = [call.data["message"].partition("\n")[0] for call in other]
    assert first_lines == lines, "a text message has no title"
    assert all("title" not in call.data for call in other), "others show it above the text"
    assert [data["title"] for data in hall] == lines
    assert [data["message"].partition("\n")[0] for data in bath] == lines
    assert all("title" not in data for data in bath)
    assert all("data" not in call.data for call in other)


async def test_a_recipient_that_fails_is_logged_once_and_stops_nobody(
    world: World,
    phone: list[ServiceCall],
    said: list[ServiceCall],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A phone that was sold must not keep the others from being told."""
    broken = async_mock_service(
        world.hass, NOTIFY, "broken", raise_exception=HomeAssistantError("no credit")
    )
    talkative = ValueError("https://push.example/?token=geheim")
    async_mock_service(world.hass, NOTIFY, "talkative", raise_exception=talkative)
    world.hass.states.async_set("notify.away", "unavailable")
    choose(
        world,
        notify_entities=["notify.nowhere", "notify.away", "notify.hall"],
        notify_services=["sold", "broken", "talkative", PHONE],
    )
    for _ in range(2):
        world.senses.vanish("garden")
        await world.pass_time(400, step=2)
        world.senses.come_back("garden")
        await world.pass_time(30)
    assert len(broken) > 1
    assert told(phone)[-1] == "Garden is back"
    assert {call.data["entity_id"] for call in said} == {"notify.hall"}
    for target in ("notify.nowhere", "notify.away", "sold", "broken"):
        assert caplog.text.count(f"Notices cannot be sent to {target}:") == 1
    assert "broken: no credit" in caplog.text
    ours = [one.getMessage() for one in caplog.records if "tapo_doctor" in one.name]
    assert "Notices cannot be sent to talkative: ValueError" in ours
    assert not any("geheim" in line for line in ours)
    assert "family" not in caplog.text


async def test_a_phone_given_as_an_entity_gets_the_buttons_too(
    world: World, phone: list[ServiceCall], entity_registry: Any
) -> None:
    """The list of entities is what people are offered first."""
    app = MockConfigEntry(domain="mobile_app", data={"device_name": "Phone"})
    app.add_to_hass(world.hass)
    entity_registry.async_get_or_create(
        NOTIFY, "mobile_app", "phone", suggested_object_id="phone", config_entry=app
    )
    choose(world, notify_entities=["notify.phone"], notify_services=[f"notify.{PHONE}"])
    world.senses.vanish("garden")
    await world.pass_time(60)
    aloud = [call for call in phone if "alert_once" not in call.data["data"]]
    assert len(aloud) == 1
    assert aloud[0].data["data"]["actions"]


async def test_a_notice_that_was_dismissed_is_not_pushed_back_by_better_words(
    world: World,
) -> None:
    """Whoever has read it has read it; but that it is over is news."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    assert shown(world)
    persistent_notification.async_dismiss_all(world.hass)
    world.senses.gateway_answers = False
    await world.pass_time(120)
    assert "Garden is offline" not in shown(world)
    world.senses.gateway_answers = True
    world.senses.come_back("garden")
    await world.pass_time(60)
    assert "Garden is back" in shown(world) or "The cameras are back" in shown(world)


# Buttons


def buttons(call: ServiceCall) -> dict[str, str]:
    """Return what the buttons of a notice do, by their titles."""
    return {
        button["title"]: button.get("uri", button["action"])
        for button in call.data["data"]["actions"]
    }


async def tap(world: World, action: str, user: str | None = None) -> None:
    """Tap a button on the phone."""
    world.hass.bus.async_fire(TAPPED, {"action": action}, context=Context(user_id=user))
    await world.hass.async_block_till_done(wait_background_tasks=True)


async def test_a_tap_on_pause_pauses_and_takes_the_notice_away(
    world: World, phone: list[ServiceCall], hass_admin_user: MockUser
) -> None:
    """A button that does nothing is worse than none."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    offered = buttons(phone[-1])
    assert offered["What else?"].startswith("/config/devices/device/")
    await tap(world, offered["Pause for 2 hours"], hass_admin_user.id)
    assert world.state("switch.garden_alerts") == "off"
    assert world.state("switch.shed_alerts") == "on"
    assert not shown(world)
    assert told(phone)[-1] == "clear_notification"
    await world.pass_time(7300, step=20)
    assert told(phone)[-1] == "Garden is offline"


async def freeze(world: World) -> None:
    """Let the garden's camera hang, with a plug that it gets its power through."""
    subentry = world.entry.subentries["subentry_garden"]
    world.hass.states.async_set("switch.garden_plug", "on")
    world.hass.config_entries.async_update_subentry(
        world.entry, subentry, data={**subentry.data, "plug": "switch.garden_plug"}
    )
    await world.pass_time(30)
    camera = world.senses.camera("garden")
    camera.hello, camera.reading = Hello.SILENT, Reading(result=LoginResult.TIMEOUT)
    await world.pass_time(150)
    assert world.state("sensor.garden_diagnosis") == "camera_frozen"


async def test_a_tap_on_power_cycle_asks_the_remedy(
    world: World,
    phone: list[ServiceCall],
    device_registry: dr.DeviceRegistry,
    hass_admin_user: MockUser,
) -> None:
    """It is offered where it is allowed, and where there is a plug."""
    cycles = async_mock_service(world.hass, DOMAIN, "power_cycle")
    await freeze(world)
    await tap(world, buttons(phone[-1])["Cut and restore its power"], hass_admin_user.id)
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, "subentry_garden"), world.entry.entry_id
    )
    assert device
    (cycle,) = cycles
    assert cycle.data == {"device_id": device.id}
    assert cycle.context.user_id == hass_admin_user.id


async def test_a_power_cycle_that_is_refused_is_told_where_it_was_asked_for(
    world: World, phone: list[ServiceCall]
) -> None:
    """Somebody stands there with the phone in hand and waits."""
    async_mock_service(
        world.hass, DOMAIN, "power_cycle", raise_exception=HomeAssistantError("The plug is gone.")
    )
    await freeze(world)
    await tap(world, buttons(phone[-1])["Cut and restore its power"])
    assert phone[-1].data["message"].startswith("That was not done. The plug is gone.")


async def test_a_power_cycle_that_is_refused_is_told_to_nobody_else(
    world: World, phone: list[ServiceCall], hass_admin_user: MockUser
) -> None:
    """Three taps were three more text messages to the whole family."""
    async_mock_service(
        world.hass, DOMAIN, "power_cycle", raise_exception=HomeAssistantError("The plug is gone.")
    )
    family = async_mock_service(world.hass, NOTIFY, "family")
    other = async_mock_service(world.hass, NOTIFY, "mobile_app_other")
    choose(world, notify_services=[PHONE, "mobile_app_other", "family"])
    data = {"device_name": "Phone", "user_id": hass_admin_user.id}
    MockConfigEntry(domain="mobile_app", data=data).add_to_hass(world.hass)
    await freeze(world)
    persistent_notification.async_dismiss_all(world.hass)
    before, sent = len(phone), (len(family), len(other))
    for _ in range(3):
        await tap(world, buttons(phone[-1])["Cut and restore its power"], hass_admin_user.id)
    assert len(phone) == before + 3
    assert (len(family), len(other)) == sent
    assert not shown(world)


async def test_a_refusal_is_told_in_the_language_of_the_home(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, freezer: FrozenDateTimeFactory
) -> None:
    """Half a sentence in English, in the middle of German ones."""
    hass.config.language = "de"
    world = World(hass, entry, senses, freezer)
    await world.start()
    choose(world, notify_services=[PHONE])
    phone = async_mock_service(hass, NOTIFY, PHONE)
    await freeze(world)
    world.hass.states.async_set("switch.garden_plug", "unavailable")
    await tap(world, buttons(phone[-1])["Aus- und einschalten"])
    assert (
        phone[-1]
        .data["message"]
        .startswith("Das wurde nicht gemacht. Der Strom von Garden wurde nicht unterbrochen: ")
    )


async def test_a_refusal_that_comes_when_all_is_over_does_not_bring_the_trouble_back(
    world: World, phone: list[ServiceCall], caplog: pytest.LogCaptureFixture
) -> None:
    """The camera came back by itself, while its power cycle was still being considered."""
    over = asyncio.Event()

    async def refuse(_call: ServiceCall) -> None:
        await over.wait()
        raise HomeAssistantError("It is back.")

    world.hass.services.async_register(DOMAIN, "power_cycle", refuse)
    await freeze(world)
    action = buttons(phone[-1])["Cut and restore its power"]
    world.hass.bus.async_fire(TAPPED, {"action": action})
    world.senses.come_back("garden")
    await world.pass_time(180, wait=False)
    assert told(phone)[-1] == "Garden is back"
    sent = len(phone)
    over.set()
    await world.hass.async_block_till_done(wait_background_tasks=True)
    assert len(phone) == sent
    assert "KeyError" not in caplog.text


async def test_a_tap_that_was_never_offered_does_nothing(
    world: World, phone: list[ServiceCall]
) -> None:
    """Any phone can send any event."""
    cycles = async_mock_service(world.hass, DOMAIN, "power_cycle")
    world.senses.vanish("garden")
    await world.pass_time(60)
    pause = buttons(phone[-1])["Pause for 2 hours"]
    forged = [
        pause.replace("pause", "power_cycle"),
        pause.replace("garden", "shed"),
        pause.replace("garden", "barn"),
        pause.replace("pause", "resume"),
        pause.partition(":")[0],
        "URI",
        "",
    ]
    for action in forged:
        assert action != pause
        await tap(world, action)
    world.hass.bus.async_fire(TAPPED, {})
    await world.hass.async_block_till_done(wait_background_tasks=True)
    assert not cycles
    assert world.state("switch.garden_alerts") == world.state("switch.shed_alerts") == "on"


async def test_a_tap_on_a_notice_of_yesterday_is_answered_and_does_nothing(
    world: World, phone: list[ServiceCall]
) -> None:
    """A phone that was off kept it; the camera is well by now."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    pause = buttons(phone[-1])["Pause for 2 hours"]
    world.senses.come_back("garden")
    await world.pass_time(30)
    await tap(world, pause)
    assert world.state("switch.garden_alerts") == "on"
    assert phone[-1].data["title"] == "Garden is back"
    assert phone[-1].data["message"].startswith("That was not done. This button is out of date.")
    assert phone[-1].data["data"]["actions"] == []


async def test_a_tap_on_what_would_be_wrong_by_now_is_answered(
    world: World, phone: list[ServiceCall]
) -> None:
    """It hung, and is being updated now: its power must not be cut."""
    cycles = async_mock_service(world.hass, DOMAIN, "power_cycle")
    await freeze(world)
    cut = buttons(phone[-1])["Cut and restore its power"]
    subentry = world.entry.subentries["subentry_garden"]
    data = {key: value for key, value in subentry.data.items() if key != "plug"}
    world.hass.config_entries.async_update_subentry(world.entry, subentry, data=data)
    await world.pass_time(30)
    await tap(world, cut)
    assert not cycles
    assert phone[-1].data["title"] == "Garden is offline"
    assert phone[-1].data["message"].startswith("That was not done. This button is out of date.")
    assert "Cut and restore its power" not in buttons(phone[-1])


async def test_a_tap_on_a_button_of_the_action_is_heeded_whenever_it_was_sent(
    world: World, phone: list[ServiceCall], hass_admin_user: MockUser
) -> None:
    """In quiet hours nothing else is told, and the button is all that there is."""
    choose(world, notify_services=[PHONE], quiet_from="12:00:00", quiet_until="20:00:00")
    await lose_garden(world)
    await notify(world, "garden")
    await world.pass_time(120)
    assert told(phone) == ["Garden is offline"]
    assert not shown(world)
    await tap(world, buttons(phone[-1])["Pause for 2 hours"], hass_admin_user.id)
    assert world.state("switch.garden_alerts") == "off"
    assert told(phone)[-1] == "clear_notification"
    world.senses.come_back("garden")
    await world.pass_time(30)
    await tap(world, buttons(phone[0])["Pause for 2 hours"], hass_admin_user.id)
    assert phone[-1].data["title"] == "Garden"
    assert phone[-1].data["message"] == "That was not done. This button is out of date."


async def test_who_may_not_control_a_camera_cannot_pause_it_by_its_notice(
    world: World, phone: list[ServiceCall], hass_read_only_user: MockUser
) -> None:
    """A guest's phone gets the notices of the house as well."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    await tap(world, buttons(phone[-1])["Pause for 2 hours"], hass_read_only_user.id)
    assert world.state("switch.garden_alerts") == "on"
    assert phone[-1].data["message"].startswith("That was not done. You may not control this")


# The action


async def notify(world: World, *cameras: str, **fields: Any) -> Any:
    """Have the present diagnosis sent."""
    return await world.hass.services.async_call(
        DOMAIN,
        "notify",
        {"entity_id": [f"sensor.{camera}_status" for camera in cameras], **fields},
        blocking=True,
        return_response=True,
    )


async def test_the_action_tells_of_a_paused_camera_what_is_the_matter(
    world: World, phone: list[ServiceCall]
) -> None:
    """Somebody has asked; that nothing is wrong with what is gone would be a lie."""
    cameras = {"entity_id": ["sensor.garden_status", "sensor.shed_status"]}
    await world.hass.services.async_call(DOMAIN, "pause", cameras, blocking=True)
    with pytest.raises(ServiceValidationError) as refused:
        await notify(world, "garden")
    assert refused.value.translation_key == "nothing_wrong"
    world.senses.vanish("garden")
    world.senses.camera("shed").reading = REFUSED
    world.senses.camera("shed").loses_session = True
    await world.pass_time(900, step=5)
    assert not phone
    assert world.state("sensor.garden_status") == "paused"
    answer = await notify(world, "garden", "shed")
    assert answer["Garden"]["title"] == "Garden is offline"
    assert answer["Shed"]["title"] == "Shed needs your help"


async def test_the_action_sends_the_diagnosis_and_answers_with_its_words(
    world: World, phone: list[ServiceCall], said: list[ServiceCall]
) -> None:
    """Automations decide when and whom; the doctor knows what to say."""
    await lose_garden(world)
    assert not phone, "not settled yet, and asked for all the same"
    answer = await notify(world, "garden", "shed")
    assert set(answer) == {"Garden"}
    assert answer["Garden"]["title"] == phone[-1].data["title"] == "Garden is offline"
    assert answer["Garden"]["message"] == phone[-1].data["message"]
    assert answer["Garden"]["not_reached"] == []
    assert not said
    sent = len(phone)
    answer = await notify(
        world, "garden", notify_entities="notify.hall", title="Oh no", message="Please look."
    )
    assert len(phone) == sent
    assert answer["Garden"]["title"] == "Oh no"
    assert answer["Garden"]["message"].startswith("Please look.\n\n")
    (call,) = said
    assert call.data["message"] == answer["Garden"]["message"]
    assert call.data["title"] == "Oh no"


@pytest.fixture
def guest(world: World) -> list[ServiceCall]:
    """A phone that the options do not name."""
    calls: list[ServiceCall] = async_mock_service(world.hass, NOTIFY, "mobile_app_guest")
    return calls


@pytest.mark.parametrize("restarted", [False, True])
async def test_whom_only_the_action_has_told_is_told_that_it_is_over(
    world: World, phone: list[ServiceCall], guest: list[ServiceCall], restarted: bool
) -> None:
    """It would show "Garden is offline", with its buttons, for ever."""
    world.senses.vanish("garden")
    await world.pass_time(90)
    await notify(world, "garden", notify_services=["mobile_app_guest", PHONE])
    await world.pass_time(5)
    if restarted:
        await restart(world)
    sent = len(phone)
    world.senses.come_back("garden")
    await world.pass_time(60)
    assert told(guest) == ["Garden is offline", "Garden is back"]
    assert guest[-1].data["data"]["actions"] == []
    assert guest[-1].data["data"]["alert_once"]
    assert guest[-1].data["data"]["tag"] == guest[0].data["data"]["tag"]
    assert told(phone)[sent:] == ["Garden is back"]
    await world.pass_time(60)
    assert len(guest) == 2


@pytest.mark.parametrize("gone", ["paused", "removed", "well"])
async def test_what_only_the_action_has_told_is_cleared_where_nobody_wants_it(
    world: World, guest: list[ServiceCall], gone: str
) -> None:
    """Nothing would ever take it back."""
    choose(world, on_recovery="clear", quiet_from="12:00:00", quiet_until="20:00:00")
    await lose_garden(world)
    await notify(world, "garden", notify_services=["mobile_app_guest"])
    await world.pass_time(30)
    assert told(guest) == ["Garden is offline"]
    match gone:
        case "paused":
            await world.hass.services.async_call(
                "switch", "turn_off", {"entity_id": "switch.garden_alerts"}, blocking=True
            )
        case "removed":
            world.hass.config_entries.async_remove_subentry(world.entry, "subentry_garden")
        case _:
            world.senses.come_back("garden")
    await world.pass_time(30)
    assert told(guest) == ["Garden is offline", "clear_notification"]


async def test_what_the_action_has_told_of_a_paused_camera_stands_until_it_is_well(
    world: World, guest: list[ServiceCall]
) -> None:
    """Somebody has asked for it all the same; its pause is no reason to take it back."""
    await lose_garden(world)
    await world.hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.garden_alerts"}, blocking=True
    )
    await notify(world, "garden", notify_services=["mobile_app_guest"])
    await world.pass_time(60)
    assert told(guest) == ["Garden is offline"]
    world.senses.come_back("garden")
    await world.pass_time(60)
    assert told(guest) == ["Garden is offline", "clear_notification"]


async def test_what_the_action_has_told_stands_for_as_long_as_the_home_is_out(
    world: World, guest: list[ServiceCall]
) -> None:
    """Of one camera nobody else is told then; whoever was told is not told the contrary."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(300)
    await notify(world, "garden", notify_services=["mobile_app_guest"])
    await world.pass_time(120)
    assert told(guest) == ["Garden is offline"]
    await tap(world, buttons(guest[-1])["Pause for 2 hours"])
    assert world.state("switch.garden_alerts") == "off"


async def test_the_action_says_whom_it_did_not_reach(world: World) -> None:
    """An automation can then try somebody else."""
    async_mock_service(
        world.hass, NOTIFY, "broken", raise_exception=HomeAssistantError("no credit")
    )
    await lose_garden(world)
    answer = await notify(world, "garden", notify_services=["notify.broken"])
    assert answer["Garden"]["not_reached"] == ["broken"]


@pytest.mark.parametrize(
    ("gone", "fields", "key"),
    [
        (False, {"notify_services": [PHONE]}, "nothing_wrong"),
        (True, {}, "no_recipient"),
        (True, {"notify_services": ["sold"]}, "unknown_recipient"),
        (True, {"notify_entities": ["notify.nowhere"]}, "unknown_recipient"),
    ],
)
async def test_the_action_refuses_in_words(
    world: World, gone: bool, fields: dict[str, Any], key: str
) -> None:
    """Silence would look like success."""
    async_mock_service(world.hass, NOTIFY, PHONE)
    if gone:
        await lose_garden(world)
    with pytest.raises(ServiceValidationError) as refused:
        await notify(world, "garden", **fields)
    assert refused.value.translation_key == key
