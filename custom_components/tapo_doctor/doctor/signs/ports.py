"""Which of a camera's ports is which."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..evidence import PortState

CONTROL: Final = 443
STREAM: Final = 554
# ONVIF and the app's own stream: beside the control port, never instead of it.
SIDE: Final = (2020, 8800)


def control_port(ports: Mapping[int, PortState]) -> int | None:
    """Return the control service's port: 443, or the one that is watched in its place."""
    if CONTROL in ports:
        return CONTROL
    instead = [port for port in ports if port not in {STREAM, *SIDE}]
    return instead[0] if len(instead) == 1 else None


def control_of(ports: Mapping[int, PortState]) -> PortState | None:
    """Return how the control service's port is."""
    port = control_port(ports)
    return None if port is None else ports[port]
