"""Keeping a camera's page in Home Assistant true: much is learnt after the device was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.const import CONF_MAC
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr

from .names import device_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .coordinator import CameraCoordinator


def connections(settings: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return what others know the camera by: also Home Assistant, when it has another address."""
    mac = settings.get(CONF_MAC)
    return {(dr.CONNECTION_NETWORK_MAC, mac)} if mac else set()


@callback
def async_show_device(camera: CameraCoordinator) -> None:
    """Show what is known by now, if there is a page already."""
    chart = camera.chart
    if (device := device_of(camera)) is not None:
        dr.async_get(camera.hass).async_update_device(
            device.id,
            new_connections=connections(camera.settings),
            model=chart.model or device.model,
            hw_version=chart.hardware or device.hw_version,
            sw_version=chart.memory.firmware,
        )
