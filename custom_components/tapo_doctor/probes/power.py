"""The camera's power, as its smart plug shows it in Home Assistant."""

from __future__ import annotations

import math
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.const import (
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfPower,
)
from homeassistant.core import Context, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import PowerConverter

from custom_components.tapo_doctor.doctor.evidence import Power, SwitchedOffBy, SwitchState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State

# A restart loop has a rhythm of 20 to 60 s: two minutes show at least two rounds of it.
_SPAN = timedelta(minutes=2)
_EVERY = timedelta(seconds=10)
# More changes than this in the span are noise of the meter.
_MOST_SAMPLES = 240
# A plug that is off for longer than this while its camera is still seen feeds something else.
_OFF_AND_SEEN = timedelta(minutes=5)
# Meters tell of a change when they are next asked, mostly every ten to thirty seconds.
_METER_LAG = timedelta(seconds=30)
# What we have switched ourselves is known by its context; an old one is of no use any more.
OUR_CONTEXTS: deque[str] = deque(maxlen=100)
# An automation that a time has triggered acts in a context of nobody, which only the event of its
# start tells apart. Some wait for long before they switch; a busy home starts thousands a day.
_AUTOMATIC: deque[str] = deque(maxlen=5000)
_STARTS = ("automation_triggered", "script_started")


def our_context(cause: Context | None = None) -> Context:
    """Return a context for switching a plug, by which the change is known as ours later."""
    context = Context(parent_id=cause.id if cause else None)
    OUR_CONTEXTS.append(context.id)
    return context


@callback
def async_remember_automations(hass: HomeAssistant) -> None:
    """Remember from now on what switches without anybody having asked."""

    @callback
    def started(event: Event) -> None:
        _AUTOMATIC.append(event.context.id)

    for start in _STARTS:
        hass.bus.async_listen(start, started)


class PowerWatch:
    """Follows a plug and its meter; both may be missing."""

    def __init__(self, hass: HomeAssistant, plug: str | None, sensor: str | None) -> None:
        self._hass = hass
        self._plug = plug
        self._sensor = sensor
        self._samples: deque[tuple[datetime, float]] = deque(maxlen=_MOST_SAMPLES)
        self._switched_off_by: SwitchedOffBy | None = None
        self._turned_on: datetime | None = None
        self._changed: Callable[[], None] | None = None
        self._stop: Callable[[], None] | None = None
        self._remember(hass.states.get(sensor) if sensor else None)

    @callback
    def async_follow(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Follow both from now on; `changed` is called when the plug is switched."""
        self._changed = changed
        self._track()
        return self._untrack

    @callback
    def async_rename(self, plug: str | None, sensor: str | None) -> None:
        """Follow both by their new names; they are the same, and so is what was seen of them."""
        self._plug, self._sensor = plug, sensor
        if self._stop is not None:
            self._untrack()
            self._track()

    def _track(self) -> None:
        watched = [entity for entity in (self._plug, self._sensor) if entity]
        self._stop = async_track_state_change_event(self._hass, watched, self._on_change)

    def _untrack(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None

    @callback
    def _on_change(self, event: Event[EventStateChangedData]) -> None:
        new, old = event.data["new_state"], event.data["old_state"]
        if event.data["entity_id"] == self._sensor:
            self._remember(new)
        elif new is not None and (old is None or old.state != new.state):
            self._switched_off_by = switched_by(new) if new.state == STATE_OFF else None
            was_off = old is not None and old.state == STATE_OFF
            self._turned_on = new.last_changed if was_off and new.state == STATE_ON else None
            if self._changed is not None:
                self._changed()

    def _remember(self, state: State | None) -> None:
        watts = _watts(state)
        if state is not None and watts is not None:
            self._samples.append((state.last_updated, watts))

    @property
    def watts(self) -> float | None:
        """What the meter shows now."""
        return _watts(self._hass.states.get(self._sensor)) if self._sensor else None

    def drawn_since(self, moment: datetime) -> float | None:
        """Return what the meter says, if it has said anything since a moment."""
        state = self._hass.states.get(self._sensor) if self._sensor else None
        return _watts(state) if state is not None and state.last_reported >= moment else None

    def evidence(self, usual_watts: float | None, since: datetime | None = None) -> Power:
        """Return what is known about the camera's power, during an outage only of its time."""
        if since is not None and self._off_long_before(since):
            return Power(usual_watts=usual_watts)
        now, on = dt_util.utcnow(), self._turned_on
        if on is not None:
            # What was drawn while the plug was off says nothing about the camera.
            measured = on + _METER_LAG
            since = measured if since is None else max(since, measured)
        series = self._series(now, since) if self.watts is not None else None
        return Power(
            switch=self._switch(),
            on_minutes_ago=None if on is None else round((now - on).total_seconds() / 60, 1),
            switched_off_by=self._switched_off_by,
            watts=series,
            every_s=_EVERY.total_seconds() if series else None,
            usual_watts=usual_watts,
        )

    def _off_long_before(self, since: datetime) -> bool:
        """Whether the camera lived on while the plug was off: then it hangs on another."""
        state = self._hass.states.get(self._plug) if self._plug else None
        if state is None or state.state != STATE_OFF:
            return False
        return since - state.last_changed > _OFF_AND_SEEN

    def _switch(self) -> SwitchState | None:
        if self._plug is None:
            return None
        state = self._hass.states.get(self._plug)
        known = {STATE_ON: SwitchState.ON, STATE_OFF: SwitchState.OFF}
        return known.get(state.state if state else "", SwitchState.UNAVAILABLE)

    def _series(self, now: datetime, since: datetime | None) -> tuple[float, ...] | None:
        """Return the watts of the last two minutes at even steps; a meter holds its value."""
        start = now - _SPAN if since is None else max(since, now - _SPAN)
        steps = [now - i * _EVERY for i in range((now - start) // _EVERY, -1, -1)]
        held: list[float] = []
        for step in steps:
            before = [watts for when, watts in self._samples if when <= step]
            if before:
                held.append(before[-1])
        return tuple(held) or None


def _watts(state: State | None) -> float | None:
    if state is None or state.state in {STATE_UNAVAILABLE, STATE_UNKNOWN}:
        return None
    unit = state.attributes.get("unit_of_measurement")
    if unit not in PowerConverter.VALID_UNITS:
        return None
    try:
        watts = PowerConverter.convert(float(state.state), unit, UnitOfPower.WATT)
    except ValueError:
        return None
    # "nan" and "inf" are numbers to Python; taken for one, they would tell of lost power.
    return max(0.0, round(watts, 2)) if math.isfinite(watts) else None


def switched_by(state: State) -> SwitchedOffBy | None:
    """Say who switched, from the context of the change; None where it came from the plug."""
    if state.context.id in OUR_CONTEXTS:
        return SwitchedOffBy.DOCTOR
    if state.context.parent_id is not None:
        return SwitchedOffBy.AUTOMATION
    if state.context.user_id is not None:
        return SwitchedOffBy.PERSON
    return SwitchedOffBy.AUTOMATION if state.context.id in _AUTOMATIC else None
