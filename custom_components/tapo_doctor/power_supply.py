"""The power of one camera: the plug it comes through, and the owner's leave to cut it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .const import CONF_AUTOMATIC, CONF_PLUG, CONF_POWER_SENSOR
from .doctor.budget import Budget
from .probes.power import PowerWatch

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .coordinator import CameraCoordinator


class PowerSupply:
    """Knows a camera's plug; the cutting itself is done by the one hand of the home."""

    def __init__(self, camera: CameraCoordinator) -> None:
        self._camera = camera
        self.watch = self._begin_watch()
        """What plug and meter show."""
        self.expected_since: datetime | None = None
        """Since when the camera's absence is our own doing."""
        self.ailing_since: datetime | None = None
        """The start of the outage in whose middle that began."""

    def _begin_watch(self) -> PowerWatch:
        camera, settings = self._camera, self._camera.settings
        return PowerWatch(camera.hass, settings.get(CONF_PLUG), settings.get(CONF_POWER_SENSOR))

    @callback
    def async_apply_settings(self) -> None:
        """Begin anew: what was seen of another plug says nothing about this one."""
        self.async_person_acted()
        self.watch = self._begin_watch()

    @callback
    def async_follow_renaming(self) -> None:
        """Ask plug and meter by their new names from now on."""
        settings = self._camera.settings
        self.watch.async_rename(settings.get(CONF_PLUG), settings.get(CONF_POWER_SENSOR))

    @callback
    def async_follow(self) -> Callable[[], None]:
        """Follow plug and meter from now on, and look at the camera when the plug is switched."""
        return self.watch.async_follow(self._on_switch)

    @callback
    def _on_switch(self) -> None:
        """Look soon: somebody has switched the plug."""
        self._camera.async_review()
        self._camera.async_beat()

    @property
    def plug(self) -> str | None:
        """The switch that the camera gets its power through."""
        return self._camera.settings.get(CONF_PLUG)

    @property
    def may_be_cycled_unasked(self) -> bool:
        """Whether the owner lets the doctor cut the power by itself."""
        allowed = self.cycling_unasked_allowed and not self._camera.chart.memory.paused
        return allowed and self.plug is not None

    @property
    def cycling_unasked_allowed(self) -> bool:
        """What the owner chose, also while the camera is paused."""
        return bool(self._camera.settings.get(CONF_AUTOMATIC))

    @callback
    def async_allow_cycling_unasked(self, allowed: bool) -> None:
        """Store the owner's choice; nothing that runs is disturbed by it."""
        self.async_person_acted()
        self._camera.async_write_settings({CONF_AUTOMATIC: allowed})
        self._camera.async_update_listeners()

    @callback
    def async_expect_absence(self, *, expected: bool) -> None:
        """Let the camera be away without alarm from now on, or no longer."""
        self.expected_since = dt_util.now() if expected else None
        self.ailing_since = self._camera.lost_at if expected else None
        self._camera.async_review()

    @property
    def budget(self) -> Budget:
        """How often the power was cut unasked, and whether a person is waited for."""
        memory = self._camera.chart.memory
        return Budget(memory.attempts_s, memory.left_s)

    @property
    def left_to_a_person(self) -> bool:
        """Whether it would be cut unasked, had that not been tried often enough."""
        return self.may_be_cycled_unasked and self.budget.waits

    @callback
    def async_keep(self, budget: Budget, *, write: bool) -> None:
        """Keep it."""
        camera, chart = self._camera, self._camera.chart
        chart.memory = replace(chart.memory, attempts_s=budget.ages_s, left_s=budget.left_s)
        if write:
            camera.home.memory.keep(camera.subentry_id, chart.memory)

    @callback
    def async_person_acted(self) -> None:
        """Wait for no person any more: one has seen to it."""
        if (acted := self.budget.acted()) != self.budget:
            self.async_keep(acted, write=True)
