"""The camera's power, as its plug and its meter show it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Context
from homeassistant.util import dt as dt_util

from custom_components.tapo_doctor.doctor.evidence import Power, SwitchedOffBy, SwitchState
from custom_components.tapo_doctor.probes.power import (
    PowerWatch,
    async_remember_automations,
    our_context,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

PLUG, METER = "switch.plug", "sensor.meter"
WATT = {"unit_of_measurement": "W"}


class Socket:
    """A plug with a meter, in frozen time."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self._hass = hass
        self._freezer = freezer
        self.changes = 0
        self.watch = PowerWatch(hass, PLUG, METER)
        self.unfollow = self.watch.async_follow(self._changed)

    def _changed(self) -> None:
        self.changes += 1

    async def switch(self, state: str, context: Context | None = None) -> None:
        """Switch the plug."""
        self._hass.states.async_set(PLUG, state, context=context)
        await self._hass.async_block_till_done()

    async def draw(self, watts: float | str, unit: str = "W") -> None:
        """Let the meter show something."""
        self._hass.states.async_set(METER, str(watts), {"unit_of_measurement": unit})
        await self._hass.async_block_till_done()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._freezer.tick(timedelta(seconds=seconds))

    @property
    def evidence(self) -> Power:
        """What is known now."""
        return self.watch.evidence(usual_watts=2.9)


