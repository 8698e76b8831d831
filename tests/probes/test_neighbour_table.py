"""Whose hardware address the system holds for the camera's address."""

from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.doctor.evidence import NeighbourTable
from custom_components.tapo_doctor.probes.neighbour_table import answers, neighbour

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "IP address       HW type     Flags       HW address            Mask     Device\n"
OURS, ROUTER, PHONE = "02:00:00:00:00:21", "02:00:00:00:00:01", "02:00:00:00:00:77"
CAMERA_HOST = "192.168.1.21"
ROUTES = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
)


def row(host: str, mac: str, flags: str = "0x2") -> str:
    """Write a line as the kernel does."""
    return f"{host}     0x1         {flags}         {mac}     *        eth0\n"


ROUTERS = row("192.168.1.1", ROUTER)


def look(folder: Path, *rows: str, host: str = CAMERA_HOST) -> NeighbourTable | None:
    """Look at a table."""
    table, routes = folder / "arp", folder / "route"
    table.write_text(HEAD + "".join(rows))
    routes.write_text(ROUTES)
    return neighbour(host, OURS, table, routes)


@pytest.mark.parametrize(
    ("rows", "seen"),
    [
        ([row(CAMERA_HOST, OURS)], NeighbourTable.OWN),
        ([row(CAMERA_HOST, OURS.upper())], NeighbourTable.OWN),
        ([row(CAMERA_HOST, PHONE), ROUTERS], NeighbourTable.OTHER),
        ([row(CAMERA_HOST, "00:00:00:00:00:00", "0x0"), ROUTERS], NeighbourTable.ABSENT),
        ([ROUTERS], NeighbourTable.ABSENT),
    ],
)
def test_the_table_tells_whose_an_address_is(
    tmp_path: Path, rows: list[str], seen: NeighbourTable
) -> None:
    """An address that somebody else has taken explains a silence like nothing else."""
    assert look(tmp_path, *rows) is seen


def test_a_router_that_answers_for_others_is_no_stranger(tmp_path: Path) -> None:
    """With proxy ARP every address has the router's; it would be called a conflict."""
    assert look(tmp_path, row(CAMERA_HOST, ROUTER), ROUTERS) is None


def test_a_repeater_that_lends_its_address_is_no_stranger(tmp_path: Path) -> None:
    """It stands in for everything behind it."""
    others = row("192.168.1.22", PHONE)
    assert look(tmp_path, row(CAMERA_HOST, PHONE), others, ROUTERS) is None


@pytest.mark.parametrize("host", ["192.168.7.21", "127.0.0.1"])
def test_what_can_never_be_in_the_table_is_not_missing(tmp_path: Path, host: str) -> None:
    """A camera in another subnet would be "not on the link" for ever."""
    assert look(tmp_path, ROUTERS, host=host) is None


@pytest.mark.parametrize("text", ["", HEAD + "nonsense\n", HEAD + "a b zz d\n", "ü"])
def test_a_table_of_another_shape_says_at_most_nothing(tmp_path: Path, text: str) -> None:
    """No traceback in every outage."""
    table = tmp_path / "arp"
    table.write_text(text)
    routes = tmp_path / "nowhere"
    assert neighbour(CAMERA_HOST, OURS, table, routes) is None


def test_a_system_without_a_table_could_not_look(tmp_path: Path) -> None:
    """On a Mac there is none."""
    assert neighbour(CAMERA_HOST, OURS, tmp_path / "nowhere") is None
    assert not answers(CAMERA_HOST, tmp_path / "nowhere")


def test_only_an_answered_entry_is_a_witness(tmp_path: Path) -> None:
    """An entry without an answer stands there for every address that was ever asked."""
    table = tmp_path / "arp"
    table.write_text(HEAD + ROUTERS + row(CAMERA_HOST, "00:00:00:00:00:00", "0x0"))
    assert answers("192.168.1.1", table)
    assert not answers(CAMERA_HOST, table)
    assert not answers("192.168.1.99", table)
