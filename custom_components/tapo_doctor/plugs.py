"""Plugs that can cut the power: what was linked, and whether it can be trusted with it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.const import ATTR_ASSUMED_STATE, ATTR_ENTITY_ID, STATE_OFF, STATE_ON
from homeassistant.core import split_entity_id
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import DATA_INSTANCES

from .const import DOMAIN
from .doctor.preflight import Plug

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

# A plug that has not answered by then does not answer.
CALL_S = 10.0
# Their plugs live on the router's Wi-Fi: who cuts the router cannot tell them to bring it back.
_WIFI_ONLY = frozenset({"tplink", "tapo", "tapo_control"})


def plug_of(hass: HomeAssistant, entity_id: str | None) -> Plug:
    """Say what was linked as a plug."""
    if entity_id is None:
        return Plug.NONE
    entry, state = er.async_get(hass).async_get(entity_id), hass.states.get(entity_id)
    if entry is not None and entry.platform == DOMAIN:
        return Plug.OURS
    if split_entity_id(entity_id)[0] != SWITCH_DOMAIN:
        return Plug.NO_SWITCH
    if state is None:
        return Plug.GONE
    if isinstance(state.attributes.get(ATTR_ENTITY_ID), list | tuple):
        return Plug.GROUP
    if state.attributes.get(ATTR_ASSUMED_STATE):
        return Plug.ASSUMED
    return {STATE_ON: Plug.ON, STATE_OFF: Plug.OFF}.get(state.state, Plug.UNAVAILABLE)


def plug_error(hass: HomeAssistant, entity_id: str | None) -> str | None:
    """Say why a switch cannot be linked as a plug at all; None where it can."""
    wrong = {Plug.OURS: "own_switch", Plug.NO_SWITCH: "no_switch", Plug.GROUP: "switch_group"}
    return wrong.get(plug_of(hass, entity_id))


def needs_router(hass: HomeAssistant, entity_id: str) -> bool:
    """Whether a plug certainly cannot be reached while the router is off."""
    entry = er.async_get(hass).async_get(entity_id)
    return entry is not None and entry.platform in _WIFI_ONLY


def name_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return what a person calls a plug."""
    state = hass.states.get(entity_id)
    return state.name if state else entity_id


async def async_refresh(hass: HomeAssistant, entity_id: str) -> None:
    """Have a plug asked for its state now, where its integration asks at all."""
    component = hass.data.get(DATA_INSTANCES, {}).get(SWITCH_DOMAIN)
    entity = component.get_entity(entity_id) if component else None
    if entity is not None:
        with suppress(TimeoutError, HomeAssistantError):
            async with asyncio.timeout(CALL_S):
                await entity.async_update_ha_state(force_refresh=True)
