"""What several cameras have in common is told once, by the home."""

import asyncio
from typing import TYPE_CHECKING

import pytest
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import RemedyKind
from custom_components.tapo_doctor.doctor.household import Kind
from custom_components.tapo_doctor.doctor.outages import Tried
from custom_components.tapo_doctor.enrolment import Outcome, Trial, new_subentry
from custom_components.tapo_doctor.guidance import async_note_remedy

from .fakes import FakeCamera

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.tapo_doctor.home import Home

    from .fakes import FakeSenses
    from .world import World

PROBLEM = "binary_sensor.tapo_doctor_connection_problem"
DIAGNOSIS = "sensor.tapo_doctor_diagnosis"
COUNT = "sensor.tapo_doctor_problem_cameras"


def home(world: World) -> Home:
    """Return the home."""
    runs: Home = world.entry.runtime_data
    return runs


def silenced(world: World) -> set[str]:
    """Return the names of the cameras that the home speaks for."""
    return {one.name for one in home(world).cameras.values() if one.data.part_of_home}


def agrees_with_its_cameras(world: World) -> bool:
    """Whether the home thinks what its cameras think together, as of now."""
    finding = home(world).finding
    assert finding is not None
    shares = [
        one.probability
        for camera in home(world).cameras.values()
        if camera.data.diagnosis is not None
        for one in camera.data.diagnosis.ranking
        if one.cause is finding.diagnosis.cause
    ]
    thought: float = finding.diagnosis.ranking[0].probability
    return thought == pytest.approx(sum(shares) / len(shares))


async def test_a_home_that_is_well_says_so(world: World) -> None:
    """A card for the wall: one look, and nothing to worry about."""
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(DIAGNOSIS) == "healthy"
    assert world.state(COUNT) == "0"
    assert home(world).finding is None


