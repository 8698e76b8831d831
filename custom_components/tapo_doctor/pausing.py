"""Pausing a camera: it is watched as before, and nobody is told for a while."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

if TYPE_CHECKING:
    from datetime import datetime

    from .clocks import Clocks
    from .coordinator import CameraCoordinator

_CLOCK = "pause"


class Pausing:
    """Begins and ends the pauses of one camera; a pause survives a restart."""

    def __init__(self, camera: CameraCoordinator, clocks: Clocks) -> None:
        self._camera = camera
        self._clocks = clocks

    @callback
    def async_start(self) -> None:
        """Let a pause that is under way end at its time, also where that has passed."""
        memory = self._camera.chart.memory
        if memory.paused and memory.paused_until is not None:
            left = (memory.paused_until - dt_util.utcnow()).total_seconds()
            self._clocks.later(_CLOCK, max(0.0, left), self._async_end)

    @callback
    def async_pause(self, until: datetime | None) -> None:
        """Pause; without an end until somebody resumes."""
        self._set(paused=True, until=until)

    @callback
    def async_resume(self) -> None:
        """End a pause."""
        self._set(paused=False, until=None)

    async def _async_end(self) -> None:
        self.async_resume()

    @callback
    def _set(self, *, paused: bool, until: datetime | None) -> None:
        camera, chart = self._camera, self._camera.chart
        self._clocks.cancel(_CLOCK)
        if chart.memory.paused is not paused:
            # An outage is cut in two: only the part outside the pause counts.
            chart.end_outage(dt_util.now())
        chart.memory = replace(chart.memory, paused=paused, paused_until=until)
        camera.home.memory.keep(camera.subentry_id, chart.memory, at_once=True)
        self.async_start()
        camera.async_review()
