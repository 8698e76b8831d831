"""Addresses: where a device lives, and where it lived."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from .place import Place

if TYPE_CHECKING:
    from .datagrams import Address
    from .home import Home
    from .listener import Door, Talk


class Node(ABC):
    """Something that can move from one address to another and leaves silence behind."""

    def __init__(self, home: Home, name: str, host: str) -> None:
        self.home = home
        self.name = name
        self.home_host = host
        self.host = host
        self._places: dict[str, Place] = {}

    @property
    def hosts(self) -> list[str]:
        """All addresses it holds: where it lives, and where it lived."""
        return list(self._places)

    @property
    def places(self) -> list[Place]:
        """All its places, the one where it lives among them."""
        return list(self._places.values())

    @property
    @abstractmethod
    def reachable(self) -> bool:
        """Whether packets reach it and its software runs."""

    @abstractmethod
    def ports(self) -> dict[int, Talk]:
        """Give its TCP ports and what is said there."""

    @abstractmethod
    def door(self, port: int) -> Door:
        """Tell how a port is, while packets reach the device."""

    @abstractmethod
    def accepted(self) -> None:
        """Count a connection."""

    @abstractmethod
    def hear(self, data: bytes, sender: Address, *, broadcast: bool = False) -> None:
        """Get a datagram on the discovery port, or what came by broadcast."""

    def open(self) -> None:
        """Take its place on the network."""
        self._places[self.host] = self._new_place(self.host)
        self.refresh()

    def move(self, host: str) -> None:
        """Live somewhere else from now on."""
        if host not in self._places:
            self.home.take_over(host)
            self._places[host] = self._new_place(host)
        self.host = host
        self.refresh()

    def give_up(self, host: str) -> Place | None:
        """Leave an address where it does not live any more, for somebody else."""
        if host == self.host:
            raise ValueError(f"{self.name} lives at {host}")
        place = self._places.pop(host, None)
        if place is not None:
            place.release()
        return place

    def send(self, data: bytes, to: Address) -> None:
        """Send a datagram from where it lives."""
        self._places[self.host].send(data, to)

    def refresh(self) -> None:
        """Make the ports as they should be now."""
        reachable = self.reachable
        for host, place in self._places.items():
            if host != self.host or not reachable:
                place.silence()
                continue
            place.show()
            for port, listener in place.listeners.items():
                listener.set(self.door(port))

    def drop_connections(self) -> None:
        """Reset every connection there is."""
        for place in self._places.values():
            for listener in place.listeners.values():
                listener.reset()

    async def close(self) -> None:
        """Leave the network for good."""
        for place in self._places.values():
            place.release()
        for place in self._places.values():
            await place.close()
        self._places.clear()

    def _new_place(self, host: str) -> Place:
        return Place(host, self.ports(), self.accepted, self._probed, self.home.wires)

    def _probed(self, host: str, data: bytes, sender: Address) -> None:
        if host == self.host:
            self.hear(data, sender)
