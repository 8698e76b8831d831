"""Cameras that get another address: followed where that is certain, and only there."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from homeassistant.config_entries import SOURCE_DHCP
from homeassistant.const import STATE_OFF
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.probes.findings import Hello

from .fakes import HOSTS, MACS, REFUSED, FakeCamera, found
from .flows import begin

if TYPE_CHECKING:
    from custom_components.tapo_doctor.coordinator import CameraCoordinator

    from .world import World

ELSEWHERE = "192.168.1.77"
PROBLEM = "binary_sensor.garden_connection_problem"
STATUS = "sensor.garden_status"
DIAGNOSIS = "sensor.garden_diagnosis"


def garden(world: World) -> CameraCoordinator:
    """Return the watch on the garden's camera."""
    camera: CameraCoordinator = world.entry.runtime_data.cameras["subentry_garden"]
    return camera


def address(world: World, name: str = "garden") -> str:
    """Return the address in a camera's settings."""
    host: str = world.entry.subentries[f"subentry_{name}"].data["host"]
    return host


async def test_a_camera_that_has_moved_is_followed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The commonest repair that needs nobody on a ladder, nor in a settings dialog."""
    caplog.clear()
    shown = async_capture_events(world.hass, "state_changed")
    there = world.senses.move("garden", ELSEWHERE)
    await world.pass_time(40)
    assert address(world) == ELSEWHERE
    assert world.state(STATUS) == "online"
    assert world.state(PROBLEM) == STATE_OFF
    assert there.seen["login"] == 1
    diagnoses = [
        event.data["new_state"].state for event in shown if event.data["entity_id"] == DIAGNOSIS
    ]
    assert "address_changed" in diagnoses, "automations and the history see why"
    (outage,) = garden(world).chart.memory.outages
    assert outage.cause is Cause.ADDRESS_CHANGED
    assert outage.end is not None
    ours = [r.message for r in caplog.records if "tapo_doctor" in r.name and r.levelname != "DEBUG"]
    assert len(ours) == 3
    assert sum("followed" in line for line in ours) == 1
    assert not any(host in line for line in ours for host in (*HOSTS.values(), ELSEWHERE))


async def test_what_was_known_of_the_camera_moves_with_it(world: World) -> None:
    """A memory that begins anew with each lease would never learn anything."""
    await world.pass_time(700, step=5)
    before = garden(world).chart.memory
    assert before.signals
    world.senses.move("garden", ELSEWHERE)
    await world.pass_time(60)
    after = garden(world).chart.memory
    assert after.signals[: len(before.signals)] == before.signals
    assert (after.ssid, after.firmware) == (before.ssid, before.firmware)
    subentry = world.entry.subentries["subentry_garden"]
    assert (subentry.unique_id, subentry.title) == (MACS["garden"], "Garden")


async def test_port_and_login_are_taken_over_with_the_address(world: World) -> None:
    """A new address often comes with a new firmware."""
    moved = world.senses.move("garden", ELSEWHERE)
    moved.found = replace(found("garden", ELSEWHERE), control_port=4443, connection={"new": 1})
    await world.pass_time(40)
    data = world.entry.subentries["subentry_garden"].data
    assert (data["control_port"], data["connection"]) == (4443, {"new": 1})
    assert garden(world).chart.target.port == 4443


async def test_the_others_are_not_disturbed(world: World) -> None:
    """Following one camera must not log in to all of them again."""
    seen = world.senses.camera("shed").seen
    world.senses.move("garden", ELSEWHERE)
    await world.pass_time(60)
    assert address(world) == ELSEWHERE
    assert seen["login"] == 1
    assert world.state("sensor.shed_status") == "online"


async def test_a_refused_password_is_not_tried_again_at_the_new_address(world: World) -> None:
    """It is the same camera: a lease a day would be a failed login a day."""
    world.senses.camera("garden").reading = REFUSED
    await world.pass_time(310, step=5)
    assert world.state(STATUS) == "login_refused"
    there = world.senses.move("garden", ELSEWHERE)
    await world.pass_time(700, step=5)
    assert address(world) == ELSEWHERE
    assert there.seen["login"] == 0
    assert world.state(STATUS) == "login_refused"


async def test_two_cameras_that_swap_their_addresses_are_both_followed(world: World) -> None:
    """A router that was restarted deals its addresses anew."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(60)
    world.senses.gateway_answers = True
    world.senses.cameras = {
        HOSTS["garden"]: FakeCamera(found=found("shed", HOSTS["garden"])),
        HOSTS["shed"]: FakeCamera(found=found("garden", HOSTS["shed"])),
    }
    await world.pass_time(90)
    assert address(world, "garden") == HOSTS["shed"]
    assert address(world, "shed") == HOSTS["garden"]
    assert world.state(STATUS) == "online"
    assert world.state("sensor.shed_status") == "online"
    assert {camera.seen["login"] for camera in world.senses.cameras.values()} == {1}


