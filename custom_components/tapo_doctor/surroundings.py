"""What is looked at around the cameras on suspicion: the internet, and the networks on the air.

One look serves all cameras that go at the same moment. Looking costs others something (a scan
takes a neighbour's radio off its channel, a plug has to be logged in to), so it is rationed.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .clocks import within
from .const import CONF_INTERNET_CHECK
from .probes.findings import Scanned
from .probes.scan import conclude

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .doctor.evidence import Link, Scan
    from .home import Home
    from .probes.findings import Found

# Cameras of one network go within moments of each other.
_FRESH = timedelta(seconds=60)
# An internet that was looked at longer ago than this may be back.
_INTERNET_KEPT = timedelta(hours=1)
# A neighbour that scans is deaf for two or three seconds; a camera that flaps all day must not
# take its neighbours along.
_SCAN_PAUSE = timedelta(minutes=30)
# A plug has to be logged in to for it.
_PLUG_PAUSE = timedelta(hours=6)


class Surroundings:
    """Shared by all cameras of the home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._internet: Link | None = None
        self._internet_seen: datetime | None = None
        self._internet_lock = asyncio.Lock()
        self._scanned = Scanned()
        self._scanned_by = ""
        self._scanned_at: datetime | None = None
        self._scan_lock = asyncio.Lock()
        self._asked: dict[str, datetime] = {}
        """When each camera was asked to scan the last time, whatever came of it."""
        self._plug_asked: datetime | None = None
        self._refused_by: set[str] = set()
        """The plugs that did not take the account: they are not asked again."""

    # The internet

    async def async_look_at_internet(self) -> None:
        """Look whether the internet answers, where the owner allows it."""
        async with self._internet_lock:
            now = dt_util.utcnow()
            if not self._home.entry.options.get(CONF_INTERNET_CHECK, True):
                self._internet = None
            elif not within(self._internet_seen, now, _FRESH):
                self._internet = await self._home.senses.internet()
                self._internet_seen = now

    def internet(self, now: datetime) -> Link | None:
        """Return how the internet was; None where that is too long ago."""
        return self._internet if within(self._internet_seen, now, _INTERNET_KEPT) else None

    # The networks on the air

    async def async_scan_for(
        self, camera: CameraCoordinator, devices: Iterable[Found]
    ) -> Scan | None:
        """Let a neighbour look whether the network of a lost camera is on the air."""
        async with self._scan_lock:
            now = dt_util.utcnow()
            if within(self._scanned_at, now, _FRESH):
                camera.chart.suspect(now, scan_asked=True)
            elif within(self._scanned_at, now, _SCAN_PAUSE):
                return None
            else:
                await self._async_scan(camera, devices, now)
            return conclude(
                self._scanned.networks,
                camera.chart.memory.ssid,
                by=self._scanned_by,
                own_ssid=self._scanned.own_ssid,
            )

    @callback
    def async_account_changed(self) -> None:
        """Let plugs be asked again that refused the account before."""
        self._refused_by.clear()

    async def _async_scan(
        self, camera: CameraCoordinator, devices: Iterable[Found], now: datetime
    ) -> None:
        """Ask a camera that is logged in to anyway, or else a plug."""
        self._scanned = Scanned()
        if (neighbour := self._neighbour_of(camera, now)) is not None:
            # Noted before it answers: what it costs the neighbour it has cost by then.
            self._asked[neighbour.subentry_id] = now
            camera.chart.suspect(now, scan_asked=True)
            self._note("camera", await neighbour.readings.async_scan(), now)
        account, plug = self._home.account, self._plug_among(devices)
        if self._scanned.networks is not None or account is None or plug is None:
            return
        if not within(self._plug_asked, now, _PLUG_PAUSE):
            self._plug_asked = now
            camera.chart.suspect(now, scan_asked=True)
            scanned = await self._home.senses.plug_scan(plug, *account)
            self._note("plug", scanned, now)
            if scanned.refused:
                self._refused_by.add(plug.mac)

    def _note(self, by: str, scanned: Scanned, now: datetime) -> None:
        """Keep what was heard; of one that has just gone as well nothing was."""
        if scanned.networks is not None:
            self._scanned, self._scanned_by, self._scanned_at = scanned, by, now

    def _neighbour_of(self, camera: CameraCoordinator, now: datetime) -> CameraCoordinator | None:
        """Choose a camera that can scan: one of the same network hears it like the lost one."""
        able = [
            other
            for other in self._home.cameras.values()
            if other is not camera
            and other.readings.may_scan
            and not within(self._asked.get(other.subentry_id), now, _SCAN_PAUSE)
        ]
        wanted = camera.chart.memory.ssid
        able.sort(key=lambda other: other.chart.memory.ssid != wanted)
        return next(iter(able), None)

    def _plug_among(self, devices: Iterable[Found]) -> Found | None:
        return next(
            (one for one in devices if one.is_plug and one.mac not in self._refused_by), None
        )