@pytest.fixture
def socket(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Generator[Socket]:
    """A plug and a meter that have not shown anything yet."""
    socket = Socket(hass, freezer)
    yield socket
    socket.unfollow()


def test_without_a_plug_nothing_is_known(hass: HomeAssistant) -> None:
    """Nothing known is not the same as no power."""
    watch = PowerWatch(hass, None, None)
    watch.async_follow(lambda: None)()
    assert watch.watts is None
    assert watch.evidence(None) == Power()


@pytest.mark.parametrize(
    ("state", "switch"),
    [
        (STATE_ON, SwitchState.ON),
        (STATE_OFF, SwitchState.OFF),
        ("unavailable", SwitchState.UNAVAILABLE),
        ("unknown", SwitchState.UNAVAILABLE),
        (None, SwitchState.UNAVAILABLE),
    ],
)
async def test_the_state_of_the_plug_is_told(
    socket: Socket, state: str | None, switch: SwitchState
) -> None:
    """A plug that is gone as well points at the Wi-Fi, not at the camera."""
    if state is not None:
        await socket.switch(state)
    assert socket.evidence.switch is switch


async def test_an_automation_is_known_by_the_event_of_its_start(
    hass: HomeAssistant, socket: Socket
) -> None:
    """One that a time has triggered acts in a context of nobody; a person's script is theirs."""
    async_remember_automations(hass)
    at_eleven, pressed = Context(), Context(user_id="somebody")
    hass.bus.async_fire("automation_triggered", context=at_eleven)
    hass.bus.async_fire("script_started", context=pressed)
    for context, who in (
        (at_eleven, SwitchedOffBy.AUTOMATION),
        (pressed, SwitchedOffBy.PERSON),
    ):
        await socket.switch(STATE_ON)
        await socket.switch(STATE_OFF, context)
        assert socket.evidence.switched_off_by is who


@pytest.mark.parametrize(
    ("context", "who"),
    [
        (Context(user_id="somebody"), SwitchedOffBy.PERSON),
        (Context(parent_id="of an automation"), SwitchedOffBy.AUTOMATION),
        (Context(user_id="somebody", parent_id="a script they ran"), SwitchedOffBy.AUTOMATION),
        (Context(), None),
    ],
)
async def test_who_switched_it_off_is_told(
    socket: Socket, context: Context, who: SwitchedOffBy | None
) -> None:
    """What somebody has switched off is no outage that they have to be woken for."""
    await socket.switch(STATE_ON)
    await socket.switch(STATE_OFF, context)
    assert socket.evidence.switched_off_by is who
    await socket.switch(STATE_ON, Context(user_id="somebody"))
    assert socket.evidence.switched_off_by is None


async def test_a_plug_that_was_turned_on_again_tells_when(
    socket: Socket, freezer: FrozenDateTimeFactory
) -> None:
    """A camera that has had power for a moment is starting, not frozen."""
    await socket.switch(STATE_ON)
    assert socket.evidence.on_minutes_ago is None
    await socket.switch(STATE_OFF)
    await socket.draw(0.0)
    freezer.tick(60)
    await socket.switch(STATE_ON)
    assert socket.evidence.watts is None, "nothing was measured yet since it is on"
    freezer.tick(30)
    assert socket.evidence.on_minutes_ago == 0.5
    assert socket.evidence.watts == (0.0,), "by now it would have shown a camera that starts"
    await socket.switch("unavailable")
    await socket.switch(STATE_ON)
    assert socket.evidence.on_minutes_ago is None, "it was only out of sight"


async def test_our_own_switching_is_known_as_ours(socket: Socket) -> None:
    """A power cycle of the doctor's must not be put down to the owner."""
    await socket.switch(STATE_ON)
    await socket.switch(STATE_OFF, our_context(Context(user_id="who pressed the button")))
    assert socket.evidence.switched_off_by is SwitchedOffBy.DOCTOR


@pytest.mark.parametrize(("off_for", "counts"), [(0, True), (240, True), (400, False)])
async def test_a_plug_that_was_off_while_the_camera_lived_feeds_something_else(
    socket: Socket, off_for: float, counts: bool
) -> None:
    """A wrong plug in the settings would hide every outage behind "switched off"."""
    await socket.draw(2.9)
    await socket.switch(STATE_OFF, Context(user_id="somebody"))
    socket.wait(off_for)
    lost_at = dt_util.utcnow()
    socket.wait(20)
    evidence = socket.watch.evidence(2.9, lost_at)
    assert (evidence.switch is SwitchState.OFF) is counts
    assert (evidence.watts is not None) is counts


async def test_a_switch_is_news_and_an_attribute_is_none(
    hass: HomeAssistant, socket: Socket
) -> None:
    """The camera is looked at when the plug is switched, not at every word of its firmware."""
    await socket.switch(STATE_ON)
    assert socket.changes == 1
    hass.states.async_set(PLUG, STATE_ON, {"firmware": "new"})
    await hass.async_block_till_done()
    assert socket.changes == 1
    await socket.switch(STATE_OFF)
    assert socket.changes == 2
    await socket.draw(3)
    assert socket.changes == 2
    hass.states.async_remove(PLUG)
    await hass.async_block_till_done()
    assert socket.changes == 2
    assert socket.evidence.switch is SwitchState.UNAVAILABLE


async def test_what_is_not_followed_any_more_is_silent(socket: Socket) -> None:
    """A camera that is not watched any more must not be looked at."""
    socket.unfollow()
    await socket.switch(STATE_OFF)
    assert socket.changes == 0
    socket.unfollow = lambda: None


@pytest.mark.parametrize(
    ("state", "unit", "watts"),
    [
        ("2.9", "W", 2.9),
        ("0.0029", "kW", 2.9),
        ("2900", "mW", 2.9),
        ("2.906", "W", 2.91),
        ("-0.1", "W", 0.0),
        ("2.9", "Wh", None),
        ("2.9", "A", None),
        ("2.9", "", None),
        ("unavailable", "W", None),
        ("unknown", "W", None),
        ("much", "W", None),
        ("nan", "W", None),
        ("inf", "W", None),
    ],
)
async def test_watts_are_read_in_any_unit_of_power_and_in_no_other(
    socket: Socket, state: str, unit: str, watts: float | None
) -> None:
    """A kilowatt-hour that is taken for a watt tells of power where there is none."""
    await socket.draw(state, unit)
    assert socket.watch.watts == watts
    socket.wait(0)
    assert socket.evidence.watts == (None if watts is None else (watts,))


async def test_a_reading_without_a_unit_is_no_reading(hass: HomeAssistant, socket: Socket) -> None:
    """A template sensor may forget it."""
    hass.states.async_set(METER, "3")
    await hass.async_block_till_done()
    assert socket.watch.watts is None


async def test_the_last_two_minutes_are_told_in_even_steps(socket: Socket) -> None:
    """The rhythm of a restart loop is what tells a bad cable from a bad Wi-Fi."""
    for watts in (4.3, 3.4, 0.8, 4.3):
        await socket.draw(watts)
        socket.wait(10)
    evidence = socket.evidence
    assert evidence.watts == (4.3, 3.4, 0.8, 4.3, 4.3)
    assert evidence.every_s == 10
    assert evidence.usual_watts == 2.9
    socket.wait(300)
    assert socket.evidence.watts == (4.3,) * 13


async def test_a_meter_holds_its_value_until_it_shows_another(socket: Socket) -> None:
    """Meters report changes only; no report is no fall to zero."""
    await socket.draw(2.9)
    socket.wait(600)
    await socket.draw(0)
    assert socket.evidence.watts == (2.9,) * 12 + (0.0,)


async def test_a_meter_that_is_gone_shows_nothing(socket: Socket) -> None:
    """Its last value is not what is drawn now."""
    await socket.draw(2.9)
    socket.wait(30)
    await socket.draw("unavailable")
    assert socket.evidence.watts is None
    assert socket.evidence.every_s is None


async def test_a_meter_that_stands_already_is_read_at_the_start(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """After a restart the first outage must find a value from before it."""
    hass.states.async_set(METER, "2.9", WATT)
    freezer.tick(60)
    assert PowerWatch(hass, None, METER).evidence(None).watts == (2.9,) * 7


async def test_a_meter_that_chatters_takes_no_memory(socket: Socket) -> None:
    """Some report ten times a second, for years."""
    for i in range(300):
        socket.wait(0.1)
        await socket.draw(i)
    assert socket.evidence.watts is not None
    assert len(socket.watch._samples) == 240
