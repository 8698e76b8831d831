"""Power, and what a person in front of the camera sees and hears."""

from math import inf
from statistics import median
from typing import TYPE_CHECKING, Final

from ..evidence import (
    Adapter,
    App,
    Light,
    PowerSource,
    RemedyKind,
    SwitchedOffBy,
    SwitchState,
)
from ..sign import NOTHING, Sign
from .reach import Contact, on_battery
from .rhythm import collapses, restarted
from .service import half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..evidence import Evidence
    from ..sign import Found

# A Tapo camera draws 2 to 5 W; an adapter without its camera stays below this.
_NOTHING_W: Final = 0.3
# An adapter that is warm but feeds nothing stays below this part of the usual watts.
_IDLE: Final = 0.15
# Part of the usual watts below which the camera is not itself.
_LOW: Final = 0.65
# Readings that move less than this part of their middle are steady.
_STEADY: Final = 0.2
# The infrared lamps add up to half; a camera that lost its Wi-Fi saves a quarter.
_USUAL: Final = (0.68, 1.7)
_READINGS: Final = 2
# Real cameras take 30 to 70 s from the power to their service; a slow one twice that.
_START_MIN: Final = 2.5
# The doctor makes sure of a hang for some minutes, cuts for seconds, and gives two minutes to
# start: after a quarter of an hour with the plug off its own cycle was broken off.
_CYCLE_MIN: Final = 15

_LIGHTS: Final[Mapping[Light, Sign]] = {
    Light.BLINKING_RED: Sign.LIGHT_BLINKING_RED,
    Light.SOLID_RED: Sign.LIGHT_SOLID_RED,
    Light.RED_AND_GREEN: Sign.LIGHT_RED_AND_GREEN,
    Light.SOLID_AMBER: Sign.LIGHT_SOLID_AMBER,
    Light.BLINKING_AMBER: Sign.LIGHT_BLINKING_AMBER,
    Light.SOLID_GREEN: Sign.LIGHT_SOLID_GREEN,
    Light.BLINKING_GREEN: Sign.LIGHT_BLINKING_GREEN,
    Light.OFF: Sign.LIGHT_OFF,
}
# Tapo's mains series, by the beginning of the model's name.
_MAINS_MODELS: Final = ("C1", "C2", "C3", "C5", "C7", "TC4", "TC5", "TC6", "TC7", "P1")


