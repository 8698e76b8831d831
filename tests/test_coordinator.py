"""The heartbeat of a camera, its life, and what its entities show in the end."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.diagnosis import Certainty
from custom_components.tapo_doctor.doctor.evidence import (
    LoginResult,
    NeighbourState,
    RemedyKind,
)
from custom_components.tapo_doctor.doctor.outages import Tried
from custom_components.tapo_doctor.guidance import async_note_remedy
from custom_components.tapo_doctor.probes.findings import Hello, Reading

from .fakes import HOSTS, MACS, REFUSED, SLOW, WELL, FakeSenses, found
from .world import World

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

    from custom_components.tapo_doctor.coordinator import CameraCoordinator

PROBLEM = "binary_sensor.garden_connection_problem"
STATUS = "sensor.garden_status"
DIAGNOSIS = "sensor.garden_diagnosis"


async def test_a_healthy_camera_has_no_problem(world: World) -> None:
    """Else the doctor cries wolf from the first minute."""
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(STATUS) == "online"
    assert world.state(DIAGNOSIS) == "healthy"
    assert world.state("sensor.garden_signal_strength") == "-58"
    assert world.state("sensor.garden_network_name") == "home"
    assert world.state("sensor.garden_firmware") == "1.4.3"


async def test_nothing_is_claimed_before_it_was_looked_at_long_enough(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """Else every restart of Home Assistant would begin with a false alarm or a false all-clear."""
    senses.vanish("garden")
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    state = hass.states.get(PROBLEM)
    assert state is not None
    assert state.state == STATE_UNKNOWN


async def test_one_lost_heartbeat_changes_nothing(world: World) -> None:
    """A microwave oven must not wake anybody."""
    world.senses.camera("garden").answers = False
    before = world.senses.camera("garden").seen["heartbeat"]
    while world.senses.camera("garden").seen["heartbeat"] == before:
        await world.pass_time(1)
    world.senses.camera("garden").answers = True
    await world.pass_time(30)
    assert world.state(PROBLEM) == STATE_OFF


async def test_a_camera_behind_a_firewall_that_drops_pings_is_there(world: World) -> None:
    """It would be offline for ever, with its own port open in the evidence."""
    world.senses.camera("garden").answers = False
    await world.pass_time(300)
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(STATUS) == "online"
    assert world.state(DIAGNOSIS) == "healthy"


async def test_a_camera_that_drops_pings_is_missed_and_seen_again_as_soon(world: World) -> None:
    """The same goals; it costs the camera a connection where another gets a packet."""
    garden = world.senses.camera("garden")
    garden.answers = False
    await world.pass_time(60)
    garden.seen.clear()
    await world.pass_time(60)
    assert garden.seen["by knock"] == garden.seen["heartbeat"] == 6
    world.senses.vanish("garden")
    await world.pass_time(16)
    assert world.state(STATUS) == "offline"
    world.senses.come_back("garden")
    world.senses.camera("garden").answers = False
    await world.pass_time(6)
    assert world.state(STATUS) == "online"


async def test_what_is_known_of_pings_outlives_a_restart(world: World) -> None:
    """A camera that is gone when Home Assistant starts is looked for in the right way."""
    world.senses.camera("garden").answers = False
    await world.pass_time(60)
    world.senses.vanish("garden")
    await world.pass_time(30)
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.pass_time(60)
    world.senses.come_back("garden")
    world.senses.camera("garden").answers = False
    await world.pass_time(16)
    assert world.state(STATUS) == "online"


async def test_a_camera_that_was_never_there_is_looked_for_in_both_ways(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody knows yet whether pings will reach it."""
    senses.vanish("garden")
    world = World(hass, entry, senses, freezer)
    await world.start()
    await world.pass_time(60)
    assert world.state(STATUS) == "offline"
    senses.come_back("garden")
    senses.camera("garden").answers = False
    await world.pass_time(16)
    assert world.state(STATUS) == "online"


async def test_a_camera_that_answers_pings_is_not_knocked_at(world: World) -> None:
    """Three connections a minute are its budget; while it is gone, a packet is all it gets."""
    garden = world.senses.camera("garden")
    garden.seen.clear()
    await world.pass_time(60)
    assert garden.seen["by ping"] == garden.seen["heartbeat"] > 0
    world.senses.vanish("garden")
    await world.pass_time(30)
    garden.seen.clear()
    await world.pass_time(60)
    assert garden.seen["by ping"] == garden.seen["heartbeat"] > 0


async def test_pings_that_come_through_again_are_enough_again(world: World) -> None:
    """After a fault of the router every camera would be knocked at for ever."""
    garden = world.senses.camera("garden")
    garden.answers = False
    await world.pass_time(60)
    garden.answers = True
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.pass_time(30)
    garden.seen.clear()
    await world.pass_time(60)
    assert garden.seen["by ping"] == garden.seen["heartbeat"] > 0


