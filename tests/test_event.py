"""The event of a camera: what it says, and that it is in the logbook once."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.components.logbook.const import DOMAIN as LOGBOOK
from homeassistant.components.logbook.models import LogbookConfig
from homeassistant.components.logbook.processor import EventProcessor
from homeassistant.core import State
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import mock_restore_cache_with_extra_data
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Certainty
from custom_components.tapo_doctor.event import in_words
from custom_components.tapo_doctor.happenings import Happened, Happening
from custom_components.tapo_doctor.words import Words

from .translations import WORDS
from .world import World

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.components.recorder import Recorder
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .fakes import FakeSenses

OUTAGE = "event.garden_outage"
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def event(world: World) -> State:
    """Return the garden's event entity."""
    state = world.hass.states.get(OUTAGE)
    assert state is not None
    return state


async def test_an_outage_is_lost_and_over(world: World) -> None:
    """An automation needs the cause and the length with the event, not by a second look."""
    assert event(world).state == "unknown"
    assert event(world).attributes["event_types"] == list(Happened)
    world.senses.vanish("garden", "shed")
    world.senses.gateway_answers = False
    await world.pass_time(90)
    assert event(world).attributes["cause"] == "router_down"
    assert event(world).attributes["certainty"] in Certainty
    world.senses.come_back("garden", "shed")
    await world.pass_time(20)
    told = event(world).attributes
    assert told["event_type"] == "connection_restored"
    assert told["cause"] == "router_down"
    assert 60 < told["length"] < 110
    sentence = f"The camera is back after 1 min {told['length'] - 60} s."
    assert told["in_words"] == f"{sentence} Cause: Router or access point down."


async def test_what_happened_to_the_shed_is_no_news_of_the_garden(world: World) -> None:
    world.senses.vanish("shed")
    await world.pass_time(40)
    assert event(world).state == "unknown"
    state = world.hass.states.get("event.shed_outage")
    assert state is not None
    assert state.state != "unknown"


async def test_a_restart_is_no_news(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, freezer: FrozenDateTimeFactory
) -> None:
    """A light that turns red on every loss must not turn red with every update."""
    last = State(OUTAGE, "2026-06-15T10:00:00.000+00:00")
    extra = {"last_event_type": "connection_lost", "last_event_attributes": {"cause": "asleep"}}
    mock_restore_cache_with_extra_data(hass, [(last, extra)])
    senses.vanish("garden")
    world = World(hass, entry, senses, freezer)
    await world.start()
    await world.pass_time(30)
    assert world.state("sensor.garden_status") == "offline"
    assert event(world).state == last.state
    assert event(world).attributes["cause"] == "asleep"


async def test_a_camera_that_is_removed_has_no_listener_left(world: World) -> None:
    """What is told to an entity that is gone ends in the log as an error."""
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    world.hass.config_entries.async_remove_subentry(world.entry, "subentry_garden")
    await world.hass.async_block_till_done()
    assert camera.news._listeners == []


async def test_the_logbook_has_one_line_for_each_piece_of_news(
    recorder_mock: Recorder, world: World
) -> None:
    """Home Assistant tells an event in the reader's language; a line of ours would be a second."""
    world.hass.data[LOGBOOK] = LogbookConfig({})
    camera = world.entry.runtime_data.cameras["subentry_garden"]
    for what in (Happened.CONNECTION_LOST, Happened.CONNECTION_RESTORED):
        camera.news.async_tell(Happening(what=what, at=dt_util.utcnow(), cause=Cause.WEAK_SIGNAL))
        await world.pass_time(1)
    await async_wait_recording_done(world.hass)
    now = dt_util.utcnow()
    lines = await recorder_mock.async_add_executor_job(
        EventProcessor(world.hass, ["state_changed"], [OUTAGE]).get_events,
        now - timedelta(hours=1),
        now,
    )
    told = [line["attributes"]["event_type"] for line in lines]
    assert told == ["connection_lost", "connection_restored"]


@pytest.fixture
async def words(hass: HomeAssistant) -> Words:
    """The words of the home's language."""
    return await Words.load(hass)


@pytest.mark.parametrize("what", Happened)
@pytest.mark.parametrize("cause", [None, Cause.UNDETERMINED, Cause.WEAK_SIGNAL])
async def test_every_piece_of_news_is_a_sentence(
    words: Words, what: Happened, cause: Cause | None
) -> None:
    """A key or a brace in a notification is a bug that everybody sees."""
    happening = Happening(what=what, at=NOW, cause=cause, certainty=Certainty.LIKELY)
    told = in_words(happening, words)
    assert told.endswith(".")
    assert not set("_{}") & set(told)
    assert ("Weak signal" in told) == (cause is Cause.WEAK_SIGNAL and "power" not in what)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.6, "1 min"),
        (95, "1 min 35 s"),
        (3600, "1 h"),
        (9000, "2 h 30 min"),
        (90000, "1 d 1 h"),
    ],
)
async def test_a_length_is_said_in_two_units(words: Words, seconds: float, said: str) -> None:
    """90000 seconds tell nobody anything."""
    assert words.length(timedelta(seconds=seconds)) == said


def test_every_piece_of_news_has_its_words() -> None:
    outage = WORDS["entity"]["event"]["outage"]["state_attributes"]
    assert set(outage["event_type"]["state"]) == set(Happened)
    assert set(outage["certainty"]["state"]) == set(Certainty)
    assert set(WORDS["selector"]["happening"]["options"]) == {*Happened, "cause"}
