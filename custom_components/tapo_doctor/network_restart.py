"""Restarting the router and the cameras, in the order that lets them find each other.

Camera and router off, half a minute, router on, wait until it and the internet answer, camera on.
Only through a plug that does not itself need that router: nobody could turn it on again.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from homeassistant.util import dt as dt_util

from .comeback import async_wait_back, expecting
from .const import (
    CONF_GATEWAY,
    CONF_INTERNET_CHECK,
    CONF_ROUTER_PLUG,
    CONF_ROUTER_PLUG_INDEPENDENT,
)
from .debts import DEBTS
from .doctor.evidence import Link, RemedyKind
from .doctor.outages import Tried
from .doctor.preflight import Circumstances, Decision, Failure, Plug, Refusal, decide
from .guidance import async_note_remedy
from .plugs import async_refresh, needs_router, plug_of
from .power_cycling import OFF_S, SWITCH_S, PowerCycleResult, is_updating_now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import Context

    from .coordinator import CameraCoordinator
    from .home import Home

# A router with its modem is up within five minutes; then the cameras are better on than off.
_NETWORK_BACK_S = 300.0
_LOOK_EVERY_S = 5.0
_LOOK_S = 5.0


class NetworkRestart:
    """Restarts the network of a home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._hass = home.hass

    def decide(self, cameras: Iterable[CameraCoordinator]) -> Decision:
        """Decide whether it may be done, with these cameras."""
        options, now = self._home.entry.options, dt_util.now()
        router = options.get(CONF_ROUTER_PLUG)
        if router is None:
            return Decision(allowed=False, reason=Refusal.NO_ROUTER_PLUG)
        independent = options.get(CONF_ROUTER_PLUG_INDEPENDENT, False)
        if needs_router(self._hass, router) or not independent:
            return Decision(allowed=False, reason=Refusal.ROUTER_PLUG_NEEDS_ROUTER)
        debts = self._hass.data[DEBTS]
        owed = any(debts.owes(plug) for plug in (router, *self._plugs_of(cameras)))
        # What the cameras' diagnoses say does not count here: the router is meant.
        return decide(
            Circumstances(
                plug=plug_of(self._hass, router),
                stopping=self._home.power.stopping,
                under_way=self._home.power.under_way or owed,
                nothing_stored=debts.cannot_write,
                updating=any(is_updating_now(camera, now) for camera in cameras),
            ),
            force=True,
        )

    async def async_restart(
        self,
        cameras: tuple[CameraCoordinator, ...],
        *,
        off_s: float = OFF_S,
        context: Context | None = None,
    ) -> PowerCycleResult:
        """Restart the router, and with it the cameras that have a plug that can be trusted."""
        router = self._home.entry.options.get(CONF_ROUTER_PLUG)
        for plug in (router, *self._plugs_of(cameras)):
            if plug is not None:
                await async_refresh(self._hass, plug)
        await self._hass.data[DEBTS].async_try_writing()
        decision = self.decide(cameras)
        if not decision.allowed or router is None:
            return PowerCycleResult(done=False, reason=decision.reason)
        return await self._home.power.async_run(
            cameras, self._async_run(router, cameras, off_s, context)
        )

    def _plugs_of(self, cameras: Iterable[CameraCoordinator]) -> list[str]:
        """Return the cameras' plugs that are on; the router's own is none of them."""
        router = self._home.entry.options.get(CONF_ROUTER_PLUG)
        plugs = dict.fromkeys(plug for camera in cameras if (plug := camera.power.plug) is not None)
        return [plug for plug in plugs if plug != router and plug_of(self._hass, plug) is Plug.ON]

    async def _async_run(
        self,
        router: str,
        cameras: tuple[CameraCoordinator, ...],
        off_s: float,
        context: Context | None,
    ) -> PowerCycleResult:
        at = dt_util.now()
        plugs = self._plugs_of(cameras)
        ailing = {camera for camera in cameras if camera.chart.offline}
        everyone = tuple(self._home.cameras.values())
        # The others lose their network too, and need a while to find it again.
        others = [camera for camera in everyone if not camera.chart.offline]
        async with expecting(everyone):
            failure, network_s = await self._async_off_and_on(router, plugs, off_s, context)
            back = await async_wait_back(dict.fromkeys((*cameras, *others)))
        for camera in cameras:
            helped = camera.subentry_id in back if camera in ailing else None
            tried = Tried(
                remedy=RemedyKind.RESTART_ROUTER, at=at, helped=None if failure else helped
            )
            async_note_remedy(camera, tried)
        if failure is None and any(camera.subentry_id not in back for camera in cameras):
            failure = Failure.CAMERA_STAYED_AWAY
        return PowerCycleResult(done=True, reason=failure, back_after_s=network_s)

    async def _async_off_and_on(
        self, router: str, plugs: list[str], off_s: float, context: Context | None
    ) -> tuple[Failure | None, float | None]:
        """Cut all, give it back in order; whatever happens in between, all is given back."""
        debts, power = self._hass.data[DEBTS], self._home.power
        network_s = None
        try:
            try:
                for plug in plugs:
                    # One that does not obey stays on, and its camera waits with the others.
                    await power.async_cut(plug, 0, context)
                failure = await power.async_cut(router, off_s, context)
            finally:
                debts.async_pay(router)
            if not await debts.async_restore(router, SWITCH_S):
                failure = failure or Failure.PLUG_STAYED_OFF
            elif failure is None:
                network_s = await self._async_wait_for_network()
                failure = Failure.NETWORK_STAYED_AWAY if network_s is None else None
        finally:
            for plug in plugs:
                debts.async_pay(plug)
        for plug in plugs:
            await debts.async_restore(plug, SWITCH_S)
        return failure, network_s

    async def _async_wait_for_network(self) -> float | None:
        """Wait until gateway and internet answer; seconds, or None where they do not."""
        began = self._hass.loop.time()
        while self._hass.loop.time() - began < _NETWORK_BACK_S:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    if await self._async_network_answers():
                        return round(self._hass.loop.time() - began, 1)
            await asyncio.sleep(_LOOK_EVERY_S)
        return None

    async def _async_network_answers(self) -> bool:
        senses, options = self._home.senses, self._home.entry.options
        beat = await senses.gateway(options.get(CONF_GATEWAY))
        if beat is None or not beat.answered:
            return False
        # An owner who does not want the internet looked at has said nothing about it.
        wanted = options.get(CONF_INTERNET_CHECK, True)
        return not wanted or await senses.internet() is not Link.DOWN
