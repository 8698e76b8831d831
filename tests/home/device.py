"""What cameras and plugs have in common: identity, addresses, power, radio, faults."""

import hashlib
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, override

from . import discovery
from .certificate import server_context
from .counters import Counters
from .faults import TABLE, Fault, Kind, options_for
from .garbage import noise_instead_of_tls, sender_for
from .listener import Door
from .node import Node
from .power import HUNG, NORMAL, SEARCHING_WIFI, Power
from .radio import Radio
from .web import Reply, Request, converse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .connection import Connection
    from .datagrams import Address
    from .home import Home
    from .specs import CameraSpec, PlugSpec

# Off the air, with power; of these the first keep looking for their network.
SEARCHING = frozenset({Fault.WIFI_WRONG_PASSWORD})
OFF_THE_AIR = SEARCHING | {Fault.VANISHED, Fault.PLUG_DEAD}
NO_ANSWER_TO_PROBES = frozenset({Fault.NO_DISCOVERY, Fault.NOT_A_CAMERA})


class Device(Node):
    """A device on an address of its own. All its state changes end in `refresh`."""

    kind: ClassVar[Kind]
    tls: ClassVar[bool] = False

    def __init__(self, home: Home, spec: CameraSpec | PlugSpec, host: str) -> None:
        seed = hashlib.sha256(f"{self.kind} {spec.name} {home.base}".encode()).hexdigest()
        super().__init__(home, spec.name, host)
        self.alias = spec.name
        self.model = spec.model
        self.hardware = spec.hardware
        self.ssid = spec.ssid
        self.port = spec.port
        # Locally administered, so that it is nobody's.
        self.mac = spec.mac or ":".join(["02", *(seed[i : i + 2].upper() for i in range(0, 10, 2))])
        self.device_id = spec.device_id or "80" + seed[10:48].upper()
        self.counters = Counters()
        self.faults: dict[Fault, dict[str, Any]] = {}
        self.power = Power(home.clock, spec.boot_time, self._woke_or_fell)
        self.radio = Radio(home.clock, home.rng, spec.rssi, self.refresh)
        self._firmware = spec.firmware

    # What the outside may ask

    @property
    def firmware(self) -> str:
        """The version it names."""
        changed = self.faults.get(Fault.LOGIN_CHANGED_BY_FIRMWARE)
        return str(changed["firmware"]) if changed else self._firmware

    @property
    def identity(self) -> tuple[str, str]:
        """The MAC and device id it answers with, which need not be its own."""
        if (other := self.faults.get(Fault.OTHER_IDENTITY)) is None:
            return self.mac, self.device_id
        seed = hashlib.sha256(self.device_id.encode()).hexdigest().upper()
        return other["mac"] or f"02:{seed[:2]}:{seed[2:4]}:00:00:01", other["device_id"] or seed[
            :40
        ]

    @property
    def rssi(self) -> int:
        """The strength of its Wi-Fi link now, dBm."""
        return self.radio.rssi

    @property
    @override
    def reachable(self) -> bool:
        return (
            self.power.awake
            and not (self.faults.keys() & OFF_THE_AIR)
            and not self.radio.gone
            and self.home.can_join(self.ssid)
        )

    @property
    def steady_watts(self) -> float:
        """What it draws when it is awake."""
        if self.faults.keys() & {Fault.HUNG_OPEN, Fault.HUNG_CLOSED}:
            return HUNG
        searching = self.faults.keys() & SEARCHING or not self.home.can_join(self.ssid)
        return SEARCHING_WIFI if searching else NORMAL

    @property
    def watts(self) -> float:
        """What it draws now."""
        return self.power.watts(self.steady_watts, self.home.rng)

    @property
    def state(self) -> str:
        """In one word, for people."""
        if not self.power.on:
            return "off"
        if self.power.looping:
            return "boot loop"
        if self.power.booting:
            return "booting"
        return "up" if self.reachable else "silent"

    # Faults

    def fault(self, fault: Fault, options: Mapping[str, Any]) -> None:
        """Put it on; one that is on already gets the new options."""
        complete = options_for(fault, self.kind, options)
        self.faults.pop(fault, None)
        self.faults[fault] = complete
        try:
            self._put_on(fault, complete)
        except OSError, ValueError:
            del self.faults[fault]
            raise
        self.home.refresh()

    def clear(self, fault: Fault | None = None) -> None:
        """Take it off, or all."""
        for one in [fault] if fault else list(self.faults):
            if self.faults.pop(one, None) is not None:
                self._take_off(one)
        self.home.refresh()

    def _put_on(self, fault: Fault, options: dict[str, Any]) -> None:
        match fault:
            case Fault.BOOT_LOOP:
                self.forget_sessions()
                self.power.start_loop(options["period"], options["up"])
            case Fault.WEAK_SIGNAL:
                self.radio.weaken(**options)
            case Fault.FADING_SIGNAL:
                self.radio.fade(**options)
            case Fault.TLS_GARBAGE | Fault.ACCEPT_RESET:
                self.drop_connections()
            case Fault.MOVED:
                options["host"] = options["host"] or self.home.free_host()
                self.move(options["host"])

    def _take_off(self, fault: Fault) -> None:
        match fault:
            case Fault.BOOT_LOOP:
                self.power.stop_loop()
                if self.power.on:
                    self.power.boot()
            case Fault.WEAK_SIGNAL:
                self.radio.recover(weak=True)
            case Fault.FADING_SIGNAL:
                self.radio.recover(fading=True)
            case Fault.MOVED:
                self.move(self.home_host)

    # Power

    def reboot(self) -> None:
        """Restart, as asked over the network."""
        if self.power.awake:
            self.forget_sessions()
            self.power.boot()
            self.home.note(self.name, "restarts")
            self.refresh()

    @abstractmethod
    def forget_sessions(self) -> None:
        """Drop all logins, as a restart does."""

    def _woke_or_fell(self) -> None:
        self.forget_sessions()
        self.home.note(self.name, self.state)
        self.refresh()

    def follow_power(self) -> None:
        """Notice whether there is power; a cut cures what a cut cures."""
        powered = self.home.powers(self)
        if powered == self.power.on:
            return
        if powered:
            self.power.restore()
            if loop := self.faults.get(Fault.BOOT_LOOP):
                self.power.start_loop(loop["period"], loop["up"])
        else:
            self.power.cut()
            self.power.stop_loop()
            self.forget_sessions()
            for fault in [fault for fault in self.faults if TABLE[fault].power_cycle_cures]:
                del self.faults[fault]
        self.home.note(self.name, self.state)

    # The network

    @override
    def door(self, port: int) -> Door:
        if closed := self.faults.get(Fault.HUNG_CLOSED):
            return Door.OPEN if closed["rtsp"] and port != self.port else Door.SHUT
        if Fault.HUNG_OPEN in self.faults:
            return Door.HANGING
        return Door.DEAF if self.radio.deaf else Door.OPEN

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """Answer one request on the control port, in good health."""

    @abstractmethod
    def introduce(self, probe: bytes) -> dict[str, Any]:
        """Answer a discovery probe, in good health."""

    async def talk(self, connection: Connection) -> None:
        """Talk to a client on the control port."""
        if Fault.ACCEPT_RESET in self.faults:
            connection.reset_at_end()
            return
        if self.tls:
            if Fault.TLS_GARBAGE in self.faults:
                await noise_instead_of_tls(connection)
                return
            await connection.start_tls(server_context())
            self.counters.tls_handshakes += 1
        await converse(connection, self._handle, self._send)

    async def _handle(self, request: Request) -> Reply:
        self.counters.http_requests += 1
        slow = self.faults.get(Fault.SLOW, {}).get("seconds", 0.0)
        if delay := slow + self.radio.delay:
            await self.home.clock.sleep(delay)
        return self.answer(request)

    async def _send(self, connection: Connection, reply: Reply) -> None:
        await sender_for(self.faults)(connection, reply)

    @override
    def accepted(self) -> None:
        self.counters.tcp_accepts += 1

    @override
    def hear(self, data: bytes, sender: Address, *, broadcast: bool = False) -> None:
        if not self.reachable or not discovery.is_probe(data):
            return
        if broadcast:
            self.counters.udp_broadcasts += 1
        else:
            self.counters.udp_probes += 1
        if self._ignores_probes() or self.radio.loses():
            return
        garbage = Fault.DISCOVERY_GARBAGE in self.faults
        answer = (
            discovery.noise(data)
            if garbage
            else discovery.framed(data, {"error_code": 0, "result": self.introduce(data)})
        )
        if delay := self.radio.delay:
            self.home.clock.call_later(delay, lambda: self.send(answer, sender))
        else:
            self.send(answer, sender)

    def _ignores_probes(self) -> bool:
        hangs = [
            self.faults[hang]
            for hang in (Fault.HUNG_OPEN, Fault.HUNG_CLOSED)
            if hang in self.faults
        ]
        return bool(self.faults.keys() & NO_ANSWER_TO_PROBES) or any(
            not options["discovery"] for options in hangs
        )
