"""The download for a bug report: the case of each camera, which `scripts/diagnose` replays."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import __version__ as home_assistant_version
from homeassistant.loader import async_get_integration
from homeassistant.util import dt as dt_util

from .const import (
    CONF_AUTOMATIC,
    CONF_CONTROL_PORT,
    CONF_GATEWAY,
    CONF_INTERNET_CHECK,
    CONF_LOG_IN,
    CONF_PLUG,
    CONF_POWER_SENSOR,
    CONF_ROUTER_PLUG,
    CONF_ROUTER_PLUG_INDEPENDENT,
    CONF_SENSITIVITY,
    CONF_SIGNAL_SENSOR,
    CONF_TRACKER,
    CONF_WEAK_SIGNAL,
    DOMAIN,
)
from .doctor.codec import write
from .doctor.redaction import Redaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.device_registry import DeviceEntry

    from .coordinator import CameraCoordinator
    from .home import TapoDoctorConfigEntry

# Enough to see a pattern; the case holds what they add up to.
_MOST_OUTAGES: Final = 50
# Settings that say nothing about the home are shown; of the others, that they are there.
_SHOWN: Final = frozenset(
    {
        CONF_AUTOMATIC,
        CONF_CONTROL_PORT,
        CONF_INTERNET_CHECK,
        CONF_LOG_IN,
        CONF_ROUTER_PLUG_INDEPENDENT,
        CONF_SENSITIVITY,
        CONF_WEAK_SIGNAL,
    }
)
_NAMED: Final = frozenset(
    {
        CONF_GATEWAY,
        CONF_PLUG,
        CONF_POWER_SENSOR,
        CONF_ROUTER_PLUG,
        CONF_SIGNAL_SENSOR,
        CONF_TRACKER,
    }
)
_REMEMBERED: Final = (
    "watched_since",
    "last_look",
    "last_good",
    "firmware_changed",
    "stream_seen",
    "found",
    "restart_s",
    "attempts_s",
    "left_s",
    "paused",
    "paused_until",
    "tried",
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: TapoDoctorConfigEntry
) -> dict[str, Any]:
    """Return the cases of all cameras, without anything that is private."""
    return await _async_download(hass, entry, entry.runtime_data.cameras.values())


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: TapoDoctorConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the case of one camera, without anything that is private."""
    cameras = entry.runtime_data.cameras
    mine = [camera for key, camera in cameras.items() if (DOMAIN, key) in device.identifiers]
    return await _async_download(hass, entry, mine)


async def _async_download(
    hass: HomeAssistant, entry: TapoDoctorConfigEntry, cameras: Iterable[CameraCoordinator]
) -> dict[str, Any]:
    home = entry.runtime_data
    redaction = Redaction(_secrets(entry))
    integration = await async_get_integration(hass, DOMAIN)
    return {
        "versions": {
            "tapo_doctor": str(integration.version),
            "python_kasa": version("python-kasa"),
            "home_assistant": home_assistant_version,
        },
        "settings": _settings(entry.options),
        "account": home.account is not None,
        "cameras_watched": len(home.cameras),
        "cameras": [_camera(camera, redaction) for camera in cameras],
    }


def _camera(camera: CameraCoordinator, redaction: Redaction) -> dict[str, Any]:
    state, memory = camera.data, camera.chart.memory
    remembered = write(memory)
    return {
        "settings": _settings(camera.subentry.data),
        "status": state.status,
        "problem": state.problem,
        "since": state.since,
        "diagnosis": redaction.diagnosis(state.diagnosis) if state.diagnosis else None,
        "case": redaction.case(camera.evidence(dt_util.now())),
        "tally": write(state.tally),
        "outages": write(memory.outages[-_MOST_OUTAGES:]),
        "remedies": write(memory.remedies),
        "remembered": {name: remembered[name] for name in _REMEMBERED if name in remembered},
    }


def _settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings that may be shown, and of those that name something whether they are set."""
    shown = {name: value for name, value in settings.items() if name in _SHOWN}
    return shown | {name: bool(settings[name]) for name in _NAMED if name in settings}


def _secrets(entry: TapoDoctorConfigEntry) -> Iterable[str]:
    """Name what must not stand in the download, wherever a message may have it from."""
    yield from entry.runtime_data.account or ()
    for camera in entry.runtime_data.cameras.values():
        chart = camera.chart
        yield from filter(None, (chart.target.host, chart.mac, chart.memory.ssid))
