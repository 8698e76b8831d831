"""A camera's control service, spoken to with the account; the one file that knows kasa's errors.

`Device.update()` is never called: when its query fails it asks for everything again, one by
one, for minutes, and hides why. A query of just the methods needed tells the truth within
6 s. After any failure the protocol object is thrown away, since python-kasa makes every
later request of one that met an operating system's error wait.
"""

from __future__ import annotations

import contextlib
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from kasa import (
    AuthenticationError,
    Credentials,
    DeviceConfig,
    DeviceConnectionParameters,
    DeviceError,
    KasaException,
    UnsupportedDeviceError,
)
from kasa import (
    TimeoutError as KasaTimeoutError,
)
from kasa.device_factory import get_protocol
from kasa.exceptions import SmartErrorCode

from custom_components.tapo_doctor.doctor.evidence import LoginResult

from .findings import Reading, Scanned, SlowReading, Target
from .scan import CAMERA_LEVELS, networks_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aiohttp import ClientSession
    from kasa import BaseProtocol

_ACCOUNT = {
    "getDeviceInfo": {"device_info": {"name": ["basic_info"]}},
    "getConnectionType": {"network": {"get_connection_type": []}},
}
_SLOW = {
    "getFirmwareAutoUpgradeConfig": {"auto_upgrade": {"name": ["common"]}},
    "getFirmwareUpdateStatus": {"cloud_config": {"name": "upgrade_status"}},
    "getReboot": {"timing_reboot": {"name": ["reboot"]}},
    "getClockStatus": {"system": {"name": "clock_status"}},
    "getLensMaskConfig": {"lens_mask": {"name": ["lens_mask_info"]}},
}
_SCAN = {
    "getConnectionType": {"network": {"get_connection_type": []}},
    "scanApList": {"onboarding": {"scan": {}}},
}
# Codes that python-kasa has no name for, and that mean: firmware with a newer login.
_NEWER_LOGIN = {-40211, -40214, -40414, -40418, -40420, -40421}
_SESSION_EXPIRED = -40401
# A text is kept for the diagnosis, not for reading: enough of it to tell the kinds apart.
_LONGEST_TEXT = 240
_CODE = re.compile(r"-\d{5}\b")
# The longest lock on record was half an hour; a figure of any length would leave the calendar.
_LONGEST_LOCK_S = 86400.0
_BLOCKED = re.compile(r"blocked for (\d+) seconds")
_STATUS_401 = re.compile(r"(?:status|code) 401\b")
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
# Weaker or stronger than this is no measurement: 0 and -1 mean "not associated".
_WEAKEST, _STRONGEST = -120, -5

# For each request; the library's own choice. A login and its query take two to five of them.
TIMEOUT = 5.0

_TIMEOUTS = (KasaTimeoutError, TimeoutError)

_DEFAULT_CONNECTION = DeviceConnectionParameters.from_values(
    "SMART.IPCAMERA", "AES", login_version=3, https=True
).to_dict()


def connection_parameters(
    device_type: str, encryption: str, *, login_version: int | None, https: bool, port: int
) -> Mapping[str, Any] | None:
    """Say how python-kasa has to speak to a device; None where it cannot."""
    try:
        parameters = DeviceConnectionParameters.from_values(
            device_type, encryption, login_version=login_version, https=https, http_port=port
        )
        config = DeviceConfig(host="0.0.0.0", connection_type=parameters)  # noqa: S104
        return None if get_protocol(config) is None else parameters.to_dict()
    except KasaException, ValueError, TypeError:
        return None


class CameraSession:
    """A kept session with one camera; the first reading logs in, the next ones do not."""

    def __init__(
        self,
        target: Target,
        username: str,
        password: str,
        http_client: ClientSession,
        *,
        timeout: float = TIMEOUT,
    ) -> None:
        self._timeout = timeout
        self._target = target
        self._credentials = Credentials(username, password)
        self._http_client = http_client
        self._protocol: BaseProtocol | None = None
        self.established = False

    async def read(self, *, slow: bool = False) -> Reading:
        """Ask for identity, firmware and signal; with `slow` also for what seldom changes."""
        renewing = self.established
        try:
            answer = await self._open().query({**_ACCOUNT, **(_SLOW if slow else {})}, 0)
            reading = _reading(answer, slow=slow)
        except Exception as err:  # noqa: BLE001
            # Anything at all: python-kasa digs in whatever the device answered, and
            # garbage comes out as whatever error the digging met.
            await self.close()
            return refusal(err, self._target.host, had_session=renewing)
        self.established = True
        return reading

    async def scan(self) -> Scanned:
        """Let it scan for Wi-Fi networks; only on a session that is there, never with a login.

        Asked for alone, a question that a camera does not know would cost the session.
        """
        if not self.established:
            return Scanned()
        try:
            answer = await self._open().query(dict(_SCAN), 0)
        except Exception:  # noqa: BLE001
            await self.close()
            return Scanned()
        found = _dig(answer, "scanApList", "onboarding", "scan")
        return Scanned(
            networks=networks_in(found, CAMERA_LEVELS),
            own_ssid=packed_text(_dig(answer, "getConnectionType", "ssid")),
        )

    async def close(self) -> None:
        """Forget the session; the camera ends its side by itself, there is no logout."""
        protocol, self._protocol, self.established = self._protocol, None, False
        if protocol is not None:
            with contextlib.suppress(KasaException, OSError):
                await protocol.close()

    def _open(self) -> BaseProtocol:
        if self._protocol is None:
            parameters = {
                **(self._target.connection or _DEFAULT_CONNECTION),
                "http_port": self._target.port,
            }
            config = DeviceConfig(
                host=self._target.host,
                credentials=self._credentials,
                connection_type=DeviceConnectionParameters.from_dict(parameters),
                http_client=self._http_client,
                timeout=self._timeout,  # type: ignore[arg-type]  # fractions work
            )
            self._protocol = get_protocol(config)
            if self._protocol is None:
                raise UnsupportedDeviceError("no protocol for this login")
        return self._protocol


