"""The home's options."""

from __future__ import annotations

from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import Platform
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)

from .const import (
    CONF_GATEWAY,
    CONF_INTERNET_CHECK,
    CONF_ROUTER_PLUG,
    CONF_ROUTER_PLUG_INDEPENDENT,
    CONF_SENSITIVITY,
    CONF_WEAK_SIGNAL,
    DEFAULT_WEAK_SIGNAL,
)
from .doctor.presence import Sensitivity
from .enrolment import read_address
from .notice_options import notice_errors, notice_options
from .plugs import needs_router, plug_error

_LARGEST_PORT = 65535

OPTIONS = vol.Schema(
    {
        vol.Required(CONF_SENSITIVITY, default=Sensitivity.NORMAL.value): SelectSelector(
            SelectSelectorConfig(
                options=[sensitivity.value for sensitivity in Sensitivity],
                translation_key="sensitivity",
            )
        ),
        vol.Required(CONF_WEAK_SIGNAL, default=DEFAULT_WEAK_SIGNAL): NumberSelector(
            NumberSelectorConfig(
                min=-95, max=-50, step=1, mode=NumberSelectorMode.SLIDER, unit_of_measurement="dBm"
            )
        ),
        vol.Optional(CONF_GATEWAY): TextSelector(),
        vol.Required(CONF_INTERNET_CHECK, default=True): BooleanSelector(),
        vol.Optional(CONF_ROUTER_PLUG): EntitySelector(
            EntitySelectorConfig(domain=Platform.SWITCH.value)
        ),
        vol.Required(CONF_ROUTER_PLUG_INDEPENDENT, default=False): BooleanSelector(),
    }
)


class HomeOptionsFlow(OptionsFlow):
    """Asks for the home's options; they take effect at once."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show and take the options."""
        if self.hass.config_entries.async_get_entry(self.handler) is None:
            return self.async_abort(reason="not_set_up")
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = notice_errors(user_input) | self._errors(user_input)
            if not errors:
                return self.async_create_entry(data=user_input)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS.extend(notice_options(self.hass)), user_input or self.config_entry.options
            ),
            errors=errors,
        )

    def _errors(self, user_input: dict[str, Any]) -> dict[str, str]:
        """Return what is wrong with what was entered."""
        errors = {}
        if not is_gateway(user_input.get(CONF_GATEWAY)):
            errors[CONF_GATEWAY] = "invalid_address"
        router_plug = user_input.get(CONF_ROUTER_PLUG)
        if (error := plug_error(self.hass, router_plug)) is not None:
            errors[CONF_ROUTER_PLUG] = error
        elif (
            router_plug is not None
            and user_input[CONF_ROUTER_PLUG_INDEPENDENT]
            and needs_router(self.hass, router_plug)
        ):
            errors[CONF_ROUTER_PLUG_INDEPENDENT] = "needs_router"
        return errors


def is_gateway(text: str | None) -> bool:
    """Whether a text is an address, or an address and a port, or nothing at all."""
    if not text:
        return True
    host, colon, port = text.partition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) <= _LARGEST_PORT):
        return False
    return read_address(host) == host
