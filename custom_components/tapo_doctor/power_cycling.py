"""Cutting a camera's power and giving it back, with proof of what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.const import STATE_OFF
from homeassistant.util import dt as dt_util

from .comeback import async_answers_anyway, async_until, async_wait_back, expecting
from .const import CONF_ROUTER_PLUG, LOGGER
from .debts import DEBTS, NothingStoredError
from .doctor.diagnosis import diagnose
from .doctor.evidence import RemedyKind
from .doctor.outages import Tried, as_evidence
from .doctor.preflight import Circumstances, Decision, Failure, Plug, Refusal, decide
from .doctor.safety import is_updating
from .doctor.signs import read_signs
from .guidance import async_note_remedy
from .happenings import Happened, Happening
from .plugs import async_refresh, plug_of

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable
    from datetime import datetime
    from typing import Any

    from homeassistant.core import Context

    from .coordinator import CameraCoordinator
    from .doctor.preflight import Reason
    from .doctor.safety import PowerCycleAdvice
    from .home import Home

# Long enough for the capacitors of a camera and its adapter; the article waits half a minute.
OFF_S = 30
OFF_LEAST_S, OFF_MOST_S = 5, 120
# A plug that is asked for its state every half a minute has told by then.
SWITCH_S = 45.0
# A meter takes the mean of some seconds; a camera draws two watts and more.
_METER_LAG = timedelta(seconds=10)
_FALL_W = 0.5
# Who reloads or removes something waits for so long where a plug does not answer.
_STOP_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCycleResult:
    """What was done with one plug, and what came of it."""

    done: bool
    """Whether the plug was switched at all."""
    reason: Reason | Failure | None = None
    """Why it was refused, or why it is no success."""
    back_after_s: float | None = None
    """How long after the power the camera did its work again."""


@dataclass(frozen=True, slots=True)
class _Load:
    """The cameras on one plug, and which of them were well before."""

    plug: str
    cameras: tuple[CameraCoordinator, ...]
    ailing: frozenset[str]


class PowerCycler:
    """The one hand of a home that cuts power: never two plugs at a time."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._hass = home.hass
        self._task: asyncio.Task[PowerCycleResult] | None = None
        self._busy_with: tuple[CameraCoordinator, ...] = ()
        self._stopped = False

    # Deciding

    @property
    def under_way(self) -> bool:
        """Whether power is cut at this moment."""
        return self._task is not None and not self._task.done()

    @property
    def stopping(self) -> bool:
        """Whether the home, or Home Assistant, is ending: nobody would see to the end of a cut."""
        return self._stopped or self._hass.data[DEBTS].closing

    def load_of(self, plug: str) -> tuple[CameraCoordinator, ...]:
        """Return the cameras on a plug: they go dark together."""
        return tuple(camera for camera in self._home.cameras.values() if camera.power.plug == plug)

    def circumstances(self, camera: CameraCoordinator, *, again: bool = False) -> Circumstances:
        """Put together what counts for the decision about a camera.

        `again`: a budget counts the attempts, so that one that failed is not held against the
        next; whatever else is known still is.
        """
        debts, plug, now = self._hass.data[DEBTS], camera.power.plug, dt_util.now()
        load = self.load_of(plug) if plug else (camera,)
        return Circumstances(
            plug=plug_of(self._hass, plug),
            # One that is no longer watched may have been let go while its plug was asked.
            stopping=self.stopping or camera not in load,
            under_way=self.under_way or (plug is not None and debts.owes(plug)),
            powers_the_network=plug is not None
            and plug == self._home.entry.options.get(CONF_ROUTER_PLUG),
            nothing_stored=debts.cannot_write,
            updating=any(is_updating_now(one, now) for one in load),
            others_work=any(not one.chart.offline for one in load if one is not camera),
            home_outage=any(self._home.is_out_for(one) for one in load),
            advice=_advice(camera, again=again),
        )

    async def async_decide(
        self, camera: CameraCoordinator, *, force: bool = False, again: bool = False
    ) -> Decision:
        """Decide with a fresh state of the plug, and of the disk."""
        plug = camera.power.plug
        if plug is not None and plug_of(self._hass, plug) is not Plug.GONE:
            await async_refresh(self._hass, plug)
            await self._hass.data[DEBTS].async_try_writing()
        return decide(self.circumstances(camera, again=again), force=force)

    # Doing

    async def async_power_cycle(
        self,
        camera: CameraCoordinator,
        *,
        off_s: float = OFF_S,
        force: bool = False,
        again: bool = False,
        context: Context | None = None,
    ) -> PowerCycleResult:
        """Cycle the power of a camera, and of all that shares its plug.

        Who calls this may be cancelled: what was begun is ended all the same.
        """
        decision = await self.async_decide(camera, force=force, again=again)
        plug = camera.power.plug
        if not decision.allowed or plug is None:
            return PowerCycleResult(done=False, reason=decision.reason)
        cameras = self.load_of(plug)
        ailing = frozenset(one.subentry_id for one in cameras if one.chart.offline)
        if not again:
            for one in cameras:
                one.power.async_person_acted()
        load = _Load(plug, cameras, ailing)
        return await self.async_run(cameras, self._async_cycle(load, off_s, context))

    async def async_run(
        self,
        cameras: Iterable[CameraCoordinator],
        cutting: Coroutine[Any, Any, PowerCycleResult],
    ) -> PowerCycleResult:
        """Run what cuts power, so that it outlives its caller, and nothing else runs beside it."""
        self._busy_with = tuple(cameras)
        task = self._task = self._home.entry.async_create_background_task(
            self._hass, cutting, "tapo_doctor power cycle"
        )
        await asyncio.wait([task])
        if task.cancelled():
            return PowerCycleResult(done=True, reason=Failure.BROKEN_OFF)
        return task.result()

    async def async_stop(self) -> None:
        """Break off what is under way, and begin nothing any more."""
        self._stopped = True
        await self._async_break_off()

    async def _async_break_off(self) -> None:
        """End at once; the plug goes on at once too, or is owed."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
            await self._hass.data[DEBTS].async_settle(_STOP_S)

    async def async_let_go(self, camera: CameraCoordinator) -> None:
        """Break off what is under way where a camera is concerned that is no longer watched."""
        if camera in self._busy_with:
            await self._async_break_off()

    async def _async_cycle(
        self, load: _Load, off_s: float, context: Context | None
    ) -> PowerCycleResult:
        at = dt_util.now()
        for camera in load.cameras:
            async_note_remedy(camera, Tried(remedy=RemedyKind.POWER_CYCLE, at=at))
        async with expecting(load.cameras):
            try:
                failure = await self._async_interrupt(load, off_s, context)
            except NothingStoredError:
                # The disk has become full in this very moment.
                return PowerCycleResult(done=False, reason=Refusal.NOTHING_STORED)
            back: dict[str, float] = {}
            if failure is None:
                back = await async_wait_back(load.cameras)
                if len(back) < len(load.cameras):
                    failure = Failure.CAMERA_STAYED_AWAY
        self._note(load, at, failure, back)
        longest = max(back.values(), default=None) if failure is None else None
        return PowerCycleResult(done=True, reason=failure, back_after_s=longest)

    async def _async_interrupt(
        self, load: _Load, off_s: float, context: Context | None
    ) -> Failure | None:
        """Cut the power and give it back; whatever happens in between, it is given back."""
        debts, plug = self._hass.data[DEBTS], load.plug
        # Of one that answered, its silence is the proof; of one that did not, its meter is.
        drawn = {
            camera: camera.power.watch.watts or 0.0 for camera in load.cameras if camera.chart.away
        }
        try:
            failure = await self.async_cut(plug, off_s, context)
            if failure is None and self._flows_on(plug, drawn):
                failure = Failure.PLUG_STAYED_ON
            if failure is None and await async_answers_anyway(load.cameras):
                failure = Failure.CAMERA_UNTOUCHED
        finally:
            debts.async_pay(plug)
        on = await debts.async_restore(plug, SWITCH_S)
        return failure or (None if on else Failure.PLUG_STAYED_OFF)

    def _flows_on(self, plug: str, before: dict[CameraCoordinator, float]) -> bool:
        """Whether a meter shows that the power has not fallen, though the plug says it is off."""
        state = self._hass.states.get(plug)
        if state is None or state.state != STATE_OFF:
            return False
        measured = state.last_changed + _METER_LAG
        return any(
            (now := camera.power.watch.drawn_since(measured)) is not None and now > watts - _FALL_W
            for camera, watts in before.items()
            if watts > _FALL_W
        )

    async def async_cut(self, plug: str, off_s: float, context: Context | None) -> Failure | None:
        """Turn the plug off and keep it off, unless somebody turns it on again meanwhile."""
        try:
            await self._hass.data[DEBTS].async_cut(plug, context)
        except NothingStoredError:
            raise
        except Exception as err:  # noqa: BLE001
            # Whatever another integration raises: the plug may be off, or not.
            LOGGER.warning("The plug of a power cycle did not obey: %s", type(err).__name__)
            return Failure.PLUG_UNREACHABLE
        if not await async_until(lambda: plug_of(self._hass, plug) is Plug.OFF, SWITCH_S):
            return Failure.PLUG_STAYED_ON
        self._hass.data[DEBTS].async_seen_off(plug)
        await async_until(lambda: plug_of(self._hass, plug) is Plug.ON, off_s)
        return None

    def _note(
        self, load: _Load, at: datetime, failure: Failure | None, back: dict[str, float]
    ) -> None:
        """Remember what came of it, and tell; of a camera that was well nothing is learnt."""
        # Where the plug did not obey, nobody knows what its power would have done.
        cut = failure in {None, Failure.CAMERA_STAYED_AWAY}
        for camera in load.cameras:
            after = back.get(camera.subentry_id)
            helped = None
            if cut and camera.subentry_id in load.ailing:
                helped = after is not None
            tried = Tried(remedy=RemedyKind.POWER_CYCLE, at=at, helped=helped)
            async_note_remedy(camera, tried, after)
            camera.news.async_tell(
                Happening(
                    what=Happened.POWER_CYCLED if after else Happened.POWER_CYCLE_FAILED,
                    at=dt_util.now(),
                    cause=camera.data.diagnosis.cause if camera.data.diagnosis else None,
                )
            )


def is_updating_now(camera: CameraCoordinator, now: datetime) -> bool:
    """Whether a camera may be writing its firmware at this moment."""
    return camera.chart.updating(now) or is_updating(read_signs(camera.evidence(now)))


def _advice(camera: CameraCoordinator, *, again: bool) -> PowerCycleAdvice | None:
    """Say what the diagnosis thinks of it, or thought before the attempts of this outage."""
    diagnosis, outage, now = camera.data.diagnosis, camera.chart.outage, dt_util.now()
    if diagnosis is None or outage is None or not again:
        return diagnosis.power_cycle if diagnosis else None
    evidence = camera.evidence(now)
    earlier = [
        one
        for one in camera.chart.memory.remedies
        if one.remedy is not RemedyKind.POWER_CYCLE or one.during != outage.start
    ]
    history = replace(evidence.history, remedies=as_evidence(earlier, now))
    return diagnose(replace(evidence, history=history)).power_cycle