async def test_a_firewall_that_came_in_an_outage_is_seen_through_by_check_now(
    world: World,
) -> None:
    """The camera would stay offline for ever, with its own port open in the evidence."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    world.senses.come_back("garden")
    world.senses.camera("garden").answers = False
    await world.hass.services.async_call(
        "button", "press", {"entity_id": "button.garden_check_now"}, blocking=True
    )
    await world.pass_time(6)
    assert world.state(STATUS) == "online"


async def test_an_absence_is_confirmed_within_twenty_seconds(world: World) -> None:
    """The figure that people install this for."""
    world.senses.vanish("garden")
    await world.pass_time(16)  # what is left of 20 s for three looks of 1.5 s each
    assert world.state(PROBLEM) == STATE_ON
    assert world.state(STATUS) == "offline"
    assert world.state("sensor.garden_signal_strength") == STATE_UNKNOWN
    assert world.state("sensor.shed_status") == "online"


async def test_a_patient_owner_is_told_later(world: World) -> None:
    """Sensitivity is the owner's to choose, and takes effect without a restart."""
    world.hass.config_entries.async_update_entry(world.entry, options={"sensitivity": "patient"})
    await world.pass_time(1)
    world.senses.vanish("garden")
    await world.pass_time(40)
    assert world.state(PROBLEM) == STATE_OFF
    await world.pass_time(60)
    assert world.state(PROBLEM) == STATE_ON


async def test_recovery_is_seen_within_six_seconds(world: World) -> None:
    """Nobody shall run to the shed for a camera that is back."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    world.senses.come_back("garden")
    await world.pass_time(6)
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(STATUS) == "online"


@pytest.mark.no_cover
async def test_a_healthy_camera_is_logged_in_to_once_a_day(world: World) -> None:
    """Each login is a chance to throw another program out, or to be counted as a failure."""
    await world.pass_time(24 * 3600, step=300)
    seen = world.senses.camera("garden").seen
    assert seen["login"] == 1
    assert seen["query"] > 200
    assert seen["slow"] == 3, "at the start, after half a day, and at its end"


async def test_a_refused_login_is_not_repeated(world: World) -> None:
    """Repeating it is how accounts get locked."""
    camera = world.senses.camera("garden")
    camera.reading = REFUSED
    await world.pass_time(6 * 3600, step=300)
    assert camera.seen["login"] == 1
    assert world.state(STATUS) == "login_refused"
    assert world.state(PROBLEM) == STATE_ON


async def test_nobody_logs_in_while_the_camera_is_locked(world: World) -> None:
    """Every attempt would make the lock last longer."""
    camera = world.senses.camera("garden")
    camera.reading = Reading(result=LoginResult.LOCKED, locked_for_s=1000.0)
    await world.pass_time(310, step=5)
    camera.seen.clear()
    await world.pass_time(700, step=10)
    assert camera.seen["login"] == 0
    assert world.state(DIAGNOSIS) == "account_locked"
    camera.reading = WELL
    await world.pass_time(700, step=10)
    assert camera.seen["login"] == 1
    assert world.state(STATUS) == "online"


@pytest.mark.parametrize("reloads", [False, True])
async def test_a_clock_that_is_set_forward_ends_no_lock(
    world: World, monkeypatch: pytest.MonkeyPatch, *, reloads: bool
) -> None:
    """A small computer gets its time from the internet some minutes after it has started."""
    camera = world.senses.camera("garden")
    camera.reading = Reading(result=LoginResult.LOCKED, locked_for_s=1784.0)
    camera.loses_session = True
    await world.pass_time(700, step=5)
    camera.seen.clear()
    set_clock(monkeypatch, timedelta(hours=1))
    if reloads:
        await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.pass_time(900, step=5)
    assert camera.seen["login"] == 0
    camera.reading = WELL
    await world.pass_time(1400, step=5)
    assert camera.seen["login"] == 1


async def test_a_clock_that_is_set_back_makes_no_lock_longer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The camera counts by a clock of its own."""
    camera = world.senses.camera("garden")
    camera.reading = Reading(result=LoginResult.LOCKED, locked_for_s=1000.0)
    camera.loses_session = True
    await world.pass_time(700, step=5)
    set_clock(monkeypatch, -timedelta(hours=3))
    camera.reading = WELL
    await world.pass_time(1400, step=5)
    assert world.state(STATUS) == "online"
    assert world.state(DIAGNOSIS) == "healthy"


def set_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Set the system's clock to another time; nothing that is timed is touched by that."""
    utcnow, now = dt_util.utcnow, dt_util.now
    monkeypatch.setattr(dt_util, "utcnow", lambda: utcnow() + by)
    monkeypatch.setattr(dt_util, "now", lambda zone=None: now(zone) + by)


async def test_a_refusal_survives_a_restart(world: World) -> None:
    """A home that restarts every night must not try a refused password every night."""
    world.senses.camera("garden").reading = REFUSED
    await world.pass_time(310, step=5)
    seen = world.senses.camera("garden").seen
    seen.clear()
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.pass_time(400, step=5)
    assert seen["login"] == 0


