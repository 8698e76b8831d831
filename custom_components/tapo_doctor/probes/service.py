"""The service check: does the camera still do its work? Connections, but no login."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING

from homeassistant.util.ssl import client_context_no_verify

from custom_components.tapo_doctor.doctor.evidence import PortState

from .findings import STREAM_PORT, Hello, Service, Target
from .heartbeat import knock, port_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A camera at its limits takes 3 s for an answer; one that takes longer serves nobody. Three
# such looks, two pauses and the minute before them stay within the goal of 80 s.
TIMEOUT = 3.5


async def service(
    target: Target,
    *,
    stream: bool,
    timeout: float = TIMEOUT,  # noqa: ASYNC109
) -> Service:
    """Open the control service, and the stream's port where it has been seen open before.

    A connection alone proves nothing: the network stack of a camera that hangs still
    accepts it. The greeting of TLS has to be answered by the service itself.
    """
    control = _control(target.host, target.port, timeout)
    if stream:
        (state, hello), streaming = await asyncio.gather(
            control, knock(target.host, STREAM_PORT, timeout)
        )
    else:
        (state, hello), streaming = await control, None
    looks = {target.port: state, STREAM_PORT: streaming}
    ports = {port: seen for port, seen in looks.items() if seen is not None}
    return Service(ports=ports, hello=hello)


async def _control(
    host: str,
    port: int,
    timeout: float,  # noqa: ASYNC109
) -> tuple[PortState | None, Hello | None]:
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(host, port)
    except OSError as err:
        return port_state(err), None
    try:
        async with asyncio.timeout(timeout):
            await writer.start_tls(client_context_no_verify())
    except TimeoutError:
        return PortState.OPEN, Hello.SILENT
    except OSError, ssl.SSLError:
        return PortState.OPEN, Hello.BROKEN
    finally:
        # Not close(): its farewell would wait for a camera that may have gone.
        with contextlib.suppress(AttributeError):
            writer.transport.abort()
    return PortState.OPEN, Hello.OK


async def knock_all(
    host: str,
    ports: Iterable[int],
    *,
    timeout: float = TIMEOUT,  # noqa: ASYNC109
) -> Mapping[int, PortState]:
    """Knock at several ports side by side; those that one could not look at are left out."""
    asked = list(ports)
    states = await asyncio.gather(*(knock(host, port, timeout) for port in asked))
    return {port: state for port, state in zip(asked, states, strict=True) if state is not None}
