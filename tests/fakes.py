"""Fake probes: a network that does what a test says."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from custom_components.tapo_doctor.doctor.evidence import (
    Link,
    LoginResult,
    NeighbourTable,
    Ping,
    PortState,
    Stream,
)
from custom_components.tapo_doctor.probes.findings import (
    Answers,
    Found,
    Heartbeat,
    Hello,
    Reading,
    Scanned,
    Service,
    SlowReading,
    Target,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from homeassistant.config_entries import ConfigSubentryDataWithId

ACCOUNT = ("owner@example.org", "correct horse")
HOSTS = {"garden": "192.168.1.21", "shed": "192.168.1.22"}
MACS = {"garden": "02:00:00:00:00:21", "shed": "02:00:00:00:00:22"}
FIRMWARE = "1.4.3"

WELL = Reading(
    result=LoginResult.OK,
    mac=None,
    model="C210",
    hardware="2.0",
    firmware=FIRMWARE,
    ssid="home",
    rssi_dbm=-58,
)
REFUSED = Reading(result=LoginResult.REJECTED, text="did not match our challenge")


def camera_subentry(name: str, **data: Any) -> ConfigSubentryDataWithId:
    """Return the settings of a camera, as the set-up would have stored them."""
    return {
        "subentry_id": f"subentry_{name}",
        "subentry_type": "camera",
        "title": name.capitalize(),
        "unique_id": MACS[name],
        "data": {
            "host": HOSTS[name],
            "control_port": 443,
            "mac": MACS[name],
            "model": "C210",
            "connection": None,
            "log_in": True,
            **data,
        },
    }


def found(name: str, host: str | None = None) -> Found:
    """Return the answer of a camera to discovery."""
    return Found(
        host=host or HOSTS[name],
        mac=MACS[name],
        device_id=f"id of {name}",
        model="C210",
        device_type="SMART.IPCAMERA",
        firmware=FIRMWARE,
        ssid="home",
        connection={},
    )


SLOW = SlowReading(
    update_window="03:00", updating=False, planned_restart="04:30", privacy_mode=False
)


@dataclass
class FakeCamera:
    """What one address does."""

    answers: bool | None = True
    """Whether it answers pings; None where one could not look."""
    ports: PortState = PortState.OPEN
    hello: Hello | None = Hello.OK
    reading: Reading = WELL
    slow: SlowReading = SLOW
    found: Found | None = None
    latency_ms: float = 4.0
    side: PortState = PortState.REFUSED
    """What its other ports do."""
    stream: Stream | None = None
    table: NeighbourTable | None = None
    scan: Scanned = field(default_factory=Scanned)
    slow_reading: asyncio.Event | None = None
    """What an answer waits for."""
    loses_session: bool = False
    """Whether the next query finds its session gone."""
    seen: Counter[str] = field(default_factory=Counter)
    """How often it was looked at, by kind; `login` counts new sessions."""


def nobody() -> FakeCamera:
    """Return an address that nobody has."""
    return FakeCamera(answers=False, ports=PortState.SILENT, side=PortState.SILENT)


class FakeSession:
    """A session that answers what the camera is set to."""

    def __init__(self, senses: FakeSenses, host: str, account: tuple[str, str]) -> None:
        self.host = host
        self._senses = senses
        self.account = account
        self.established = False
        self.closed = False

    @property
    def _camera(self) -> FakeCamera:
        return self._senses.cameras.get(self.host, nobody())

    async def read(self, *, slow: bool = False) -> Reading:
        """Answer, and count the login that a new session takes."""
        kind = "query" if self.established else "login"
        self._camera.seen[kind] += 1
        if self.established and self._camera.loses_session:
            self._camera.loses_session = self.established = False
            return Reading(result=LoginResult.SESSION_LOST)
        if slow:
            self._camera.seen["slow"] += 1
        reading = self._camera.reading
        if self._camera.slow_reading is not None:
            await self._camera.slow_reading.wait()
        if slow and reading.result is LoginResult.OK:
            reading = replace(reading, slow=self._camera.slow)
        self.established = reading.result is LoginResult.OK
        return reading

    async def scan(self) -> Scanned:
        """Hear what the camera hears, on a session that is there."""
        self._camera.seen["scan"] += 1
        return self._camera.scan if self.established else Scanned()

    async def close(self) -> None:
        """Forget it."""
        self.closed = True
        self.established = False


class FakeSenses:
    """The senses of a home in which every camera does as it is told."""

    def __init__(self) -> None:
        self.cameras = {host: FakeCamera(found=found(name)) for name, host in HOSTS.items()}
        self.elsewhere: tuple[Found, ...] = ()
        """Who answers a search from an address that nobody watches."""
        self.gateway_answers: bool | None = True
        self.gateway_known = True
        self.gateway_looks = 0
        self.unreadable: frozenset[str] = frozenset()
        """Addresses that answer what nobody can read."""
        self.slow_answers: asyncio.Event | None = None
        """What a question to one address waits for."""
        self.looked = True
        self.out_of_reach: frozenset[str] = frozenset()
        """Addresses to which no question can be sent."""
        self.searches = 0
        self.sessions: list[FakeSession] = []
        self.link: Link | None = Link.OK
        self.internet_looks = 0
        self.plug_scans: list[Scanned] = []
        """What plugs hear, one after another; nothing more when they are used up."""
        self.plug_logins = 0
        self.hang = False
        """Whether heartbeats never end."""
        self.fails: Exception | None = None
        """What a search raises, for probes that have a fault of their own."""

    def camera(self, name: str) -> FakeCamera:
        """Return a camera by its name."""
        return self.cameras[HOSTS[name]]

    def vanish(self, *names: str) -> None:
        """Take cameras off the air."""
        for name in names:
            camera = self.camera(name)
            camera.answers = False
            camera.ports = camera.side = PortState.SILENT
            camera.hello = None
            camera.found = None

    def come_back(self, *names: str) -> None:
        """Put cameras on the air again."""
        for name in names:
            old = self.camera(name)
            self.cameras[HOSTS[name]] = FakeCamera(found=found(name), seen=old.seen)

    def move(self, name: str, host: str) -> FakeCamera:
        """Give a camera another address; nobody is left at the one that it had."""
        for old, camera in list(self.cameras.items()):
            if camera.found is not None and camera.found.mac == MACS[name]:
                del self.cameras[old]
        self.cameras[host] = FakeCamera(found=found(name, host))
        return self.cameras[host]

    async def heartbeat(self, target: Target, way: Way) -> Heartbeat:
        """Answer as the camera is set to."""
        if self.hang:
            await asyncio.Event().wait()
        camera = self.cameras.get(target.host, nobody())
        camera.seen["heartbeat"] += 1
        camera.seen[f"by {way}"] += 1
        if camera.answers is None:
            return Heartbeat(answered=None)
        if camera.answers and way is not Way.KNOCK:
            return Heartbeat(answered=True, ping=Ping.REPLY, latency_ms=camera.latency_ms)
        ping = None if way is Way.KNOCK else Ping.SILENT
        if way is Way.PING:
            return Heartbeat(answered=False, ping=ping)
        if camera.ports in {PortState.OPEN, PortState.REFUSED}:
            latency = camera.latency_ms
            return Heartbeat(answered=True, ping=ping, port=camera.ports, latency_ms=latency)
        return Heartbeat(answered=False, ping=ping, port=camera.ports)

    async def service(self, target: Target, *, stream: bool) -> Service:
        """Answer as the camera is set to."""
        camera = self.cameras.get(target.host)
        if camera is None:
            return Service(ports={target.port: PortState.SILENT})
        camera.seen["service"] += 1
        return Service(ports={target.port: camera.ports}, hello=camera.hello)

    async def ask(self, host: str, *, wait_s: float) -> Answers:
        """Answer for one address."""
        if self.slow_answers is not None:
            await self.slow_answers.wait()
        camera = self.cameras.get(host)
        one = camera.found if camera else None
        return Answers(
            found=(replace(one, host=host),) if one else (),
            unreadable=self.unreadable & {host},
            looked=self.looked and host not in self.out_of_reach,
        )

    async def search(self, *, wait_s: float) -> Answers:
        """Answer for the whole network."""
        self.searches += 1
        if self.fails is not None:
            raise self.fails
        here = tuple(camera.found for camera in self.cameras.values() if camera.found)
        return Answers(found=(*here, *self.elsewhere), looked=self.looked)

    async def gateway(self, address: str | None) -> Heartbeat | None:
        """Answer as the gateway is set to."""
        self.gateway_looks += 1
        return Heartbeat(answered=self.gateway_answers) if self.gateway_known else None

    async def neighbour(self, host: str, mac: str) -> NeighbourTable | None:
        """Answer as the camera's place in the table is set."""
        camera = self.cameras.get(host)
        return camera.table if camera else None

    async def knock(self, target: Target, ports: Iterable[int]) -> Mapping[int, PortState]:
        """Answer as the camera is set to."""
        camera = self.cameras.get(target.host, nobody())
        camera.seen["knock"] += 1
        return {port: camera.ports if port == target.port else camera.side for port in ports}

    async def stream(self, target: Target) -> Stream | None:
        """Answer as the camera is set to."""
        camera = self.cameras.get(target.host)
        return camera.stream if camera else None

    async def internet(self) -> Link | None:
        """Answer as the internet is set to."""
        self.internet_looks += 1
        return self.link

    async def plug_scan(self, plug: Found, username: str, password: str) -> Scanned:
        """Answer what the next plug hears."""
        self.plug_logins += 1
        return self.plug_scans.pop(0) if self.plug_scans else Scanned()

    def session(self, target: Target, username: str, password: str) -> FakeSession:
        """Open a session with the camera at an address."""
        session = FakeSession(self, target.host, (username, password))
        self.sessions.append(session)
        return session
