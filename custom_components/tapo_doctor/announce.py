"""Offers Tapo cameras that appear on the network and are not watched yet.

Only once this integration is in use, so that it never doubles the card that another
integration shows for the same camera.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY
from homeassistant.core import callback
from homeassistant.helpers.discovery_flow import async_create_flow
from homeassistant.helpers.event import async_track_time_interval

from .const import DISCOVERY_INTERVAL, DOMAIN
from .enrolment import is_watched, watched

if TYPE_CHECKING:
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .home import TapoDoctorConfigEntry


@callback
def async_announce_cameras(hass: HomeAssistant, entry: TapoDoctorConfigEntry) -> None:
    """Search from time to time, for as long as the entry is loaded."""

    async def search(_now: datetime) -> None:
        answers = await entry.runtime_data.async_search()
        known = watched(entry)
        for found in answers.found:
            if found.is_camera and not is_watched(found, known):
                async_create_flow(
                    hass,
                    DOMAIN,
                    context={"source": SOURCE_INTEGRATION_DISCOVERY},
                    data={"found": found},
                )

    entry.async_on_unload(
        async_track_time_interval(
            hass,
            search,
            DISCOVERY_INTERVAL,
            name="tapo_doctor discovery",
            cancel_on_shutdown=True,
        )
    )
