"""The stream's service, asked without a login."""

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.doctor.evidence import Stream
from custom_components.tapo_doctor.probes.stream import stream
from tests.home import CameraSpec, Fault, Home

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

HOST = "127.0.0.1"
# Long enough for a busy machine to answer.
PATIENCE = 0.4


@asynccontextmanager
async def service(answer: bytes, *, stays: bool = False) -> AsyncGenerator[tuple[int, list[bytes]]]:
    """Let somebody say this to whoever asks; gives the port, and what was asked."""
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        if stays:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (b"RTSP/1.0 200 OK\r\n", Stream.OK),
        (b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n", Stream.ASKS_LOGIN),
        (b"RTSP/1.0 453 Not Enough Bandwidth\r\n", Stream.NO_SLOT),
        (b"RTSP/1.0 503 Service Unavailable\r\n", Stream.NO_SLOT),
        (b"RTSP/1.0 403 Forbidden\r\n", Stream.REFUSED),
        (b"RTSP/1.0 404 Not Found\r\n", None),
        (b"RTSP/1.0 405 Method Not Allowed\r\n", None),
        (b"RTSP/1.0 500 Internal Server Error\r\n", Stream.REFUSED),
        (b"HTTP/1.1 400 Bad Request\r\n", None),
        (b"\x00\xff" * 5000, None),
        (b"", None),
    ],
)
async def test_the_stream_says_how_it_is_in_its_first_line(
    answer: bytes, seen: Stream | None
) -> None:
    """What is no stream, or sends noise, says nothing about the picture."""
    async with service(answer) as (port, _):
        assert await stream(HOST, port, timeout=PATIENCE) is seen


async def test_neither_account_nor_password_is_sent() -> None:
    """The question goes over the air in the clear."""
    async with service(b"RTSP/1.0 401 Unauthorized\r\n") as (port, asked):
        await stream(HOST, port, timeout=PATIENCE)
    (question,) = asked
    assert question.startswith(b"DESCRIBE rtsp://127.0.0.1:")
    assert b"@" not in question
    assert b"authorization" not in question.lower()


async def test_a_stream_that_says_nothing_is_silent() -> None:
    """Its port still opens when it hangs."""
    async with service(b"", stays=True) as (port, _):
        assert await stream(HOST, port, timeout=0.1) is Stream.SILENT


async def test_a_simulated_camera_asks_for_a_login() -> None:
    """The whole way, against the same program as the demo's."""
    async with Home([CameraSpec("garden")]) as home:
        garden = home.camera("garden")
        assert await stream(garden.host, garden.rtsp_port, timeout=PATIENCE) is Stream.ASKS_LOGIN
        home.fault("garden", Fault.HUNG_OPEN)
        assert await stream(garden.host, garden.rtsp_port, timeout=0.1) is Stream.SILENT
        home.clear("garden")
        home.fault("garden", Fault.RTSP_DOWN)
        assert await stream(garden.host, garden.rtsp_port, timeout=PATIENCE) is None