async def test_cameras_that_swap_without_being_missed_are_found_by_the_next_search(
    world: World,
) -> None:
    """Each address answers all the time, only not for the camera that it is watched for."""
    world.senses.cameras = {
        HOSTS["garden"]: FakeCamera(found=found("shed", HOSTS["garden"])),
        HOSTS["shed"]: FakeCamera(found=found("garden", HOSTS["shed"])),
    }
    await world.entry.runtime_data.async_search()
    await world.pass_time(60)
    assert address(world, "garden") == HOSTS["shed"]
    assert address(world, "shed") == HOSTS["garden"]
    assert world.state(STATUS) == "online"


async def test_a_camera_that_got_the_address_of_one_that_is_off_is_followed(world: World) -> None:
    """Whose address it was does not matter, who answers there does."""
    world.senses.vanish("shed")
    await world.pass_time(30)
    there = world.senses.move("garden", HOSTS["shed"])
    await world.pass_time(60)
    assert address(world) == address(world, "shed") == HOSTS["shed"]
    assert world.state(STATUS) == "online"
    assert world.state("sensor.shed_status") == "offline"
    await world.pass_time(700, step=5)
    assert there.seen["login"] == 1
    assert world.state("sensor.shed_status") == "offline"


async def test_a_camera_that_is_back_at_its_old_address_is_followed_back(world: World) -> None:
    """Leases run out in both directions."""
    world.senses.move("garden", ELSEWHERE)
    await world.pass_time(120)
    world.senses.move("garden", HOSTS["garden"])
    await world.pass_time(60)
    assert address(world) == HOSTS["garden"]
    assert world.state(STATUS) == "online"
    assert len(garden(world).chart.memory.outages) == 2


async def test_a_camera_that_comes_up_elsewhere_minutes_later_is_found(world: World) -> None:
    """It was without power: at first nobody answers anywhere."""
    world.senses.vanish("garden")
    await world.pass_time(200, step=2)
    world.senses.move("garden", ELSEWHERE)
    await world.pass_time(80)
    assert address(world) == ELSEWHERE
    assert world.state(STATUS) == "online"
    (outage,) = garden(world).chart.memory.outages
    assert outage.cause is Cause.ADDRESS_CHANGED


async def test_the_search_for_a_camera_that_stays_away_becomes_rare(world: World) -> None:
    """A camera in a drawer must not have the network shouted at for ever."""
    world.senses.vanish("garden")
    await world.pass_time(1200, step=5)
    searches = world.senses.searches
    await world.pass_time(3600, step=10)
    assert world.senses.searches - searches <= 5, "the search for new cameras, and no other"


# Where it is not certain


async def test_a_camera_that_answers_at_its_own_address_is_never_left(world: World) -> None:
    """Else any device on the network could lure the doctor away, and be told the password."""
    liar = FakeCamera(found=found("garden", ELSEWHERE))
    world.senses.cameras[ELSEWHERE] = liar
    await world.pass_time(2000, step=10)
    assert address(world) == HOSTS["garden"]
    world.senses.camera("garden").hello = Hello.SILENT
    await world.pass_time(200, step=5)
    assert world.state(STATUS) == "offline"
    assert address(world) == HOSTS["garden"]
    assert not liar.seen["login"]