async def test_nothing_is_claimed_before_it_was_looked_at(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """A start is no all-clear."""
    senses.vanish("garden", "shed")
    await hass.config_entries.async_setup(entry.entry_id)
    for entity in (PROBLEM, DIAGNOSIS, COUNT):
        state = hass.states.get(entity)
        assert state is not None
        assert state.state == STATE_UNKNOWN


async def test_one_camera_s_trouble_is_its_own(world: World) -> None:
    """The home is not in trouble because the shed's adapter is dead."""
    world.senses.vanish("shed")
    await world.pass_time(60)
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(COUNT) == "1"
    state = world.hass.states.get(COUNT)
    assert state is not None
    assert state.attributes["cameras"] == ["Shed"]
    assert not silenced(world)


async def test_what_an_examination_finds_reaches_the_home(world: World) -> None:
    """Else the home says what was thought in the first second, for as long as the outage lasts."""
    world.senses.slow_answers = asyncio.Event()
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(30, wait=False)
    world.senses.slow_answers.set()
    await world.pass_time(20)
    assert agrees_with_its_cameras(world)


async def test_the_router_s_outage_is_one_finding(world: World) -> None:
    """Five cameras, one cause, one notice."""
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(40)
    finding = home(world).finding
    assert finding is not None
    assert finding.kind is Kind.GATEWAY
    assert silenced(world) == {"Garden", "Shed"}
    assert world.state(PROBLEM) == STATE_ON
    assert world.state(DIAGNOSIS) == "router_down"
    assert world.state(COUNT) == "2"
    problem, diagnosis = world.hass.states.get(PROBLEM), world.hass.states.get(DIAGNOSIS)
    assert problem is not None
    assert diagnosis is not None
    assert problem.attributes["since"] == finding.since
    assert problem.attributes["cause"] == "router_down"
    assert diagnosis.attributes["cameras"] == ["Garden", "Shed"]
    assert diagnosis.attributes["steps"][0] == "restart_router_and_camera"
    assert len(diagnosis.attributes["steps_in_words"]) == len(diagnosis.attributes["steps"])
    world.senses.gateway_answers = True
    world.senses.come_back("garden", "shed")
    await world.pass_time(20)
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(DIAGNOSIS) == "healthy"
    assert world.state(COUNT) == "0"
    assert not silenced(world)


async def test_cameras_that_drop_and_return_one_by_one_make_one_finding(world: World) -> None:
    """On and off and on again would be three notices for one restart of the router."""
    changes = async_capture_events(world.hass, "state_changed")
    world.senses.gateway_answers = False
    world.senses.vanish("garden")
    await world.pass_time(18)
    world.senses.vanish("shed")
    await world.pass_time(60)
    world.senses.gateway_answers = True
    await world.pass_time(30)
    world.senses.come_back("shed")
    await world.pass_time(90)
    assert silenced(world) == {"Garden"}
    world.senses.come_back("garden")
    await world.pass_time(30)
    shown = [
        event.data["new_state"].state
        for event in changes
        if event.data["entity_id"] == PROBLEM
        and event.data["new_state"].state != event.data["old_state"].state
    ]
    assert shown == [STATE_ON, STATE_OFF]


async def test_who_does_not_come_back_with_the_others_is_on_its_own_in_the_end(
    world: World,
) -> None:
    """Else a dead camera would hide behind last week's restart of the router."""
    world.senses.gateway_answers = False
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    world.senses.gateway_answers = True
    world.senses.come_back("shed")
    await world.pass_time(240, step=2)
    assert silenced(world) == {"Garden"}
    await world.pass_time(120, step=2)
    assert not silenced(world)
    assert world.state(PROBLEM) == STATE_OFF
    assert world.state(COUNT) == "1"


async def test_a_network_that_is_gone_while_the_router_answers_is_found(world: World) -> None:
    """An access point is dead, or has a new password: nothing that one camera could tell."""
    world.senses.vanish("garden", "shed")
    await world.pass_time(40)
    finding = home(world).finding
    assert finding is not None
    assert (finding.kind, len(finding.members)) == (Kind.WIFI, 2)


async def joined(world: World, **shared: str) -> None:
    """Let both cameras share something, and add a third one that does not."""
    entries = world.hass.config_entries
    for subentry in list(world.entry.subentries.values()):
        entries.async_update_subentry(world.entry, subentry, data={**subentry.data, **shared})
    world.senses.cameras["192.168.1.30"] = FakeCamera()
    third = new_subentry(Trial(host="192.168.1.30", outcome=Outcome.NO_ANSWER))
    entries.async_add_subentry(world.entry, third)
    await world.pass_time(30)


async def test_cameras_on_one_plug_are_one_finding_while_the_network_is_up(world: World) -> None:
    """A dead power strip on the porch."""
    world.hass.states.async_set("switch.strip", "on")
    await joined(world, plug="switch.strip")
    world.senses.vanish("garden", "shed")
    await world.pass_time(40)
    finding = home(world).finding
    assert finding is not None
    assert finding.kind is Kind.PLUG
    assert silenced(world) == {"Garden", "Shed"}


@pytest.mark.parametrize("attribute", ["ap_mac", "connected_to"])
async def test_cameras_of_one_access_point_are_one_finding_while_the_others_work(
    world: World, attribute: str
) -> None:
    """The repeater in the attic is dead; the router knows who was heard through it."""
    world.hass.states.async_set("device_tracker.outside", "home", {attribute: "attic"})
    await joined(world, tracker="device_tracker.outside")
    world.senses.vanish("garden", "shed")
    await world.pass_time(40)
    finding = home(world).finding
    assert finding is not None
    assert finding.kind is Kind.ACCESS_POINT
    assert silenced(world) == {"Garden", "Shed"}
    world.hass.states.async_set("device_tracker.outside", "not_home")
    home(world).async_review()
    await world.pass_time(700, step=5)
    assert home(world).finding is not None, "although the router has forgotten it by now"


async def test_our_own_network_s_outage_is_told_although_no_camera_can_be_judged(
    world: World,
) -> None:
    """Somebody has pulled the plug of Home Assistant's own switch."""
    for name in ("garden", "shed"):
        world.senses.camera(name).answers = None
    world.senses.gateway_answers = None
    await world.pass_time(70)
    assert world.state(PROBLEM) == STATE_ON
    assert world.state(DIAGNOSIS) == "home_assistant_network"
    assert world.state(COUNT) == "0"
    world.senses.gateway_answers = True
    for name in ("garden", "shed"):
        world.senses.camera(name).answers = True
    await world.pass_time(20)
    assert world.state(PROBLEM) == STATE_OFF


async def test_it_is_told_only_when_something_has_changed(world: World) -> None:
    """Two hundred cameras change all the time; the home does not."""
    calls: list[bool] = []
    stop = home(world).async_add_listener(lambda: calls.append(True))
    await world.pass_time(300, step=2)
    assert not calls
    world.senses.vanish("shed")
    await world.pass_time(40)
    assert len(calls) == 1
    stop()
    world.senses.come_back("shed")
    await world.pass_time(20)
    assert len(calls) == 1


async def test_a_camera_that_is_removed_is_not_counted_any_more(world: World) -> None:
    """Else its trouble would be the home's for ever."""
    world.senses.gateway_answers = False
    world.senses.vanish("garden", "shed")
    await world.pass_time(40)
    world.hass.config_entries.async_remove_subentry(world.entry, "subentry_shed")
    await world.pass_time(5)
    assert world.state(COUNT) == "1"
    finding = home(world).finding
    assert finding is not None
    assert finding.members == {"subentry_garden"}


async def test_a_finding_that_ebbs_away_leaves_no_clock_behind(world: World) -> None:
    """The test kit fails on every timer that lingers."""
    world.senses.gateway_answers = False
    world.senses.vanish("garden", "shed")
    await world.pass_time(40)
    world.senses.gateway_answers = True
    world.senses.come_back("shed")
    await world.pass_time(60)
    finding = home(world).finding
    assert finding is not None
    assert finding.ebbing is not None
    assert await world.hass.config_entries.async_unload(world.entry.entry_id)


@pytest.mark.parametrize("entity", [PROBLEM, DIAGNOSIS, COUNT])
async def test_the_home_s_entities_stay_through_a_restart_in_the_middle(
    world: World, entity: str
) -> None:
    """The trouble is the same afterwards, and began when it began."""
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    before = home(world).finding
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.pass_time(40)
    after = home(world).finding
    assert before is not None
    assert after is not None
    assert (after.since, after.members) == (before.since, before.members)
    assert world.state(entity) not in {STATE_UNKNOWN, "unavailable"}


async def test_what_is_reported_of_its_cameras_reaches_the_home(world: World) -> None:
    """Else it says for hours what its own cameras know better."""
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    assert world.state(DIAGNOSIS) == "router_down"
    cameras = ["binary_sensor.garden_connection_problem", "binary_sensor.shed_connection_problem"]
    report = {"entity_id": cameras, "app": "works"}
    await world.hass.services.async_call(DOMAIN, "report", report, blocking=True)
    thought = {world.state(f"sensor.{name}_diagnosis") for name in ("garden", "shed")}
    assert thought == {world.state(DIAGNOSIS)} != {"router_down"}


async def test_what_a_remedy_has_shown_reaches_the_home(world: World) -> None:
    """A restart of the router that was in vain is news about the router."""
    world.senses.gateway_answers = False
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    tried = Tried(remedy=RemedyKind.RESTART_ROUTER, at=dt_util.now(), helped=False)
    for camera in home(world).cameras.values():
        async_note_remedy(camera, tried)
    assert not agrees_with_its_cameras(world)
    await world.pass_time(3)
    assert agrees_with_its_cameras(world)
