"""As much of HTTP/1.1 as cameras and plugs speak."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from .connection import Connection, ConnectionGoneError

HEAD_LIMIT: Final = 16_384
BODY_LIMIT: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class Request:
    """What a client wants."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Give the body as an object; anything else is an empty one."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Reply:
    """What it gets."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json;charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def of(value: object, status: int = 200) -> Reply:
        """Answer in JSON."""
        return Reply(json.dumps(value, separators=(",", ":")).encode(), status)

    def head(self) -> bytes:
        """Everything before the body."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            *(f"{key}: {value}" for key, value in self.headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode()


type Handler = Callable[[Request], Awaitable[Reply]]
type Sender = Callable[[Connection, Reply], Awaitable[None]]


async def send(connection: Connection, reply: Reply) -> None:
    """Send it as it is meant."""
    await connection.write(reply.head() + reply.body)


async def converse(connection: Connection, handle: Handler, sender: Sender = send) -> None:
    """Answer one request after the other until the client leaves."""
    while request := await _read(connection):
        await sender(connection, await handle(request))
        if request.headers.get("connection", "").lower() == "close":
            return


async def _read(connection: Connection) -> Request | None:
    head = await connection.read_until(b"\r\n\r\n", HEAD_LIMIT)
    if not head:
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    try:
        method, target, _ = first.split(" ")
        headers = {
            key.strip().lower(): value.strip()
            for key, value in (line.split(":", 1) for line in lines)
        }
        size = int(headers.get("content-length", "0"))
    except ValueError:
        await send(connection, Reply(status=400))
        raise ConnectionGoneError("no HTTP") from None
    if not 0 <= size <= BODY_LIMIT or "transfer-encoding" in headers:
        await send(connection, Reply(status=413))
        raise ConnectionGoneError("too much")
    url = urlsplit(target)
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return Request(method, url.path, query, headers, await connection.read_exactly(size))
