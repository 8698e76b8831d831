"""The stream's port, as far as anybody gets without the camera account: the 401."""

import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .connection import Connection
    from .counters import Counters

LIMIT: Final = 16_384
METHODS: Final = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN"


async def talk(connection: Connection, counters: Counters) -> None:
    """Answer requests until the client leaves: OPTIONS freely, all else with a challenge."""
    while head := await connection.read_until(b"\r\n\r\n", LIMIT):
        counters.rtsp_requests += 1
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        sequence = next(
            (line.partition(":")[2].strip() for line in lines if line.lower().startswith("cseq:")),
            "0",
        )
        method = first.partition(" ")[0]
        if not first.endswith("RTSP/1.0"):
            await connection.write(b"RTSP/1.0 400 Bad Request\r\n\r\n")
            return
        if method == "OPTIONS":
            answer = ["RTSP/1.0 200 OK", f"CSeq: {sequence}", f"Public: {METHODS}"]
        else:
            nonce = secrets.token_hex(16)
            answer = [
                "RTSP/1.0 401 Unauthorized",
                f"CSeq: {sequence}",
                f'WWW-Authenticate: Digest realm="TP-Link IP-Camera", nonce="{nonce}"',
            ]
        await connection.write("\r\n".join([*answer, "", ""]).encode())
