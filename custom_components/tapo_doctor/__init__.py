"""Tapo Doctor: watches Tapo cameras, says why one dropped, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.const import Platform
from homeassistant.helpers import config_validation as cv

from .announce import async_announce_cameras
from .const import DOMAIN
from .debts import async_get_debts
from .home import Home
from .issues import Issues
from .memory import Memory
from .noticing import async_remove_notices
from .own_system import OWN_SYSTEM, async_look_at_own_system
from .probes.network import async_get_senses
from .probes.power import async_remember_automations
from .renaming import async_follow_renaming
from .services import async_register_actions
from .words import Words

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import ConfigType

    from .home import TapoDoctorConfigEntry

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
# Who removes or disables the integration waits for so long, and only if a plug does not answer.
_LAST_PAYMENT_S = 30.0
PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Pay what is owed, before anything else; register the actions.

    These exist, and refuse in words, also while no home is set up.
    """
    async_remember_automations(hass)
    await async_get_debts(hass)
    hass.data[OWN_SYSTEM] = await async_look_at_own_system(hass)
    async_register_actions(hass)
    async_follow_renaming(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: TapoDoctorConfigEntry) -> bool:
    """Watch the cameras of a home; a camera that is off does not keep it from starting."""
    memory = Memory(hass, entry.entry_id)
    await memory.async_load()
    home = Home(hass, entry, await async_get_senses(hass), memory, await Words.load(hass))
    entry.runtime_data = home
    await home.noticing.async_load()
    await home.async_reconcile()
    home.async_start()
    async_announce_cameras(hass, entry)
    Issues(home).async_start()
    entry.async_on_unload(entry.add_update_listener(_async_updated))
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: TapoDoctorConfigEntry) -> bool:
    """Stop watching; who disables a home is told of a plug that is still off."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await entry.runtime_data.async_stop()
    if entry.disabled_by is not None:
        await (await async_get_debts(hass)).async_leave(_LAST_PAYMENT_S)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: TapoDoctorConfigEntry) -> None:
    """Remove what was remembered, but not before every plug is on, or its owner was told.

    A home that was disabled when Home Assistant started is removed without any setup before.
    """
    await (await async_get_debts(hass)).async_leave(_LAST_PAYMENT_S)
    await Memory(hass, entry.entry_id).async_remove()
    await async_remove_notices(hass, entry)


async def _async_updated(_hass: HomeAssistant, entry: TapoDoctorConfigEntry) -> None:
    """Take changed settings over; cameras that did not change go on undisturbed."""
    await entry.runtime_data.async_reconcile()
