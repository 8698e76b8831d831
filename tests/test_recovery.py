"""Automatic recovery: only where it is allowed and right, ever more patiently, and then no more."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.components import persistent_notification
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.tapo_doctor.doctor.budget import SPAN_S
from custom_components.tapo_doctor.doctor.evidence import RemedyKind
from custom_components.tapo_doctor.doctor.outages import Tried
from custom_components.tapo_doctor.doctor.playbook import Step
from custom_components.tapo_doctor.guidance import async_note_failure
from custom_components.tapo_doctor.patients import async_find_patient
from custom_components.tapo_doctor.recovery import Stage
from custom_components.tapo_doctor.summary import placeholders_of

from .plugs import PLUG, fill, have_plugs, let_time_pass
from .test_power_cycling import Powered, link, powered
from .translations import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from custom_components.tapo_doctor.coordinator import CameraCoordinator

    from .world import World

__all__ = ["powered"]

SWITCH = "switch.garden_automatic_power_cycle"


def stage(powered: Powered) -> str:
    """Return what the switch says of the recovery."""
    state = powered.hass.states.get(SWITCH)
    assert state is not None
    return str(state.attributes["recovery"])


def cuts(powered: Powered) -> int:
    """Count how often the power was cut."""
    return powered.plug.calls.count("turn_off")


async def pass_minutes(powered: Powered, minutes: float) -> None:
    """Let minutes pass."""
    await let_time_pass(powered.hass, powered.world.freezer, minutes * 60, step=10)


def test_every_stage_has_a_word() -> None:
    """Else people read `needs_a_person`."""
    switch = WORDS["entity"]["switch"]["automatic_power_cycle"]
    assert set(switch["state_attributes"]["recovery"]["state"]) == set(Stage)


@pytest.fixture
async def allowed(powered: Powered) -> Powered:
    """The owner has allowed it, and the camera hangs and cannot be woken."""
    link(powered.world, "garden", automatic_power_cycle=True)
    await powered.world.pass_time(15)
    powered.boot_s = None
    await powered.hang()
    return powered


def still_hung(powered: Powered) -> None:
    """Let the camera hang again after each cut, as if nothing had been done."""
    camera = powered.world.senses.camera("garden")
    hung = replace(camera)
    senses = powered.world.senses

    def switched(service: str) -> None:
        if service == "turn_off":
            senses.vanish("garden")
        else:
            senses.cameras[powered.camera.chart.target.host] = replace(hung)

    powered.plug.on_call = switched


async def test_nobody_s_camera_is_cut_unasked(powered: Powered) -> None:
    """Off by default."""
    await powered.hang()
    await pass_minutes(powered, 20)
    assert cuts(powered) == 0
    assert stage(powered) == Stage.IDLE


async def test_a_hung_camera_is_cut_after_five_minutes(allowed: Powered) -> None:
    """And is back without anybody having moved."""
    allowed.boot_s = 40
    assert stage(allowed) in {Stage.IDLE, Stage.WAITING}
    await pass_minutes(allowed, 3.5)
    assert cuts(allowed) == 0
    assert stage(allowed) == Stage.WAITING
    await pass_minutes(allowed, 5)
    assert cuts(allowed) == 1
    assert allowed.world.state("sensor.garden_status") == "online"
    await pass_minutes(allowed, 1)
    assert stage(allowed) == Stage.IDLE


async def test_it_is_tried_after_5_15_and_60_minutes_and_then_a_person_is_needed(
    allowed: Powered,
) -> None:
    """Whoever switches for ever wears out the plug, the camera and the patience."""
    still_hung(allowed)
    seen = []
    for minutes in (4, 3, 7, 4, 40, 8):
        await pass_minutes(allowed, minutes)
        seen.append(cuts(allowed))
    assert seen == [0, 1, 1, 2, 2, 3]
    await pass_minutes(allowed, 10)
    assert stage(allowed) == Stage.NEEDS_A_PERSON
    await pass_minutes(allowed, 120)
    assert cuts(allowed) == 3
    assert allowed.plug.is_on


def set_the_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Set the clock on the wall, while the machine's own goes on."""
    utcnow, now = dt_util.utcnow, dt_util.now
    monkeypatch.setattr(dt_util, "utcnow", lambda: utcnow() + by)
    monkeypatch.setattr(dt_util, "now", lambda *zone: now(*zone) + by)


@pytest.mark.parametrize("hours", [-3, 3])
@pytest.mark.parametrize("helped_before", [True, False])
async def test_its_patience_is_no_matter_of_the_clock_on_the_wall(
    allowed: Powered, monkeypatch: pytest.MonkeyPatch, hours: int, *, helped_before: bool
) -> None:
    """Set back in the middle of an outage, it must not forget what it has tried just now."""
    still_hung(allowed)
    if helped_before:
        chart, now = allowed.camera.chart, dt_util.now()
        cut = Tried(remedy=RemedyKind.POWER_CYCLE, at=now - timedelta(hours=30), helped=True)
        # It was tried in another outage.
        chart.memory = replace(chart.memory, remedies=(cut,))
    await pass_minutes(allowed, 4)
    set_the_clock(monkeypatch, timedelta(hours=hours))
    seen = []
    for minutes in (3, 7, 4, 40, 8):
        await pass_minutes(allowed, minutes)
        seen.append(cuts(allowed))
    assert seen == [1, 1, 2, 2, 3]