async def test_a_camera_that_works_is_not_left_for_a_question_it_did_not_hear(
    world: World,
) -> None:
    """Radio loses questions; what still works where it is has not moved."""
    world.senses.camera("garden").found = None
    liar = FakeCamera(found=found("garden", ELSEWHERE))
    world.senses.cameras[ELSEWHERE] = liar
    beats = world.senses.camera("garden").seen["heartbeat"]
    await world.entry.runtime_data.async_search()
    await world.pass_time(0.1)
    assert world.senses.camera("garden").seen["heartbeat"] == beats + 1, "a look, at once"
    await world.pass_time(1000, step=10)
    assert address(world) == HOSTS["garden"]
    assert world.state(STATUS) == "online"
    assert not liar.seen["login"]


async def test_between_two_that_claim_to_be_it_nobody_is_followed(world: World) -> None:
    """One of them lies, or neither has settled."""
    world.senses.move("garden", ELSEWHERE)
    world.senses.cameras["192.168.1.78"] = FakeCamera(found=found("garden", "192.168.1.78"))
    await world.pass_time(120)
    assert address(world) == HOSTS["garden"]
    assert world.state(DIAGNOSIS) == "address_changed"


async def test_what_claims_to_be_it_and_is_no_camera_is_not_followed(world: World) -> None:
    """Of a plug a login may be asked for that hands over the password itself."""
    there = world.senses.move("garden", ELSEWHERE)
    there.found = replace(found("garden", ELSEWHERE), device_type="SMART.TAPOPLUG")
    await world.pass_time(120)
    assert address(world) == HOSTS["garden"]
    assert there.seen["login"] == 0


async def test_who_is_only_heard_of_is_not_followed(world: World) -> None:
    """What does not answer when it is asked by itself may be gone again."""
    world.senses.vanish("garden")
    world.senses.elsewhere = (found("garden", ELSEWHERE),)
    await world.pass_time(60)
    assert address(world) == HOSTS["garden"]
    assert world.state(DIAGNOSIS) == "address_changed"


async def test_nobody_is_followed_out_of_the_house(world: World) -> None:
    """Answers to a search can be forged, and the password must not go to the internet."""
    outside = world.senses.move("garden", "93.184.216.34")
    await world.pass_time(60)
    assert address(world) == HOSTS["garden"]
    assert not outside.seen


async def test_an_answer_that_cannot_be_read_may_still_be_the_camera(world: World) -> None:
    """A firmware may answer in a way that is not known yet."""
    world.senses.move("garden", ELSEWHERE)
    world.senses.unreadable = frozenset({HOSTS["garden"]})
    await world.pass_time(60)
    assert address(world) == HOSTS["garden"]


