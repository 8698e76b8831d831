"""Whatever happens after the plug was cut, it ends on."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.switch import DATA_COMPONENT, SwitchEntity
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Context, CoreState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.debts import Debts, NothingStoredError
from custom_components.tapo_doctor.probes.power import async_remember_automations

from .plugs import PLUG, FakePlug, fill, have_plugs, let_time_pass
from .test_memory import real_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import entity_registry as er
    from homeassistant.helpers import issue_registry as ir

__all__ = ["real_files"]

KEY = "tapo_doctor.owed"
OTHER = "switch.other"


@pytest.fixture
def plug(hass: HomeAssistant) -> FakePlug:
    """A plug that obeys."""
    return have_plugs(hass)[PLUG]


@pytest.fixture
async def debts(hass: HomeAssistant, hass_storage: dict[str, Any]) -> Debts:
    """Nothing is owed yet."""
    debts = Debts(hass)
    await debts.async_start()
    return debts


def owed(storage: dict[str, Any]) -> set[str]:
    """Return what the disk says."""
    return set(storage[KEY]["data"]["plugs"]) if KEY in storage else set()


async def restarted(hass: HomeAssistant) -> Debts:
    """Return what a Home Assistant that was killed finds when it starts again."""
    debts = Debts(hass)
    await debts.async_start()
    return debts


async def test_a_debt_is_on_disk_before_the_plug_is_cut(
    debts: Debts, plug: FakePlug, hass_storage: dict[str, Any]
) -> None:
    """Between the cut and the writing a power failure would leave the camera dark for good."""
    seen: list[set[str]] = []
    plug.on_call = lambda _service: seen.append(owed(hass_storage))
    await debts.async_cut(PLUG)
    assert plug.calls == ["turn_off"]
    assert seen == [{PLUG}]
    assert debts.owes(PLUG)


async def test_a_debt_is_struck_off_when_the_plug_has_stayed_on(
    hass: HomeAssistant,
    debts: Debts,
    plug: FakePlug,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A state may be a hope: the plug is on when it is still on a while later."""
    await debts.async_cut(PLUG)
    assert await debts.async_restore(PLUG, 5)
    assert plug.is_on
    assert owed(hass_storage) == {PLUG}
    await let_time_pass(hass, freezer, 11)
    assert owed(hass_storage) == set()
    assert not debts.owes(PLUG)
    assert plug.calls == ["turn_off", "turn_on"]


async def test_a_command_that_comes_late_does_not_leave_the_plug_off(
    hass: HomeAssistant, debts: Debts, plug: FakePlug, freezer: FrozenDateTimeFactory
) -> None:
    """A plug behind a slow cloud may hear `on` before `off`."""
    await debts.async_cut(PLUG)
    assert await debts.async_restore(PLUG, 5)
    await let_time_pass(hass, freezer, 3)
    plug.show(STATE_OFF)
    await let_time_pass(hass, freezer, 10)
    assert plug.is_on


@pytest.fixture
async def unheard(
    hass: HomeAssistant, debts: Debts, plug: FakePlug, freezer: FrozenDateTimeFactory
) -> Debts:
    """The plug was told to go off, nobody has seen it obey, and it is on."""
    plug.hangs = True
    cutting = hass.async_create_task(debts.async_cut(PLUG))
    await let_time_pass(hass, freezer, 11)
    assert isinstance(cutting.exception(), TimeoutError)
    plug.hangs = False
    assert await debts.async_restore(PLUG, 5)
    return debts


