"""Answers no client wants: each fault below or beside the protocol, as a way of sending."""

import json
import secrets
from typing import TYPE_CHECKING, Final

from .connection import Connection, ConnectionGoneError
from .faults import Fault
from .web import Reply, Sender, send

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE: Final = (
    b"<!DOCTYPE html><html><head><title>It works</title></head>"
    b"<body><h1>It works</h1><p>An ordinary web server.</p></body></html>"
)
TEN_MEGABYTES: Final = 10 * 1024 * 1024


async def noise_instead_of_tls(connection: Connection) -> None:
    """Wait for the client's hello and answer with noise that is no TLS record."""
    await connection.read()
    await connection.write(b"\x01" + secrets.token_bytes(63))


async def _json_garbage(connection: Connection, _: Reply) -> None:
    await send(connection, Reply(b"<html>\xa6\xff\xfe" + secrets.token_bytes(61)))


async def _json_truncated(connection: Connection, reply: Reply) -> None:
    await send(connection, Reply(_text(reply)[: len(_text(reply)) // 2]))


async def _reset_mid(connection: Connection, reply: Reply) -> None:
    body = _text(reply)
    await connection.write(Reply(body).head() + body[: len(body) // 2])
    connection.reset_at_end()
    raise ConnectionGoneError("reset in the middle")


async def _http500(connection: Connection, _: Reply) -> None:
    await send(connection, Reply(status=500))


async def _redirect(connection: Connection, _: Reply) -> None:
    # To itself: whoever follows must know when to stop.
    await send(connection, Reply(status=302, headers={"Location": "/webpages/index.html"}))


async def _ten_megabytes(connection: Connection, _: Reply) -> None:
    await send(connection, Reply(b"x" * TEN_MEGABYTES))


async def _json_odd(connection: Connection, _: Reply) -> None:
    # Clients that trust the shape of an answer trip over this in ways of their own.
    await send(connection, Reply.of({"error_code": 0, "result": "yes"}))


async def _nothing(connection: Connection, _: Reply) -> None:
    await send(connection, Reply())


async def _web_page(connection: Connection, _: Reply) -> None:
    await send(connection, Reply(PAGE, content_type="text/html", headers={"Server": "nginx"}))


def _text(reply: Reply) -> bytes:
    """Something that is long enough to be cut in two."""
    return reply.body if len(reply.body) > 1 else json.dumps({"error_code": 0}).encode()


SENDERS: Final[Mapping[Fault, Sender]] = {
    Fault.NOT_A_CAMERA: _web_page,
    Fault.JSON_GARBAGE: _json_garbage,
    Fault.JSON_TRUNCATED: _json_truncated,
    Fault.JSON_ODD: _json_odd,
    Fault.RESET_MID: _reset_mid,
    Fault.HTTP500: _http500,
    Fault.REDIRECT: _redirect,
    Fault.TEN_MEGABYTES: _ten_megabytes,
    Fault.NOTHING: _nothing,
}


def sender_for(faults: Mapping[Fault, object]) -> Sender:
    """Find how to send: the first of the faults that are on has its way."""
    return next((sender for fault, sender in SENDERS.items() if fault in faults), send)
