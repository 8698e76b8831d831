"""What people were told, over a restart: the same outage is not told a second time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
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
_ISSUED = vol.All(
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
                vol.Optional("left"): bool,
            },
            lambda matter: Matter(**matter),
        ),
        vol.Required("at"): _MOMENT,
        vol.Required("standing"): bool,
    },
    lambda issued: Issued(**issued),
)
_TRAIL = vol.All(
    {
        vol.Required("acts"): vol.All([str], vol.Coerce(frozenset)),
        vol.Required("dismissed"): bool,
        vol.Required("letter"): vol.Any(None, _ISSUED),
        vol.Required("phones"): vol.All([str], vol.Coerce(frozenset)),
        vol.Required("while_paused"): bool,
    },
    lambda trail: Trail(**trail),
)
_FILE = vol.Schema(
    {
        vol.Optional("issued", default={}): {str: _ISSUED},
        vol.Optional("trails", default={}): {str: _TRAIL},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What is out there of the notices about a camera, or about the home."""

    acts: frozenset[str] = frozenset()
    """What their buttons have offered; a phone that was off still shows those of long ago."""
    dismissed: bool = False
    """Whether somebody has taken the last one out of Home Assistant's list."""
    letter: Issued | None = None
    """What somebody had told besides, and is not over yet."""
    phones: frozenset[str] = frozenset()
    """Who got that."""
    while_paused: bool = False
    """Whether the camera was paused then, so that its pause does not end that."""


class NoticeStore:
    """A file of its own: it is written the moment that people are told."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}.notices", private=True, atomic_writes=True
        )
        self._issued: dict[str, Issued] = {}
        self._trails: dict[str, Trail] = {}

    async def async_load(self) -> None:
        """Read the file; one that cannot be read costs a notice that is told twice, no more."""
        try:
            stored = _FILE(await self._store.async_load() or {})
            self._issued, self._trails = stored["issued"], stored["trails"]
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
    def trail(self, subject: str) -> Trail:
        """Return what is out there of the notices about a camera, or about the home."""
        return self._trails.get(subject, _NO_TRAIL)

    @callback
    def follow(self, subject: str, trail: Trail) -> None:
        """Remember it, at once: what is out there survives a crash."""
        if trail == self.trail(subject):
            return
        self._trails[subject] = trail
        self._store.async_delay_save(self._data, 0)

    @callback
    def forget(self, subject: str) -> None:
        """Forget all about a camera that is no longer watched."""
        self._issued.pop(subject, None)
        self._trails.pop(subject, None)
        self._store.async_delay_save(self._data, 0)

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
        return {
            "issued": {subject: asdict(issued) for subject, issued in self._issued.items()},
            "trails": {subject: _written(trail) for subject, trail in self._trails.items()},
        }


_NO_TRAIL = Trail()


def _written(trail: Trail) -> dict[str, Any]:
    return asdict(trail) | {"acts": sorted(trail.acts), "phones": sorted(trail.phones)}
