"""What a home is made of, before it is built."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """A camera to be; `plug` names the smart plug that powers it."""

    name: str
    model: str = "C210"
    ssid: str = "home"
    rssi: int = -58
    plug: str | None = None
    firmware: str = "1.4.4 Build 250311 Rel.40127n"
    hardware: str = "2.0"
    mac: str | None = None
    device_id: str | None = None
    login_version: int = 3
    boot_time: float = 35.0
    # Real cameras use 443 and 554, which are for root alone.
    port: int = 4443
    rtsp_port: int = 5554
    # Whether a request with a Seq that ran ahead is refused; which of the two real
    # firmware does is not known.
    strict_seq: bool = True
    max_sessions: int = 10
    # How it tells that a session is over: as a -40401 in JSON, or as HTTP 401.
    expires_with_http401: bool = False
    # Counted per camera; the number and the length follow public reports.
    failed_logins_allowed: int = 10
    lock_seconds: float = 1800.0


@dataclass(frozen=True, slots=True)
class PlugSpec:
    """A smart plug to be; one without a meter is, for example, a P100."""

    name: str
    model: str = "P110"
    ssid: str = "home"
    rssi: int = -50
    metering: bool = True
    firmware: str = "1.3.2 Build 250402 Rel.150233"
    hardware: str = "1.0"
    mac: str | None = None
    device_id: str | None = None
    boot_time: float = 4.0
    port: int = 8080


# Five cameras of different models, three plugs, two Wi-Fi networks.
EXAMPLE_CAMERAS: Final = (
    CameraSpec(
        "front door", "C225", "Birchwood", -54, "hall plug", "1.0.14 Build 250204 Rel.51306n"
    ),
    CameraSpec("garden", "C210", "Birchwood", -67, "garden plug"),
    CameraSpec(
        "garage", "C100", "Birchwood", -71, "garden plug", "1.3.16 Build 250117 Rel.38852n", "4.0"
    ),
    CameraSpec(
        "nursery", "C220", "Birchwood", -46, "nursery plug", "1.2.7 Build 250322 Rel.44719n", "1.0"
    ),
    CameraSpec(
        "shed", "C320WS", "Birchwood-Garden", -74, None, "1.2.9 Build 250218 Rel.47350n", "2.0"
    ),
)
EXAMPLE_PLUGS: Final = (
    PlugSpec("hall plug", "P110", "Birchwood", -49),
    PlugSpec("garden plug", "P110", "Birchwood", -63),
    PlugSpec("nursery plug", "P115", "Birchwood", -52),
)
