"""The blueprints: loaded as Home Assistant loads them, and run."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_mock_service

import custom_components.tapo_doctor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from homeassistant.core import ServiceCall

    from .world import World

SOURCE = Path(custom_components.tapo_doctor.__file__).parent / "blueprints" / AUTOMATION
FIGURES = ["sensor.garden_availability_7d", "sensor.shed_availability_7d"]


@pytest.fixture
async def blueprints(world: World, tmp_path: Path) -> AsyncGenerator[None]:
    """A home whose owner has imported them."""
    world.hass.config.config_dir = str(tmp_path)
    await world.hass.async_add_executor_job(
        shutil.copytree, SOURCE, tmp_path / "blueprints" / AUTOMATION
    )
    yield
    await world.hass.services.async_call(AUTOMATION, "turn_off", {"entity_id": "all"})
    await world.hass.async_block_till_done()


async def automate(world: World, name: str, **inputs: Any) -> None:
    """Make an automation of a blueprint, as its dialog would."""
    use = {"use_blueprint": {"path": f"tapo_doctor/{name}.yaml", "input": inputs}}
    assert await async_setup_component(world.hass, AUTOMATION, {AUTOMATION: use})
    await world.hass.async_block_till_done()
    (state,) = world.hass.states.async_all(AUTOMATION)
    assert state.state == "on", "the automation is not valid"


@pytest.mark.usefixtures("blueprints")
async def test_the_week_is_summed_up_worst_first(world: World) -> None:
    """Once a week, on the day that was chosen, and with what was measured."""
    notices: list[ServiceCall] = async_mock_service(world.hass, "persistent_notification", "create")
    # It is Monday, one in the afternoon.
    await automate(world, "weekly_summary", figures=FIGURES, time="13:30:00")
    await world.pass_time(900, step=15)
    world.senses.vanish("shed")
    await world.pass_time(1200, step=10)
    (notice,) = notices
    first, second = notice.data["message"].splitlines()
    assert first.startswith("Shed Availability 7d: ")
    assert second == "Garden Availability 7d: 100.0 %"


@pytest.mark.usefixtures("blueprints")
async def test_on_other_days_there_is_no_summary(world: World) -> None:
    notices = async_mock_service(world.hass, "persistent_notification", "create")
    await automate(world, "weekly_summary", figures=FIGURES, time="13:30:00", day="tue")
    await world.pass_time(2400, step=30)
    assert not notices
