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
    write(tmp_path / ".HA_VERSION", NOW)
    assert (await async_look_at_own_system(hass)).updated is None
    write(tmp_path / ".storage/onboarding", NOW - timedelta(minutes=5))
    assert (await async_look_at_own_system(hass)).updated is None, "a first version"
    write(tmp_path / ".storage/onboarding", NOW - timedelta(days=90))
    assert (await async_look_at_own_system(hass)).updated == NOW


def write(note: Path, moment: datetime) -> None:
    """Write a file of a certain age."""
    note.parent.mkdir(exist_ok=True)
    note.write_text("2026.10.4")
    os.utime(note, (moment.timestamp(), moment.timestamp()))


@pytest.mark.parametrize(
    ("began_min", "hours"),
    [(None, None), (-60, None), (-3, 3), (0, 3), (100, 3), (130, None), (5000, None)],
)
def test_only_trouble_that_began_soon_after_it_has_to_do_with_it(
    began_min: float | None, hours: float | None
) -> None:
    """It is updated every month; each camera that drops would be put down to that."""
    moment = NOW - timedelta(hours=3)
    began = None if began_min is None else moment + timedelta(minutes=began_min)
    told = OwnSystem(started=moment, updated=moment).told(History(outages_24h=2), began, NOW)
    assert told == History(
        outages_24h=2,
        home_assistant_restarted_hours_ago=hours,
        home_assistant_updated_hours_ago=hours,
    )


def test_a_clock_that_was_set_back_makes_no_negative_hours() -> None:
    """The case format refuses them."""
    told = OwnSystem(started=NOW).told(History(), NOW, NOW - timedelta(hours=2))
    assert told == History(home_assistant_restarted_hours_ago=0)
