"""The kernel's routes: which addresses are on this machine's own link, and who leads beyond."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, ip_address
from pathlib import Path

ROUTES = Path("/proc/net/route")


def default_gateway(routes: Path = ROUTES) -> str | None:
    """Return the default route's gateway; None where there is none to be had."""
    found = [gateway for network, gateway, mask in _read(routes) if gateway and not network | mask]
    return str(IPv4Address(found[0])) if found else None


def on_our_link(host: str, routes: Path = ROUTES) -> bool:
    """Whether an address is reached without a router in between."""
    address = ip_address(host)
    if not isinstance(address, IPv4Address) or address.is_loopback:
        return False
    return any(
        mask and not gateway and int(address) & mask == network
        for network, gateway, mask in _read(routes)
    )


def _read(routes: Path) -> list[tuple[int, int, int]]:
    """Return network, gateway and mask of each route; nothing where they cannot be read."""
    try:
        rows = [line.split() for line in routes.read_text(encoding="ascii").splitlines()[1:]]
        return [(_number(row[1]), _number(row[2]), _number(row[7])) for row in rows]
    except OSError, ValueError, IndexError, OverflowError:
        return []


def _number(text: str) -> int:
    return socket.ntohl(int(text, 16))
