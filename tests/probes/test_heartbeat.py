"""The heartbeat, which asks whether something is there at all."""

import asyncio
import errno
import socket
from typing import TYPE_CHECKING, Self

import pytest
from icmplib import Host as Reply
from icmplib import ICMPLibError, ICMPSocketError

from custom_components.tapo_doctor.doctor.evidence import Ping, PortState
from custom_components.tapo_doctor.probes.findings import Heartbeat, Way
from custom_components.tapo_doctor.probes.heartbeat import (
    has_route,
    heartbeat,
    icmp_privilege,
    knock,
    port_state,
)
from tests.home import CameraSpec, Fault, Home

from .conftest import SOMEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Icmp

PATIENCE = 0.15


@pytest.mark.parametrize(
    ("allowed", "privilege"),
    [({False, True}, False), ({False}, False), ({True}, True), (set[bool](), None)],
)
async def test_the_least_privilege_that_does_is_taken(
    icmp: Icmp, allowed: set[bool], privilege: bool | None
) -> None:
    """Containers differ in what they allow; a wrong guess would make all cameras absent."""
    icmp.allowed = allowed
    assert await icmp_privilege() is privilege


@pytest.mark.parametrize("error", [ICMPSocketError("no"), OSError(errno.EMFILE, "no")])
async def test_a_system_that_fails_at_icmp_has_none(icmp: Icmp, error: Exception) -> None:
    """The heartbeat then goes through the port, and a start does not fail."""
    icmp.error = error
    assert await icmp_privilege() is None


async def test_this_system_says_what_it_allows() -> None:
    """With the real library, whatever the answer is here."""
    assert await icmp_privilege() in {True, False, None}


async def test_an_echo_is_an_answer(icmp: Icmp) -> None:
    """The cheapest sign of life, with how long it took."""
    icmp.round_trips = [12.345]
    beat = await heartbeat(SOMEWHERE, (443,), privileged=False)
    assert beat == Heartbeat(answered=True, ping=Ping.REPLY, latency_ms=12.3)
    assert icmp.asked == [SOMEWHERE]


class Sockets:
    """A machine whose routing table ends at its own door."""

    AF_INET = socket.AF_INET
    AF_INET6 = socket.AF_INET6
    SOCK_DGRAM = socket.SOCK_DGRAM

    def __init__(self, error: OSError | None = None) -> None:
        self._error = error
        self.families: list[int] = []

    def socket(self, family: int, _kind: int) -> Sockets:
        """Make one."""
        self.families.append(family)
        return self

    def __enter__(self) -> Self:
        """Open it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""

    def connect(self, _address: tuple[str, int]) -> None:
        """Look for a route."""
        if self._error is not None:
            raise self._error


@pytest.fixture
def route(monkeypatch: pytest.MonkeyPatch) -> Callable[[OSError | None], Sockets]:
    """Let there be a way to other machines, or none."""

    def let(error: OSError | None) -> Sockets:
        sockets = Sockets(error)
        monkeypatch.setattr("custom_components.tapo_doctor.probes.heartbeat.socket", sockets)
        return sockets

    return let


async def test_silence_is_silence_while_there_is_a_way(
    icmp: Icmp, route: Callable[[OSError | None], Sockets]
) -> None:
    """Only then it speaks against the camera."""
    route(None)
    beat = await heartbeat(SOMEWHERE, (443,), privileged=True)
    assert beat == Heartbeat(answered=False, ping=Ping.SILENT)


async def test_without_a_way_one_could_not_look(
    icmp: Icmp, route: Callable[[OSError | None], Sockets]
) -> None:
    """Our own cable pulled out must not be ten dead cameras."""
    route(OSError(errno.ENETUNREACH, "no network"))
    assert await heartbeat(SOMEWHERE, (443,), privileged=True) == Heartbeat(answered=None)


@pytest.mark.parametrize("error", [ICMPLibError("no"), OSError(errno.EMFILE, "too many files")])
async def test_a_ping_that_cannot_be_sent_is_no_absence(icmp: Icmp, error: Exception) -> None:
    """Home Assistant out of sockets is not the camera's fault, nor a traceback."""
    icmp.error = error
    assert await heartbeat(SOMEWHERE, (443,), privileged=True) == Heartbeat(answered=None)


