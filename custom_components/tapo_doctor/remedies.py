"""The steps of the playbook that the doctor's own hands can take, and how."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, OperationNotAllowed
from homeassistant.const import ATTR_ENTITY_ID, CONF_HOST, CONF_IP_ADDRESS, SERVICE_TURN_ON
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from .comeback import async_wait_back
from .doctor.causes import Cause, Group
from .doctor.evidence import RemedyKind
from .doctor.outages import Tried
from .doctor.playbook import Step
from .doctor.preflight import Plug
from .doctor.safety import Objection
from .guidance import async_note_remedy
from .network_restart import NetworkRestart
from .plugs import CALL_S, plug_of
from .power_actions import gone_alone, raise_in_words
from .probes.power import our_context

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from typing import Any

    from homeassistant.core import Context

    from .coordinator import CameraCoordinator

# Integrations that have an entry for a camera. A router's has devices with cameras' addresses
# too, and must not be reloaded for one of them.
_FOR_CAMERAS: Final = frozenset({"onvif", "tapo", "tapo_control", "tplink"})


class Remedy(NamedTuple):
    """A row of the table below. `run_fn` tells whether it helped, where that can be said."""

    available_fn: Callable[[CameraCoordinator], bool]
    run_fn: Callable[[CameraCoordinator, Context | None], Coroutine[Any, Any, bool | None]]


async def _async_restart_camera(camera: CameraCoordinator, context: Context | None) -> bool | None:
    """Cut its power; raises in words where that is refused."""
    gone = camera.chart.offline
    decision = await camera.home.power.async_decide(camera)
    # The playbook has proposed it and a person has asked for it: that outweighs a doubt about the
    # cause, but neither that all is well by now nor what stands against any cut.
    reason = decision.reason
    fine = isinstance(reason, Cause) and reason.group is Group.FINE
    doubtful = decision.may_insist and isinstance(reason, (Cause, Objection)) and not fine
    result = await camera.home.power.async_power_cycle(camera, force=doubtful, context=context)
    if not result.done and result.reason is not None:
        raise_in_words(camera, result.reason)
    return result.reason is None if gone else None


async def _async_restart_network(camera: CameraCoordinator, context: Context | None) -> bool | None:
    """Restart the router and all cameras that are gone; raises in words where that is refused."""
    gone = camera.chart.offline
    restart = NetworkRestart(camera.home)
    result = await restart.async_restart(gone_alone(camera.home), context=context)
    if not result.done and result.reason is not None:
        raise_in_words(camera, result.reason)
    return not camera.chart.offline if gone else None


async def _async_turn_plug_on(camera: CameraCoordinator, context: Context | None) -> bool | None:
    """Turn its plug on and wait for the camera."""
    plug = camera.power.plug
    if plug is None:
        return None
    # One that does not say so in time may have done it all the same: the camera tells.
    with suppress(TimeoutError):
        async with asyncio.timeout(CALL_S):
            await camera.hass.services.async_call(
                SWITCH_DOMAIN,
                SERVICE_TURN_ON,
                {ATTR_ENTITY_ID: plug},
                blocking=True,
                context=our_context(context),
            )
    return bool(await async_wait_back([camera]))


async def _async_reload_others(camera: CameraCoordinator, _context: Context | None) -> bool | None:
    """Reload the entries that other integrations have for this camera."""
    at, manager = dt_util.now(), camera.hass.config_entries
    for entry in other_entries(camera):
        try:
            await manager.async_reload(entry.entry_id)
        except OperationNotAllowed:
            # It is in the midst of something, and will be looked at below all the same.
            continue
    loaded = [entry.state is ConfigEntryState.LOADED for entry in other_entries(camera)]
    helped = all(loaded) if loaded else None
    async_note_remedy(camera, Tried(remedy=RemedyKind.RELOAD, at=at, helped=helped))
    return helped


def other_entries(camera: CameraCoordinator) -> list[ConfigEntry]:
    """Return the entries that other integrations have for a camera."""
    manager, host, mac = camera.hass.config_entries, camera.chart.target.host, camera.chart.mac
    connections = {(dr.CONNECTION_NETWORK_MAC, mac)} if mac else set()
    devices = dr.async_get(camera.hass).async_get_devices(connections=connections)
    owners = {device.config_entry_id for device in devices}
    return [
        entry
        for entry in manager.async_entries(include_disabled=False, include_ignore=False)
        if entry.domain in _FOR_CAMERAS
        and (
            entry.entry_id in owners
            or host in {entry.data.get(CONF_HOST), entry.data.get(CONF_IP_ADDRESS)}
        )
    ]


# What is not in this table, or not available for a camera, takes a person's hands.
REMEDIES: Final[Mapping[Step, Remedy]] = {
    Step.RESTART_CAMERA: Remedy(
        lambda camera: plug_of(camera.hass, camera.power.plug) is Plug.ON,
        _async_restart_camera,
    ),
    Step.RESTART_ROUTER_AND_CAMERA: Remedy(
        lambda camera: NetworkRestart(camera.home).decide(gone_alone(camera.home)).allowed,
        _async_restart_network,
    ),
    Step.TURN_PLUG_ON: Remedy(
        lambda camera: plug_of(camera.hass, camera.power.plug) is Plug.OFF,
        _async_turn_plug_on,
    ),
    Step.RELOAD_INTEGRATION: Remedy(
        lambda camera: camera.readings.locked_for_s is None and bool(other_entries(camera)),
        _async_reload_others,
    ),
}