async def test_a_command_that_nobody_saw_obeyed_may_be_obeyed_minutes_later(
    hass: HomeAssistant,
    unheard: Debts,
    plug: FakePlug,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    """A cloud or a mesh delivers it when it can; the camera was dark for good, and nobody knew."""
    await let_time_pass(hass, freezer, 200)
    assert owed(hass_storage) == {PLUG}
    plug.show(STATE_OFF)
    await let_time_pass(hass, freezer, 11)
    assert plug.is_on
    assert not issue_registry.issues, "nobody has to go there"
    await let_time_pass(hass, freezer, 11)
    assert owed(hass_storage) == set()
    plug.show(STATE_OFF)
    await let_time_pass(hass, freezer, 400, step=5)
    assert not plug.is_on, "one command turns it off once; the second time it was a hand"


async def test_a_command_that_is_never_obeyed_is_forgotten_in_the_end(
    hass: HomeAssistant, unheard: Debts, plug: FakePlug, freezer: FrozenDateTimeFactory
) -> None:
    """Whoever presses the button of the plug half an hour later means it."""
    await let_time_pass(hass, freezer, 320, step=5)
    assert not unheard.owes(PLUG)
    plug.show(STATE_OFF)
    await let_time_pass(hass, freezer, 60)
    assert not plug.is_on
    assert plug.calls == ["turn_off", "turn_on"]


@pytest.mark.parametrize("whose", [Context(user_id="owner"), Context(parent_id="automation")])
async def test_who_turns_a_plug_off_that_may_obey_late_is_obeyed(
    hass: HomeAssistant,
    unheard: Debts,
    plug: FakePlug,
    freezer: FrozenDateTimeFactory,
    whose: Context,
) -> None:
    """The house belongs to who lives there."""
    await let_time_pass(hass, freezer, 60)
    plug.show(STATE_OFF, whose)
    await let_time_pass(hass, freezer, 60)
    assert not plug.is_on
    assert not unheard.owes(PLUG)


async def test_a_plug_that_may_obey_late_is_watched_by_whoever_starts_next(
    hass: HomeAssistant,
    unheard: Debts,
    plug: FakePlug,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A restart does not call a command back."""
    await unheard._async_close()
    assert owed(hass_storage) == {PLUG}
    await restarted(hass)
    await let_time_pass(hass, freezer, 60)
    plug.show(STATE_OFF)
    await let_time_pass(hass, freezer, 15)
    assert plug.is_on


class Hopeful(SwitchEntity):
    """A plug whose integration shows what was commanded, and learns the truth when it asks."""

    _attr_should_poll = False
    entity_id = PLUG
    answers: Iterator[bool] = iter(())

    async def async_update(self) -> None:
        """Learn the truth."""
        self._attr_is_on = next(self.answers, True)


async def test_a_hope_is_no_proof_until_the_plug_was_asked_again(
    hass: HomeAssistant, debts: Debts, freezer: FrozenDateTimeFactory
) -> None:
    """Else the debt is struck off, and the camera stays dark for good."""
    await async_setup_component(hass, "switch", {})
    plug = have_plugs(hass)[PLUG]
    hass.states.async_remove(PLUG)
    entity = Hopeful()
    await hass.data[DATA_COMPONENT].async_add_entities([entity])
    # After `off`; after `on`, which is a hope; and the truth.
    entity.answers = iter([False, True, False])
    await debts.async_cut(PLUG)
    assert await debts.async_restore(PLUG, 5)
    await let_time_pass(hass, freezer, 11)
    assert debts.owes(PLUG)
    await let_time_pass(hass, freezer, 15)
    assert not debts.owes(PLUG)
    assert plug.calls == ["turn_off", "turn_on", "turn_on"]


async def test_what_an_automation_turns_off_at_its_time_stays_off(
    hass: HomeAssistant, debts: Debts, plug: FakePlug, freezer: FrozenDateTimeFactory
) -> None:
    """Every night at eleven, say: its context names neither a person nor another one."""
    async_remember_automations(hass)
    freezer.move_to("2026-06-15 12:00:58+00:00")
    automation = {
        "triggers": {"trigger": "time_pattern", "minutes": "1"},
        "actions": [
            {"delay": 3},
            {"action": "switch.turn_off", "target": {"entity_id": PLUG}},
        ],
    }
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: automation})
    await hass.async_block_till_done()
    await debts.async_cut(PLUG)
    assert await debts.async_restore(PLUG, 5)
    await let_time_pass(hass, freezer, 40)
    await hass.services.async_call(AUTOMATION, "turn_off", {"entity_id": "all"}, blocking=True)
    state = hass.states.get(PLUG)
    assert state is not None
    assert (state.context.user_id, state.context.parent_id) == (None, None)
    assert not plug.is_on
    assert plug.calls == ["turn_off", "turn_on", "turn_off"]


@pytest.mark.parametrize("whose", [Context(user_id="owner"), Context(parent_id="automation")])
async def test_what_somebody_turns_off_afterwards_stays_off(
    hass: HomeAssistant,
    debts: Debts,
    plug: FakePlug,
    freezer: FrozenDateTimeFactory,
    whose: Context,
) -> None:
    """The house belongs to who lives there."""
    await debts.async_cut(PLUG)
    assert await debts.async_restore(PLUG, 5)
    plug.show(STATE_OFF, whose)
    await let_time_pass(hass, freezer, 60)
    assert not plug.is_on
    assert not debts.owes(PLUG)


async def test_whoever_starts_next_pays(
    hass: HomeAssistant,
    debts: Debts,
    plug: FakePlug,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A crash in the middle must not leave a camera dark."""
    await debts.async_cut(PLUG)
    again = await restarted(hass)
    await let_time_pass(hass, freezer, 12)
    assert plug.is_on
    assert not again.owes(PLUG)
    assert owed(hass_storage) == set()


async def test_a_plug_that_comes_late_is_turned_on_when_it_comes(
    hass: HomeAssistant, debts: Debts, plug: FakePlug, freezer: FrozenDateTimeFactory
) -> None:
    """At a start our debts are read long before the plug's own integration is up."""
    await debts.async_cut(PLUG)
    hass.states.async_remove(PLUG)
    await restarted(hass)
    await let_time_pass(hass, freezer, 400, step=5)
    assert plug.calls == ["turn_off"], "nobody is told who is not there"
    plug.show(STATE_OFF)
    await let_time_pass(hass, freezer, 2)
    assert plug.is_on


@pytest.mark.parametrize("fails", [HomeAssistantError("no"), TimeoutError(), OSError("gone")])
async def test_it_is_tried_for_as_long_as_it_takes(
    hass: HomeAssistant,
    debts: Debts,
    plug: FakePlug,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
    fails: Exception,
) -> None:
    """Hours later too; the owner is told meanwhile, and told no longer when it is done."""
    await debts.async_cut(PLUG)
    plug.fails = fails
    debts.async_pay(PLUG)
    await let_time_pass(hass, freezer, 60, step=1)
    assert issue_registry.async_get_issue(DOMAIN, f"owed_{PLUG}") is None
    first = len(plug.calls)
    await let_time_pass(hass, freezer, 120, step=1)
    issue = issue_registry.async_get_issue(DOMAIN, f"owed_{PLUG}")
    assert issue is not None
    assert issue.severity == "critical"
    await let_time_pass(hass, freezer, 6 * 3600, step=60)
    assert first + 40 < len(plug.calls) < first + 90, "not for ever without a pause"
    plug.fails = None
    await let_time_pass(hass, freezer, 320, step=5)
    assert plug.is_on
    assert issue_registry.async_get_issue(DOMAIN, f"owed_{PLUG}") is None


async def test_who_leaves_for_good_tells_of_a_plug_that_is_still_off(
    hass: HomeAssistant,
    debts: Debts,
    plug: FakePlug,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
) -> None:
    """After a restart nobody would pay, nor tell: the issue is written down."""
    await debts.async_cut(PLUG)
    plug.deaf = True
    leaving = hass.async_create_task(debts.async_leave(5))
    await let_time_pass(hass, freezer, 6)
    assert leaving.done()
    issue = issue_registry.async_get_issue(DOMAIN, f"owed_{PLUG}")
    assert issue is not None
    assert issue.is_persistent
    plug.deaf = False
    await let_time_pass(hass, freezer, 40)
    assert plug.is_on
    assert issue_registry.async_get_issue(DOMAIN, f"owed_{PLUG}") is None


async def test_a_plug_that_never_answers_does_not_stop_the_paying(
    hass: HomeAssistant, debts: Debts, plug: FakePlug, freezer: FrozenDateTimeFactory
) -> None:
    """A call that hangs is given up and made again."""
    await debts.async_cut(PLUG)
    plug.hangs = True
    debts.async_pay(PLUG)
    await let_time_pass(hass, freezer, 15)
    plug.hangs = False
    await let_time_pass(hass, freezer, 25)
    assert plug.is_on


async def test_a_plug_that_hears_and_does_nothing_is_told_again(
    hass: HomeAssistant, debts: Debts, plug: FakePlug, freezer: FrozenDateTimeFactory
) -> None:
    """An action that succeeds is no proof."""
    await debts.async_cut(PLUG)
    plug.deaf = True
    assert not await asyncio.wait_for(_within(hass, freezer, debts), 20)
    plug.deaf = False
    await let_time_pass(hass, freezer, 10)
    assert plug.is_on


async def _within(hass: HomeAssistant, freezer: FrozenDateTimeFactory, debts: Debts) -> bool:
    waiting = hass.async_create_task(debts.async_restore(PLUG, 3))
    await let_time_pass(hass, freezer, 4)
    return await waiting


async def test_nothing_is_cut_that_could_not_be_written_down(
    debts: Debts, plug: FakePlug, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk raises nothing in Home Assistant."""
    with monkeypatch.context() as disk:
        fill(disk)
        with pytest.raises(NothingStoredError):
            await debts.async_cut(PLUG)
    assert plug.calls == []
    assert not debts.owes(PLUG)


async def test_a_full_disk_is_found_out_before_anything_is_cut(
    hass: HomeAssistant,
    debts: Debts,
    plug: FakePlug,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands there from better days says nothing."""
    await debts.async_try_writing()
    assert not debts.cannot_write
    assert owed(hass_storage) == set()
    with monkeypatch.context() as disk:
        fill(disk)
        await debts.async_try_writing()
        assert debts.cannot_write
    await debts.async_try_writing()
    assert not debts.cannot_write


async def test_what_was_written_for_a_trial_is_nobody_s_debt(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Home Assistant was killed in that moment."""
    hass_storage[KEY] = {
        "version": 1,
        "minor_version": 1,
        "key": KEY,
        "data": {"plugs": {"": None}},
    }
    assert not (await restarted(hass)).owes("")


async def test_a_shutdown_pays_first_and_lets_nothing_be_cut_any_more(
    hass: HomeAssistant,
    debts: Debts,
    plug: FakePlug,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Whoever turns Home Assistant off for a week wants to see the camera meanwhile."""
    other = have_plugs(hass, PLUG, OTHER)[OTHER]
    await debts.async_cut(PLUG)
    await debts.async_cut(OTHER)
    other.deaf = True
    await hass.async_stop(force=True)
    hass.set_state(CoreState.running)
    assert debts.closing
    assert hass.states.get(PLUG).state == STATE_ON  # type: ignore[union-attr] # it was set above
    assert owed(hass_storage) == {OTHER}, "what could not be paid stays owed"
    await debts.async_cut(PLUG)
    assert hass.states.get(PLUG).state == STATE_ON  # type: ignore[union-attr] # it was set above


async def test_a_plug_that_hangs_in_a_shutdown_leaves_no_debt_on_another(
    hass: HomeAssistant, debts: Debts, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory
) -> None:
    """What is paid is paid: an owner who turns it off meanwhile does not find it on again."""
    plugs = have_plugs(hass, PLUG, OTHER)
    await debts.async_cut(PLUG)
    await debts.async_cut(OTHER)
    plugs[OTHER].hangs = True
    closing = hass.async_create_task(debts._async_close())
    await let_time_pass(hass, freezer, 1)
    assert plugs[PLUG].is_on
    assert owed(hass_storage) == {OTHER}
    await let_time_pass(hass, freezer, 16)
    assert closing.done()
    plugs[OTHER].hangs = False
    await let_time_pass(hass, freezer, 12)


async def test_a_debt_follows_a_plug_that_was_renamed(
    hass: HomeAssistant,
    debts: Debts,
    entity_registry: er.EntityRegistry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Somebody tidies up while Home Assistant restarts."""
    entity_registry.async_get_or_create("switch", "demo", "1", suggested_object_id="plug")
    plugs = have_plugs(hass, PLUG, OTHER)
    await debts.async_cut(PLUG)
    hass.states.async_remove(OTHER)
    entity_registry.async_update_entity(PLUG, new_entity_id=OTHER)
    plugs[OTHER].show(STATE_OFF)
    again = await restarted(hass)
    assert again.owes(OTHER)
    await let_time_pass(hass, freezer, 2)
    assert plugs[OTHER].is_on


@pytest.mark.parametrize(
    "stored",
    [
        {"version": 1, "minor_version": 1, "key": KEY, "data": {"plugs": ["switch.plug"]}},
        {"version": 1, "minor_version": 1, "key": KEY, "data": ["nonsense"]},
        {"version": 9, "minor_version": 1, "key": KEY, "data": {"plugs": {}}},
        {"version": 0, "minor_version": 1, "key": KEY, "data": {"plugs": {}}},
        {"version": "one", "key": KEY, "data": {"plugs": {}}},
    ],
)
async def test_a_damaged_file_is_set_aside_with_one_line(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    stored: Any,
) -> None:
    """A start must not fail over it: nobody would be watched."""
    hass_storage[KEY] = stored
    debts = await restarted(hass)
    assert not debts.owes(PLUG)
    assert caplog.text.count("cannot be read") == 1


@pytest.mark.usefixtures("real_files")
@pytest.mark.parametrize("stored", ['{"hello": "world"}', '["nonsense"]', "7"])
async def test_a_file_that_is_no_store_at_all_is_set_aside_too(
    hass: HomeAssistant, tmp_path: Path, caplog: pytest.LogCaptureFixture, stored: str
) -> None:
    """A start must not fail over it: nobody would be watched."""
    path = tmp_path / ".storage" / KEY
    path.parent.mkdir()
    path.write_text(stored)
    await restarted(hass)
    assert caplog.text.count("cannot be read") == 1
    assert path.with_name(f"{KEY}.damaged").read_text() == stored
