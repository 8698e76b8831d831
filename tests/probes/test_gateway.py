"""Whether the gateway answers, by whatever it is known to answer to."""

import errno
from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.doctor.evidence import Ping, PortState
from custom_components.tapo_doctor.probes import heartbeat, neighbour_table
from custom_components.tapo_doctor.probes.findings import Heartbeat
from custom_components.tapo_doctor.probes.gateway import GatewayHabits, gateway
from tests.home import Fault, Home

from .conftest import SOMEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Icmp


async def test_a_gateway_that_drops_pings_is_known_by_its_ports(
    icmp: Icmp, fails: Callable[[OSError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else "the router is down" would stand there for ever."""
    monkeypatch.setattr(
        "custom_components.tapo_doctor.probes.heartbeat.socket.socket.connect", lambda *_: None
    )
    fails(ConnectionRefusedError(errno.ECONNREFUSED, "no"))
    habits = GatewayHabits()
    for _ in range(3):
        beat = await gateway(SOMEWHERE, None, habits, privileged=True)
        assert (beat.answered, beat.port) == (True, PortState.REFUSED)
    # Once is enough: it is known by then.
    assert icmp.asked == [SOMEWHERE]


async def test_a_gateway_that_answers_pings_is_not_bothered_further(
    icmp: Icmp, fails: Callable[[OSError], None]
) -> None:
    """One packet a minute is enough."""
    icmp.round_trips = [0.4]
    fails(AssertionError())  # type: ignore[arg-type]
    beat = await gateway(SOMEWHERE, None, GatewayHabits(), privileged=True)
    assert beat == Heartbeat(answered=True, ping=Ping.REPLY, latency_ms=0.4)


@pytest.mark.parametrize(("fault", "answered"), [(None, True), (Fault.ROUTER_DOWN, False)])
async def test_a_gateway_with_a_port_is_asked_there(fault: Fault | None, answered: bool) -> None:
    """The port that the owner named is the one that counts."""
    async with Home() as home:
        if fault is not None:
            home.site_fault(fault)
        gate = home.gateway
        beat = await gateway(gate.host, gate.port, GatewayHabits(), privileged=None, timeout=0.15)
        assert beat.answered is answered


@pytest.mark.parametrize(("held", "answered"), [(True, True), (False, False)])
async def test_a_gateway_that_answers_nothing_is_known_by_its_hardware_address(
    monkeypatch: pytest.MonkeyPatch,
    icmp: Icmp,
    fails: Callable[[OSError], None],
    held: bool,
    answered: bool,
) -> None:
    """A router with every door shut would be reported dead for as long as it lives."""
    monkeypatch.setattr(heartbeat, "has_route", lambda _: True)
    monkeypatch.setattr(neighbour_table, "answers", lambda _: held)
    fails(TimeoutError())
    beat = await gateway(SOMEWHERE, None, GatewayHabits(), privileged=True)
    assert beat.answered is answered


async def test_of_a_gateway_that_used_to_answer_the_table_says_nothing(
    monkeypatch: pytest.MonkeyPatch, icmp: Icmp, fails: Callable[[OSError], None]
) -> None:
    """The entry outlives a router that has just died by a minute."""
    monkeypatch.setattr(heartbeat, "has_route", lambda _: True)
    monkeypatch.setattr(neighbour_table, "answers", lambda _: True)
    habits = GatewayHabits()
    icmp.round_trips = [0.4]
    assert (await gateway(SOMEWHERE, None, habits, privileged=True)).answered
    icmp.round_trips = []
    fails(TimeoutError())
    assert (await gateway(SOMEWHERE, None, habits, privileged=True)).answered is False
