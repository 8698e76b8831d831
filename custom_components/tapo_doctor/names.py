"""What a camera is called, by people and by the answers of the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.helpers import device_registry as dr

from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .coordinator import CameraCoordinator


def device_of(camera: CameraCoordinator) -> dr.DeviceEntry | None:
    """Return a camera's device, once it has one."""
    return dr.async_get(camera.hass).async_get_device_by_identifier(
        (DOMAIN, camera.subentry_id), camera.config_entry.entry_id
    )


def name_of(camera: CameraCoordinator) -> str:
    """Say what people call a camera: as they renamed its device, or else as it was added."""
    device = device_of(camera)
    return (device.name_by_user if device else None) or camera.name


def keyed(cameras: Iterable[CameraCoordinator]) -> dict[str, CameraCoordinator]:
    """Give each camera a key of its own: as it was added, and with a number where that is taken.

    Scripts read answers by it, so that it stays as it is when a device is renamed.
    """
    cameras = list(cameras)
    taken = {camera.name for camera in cameras}
    keys: dict[str, CameraCoordinator] = {}
    for camera in cameras:
        key, number = camera.name, 1
        while key in keys or (number > 1 and key in taken):
            number += 1
            key = f"{camera.name} ({number})"
        keys[key] = camera
    return keys
