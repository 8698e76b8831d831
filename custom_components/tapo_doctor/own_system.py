"""What this Home Assistant knows of itself: since when it runs, and since when in this version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from homeassistant.core import CoreState
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .doctor.evidence import History

# Home Assistant writes its version there when it starts for the first time in a new one, and
# what its owner was asked at the beginning here. A first version is no update.
_VERSION_FILE = ".HA_VERSION"
_BEGINNING_FILE = ".storage/onboarding"
_BEGINNING = timedelta(hours=1)
# Every Home Assistant is restarted now and then, and updated every month: only trouble that
# begins soon after it has to do with it.
_SOON = timedelta(hours=2)
# A loss is dated back to the first look that was lost, which may be before we were there.
_GRACE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSystem:
    """Moments of this Home Assistant; None where they are not known."""

    started: datetime | None = None
    updated: datetime | None = None

    def told(self, history: History, began: datetime | None, now: datetime) -> History:
        """Add to a camera's history what happened to Home Assistant just before its trouble."""
        return replace(
            history,
            home_assistant_restarted_hours_ago=_hours(self.started, began, now),
            home_assistant_updated_hours_ago=_hours(self.updated, began, now),
        )


OWN_SYSTEM: HassKey[OwnSystem] = HassKey("tapo_doctor_own_system")


async def async_look_at_own_system(hass: HomeAssistant) -> OwnSystem:
    """Look at a start of Home Assistant; in the middle of its life nobody knows when that was."""
    return OwnSystem(
        started=None if hass.state is CoreState.running else dt_util.utcnow(),
        updated=await hass.async_add_executor_job(_updated, Path(hass.config.config_dir)),
    )


def _updated(folder: Path) -> datetime | None:
    version, beginning = (_written(folder / name) for name in (_VERSION_FILE, _BEGINNING_FILE))
    if version is None or beginning is None or version - beginning < _BEGINNING:
        return None
    return version


def _written(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError, OverflowError, ValueError:
        return None


def _hours(moment: datetime | None, began: datetime | None, now: datetime) -> float | None:
    if moment is None or began is None or not -_GRACE <= began - moment <= _SOON:
        return None
    return max(0.0, round((now - moment).total_seconds() / 3600, 2))