def look(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Say what feeds the camera, what it draws, and what it shows."""
    yield from _source(evidence)
    # A camera that answers has power: then this plug feeds something else, or its meter is wrong.
    if contact is not Contact.ANSWERS:
        yield from _plug(evidence)
    else:
        yield from _restarts(evidence)
    yield from _told(evidence)
    if contact is Contact.ANSWERS and evidence.now.app is App.OFFLINE:
        yield Sign.CLOUD_MISSES_IT, NOTHING
    elif contact is Contact.SILENT and evidence.now.app is App.WORKS:
        yield Sign.ONLY_WE_MISS_IT, NOTHING


def _restarts(evidence: Evidence) -> Iterator[Found]:
    """Say of a camera that answers whether it starts, perhaps not for the first time."""
    watts, usual = evidence.power.watts or (), evidence.power.usual_watts
    if collapses(watts, usual):
        yield Sign.WATTS_COLLAPSE, _watts(evidence)
    elif restarted(watts, usual) and half_up(evidence):
        yield Sign.WATTS_BOOTING, _watts(evidence)
    if evidence.now.sound_of_restarting:
        yield Sign.UP_BETWEEN_RESTARTS, NOTHING


def _source(evidence: Evidence) -> Iterator[Found]:
    camera = evidence.camera
    model = (camera.model or "").upper()
    if on_battery(camera):
        yield Sign.BATTERY, NOTHING
    elif camera.power is PowerSource.MAINS:
        yield Sign.MAINS, NOTHING
    elif model.startswith(_MAINS_MODELS) or evidence.power.switch is not None:
        yield Sign.MAINS_MODEL, NOTHING


def _plug(evidence: Evidence) -> Iterator[Found]:
    power = evidence.power
    if power.switch is SwitchState.OFF:
        if power.switched_off_by is not SwitchedOffBy.DOCTOR:
            yield Sign.PLUG_OFF, NOTHING
        elif _broken_off(evidence):
            yield Sign.PLUG_LEFT_OFF, NOTHING
        else:
            yield Sign.PLUG_OFF_BY_DOCTOR, NOTHING
        return
    if power.switch is SwitchState.UNAVAILABLE:
        # What it said before it went is old.
        yield Sign.PLUG_UNAVAILABLE, NOTHING
        return
    if power.switch is SwitchState.ON:
        yield Sign.PLUG_ON, NOTHING
        if _just_on(evidence):
            yield Sign.PLUG_JUST_ON, NOTHING
    if power.watts:
        yield from _load(evidence, power.watts)


def _just_on(evidence: Evidence) -> bool:
    """Tell a camera that got its power so lately that it may still be starting."""
    minutes = [evidence.power.on_minutes_ago]
    minutes += [
        remedy.hours_ago * 60
        for remedy in evidence.history.remedies or ()
        if remedy.remedy is RemedyKind.POWER_CYCLE
        and remedy.helped is None
        and remedy.hours_ago is not None
    ]
    return any(one is not None and one <= _START_MIN for one in minutes)


def _broken_off(evidence: Evidence) -> bool:
    """Tell a power cycle that nobody will end any more."""
    gone, history = evidence.before.minutes_ago, evidence.history
    if gone is None or any(
        remedy.remedy is RemedyKind.POWER_CYCLE
        and remedy.hours_ago is not None
        and remedy.hours_ago * 60 <= _CYCLE_MIN
        for remedy in history.remedies or ()
    ):
        return False
    restarted = history.home_assistant_restarted_hours_ago
    return gone > _CYCLE_MIN or (restarted is not None and restarted * 60 <= gone)


def _load(evidence: Evidence, watts: Sequence[float]) -> Iterator[Found]:
    usual = evidence.power.usual_watts
    last = watts[-_READINGS:]
    middle = median(watts)
    values = _watts(evidence)
    nothing = max(_NOTHING_W, _IDLE * (usual or 0))
    if max(last) < nothing and middle < nothing * 2:
        known_on = evidence.power.switch is SwitchState.ON
        yield Sign.NO_WATTS if known_on else Sign.NO_LOAD, values
    elif collapses(watts, usual):
        yield Sign.WATTS_COLLAPSE, values
    elif _spread(watts) > _STEADY:
        yield Sign.WATTS_BOOTING, values
    elif usual and middle < _LOW * usual:
        yield Sign.WATTS_LOW, values
    elif not usual or _USUAL[0] * usual <= middle <= _USUAL[1] * usual:
        yield Sign.WATTS_STEADY, values


def _watts(evidence: Evidence) -> Mapping[str, object]:
    watts = evidence.power.watts or ()
    return {"watts": watts[-1], "usual_watts": evidence.power.usual_watts}


def _spread(watts: Sequence[float]) -> float:
    middle = median(watts)
    return (max(watts) - min(watts)) / middle if middle else inf


def _told(evidence: Evidence) -> Iterator[Found]:
    now = evidence.now
    if now.light is not None:
        yield _LIGHTS[now.light], NOTHING
    if now.app is App.WORKS:
        yield Sign.APP_WORKS, NOTHING
    elif now.app is App.OFFLINE:
        yield Sign.APP_OFFLINE, NOTHING
    if now.sound_of_restarting is not None:
        heard = now.sound_of_restarting
        yield Sign.RESTARTING_SOUNDS if heard else Sign.NO_RESTARTING_SOUNDS, NOTHING
    if evidence.power.adapter is Adapter.OTHER:
        yield Sign.FOREIGN_ADAPTER, NOTHING
    elif evidence.power.adapter is Adapter.ORIGINAL:
        yield Sign.ORIGINAL_ADAPTER, NOTHING
