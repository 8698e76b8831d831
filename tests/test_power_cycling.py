"""Cutting the power: proof of what came of it, and the plug on in the end, whatever happens."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError

from custom_components.tapo_doctor.debts import DEBTS
from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.evidence import LoginResult, RemedyKind
from custom_components.tapo_doctor.doctor.outages import Tried
from custom_components.tapo_doctor.doctor.preflight import Failure, Refusal
from custom_components.tapo_doctor.happenings import Happened
from custom_components.tapo_doctor.power_cycling import PowerCycleResult
from custom_components.tapo_doctor.probes.findings import Hello, Reading

from .fakes import SLOW
from .plugs import PLUG, be_slow_to_tell, have_plugs, let_time_pass

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from homeassistant.helpers import entity_registry as er

    from custom_components.tapo_doctor.coordinator import CameraCoordinator
    from custom_components.tapo_doctor.happenings import Happening

    from .plugs import FakePlug
    from .world import World

STATUS = "sensor.garden_status"
PROBLEM = "binary_sensor.garden_connection_problem"
BOOT_S = 40.0


class Powered:
    """A home whose garden camera gets its power through a plug."""

    def __init__(self, world: World, plug: FakePlug, cameras: tuple[str, ...]) -> None:
        self.world = world
        self.hass = world.hass
        self.plug = plug
        self.cameras = cameras
        self.boot_s: float | None = BOOT_S
        self.boots: list[asyncio.TimerHandle] = []
        self.news: list[Happening] = []
        self.states: list[str] = []
        plug.on_call = self._switched
        self.camera.news.async_add_listener(self.news.append)
        self.camera.async_add_listener(lambda: self.states.append(str(self.camera.data.status)))

    @property
    def camera(self) -> CameraCoordinator:
        """The garden camera."""
        camera: CameraCoordinator = self.world.entry.runtime_data.cameras["subentry_garden"]
        return camera

    def _switched(self, service: str) -> None:
        """Let the cameras have power, or have none."""
        if self.plug.deaf or self.plug.fails or self.plug.hangs:
            return
        if service == "turn_off":
            self.world.senses.vanish(*self.cameras)
        elif self.boot_s is not None and not self.plug.is_on:
            wake = self.world.senses.come_back
            self.boots.append(self.hass.loop.call_later(self.boot_s, wake, *self.cameras))

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, also for what waits for it."""
        await let_time_pass(self.hass, self.world.freezer, seconds)

    async def hang(self) -> None:
        """Let the camera hang, until that is known."""
        camera = self.world.senses.camera("garden")
        camera.hello, camera.reading = Hello.SILENT, Reading(result=LoginResult.TIMEOUT)
        await self.world.pass_time(80)
        assert self.world.state("sensor.garden_diagnosis") == "camera_frozen"

    def begin(self, **how: Any) -> asyncio.Task[PowerCycleResult]:
        """Begin a power cycle."""
        return self.hass.async_create_task(
            self.camera.home.power.async_power_cycle(self.camera, **how)
        )

    async def cycle(self, seconds: float = 120, **how: Any) -> PowerCycleResult:
        """Begin a power cycle, and let time pass until its end."""
        task = self.begin(**how)
        await self.pass_time(seconds)
        assert task.done()
        return task.result()

    @property
    def happened(self) -> list[Happened]:
        """What was told."""
        return [one.what for one in self.news]


@pytest.fixture
async def powered(world: World) -> AsyncGenerator[Powered]:
    """The garden camera hangs on a plug of its own."""
    plug = have_plugs(world.hass)[PLUG]
    link(world, "garden")
    await world.pass_time(2)
    powered = Powered(world, plug, ("garden",))
    yield powered
    plug.on_call = lambda _service: None
    for boot in powered.boots:
        boot.cancel()


def link(world: World, name: str, **settings: object) -> None:
    """Tell the doctor about a camera's plug."""
    subentry = world.entry.subentries[f"subentry_{name}"]
    world.hass.config_entries.async_update_subentry(
        world.entry, subentry, data={**subentry.data, "plug": PLUG, **settings}
    )


