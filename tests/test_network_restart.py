"""Restarting the network: in the order that works, and only where it can be undone."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.const import STATE_OFF, STATE_UNAVAILABLE
from homeassistant.exceptions import HomeAssistantError

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.debts import DEBTS
from custom_components.tapo_doctor.doctor.evidence import Link, RemedyKind
from custom_components.tapo_doctor.doctor.preflight import Refusal

from .plugs import PLUG, be_slow_to_tell, have_plugs
from .test_power_cycling import Powered, link, powered

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from homeassistant.core import ServiceResponse
    from homeassistant.helpers import entity_registry as er

__all__ = ["powered"]

ROUTER = "switch.router"
NETWORK_S = 60.0


class Restarted(Powered):
    """A home whose router hangs on a plug too."""

    def __init__(self, powered: Powered) -> None:
        plugs = have_plugs(powered.hass, PLUG, ROUTER)
        super().__init__(powered.world, plugs[PLUG], ("garden",))
        self.router = plugs[ROUTER]
        self.order: list[str] = []
        cut = self.plug.on_call

        def camera_switched(service: str) -> None:
            self.order.append(f"camera {service}")
            cut(service)

        def router_switched(service: str) -> None:
            self.order.append(f"router {service}")
            if service == "turn_off":
                self._network(answers=False)
            elif not self.router.is_on:
                loop = self.hass.loop
                self.boots.append(loop.call_later(NETWORK_S, self._network_is_back))

        self.plug.on_call, self.router.on_call = camera_switched, router_switched
        powered.boots = self.boots

    def _network(self, *, answers: bool) -> None:
        senses = self.world.senses
        senses.gateway_answers = answers
        senses.link = Link.OK if answers else Link.DOWN

    def _network_is_back(self) -> None:
        self.order.append("network")
        self._network(answers=True)

    def options(self, **options: Any) -> None:
        """Set the home's options."""
        self.hass.config_entries.async_update_entry(self.world.entry, options=options)

    def call(self, *, answer: bool = True) -> asyncio.Task[ServiceResponse]:
        """Call the action."""
        return self.hass.async_create_task(
            self.hass.services.async_call(
                DOMAIN, "restart_network", {}, blocking=True, return_response=answer
            )
        )


@pytest.fixture
async def restarted(powered: Powered) -> AsyncGenerator[Restarted]:
    """A router whose plug works without it."""
    restarted = Restarted(powered)
    restarted.options(router_plug=ROUTER, router_plug_independent=True)
    await restarted.world.pass_time(5)
    yield restarted
    restarted.plug.on_call = restarted.router.on_call = lambda _service: None


async def test_it_is_done_in_the_order_that_lets_them_find_each_other(
    restarted: Restarted,
) -> None:
    """A camera that starts before its network gives up."""
    await restarted.hang()
    task = restarted.call()
    await restarted.pass_time(240)
    assert restarted.order == [
        "camera turn_off",
        "router turn_off",
        "router turn_on",
        "network",
        "camera turn_on",
    ]
    answer = task.result()
    assert answer is not None
    assert answer["success"] is True
    assert answer["cameras"] == ["Garden"]
    assert answer["back_after"] == pytest.approx(NETWORK_S, abs=8)
    (tried,) = restarted.camera.chart.memory.remedies
    assert (tried.remedy, tried.helped) == (RemedyKind.RESTART_ROUTER, True)
    assert restarted.world.state("sensor.garden_status") == "online"


async def test_no_camera_cries_while_its_network_is_restarted(restarted: Restarted) -> None:
    """The others go with the router: that is what was asked for."""
    shed = restarted.camera.home.cameras["subentry_shed"]
    states: list[str] = []
    shed.async_add_listener(lambda: states.append(str(shed.data.status)))
    cut = restarted.router.on_call

    def router_switched(service: str) -> None:
        cut(service)
        if service == "turn_off":
            restarted.world.senses.vanish("shed")
        else:
            wake = restarted.world.senses.come_back
            restarted.boots.append(restarted.hass.loop.call_later(NETWORK_S, wake, "shed"))

    restarted.router.on_call = router_switched
    task = restarted.call()
    await restarted.pass_time(240)
    assert task.done()
    assert set(states) <= {"online", "expected_offline"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, Refusal.NO_ROUTER_PLUG),
        ({"router_plug": ROUTER}, Refusal.ROUTER_PLUG_NEEDS_ROUTER),
        (
            {"router_plug": "switch.wifi", "router_plug_independent": True},
            Refusal.ROUTER_PLUG_NEEDS_ROUTER,
        ),
        ({"router_plug": "switch.nowhere", "router_plug_independent": True}, Refusal.PLUG_GONE),
        ({"router_plug": "light.lamp", "router_plug_independent": True}, Refusal.PLUG_NO_SWITCH),
    ],
)
async def test_it_is_refused_where_nobody_could_turn_the_router_on_again(
    restarted: Restarted,
    entity_registry: er.EntityRegistry,
    options: dict[str, Any],
    reason: Refusal,
) -> None:
    """A home without its router cannot even ask for help."""
    entity_registry.async_get_or_create("switch", "tplink", "wifi", suggested_object_id="wifi")
    restarted.hass.states.async_set("switch.wifi", "on")
    restarted.options(**options)
    await restarted.world.pass_time(2)
    answer = await restarted.call()
    assert answer is not None
    assert (answer["done"], answer["reason"]) == (False, reason)
    assert answer["reason_in_words"]
    with pytest.raises(HomeAssistantError, match="The network was not restarted"):
        await restarted.call(answer=False)
    assert restarted.order == []


