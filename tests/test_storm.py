"""The storm: a thousand steps in which anything goes wrong, alone and two at a time.

What the senses find in it is the table of `switchboard`, which is held against the real
protocols; time is frozen, so that three days pass in seconds.
"""

import asyncio
import gc
import logging
from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from homeassistant.components import persistent_notification
from homeassistant.const import EVENT_STATE_CHANGED, STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.doctor.logins import LOCK_MARGIN
from custom_components.tapo_doctor.probes.findings import Reading

from .fakes import ACCOUNT, HOSTS, WELL, FakeSenses, camera_subentry, found
from .home import TABLE, Fault, Kind
from .switchboard import Look, look
from .world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import Event, EventStateChangedData, HomeAssistant

    from custom_components.tapo_doctor.probes.findings import Found

# At full speed: what is covered here is covered by the tests of each module.
pytestmark = pytest.mark.no_cover

SEED: Final = 20261122
STEPS: Final = 1000
# So many steps lie between two moments at which everything is well again.
BETWEEN_CALMS: Final = 20
BETWEEN_RESTARTS: Final = 33
# Shorter than a look's repetitions, than a heartbeat, than a service check; and longer than both.
SPANS: Final = (2, 6, 15, 75)
RIGHT_WITHIN_S: Final = 30
LOCK_S: Final = 90.0
PLUG: Final = "switch.garden_plug"
SITE: Final = frozenset({Kind.SITE})
OURS: Final = "custom_components.tapo_doctor"
_COMES_AND_GOES: Final = frozenset({"connection_lost", "connection_restored"})


def hands(dice: Random) -> Iterator[tuple[Fault, ...]]:
    """Deal every fault alone and every pair once, in any order; what is left is by chance."""
    deck: list[tuple[Fault, ...]] = [(fault,) for fault in Fault]
    deck += combinations(Fault, 2)
    dice.shuffle(deck)
    yield from deck
    for _ in range(STEPS - len(deck)):
        yield tuple(dice.sample(list(Fault), dice.choice((1, 2))))


@dataclass
class Storm:
    """What is wrong with which camera, and what came of it."""

    world: World
    hands: dict[str, tuple[Fault, ...]]
    locked_since: dict[str, int]
    """How often a camera had been logged in to when it was locked."""
    words: str | None = None
    """What a camera says with a refusal."""

    @property
    def senses(self) -> FakeSenses:
        """Return the network."""
        return self.world.senses

    def deal(self, name: str, hand: tuple[Fault, ...]) -> None:
        """Let these befall a camera, in the place of what it had."""
        self._count_logins(name)
        self.hands[name] = hand
        if Fault.LOCKED in hand:
            self.locked_since[name] = self._logins(name)
        site = [fault for one in self.hands.values() for fault in one if TABLE[fault].kinds == SITE]
        self.senses.gateway_answers = look(site).gateway
        moved: list[Found] = []
        for camera, own in self.hands.items():
            seen = look([*own, *site])
            self._show(camera, seen)
            if seen.elsewhere and look(site).here:
                moved.append(found(camera, f"192.168.1.{len(moved) + 70}"))
        self.senses.elsewhere = tuple(moved)
        dead = Fault.PLUG_DEAD in self.hands["garden"] or Fault.MAINS_DOWN in site
        self.world.hass.states.async_set(PLUG, STATE_UNAVAILABLE if dead else STATE_ON)

    def _show(self, name: str, seen: Look) -> None:
        """Let the network look as it does."""
        camera = self.senses.camera(name)
        camera.answers, camera.ports, camera.hello = seen.here, seen.port, seen.greeting
        camera.found = found(name) if seen.found else None
        if camera.found is not None and not seen.itself:
            camera.found = replace(camera.found, mac="02:00:00:00:00:99")
        lock = LOCK_S if seen.reading is LoginResult.LOCKED else None
        well = seen.reading is LoginResult.OK
        camera.reading = (
            WELL if well else Reading(result=seen.reading, locked_for_s=lock, text=self.words)
        )
        # One that answers nonsense does not say that it knows the session no more.
        camera.loses_session = not seen.keeps_session and seen.reading not in {
            LoginResult.ERROR,
            LoginResult.TIMEOUT,
        }

    def _logins(self, name: str) -> int:
        return self.senses.camera(name).seen["login"]

    def _count_logins(self, name: str) -> None:
        """A lock is learnt of by one login; a second one would feed it."""
        if (before := self.locked_since.pop(name, None)) is not None:
            assert self._logins(name) - before <= 1, f"logins into a lock of the {name}"

    async def calm(self) -> None:
        """Mend everything, let whoever is concerned act, and wait for half a minute."""
        for name in self.hands:
            self.deal(name, ())
        # What a lock's end allows is not asked for before it.
        await self.world.pass_time(LOCK_S + LOCK_MARGIN.total_seconds(), 5)
        home = self.world.entry.runtime_data
        for camera in home.cameras.values():
            # A camera that has dropped three times today is rightly called unstable.
            camera.chart.memory = replace(camera.chart.memory, outages=())
        home.async_account_confirmed()
        for name in self.hands:
            await self.world.hass.services.async_call(
                "button", "press", {"entity_id": f"button.{name}_check_now"}, blocking=True
            )
        await self.world.pass_time(RIGHT_WITHIN_S)

    def wrong(self) -> dict[str, str]:
        """Return what is shown and not so; all is well."""
        right = {"connection_problem": STATE_OFF, "status": "online", "diagnosis": "healthy"}
        registry = er.async_get(self.world.hass)
        shown = {
            entity.entity_id: (
                self.world.state(entity.entity_id),
                right[str(entity.translation_key)],
            )
            for entity in er.async_entries_for_config_entry(registry, self.world.entry.entry_id)
            if entity.translation_key in right
        }
        assert len(shown) == len(right) * len(HOSTS)
        return {key: state for key, (state, expected) in shown.items() if state != expected}