async def test_a_hung_camera_comes_back_through_its_plug(powered: Powered) -> None:
    """The whole remedy, with its proof and what is learnt from it."""
    await powered.hang()
    lost = powered.camera.lost_at
    result = await powered.cycle()
    assert (result.done, result.reason) == (True, None)
    assert result.back_after_s == pytest.approx(BOOT_S, abs=6)
    assert powered.plug.calls == ["turn_off", "turn_on"]
    assert powered.world.state(STATUS) == "online"
    memory = powered.camera.chart.memory
    assert memory.restart_s == result.back_after_s
    assert [(one.remedy, one.helped) for one in memory.remedies] == [(RemedyKind.POWER_CYCLE, True)]
    outage = memory.outages[-1]
    assert (outage.start, outage.cause) == (lost, Cause.CAMERA_FROZEN)
    assert (outage.tried, outage.helped) == ((RemedyKind.POWER_CYCLE,), RemedyKind.POWER_CYCLE)
    assert not outage.planned
    assert powered.happened == [
        Happened.CONNECTION_LOST,
        Happened.CONNECTION_RESTORED,
        Happened.POWER_CYCLED,
    ]


async def test_the_problem_stays_until_it_is_proven_that_it_is_over(powered: Powered) -> None:
    """A notice that is withdrawn and sent again is two too many."""
    await powered.hang()
    task = powered.begin()
    await powered.pass_time(20)
    assert powered.world.state(STATUS) == "expected_offline"
    assert powered.world.state(PROBLEM) == STATE_ON
    await powered.pass_time(100)
    assert task.done()
    assert powered.world.state(PROBLEM) == STATE_OFF


async def test_a_camera_that_was_well_is_cut_without_alarm(powered: Powered) -> None:
    """Somebody insists; nobody else shall be woken by it."""
    result = await powered.cycle(force=True)
    assert result.back_after_s
    assert powered.world.state(PROBLEM) == STATE_OFF
    assert set(powered.states) <= {"online", "expected_offline"}
    assert powered.happened == [Happened.POWER_CYCLED]
    memory = powered.camera.chart.memory
    assert memory.remedies[-1].helped is None, "there was nothing to cure"
    assert memory.outages[-1].planned


async def test_a_camera_that_stays_away_is_evidence(powered: Powered) -> None:
    """The next step of the playbook is another one then."""
    await powered.hang()
    powered.boot_s = None
    result = await powered.cycle(300)
    assert result.reason is Failure.CAMERA_STAYED_AWAY
    assert powered.plug.is_on
    assert powered.camera.chart.memory.remedies[-1].helped is False
    assert powered.happened[-1] is Happened.POWER_CYCLE_FAILED
    assert powered.world.state(STATUS) == "offline"
    diagnosis = powered.camera.data.diagnosis
    assert diagnosis is not None
    assert "restart_camera" not in diagnosis.steps


async def test_a_camera_that_answers_without_its_plug_is_not_restarted(powered: Powered) -> None:
    """The wrong plug was linked, and something else was dark for half a minute."""
    powered.plug.on_call = lambda _service: None
    result = await powered.cycle(force=True)
    assert result.reason is Failure.CAMERA_UNTOUCHED
    assert powered.plug.is_on
    assert powered.camera.chart.memory.restart_s is None
    assert powered.camera.chart.memory.remedies[-1].helped is None


async def test_a_slow_camera_gets_twice_its_usual_time(powered: Powered) -> None:
    """A doorbell that takes three minutes is not lost after three minutes."""
    chart = powered.camera.chart
    chart.memory = replace(chart.memory, restart_s=150.0)
    powered.boot_s = 250.0
    result = await powered.cycle(320, force=True)
    assert result.back_after_s == pytest.approx(250, abs=6)
    assert chart.memory.restart_s == pytest.approx(200, abs=4)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"fails": HomeAssistantError("no")}, Failure.PLUG_UNREACHABLE),
        ({"fails": OSError("gone")}, Failure.PLUG_UNREACHABLE),
        ({"hangs": True}, Failure.PLUG_UNREACHABLE),
        ({"deaf": True}, Failure.PLUG_STAYED_ON),
    ],
)
async def test_a_plug_that_does_not_obey_is_told_and_left_on(
    powered: Powered, fault: dict[str, Any], reason: Failure
) -> None:
    """Whether it has heard `off` nobody knows: it is told `on` all the same."""
    await powered.hang()
    for name, value in fault.items():
        setattr(powered.plug, name, value)
    result = await powered.cycle(150)
    assert result.reason is reason
    assert powered.plug.calls[0] == "turn_off"
    assert "turn_on" in powered.plug.calls
    assert powered.happened[-1] is Happened.POWER_CYCLE_FAILED
    # Nobody waits for it when the test is over.
    powered.plug.hangs = False
    await powered.pass_time(12)