async def test_a_network_that_stays_away_does_not_keep_the_camera_dark(
    restarted: Restarted,
) -> None:
    """After five minutes a camera without a network is better than none."""
    await restarted.hang()
    restarted.router.on_call = lambda service: restarted.order.append(f"router {service}")
    restarted.world.senses.gateway_answers = False
    task = restarted.call()
    await restarted.pass_time(300)
    assert restarted.order[-1] == "router turn_on"
    await restarted.pass_time(120)
    assert restarted.order[-1] == "camera turn_on"
    assert restarted.plug.is_on
    await restarted.pass_time(120)
    answer = task.result()
    assert answer is not None
    assert (answer["success"], answer["reason"]) == (False, "network_stayed_away")
    assert answer["reason_in_words"]
    (tried,) = restarted.camera.chart.memory.remedies
    assert tried.helped is None, "a camera cannot come back to a network that is not there"


async def test_nothing_is_cut_in_a_home_that_ended_while_the_plug_was_asked(
    restarted: Restarted,
) -> None:
    """Nobody would be told that the router is off, and why."""
    answer = await be_slow_to_tell(restarted.hass, ROUTER)
    task = restarted.call()
    await restarted.pass_time(1)
    await restarted.hass.config_entries.async_unload(restarted.world.entry.entry_id)
    answer.set()
    await restarted.pass_time(2)
    assert restarted.order == []
    told = task.result()
    assert told is not None
    assert (told["done"], told["reason"]) == (False, Refusal.STOPPING)


@pytest.mark.parametrize("after_s", [0, 5, 20, 40, 60])
async def test_both_plugs_end_on_whatever_ends_it(restarted: Restarted, after_s: float) -> None:
    """Nobody can call for help without a router."""
    await restarted.hang()
    restarted.call()
    await asyncio.sleep(0)
    await restarted.pass_time(after_s)
    await restarted.hass.config_entries.async_unload(restarted.world.entry.entry_id)
    assert restarted.router.is_on
    assert restarted.plug.is_on
    await restarted.pass_time(15)
    debts = restarted.hass.data[DEBTS]
    assert not debts.owes(ROUTER)
    assert not debts.owes(PLUG)


async def test_who_is_removed_meanwhile_is_not_remembered_again(restarted: Restarted) -> None:
    """What was known of a camera that nobody watches any more is gone for good."""
    await restarted.hang()
    home = restarted.camera.home
    task = restarted.call()
    await restarted.pass_time(10)
    restarted.hass.config_entries.async_remove_subentry(restarted.world.entry, "subentry_shed")
    await restarted.pass_time(300)
    assert task.done()
    assert restarted.router.is_on
    assert restarted.plug.is_on
    assert "subentry_shed" not in home.memory._data()["cameras"]


async def test_a_paused_camera_keeps_its_power(restarted: Restarted) -> None:
    """Somebody is working on it; the router is what was asked for."""
    await restarted.hang()
    restarted.camera.pausing.async_pause(None)
    task = restarted.call()
    await restarted.pass_time(320)
    answer = task.result()
    assert answer is not None
    assert answer["success"] is True
    assert restarted.order == ["router turn_off", "router turn_on", "network"]


async def test_a_router_plug_that_goes_silent_is_owed(restarted: Restarted) -> None:
    """And turned on when it speaks again; the camera does not wait for that."""
    await restarted.hang()
    task = restarted.call()
    await restarted.pass_time(10)
    restarted.router.show(STATE_UNAVAILABLE)
    await restarted.pass_time(320)
    assert task.done()
    answer = task.result()
    assert answer is not None
    assert answer["reason"] == "plug_stayed_off"
    assert restarted.plug.is_on
    assert restarted.hass.data[DEBTS].owes(ROUTER)
    restarted.router.show(STATE_OFF)
    await restarted.pass_time(5)
    assert restarted.router.is_on


async def test_a_camera_on_the_router_s_plug_is_not_cut_by_itself(restarted: Restarted) -> None:
    """Its cut would take the whole network along."""
    link(restarted.world, "garden", plug=ROUTER)
    await restarted.world.pass_time(2)
    await restarted.hang()
    result = await restarted.cycle(2, force=True)
    assert result.reason is Refusal.POWERS_THE_NETWORK
