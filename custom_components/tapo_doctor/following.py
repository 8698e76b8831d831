"""Follows cameras to their new addresses.

A camera is known by its MAC address, as it tells it to a search. That is all the identity
there is before a login, and anything on the network may claim it; the account's password is
then spoken to what claims it, just as it was when the camera was added. So a camera is
followed only while its old address is dead or somebody else's, and never between two that
claim to be it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.const import CONF_HOST, CONF_MAC
from homeassistant.core import callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import CONF_CONNECTION, CONF_CONTROL_PORT, LOGGER, SEARCH_S
from .enrolment import read_address
from .probes.findings import merged

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .home import Home
    from .probes.findings import Answers, Found

# A restart of the router moves a camera once. One that is now here and now there, by Wi-Fi
# and by cable, has no address to be followed to: that is a finding, and a person's to mend.
_MOST_MOVES = 3
_MOVES_SPAN = timedelta(hours=1)
_SETTLING = timedelta(minutes=1)
# Whoever restarts, or waits for a router, is back within minutes, and maybe elsewhere. The
# search for new cameras goes on after that.
_SEARCH_EVERY_S = 60.0
_SEARCH_FOR = timedelta(minutes=15)


class Following:
    """Knows who has moved, and looks for those who are gone."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._moves: defaultdict[str, deque[datetime]] = defaultdict(
            lambda: deque(maxlen=_MOST_MOVES)
        )
        self._asked: set[str] = set()
        self._cancel: Callable[[], None] | None = None

    @callback
    def async_stop(self) -> None:
        """Look for nobody any more."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    # Looking for those who are gone

    @callback
    def async_expect(self) -> None:
        """Search again in a while, for as long as somebody may be back elsewhere."""
        if self._cancel is None and self._anybody_lost():
            self._cancel = async_call_later(self._home.hass, _SEARCH_EVERY_S, self._due)

    @callback
    def _due(self, _now: datetime) -> None:
        self._cancel = None
        if self._anybody_lost():
            self._home.entry.async_create_background_task(
                self._home.hass, self._home.async_search(), "tapo_doctor search for the lost"
            )
            self.async_expect()

    def _anybody_lost(self) -> bool:
        now, back = dt_util.utcnow(), self._home.gateway.back
        return any(
            camera.chart.away or camera.chart.displaced
            for camera in self._home.cameras.values()
            if camera.lost_at and now - max(camera.lost_at, back or camera.lost_at) < _SEARCH_FOR
        )

    # Following those who are found

    @callback
    def async_hear(self, answers: Answers) -> None:
        """Look after every camera that has answered from another address than its own."""
        for key, camera in self._home.cameras.items():
            host = _new_address(camera, answers)
            if host is not None and key not in self._asked:
                self._asked.add(key)
                self._home.entry.async_create_background_task(
                    self._home.hass, self._async_look_after(camera, host), "tapo_doctor following"
                )

    async def _async_look_after(self, camera: CameraCoordinator, host: str) -> None:
        """Ask at both addresses, and follow the camera where only the new one is its own."""
        old, mac = _address(camera), camera.subentry.data[CONF_MAC]
        senses = self._home.senses
        try:
            here, there = await asyncio.gather(
                senses.ask(old, wait_s=SEARCH_S), senses.ask(host, wait_s=SEARCH_S)
            )
        finally:
            self._asked.discard(camera.subentry_id)
        known = camera.subentry_id in self._home.entry.subentries
        found, tenant = there.at(host), here.at(old)
        was_it = found is not None and found.mac == mac and found.is_camera
        if not known or _address(camera) != old or found is None or not was_it:
            # Removed, or changed by a person meanwhile; or it was not the camera.
            return
        if not here.looked or old in here.unreadable or (tenant and tenant.mac == mac):
            # What cannot be read may be the camera, and two that claim to be it are not one.
            return
        if tenant is None and not camera.chart.offline:
            # It may be about to move, and it may just not have heard the question.
            camera.async_beat()
            return
        self._follow(camera, found, merged((here, there)))

    @callback
    def _follow(self, camera: CameraCoordinator, found: Found, answers: Answers) -> None:
        # Shown before anything is done about it: the history and automations shall see why.
        camera.async_identify(answers)
        now, moves = dt_util.utcnow(), self._moves[camera.subentry_id]
        if moves and timedelta(0) <= now - moves[-1] < _SETTLING:
            return
        if len(moves) == _MOST_MOVES and timedelta(0) <= now - moves[0] < _MOVES_SPAN:
            return
        moves.append(now)
        _watch_there(camera, found)


@callback
def _watch_there(camera: CameraCoordinator, found: Found) -> None:
    """Watch a camera where it was found; its outage and its refused logins go along."""
    LOGGER.info("%s has another address now, and is followed there", camera.name)
    camera.chart.leave_for(found.host, dt_util.now())
    camera.home.memory.keep(camera.subentry_id, camera.chart.memory)
    where = {
        CONF_HOST: found.host,
        CONF_CONTROL_PORT: found.control_port,
        CONF_CONNECTION: dict(found.connection) if found.connection else None,
    }
    camera.hass.config_entries.async_update_subentry(
        camera.config_entry, camera.subentry, data={**camera.subentry.data, **where}
    )


def _address(camera: CameraCoordinator) -> str:
    host: str = camera.subentry.data[CONF_HOST]
    return host


def _new_address(camera: CameraCoordinator, answers: Answers) -> str | None:
    """Return where a camera has answered; None where that is its own address, or not one."""
    mac = camera.subentry.data.get(CONF_MAC)
    mine = [found for found in answers.found if mac is not None and found.mac == mac]
    if not all(found.is_camera for found in mine):
        # It is spoken to as what it says it is, and some devices are told the password itself.
        return None
    hosts = {found.host for found in mine}
    if len(hosts) != 1 or _address(camera) in hosts:
        return None
    # An answer can be sent in the name of any address; no camera is followed out of the house.
    return read_address(hosts.pop())
