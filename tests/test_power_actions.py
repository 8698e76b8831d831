"""The actions, the button and the switch: who may cut power, and how it is refused."""

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.setup import async_setup_component

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.probes.findings import Hello, Reading

from .plugs import PLUG, fill, have_plugs
from .test_power_cycling import Powered, link, powered

if TYPE_CHECKING:
    import asyncio

    from homeassistant.core import HomeAssistant, ServiceResponse
    from homeassistant.helpers import entity_registry as er
    from pytest_homeassistant_custom_component.common import MockUser

    from .world import World

__all__ = ["powered"]

GARDEN = "binary_sensor.garden_connection_problem"
SHED = "binary_sensor.shed_connection_problem"
BUTTON = "button.garden_power_cycle"
SWITCH = "switch.garden_automatic_power_cycle"


def call(
    hass: HomeAssistant,
    *entity_ids: str,
    answer: bool = False,
    context: Context | None = None,
    **data: Any,
) -> asyncio.Task[ServiceResponse]:
    """Call the action."""
    data["entity_id"] = list(entity_ids or (GARDEN,))
    return hass.async_create_task(
        hass.services.async_call(
            DOMAIN, "power_cycle", data, blocking=True, return_response=answer, context=context
        )
    )


async def test_an_answer_says_what_was_done(powered: Powered) -> None:
    """For automations in keys, for people in words."""
    await powered.hang()
    task = call(powered.hass, answer=True)
    await powered.pass_time(120)
    assert task.result() == {
        "Garden": {
            "done": True,
            "success": True,
            "reason": None,
            "reason_in_words": None,
            "back_after": pytest.approx(40, abs=6),
        }
    }


async def test_a_refusal_is_an_answer_where_one_is_asked_for(powered: Powered) -> None:
    """A script that treats ten cameras goes on with the next."""
    task = call(powered.hass, answer=True)
    await powered.pass_time(1)
    answer = task.result()
    assert answer is not None
    assert answer["Garden"] == {
        "done": False,
        "success": False,
        "reason": "healthy",
        "reason_in_words": "All is well",
        "back_after": None,
    }


async def test_a_refusal_is_an_error_where_no_answer_is_asked_for(powered: Powered) -> None:
    """In words, and nothing is cut."""
    task = call(powered.hass)
    with pytest.raises(ServiceValidationError, match="of Garden was not cut: All is well"):
        await task
    assert powered.plug.calls == []


@pytest.mark.parametrize("how", ["action", "button"])
async def test_a_full_disk_is_told_to_who_asks(
    powered: Powered, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The button was silent, and the log spoke of a task that nobody had waited for."""
    await powered.hang()
    with monkeypatch.context() as disk:
        fill(disk)
        pressed = powered.hass.services.async_call(
            "button", "press", {"entity_id": BUTTON}, blocking=True
        )
        with pytest.raises(ServiceValidationError, match="nothing can be written to the disk"):
            await (pressed if how == "button" else call(powered.hass))
        if how == "action":
            pressed.close()
    assert powered.plug.calls == []
    assert powered.camera.chart.memory.remedies == ()


async def test_a_disk_that_is_full_in_the_last_moment_is_told_too(
    powered: Powered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the trial and the debt somebody has stored a film."""
    await powered.hang()
    with monkeypatch.context() as disk:
        # The action decides twice, and tries the disk with two writings each time.
        fill(disk, room=4)
        task = call(powered.hass)
        with pytest.raises(ServiceValidationError, match="nothing can be written to the disk"):
            await task
    assert powered.plug.calls == []


async def test_a_failure_is_an_error_too(powered: Powered) -> None:
    """An automation that believes all is well does not tell its owner."""
    await powered.hang()
    powered.boot_s = None
    task = call(powered.hass)
    await powered.pass_time(260)
    with pytest.raises(HomeAssistantError, match="did not come back"):
        task.result()


def _gone(powered: Powered) -> None:
    powered.hass.states.async_remove(PLUG)


def _assumed(powered: Powered) -> None:
    powered.hass.states.async_set(PLUG, "on", {"assumed_state": True})


def _group(powered: Powered) -> None:
    powered.hass.states.async_set(PLUG, "on", {"entity_id": ["switch.a", "switch.b"]})


def _light(powered: Powered) -> None:
    link(powered.world, "garden", plug="light.lamp")


def _ours(powered: Powered) -> None:
    link(powered.world, "garden", plug="switch.garden_alerts")


def _router(powered: Powered) -> None:
    entry = powered.world.entry
    powered.hass.config_entries.async_update_entry(entry, options={"router_plug": PLUG})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (_gone, "no longer known to Home Assistant"),
        (lambda powered: powered.plug.vanish(), "cannot be reached at the moment"),
        (lambda powered: powered.plug.show("unknown"), "cannot be reached at the moment"),
        (lambda powered: powered.plug.show("off"), "is off already"),
        (_assumed, "does not tell whether it is on"),
        (_group, "a group of several switches"),
        (_light, "is no switch"),
        (_ours, "belongs to Tapo Doctor itself"),
        (_router, "powers the router"),
    ],
)
@pytest.mark.parametrize("how", [{}, {"force": True}, {"answer": True}])
async def test_bad_input_is_refused_before_anything_is_cut(
    powered: Powered, wrong: Any, words: str, how: dict[str, Any]
) -> None:
    """Also where a person insists, and where an answer could tell."""
    await powered.hang()
    wrong(powered)
    await powered.pass_time(1)
    with pytest.raises(ServiceValidationError, match=words):
        await call(powered.hass, **how)
    assert "turn_off" not in powered.plug.calls