@pytest.mark.parametrize(
    ("watts", "reason"),
    [
        ("4.1", Failure.PLUG_STAYED_ON),
        ("0.2", Failure.CAMERA_STAYED_AWAY),
        (None, Failure.CAMERA_STAYED_AWAY),
    ],
)
async def test_a_meter_that_shows_no_fall_disproves_the_cut(
    powered: Powered, watts: str | None, reason: Failure
) -> None:
    """A relay that is stuck: the camera was never without power, and nothing is learnt of it."""
    meter, unit = "sensor.plug_power", {"unit_of_measurement": "W"}
    powered.hass.states.async_set(meter, "4.2", unit)
    link(powered.world, "garden", power_sensor=meter)
    await powered.world.pass_time(5)
    powered.world.senses.vanish("garden")
    await powered.world.pass_time(30)
    powered.boot_s = None
    task = powered.begin(force=True)
    await powered.pass_time(20)
    if watts is not None:
        powered.hass.states.async_set(meter, watts, unit)
    await let_time_pass(powered.hass, powered.world.freezer, 280, step=2)
    assert task.result().reason is reason
    assert powered.plug.is_on
    helped = None if reason is Failure.PLUG_STAYED_ON else False
    assert powered.camera.chart.memory.remedies[-1].helped is helped


async def test_a_plug_that_goes_silent_while_it_is_off_is_turned_on_when_it_speaks(
    powered: Powered,
) -> None:
    """The router may have gone in that very minute."""
    await powered.hang()
    task = powered.begin()
    await powered.pass_time(10)
    powered.plug.show(STATE_UNAVAILABLE)
    await powered.pass_time(80)
    assert task.result().reason is Failure.PLUG_STAYED_OFF
    (tried,) = powered.camera.chart.memory.remedies
    assert tried.helped is None, "whether its power would have helped, nobody has seen yet"
    assert powered.hass.data[DEBTS].owes(PLUG)
    powered.plug.show(STATE_OFF)
    await powered.pass_time(5)
    assert powered.plug.is_on


async def test_a_plug_that_obeys_late_does_not_leave_the_camera_dark(powered: Powered) -> None:
    """Its queue delivered `off` after all was over: dark for good, and called expected."""
    await powered.hang()
    powered.plug.hangs = True
    task = powered.begin()
    await powered.pass_time(10.5)
    powered.plug.hangs = False
    await powered.pass_time(40)
    assert task.result().reason is Failure.PLUG_UNREACHABLE
    powered.plug.show(STATE_OFF)
    powered.world.senses.vanish("garden")
    await powered.pass_time(60)
    assert powered.plug.is_on
    assert powered.world.state(STATUS) == "online"


async def test_a_cancelled_call_does_not_break_off_the_cycle(powered: Powered) -> None:
    """An automation that restarts itself must not leave the camera dark."""
    await powered.hang()
    task = powered.begin()
    await powered.pass_time(5)
    task.cancel()
    await powered.pass_time(115)
    assert task.cancelled()
    assert powered.plug.is_on
    assert powered.world.state(STATUS) == "online"


@pytest.mark.parametrize("after_s", [0, 0.5, 5, 29, 31, 50])
@pytest.mark.parametrize("how", ["reload", "unload", "remove", "remove camera", "stop"])
async def test_the_plug_ends_on_whatever_ends_the_cycle(
    powered: Powered, how: str, after_s: float
) -> None:
    """Nobody comes back to turn it on."""
    world, entries = powered.world, powered.hass.config_entries
    await powered.hang()
    powered.begin()
    await asyncio.sleep(0)
    await powered.pass_time(after_s)
    match how:
        case "reload":
            await entries.async_reload(world.entry.entry_id)
        case "unload":
            await entries.async_unload(world.entry.entry_id)
        case "remove":
            await entries.async_remove(world.entry.entry_id)
        case "remove camera":
            entries.async_remove_subentry(world.entry, "subentry_garden")
            await powered.pass_time(1)
        case "stop":
            await powered.hass.async_stop(force=True)
    assert powered.plug.is_on
    if how != "stop":
        await powered.pass_time(30)
        assert powered.plug.is_on
        assert not powered.hass.data[DEBTS].owes(PLUG)


@pytest.mark.parametrize("how", ["unload", "remove camera"])
async def test_nothing_is_cut_for_who_was_let_go_while_the_plug_was_asked(
    powered: Powered, how: str
) -> None:
    """The decision is made in another world then: nobody watches that camera any more."""
    world, entries = powered.world, powered.hass.config_entries
    await powered.hang()
    answer = await be_slow_to_tell(powered.hass)
    task = powered.begin(force=True)
    await powered.pass_time(1)
    if how == "unload":
        await entries.async_unload(world.entry.entry_id)
    else:
        entries.async_remove_subentry(world.entry, "subentry_garden")
        await powered.pass_time(1)
    answer.set()
    await powered.pass_time(2)
    assert task.result() == PowerCycleResult(done=False, reason=Refusal.STOPPING)
    assert powered.plug.calls == []


