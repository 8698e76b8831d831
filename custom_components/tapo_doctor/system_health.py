"""A line for each thing that others want to know first when something does not work."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback

from .doctor.evidence import LoginResult
from .targets import loaded_homes

if TYPE_CHECKING:
    from homeassistant.components.system_health import SystemHealthRegistration
    from homeassistant.core import HomeAssistant


@callback
def async_register(_hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register the lines."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Count over all homes; nothing here names a camera or an address."""
    homes = loaded_homes(hass)
    cameras = [camera for home in homes for camera in home.cameras.values()]
    answers = [home.gateway.here for home in homes]
    beats = [camera.chart.beat for camera in cameras]
    return {
        "cameras": len(cameras),
        "with_problem": sum(bool(camera.data.problem) for camera in cameras),
        "login_ok": sum(camera.chart.login is LoginResult.OK for camera in cameras),
        "icmp": any(beat is not None and beat.ping is not None for beat in beats),
        "gateway": "unknown" if None in answers or not answers else all(answers),
        "python_kasa": version("python-kasa"),
    }