async def test_a_camera_that_is_here_and_there_is_not_followed_for_ever(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """By Wi-Fi and by cable it has two addresses: that is for a person to mend."""
    for turn in range(20):
        world.senses.move("garden", HOSTS["garden"] if turn % 2 else ELSEWHERE)
        await world.pass_time(90, step=2)
    followed = [r for r in caplog.records if "followed" in r.message]
    assert len(followed) == 3
    stays = address(world)
    world.senses.move("garden", ELSEWHERE if stays == HOSTS["garden"] else HOSTS["garden"])
    await world.pass_time(120, step=2)
    assert world.state(DIAGNOSIS) == "address_changed"
    await world.pass_time(3600, step=10)
    assert address(world) != stays, "after an hour the case is looked at again"
    assert world.state(STATUS) == "unstable"


async def test_nobody_is_followed_twice_within_a_minute(world: World) -> None:
    """Whoever is elsewhere again by then has not settled yet."""
    world.senses.move("garden", ELSEWHERE)
    while address(world) != ELSEWHERE:
        await world.pass_time(1)
    world.senses.move("garden", HOSTS["garden"])
    await world.pass_time(50)
    assert address(world) == ELSEWHERE
    await world.pass_time(90)
    assert address(world) == HOSTS["garden"]


# A person at the settings


@pytest.mark.parametrize("removed", [False, True])
async def test_what_a_person_does_meanwhile_counts(world: World, removed: bool) -> None:
    """Settings that change by themselves after they were saved are settings nobody trusts."""
    world.senses.move("garden", ELSEWHERE)
    world.senses.slow_answers = asyncio.Event()
    for _ in range(30):
        await world.pass_time(1, wait=False)
    await world.entry.runtime_data.async_search()
    entries, subentry = world.hass.config_entries, world.entry.subentries["subentry_garden"]
    if removed:
        entries.async_remove_subentry(world.entry, "subentry_garden")
    else:
        chosen = {**subentry.data, "host": "192.168.1.50"}
        entries.async_update_subentry(world.entry, subentry, data=chosen)
    world.senses.slow_answers.set()
    await world.hass.async_block_till_done(wait_background_tasks=True)
    assert subentry.data["host"] == (HOSTS["garden"] if removed else "192.168.1.50")


async def test_a_wrong_address_is_mended(world: World) -> None:
    """The camera says itself where it is; nobody has to find the typing error."""
    subentry = world.entry.subentries["subentry_garden"]
    wrong = {**subentry.data, "host": "192.168.1.12"}
    world.hass.config_entries.async_update_subentry(world.entry, subentry, data=wrong)
    await world.pass_time(60)
    assert address(world) == HOSTS["garden"]
    assert world.state(STATUS) == "online"


# What the router's DHCP tells


async def told(world: World, mac: str, host: str) -> str:
    """Let Home Assistant hear of a lease; returns how the flow ends."""
    lease = DhcpServiceInfo(ip=host, hostname="camera", macaddress=mac.replace(":", ""))
    walk = await begin(world.hass, SOURCE_DHCP, lease)
    await world.hass.async_block_till_done(wait_background_tasks=True)
    return walk.step


@pytest.mark.usefixtures("flows_are_translated")
async def test_a_lease_is_a_hint_that_is_followed_up_at_once(world: World) -> None:
    """Nobody waits for the next search where the router has just told the new address."""
    world.senses.vanish("garden")
    await world.pass_time(30)
    world.senses.move("garden", ELSEWHERE)
    assert await told(world, MACS["garden"], ELSEWHERE) == "already_configured"
    assert address(world) == ELSEWHERE
    await world.pass_time(6)
    assert world.state(STATUS) == "online"


@pytest.mark.usefixtures("flows_are_translated")
async def test_a_lease_of_a_camera_that_has_just_left_makes_the_doctor_look(world: World) -> None:
    """It is not missed yet; three looks settle it."""
    world.senses.move("garden", ELSEWHERE)
    assert await told(world, MACS["garden"], ELSEWHERE) == "already_configured"
    assert address(world) == HOSTS["garden"]
    await world.pass_time(6)
    assert address(world) == ELSEWHERE


@pytest.mark.usefixtures("flows_are_translated")
async def test_a_lease_alone_moves_nothing(world: World) -> None:
    """A MAC address in a packet is easily forged; what it stands for has to answer."""
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert await told(world, MACS["garden"], ELSEWHERE) == "already_configured"
    assert address(world) == HOSTS["garden"]


@pytest.mark.usefixtures("flows_are_translated")
async def test_a_lease_of_another_device_is_none_of_the_doctors_business(world: World) -> None:
    """The doctor watches cameras, not the network."""
    asked = world.senses.camera("garden").seen.copy()
    assert await told(world, "02:00:00:00:00:99", HOSTS["garden"]) == "not_watched"
    assert world.senses.camera("garden").seen == asked


@pytest.mark.usefixtures("flows_are_translated")
async def test_a_lease_is_of_no_use_while_nobody_watches(world: World) -> None:
    """A home that is switched off stays as it is."""
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    world.senses.move("garden", ELSEWHERE)
    assert await told(world, MACS["garden"], ELSEWHERE) == "not_set_up"
    assert address(world) == HOSTS["garden"]


@pytest.mark.usefixtures("flows_are_translated")
async def test_a_home_that_is_switched_off_meanwhile_is_not_told(world: World) -> None:
    """The question to the camera takes seconds."""
    world.senses.move("garden", ELSEWHERE)
    world.senses.slow_answers = asyncio.Event()
    telling = world.hass.async_create_task(told(world, MACS["garden"], ELSEWHERE))
    await asyncio.sleep(0)
    await world.hass.config_entries.async_unload(world.entry.entry_id)
    world.senses.slow_answers.set()
    assert await telling == "already_configured"
    assert address(world) == HOSTS["garden"]