@pytest.mark.parametrize("other", [None, "switch.other"])
async def test_a_plug_that_is_unlinked_while_it_is_off_ends_on(
    powered: Powered, other: str | None
) -> None:
    """What was cut is given back, whatever the camera hangs on from now on."""
    await powered.hang()
    task = powered.begin()
    await powered.pass_time(10)
    link(powered.world, "garden", plug=other)
    await powered.pass_time(120)
    assert task.result().reason is None
    assert powered.plug.is_on
    assert powered.plug.calls == ["turn_off", "turn_on"]
    assert not powered.hass.data[DEBTS].owes(PLUG)
    assert powered.world.state(STATUS) == "online"


async def test_a_plug_that_is_renamed_while_it_is_off_ends_on(
    powered: Powered, entity_registry: er.EntityRegistry
) -> None:
    """Somebody tidies up in that very half a minute."""
    other = "switch.other"
    powered.hass.states.async_remove(PLUG)
    entity_registry.async_get_or_create("switch", "demo", "1", suggested_object_id="plug")
    plugs = have_plugs(powered.hass, PLUG, other)
    powered.hass.states.async_remove(other)
    await powered.hang()
    powered.begin()
    await powered.pass_time(10)
    powered.hass.states.async_remove(PLUG)
    entity_registry.async_update_entity(PLUG, new_entity_id=other)
    plugs[other].show(STATE_OFF)
    await powered.pass_time(60)
    assert plugs[other].is_on
    assert not powered.hass.data[DEBTS].owes(other)


async def test_somebody_who_turns_the_plug_on_ends_the_wait(powered: Powered) -> None:
    """And who turns it off again afterwards wants it off."""
    await powered.hang()
    powered.begin()
    await powered.pass_time(5)
    powered.world.senses.come_back("garden")
    powered.plug.show(STATE_ON, Context(user_id="owner"))
    await powered.pass_time(2)
    powered.plug.show(STATE_OFF, Context(user_id="owner"))
    await powered.pass_time(40)
    assert not powered.plug.is_on
    assert not powered.hass.data[DEBTS].owes(PLUG)


async def test_one_at_a_time(powered: Powered) -> None:
    """Two hands on one switch end with it off."""
    await powered.hang()
    first = powered.begin()
    await powered.pass_time(1)
    second = await powered.cycle(1)
    assert second == PowerCycleResult(done=False, reason=Refusal.UNDER_WAY)
    await powered.pass_time(120)
    assert first.result().reason is None
    assert powered.plug.calls == ["turn_off", "turn_on"]


async def test_two_that_come_at_once_are_one(powered: Powered) -> None:
    """Both have looked at the plug before one of them cuts it."""
    await powered.hang()
    tasks = [powered.begin(), powered.begin()]
    await powered.pass_time(120)
    assert [task.result().done for task in tasks] == [True, False]


async def test_a_camera_that_writes_its_firmware_keeps_its_power(powered: Powered) -> None:
    """Whoever insists."""
    camera = powered.world.senses.camera("garden")
    camera.slow = replace(SLOW, updating=True)
    await powered.pass_time(1)
    await powered.hass.config_entries.async_reload(powered.world.entry.entry_id)
    await powered.world.pass_time(15)
    result = await powered.cycle(5, force=True)
    assert result == PowerCycleResult(done=False, reason=Refusal.UPDATING)
    await powered.world.pass_time(3600, step=60)
    assert (await powered.cycle(120, force=True)).done


async def test_cameras_on_one_plug_go_dark_together(powered: Powered) -> None:
    """One that works is not switched off for another, unless a person insists."""
    link(powered.world, "shed")
    await powered.pass_time(15)
    await powered.hang()
    powered.cameras = ("garden", "shed")
    assert (await powered.cycle(5)).reason is Refusal.SHARED
    result = await powered.cycle(120, force=True)
    assert result.reason is None
    home = powered.camera.home
    shed = home.cameras["subentry_shed"].chart.memory
    assert shed.remedies == (
        Tried(remedy=RemedyKind.POWER_CYCLE, at=shed.remedies[0].at, helped=None),
    )
    assert powered.world.state("sensor.shed_status") == "online"