async def test_a_camera_without_a_plug_is_refused(powered: Powered) -> None:
    """Nothing done is not success; nor is half of what was asked for."""
    await powered.hang()
    for targets in ((SHED,), (GARDEN, SHED)):
        with pytest.raises(ServiceValidationError, match="Shed was not cut: no smart plug"):
            await call(powered.hass, *targets)
    assert powered.plug.calls == []


@pytest.mark.parametrize("seconds", [4, 121, 0, -30])
async def test_a_time_out_of_range_is_refused(powered: Powered, seconds: int) -> None:
    """A capacitor holds for four seconds, and nobody waits for an hour."""
    await powered.hang()
    for action, target in (("power_cycle", {"entity_id": [GARDEN]}), ("restart_network", {})):
        with pytest.raises(ServiceValidationError) as refused:
            await powered.hass.services.async_call(
                DOMAIN, action, {"off_seconds": seconds, **target}, blocking=True
            )
        assert refused.value.translation_key == "off_seconds_out_of_range"
    assert powered.plug.calls == []


async def test_a_second_call_is_refused_while_one_runs(powered: Powered) -> None:
    """In words, at once."""
    await powered.hang()
    first = call(powered.hass)
    await powered.pass_time(1)
    with pytest.raises(ServiceValidationError, match="power is being cut at this moment"):
        await call(powered.hass)
    await powered.pass_time(120)
    assert first.done()


async def test_two_cameras_on_one_plug_are_cut_once(powered: Powered) -> None:
    """And both are told of."""
    link(powered.world, "shed")
    await powered.pass_time(2)
    powered.cameras = ("garden", "shed")
    task = call(powered.hass, GARDEN, SHED, force=True, answer=True)
    await powered.pass_time(120)
    answer = task.result()
    assert answer is not None
    assert set(answer) == {"Garden", "Shed"}
    assert answer["Garden"] == answer["Shed"]
    assert powered.plug.calls == ["turn_off", "turn_on"]


async def test_a_refusal_for_one_is_none_for_the_other_on_its_plug(powered: Powered) -> None:
    """The first is only out of reach; the second hangs, and a cut helps it."""
    link(powered.world, "shed")
    await powered.world.pass_time(15)
    shed = powered.world.senses.camera("shed")
    shed.hello, shed.reading = Hello.SILENT, Reading(result=LoginResult.TIMEOUT)
    powered.world.senses.vanish("garden")
    await powered.world.pass_time(80)
    powered.cameras = ("garden", "shed")
    task = call(powered.hass, GARDEN, SHED, answer=True)
    await powered.pass_time(120)
    answer = task.result()
    assert answer is not None
    assert list(answer) == ["Garden", "Shed"], "else this test shows nothing"
    done = [isinstance(result, dict) and result["done"] for result in answer.values()]
    assert done == [False, True]


@pytest.mark.parametrize("failing", ["Garden", "Shed"])
async def test_a_failure_at_one_plug_does_not_keep_the_others_from_being_treated(
    powered: Powered, failing: str
) -> None:
    """One dead plug must not cost the other camera its remedy; it is told in the end."""
    other = "switch.other"
    plugs = have_plugs(powered.hass, PLUG, other)
    fails, obeys = (PLUG, other) if failing == "Garden" else (other, PLUG)
    plugs[fails].fails = HomeAssistantError("no")
    link(powered.world, "shed", plug=other)
    await powered.world.pass_time(15)
    well = "shed" if failing == "Garden" else "garden"
    powered.boots = Powered(powered.world, plugs[obeys], (well,)).boots
    task = call(powered.hass, GARDEN, SHED, force=True)
    await powered.pass_time(260)
    with pytest.raises(HomeAssistantError, match=failing):
        task.result()
    assert plugs[obeys].calls == ["turn_off", "turn_on"]


