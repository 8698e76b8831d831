"""A TCP port that can be open, hanging, shut, deaf or silent.

A device without power does not refuse, it is silent. The kernel of a loopback address
refuses what nobody listens to, so silence is made otherwise: the queue of connections that
wait to be accepted is made as short as it goes and filled with a connection of our own that
is never accepted. While a queue is full, Linux drops each SYN without a word, and the
client's connect runs into its time limit as it would on a real network. When the device
comes back, the queue is emptied and made long again, and the next SYN is answered.
"""

import asyncio
import errno
import socket
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any, Final

from .connection import RESET, Connection

BACKLOG: Final = 100


class Door(StrEnum):
    """How a port meets who knocks."""

    OPEN = "open"
    # Connections are accepted, and nothing is ever read from or written to them.
    HANGING = "hanging"
    # Refused, at once.
    SHUT = "shut"
    # New connections are not heard, the existing ones go on: a lost SYN.
    DEAF = "deaf"
    # Nothing at all, not even to the existing connections.
    SILENT = "silent"


type Talk = Callable[[Connection], Coroutine[Any, Any, None]]


class Listener:
    """One port of one address; `talk` is what is said to each client."""

    def __init__(self, host: str, port: int, talk: Talk, on_accept: Callable[[], None]) -> None:
        self.host = host
        self.port = port
        self._talk = talk
        self._on_accept = on_accept
        self._sock: socket.socket | None = None
        self._filler: socket.socket | None = None
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._door = Door.SHUT

    @property
    def door(self) -> Door:
        """How it is now."""
        return self._door

    def set(self, door: Door) -> None:
        """Open, shut or silence it; a state it already has changes nothing."""
        if door is self._door:
            return
        was, self._door = self._door, door
        if self._sock is None:
            self._bind()
        elif was in {Door.OPEN, Door.HANGING}:
            asyncio.get_running_loop().remove_reader(self._sock)
        elif was in {Door.DEAF, Door.SILENT}:
            self._empty_queue(serve=was is Door.DEAF and door is Door.OPEN)
        match door:
            case Door.OPEN:
                self._reset(only_frozen=True)
                self._accept_from_now_on()
            case Door.HANGING:
                self._freeze()
                self._accept_from_now_on()
            case Door.DEAF:
                self._reset(only_frozen=True)
                self._fill_queue()
            case Door.SILENT:
                self._freeze()
                self._fill_queue()
            case Door.SHUT:
                self._reset()
                self._unbind()

    @property
    def conversations(self) -> int:
        """How many connections it has, silent ones included."""
        return len(self._connections)

    def reset(self) -> None:
        """End all conversations the hard way; new ones are as welcome as before."""
        self._reset()

    async def close(self) -> None:
        """Shut it and wait until the last conversation has ended."""
        tasks = list(self._connections.values())
        self.set(Door.SHUT)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _bind(self) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.setblocking(False)
            sock.bind((self.host, self.port))
            sock.listen(BACKLOG)
        except OSError:
            sock.close()
            self._door = Door.SHUT
            raise
        self.port = sock.getsockname()[1]  # Whoever asks for port 0 gets a free one.
        self._sock = sock

    def _unbind(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None

    def _accept_from_now_on(self) -> None:
        assert self._sock is not None
        self._sock.listen(BACKLOG)
        asyncio.get_running_loop().add_reader(self._sock, self._accept)

    def _accept(self) -> None:
        while self._sock is not None:
            try:
                sock, _ = self._sock.accept()
            except BlockingIOError, ConnectionAbortedError:
                return
            self._serve(sock)

    def _serve(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            connection = Connection(sock, frozen=self._door is Door.HANGING)
        except OSError:
            sock.close()  # The client has gone already.
            return
        self._on_accept()
        task = connection.run(self._talk)
        self._connections[connection] = task
        task.add_done_callback(lambda _: self._connections.pop(connection, None))

    def _freeze(self) -> None:
        for connection in self._connections:
            connection.freeze()

    def _reset(self, *, only_frozen: bool = False) -> None:
        for connection in self._connections:
            if connection.frozen or not only_frozen:
                connection.reset()

    def _fill_queue(self) -> None:
        assert self._sock is not None
        filler = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        filler.setblocking(False)
        self._filler = filler
        # On loopback the connection stands in the queue when this call returns.
        error = filler.connect_ex((self.host, self.port))
        if error not in {0, errno.EINPROGRESS}:
            raise OSError(error, f"cannot fill the queue of {self.host}:{self.port}")
        self._sock.listen(0)

    def _empty_queue(self, *, serve: bool) -> None:
        assert self._sock is not None
        assert self._filler is not None
        ours = self._filler.getsockname()
        while True:
            try:
                sock, peer = self._sock.accept()
            except BlockingIOError, ConnectionAbortedError:
                break
            if serve and peer != ours:
                self._serve(sock)
            else:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                sock.close()
        self._filler.close()
        self._filler = None
