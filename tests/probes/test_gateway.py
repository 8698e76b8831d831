"""Where the gateway is, and whether it answers."""

import errno
from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.doctor.evidence import Ping, PortState
from custom_components.tapo_doctor.probes.findings import Heartbeat
from custom_components.tapo_doctor.probes.gateway import default_gateway, gateway
from tests.home import Fault, Home

from .conftest import SOMEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Icmp

HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
LAN = "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
DEFAULT = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
TUNNEL = "tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0\n"


@pytest.mark.parametrize(
    ("table", "host"),
    [
        (HEAD + DEFAULT + LAN, "192.168.1.1"),
        (HEAD + LAN + DEFAULT, "192.168.1.1"),
        (HEAD + TUNNEL + DEFAULT, "192.168.1.1"),
        (HEAD + TUNNEL, None),
        (HEAD + LAN, None),
        (HEAD, None),
        ("", None),
        (HEAD + "\n", None),
        (HEAD + "eth0\t00000000\n", None),
        (HEAD + "eth0\t00000000\tnonsense\t0003\n", None),
        (HEAD + "eth0\t00000000\tFFFFFFFFFF\t0003\n", None),
        (HEAD + "eth0\t00000000\t-1\t0003\n", None),
        ("ü" * 10, None),
    ],
)
def test_the_gateway_is_read_from_the_kernels_table(
    tmp_path: Path, table: str, host: str | None
) -> None:
    """A table of another shape is no gateway, and no traceback at every start."""
    routes = tmp_path / "route"
    routes.write_text(table)
    assert default_gateway(routes) == host


def test_a_system_without_that_table_has_no_known_gateway(tmp_path: Path) -> None:
    """On a Mac there is none; the owner can name it in the options."""
    assert default_gateway(tmp_path / "nowhere") is None


async def test_a_gateway_that_drops_pings_is_known_by_its_ports(
    icmp: Icmp, fails: Callable[[OSError], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else "the router is down" would stand there for ever."""
    monkeypatch.setattr(
        "custom_components.tapo_doctor.probes.heartbeat.socket.socket.connect", lambda *_: None
    )
    fails(ConnectionRefusedError(errno.ECONNREFUSED, "no"))
    beat = await gateway(SOMEWHERE, None, privileged=True)
    assert icmp.asked == [SOMEWHERE]
    assert (beat.answered, beat.port) == (True, PortState.REFUSED)


async def test_a_gateway_that_answers_pings_is_not_bothered_further(
    icmp: Icmp, fails: Callable[[OSError], None]
) -> None:
    """One packet a minute is enough."""
    icmp.round_trips = [0.4]
    fails(AssertionError())  # type: ignore[arg-type]
    beat = await gateway(SOMEWHERE, None, privileged=True)
    assert beat == Heartbeat(answered=True, ping=Ping.REPLY, latency_ms=0.4)


@pytest.mark.parametrize(("fault", "answered"), [(None, True), (Fault.ROUTER_DOWN, False)])
async def test_a_gateway_with_a_port_is_asked_there(fault: Fault | None, answered: bool) -> None:
    """The port that the owner named is the one that counts."""
    async with Home() as home:
        if fault is not None:
            home.site_fault(fault)
        gate = home.gateway
        beat = await gateway(gate.host, gate.port, privileged=None, timeout=0.15)
        assert beat.answered is answered