def refusal(err: Exception, host: str, *, had_session: bool) -> Reading:
    """Translate what python-kasa raises into what it means, without the address."""
    text = _storable(str(err).replace(host, "IP"))[:_LONGEST_TEXT]
    codes = [int(code) for code in _CODE.findall(text)]
    known = err.error_code if isinstance(err, DeviceError) else None
    code = int(known) if known is not None else next(iter(codes), None)
    seconds = _BLOCKED.search(text)
    result = _meaning(err, text, codes, had_session=had_session)
    return Reading(
        result=result,
        text=text,
        code=code,
        locked_for_s=min(float(seconds[1]), _LONGEST_LOCK_S) if seconds else None,
    )


def _meaning(err: Exception, text: str, codes: list[int], *, had_session: bool) -> LoginResult:
    if isinstance(err, DeviceError) and err.error_code is SmartErrorCode.DEVICE_BLOCKED:
        return LoginResult.LOCKED
    if isinstance(err, UnsupportedDeviceError) or _NEWER_LOGIN & set(codes):
        return LoginResult.UNSUPPORTED
    # A camera answers 401 once it has let somebody in; a web server, at the first word.
    status_401 = _STATUS_401.search(text) is not None and "to handshake" not in text
    expired = _SESSION_EXPIRED in codes or status_401
    if expired or (isinstance(err, DeviceError) and err.error_code == _SESSION_EXPIRED):
        # The same answer means "expired" to a kept session and "go away" to a new one.
        return LoginResult.SESSION_LOST if had_session else LoginResult.REJECTED
    if isinstance(err, AuthenticationError):
        return LoginResult.SESSION_LOST if had_session else LoginResult.REJECTED
    # python-kasa hides a timeout of several questions in one behind an error of its own.
    if isinstance(err, _TIMEOUTS) or isinstance(err.__cause__, _TIMEOUTS):
        return LoginResult.TIMEOUT
    return LoginResult.ERROR


def _reading(answer: Mapping[str, Any], *, slow: bool) -> Reading:
    basic = _dig(answer, "getDeviceInfo", "device_info", "basic_info")
    wifi = _dig(answer, "getConnectionType")
    if not isinstance(basic, dict):
        raise KasaException("no device information in the answer")
    wifi = wifi if isinstance(wifi, dict) else {}
    rssi = wifi.get("rssiValue")
    return Reading(
        result=LoginResult.OK,
        mac=_text(basic.get("mac")),
        name=_text(basic.get("device_alias")),
        model=_text(basic.get("device_model")),
        hardware=_text(basic.get("hw_version")),
        firmware=(_text(basic.get("sw_version")) or "").partition(" ")[0] or None,
        ssid=packed_text(wifi.get("ssid")),
        rssi_dbm=rssi if isinstance(rssi, int) and _WEAKEST < rssi < _STRONGEST else None,
        slow=_slow(answer) if slow else None,
    )


def _slow(answer: Mapping[str, Any]) -> SlowReading:
    upgrade = _dig(answer, "getFirmwareAutoUpgradeConfig", "auto_upgrade", "common")
    state = _dig(answer, "getFirmwareUpdateStatus", "cloud_config", "upgrade_status", "state")
    restart = _dig(answer, "getReboot", "timing_reboot", "reboot")
    clock = _dig(answer, "getClockStatus", "system", "clock_status", "seconds_from_1970")
    mask = _dig(answer, "getLensMaskConfig", "lens_mask", "lens_mask_info", "enabled")
    return SlowReading(
        update_window=_planned(upgrade, "time"),
        updating=None if not isinstance(state, str) else state not in {"normal", "idle"},
        planned_restart=_planned(restart, "time"),
        clock=float(clock) if isinstance(clock, int) else None,
        privacy_mode=None if mask is None else mask == "on",
    )


def _planned(plan: object, key: str) -> str | None:
    """Return the HH:MM of a plan that is switched on."""
    if not isinstance(plan, dict) or plan.get("enabled") != "on":
        return None
    time = _text(plan.get(key)) or ""
    return time[:5] if _TIME.match(time[:5]) else None


def packed_text(value: object) -> str | None:
    """Read a text that is packed as base64, as network names are."""
    try:
        return b64decode(_text(value) or "", validate=True).decode() or None
    except ValueError:
        return None


def _dig(answer: object, *path: str) -> object:
    for key in path:
        answer = answer.get(key) if isinstance(answer, dict) else None
    return answer


def _text(value: object) -> str | None:
    return _storable(value) if isinstance(value, str) and value else None


def _storable(text: str) -> str:
    """Replace halves of characters, which JSON may carry and no file takes."""
    return text.encode(errors="replace").decode()


def clock_offset(clock: float, now: datetime) -> float:
    """Seconds by which a camera's clock is ahead of ours."""
    return clock - now.timestamp()
