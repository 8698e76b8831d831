"""Which cameras an action is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .const import DOMAIN
from .names import keyed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import HomeAssistant, ServiceCall

    from .coordinator import CameraCoordinator
    from .home import Home


def loaded_homes(hass: HomeAssistant) -> list[Home]:
    """Return the homes that are watched at this moment."""
    return [entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)]


async def async_targeted_cameras(call: ServiceCall) -> dict[str, CameraCoordinator]:
    """Return the cameras of a call, each by the key of its answer, in their homes' order.

    Raises `ServiceValidationError` where there is none, and `Unauthorized` where the caller
    may not control one of them.
    """
    hass = call.hass
    homes = loaded_homes(hass)
    if not homes:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="not_loaded")
    meant = _meant(call)
    cameras = keyed(camera for home in homes for camera in home.cameras.values())
    chosen = {key: camera for key, camera in cameras.items() if camera.subentry_id in meant}
    if not chosen:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_camera")
    await _async_check_permission(call, chosen.values())
    return chosen


def _meant(call: ServiceCall) -> set[str | None]:
    """Return the subentries that the call's target names, by device or by entity."""
    devices, entities = dr.async_get(call.hass), er.async_get(call.hass)
    selected = async_extract_referenced_entity_ids(
        call.hass, TargetSelection(call.data), primary_entities_only=False
    )
    named = (
        entities.async_get(one) for one in selected.referenced | selected.indirectly_referenced
    )
    owners = (devices.async_get(device_id) for device_id in selected.referenced_devices)
    return {one.config_subentry_id for one in (*named, *owners) if one}


async def _async_check_permission(call: ServiceCall, cameras: Iterable[CameraCoordinator]) -> None:
    """Refuse a user who may not control the cameras' entities; automations have no user."""
    if call.context.user_id is None:
        return
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if user.is_admin:
        return
    registry = er.async_get(call.hass)
    for camera in cameras:
        for entity in er.async_entries_for_config_entry(registry, camera.config_entry.entry_id):
            mine = entity.config_subentry_id == camera.subentry_id
            if mine and not user.permissions.check_entity(entity.entity_id, POLICY_CONTROL):
                raise Unauthorized(
                    context=call.context, entity_id=entity.entity_id, permission=POLICY_CONTROL
                )
