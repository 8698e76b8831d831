"""A simulated home that speaks the real protocols on loopback.

    async with Home(cameras=[CameraSpec("garden", plug="garden plug")],
                    plugs=[PlugSpec("garden plug")]) as home:
        home.fault("garden", Fault.LOCKED, seconds=1700)

Every device has an address of its own below 127.<base>, so several homes live side by side.
`python -m tests.home` runs one to try clients against; the faults are the table in `faults`.
"""

from .camera import Camera
from .clock import Clock, ManualClock
from .counters import Counters
from .device import Device
from .faults import TABLE, Fault, Kind
from .home import ACCOUNT, Home
from .plug import Plug
from .specs import EXAMPLE_CAMERAS, EXAMPLE_PLUGS, CameraSpec, PlugSpec
from .wires import Island

__all__ = [
    "ACCOUNT",
    "EXAMPLE_CAMERAS",
    "EXAMPLE_PLUGS",
    "TABLE",
    "Camera",
    "CameraSpec",
    "Clock",
    "Counters",
    "Device",
    "Fault",
    "Home",
    "Island",
    "Kind",
    "ManualClock",
    "Plug",
    "PlugSpec",
]