async def test_a_new_firmware_may_be_tried_once(world: World) -> None:
    """What an update broke the next one may mend."""
    camera = world.senses.camera("garden")
    camera.reading = REFUSED
    await world.pass_time(310, step=5)
    camera.seen.clear()
    assert camera.found is not None
    camera.found = replace(camera.found, firmware="1.4.7")
    await world.pass_time(310, step=5)
    assert camera.seen["login"] == 1
    await world.pass_time(1000, step=5)
    assert camera.seen["login"] == 1


async def test_the_owner_is_asked_only_when_no_camera_accepts_the_account(world: World) -> None:
    """One stubborn camera is not a wrong password."""
    world.senses.camera("garden").reading = REFUSED
    await world.pass_time(310, step=5)
    assert not list(world.entry.async_get_active_flows(world.hass, {"reauth"}))
    world.senses.camera("shed").reading = REFUSED
    await world.pass_time(310, step=5)
    assert list(world.entry.async_get_active_flows(world.hass, {"reauth"}))


async def test_no_login_where_another_device_has_taken_the_address(world: World) -> None:
    """To another device our password is a failed login, and to its owner an attack."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    world.senses.come_back("garden")
    camera = world.senses.camera("garden")
    camera.found = found("shed", HOSTS["garden"])
    camera.seen.clear()
    await world.pass_time(400, step=5)
    assert camera.seen["login"] == 0
    assert world.state(STATUS) == "offline"
    assert world.state(DIAGNOSIS) == "address_conflict"


async def test_a_camera_at_another_address_is_found_there(world: World) -> None:
    """The commonest repair that needs nobody on a ladder."""
    world.senses.vanish("garden")
    world.senses.elsewhere = (found("garden", "192.168.1.77"),)
    await world.pass_time(30)
    assert world.state(DIAGNOSIS) == "address_changed"


async def test_the_router_is_blamed_when_it_is_gone_too(world: World) -> None:
    """Five cameras, one cause."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(30)
    assert world.state(DIAGNOSIS) == "router_down"
    assert world.state("sensor.shed_diagnosis") == "router_down"


async def test_without_a_network_of_our_own_no_camera_is_accused(world: World) -> None:
    """Could not look is not the same as not there."""
    for name in ("garden", "shed"):
        world.senses.camera(name).answers = None
    await world.pass_time(120)
    assert world.state(PROBLEM) == STATE_OFF


async def test_a_weak_signal_is_shown_but_does_not_alarm(world: World) -> None:
    """A camera that works is not a problem, even if it might become one."""
    world.senses.camera("garden").reading = Reading(
        result=LoginResult.OK, firmware="1.4.3", ssid="home", rssi_dbm=-84
    )
    await world.pass_time(310, step=5)
    assert world.state(STATUS) == "unstable"
    assert world.state(PROBLEM) == STATE_OFF


async def test_a_probe_that_fails_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """One sick part must not leave the owner without any diagnosis."""
    world.senses.fails = ValueError("a fault of our own")
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(30)
    assert world.state(DIAGNOSIS) == "router_down"
    caplog.clear()


