"""What the probes bring back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from custom_components.tapo_doctor.doctor.evidence import LoginResult, Ping, PortState

STREAM_PORT = 554
# ONVIF, and the stream of Tapo's own app: they tell a camera that is gone from one of which
# only a part is.
SIDE_PORTS = (2020, 8800)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a camera is, and how its control service is spoken to."""

    host: str
    port: int = 443
    connection: Mapping[str, Any] | None = field(default=None, compare=False)
    """Connection parameters as python-kasa writes them; None where discovery was silent."""


class Way(StrEnum):
    """How a heartbeat is asked for. Some networks let no ping through to a camera."""

    PING = "ping"
    KNOCK = "knock"
    """By a connection to the control port."""
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """One look at whether something is on the network."""

    answered: bool | None
    """None where one could not look: no network of our own."""
    ping: Ping | None = None
    port: PortState | None = None
    """Where it was knocked at."""
    latency_ms: float | None = None


class Hello(StrEnum):
    """How the control service answered the opening of a TLS connection; no login."""

    OK = "ok"
    SILENT = "silent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One look at whether a camera still does its work."""

    ports: Mapping[int, PortState]
    """Only the ports that one could look at."""
    hello: Hello | None = None
    """None where the control port did not even open."""

    @property
    def serving(self) -> bool | None:
        """Whether the control service works; None where one could not look."""
        if not self.ports:
            return None
        return self.hello is Hello.OK


type Networks = Mapping[str, int]
"""The Wi-Fi networks that a device hears: the strongest level of each name, 0 to 4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What came of asking a device to scan."""

    networks: Networks | None = None
    own_ssid: str | None = None
    """The network that it is on itself."""
    refused: bool = False
    """Whether it refused the account: then it is not asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A Tapo device that answered discovery, which needs no login."""

    host: str
    mac: str
    """Twelve hexadecimal digits in pairs, lower case, with colons."""
    device_id: str
    model: str
    device_type: str
    name: str | None = None
    hardware: str | None = None
    firmware: str | None = None
    ssid: str | None = None
    control_port: int = 443
    factory_default: bool | None = None
    connection: Mapping[str, Any] | None = field(default=None, compare=False)
    """None where the device wants a login that python-kasa does not know."""

    @property
    def is_camera(self) -> bool:
        """Whether it is a camera or a doorbell with a camera."""
        return self.device_type in {"SMART.IPCAMERA", "SMART.TAPODOORBELL"}

    @property
    def is_plug(self) -> bool:
        """Whether it is a smart plug of Tapo's."""
        return self.device_type == "SMART.TAPOPLUG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a round of discovery brought."""

    found: tuple[Found, ...] = ()
    unreadable: frozenset[str] = frozenset()
    """Addresses that answered what no Tapo device should."""
    looked: bool = True
    """Whether the question could be sent at all."""

    def at(self, host: str) -> Found | None:
        """Return the device at an address."""
        return next((found for found in self.found if found.host == host), None)


def merged(rounds: Iterable[Answers]) -> Answers:
    """Put the answers of several rounds together."""
    rounds = tuple(rounds)
    return Answers(
        found=tuple(dict.fromkeys(found for answers in rounds for found in answers.found)),
        unreadable=frozenset[str]().union(*(answers.unreadable for answers in rounds)),
        looked=any(answers.looked for answers in rounds),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The answer to a small authenticated query, or why there was none."""

    result: LoginResult
    text: str | None = None
    """The library's message, without the address."""
    code: int | None = None
    locked_for_s: float | None = None
    mac: str | None = None
    name: str | None = None
    model: str | None = None
    hardware: str | None = None
    firmware: str | None = None
    ssid: str | None = None
    rssi_dbm: int | None = None
    slow: SlowReading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowReading:
    """What changes slowly, asked for twice a day."""

    update_window: str | None = None
    """HH:MM at which the camera installs updates by itself."""
    updating: bool | None = None
    planned_restart: str | None = None
    clock: float | None = None
    """The camera's clock, in seconds since 1970."""
    privacy_mode: bool | None = None
