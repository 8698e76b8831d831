"""One accepted TCP connection that can fall silent at any moment.

asyncio's own streams answer a TLS handshake and send a FIN by themselves. A device that
has lost its power does neither, so the bytes are moved here by hand.
"""

import asyncio
import socket
import ssl
import struct
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

CHUNK: Final = 65536
# Closing a socket with this option sends a reset instead of a goodbye.
RESET: Final = struct.pack("ii", 1, 0)


class ConnectionGoneError(Exception):
    """The other side has left, or sent something that ends the conversation."""


class Connection:
    """Bytes to and from one client, in TLS once `start_tls` has been called."""

    def __init__(self, sock: socket.socket, *, frozen: bool) -> None:
        self._sock = sock
        self._frozen = frozen
        self._buffer = bytearray()
        self._tls: ssl.SSLObject | None = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._task: asyncio.Task[None] | None = None
        self.peer: tuple[str, int] = sock.getpeername()

    def run(self, talk: Callable[[Connection], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """Start the conversation; whatever happens, the socket is closed at its end."""
        self._task = asyncio.get_running_loop().create_task(self._run(talk))
        # A task that is cancelled before it has begun never comes to its `finally`.
        self._task.add_done_callback(lambda _: self._sock.close())
        return self._task

    async def _run(self, talk: Callable[[Connection], Coroutine[Any, Any, None]]) -> None:
        try:
            await self._awake()
            await talk(self)
        except ConnectionGoneError, OSError, ssl.SSLError:
            pass  # What clients do is no fault of the home's.
        finally:
            # Only here: asyncio has let go of the file descriptor by now.
            self._sock.close()

    def freeze(self) -> None:
        """Fall silent: answer nothing, say no goodbye. There is no thawing."""
        self._frozen = True

    @property
    def frozen(self) -> bool:
        """Whether it has fallen silent."""
        return self._frozen

    def reset(self) -> None:
        """End it the hard way, which is what a client of a restarted device meets."""
        if self._task is not None and not self._task.done():
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self._task.cancel()

    def reset_at_end(self) -> None:
        """Let the closing at the end of the conversation be a reset."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    async def _awake(self) -> None:
        if self._frozen:
            # Nobody sees that we close what the client has closed, and a camera that hangs
            # for a week would otherwise collect all its clients' corpses.
            while await asyncio.get_running_loop().sock_recv(self._sock, CHUNK):
                pass
            raise ConnectionGoneError("left while nobody answered")

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Shake hands as the server; all bytes from here on are in TLS."""
        tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._feed()
            except ssl.SSLError:
                await self._flush()  # The alert says to the client what was wrong.
                raise
            else:
                break
        self._tls = tls
        await self._flush()

    async def read(self) -> bytes:
        """Read some bytes; none at the end."""
        if self._buffer:
            data = bytes(self._buffer)
            self._buffer.clear()
            return data
        if self._tls is None:
            return await self._receive()
        while True:
            try:
                return self._tls.read(CHUNK)
            except ssl.SSLWantReadError:
                await self._flush()
                await self._feed()
            except ssl.SSLZeroReturnError:
                return b""

    async def read_until(self, end: bytes, limit: int) -> bytes:
        """Everything up to and with these bytes; empty if the client left before a word."""
        data = bytearray()
        while (at := data.find(end)) < 0:
            if len(data) > limit:
                raise ConnectionGoneError("no end in sight")
            more = await self.read()
            if not more:
                if data.strip():
                    raise ConnectionGoneError("left in the middle")
                return b""
            data += more
        at += len(end)
        self._buffer[:0] = data[at:]
        return bytes(data[:at])

    async def read_exactly(self, size: int) -> bytes:
        """As many bytes as that."""
        data = bytearray()
        while len(data) < size:
            more = await self.read()
            if not more:
                raise ConnectionGoneError("left in the middle")
            data += more
        self._buffer[:0] = data[size:]
        return bytes(data[:size])

    async def write(self, data: bytes) -> None:
        """Send it all."""
        if self._tls is None:
            await self._send(data)
            return
        view = memoryview(data)
        while view:
            written = self._tls.write(view[:CHUNK])
            view = view[written:]
            await self._flush()

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self._send(self._outgoing.read())

    async def _feed(self) -> None:
        data = await self._receive()
        if not data:
            raise ConnectionGoneError("left in the middle of TLS")
        self._incoming.write(data)

    async def _receive(self) -> bytes:
        await self._awake()
        data = await asyncio.get_running_loop().sock_recv(self._sock, CHUNK)
        await self._awake()
        return data

    async def _send(self, data: bytes) -> None:
        await self._awake()
        await asyncio.get_running_loop().sock_sendall(self._sock, data)