LEFT = WORDS["selector"]["notice"]["options"]["left_to_you"]


@pytest.fixture
async def left(allowed: Powered) -> Powered:
    """Three cuts were in vain."""
    still_hung(allowed)
    await pass_minutes(allowed, 70)
    assert cuts(allowed) == 3
    return allowed


async def hang_again(powered: Powered) -> None:
    """Let the camera come back, and hang a second time."""
    powered.world.senses.come_back("garden")
    await pass_minutes(powered, 2)
    assert powered.world.state("sensor.garden_status") != "offline"
    # What the mind makes of cuts that were in vain is another matter.
    chart = powered.camera.chart
    chart.memory = replace(chart.memory, remedies=())
    await powered.hang()
    still_hung(powered)


def spoken(powered: Powered) -> str:
    """Return what the notices say."""
    notices = persistent_notification._async_get_or_create_notifications(powered.hass)
    return "\n".join(notice["message"] for notice in notices.values())


async def test_that_it_is_left_to_a_person_is_said(allowed: Powered) -> None:
    """Nobody reads the attributes of a switch; people would go on counting on it."""
    phone = async_mock_service(allowed.hass, "notify", "phone")
    options = {"notices": {"notify_services": ["notify.phone"]}}
    allowed.hass.config_entries.async_update_entry(allowed.world.entry, options=options)
    still_hung(allowed)
    await pass_minutes(allowed, 60)
    assert LEFT not in spoken(allowed)
    before = len(phone)
    await pass_minutes(allowed, 10)
    assert LEFT in spoken(allowed)
    aloud = [call for call in phone[before:] if LEFT in call.data["message"]]
    assert len(aloud) == 1
    patient = async_find_patient(allowed.camera.home, allowed.camera.subentry_id)
    assert patient is not None
    assert LEFT in placeholders_of(patient, allowed.camera.home.words)["reasons"]


async def test_a_person_is_waited_for_longer_than_a_day(left: Powered) -> None:
    """A camera that hangs every day would be cut three times a day for ever."""
    powers = left.camera.power
    powers.async_keep(powers.budget.aged(SPAN_S, well=True), write=True)
    await left.hass.config_entries.async_reload(left.world.entry.entry_id)
    await pass_minutes(left, 2)
    await hang_again(left)
    await pass_minutes(left, 70)
    assert cuts(left) == 3
    assert stage(left) == Stage.NEEDS_A_PERSON
    assert LEFT in spoken(left)


def by_the_switch(powered: Powered) -> None:
    """Switch it off and on."""
    for allowed in (False, True):
        powered.camera.power.async_allow_cycling_unasked(allowed)


def by_a_step(powered: Powered) -> None:
    """Take a step of the repair."""
    async_note_failure(powered.camera, Step.CHECK_POWER)


def by_the_settings(powered: Powered) -> None:
    """Change the camera's settings."""
    link(powered.world, "garden", automatic_power_cycle=True, power_sensor="sensor.other")


def by_hand(powered: Powered) -> None:
    """Have its power cut."""
    powered.begin(force=True)


@pytest.mark.parametrize("act", [by_the_switch, by_a_step, by_the_settings, by_hand])
async def test_a_person_who_acts_lets_it_begin_anew(
    left: Powered, act: Callable[[Powered], None]
) -> None:
    """Not in the same outage, which three cuts did not end; but in the next."""
    act(left)
    await pass_minutes(left, 20)
    by_person = act is by_hand
    assert cuts(left) == 3 + by_person
    assert LEFT not in spoken(left)
    await hang_again(left)
    await pass_minutes(left, 8)
    assert cuts(left) == 4 + by_person


async def test_a_cause_that_a_cut_does_not_cure_is_left_alone(allowed: Powered) -> None:
    """A camera that has moved away is not called back by darkness."""
    allowed.world.senses.vanish("garden")
    await pass_minutes(allowed, 10)
    assert cuts(allowed) == 0
    assert stage(allowed) == Stage.HOLDING_BACK


async def test_attempts_survive_a_restart(allowed: Powered) -> None:
    """A Home Assistant that restarts every hour must not begin anew every hour."""
    still_hung(allowed)
    await pass_minutes(allowed, 40)
    assert cuts(allowed) == 2
    for _ in range(3):
        await allowed.hass.config_entries.async_reload(allowed.world.entry.entry_id)
        await pass_minutes(allowed, 40)
    assert cuts(allowed) == 2, "an hour was never watched in one piece"
    await pass_minutes(allowed, 45)
    assert cuts(allowed) == 3
    await allowed.hass.config_entries.async_reload(allowed.world.entry.entry_id)
    await pass_minutes(allowed, 70)
    assert cuts(allowed) == 3


