"""Hosts that are no devices of ours: the gateway, and one in the internet behind it."""

from typing import TYPE_CHECKING

from .counters import Counters
from .garbage import PAGE
from .listener import Door
from .place import Place
from .web import Reply, Request, converse

if TYPE_CHECKING:
    from .connection import Connection
    from .wires import Loopback


class Host:
    """An address with one port; a knock tells whether it is there."""

    def __init__(self, name: str, host: str, port: int, wires: Loopback) -> None:
        self.name = name
        self._wires = wires
        self.host = host
        self.port = port
        self.counters = Counters()
        self._place: Place | None = None

    def open(self) -> None:
        """Take its place on the network."""
        self._place = Place(self.host, {self.port: self._talk}, self._accepted, None, self._wires)
        self.answers(up=True)

    def answers(self, *, up: bool) -> None:
        """Answer, or be silent."""
        if self._place is None:
            return
        if up:
            self._place.show()
            self._place.listeners[self.port].set(Door.OPEN)
        else:
            self._place.silence()

    @property
    def up(self) -> bool:
        """Whether it answers."""
        return self._place is not None and self._place.listeners[self.port].door is Door.OPEN

    async def close(self) -> None:
        """Leave the network."""
        if self._place is not None:
            await self._place.close()
            self._place = None

    def _accepted(self) -> None:
        self.counters.tcp_accepts += 1

    async def _talk(self, connection: Connection) -> None:
        await converse(connection, self._page)

    async def _page(self, request: Request) -> Reply:
        self.counters.http_requests += 1
        return Reply(PAGE, 200 if request.method in {"GET", "HEAD"} else 405, "text/html")
