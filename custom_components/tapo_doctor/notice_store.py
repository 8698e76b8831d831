"""What people were told, over a restart: the same outage is not told a second time."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import voluptuous as vol
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER
from .doctor.causes import Cause
from .doctor.diagnosis import Certainty
from .doctor.household import Kind as Ground
from .doctor.notices import Issued, Kind, Matter
from .doctor.playbook import Step

if TYPE_CHECKING:
    from datetime import datetime

    from homeassistant.core import HomeAssistant

_VERSION = 1


def _moment(value: str) -> datetime:
    moment = dt_util.parse_datetime(value, raise_on_error=True)
    if moment.tzinfo is None:
        raise vol.Invalid("expected a moment with its time zone")
    return moment


_MOMENT = vol.All(str, _moment)
_ISSUED = vol.Schema(
    vol.All(
        {
            vol.Required("matter"): vol.All(
                {
                    vol.Required("kind"): vol.Coerce(Kind),
                    vol.Required("cause"): vol.Coerce(Cause),
                    vol.Required("certainty"): vol.Coerce(Certainty),
                    vol.Required("since"): _MOMENT,
                    vol.Required("steps"): vol.All([vol.Coerce(Step)], vol.Coerce(tuple)),
                    vol.Required("cameras"): vol.All([str], vol.Coerce(tuple)),
                    vol.Required("ground"): vol.Any(None, vol.Coerce(Ground)),
                },
                lambda matter: Matter(**matter),
            ),
            vol.Required("at"): _MOMENT,
            vol.Required("standing"): bool,
        },
        lambda issued: Issued(**issued),
    )
)


class NoticeStore:
    """A file of its own: it is written the moment that people are told."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}.notices", private=True, atomic_writes=True
        )
        self._issued: dict[str, Issued] = {}

    async def async_load(self) -> None:
        """Read the file; one that cannot be read costs a notice that is told twice, no more."""
        try:
            stored = await self._store.async_load() or {}
            self._issued = {subject: _ISSUED(issued) for subject, issued in stored.items()}
        except HomeAssistantError, vol.Invalid, TypeError, KeyError, AttributeError:
            LOGGER.warning("What was told before is damaged, and is forgotten")

    @callback
    def of(self, subject: str) -> Issued | None:
        """Return what people were told of a camera, or of the home."""
        return self._issued.get(subject)

    @property
    def standing(self) -> dict[str, Issued]:
        """What people were told and is still the case."""
        return {subject: issued for subject, issued in self._issued.items() if issued.standing}

    @callback
    def keep(self, subject: str, issued: Issued | None) -> None:
        """Remember, at once: a crash must not have it told again."""
        if self._issued.get(subject) == issued:
            return
        if issued is None:
            del self._issued[subject]
        else:
            self._issued[subject] = issued
        self._store.async_delay_save(self._data, 0)

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove()

    @callback
    def _data(self) -> dict[str, Any]:
        return {subject: asdict(issued) for subject, issued in self._issued.items()}