async def test_an_outage_is_two_lines_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Other integrations fill the log with thousands."""
    caplog.clear()
    world.senses.vanish("garden")
    await world.pass_time(600, step=5)
    world.senses.come_back("garden")
    await world.pass_time(60, step=5)
    ours = [r for r in caplog.records if "tapo_doctor" in r.name and r.levelname != "DEBUG"]
    assert len(ours) == 2
    assert not any(host in record.message for record in ours for host in HOSTS.values())


async def test_changing_one_camera_leaves_the_others_alone(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """Else renaming one would log in to all of them again."""
    await world.pass_time(600, step=5)
    world.senses.camera("shed").seen.clear()
    world.senses.vanish("garden")
    subentry = entry.subentries["subentry_garden"]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "host": "192.168.1.99"}
    )
    await world.pass_time(400, step=5)
    assert world.state(STATUS) == "offline"
    assert world.senses.camera("shed").seen["login"] == 0
    assert world.senses.camera("shed").seen["query"] > 0


async def test_a_camera_edited_while_it_is_looked_at_is_looked_at_anew(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """The old look must not bring its finding to the new address."""
    world.senses.vanish("garden")
    await world.pass_time(30)
    subentry = entry.subentries["subentry_garden"]
    world.senses.cameras["192.168.1.77"] = type(world.senses.camera("shed"))(
        found=found("garden", "192.168.1.77")
    )
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "host": "192.168.1.77"}
    )
    await world.pass_time(15)
    assert world.state(STATUS) == "online"


async def test_a_removed_camera_takes_all_that_was_its_own_along(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """No task, no session and no entity may be left behind."""
    hass.config_entries.async_remove_subentry(entry, "subentry_garden")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get(STATUS) is None
    (session,) = [one for one in world.senses.sessions if one.host == HOSTS["garden"]]
    assert session.closed
    world.senses.camera("garden").seen.clear()
    await world.pass_time(120)
    assert not world.senses.camera("garden").seen


async def test_the_time_of_the_problem_is_the_first_look_that_was_lost(world: World) -> None:
    """The length of an outage counts from its beginning, not from our certainty."""
    before = dt_util.utcnow()
    world.senses.vanish("garden")
    await world.pass_time(60)
    state = world.hass.states.get(PROBLEM)
    assert state is not None
    assert timedelta(0) <= state.attributes["since"] - before <= timedelta(seconds=12)
    assert state.attributes["cause"] == world.state(DIAGNOSIS)


async def test_a_signal_of_another_integration_is_used_where_the_owner_says_so(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """Who lets another program log in need not do without the signal."""
    subentry = entry.subentries["subentry_garden"]
    data = {**subentry.data, "log_in": False, "signal_sensor": "sensor.other"}
    hass.states.async_set("sensor.other", "unavailable")
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    world.senses.camera("garden").seen.clear()
    await world.pass_time(15)
    hass.states.async_set("sensor.other", "0")
    await world.pass_time(310, step=5)
    assert world.state("sensor.garden_signal_strength") == STATE_UNKNOWN
    hass.states.async_set("sensor.other", "-71")
    await world.pass_time(310, step=5)
    assert world.state("sensor.garden_signal_strength") == "-71"
    assert world.senses.camera("garden").seen["login"] == 0


@pytest.fixture
def foreign_signal(hass: HomeAssistant, world: World) -> CameraCoordinator:
    """A camera whose signal another integration tells."""
    subentry = world.entry.subentries["subentry_garden"]
    data = {**subentry.data, "log_in": False, "signal_sensor": "sensor.other"}
    hass.config_entries.async_update_subentry(world.entry, subentry, data=data)
    camera: CameraCoordinator = world.entry.runtime_data.cameras["subentry_garden"]
    camera.chart.memory = replace(camera.chart.memory, signals=())
    return camera


async def test_a_signal_that_is_held_through_an_outage_is_no_history(
    hass: HomeAssistant, world: World, foreign_signal: CameraCoordinator
) -> None:
    """An hour of one value would hide how the signal faded before the camera went."""
    faded = (-60, -68, -76, -83)
    for dbm in faded:
        hass.states.async_set("sensor.other", str(dbm))
        await world.pass_time(300, step=5)
    before = foreign_signal.chart.memory.signals
    assert before[-4:] == faded
    world.senses.vanish("garden")
    await world.pass_time(30)
    for _ in range(12):
        # Some integrations say again and again what they knew last.
        hass.states.async_set("sensor.other", "-83")
        await world.pass_time(300, step=5)
    assert foreign_signal.chart.memory.signals == before
    world.senses.come_back("garden")
    await world.pass_time(60)
    await world.pass_time(900, step=5)
    assert foreign_signal.chart.memory.signals == before
    assert world.state("sensor.garden_signal_strength") == STATE_UNKNOWN
    hass.states.async_set("sensor.other", "-61")
    await world.pass_time(310, step=5)
    assert foreign_signal.chart.memory.signals == (*before, -61)
    assert world.state("sensor.garden_signal_strength") == "-61"


async def test_a_signal_counts_once_for_each_time_that_it_is_reported(
    hass: HomeAssistant, world: World, foreign_signal: CameraCoordinator
) -> None:
    """One report is one reading, however often we look; and it holds until there is another."""
    hass.states.async_set("sensor.other", "-60")
    await world.pass_time(1300, step=5)
    assert foreign_signal.chart.memory.signals[-2:].count(-60) == 1
    assert world.state("sensor.garden_signal_strength") == "-60"
    hass.states.async_set("sensor.other", "-60")
    await world.pass_time(310, step=5)
    assert foreign_signal.chart.memory.signals[-2:] == (-60, -60)


async def test_a_login_nobody_knows_yet_is_not_even_tried(world: World) -> None:
    """The firmware says by itself which login it wants; trying another one could lock it."""
    camera = world.senses.camera("garden")
    assert camera.found is not None
    camera.found = replace(camera.found, connection=None)
    camera.reading = Reading(result=LoginResult.SESSION_LOST)
    await world.pass_time(310, step=5)
    camera.seen.clear()
    await world.pass_time(700, step=5)
    assert camera.seen["login"] == 0
    assert world.state(STATUS) == "login_refused"
    assert world.state(DIAGNOSIS) in {"login_changed_by_firmware", "third_party_access_off"}


async def test_a_single_lost_session_is_no_problem(world: World) -> None:
    """Cameras drop sessions now and then; nobody needs to know."""
    camera = world.senses.camera("garden")
    camera.reading = Reading(result=LoginResult.SESSION_LOST)
    queries = camera.seen["query"]
    while camera.seen["query"] == queries:
        await world.pass_time(5)
    camera.reading = WELL
    assert world.state(PROBLEM) == STATE_OFF
    await world.pass_time(310, step=5)
    assert world.state(DIAGNOSIS) == "healthy"


async def test_a_camera_that_keeps_dropping_is_a_problem_even_while_it_is_back(
    world: World,
) -> None:
    """Three times a day is no accident."""
    world.senses.camera("garden").reading = replace(WELL, rssi_dbm=-84)
    await world.pass_time(310, step=5)
    for _ in range(3):
        world.senses.vanish("garden")
        await world.pass_time(60)
        world.senses.come_back("garden")
        world.senses.camera("garden").reading = replace(WELL, rssi_dbm=-84)
        await world.pass_time(330, step=5)
    assert world.state(STATUS) == "unstable"
    assert world.state(PROBLEM) == STATE_ON
    assert world.state(DIAGNOSIS) == "weak_signal"


async def test_one_after_another_the_neighbours_are_told(world: World) -> None:
    """What the first one could not know the second one's loss tells it."""
    world.senses.vanish("garden")
    await world.pass_time(30)
    alone = world.hass.states.get(DIAGNOSIS)
    world.senses.vanish("shed")
    await world.pass_time(30)
    together = world.hass.states.get(DIAGNOSIS)
    assert alone is not None
    assert together is not None
    assert alone.attributes["candidates"] != together.attributes["candidates"]


