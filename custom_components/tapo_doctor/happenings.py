"""What has happened to a camera, as news: each fact is told once.

What was so when the watching began is not news; it only gives the bearings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from homeassistant.core import callback

from .verdict import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from .doctor.causes import Cause
    from .doctor.diagnosis import Certainty
    from .verdict import CameraState

_GONE = frozenset({Status.OFFLINE, Status.EXPECTED_OFFLINE, Status.PAUSED})


class Happened(StrEnum):
    """The kinds of news."""

    CONNECTION_LOST = "connection_lost"
    CONNECTION_RESTORED = "connection_restored"
    DIAGNOSIS_CHANGED = "diagnosis_changed"
    POWER_CYCLED = "power_cycled"
    POWER_CYCLE_FAILED = "power_cycle_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One piece of news."""

    what: Happened
    at: datetime
    cause: Cause | None = None
    certainty: Certainty | None = None
    length: timedelta | None = None
    """How long it was gone, where it is back."""


class Bearings:
    """Compares what is with what was told last, and finds the news in it."""

    def __init__(self) -> None:
        self._known = False
        self._lost: datetime | None = None
        self._cause: Cause | None = None

    def news(self, state: CameraState, now: datetime) -> list[Happening]:
        """Return what has happened since the last call."""
        if state.status is None:
            return []
        cause = state.diagnosis.cause if state.problem and state.diagnosis else None
        certainty = state.diagnosis.certainty if state.diagnosis else None
        first, self._known = not self._known, True
        known, self._cause = self._cause, cause
        news: list[Happening] = []
        if state.status is Status.OFFLINE and self._lost is None:
            self._lost = state.since or now
            news.append(
                Happening(
                    what=Happened.CONNECTION_LOST, at=self._lost, cause=cause, certainty=certainty
                )
            )
        elif state.status not in _GONE and self._lost is not None:
            lost, self._lost = self._lost, None
            news.append(
                Happening(what=Happened.CONNECTION_RESTORED, at=now, cause=known, length=now - lost)
            )
        elif cause is not None and cause is not known:
            news.append(
                Happening(what=Happened.DIAGNOSIS_CHANGED, at=now, cause=cause, certainty=certainty)
            )
        return [] if first else news


class News:
    """Tells whoever listens what happens to one camera."""

    def __init__(self) -> None:
        self._bearings = Bearings()
        self._listeners: list[Callable[[Happening], None]] = []

    @callback
    def async_add_listener(self, listener: Callable[[Happening], None]) -> Callable[[], None]:
        """Call `listener` with everything that happens to the camera from now on."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_tell(self, happening: Happening) -> None:
        """Tell everyone who listens."""
        for listener in list(self._listeners):
            listener(happening)

    @callback
    def async_tell_changes(self, state: CameraState, now: datetime) -> None:
        """Tell what is new in what is shown of the camera."""
        for happening in self._bearings.news(state, now):
            self.async_tell(happening)
