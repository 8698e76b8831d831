"""Other integrations that log in to the same camera, and how they fare with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from custom_components.tapo_doctor.doctor.evidence import ClientState, Integration, OtherClient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

# Those that people complain of when their camera does not work; both notice within minutes that
# it is gone. The others never do, or say so only of their picture.
_COMPLAINED_OF: Final = ("tplink", "tapo_control")
_DOMAINS: Final = (*_COMPLAINED_OF, "tapo", "onvif", "generic", "frigate")
_HOSTS: Final = ("host", "ip_address")
_ADDRESSES: Final = ("stream_source", "still_image_url")
_FAILED: Final = frozenset(
    {
        ConfigEntryState.SETUP_ERROR,
        ConfigEntryState.MIGRATION_ERROR,
        ConfigEntryState.FAILED_UNLOAD,
    }
)
# core's tplink was measured to notice a loss after 353 s at the most, and every program may be
# in trouble for as long after a restart.
_SLOW = timedelta(minutes=10)


class Clients:
    """Follows the other programs of one camera."""

    def __init__(self, hass: HomeAssistant, mac: str | None, host: str) -> None:
        self._hass = hass
        self._mac = mac
        self._host = host
        self._retrying: dict[str, datetime] = {}
        """Since when an entry was seen to try again and again."""

    def evidence(
        self, lost_at: datetime | None, now: datetime
    ) -> tuple[tuple[OtherClient, ...], Integration | None]:
        """Say how they fare, and how the one fares that people complain of."""
        fresh = lost_at is not None and now - lost_at < _SLOW
        clients, integration = [], None
        for entry, entities in self._entries():
            state = self._state(entry, entities)
            if state is ClientState.WORKS and (
                fresh or (lost_at is not None and entry.domain not in _COMPLAINED_OF)
            ):
                # It has not noticed yet.
                state = None
            added = round((now - entry.created_at).total_seconds() / 3600, 1)
            clients.append(
                OtherClient(name=entry.domain, state=state, added_hours_ago=max(0.0, added))
            )
            if entry.domain in _COMPLAINED_OF and integration is None:
                integration = self._integration(entry, state, now)
        return tuple(clients), integration

    @property
    def retrying_since(self) -> datetime | None:
        """Since when one of them cannot start; None where none does."""
        return min(self._retrying.values(), default=None)

    def _entries(self) -> list[tuple[ConfigEntry, list[str]]]:
        """Find the entries for this camera, each with the entities that show it."""
        connections = {(dr.CONNECTION_NETWORK_MAC, self._mac)} if self._mac else set()
        devices = dr.async_get(self._hass).async_get_devices(connections=connections)
        registry, found = er.async_get(self._hass), []
        for domain in _DOMAINS:
            for entry in self._hass.config_entries.async_entries(
                domain, include_ignore=False, include_disabled=False
            ):
                mine = {one.id for one in devices if one.config_entry_id == entry.entry_id}
                if not mine and self._host not in _hosts(entry):
                    continue
                listed = er.async_entries_for_config_entry(registry, entry.entry_id)
                entities = [one.entity_id for one in listed if not mine or one.device_id in mine]
                found.append((entry, entities))
        return found

    def _state(self, entry: ConfigEntry, entities: list[str]) -> ClientState | None:
        if entry.state in _FAILED or entry.state is ConfigEntryState.SETUP_RETRY:
            return ClientState.FAILS
        states = [state for one in entities if (state := self._hass.states.get(one)) is not None]
        if entry.state is not ConfigEntryState.LOADED or not states:
            return None
        lost = all(state.state == STATE_UNAVAILABLE for state in states)
        return ClientState.FAILS if lost else ClientState.WORKS

    def _integration(
        self, entry: ConfigEntry, state: ClientState | None, now: datetime
    ) -> Integration | None:
        """Say how an integration fares; a start that fails once is no trouble yet."""
        if entry.state is ConfigEntryState.SETUP_RETRY:
            since = self._retrying.setdefault(entry.entry_id, now)
            return None if now - since < _SLOW else Integration.RETRYING
        self._retrying.pop(entry.entry_id, None)
        if entry.state in _FAILED:
            return Integration.FAILED
        return Integration.LOADED if state is ClientState.WORKS else None


def _hosts(entry: ConfigEntry) -> set[str]:
    """Return the addresses that an entry is about."""
    settings: Mapping[str, Any] = {**entry.data, **entry.options}
    named = {settings[key] for key in _HOSTS if isinstance(settings.get(key), str)}
    for key in _ADDRESSES:
        try:
            named.add(urlsplit(str(settings.get(key) or "")).hostname)
        except ValueError:
            continue
    return {host for host in named if host}
