"""What a camera answers to the authenticated question, or something that poses as one."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock, Mock, patch

import pytest
from homeassistant.helpers.json import json_bytes
from hypothesis import given
from hypothesis import strategies as st
from kasa import AuthenticationError, DeviceError, KasaException
from kasa.exceptions import SmartErrorCode

from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.doctor.logins import LoginGate
from custom_components.tapo_doctor.probes import camera
from custom_components.tapo_doctor.probes.camera import CameraSession, clock_offset, refusal
from custom_components.tapo_doctor.probes.findings import Target

from .hostile import TEXTS, anything, spoiled

if TYPE_CHECKING:
    from custom_components.tapo_doctor.probes.findings import Reading

# At full speed: what is covered here is covered by the tests of each module.
pytestmark = pytest.mark.no_cover

HOST = "192.168.1.2"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
ANSWER = {
    "getDeviceInfo": {
        "device_info": {
            "basic_info": {
                "mac": "02-00-00-00-00-01",
                "device_alias": "Garden",
                "device_model": "C210",
                "hw_version": "2.0",
                "sw_version": "1.4.3 Build 1",
            }
        }
    },
    "getConnectionType": {"ssid": "aG9tZQ==", "rssiValue": -58, "rssi": "3"},
    "getFirmwareAutoUpgradeConfig": {
        "auto_upgrade": {"common": {"enabled": "on", "time": "03:00"}}
    },
    "getFirmwareUpdateStatus": {"cloud_config": {"upgrade_status": {"state": "normal"}}},
    "getReboot": {"timing_reboot": {"reboot": {"enabled": "on", "time": "04:00:00"}}},
    "getClockStatus": {"system": {"clock_status": {"seconds_from_1970": 1781524800}}},
    "getLensMaskConfig": {"lens_mask": {"lens_mask_info": {"enabled": "off"}}},
}


def use(reading: Reading) -> None:
    """Do with a reading what the watch does."""
    texts = ("text", "mac", "name", "model", "hardware", "firmware", "ssid")
    assert json_bytes([getattr(reading, text) for text in texts])
    assert reading.rssi_dbm is None or -120 < reading.rssi_dbm < 0
    if reading.slow is not None and reading.slow.clock is not None:
        assert abs(clock_offset(reading.slow.clock, NOW)) < float("inf")
    gate = LoginGate().after(
        reading.result, NOW, host=HOST, firmware=None, locked_for_s=reading.locked_for_s
    )
    if reading.result is LoginResult.LOCKED:
        assert not gate.may_try(NOW, host=HOST, firmware=None)


@given(spoiled([ANSWER]) | anything(*ANSWER), st.booleans())
async def test_no_answer_of_any_shape_makes_a_reading_raise(answer: Any, slow: bool) -> None:
    """What comes out can be stored, shown and reckoned with, whatever went in."""
    protocol = Mock(query=AsyncMock(return_value=answer), close=AsyncMock())
    with patch.object(camera, "get_protocol", return_value=protocol):
        session = CameraSession(Target(host=HOST), "owner", "secret", Mock())
        use(await session.read(slow=slow))


KINDS = [KasaException, AuthenticationError, TimeoutError, OSError, ValueError]
PHRASES = [
    f"Device {HOST} blocked for 1784 seconds",
    "blocked for {} seconds",
    "responded with an unexpected status code 401 to handshake",
    "error_code -40401",
    "-40211",
]


@given(
    st.sampled_from(KINDS),
    TEXTS | st.sampled_from(PHRASES),
    st.integers(min_value=0, max_value=10**230) | st.sampled_from([0, 1784, 10**9, 10**16]),
    st.none() | st.sampled_from([SmartErrorCode.DEVICE_BLOCKED, SmartErrorCode.SESSION_EXPIRED]),
    st.booleans(),
)
def test_no_refusal_of_any_wording_makes_it_raise(
    kind: type[Exception],
    phrase: str,
    number: int,
    code: SmartErrorCode | None,
    had_session: bool,
) -> None:
    """Nor names the address, which would stand in the diagnostics."""
    text = f"{phrase.replace('{}', str(number))} {HOST}"
    error = kind(text) if code is None else DeviceError(text, error_code=code)
    reading = refusal(error, HOST, had_session=had_session)
    assert HOST not in (reading.text or "")
    use(reading)