async def test_a_neighbour_that_hangs_is_no_sign_that_the_network_is_gone(world: World) -> None:
    """It answers every ping: the Wi-Fi, at least, is there."""
    world.senses.camera("shed").hello = Hello.SILENT
    await world.pass_time(90)
    assert world.state("sensor.shed_status") == "offline"
    world.senses.vanish("garden")
    await world.pass_time(30)
    garden = world.entry.runtime_data.cameras["subentry_garden"]
    (shed,) = garden.evidence(dt_util.now()).site.neighbours
    assert shed.state is NeighbourState.ONLINE
    assert shed.lost_minutes_before is None
    assert world.state(DIAGNOSIS) != "router_down"


async def test_a_neighbour_without_power_says_nothing_about_the_network(
    hass: HomeAssistant, entry: MockConfigEntry, world: World
) -> None:
    """Two cameras that go within a minute, one of them switched off, are no router that is down."""
    subentry = entry.subentries["subentry_shed"]
    hass.states.async_set("switch.plug", "on")
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "plug": "switch.plug"}
    )
    await world.pass_time(15)
    hass.states.async_set("switch.plug", "off")
    world.senses.vanish("shed")
    await world.pass_time(60)
    assert world.state("sensor.shed_diagnosis") == "switched_off"
    world.senses.vanish("garden")
    await world.pass_time(30)
    home = entry.runtime_data
    garden = home.cameras["subentry_garden"]
    assert garden.evidence(dt_util.now()).site.neighbours == ()
    assert world.state(DIAGNOSIS) != "router_down"


async def test_the_gateway_is_looked_at_thrice_before_it_is_blamed(world: World) -> None:
    """Routers drop a ping now and then."""
    world.senses.vanish("garden")
    world.senses.gateway_answers = False
    while world.state(STATUS) != "offline":
        await world.pass_time(1)
    world.senses.gateway_answers = True
    await world.pass_time(10)
    assert world.state(DIAGNOSIS) != "router_down"


async def test_a_gateway_that_came_back_is_remembered(world: World) -> None:
    """A camera that stays away after a router restart is another case than one that just left."""
    world.senses.gateway_answers = False
    world.senses.vanish("garden", "shed")
    await world.pass_time(120, step=2)
    world.senses.gateway_answers = True
    world.senses.come_back("shed")
    await world.pass_time(120, step=2)
    now = dt_util.now()
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    site = world.entry.runtime_data.site(camera, now)
    assert site.gateway == "reply"
    assert 0 < site.gateway_back_minutes_ago <= 2
    (shed,) = site.neighbours
    assert shed.state == "online"
    assert 0 < shed.back_minutes_ago <= 2
    assert shed.lost_minutes_before == pytest.approx(0, abs=0.3)


async def test_a_camera_added_while_it_was_off_says_later_who_it_is(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, world: World
) -> None:
    """Without its identity it could not be found at another address, and would be offered twice."""
    subentry = entry.subentries["subentry_garden"]
    nobody = {**subentry.data, "mac": None, "model": None}
    hass.config_entries.async_update_subentry(
        entry, subentry, data=nobody, unique_id=HOSTS["garden"]
    )
    await world.pass_time(20)
    assert subentry.unique_id == MACS["garden"]
    assert subentry.data["mac"] == MACS["garden"]
    assert subentry.data["model"] == "C210"
    logins = senses.camera("garden").seen["login"]
    await world.pass_time(600, step=5)
    assert senses.camera("garden").seen["login"] == logins


