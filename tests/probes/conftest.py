"""The probes are tried on real sockets."""

import asyncio
from typing import TYPE_CHECKING

import pytest
from icmplib import Host as Reply
from icmplib import SocketPermissionError

from custom_components.tapo_doctor.probes import heartbeat

if TYPE_CHECKING:
    from collections.abc import Callable

# An address for documentation: nobody has it.
SOMEWHERE = "192.0.2.77"


@pytest.fixture(autouse=True)
def _real_sockets(loopback: None) -> None:
    """All tests here talk over the kernel."""


class Icmp:
    """What pings meet: the one library that needs rights which a test has not got."""

    def __init__(self) -> None:
        self.allowed: set[bool] = {False, True}
        self.round_trips: list[float] = []
        self.error: Exception | None = None
        self.asked: list[str] = []

    async def ping(self, address: str, *, count: int, timeout: float, privileged: bool) -> Reply:  # noqa: ASYNC109
        """Stand in for icmplib."""
        if self.error is not None:
            raise self.error
        if privileged not in self.allowed:
            raise SocketPermissionError(privileged)
        self.asked.append(address)
        return Reply(address, count, self.round_trips)


@pytest.fixture
def icmp(monkeypatch: pytest.MonkeyPatch) -> Icmp:
    """Pings that do what the test says."""
    icmp = Icmp()
    monkeypatch.setattr(heartbeat, "async_ping", icmp.ping)
    return icmp


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[[OSError], None]:
    """Let every connection fail with an error of the operating system."""

    def fail(error: OSError) -> None:
        async def open_connection(host: str, port: int) -> None:
            raise error

        monkeypatch.setattr(asyncio, "open_connection", open_connection)

    return fail