async def test_two_plugs_are_cut_one_after_another(powered: Powered) -> None:
    """A fuse, and a viewer, are glad of it."""
    other = "switch.other"
    plugs = have_plugs(powered.hass, PLUG, other)
    link(powered.world, "shed", plug=other)
    await powered.pass_time(2)
    order: list[str] = []
    for name, plug, camera in (("garden", plugs[PLUG], "garden"), ("shed", plugs[other], "shed")):
        dark = Powered(powered.world, plug, (camera,))
        cut = plug.on_call
        powered.boots = dark.boots

        def switched(service: str, name: str = name, cut: Any = cut) -> None:
            order.append(f"{name} {service}")
            cut(service)

        plug.on_call = switched
    task = call(powered.hass, GARDEN, SHED, force=True, answer=True)
    await powered.pass_time(240)
    assert task.done()
    first, second = order[:2], order[2:]
    assert {tuple(first), tuple(second)} == {
        ("garden turn_off", "garden turn_on"),
        ("shed turn_off", "shed turn_on"),
    }


async def test_a_guest_may_not_cut_power(
    powered: Powered, hass_read_only_user: MockUser, hass_admin_user: MockUser
) -> None:
    """Neither a camera's nor the router's."""
    guest, admin = Context(user_id=hass_read_only_user.id), Context(user_id=hass_admin_user.id)
    with pytest.raises(Unauthorized):
        await call(powered.hass, context=guest, force=True)
    with pytest.raises(Unauthorized):
        await powered.hass.services.async_call(
            DOMAIN, "restart_network", {}, blocking=True, context=guest
        )
    assert powered.plug.calls == []
    task = call(powered.hass, context=admin, force=True)
    await powered.pass_time(120)
    assert task.result() is None
    assert powered.plug.calls == ["turn_off", "turn_on"]


async def test_the_actions_refuse_while_no_home_is_set_up(hass: HomeAssistant) -> None:
    """They exist all the same."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass)
    assert refused.value.translation_key == "not_loaded"
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(DOMAIN, "restart_network", {}, blocking=True)
    assert refused.value.translation_key == "not_loaded"


async def press(hass: HomeAssistant) -> None:
    """Press the button."""
    await hass.services.async_call("button", "press", {"entity_id": BUTTON}, blocking=True)


async def test_the_button_refuses_in_words_or_begins(powered: Powered) -> None:
    """Nobody holds a button for minutes."""
    with pytest.raises(ServiceValidationError, match="All is well"):
        await press(powered.hass)
    await powered.hang()
    await press(powered.hass)
    await powered.pass_time(120)
    assert powered.plug.calls == ["turn_off", "turn_on"]
    assert powered.world.state("sensor.garden_status") == "online"


async def test_button_and_switch_come_and_go_with_the_plug(
    world: World, entity_registry: er.EntityRegistry
) -> None:
    """A button that can only refuse is in the way."""
    have_plugs(world.hass)
    assert entity_registry.async_get(BUTTON) is None
    link(world, "garden")
    await world.pass_time(2)
    assert world.state(BUTTON) == "unknown"
    assert world.state(SWITCH) == "off"
    link(world, "garden", plug=None)
    await world.pass_time(2)
    assert entity_registry.async_get(BUTTON) is None
    assert world.hass.states.get(SWITCH) is None
    link(world, "garden")
    await world.pass_time(2)
    assert world.state(BUTTON) == "unknown"


async def test_the_switch_stores_the_owner_s_choice(world: World) -> None:
    """And does not disturb what runs."""
    world.hass.states.async_set(PLUG, "on")
    link(world, "garden")
    await world.pass_time(2)
    chart = world.entry.runtime_data.cameras["subentry_garden"].chart
    for service, chosen in (("turn_on", True), ("turn_off", False)):
        await world.hass.services.async_call(
            "switch", service, {"entity_id": SWITCH}, blocking=True
        )
        await world.pass_time(1)
        assert world.entry.subentries["subentry_garden"].data["automatic_power_cycle"] is chosen
        assert world.state(SWITCH) == ("on" if chosen else "off")
    assert world.entry.runtime_data.cameras["subentry_garden"].chart is chart
