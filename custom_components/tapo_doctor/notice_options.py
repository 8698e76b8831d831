"""The home's options about notices: who gets them, when nobody does, and what ends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol
from homeassistant.components.notify import DOMAIN as NOTIFY_DOMAIN
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    TimeSelector,
)

from .const import (
    CONF_NOTICES,
    CONF_NOTIFY_ENTITIES,
    CONF_NOTIFY_SERVICES,
    CONF_ON_RECOVERY,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
)
from .delivery import notify_services
from .notices import OnRecovery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant


def notice_options(hass: HomeAssistant) -> dict[vol.Marker, section]:
    """Return the section of the form; what can be chosen depends on what there is."""
    fields = {
        vol.Optional(CONF_NOTIFY_ENTITIES): EntitySelector(
            EntitySelectorConfig(domain=NOTIFY_DOMAIN, multiple=True)
        ),
        vol.Optional(CONF_NOTIFY_SERVICES): SelectSelector(
            SelectSelectorConfig(options=notify_services(hass), multiple=True, custom_value=True)
        ),
        vol.Optional(CONF_QUIET_FROM): TimeSelector(),
        vol.Optional(CONF_QUIET_UNTIL): TimeSelector(),
        vol.Required(CONF_ON_RECOVERY, default=OnRecovery.LINE.value): SelectSelector(
            SelectSelectorConfig(
                options=[choice.value for choice in OnRecovery], translation_key="on_recovery"
            )
        ),
    }
    return {vol.Optional(CONF_NOTICES): section(vol.Schema(fields), {"collapsed": True})}


def notice_errors(options: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the options about notices."""
    notices = options.get(CONF_NOTICES, {})
    hours = {notices.get(CONF_QUIET_FROM), notices.get(CONF_QUIET_UNTIL)}
    if hours == {None} or (None not in hours and len(hours) > 1):
        return {}
    # The frontend shows errors of the whole form, but none of a field in a section.
    return {"base": "quiet_hours"}
