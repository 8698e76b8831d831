"""The stream's service, asked without a login: it refuses a stranger in its own words."""

from __future__ import annotations

import asyncio
import re
from ipaddress import ip_address
from typing import Final

from custom_components.tapo_doctor.doctor.evidence import Stream

from .findings import STREAM_PORT
from .service import TIMEOUT

# The status line alone is wanted; whoever sends more before it is no camera.
_MOST_BYTES: Final = 256
_STATUS: Final = re.compile(rb"^RTSP/1\.\d (\d{3})")
_NO_BANDWIDTH, _OVERLOADED = 453, 503
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_SUCCESS: Final = range(200, 300)
# What is wrong with our question, which says nothing about the stream: a model may have it under
# another name than the one that is asked for.
_QUESTION: Final = frozenset(range(400, 500)) - {_UNAUTHORIZED, _FORBIDDEN, _NO_BANDWIDTH}


async def stream(
    host: str,
    port: int = STREAM_PORT,
    *,
    timeout: float = TIMEOUT,  # noqa: ASYNC109
) -> Stream | None:
    """Ask what the stream offers; None where its port did not open, or no stream speaks there.

    Without a login no seat is taken: a camera feeds two viewers at most.
    """
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(host, port, limit=_MOST_BYTES)
    except OSError:
        return None
    try:
        async with asyncio.timeout(timeout):
            writer.write(_question(host, port))
            line = await reader.readline()
    except TimeoutError:
        return Stream.SILENT
    except OSError, ValueError:
        # A reset, or a line that does not end.
        return None
    finally:
        writer.transport.abort()
    return _meaning(line)


def _question(host: str, port: int) -> bytes:
    address = f"[{host}]" if ip_address(host).version == 6 else host  # noqa: PLR2004
    lines = (
        f"DESCRIBE rtsp://{address}:{port}/stream1 RTSP/1.0",
        "CSeq: 1",
        "Accept: application/sdp",
    )
    return "\r\n".join((*lines, "", "")).encode()


def _meaning(line: bytes) -> Stream | None:
    status = _STATUS.match(line)
    if status is None:
        return None
    code = int(status[1])
    if code in _QUESTION:
        return None
    if code in _SUCCESS:
        return Stream.OK
    if code in {_NO_BANDWIDTH, _OVERLOADED}:
        return Stream.NO_SLOT
    return Stream.ASKS_LOGIN if code == _UNAUTHORIZED else Stream.REFUSED