async def test_an_outage_of_the_home_is_waited_out(allowed: Powered) -> None:
    """And the first minutes after it, in which everything comes back by itself."""
    await pass_minutes(allowed, 2)
    allowed.world.senses.gateway_answers = False
    await pass_minutes(allowed, 20)
    assert cuts(allowed) == 0
    allowed.world.senses.gateway_answers = True
    await pass_minutes(allowed, 9)
    assert cuts(allowed) == 0
    allowed.boot_s = 40
    await pass_minutes(allowed, 8)
    assert cuts(allowed) == 1


async def test_a_paused_camera_is_left_alone(allowed: Powered) -> None:
    """Somebody is working on it."""
    allowed.camera.pausing.async_pause(None)
    await pass_minutes(allowed, 10)
    assert cuts(allowed) == 0


@pytest.fixture
async def shared(allowed: Powered) -> Powered:
    """The shed's camera hangs too, on the same plug, and may be cut as well."""
    world = allowed.world
    link(world, "shed", automatic_power_cycle=True)
    allowed.cameras = ("garden", "shed")
    await world.pass_time(15)
    shed, garden = world.senses.camera("shed"), world.senses.camera("garden")
    shed.hello, shed.reading = garden.hello, garden.reading
    await world.pass_time(80)
    return allowed


def shed_of(powered: Powered) -> CameraCoordinator:
    """Return the shed's camera."""
    camera: CameraCoordinator = powered.camera.home.cameras["subentry_shed"]
    return camera


async def test_a_paused_camera_is_left_alone_by_the_other_on_its_plug(shared: Powered) -> None:
    """Somebody is working on it, whatever the other one needs."""
    shed_of(shared).pausing.async_pause(None)
    await pass_minutes(shared, 10)
    assert cuts(shared) == 0
    assert stage(shared) == Stage.HOLDING_BACK


async def test_a_camera_that_was_not_opted_in_is_not_cut_for_the_other(shared: Powered) -> None:
    """Each camera opts in, and none for its neighbour."""
    shed_of(shared).power.async_allow_cycling_unasked(False)
    await pass_minutes(shared, 10)
    assert cuts(shared) == 0
    assert stage(shared) == Stage.HOLDING_BACK


async def test_cameras_on_one_plug_have_one_budget(shared: Powered) -> None:
    """Three cuts a day are three for the plug, not for each camera on it."""
    await pass_minutes(shared, 9)
    assert cuts(shared) == 1
    assert len(shared.camera.chart.memory.attempts_s) == 1
    assert len(shed_of(shared).chart.memory.attempts_s) == 1


async def test_a_camera_that_its_plug_does_not_power_is_not_cut_again(allowed: Powered) -> None:
    """The wrong plug was linked: each further cut darkens something else, for nothing."""
    allowed.plug.on_call = lambda _service: None
    await pass_minutes(allowed, 9)
    assert cuts(allowed) == 1
    assert stage(allowed) == Stage.NEEDS_A_PERSON
    await pass_minutes(allowed, 90)
    assert cuts(allowed) == 1


async def test_a_full_disk_costs_no_attempt(
    allowed: Powered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was cut, and yet three attempts were counted and a person called."""
    with monkeypatch.context() as disk:
        fill(disk)
        await pass_minutes(allowed, 98)
        # A trial that has just begun is over by then, and the next is not due yet.
        await allowed.pass_time(20)
        assert cuts(allowed) == 0
        assert stage(allowed) in {Stage.WAITING, Stage.HOLDING_BACK}
        assert allowed.camera.chart.memory.attempts_s == ()
        assert allowed.camera.chart.memory.remedies == ()
    await pass_minutes(allowed, 8)
    assert cuts(allowed) >= 1


async def test_a_plug_that_is_gone_costs_no_attempt(allowed: Powered) -> None:
    """Nothing was cut."""
    allowed.plug.show(STATE_UNAVAILABLE)
    await pass_minutes(allowed, 10)
    assert cuts(allowed) == 0
    assert allowed.camera.chart.memory.attempts_s == ()
    assert stage(allowed) == Stage.HOLDING_BACK


async def test_two_hung_cameras_are_cut_one_after_the_other(allowed: Powered, world: World) -> None:
    """One at a time in the home."""
    other = "switch.other"
    plugs = have_plugs(world.hass, PLUG, other)
    link(world, "shed", plug=other, automatic_power_cycle=True)
    await world.pass_time(15)
    dark: set[str] = set()
    most = 0
    for name, plug in plugs.items():

        def switched(service: str, name: str = name) -> None:
            nonlocal most
            (dark.add if service == "turn_off" else dark.discard)(name)
            most = max(most, len(dark))

        plug.on_call = switched
    shed, garden = world.senses.camera("shed"), world.senses.camera("garden")
    shed.hello, shed.reading = garden.hello, garden.reading
    await pass_minutes(allowed, 20)
    assert most == 1
    assert all("turn_off" in plug.calls for plug in plugs.values())
