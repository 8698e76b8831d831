"""Which addresses are on this machine's own link, and who leads beyond."""

from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.probes.routes import default_gateway, on_our_link

if TYPE_CHECKING:
    from pathlib import Path

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
    assert not on_our_link("192.168.1.21", tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("192.168.1.21", True),
        ("192.168.2.21", False),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("fd00::21", False),
    ],
)
def test_only_the_own_subnet_is_on_the_link(tmp_path: Path, host: str, near: bool) -> None:
    """Of an address behind a router the neighbour table never knows anything."""
    routes = tmp_path / "route"
    routes.write_text(HEAD + DEFAULT + LAN + TUNNEL)
    assert on_our_link(host, routes) is near


def test_half_of_the_internet_is_no_default_route(tmp_path: Path) -> None:
    """A tunnel that takes everything in two halves is not the home's router."""
    half = "tun0\t00000000\t0100000A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n"
    routes = tmp_path / "route"
    routes.write_text(HEAD + half + DEFAULT)
    assert default_gateway(routes) == "192.168.1.1"
