"""A running home in frozen time."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

    from .fakes import FakeSenses


class World:
    """A running home in frozen time."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        senses: FakeSenses,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        self.hass = hass
        self.entry = entry
        self.senses = senses
        self.freezer = freezer
        # One in the afternoon at the home: no plan and no update window is near.
        freezer.move_to("2026-06-15 20:00:00+00:00")

    async def start(self) -> None:
        """Set up, and let every clock have its first look."""
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        await self.pass_time(15)

    async def pass_time(self, seconds: float, step: float = 1, *, wait: bool = True) -> None:
        """Let time pass, in steps that no clock is shorter than; not waiting for slow looks."""
        while seconds > 0:
            self.freezer.tick(timedelta(seconds=min(step, seconds)))
            async_fire_time_changed(self.hass)
            if wait:
                await self.hass.async_block_till_done(wait_background_tasks=True)
            for _ in range(0 if wait else 10):
                await asyncio.sleep(0)
            seconds -= step

    def state(self, entity_id: str) -> str:
        """Return the state of an entity."""
        state = self.hass.states.get(entity_id)
        assert state is not None, entity_id
        return state.state


@pytest.fixture
async def world(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    senses: FakeSenses,
    freezer: FrozenDateTimeFactory,
) -> World:
    """A home that runs and is well."""
    world = World(hass, entry, senses, freezer)
    await world.start()
    return world
