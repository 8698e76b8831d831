"""The internet beyond the gateway: whether anybody out there takes a connection."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from custom_components.tapo_doctor.doctor.evidence import Link, PortState

from .heartbeat import knock

if TYPE_CHECKING:
    from collections.abc import Iterable

# Public name servers of two independent operators (Cloudflare and Quad9), by address, so that
# the home's own name service is not needed. At the port of the encrypted service, because
# many routers answer those of port 53 themselves. Nothing is asked: the connection is opened
# and closed. Owners who do not want that switch it off in the options.
HOSTS: Final = (("1.1.1.1", 443), ("9.9.9.9", 443))
# The way round the world and back takes a third of a second.
_TIMEOUT = 3.0


async def internet(
    hosts: Iterable[tuple[str, int]],
    *,
    timeout: float = _TIMEOUT,  # noqa: ASYNC109
) -> Link | None:
    """Say whether either answers; None where one could not look."""
    states = await asyncio.gather(*(knock(host, port, timeout) for host, port in hosts))
    known = {state for state in states if state is not None}
    if not known:
        return None
    return Link.OK if PortState.OPEN in known else Link.DOWN
