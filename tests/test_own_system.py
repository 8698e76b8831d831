"""What Home Assistant knows of itself."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.core import CoreState

from custom_components.tapo_doctor.doctor.evidence import History
from custom_components.tapo_doctor.own_system import OwnSystem, async_look_at_own_system

if TYPE_CHECKING:
    from pathlib import Path

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

NOW = datetime(2026, 6, 15, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "started"), [(CoreState.not_running, NOW), (CoreState.running, None)]
)
async def test_a_start_is_known_only_to_whoever_was_there(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, state: CoreState, started: datetime | None
) -> None:
    """Adding the integration is no restart of Home Assistant."""
    freezer.move_to(NOW)
    hass.set_state(state)
    assert (await async_look_at_own_system(hass)).started == started
    hass.set_state(CoreState.running)


async def test_an_update_is_as_old_as_the_note_of_the_version(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """Trouble that begins with an update has a likely cause."""
    hass.config.config_dir = str(tmp_path)
    assert (await async_look_at_own_system(hass)).updated is None
    note = tmp_path / ".HA_VERSION"
    note.write_text("2026.10.4")
    os.utime(note, (NOW.timestamp(), NOW.timestamp()))
    assert (await async_look_at_own_system(hass)).updated == NOW


def test_the_hours_since_are_told_to_each_camera() -> None:
    """What is not known stays missing; a clock that was set back makes no negative hours."""
    system = OwnSystem(started=NOW - timedelta(hours=1))
    told = system.told(History(outages_24h=2), NOW)
    assert told == History(outages_24h=2, home_assistant_restarted_hours_ago=1)
    assert system.told(History(), NOW - timedelta(hours=2)).home_assistant_restarted_hours_ago == 0
