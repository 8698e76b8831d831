"""The demo's home: who plays in the story."""

from typing import Final

from tests.home import CameraSpec, Home, PlugSpec

SSID: Final = "Birchwood"
# Shorter than a real camera's half a minute: nobody wants to watch a camera start.
BOOT_S: Final = 12.0

FRONT_DOOR: Final = "Front door"
GARDEN: Final = "Garden"
GARAGE: Final = "Garage"
NURSERY: Final = "Nursery"
SHED: Final = "Shed"

PLUGS: Final = (
    PlugSpec("Hall plug", ssid=SSID),
    PlugSpec("Nursery plug", "P115", SSID),
    PlugSpec("Garden plug", ssid=SSID),
)
CAMERAS: Final = (
    CameraSpec(FRONT_DOOR, "C225", SSID, -54, "Hall plug", "1.0.11 Build 240826", boot_time=BOOT_S),
    CameraSpec(GARDEN, "C210", SSID, -64, "Garden plug", boot_time=BOOT_S),
    CameraSpec(GARAGE, "C100", SSID, -69, None, "1.3.14 Build 240513", "4.0", boot_time=BOOT_S),
    CameraSpec(
        NURSERY, "C220", SSID, -46, "Nursery plug", "1.2.5 Build 241224", "1.0", boot_time=BOOT_S
    ),
    CameraSpec(SHED, "C320WS", SSID, -72, None, "1.2.7 Build 240919", "2.0", boot_time=BOOT_S),
)
# With these the check measures often enough for the figures to mean something.
MOVING: Final = tuple(
    CameraSpec(name, "C200", SSID, rssi, boot_time=BOOT_S)
    for name, rssi in (("Attic", -66), ("Cellar", -70), ("Kitchen", -51), ("Study", -58))
)
HANGING: Final = tuple(
    CameraSpec(name, "C210", SSID, rssi, boot_time=BOOT_S)
    for name, rssi in (("Hall", -49), ("Porch", -61), ("Stairs", -55))
)


def build(*, extras: bool) -> Home:
    """Plan the home, on the first addresses that are free."""
    return Home([*CAMERAS, *((*MOVING, *HANGING) if extras else ())], PLUGS)
