"""The home's gateway: whether it answers, by whatever it is known to answer to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from . import neighbour_table
from .heartbeat import TIMEOUT, heartbeat

if TYPE_CHECKING:
    from .findings import Heartbeat

# Routers that drop pings still answer, or refuse, at one of these.
_PORTS = (53, 80, 443)


@dataclass(slots=True)
class GatewayHabits:
    """What is known of gateways: kept as long as the senses are."""

    heard: set[str] = field(default_factory=set)
    """Those that have answered a ping or at a port."""
    drop_pings: set[str] = field(default_factory=set)


async def gateway(
    host: str,
    port: int | None,
    habits: GatewayHabits,
    *,
    privileged: bool | None,
    timeout: float = TIMEOUT,  # noqa: ASYNC109
) -> Heartbeat:
    """Look once whether the gateway answers: by ICMP, and if that is silent, at its ports.

    One that has never answered to either is believed to be there as long as the system holds
    a hardware address for it. Of one that has, that entry says nothing: it outlives the
    gateway by a minute.
    """
    ports = _PORTS if port is None else (port,)
    allowed = None if host in habits.drop_pings else privileged
    beat = await heartbeat(host, ports, privileged=allowed, timeout=timeout)
    if beat.answered is False and beat.ping is not None:
        beat = await heartbeat(host, ports, privileged=None, timeout=timeout)
        if beat.answered:
            habits.drop_pings.add(host)
    if beat.answered:
        habits.heard.add(host)
    elif beat.answered is False and host not in habits.heard:
        loop = asyncio.get_running_loop()
        if await loop.run_in_executor(None, neighbour_table.answers, host):
            return replace(beat, answered=True)
    return beat
