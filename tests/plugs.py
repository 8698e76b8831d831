"""A smart plug of some other integration, which obeys, lies or falls silent as a test says."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from homeassistant.components.switch import DATA_COMPONENT, SwitchEntity
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError
from pytest_homeassistant_custom_component.common import async_fire_time_changed

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import Context, HomeAssistant, ServiceCall

PLUG = "switch.plug"


@dataclass
class FakePlug:
    """One plug; `calls` is what it was told."""

    hass: HomeAssistant
    entity_id: str = PLUG
    calls: list[str] = field(default_factory=list)
    fails: Exception | None = None
    """What a command raises."""
    hangs: bool = False
    deaf: bool = False
    """Whether it takes commands and does nothing."""
    on_call: Callable[[str], None] = lambda _service: None
    """What else happens when it is switched."""

    def __post_init__(self) -> None:
        """Be on."""
        self.show(STATE_ON)

    def show(self, state: str, context: Context | None = None) -> None:
        """Show a state, as by hand."""
        self.hass.states.async_set(self.entity_id, state, context=context)

    def vanish(self) -> None:
        """Be unreachable."""
        self.show(STATE_UNAVAILABLE)

    @property
    def is_on(self) -> bool:
        """Whether it is on."""
        state = self.hass.states.get(self.entity_id)
        return state is not None and state.state == STATE_ON

    async def obey(self, call: ServiceCall) -> None:
        """Do what a call says."""
        self.calls.append(call.service)
        self.on_call(call.service)
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails
        if not self.deaf:
            state = STATE_ON if call.service == "turn_on" else STATE_OFF
            self.hass.states.async_set(self.entity_id, state, context=call.context)


def have_plugs(hass: HomeAssistant, *entity_ids: str) -> dict[str, FakePlug]:
    """Set plugs up, and the actions by which they are switched."""
    plugs = {entity_id: FakePlug(hass, entity_id) for entity_id in entity_ids or (PLUG,)}

    async def obey(call: ServiceCall) -> None:
        wanted = call.data["entity_id"]
        for entity_id in wanted if isinstance(wanted, list) else [wanted]:
            await plugs[entity_id].obey(call)

    for service in ("turn_on", "turn_off"):
        hass.services.async_register("switch", service, obey)
    return plugs


class SlowToTell(SwitchEntity):
    """A plug that is on, and takes its time when it is asked whether it is."""

    _attr_should_poll = False
    _attr_is_on = True

    def __init__(self, entity_id: str) -> None:
        """Wait until `answer` is set."""
        self.entity_id = entity_id
        self.answer = asyncio.Event()

    async def async_update(self) -> None:
        """Be asked."""
        await self.answer.wait()


async def be_slow_to_tell(hass: HomeAssistant, entity_id: str = PLUG) -> asyncio.Event:
    """Let a plug be asked; returns what its answer waits for."""
    hass.states.async_remove(entity_id)
    plug = SlowToTell(entity_id)
    await hass.data[DATA_COMPONENT].async_add_entities([plug])
    return plug.answer


def fill(disk: pytest.MonkeyPatch, room: int = 0) -> None:
    """Let the disk be full after so many writings of what is owed."""
    write = Store._async_write_data

    async def full(store: Store[Any], data: dict[str, Any]) -> None:
        nonlocal room
        if store.key == "tapo_doctor.owed":
            if not room:
                raise WriteError("no space left on device")
            room -= 1
        await write(store, data)

    disk.setattr(Store, "_async_write_data", full)


async def let_time_pass(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float, step: float = 0.5
) -> None:
    """Let time pass for tasks that wait for time: nobody may wait for them to end."""
    while seconds > 0:
        freezer.tick(step)
        async_fire_time_changed(hass)
        for _ in range(3):
            # What is written to disk is written by a thread.
            await hass.async_add_executor_job(lambda: None)
            await asyncio.sleep(0)
        seconds -= step