async def test_what_others_know_of_it_counts_as_soon_as_it_has_said_who_it_is(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """Router, other programs and a change of its address know a camera by its MAC alone."""
    hass, mine = world.hass, (dr.CONNECTION_NETWORK_MAC, MACS["garden"])
    other = MockConfigEntry(domain="onvif", data={})
    other.add_to_hass(hass)
    device_registry.async_get_or_create(config_entry_id=other.entry_id, connections={mine})
    hass.states.async_set("device_tracker.garden", "home", {"mac": MACS["garden"]})
    camera = world.entry.runtime_data.cameras["subentry_garden"]

    def known() -> tuple[bool, bool, bool]:
        site = camera.evidence(dt_util.now()).site
        page = device_registry.async_get_device_by_identifier(
            (DOMAIN, "subentry_garden"), world.entry.entry_id
        )
        assert page is not None
        lists = site.router_lists_camera is not None
        return bool(site.other_clients), lists, mine in page.connections

    world.senses.vanish("garden")
    nobody = {**camera.subentry.data, "mac": None}
    hass.config_entries.async_update_subentry(
        world.entry, camera.subentry, data=nobody, unique_id=HOSTS["garden"]
    )
    await world.pass_time(60)
    assert known() == (False, False, False)
    world.senses.come_back("garden")
    await world.pass_time(60)
    world.senses.vanish("garden")
    await world.pass_time(700, step=5)
    assert known() == (True, True, True)


async def test_an_address_that_another_watched_camera_has_is_not_taken_over(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, world: World
) -> None:
    """Two subentries for one camera would quarrel over its session."""
    subentry = entry.subentries["subentry_garden"]
    senses.camera("garden").found = found("shed", HOSTS["garden"])
    nobody = {**subentry.data, "mac": None}
    hass.config_entries.async_update_subentry(
        entry, subentry, data=nobody, unique_id=HOSTS["garden"]
    )
    await world.pass_time(20)
    assert subentry.unique_id == HOSTS["garden"]


# What a restart, a reload or a change of settings must not undo


async def reload(world: World) -> None:
    """Restart the home, and let every clock have its first look."""
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.hass.async_block_till_done(wait_background_tasks=True)
    await world.pass_time(15)


@pytest.mark.parametrize(
    ("reading", "cause"),
    [
        (REFUSED, {"credentials_rejected", "third_party_access_off"}),
        (Reading(result=LoginResult.LOCKED, locked_for_s=3600.0), {"account_locked"}),
    ],
)
async def test_a_refusal_is_still_shown_after_a_restart(
    world: World, reading: Reading, cause: set[str]
) -> None:
    """A camera that lets nobody in is not well because Home Assistant was restarted."""
    world.senses.camera("garden").reading = reading
    await world.pass_time(310, step=5)
    await reload(world)
    assert world.state(STATUS) == "login_refused"
    assert world.state(PROBLEM) == STATE_ON
    assert world.state(DIAGNOSIS) in cause


async def test_the_same_account_entered_again_opens_what_was_refused_before_a_restart(
    world: World,
) -> None:
    """The owner has mended the camera's password; nobody else can tell the doctor."""
    camera = world.senses.camera("garden")
    camera.reading = REFUSED
    await world.pass_time(310, step=5)
    await reload(world)
    camera.reading = WELL
    world.entry.runtime_data.async_account_confirmed()
    await world.pass_time(5)
    assert world.state(STATUS) == "online"


async def test_a_login_unknown_to_an_older_library_is_tried_after_a_restart(world: World) -> None:
    """An update of python-kasa comes with a restart, and may know it."""
    camera = world.senses.camera("garden")
    camera.reading = Reading(result=LoginResult.UNSUPPORTED)
    await world.pass_time(310, step=5)
    assert world.state(STATUS) == "login_refused"
    camera.reading = WELL
    await reload(world)
    assert world.state(STATUS) == "online"


async def test_an_outage_goes_on_over_a_restart(world: World) -> None:
    """It began when it began, not when Home Assistant was restarted in its middle."""
    world.senses.vanish("garden")
    await world.pass_time(600, step=5)
    state = world.hass.states.get(PROBLEM)
    assert state is not None
    since = state.attributes["since"]
    await reload(world)
    state = world.hass.states.get(PROBLEM)
    assert state is not None
    assert state.attributes["since"] == since
    world.senses.come_back("garden")
    await world.pass_time(20)
    (outage,) = world.entry.runtime_data.cameras["subentry_garden"].chart.memory.outages
    assert outage.start == since
    assert outage.length > timedelta(seconds=600)


async def test_what_the_set_up_was_refused_is_not_tried_again_by_itself(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, freezer: FrozenDateTimeFactory
) -> None:
    """The owner has just been told; a failed login more would be our doing."""
    world = World(hass, entry, senses, freezer)
    until = dt_util.utcnow() + timedelta(minutes=20)
    for name, refused, locked in (("garden", "rejected", None), ("shed", "locked", until)):
        subentry = entry.subentries[f"subentry_{name}"]
        data = {
            **subentry.data,
            "refused": refused,
            "locked_until": locked.isoformat() if locked else None,
        }
        hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await world.start()
    await world.pass_time(600, step=5)
    assert world.state(STATUS) == "login_refused"
    assert world.state("sensor.shed_diagnosis") == "account_locked"
    assert senses.camera("garden").seen["login"] == 0
    assert senses.camera("shed").seen["login"] == 0
    await world.pass_time(1200, step=10)
    assert senses.camera("shed").seen["login"] == 1
    assert senses.camera("garden").seen["login"] == 0
    hass.config_entries.async_update_entry(entry, data={"username": "new", "password": "newer"})
    await world.pass_time(5)
    assert world.state(STATUS) == "online"


# Something else at the camera's address


async def test_an_impostor_counts_from_the_moment_it_is_seen(world: World) -> None:
    """Not from the moment the camera's own service came up, days ago."""
    await world.pass_time(7200, step=60)
    before = dt_util.utcnow()
    camera = world.senses.camera("garden")
    camera.found = found("shed", HOSTS["garden"])
    camera.reading = Reading(result=LoginResult.SESSION_LOST)
    await world.pass_time(900, step=5)
    state = world.hass.states.get(PROBLEM)
    assert state is not None
    assert state.state == STATE_ON
    assert state.attributes["since"] >= before


async def test_a_stranger_at_the_address_is_not_taken_for_the_camera_that_is_back(
    world: World,
) -> None:
    """One outage, not two, and no all-clear in between."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    world.senses.come_back("garden")
    world.senses.camera("garden").found = found("shed", HOSTS["garden"])
    for _ in range(30):
        await world.pass_time(1)
        assert world.state(STATUS) == "offline"
    assert world.state(DIAGNOSIS) == "address_conflict"
    (outage,) = world.entry.runtime_data.cameras["subentry_garden"].chart.memory.outages
    assert outage.end is None


async def test_no_password_is_spoken_to_what_does_not_say_who_it_is(world: World) -> None:
    """The camera always said so; what is silent at its address may be anything."""
    world.senses.vanish("garden")
    world.senses.elsewhere = (found("garden", "192.168.1.77"),)
    await world.pass_time(60)
    world.senses.come_back("garden")
    camera = world.senses.camera("garden")
    camera.found = None
    camera.seen.clear()
    await world.pass_time(1200, step=5)
    assert camera.seen["login"] == 0


async def test_a_camera_that_comes_back_elsewhere_is_found_by_a_later_search(world: World) -> None:
    """The router restarts, and hands out new addresses minutes after the loss."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(60)
    assert world.state(DIAGNOSIS) == "router_down"
    world.senses.gateway_answers = True
    world.senses.come_back("shed")
    world.senses.elsewhere = (found("garden", "192.168.1.77"),)
    await world.pass_time(120, step=2)
    assert world.state(DIAGNOSIS) == "address_changed"


# Clocks that meet


async def test_a_new_account_is_not_lost_to_an_old_reading_under_way(world: World) -> None:
    """The old reading's refusal must not close what the owner has just opened."""
    camera = world.senses.camera("garden")
    camera.reading = REFUSED
    camera.slow_reading = asyncio.Event()
    queries = camera.seen["query"]
    while camera.seen["query"] == queries:
        await world.pass_time(5, wait=False)
    camera.reading = WELL
    world.hass.config_entries.async_update_entry(
        world.entry, data={"username": "new", "password": "newer"}
    )
    await asyncio.sleep(0)
    camera.slow_reading.set()
    camera.slow_reading = None
    await world.pass_time(10)
    assert world.state(STATUS) == "online"


async def test_a_clock_that_was_set_back_does_not_stop_the_watch_on_the_gateway(
    world: World,
) -> None:
    """Small computers without a battery start in the wrong year, and are set right later."""
    home = world.entry.runtime_data
    home.gateway._looked = dt_util.utcnow() + timedelta(hours=1)
    looks = world.senses.gateway_looks
    await world.pass_time(180, step=5)
    assert world.senses.gateway_looks >= looks + 2


async def test_another_gateway_is_looked_at_at_once(world: World) -> None:
    """Who has just corrected its address wants to see that it was right."""
    looks = world.senses.gateway_looks
    world.hass.config_entries.async_update_entry(world.entry, options={"gateway": "192.168.1.254"})
    await world.pass_time(2)
    assert world.senses.gateway_looks > looks


async def test_the_owner_is_not_asked_while_another_camera_may_accept_the_account(
    world: World,
) -> None:
    """The shed accepts it, but is away just now."""
    world.senses.vanish("shed")
    await world.pass_time(60)
    world.senses.camera("garden").reading = REFUSED
    await world.pass_time(310, step=5)
    assert not list(world.entry.async_get_active_flows(world.hass, {"reauth"}))


async def test_without_an_account_neither_a_refusal_nor_an_old_signal_stays(world: World) -> None:
    """Who goes on without logging in is not told about logins any more."""
    world.senses.camera("garden").reading = REFUSED
    await world.pass_time(310, step=5)
    world.hass.config_entries.async_update_entry(world.entry, data={})
    await world.pass_time(1200, step=5)
    assert world.state(STATUS) == "online"
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state("sensor.shed_signal_strength") == STATE_UNKNOWN


async def test_a_short_absence_does_not_cost_a_login(world: World) -> None:
    """A camera at the edge of the Wi-Fi drops ten times a day; its session mostly lives on."""
    seen = world.senses.camera("garden").seen
    logins = seen["login"]
    for _ in range(3):
        world.senses.vanish("garden")
        await world.pass_time(60)
        world.senses.come_back("garden")
        await world.pass_time(60)
    assert seen["login"] == logins


async def test_a_session_lost_over_an_outage_is_renewed_at_once(world: World) -> None:
    """A camera that was without power has forgotten it, and nobody has thrown anybody out."""
    world.senses.vanish("garden")
    await world.pass_time(60)
    world.senses.come_back("garden")
    camera = world.senses.camera("garden")
    camera.loses_session = True
    await world.pass_time(30)
    assert camera.seen["login"] == 2
    assert world.state(STATUS) == "online"
    assert world.state("sensor.garden_signal_strength") == "-58"


async def test_the_device_s_page_follows_the_firmware(
    world: World, device_registry: dr.DeviceRegistry
) -> None:
    """After an update the page must not show the old version for ever."""
    camera = world.senses.camera("garden")
    camera.reading = replace(WELL, firmware="1.4.7")
    await world.pass_time(310, step=5)
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, "subentry_garden"), world.entry.entry_id
    )
    assert device is not None
    assert (device.sw_version, device.hw_version) == ("1.4.7", "2.0")


