"""A simulated Tapo smart plug: KLAP on HTTP, a relay and a meter that are real."""

import hashlib
import json
from typing import TYPE_CHECKING, Any, ClassVar, override

from . import plug_answers
from .device import Device
from .faults import Fault, Kind
from .klap import BINARY, KlapDesk, auth_hash
from .web import Reply, Request

if TYPE_CHECKING:
    from .home import Home
    from .listener import Talk
    from .specs import PlugSpec


class Plug(Device):
    """One plug. What is plugged in has power while the relay is on and the plug has it."""

    kind: ClassVar = Kind.PLUG

    def __init__(self, home: Home, spec: PlugSpec, host: str) -> None:
        super().__init__(home, spec, host)
        self.metering = spec.metering
        self.is_on = True
        self.on_since = home.clock.now()
        self.led = True
        self.desk = KlapDesk(self.counters, auth_hash(*home.account))

    @property
    def load_watts(self) -> float:
        """What the meter reads: the sum of what is plugged in."""
        if not self.is_on or not self.home.powers(self):
            return 0.0
        return sum(camera.watts for camera in self.home.cameras if camera.plug == self.name)

    def turn_on(self) -> None:
        """Close the relay, as by hand or over the network."""
        self._switch(on=True)

    def turn_off(self) -> None:
        """Open the relay: what is plugged in is dark at once."""
        self._switch(on=False)

    def _switch(self, *, on: bool) -> None:
        if on != self.is_on:
            self.is_on = on
            self.on_since = self.home.clock.now()
            self.home.note(self.name, "on" if on else "off")
            self.home.refresh()

    @override
    def forget_sessions(self) -> None:
        self.desk.forget()

    @override
    def _put_on(self, fault: Fault, options: dict[str, Any]) -> None:
        super()._put_on(fault, options)
        match fault:
            case Fault.LOGIN_REFUSED:
                self.desk.secret = auth_hash(self.home.account[0], options["password"])
                if not options["keep_sessions"]:
                    self.desk.forget()
            case Fault.THIRD_PARTY_OFF:
                self.desk.forget()

    @override
    def _take_off(self, fault: Fault) -> None:
        super()._take_off(fault)
        if fault is Fault.LOGIN_REFUSED:
            self.desk.secret = auth_hash(*self.home.account)
            self.desk.forget()

    @override
    def ports(self) -> dict[int, Talk]:
        return {self.port: self.talk}

    @override
    def introduce(self, probe: bytes) -> dict[str, Any]:
        mac, device_id = self.identity
        return {
            "device_id": hashlib.sha256(device_id.encode()).hexdigest()[:32].upper(),
            "device_model": f"{self.model}(EU)",
            "device_type": "SMART.TAPOPLUG",
            "factory_default": False,
            "ip": self.host,
            "is_support_iot_cloud": True,
            "mac": mac.replace(":", "-"),
            "mgt_encrypt_schm": {
                "encrypt_type": "TPAP" if Fault.THIRD_PARTY_OFF in self.faults else "KLAP",
                "http_port": self.port,
                "is_support_https": False,
                "lv": 2,
            },
            "obd_src": "tplink",
            "owner": self.home.owner,
        }

    @override
    def answer(self, request: Request) -> Reply:
        if request.method != "POST":
            return Reply(status=404)
        if Fault.THIRD_PARTY_OFF in self.faults:
            return Reply(status=403)
        session = self.desk.session(request.headers.get("cookie", ""))
        match request.path:
            case "/app/handshake1":
                return self.desk.handshake1(request.body)
            case "/app/handshake2":
                return self.desk.handshake2(session, request.body)
            case "/app/request" if session is not None and session.ready:
                try:
                    plain = session.open(int(request.query.get("seq", "")), request.body)
                    inner = json.loads(plain)
                except ValueError, OverflowError:
                    return Reply(status=400)
                answer = plug_answers.answer(self, inner if isinstance(inner, dict) else {})
                return Reply(session.seal(Reply.of(answer).body), content_type=BINARY)
            case "/app/request":
                return Reply(status=403)
        return Reply(status=404)
