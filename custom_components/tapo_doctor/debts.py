"""What is owed: plugs that were turned off by us, and have to be turned on again.

A debt is on disk before the plug is cut, and struck off only when the plug was seen on again and
stayed on. In between Home Assistant may crash, restart or lose the plug: whoever starts next pays
first. Nothing here belongs to a config entry, so that none can take its debts along when it goes.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING

import voluptuous as vol
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
)
from homeassistant.core import Event, EventStateChangedData, HassJob, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .doctor.evidence import SwitchedOffBy
from .memory import set_aside
from .plugs import CALL_S, async_refresh, name_of
from .probes.power import our_context, switched_by

if TYPE_CHECKING:
    from typing import Any

    from homeassistant.core import Context, HomeAssistant

_VERSION = 1
# A command may take its time in the plug, and a state may be a mere hope: what was seen on has to
# be on after this time too.
_SETTLE_S = 10.0
# A command to turn off that nobody has seen obeyed may still wait in a cloud, in a mesh's queue or
# to be sent again: after five minutes they have given it up.
_LATE_LOOKS = 30
# Soon at first, for a moment's lapse; then without bothering a plug that is gone.
_PAUSES_S = (2, 5, 10, 20, 30, 60, 120)
_LONGEST_PAUSE_S = 300
# A plug that starts with Home Assistant is there by then.
_TELL_AFTER_S = 120
# Is owed for a moment, to see whether a debt can be written down.
_NOBODY = ""
# A full disk is not tried again and again by what nobody has asked for.
_FULL_S = 300
# Home Assistant gives a shutdown twenty seconds for all that has to be done first.
_CLOSE_S = 15.0

_STORED = vol.Schema({"plugs": {str: vol.Any(None, str)}})

DEBTS: HassKey[Debts] = HassKey(f"{DOMAIN}_debts")


class NothingStoredError(HomeAssistantError):
    """What is owed could not be written down, so that nothing was cut."""


async def async_get_debts(hass: HomeAssistant) -> Debts:
    """Return what is owed; whoever asks first begins to pay."""
    if DEBTS not in hass.data:
        hass.data[DEBTS] = Debts(hass)
        await hass.data[DEBTS].async_start()
    return hass.data[DEBTS]


class Debts:
    """The plugs that are owed; one for the whole of Home Assistant."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.owed", private=True, atomic_writes=True
        )
        # By entity, with its number in the registry: an entity may be renamed meanwhile.
        self._owed: dict[str, str | None] = {}
        # Told to go off and not seen off since: they may obey yet, after they were told to go on.
        self._may_obey_late: set[str] = set()
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._writing = asyncio.Lock()
        self._could_not_write: float | None = None
        self._paying: dict[str, asyncio.Task[None]] = {}
        self._seen_on: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._closing = False

    @property
    def closing(self) -> bool:
        """Whether Home Assistant is ending, so that nothing may be owed any more."""
        return self._closing

    @property
    def cannot_write(self) -> bool:
        """Whether nothing could be written down a moment ago, so that nothing may be cut."""
        failed = self._could_not_write
        return failed is not None and self._hass.loop.time() - failed < _FULL_S

    def owes(self, plug: str) -> bool:
        """Whether a plug has still to be turned on."""
        return any(plug in {owed, self._entity_id(owed)} for owed in self._owed)

    async def async_start(self) -> None:
        """Read what is owed and begin to pay, in the background but before anything else."""
        self._hass.async_add_shutdown_job(HassJob(self._async_close, "tapo_doctor debts"))
        try:
            stored = await self._store.async_load()
            self._owed = _STORED(stored)["plugs"] if stored else {}
            self._owed.pop(_NOBODY, None)
        except HomeAssistantError, KeyError, TypeError, NotImplementedError, vol.Invalid:
            # Of a newer version of ours, or no store at all, or one with something else in it.
            path = Path(self._store.path)
            aside = path.with_name(f"{path.name}.damaged")
            await self._hass.async_add_executor_job(set_aside, path, aside)
            LOGGER.warning("What is owed to plugs cannot be read, kept as %s", aside.name)
        self._may_obey_late.update(self._owed)
        for plug in self._owed:
            LOGGER.warning("%s was left off by a power cycle that was broken off", plug)
            self.async_pay(plug)

    # Owing

    async def async_cut(self, plug: str, context: Context | None = None) -> None:
        """Turn a plug off. Whoever calls this calls `async_pay` afterwards, whatever happens."""
        async with self._locks[plug]:
            self._seen_on[plug].clear()
            entry = er.async_get(self._hass).async_get(plug)
            self._owed[plug] = entry.id if entry else None
            if not await self._async_write():
                del self._owed[plug]
                raise NothingStoredError(
                    translation_domain=DOMAIN, translation_key="nothing_can_be_stored"
                )
            if self._closing:
                return
            self._may_obey_late.add(plug)
            await self._async_switch(SERVICE_TURN_OFF, plug, context)

    @callback
    def async_seen_off(self, plug: str) -> None:
        """Take it into account that a plug was seen to obey: its command is not under way."""
        self._may_obey_late.discard(plug)

    async def _async_write(self, *besides: str) -> bool:
        """Write to disk; whether it stands there. A full disk raises nothing."""
        async with self._writing:
            wanted = {"plugs": dict(self._owed) | dict.fromkeys(besides)}
            await self._store.async_save(wanted)
            written = await self._store.async_load() == wanted
            self._could_not_write = None if written else self._hass.loop.time()
            return written

    async def async_try_writing(self) -> None:
        """Find out whether a debt could be written down now; only what is new there shows that."""
        if await self._async_write(_NOBODY):
            await self._async_write()

    # Paying

    @callback
    def async_pay(self, plug: str) -> None:
        """Turn a plug on, in the background and for as long as it takes; returns at once."""
        task = self._paying.get(plug)
        if plug in self._owed and not self._closing and (task is None or task.done()):
            self._paying[plug] = self._hass.async_create_background_task(
                self._async_pay(plug), f"tapo_doctor turns on {plug}"
            )

    async def async_restore(self, plug: str, seconds: float) -> bool:
        """Turn a plug on and wait until that is seen, but not for ever; returns whether it is."""
        self.async_pay(plug)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.owes(plug) and not self._seen_on[plug].is_set():
                    await self._seen_on[plug].wait()
        return self._is_on(plug)

    async def async_settle(self, seconds: float) -> bool:
        """Turn everything on that is owed; returns whether all of it is seen to be on in time."""
        on = (self.async_restore(plug, seconds) for plug in list(self._owed))
        return all(await asyncio.gather(*on))

    async def async_leave(self, seconds: float) -> None:
        """Pay in time, or tell at once: after the next start there may be nobody to pay."""
        if not await self.async_settle(seconds):
            for plug in (owed for owed in self._owed if not self._is_on(owed)):
                self._tell(plug)

    async def _async_pay(self, plug: str) -> None:
        began, wake = self._hass.loop.time(), asyncio.Event()
        entity_id = self._entity_id(plug)

        @callback
        def changed(event: Event[EventStateChangedData]) -> None:
            old, new = event.data["old_state"], event.data["new_state"]
            if new is not None and (old is None or old.state != new.state):
                wake.set()

        stop = async_track_state_change_event(self._hass, [plug, entity_id], changed)
        try:
            for pause in chain(_PAUSES_S, repeat(_LONGEST_PAUSE_S)):
                if await self._async_turn_on(plug):
                    self._seen_on[plug].set()
                    if await self._async_stays_on(plug):
                        break
                    if plug in self._may_obey_late:
                        # It was on until now: this is no trouble to tell of, nor one to wait in.
                        began = self._hass.loop.time()
                        continue
                if self._hass.loop.time() - began >= _TELL_AFTER_S:
                    self._tell(plug)
                wake.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await wake.wait()
        finally:
            stop()
        await self._async_strike_off(plug)

    async def _async_turn_on(self, plug: str) -> bool:
        """Try once; returns whether the plug is seen to be on."""
        async with self._locks[plug]:
            state = self._hass.states.get(self._entity_id(plug))
            if state is None or state.state == STATE_UNAVAILABLE:
                return False
            if state.state == STATE_OFF:
                self.async_seen_off(plug)
            try:
                await self._async_switch(SERVICE_TURN_ON, plug)
            except Exception as err:  # noqa: BLE001
                # Whatever another integration raises, it is a reason to try again.
                LOGGER.debug("%s could not be turned on: %s", plug, err)
                return False
            return self._is_on(plug)

    async def _async_stays_on(self, plug: str) -> bool:
        """Whether it is still on after a while, or was turned off by somebody else since."""
        for _ in range(_LATE_LOOKS if plug in self._may_obey_late else 1):
            await asyncio.sleep(_SETTLE_S)
            # Many integrations show what they have commanded until they ask the next time.
            await async_refresh(self._hass, self._entity_id(plug))
            if not self._is_on(plug):
                break
        state = self._hass.states.get(self._entity_id(plug))
        by = switched_by(state) if state and state.state == STATE_OFF else None
        return by in {SwitchedOffBy.PERSON, SwitchedOffBy.AUTOMATION} or self._is_on(plug)

    async def _async_strike_off(self, plug: str) -> None:
        async with self._locks[plug]:
            self._owed.pop(plug, None)
            self.async_seen_off(plug)
            await self._async_write()
        ir.async_delete_issue(self._hass, DOMAIN, f"owed_{plug}")

    def _tell(self, plug: str) -> None:
        """Tell the owner that somebody has to go there."""
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            f"owed_{plug}",
            is_fixable=False,
            # It outlives a restart, also one after which nobody is there any more to pay.
            is_persistent=True,
            severity=ir.IssueSeverity.CRITICAL,
            translation_key="plug_left_off",
            translation_placeholders={"plug": name_of(self._hass, self._entity_id(plug))},
        )

    async def _async_close(self) -> None:
        """Pay at once, because Home Assistant is ending; what cannot be paid stays on disk."""
        self._closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_S):
                await asyncio.gather(*(self._async_pay_once(plug) for plug in list(self._owed)))

    async def _async_pay_once(self, plug: str) -> None:
        if await self._async_turn_on(plug) and plug not in self._may_obey_late:
            await self._async_strike_off(plug)

    # The plug

    async def _async_switch(self, service: str, plug: str, cause: Context | None = None) -> None:
        entity_id = self._entity_id(plug)
        async with asyncio.timeout(CALL_S):
            await self._hass.services.async_call(
                SWITCH_DOMAIN,
                service,
                {ATTR_ENTITY_ID: entity_id},
                blocking=True,
                context=our_context(cause),
            )
        await async_refresh(self._hass, entity_id)

    def _is_on(self, plug: str) -> bool:
        state = self._hass.states.get(self._entity_id(plug))
        return state is not None and state.state == STATE_ON

    def _entity_id(self, plug: str) -> str:
        """Return what the plug's entity is called by now."""
        number = self._owed.get(plug)
        entry = er.async_get(self._hass).async_get(number) if number else None
        return entry.entity_id if entry else plug