async def test_a_clock_that_is_not_set_yet_is_no_trouble(world: World) -> None:
    """After a power cut no camera has the time until the router has its internet."""
    camera = world.senses.camera("garden")
    camera.slow = replace(SLOW, clock=dt_util.now().timestamp() - 86400 * 365)
    world.senses.vanish("garden")
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.pass_time(60)
    world.senses.come_back("garden")
    world.senses.camera("garden").slow = camera.slow
    await world.pass_time(900, step=5)
    assert world.senses.camera("garden").seen["slow"] == 2, "at the start, and at the next one"
    assert world.state(DIAGNOSIS) == "healthy"
    assert world.state(PROBLEM) == STATE_OFF
    await world.pass_time(1500, step=5)
    assert world.senses.camera("garden").seen["slow"] == 3, "it is looked at again"
    assert world.state(DIAGNOSIS) == "internet_blocked"


async def test_a_neighbour_that_was_restarted_did_not_come_back_by_itself(world: World) -> None:
    """One of two that went together was restarted: that does not prove that the other hangs."""
    world.senses.vanish("garden", "shed")
    await world.pass_time(120)
    cameras = world.entry.runtime_data.cameras
    cut = Tried(remedy=RemedyKind.POWER_CYCLE, at=dt_util.now())
    async_note_remedy(cameras["subentry_shed"], cut)
    world.senses.come_back("shed")
    await world.pass_time(60)
    assert world.state("sensor.shed_status") == "online"
    garden = cameras["subentry_garden"]
    assert not garden.evidence(dt_util.now()).site.neighbours
    assert garden.data.diagnosis.certainty is not Certainty.CERTAIN


