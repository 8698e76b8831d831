"""A simulated Tapo camera: the control port, the stream's port, discovery."""

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, override

from . import answers, discovery, rtsp
from .device import Device
from .faults import Fault, Kind
from .listener import Door, Talk
from .login import MISSING_PARAMETERS, SESSION_EXPIRED, LoginDesk, Session
from .web import Reply, Request

if TYPE_CHECKING:
    from .clock import Timer
    from .connection import Connection
    from .home import Home
    from .specs import CameraSpec

PROTOCOL_FORMAT_ERROR = -40210


class Camera(Device):
    """One camera. `plug` names what powers it, None is a socket in the wall."""

    kind: ClassVar = Kind.CAMERA
    tls: ClassVar = True

    def __init__(self, home: Home, spec: CameraSpec, host: str) -> None:
        super().__init__(home, spec, host)
        self.spec = spec
        self.plug = spec.plug
        self.rtsp_port = spec.rtsp_port
        self.settings = answers.new_settings()
        self.desk = LoginDesk(
            version=spec.login_version,
            now=home.clock.now,
            counters=self.counters,
            password=home.account[1],
            max_sessions=spec.max_sessions,
            failures_allowed=spec.failed_logins_allowed,
            lock_seconds=spec.lock_seconds,
        )
        self._unlock: Timer | None = None

    @property
    def seconds_locked(self) -> int:
        """How long it still refuses all logins."""
        return self.desk.seconds_left

    def expire_sessions(self) -> None:
        """Let every client's session be over, as happens after a day."""
        self.desk.forget()

    @override
    def forget_sessions(self) -> None:
        self.desk.forget()

    @override
    def _put_on(self, fault: Fault, options: dict[str, Any]) -> None:
        super()._put_on(fault, options)
        match fault:
            case Fault.LOGIN_REFUSED:
                self.desk.password = options["password"]
                if not options["keep_sessions"]:
                    self.desk.forget()
            case Fault.THIRD_PARTY_OFF:
                if options["style"] not in {"confirm", "http500"}:
                    raise ValueError("the styles are confirm and http500")
                self.desk.forget()
            case Fault.LOGIN_CHANGED_BY_FIRMWARE:
                self.desk.forget()
            case Fault.LOCKED:
                self.desk.forget()
                self.desk.lock(options["seconds"])
                self._stop_unlock()
                self._unlock = self.home.clock.call_later(
                    options["seconds"], lambda: self.clear(Fault.LOCKED)
                )

    @override
    def _take_off(self, fault: Fault) -> None:
        super()._take_off(fault)
        match fault:
            case Fault.LOGIN_REFUSED:
                self.desk.password = self.home.account[1]
                self.desk.forget()
            case Fault.LOCKED:
                self._stop_unlock()
                self.desk.unlock()

    def _stop_unlock(self) -> None:
        if self._unlock is not None:
            self._unlock.cancel()
            self._unlock = None

    @override
    def ports(self) -> dict[int, Talk]:
        return {self.port: self.talk, self.rtsp_port: self._stream}

    @override
    def door(self, port: int) -> Door:
        if port == self.rtsp_port and self.faults.keys() & {Fault.RTSP_DOWN, Fault.NOT_A_CAMERA}:
            return Door.SHUT
        return super().door(port)

    async def _stream(self, connection: Connection) -> None:
        await rtsp.talk(connection, self.counters)

    @override
    def introduce(self, probe: bytes) -> dict[str, Any]:
        mac, device_id = self.identity
        secure = self.desk.version == 3
        result: dict[str, Any] = {
            "device_id": hashlib.sha256(device_id.encode()).hexdigest()[:32].upper(),
            "device_name": self.alias,
            "device_type": "SMART.IPCAMERA",
            "device_model": self.model,
            "ip": self.host,
            "mac": mac.replace(":", "-"),
            "hardware_version": self.hardware,
            "firmware_version": self.firmware,
            "factory_default": False,
            "is_support_iot_cloud": True,
            "mgt_encrypt_schm": {"is_support_https": True, "http_port": self.port},
            "encrypt_type": ["3"] if secure else ["1", "2"],
            "protocol_version": 1,
        }
        if key := discovery.asker_key(probe):
            sealed = {
                "connect_ssid": self.ssid,
                "connect_type": "wireless",
                "device_id": device_id,
                "http_port": self.port,
                "owner": self.home.owner,
                "sd_status": "offline",
            }
            result["encrypt_info"] = discovery.seal_for(key, sealed)
        return result

    @override
    def answer(self, request: Request) -> Reply:
        if request.method != "POST":
            return Reply(status=404)
        if request.path == "/":
            return Reply.of(self._login(request.json()))
        stok = request.path.removeprefix("/stok=").removesuffix("/ds")
        if request.path != f"/stok={stok}/ds":
            return Reply(status=404)
        if self.faults.get(Fault.THIRD_PARTY_OFF, {}).get("style") == "http500":
            return Reply.of({"error_code": SESSION_EXPIRED}, 500)
        session = self.desk.sessions.get(stok)
        if session is None or Fault.SESSION_FLAP in self.faults:
            return self._expired()
        return self._passthrough(session, request) if session.seal else self._plain(request)

    def _expired(self) -> Reply:
        flapping = self.faults.get(Fault.SESSION_FLAP, {}).get("style") == "http401"
        status = 401 if flapping or self.spec.expires_with_http401 else 200
        return Reply.of({"error_code": SESSION_EXPIRED}, status)

    def _login(self, body: dict[str, Any]) -> dict[str, Any]:
        params = body.get("params")
        if body.get("method") != "login" or not isinstance(params, dict):
            return {"error_code": PROTOCOL_FORMAT_ERROR}
        if Fault.LOGIN_CHANGED_BY_FIRMWARE in self.faults:
            self.counters.login_requests += 1
            return {"error_code": MISSING_PARAMETERS}
        mismatch = self.faults.get(Fault.THIRD_PARTY_OFF, {}).get("style") == "confirm"
        return self.desk.login(params, confirm=not mismatch)

    def _plain(self, request: Request) -> Reply:
        return Reply.of(answers.answer(self, request.json()))

    def _passthrough(self, session: Session, request: Request) -> Reply:
        assert session.seal is not None
        seq, tag = request.headers.get("seq", ""), request.headers.get("tapo_tag", "")
        if (
            Fault.TAG_BROKEN in self.faults
            or not self._in_sequence(session, seq)
            or tag != session.tag(request.body.decode(errors="replace"), seq)
        ):
            return Reply.of({"error_code": -1, "err_msg": "Check tapo tag failed"}, 500)
        session.next_seq = int(seq) + 1
        try:
            plain = session.seal.open_text(request.json()["params"]["request"])
        except ValueError, KeyError, TypeError:
            return Reply.of({"error_code": PROTOCOL_FORMAT_ERROR})
        inner = Request("POST", "/", {}, {}, plain).json()
        sealed = session.seal.seal_text(Reply.of(answers.answer(self, inner)).body)
        return Reply.of({"error_code": 0, "result": {"response": sealed}})

    def _in_sequence(self, session: Session, seq: str) -> bool:
        if not seq.isdecimal():
            return False
        ahead = int(seq) - session.next_seq
        return ahead == 0 if self.spec.strict_seq else ahead >= 0