@pytest.mark.parametrize(
    ("code", "state"),
    [(errno.ECONNREFUSED, PortState.REFUSED), (errno.ETIMEDOUT, PortState.SILENT)],
)
async def test_what_pings_do_not_reach_may_still_answer_at_its_port(
    icmp: Icmp,
    route: Callable[[OSError | None], Sockets],
    fails: Callable[[OSError], None],
    code: int,
    state: PortState,
) -> None:
    """Firewalls between networks drop pings; each way to look is told by itself."""
    route(None)
    fails(OSError(code, "as the system says it"))
    beat = await heartbeat(SOMEWHERE, (443,), privileged=True, way=Way.BOTH)
    assert (beat.answered, beat.ping, beat.port) == (
        state is PortState.REFUSED,
        Ping.SILENT,
        state,
    )


async def test_an_echo_ends_a_look_whose_knock_would_still_wait(
    icmp: Icmp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that hangs takes its time at the port, and it is there."""
    icmp.round_trips = [3.0]

    async def never(host: str, port: int) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio, "open_connection", never)
    async with asyncio.timeout(1):
        beat = await heartbeat(SOMEWHERE, (443,), privileged=True, way=Way.BOTH, timeout=60)
    assert beat == Heartbeat(answered=True, ping=Ping.REPLY, latency_ms=3.0)


async def test_ping_and_knock_take_no_longer_than_one_of_them(
    icmp: Icmp, route: Callable[[OSError | None], Sockets], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An absence is to be confirmed within 20 s: three looks of 1.5 s are what there is."""
    route(None)
    together = asyncio.Barrier(2)

    async def ping(address: str, *, timeout: float, **_: object) -> Reply:  # noqa: ASYNC109
        await together.wait()
        return Reply(address, 1, [])

    async def open_connection(host: str, port: int) -> None:
        await together.wait()
        raise OSError(errno.EHOSTUNREACH, "nobody")

    monkeypatch.setattr("custom_components.tapo_doctor.probes.heartbeat.async_ping", ping)
    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    async with asyncio.timeout(1):
        beat = await heartbeat(SOMEWHERE, (443,), privileged=True, way=Way.BOTH)
    assert beat == Heartbeat(answered=False, ping=Ping.SILENT, port=PortState.UNREACHABLE)


async def test_a_knock_that_is_not_allowed_leaves_the_word_to_the_ping(
    icmp: Icmp, route: Callable[[OSError | None], Sockets], fails: Callable[[OSError], None]
) -> None:
    """Else no camera behind our own firewall would ever be missed."""
    route(None)
    fails(OSError(errno.EPERM, "not from here"))
    beat = await heartbeat(SOMEWHERE, (443,), privileged=True, way=Way.BOTH)
    assert beat == Heartbeat(answered=False, ping=Ping.SILENT)


async def test_a_ping_that_cannot_be_sent_leaves_the_word_to_the_knock(
    icmp: Icmp, fails: Callable[[OSError], None]
) -> None:
    """Where the rights for ICMP are taken away later, cameras are missed all the same."""
    icmp.error = ICMPLibError("no")
    fails(TimeoutError(errno.ETIMEDOUT, "nobody"))
    beat = await heartbeat(SOMEWHERE, (443,), privileged=True, way=Way.BOTH)
    assert beat == Heartbeat(answered=False, port=PortState.SILENT)


async def test_where_pings_are_known_to_be_lost_none_is_sent(
    icmp: Icmp, fails: Callable[[OSError], None]
) -> None:
    """Waiting for one would make each look of a camera that is well as long as a lost one."""
    fails(OSError(errno.ECONNREFUSED, "no"))
    beat = await heartbeat(SOMEWHERE, (443,), privileged=True, way=Way.KNOCK)
    assert (beat.answered, beat.ping, beat.port) == (True, None, PortState.REFUSED)
    assert icmp.asked == []


async def test_an_address_of_this_machine_is_not_pinged(icmp: Icmp) -> None:
    """The kernel would answer for a device that is gone."""
    icmp.round_trips = [0.1]
    async with Home([CameraSpec("garden")]) as home:
        garden = home.camera("garden")
        home.fault("garden", Fault.VANISHED)
        beat = await heartbeat(garden.host, (garden.port,), privileged=True, timeout=PATIENCE)
    assert beat == Heartbeat(answered=False, port=PortState.SILENT)
    assert icmp.asked == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (None, (True, PortState.OPEN)),
        (Fault.HUNG_OPEN, (True, PortState.OPEN)),
        (Fault.HUNG_CLOSED, (True, PortState.REFUSED)),
        (Fault.POWER_CUT, (False, PortState.SILENT)),
        (Fault.WIFI_WRONG_PASSWORD, (False, PortState.SILENT)),
    ],
)
async def test_where_icmp_cannot_be_had_a_port_tells(
    fault: Fault | None, expected: tuple[bool, PortState]
) -> None:
    """A refusal is an answer too: somebody is there to refuse."""
    async with Home([CameraSpec("garden")]) as home:
        if fault is not None:
            home.fault("garden", fault)
        garden = home.camera("garden")
        beat = await heartbeat(garden.host, (garden.port,), privileged=None, timeout=PATIENCE)
        assert (beat.answered, beat.port) == expected
        assert (beat.latency_ms is not None) == beat.answered
        assert garden.counters.http_requests == 0