async def test_of_many_neighbours_as_many_are_told_as_a_verdict_needs(world: World) -> None:
    """Two hundred cameras that go at once must not keep Home Assistant from everything else."""
    home = world.entry.runtime_data
    garden = home.cameras["subentry_garden"]
    shed = home.cameras["subentry_shed"]
    home.cameras |= {f"more_{number}": shed for number in range(100)}
    assert len(home.site(garden, dt_util.now()).neighbours) == 20
    world.senses.vanish("garden", "shed")
    await world.pass_time(30)
    neighbours = home.site(garden, dt_util.now()).neighbours
    assert {one.state for one in neighbours} == {"offline"}
    assert len(neighbours) == 20
    for number in range(100):
        del home.cameras[f"more_{number}"]


@pytest.mark.parametrize("state", ["-1e300", "inf", "nan", "12", "soon"])
async def test_a_signal_that_no_radio_has_is_not_taken(
    hass: HomeAssistant, entry: MockConfigEntry, world: World, state: str
) -> None:
    """Other integrations' entities say what they like."""
    subentry = entry.subentries["subentry_garden"]
    hass.states.async_set("sensor.other", state)
    data = {**subentry.data, "log_in": False, "signal_sensor": "sensor.other"}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await world.pass_time(20)
    assert world.state("sensor.garden_signal_strength") == STATE_UNKNOWN
