"""The home's gateway: where it is, and whether it answers."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

from .heartbeat import TIMEOUT, heartbeat

if TYPE_CHECKING:
    from .findings import Heartbeat

_ROUTES = Path("/proc/net/route")
_DEFAULT = "00000000"
# Routers that drop pings still answer, or refuse, at one of these.
_PORTS = (53, 80, 443)


def default_gateway(routes: Path = _ROUTES) -> str | None:
    """Read the default route's gateway from the kernel; None where there is none to be had."""
    try:
        lines = routes.read_text(encoding="ascii").splitlines()[1:]
        fields = [line.split() for line in lines]
        hexes = [row[2] for row in fields if row[1] == _DEFAULT and row[2] != _DEFAULT]
        return str(IPv4Address(socket.ntohl(int(hexes[0], 16)))) if hexes else None
    except OSError, ValueError, IndexError, OverflowError:
        return None


async def gateway(
    host: str,
    port: int | None,
    *,
    privileged: bool | None,
    timeout: float = TIMEOUT,  # noqa: ASYNC109
) -> Heartbeat:
    """Look once whether the gateway answers: by ICMP, and if that is silent, at its ports."""
    ports = _PORTS if port is None else (port,)
    beat = await heartbeat(host, ports, privileged=privileged, timeout=timeout)
    if beat.answered is False and beat.ping is not None:
        beat = await heartbeat(host, ports, privileged=None, timeout=timeout)
    return beat
