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
    firmware: str = "1.4.3 Build 241010 Rel.33858n"
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
    firmware: str = "1.3.1 Build 240621 Rel.162048"
    hardware: str = "1.0"
    mac: str | None = None
    device_id: str | None = None
    boot_time: float = 4.0
    port: int = 8080


# Five cameras of different models, three plugs, two Wi-Fi networks.
EXAMPLE_CAMERAS: Final = (
    CameraSpec(
        "front door", "C225", "Birchwood", -54, "hall plug", "1.0.11 Build 240826 Rel.62730n"
    ),
    CameraSpec("garden", "C210", "Birchwood", -67, "garden plug"),
    CameraSpec(
        "garage", "C100", "Birchwood", -71, "garden plug", "1.3.14 Build 240513 Rel.43631n", "4.0"
    ),
    CameraSpec(
        "nursery", "C220", "Birchwood", -46, "nursery plug", "1.2.5 Build 241224 Rel.40956n", "1.0"
    ),
    CameraSpec(
        "shed", "C320WS", "Birchwood-Garden", -74, None, "1.2.7 Build 240919 Rel.41217n", "2.0"
    ),
)
EXAMPLE_PLUGS: Final = (
    PlugSpec("hall plug", "P110", "Birchwood", -49),
    PlugSpec("garden plug", "P110", "Birchwood", -63),
    PlugSpec("nursery plug", "P115", "Birchwood", -52),
)