@pytest.fixture
async def storm(hass: HomeAssistant, senses: FakeSenses, freezer: FrozenDateTimeFactory) -> Storm:
    """A home that is well, before anything happens."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Tapo Doctor",
        unique_id=DOMAIN,
        data={"username": ACCOUNT[0], "password": ACCOUNT[1]},
        subentries_data=[camera_subentry("garden", plug=PLUG), camera_subentry("shed")],
    )
    entry.add_to_hass(hass)
    hass.states.async_set(PLUG, STATE_ON)
    world = World(hass, entry, senses, freezer)
    await world.start()
    return Storm(world, dict.fromkeys(HOSTS, ()), {})


class Notices:
    """Listens to everything by which Home Assistant tells a person something."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._last: dict[str, str] = {}
        self._moments: set[tuple[str, str]] = set()
        self.twice: list[str] = []
        """What was told a second time."""
        persistent_notification.async_register_callback(hass, self._on_notification)
        hass.bus.async_listen(EVENT_STATE_CHANGED, self._on_state)

    @callback
    def _on_notification(
        self,
        _change: persistent_notification.UpdateType,
        _notifications: dict[str, persistent_notification.Notification],
    ) -> None:
        shown = Counter(
            (notice["title"], notice["message"])
            for notice in persistent_notification._async_get_or_create_notifications(
                self._hass
            ).values()
        )
        self.twice += [str(words) for words, count in shown.items() if count > 1]

    @callback
    def _on_state(self, event: Event[EventStateChangedData]) -> None:
        """Follow the event entities: what is lost cannot be lost once more."""
        new = event.data["new_state"]
        if new is None or new.domain != "event":
            return
        if new.state == STATE_UNAVAILABLE:
            # What comes or goes while all is started anew is not news; what follows is.
            self._last.pop(new.entity_id, None)
        kind = new.attributes.get("event_type")
        # What a restart brings back has the moment of old, and is not told again.
        moment = (new.entity_id, new.state)
        if kind in _COMES_AND_GOES and moment not in self._moments:
            self._moments.add(moment)
            if self._last.get(new.entity_id) == kind:
                self.twice.append(f"{new.entity_id}: {kind}, {new.state}")
            self._last[new.entity_id] = kind

    def said_twice(self, records: list[logging.LogRecord]) -> list[str]:
        """Return what was told twice, in the log as well."""
        last: dict[str, bool] = {}
        twice = list(self.twice)
        for record in records:
            name, lost, _ = record.getMessage().partition(" does not answer any more")
            name, back, _ = name.partition(" is back after ")
            if lost or back:
                if last.get(name) is bool(lost):
                    twice.append(record.getMessage())
                last[name] = bool(lost)
        assert last, "the log was never spoken to"
        return twice[:5]

    def open(self) -> list[str]:
        """Return the repairs that are still asked for."""
        issues = ir.async_get(self._hass).issues.values()
        return [issue.issue_id for issue in issues if issue.domain == DOMAIN and issue.active]


@dataclass(frozen=True)
class Left:
    """What there is in memory while all is well."""

    things: Counter[str]
    timers: int

    @classmethod
    def of(cls, hass: HomeAssistant) -> Left:
        """Count it; the outages' history grows for 90 days, and is no leak."""
        gc.collect()
        kinds = [type(thing) for thing in gc.get_objects()]
        return cls(
            Counter(
                kind.__name__
                for kind in kinds
                if kind.__module__.startswith(OURS) and kind.__name__ != "Outage"
            ),
            sum(not timer.cancelled() for timer in hass.loop._scheduled),  # type: ignore[attr-defined]  # nobody else knows
        )

    def more_than(self, before: Left) -> dict[str, int]:
        """Return what there is clearly more of; a thousand steps would leave a thousand."""
        more = {
            name: count - before.things[name]
            for name, count in self.things.items()
            if count > before.things[name] * 1.5 + 20
        }
        return more | ({"timers": self.timers} if self.timers > before.timers + 5 else {})


def busy() -> list[str]:
    """Return our tasks that are under way; while all stands still there is none."""
    return [name for task in asyncio.all_tasks() if DOMAIN in (name := task.get_name())]


@pytest.mark.timeout(240)  # A machine with other work takes its time for three days.
async def test_the_storm_is_weathered(storm: Storm, caplog: pytest.LogCaptureFixture) -> None:
    """What one home meets in ten years, in three days."""
    caplog.set_level(logging.INFO)
    hass, dice, notices = storm.world.hass, Random(SEED), Notices(storm.world.hass)
    first: Left | None = None
    for step, hand in enumerate(hands(dice)):
        storm.deal(dice.choice(list(HOSTS)), hand)
        await storm.world.pass_time(dice.choice(SPANS), 3)
        if step % BETWEEN_RESTARTS == 0:
            await hass.config_entries.async_reload(storm.world.entry.entry_id)
        if step % BETWEEN_CALMS < BETWEEN_CALMS - 1:
            continue
        await storm.calm()
        assert storm.wrong() == {}, f"after step {step}, {hand}"
        assert notices.open() == []
        assert busy() == []
        # One that was refused has closed itself.
        storm.senses.sessions[:] = [one for one in storm.senses.sessions if one.established]
        assert len(storm.senses.sessions) <= len(HOSTS), "sessions left open"
        first = first or Left.of(hass)
    assert first is not None
    assert Left.of(hass).more_than(first) == {}
    assert notices.said_twice(caplog.records) == []
    bad = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [(record.name, record.getMessage()) for record in bad] == []
