"""What this Home Assistant knows of itself: since when it runs, and since when in this version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from homeassistant.core import CoreState
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .doctor.evidence import History

# Home Assistant writes its version there when it starts for the first time in a new one.
_VERSION_FILE = ".HA_VERSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSystem:
    """Moments of this Home Assistant; None where they are not known."""

    started: datetime | None = None
    updated: datetime | None = None

    def told(self, history: History, now: datetime) -> History:
        """Add to a camera's history what happened to Home Assistant."""
        return replace(
            history,
            home_assistant_restarted_hours_ago=_hours(self.started, now),
            home_assistant_updated_hours_ago=_hours(self.updated, now),
        )


OWN_SYSTEM: HassKey[OwnSystem] = HassKey("tapo_doctor_own_system")


async def async_look_at_own_system(hass: HomeAssistant) -> OwnSystem:
    """Look at a start of Home Assistant; in the middle of its life nobody knows when that was."""
    path = Path(hass.config.path(_VERSION_FILE))
    return OwnSystem(
        started=None if hass.state is CoreState.running else dt_util.utcnow(),
        updated=await hass.async_add_executor_job(_written, path),
    )


def _written(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError, OverflowError, ValueError:
        return None


def _hours(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, round((now - moment).total_seconds() / 3600, 2))
