"""UDP sockets on the event loop, without transports: closed is closed, at once."""

import asyncio
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

type Address = tuple[str, int]


class Datagrams:
    """One bound socket; `receive` gets each datagram and who sent it."""

    def __init__(
        self,
        host: str,
        port: int,
        receive: Callable[[bytes, Address], None],
        *,
        shared: bool = False,
    ) -> None:
        """Bind it; `shared` lets other homes of this machine bind the same address."""
        self._receive = receive
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            if shared:
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            self._sock.setblocking(False)
            self._sock.bind((host, port))
        except OSError:
            self._sock.close()
            raise
        asyncio.get_running_loop().add_reader(self._sock, self._readable)

    def _readable(self) -> None:
        while self._sock.fileno() >= 0:
            try:
                data, sender = self._sock.recvfrom(65536)
            except BlockingIOError, ConnectionError:
                return
            self._receive(data, sender)

    def send(self, data: bytes, to: Address) -> None:
        """Send it, or lose it, as UDP may."""
        if self._sock.fileno() >= 0:
            try:
                self._sock.sendto(data, to)
            except OSError:
                return

    def close(self) -> None:
        """Give the address back."""
        if self._sock.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._sock)
            self._sock.close()