async def test_one_port_that_answers_is_enough() -> None:
    """Routers keep most of their ports shut, and some silent."""
    async with Home([CameraSpec("garden")]) as home:
        home.fault("garden", Fault.VANISHED)
        silent = home.camera("garden")
        assert await knock(silent.host, silent.port, PATIENCE) is PortState.SILENT
        ports = (silent.port, 9)  # Nobody listens at 9, so the kernel refuses there.
        beat = await heartbeat(silent.host, ports, privileged=None, timeout=PATIENCE)
        assert (beat.answered, beat.port) == (True, PortState.REFUSED)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (errno.ECONNREFUSED, PortState.REFUSED),
        (errno.ECONNRESET, PortState.REFUSED),
        (errno.EHOSTUNREACH, PortState.UNREACHABLE),
        (errno.EHOSTDOWN, PortState.UNREACHABLE),
        (errno.ETIMEDOUT, PortState.SILENT),
        (errno.ENETUNREACH, None),
        (errno.ENETDOWN, None),
        (errno.EADDRNOTAVAIL, None),
        (errno.EMFILE, None),
        # A firewall on this very machine speaks for no camera.
        (errno.EPERM, None),
        (errno.EACCES, None),
    ],
)
async def test_an_error_of_the_system_is_told_by_its_kind(
    fails: Callable[[OSError], None], code: int, state: PortState | None
) -> None:
    """A machine without a network could not look; one that was told "no such host" has looked."""
    error = OSError(code, "as the system says it")
    assert port_state(error) is state
    fails(error)
    assert await knock(SOMEWHERE, 443, PATIENCE) is state
    beat = await heartbeat(SOMEWHERE, (443,), privileged=None)
    answered = {None: None, PortState.REFUSED: True}.get(state, False)
    assert beat.answered is answered
    assert beat.port is state


def test_the_way_is_looked_for_in_the_addresses_own_family(
    route: Callable[[OSError | None], Sockets],
) -> None:
    """A home with IPv6 alone has no way to an IPv4 address, and the other way round."""
    sockets = route(None)
    assert has_route("fd00::12")
    assert has_route(SOMEWHERE)
    assert sockets.families == [socket.AF_INET6, socket.AF_INET]
    route(OSError(errno.ENETUNREACH, "no way"))
    assert not has_route(SOMEWHERE)


def test_there_is_always_a_way_to_this_machine() -> None:
    """With the real kernel."""
    assert has_route("127.0.0.1")
