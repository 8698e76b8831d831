"""One address of a device, with everything that is bound to it."""

from typing import TYPE_CHECKING

from .datagrams import Address, Datagrams
from .discovery import PORT
from .listener import Door, Listener, Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .wires import Loopback


class Place:
    """A device has one place where it answers, and old ones where it is silent.

    An old address must keep its sockets: a loopback address with nobody on it refuses.
    """

    def __init__(
        self,
        host: str,
        ports: Mapping[int, Talk],
        on_accept: Callable[[], None],
        on_datagram: Callable[[str, bytes, Address], None] | None,
        wires: Loopback,
    ) -> None:
        self.host = host
        self._wires = wires
        wires.appear(host)
        self.listeners = {
            port: Listener(host, port, talk, on_accept) for port, talk in ports.items()
        }
        self._datagrams: Datagrams | None = None
        try:
            for listener in self.listeners.values():
                listener.set(Door.SILENT)
            if on_datagram is not None:
                self._datagrams = Datagrams(
                    host, PORT, lambda data, sender: on_datagram(host, data, sender)
                )
        except OSError:
            self.release()
            raise

    def send(self, data: bytes, to: Address) -> None:
        """Send a datagram from here."""
        if self._datagrams is not None:
            self._datagrams.send(data, to)

    def show(self) -> None:
        """Somebody is here; the doors are another matter."""
        self._wires.appear(self.host)

    def silence(self) -> None:
        """Nobody is here."""
        for listener in self.listeners.values():
            listener.set(Door.SILENT)
        self._wires.vanish(self.host)

    def release(self) -> None:
        """Give the address up at once; `close` has to follow."""
        for listener in self.listeners.values():
            listener.set(Door.SHUT)
        if self._datagrams is not None:
            self._datagrams.close()
        self._wires.vanish(self.host)

    async def close(self) -> None:
        """Give it up and wait for the last conversations."""
        self.release()
        for listener in self.listeners.values():
            await listener.close()
