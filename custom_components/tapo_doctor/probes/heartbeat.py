"""The heartbeat: one packet that asks whether something is on the network at all."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from dataclasses import replace
from ipaddress import ip_address

from icmplib import ICMPLibError, SocketPermissionError, async_ping

from custom_components.tapo_doctor.doctor.evidence import Ping, PortState

from .findings import Heartbeat, Way

# Wi-Fi cameras that save power answer late, but seldom later than a beacon or two; three
# looks of this length with their pauses stay within the 20 s goal.
TIMEOUT = 1.5

_AWAY = {errno.EHOSTUNREACH, errno.EHOSTDOWN}
_ANSWERS = {PortState.OPEN, PortState.REFUSED}


async def icmp_privilege() -> bool | None:
    """Find out once how this system allows ICMP: True raw, False datagram, None not at all."""
    for privileged in (False, True):
        try:
            await async_ping("127.0.0.1", count=0, timeout=0, privileged=privileged)
        except SocketPermissionError:
            continue
        except ICMPLibError, OSError:
            return None
        return privileged
    return None


async def heartbeat(
    host: str,
    ports: tuple[int, ...],
    *,
    privileged: bool | None,
    way: Way = Way.PING,
    timeout: float = TIMEOUT,  # noqa: ASYNC109
) -> Heartbeat:
    """Look once, for at most `timeout` seconds; where ICMP cannot be had, it is knocked.

    An address on this very machine is answered by our own kernel, so that ICMP would say
    nothing about the device behind it.
    """
    if way is Way.KNOCK or privileged is None or ip_address(host).is_loopback:
        return await _knock(host, ports, timeout)
    if way is Way.PING:
        return await _ping(host, privileged, timeout)
    return await _both(host, ports, privileged, timeout)


async def _both(
    host: str,
    ports: tuple[int, ...],
    privileged: bool,
    timeout: float,  # noqa: ASYNC109
) -> Heartbeat:
    """Ping and knock side by side, so that one look takes no longer than the other."""
    async with asyncio.TaskGroup() as looks:
        knocking = looks.create_task(_knock(host, ports, timeout))
        ping = await _ping(host, privileged, timeout)
        if ping.answered:
            knocking.cancel()
    if ping.answered:
        return ping
    knocked = knocking.result()
    return ping if knocked.answered is None else replace(knocked, ping=ping.ping)


async def _ping(
    host: str,
    privileged: bool,
    timeout: float,  # noqa: ASYNC109
) -> Heartbeat:
    try:
        reply = await async_ping(host, count=1, timeout=timeout, privileged=privileged)
    except ICMPLibError, OSError:
        # No socket to be had: that is trouble of our own, and says nothing about the device.
        return Heartbeat(answered=None)
    if reply.is_alive:
        return Heartbeat(answered=True, ping=Ping.REPLY, latency_ms=round(reply.min_rtt, 1))
    if not has_route(host):
        return Heartbeat(answered=None)
    return Heartbeat(answered=False, ping=Ping.SILENT)


async def _knock(host: str, ports: tuple[int, ...], timeout: float) -> Heartbeat:  # noqa: ASYNC109
    """Connect to the ports side by side; a refusal is an answer too."""
    start = time.monotonic()
    states = await asyncio.gather(*(knock(host, port, timeout) for port in ports))
    latency = round((time.monotonic() - start) * 1000, 1)
    known = [state for state in states if state is not None]
    answer = next((state for state in known if state in _ANSWERS), None)
    if answer is not None:
        return Heartbeat(answered=True, port=answer, latency_ms=latency)
    return Heartbeat(answered=False, port=known[0]) if known else Heartbeat(answered=None)


async def knock(host: str, port: int, timeout: float) -> PortState | None:  # noqa: ASYNC109
    """Open a TCP connection and close it; None where one could not look."""
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(host, port)
    except OSError as err:
        return port_state(err)
    writer.transport.abort()
    return PortState.OPEN


def port_state(err: OSError) -> PortState | None:
    """Say what a failed connection tells about the port."""
    if isinstance(err, TimeoutError):
        return PortState.SILENT
    if isinstance(err, ConnectionError):
        return PortState.REFUSED
    # All else is our own fault: no network, no socket, or a firewall on this very machine.
    return PortState.UNREACHABLE if err.errno in _AWAY else None


def has_route(host: str) -> bool:
    """Whether this machine has a way to an address at all; sends nothing."""
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET  # noqa: PLR2004
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((host, 9))
        except OSError:
            return False
    return True
