"""What Home Assistant itself can say of a camera: trackers, integrations, its own life."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from homeassistant.const import CONF_HOST, CONF_MAC

from .own_system import OWN_SYSTEM
from .probes.clients import Clients
from .probes.tracker import listing, tracker_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .doctor.evidence import Evidence


class Witnesses:
    """Asks those who know the camera, or the home, in their own way."""

    def __init__(self, hass: HomeAssistant, settings: Mapping[str, Any]) -> None:
        self._hass = hass
        self._mac = settings.get(CONF_MAC)
        self._clients = Clients(hass, self._mac, settings[CONF_HOST])

    def add_to(
        self, seen: Evidence, tracker: str | None, lost_at: datetime | None, now: datetime
    ) -> Evidence:
        """Add what they say to what our own probes have seen."""
        hass = self._hass
        if tracker is None and lost_at is not None:
            tracker = tracker_of(hass, self._mac)
        clients, integration = self._clients.evidence(lost_at, now)
        began = lost_at if lost_at is not None else self._clients.retrying_since
        return replace(
            seen,
            now=replace(seen.now, integration=integration),
            history=hass.data[OWN_SYSTEM].told(seen.history, began, now),
            site=replace(
                seen.site,
                router_lists_camera=listing(hass, tracker, lost_at, now),
                other_clients=clients,
            ),
        )
