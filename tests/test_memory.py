"""What survives a restart, and a damaged file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from homeassistant.helpers.storage import Store
from pytest_homeassistant_custom_component.common import async_fire_time_changed, flush_store

from custom_components.tapo_doctor.doctor.availability import Span
from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Certainty
from custom_components.tapo_doctor.doctor.evidence import LoginResult, RemedyKind
from custom_components.tapo_doctor.doctor.logins import LoginGate
from custom_components.tapo_doctor.doctor.outages import Outage, Tried
from custom_components.tapo_doctor.doctor.playbook import Step
from custom_components.tapo_doctor.doctor.questions import QuestionKey
from custom_components.tapo_doctor.doctor.told import Told
from custom_components.tapo_doctor.memory import MOST_SIGNALS, CameraMemory, Memory

if TYPE_CHECKING:
    from collections.abc import Generator

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

KEY = "tapo_doctor.home"
# The test kit keeps every store in a dictionary; these are the files' own ways.
STORE = {name: getattr(Store, name) for name in ("_async_load", "_async_write_data")}
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
FULL = CameraMemory(
    last_good=NOW,
    restart_s=41.5,
    attempts_s=(7200.0, 60.5),
    left_s=30.0,
    firmware="1.4.3",
    firmware_changed=NOW - timedelta(days=3),
    ssid="home",
    signals=(-60, -61),
    usual_watts=3.1,
    stream_seen=True,
    found=True,
    update_window="03:00",
    planned_restart="04:00",
    paused=True,
    paused_until=NOW + timedelta(hours=1),
    gate=LoginGate(
        refused=LoginResult.REJECTED,
        firmware="1.4.3",
        host="192.168.1.2",
        losses=2,
        not_before=NOW,
    ),
    outages=(
        Outage(
            start=NOW - timedelta(hours=1),
            end=NOW - timedelta(minutes=50),
            cause=Cause.WEAK_SIGNAL,
            certainty=Certainty.LIKELY,
            tried=(Step.IMPROVE_SIGNAL, RemedyKind.POWER_CYCLE),
            helped=RemedyKind.POWER_CYCLE,
            planned=True,
        ),
    ),
    told=(Told(question=QuestionKey.LIGHT, answer="off", at=NOW),),
    tried=(Step.RESTART_CAMERA,),
    watched_since=NOW - timedelta(days=3),
    last_look=NOW,
    blind=(Span(NOW - timedelta(hours=9), NOW - timedelta(hours=2)),),
    remedies=(
        Tried(
            remedy=RemedyKind.POWER_CYCLE,
            at=NOW - timedelta(hours=1),
            helped=True,
            during=NOW - timedelta(hours=2),
        ),
    ),
)


def contents(folder: Path) -> dict[str, str]:
    """Return what stands in the files of a folder."""
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def real_files(hass: HomeAssistant, tmp_path: Path) -> Generator[None]:
    """Let stores be files, in a folder of the test's own."""
    hass.config.config_dir = str(tmp_path)
    with patch.multiple(Store, **STORE):
        yield


async def test_everything_is_remembered_as_it_was(hass: HomeAssistant) -> None:
    """A field that is written but not read would be forgotten at every restart."""
    memory = Memory(hass, "home")
    await memory.async_load()
    memory.keep("garden", FULL)
    await memory.async_save()
    again = Memory(hass, "home")
    await again.async_load()
    assert again.of("garden") == FULL
    assert again.of("shed") == CameraMemory()


async def test_what_did_not_change_is_not_written(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Memory cards die of writing."""
    memory = Memory(hass, "home")
    memory.keep("garden", CameraMemory())
    await flush_store(memory._store)
    first = hass_storage.pop(KEY)
    assert first
    memory.keep("garden", CameraMemory())
    memory.forget("shed")
    await hass.async_block_till_done()
    assert memory._store._data is None


async def test_many_cameras_do_not_put_off_the_writing(
    hass: HomeAssistant, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory
) -> None:
    """Twenty cameras that each learn something within a minute: a crash must not cost a week."""
    memory = Memory(hass, "home")
    for number in range(20):
        memory.keep(f"camera {number}", FULL)
        freezer.tick(timedelta(seconds=10))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
    assert len(hass_storage[KEY]["data"]["cameras"]) > 10


async def test_a_camera_no_longer_watched_is_forgotten(hass: HomeAssistant) -> None:
    """What it was called on the network stays on disk no longer than needed."""
    memory = Memory(hass, "home")
    memory.keep("garden", FULL)
    memory.forget("garden")
    await memory.async_save()
    again = Memory(hass, "home")
    await again.async_load()
    assert again.of("garden") == CameraMemory()


@pytest.mark.parametrize(
    "damaged",
    [
        {"signals": "loud"},
        {"signals": [1] * 500},
        {"last_good": "yesterday"},
        {"last_good": "2026-01-01T00:00:00"},
        {"outages": [{"end": None}]},
        {"outages": [{"start": "2026-01-01T00:00:00+00:00", "cause": "gremlins"}]},
        {"outages": [{"start": "2026-01-01T00:00:00+00:00", "tried": ["prayer"]}]},
        {"outages": [{"start": "2026-01-01T00:00:00+00:00", "helped": ["reload"]}]},
        {"remedies": [{"remedy": "reload"}]},
        {"remedies": [{"remedy": "reload", "at": "2026-01-01"}]},
        {"blind": [["2026-01-01T00:00:00+00:00"]]},
        {"blind": [[1, 2]]},
        {"gate": {"refused": "perhaps"}},
        {"unknown": 1},
        [],
        None,
        7,
    ],
)
async def test_a_damaged_camera_does_not_take_the_others_along(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    damaged: object,
) -> None:
    """One bad sector must not cost the whole home its memory."""
    hass_storage[KEY] = {
        "version": 1,
        "minor_version": 1,
        "key": KEY,
        "data": {"cameras": {"garden": damaged, "shed": {"firmware": "1.0"}}},
    }
    memory = Memory(hass, "home")
    await memory.async_load()
    assert memory.of("garden") == CameraMemory()
    assert memory.of("shed").firmware == "1.0"
    assert caplog.text.count("is damaged") == 1
    assert "Traceback" not in caplog.text
    kept = hass_storage[f"{KEY}.damaged"]["data"]["cameras"]
    assert kept["garden"] == damaged, "set aside, for whoever can mend it"


@pytest.mark.parametrize("content", [[], {"cameras": []}, {}])
async def test_a_file_of_another_shape_is_an_empty_one(
    hass: HomeAssistant, hass_storage: dict[str, Any], content: object
) -> None:
    """Never a crash, whatever somebody has edited by hand."""
    hass_storage[KEY] = {"version": 1, "minor_version": 1, "key": KEY, "data": content}
    memory = Memory(hass, "home")
    await memory.async_load()
    assert memory.of("garden") == CameraMemory()
    assert hass_storage[f"{KEY}.damaged"]["data"] == content


@pytest.mark.parametrize(
    "content",
    ["", "{", "\0\0\0", "[]", "7", '"text"', '{"version": 1}', '{"version": 0, "data": {}}'],
)
@pytest.mark.usefixtures("real_files")
async def test_a_file_that_is_no_store_is_set_aside(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    """A power cut in the middle of writing leaves anything behind; the cameras are watched."""
    path = Path(hass.config.path(".storage", KEY))
    await Memory(hass, "home").async_save()
    await hass.async_add_executor_job(path.write_text, content)
    memory = Memory(hass, "home")
    await memory.async_load()
    assert memory.of("garden") == CameraMemory()
    ((aside, kept),) = (await hass.async_add_executor_job(contents, path.parent)).items()
    assert aside != KEY
    assert kept == content
    assert aside in caplog.text
    memory.keep("garden", FULL)
    await memory.async_save()
    again = Memory(hass, "home")
    await again.async_load()
    assert again.of("garden") == FULL


async def test_what_was_set_aside_goes_with_the_home(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Removed means removed: the name of a network stays behind in no file."""
    hass_storage[KEY] = {"version": 1, "minor_version": 1, "key": KEY, "data": {"cameras": 7}}
    memory = Memory(hass, "home")
    await memory.async_load()
    await memory.async_save()
    assert {KEY, f"{KEY}.damaged"} <= set(hass_storage)
    await memory.async_remove()
    assert not {KEY, f"{KEY}.damaged"} & set(hass_storage)


async def test_a_file_of_a_newer_version_is_not_read(
    hass: HomeAssistant, hass_storage: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """It may mean something else by the same words."""
    hass_storage[KEY] = {"version": 9, "minor_version": 1, "key": KEY, "data": {"cameras": {}}}
    memory = Memory(hass, "home")
    await memory.async_load()
    assert memory.of("garden") == CameraMemory()
    assert "newer version" in caplog.text


def test_the_first_firmware_seen_is_not_a_change() -> None:
    """Else every new camera would be suspected of an update."""
    memory = CameraMemory().with_firmware("1.0", NOW)
    assert memory.firmware_changed is None
    assert memory.with_firmware("1.0", NOW) is memory
    assert memory.with_firmware("1.1", NOW).firmware_changed == NOW


def test_only_the_last_hour_of_signals_is_kept() -> None:
    memory = CameraMemory()
    for dbm in range(-90, -60):
        memory = memory.with_signal(dbm)
    assert len(memory.signals) == MOST_SIGNALS
    assert memory.signals[-1] == -61


def test_the_usual_power_follows_slowly() -> None:
    """One reading while the lamps are on must not become the norm."""
    memory = CameraMemory().with_watts(3.0)
    assert memory.usual_watts == 3.0
    assert memory.with_watts(6.0).usual_watts == 3.3


def test_a_remedy_is_noted_once_with_its_outcome() -> None:
    """Whether it helped is only known minutes later."""
    tried = Tried(remedy=RemedyKind.POWER_CYCLE, at=NOW)
    memory = CameraMemory().with_remedy(tried, NOW)
    memory = memory.with_remedy(replace(tried, helped=False), NOW)
    assert memory.remedies == (replace(tried, helped=False),)


def test_a_remedy_belongs_to_the_outage_that_ran_when_it_was_tried() -> None:
    """Also where the clock was set back before, or the outage ended before its outcome is known."""
    outage = Outage(start=NOW + timedelta(hours=3))
    tried = Tried(remedy=RemedyKind.POWER_CYCLE, at=NOW)
    memory = CameraMemory().with_outage(outage, NOW).with_remedy(tried, NOW)
    memory = memory.with_outage(replace(outage, end=NOW), NOW)
    memory = memory.with_remedy(replace(tried, helped=True), NOW)
    assert memory.remedies == (replace(tried, helped=True, during=outage.start),)


def test_an_outage_replaces_its_own_earlier_record() -> None:
    """An outage has one line in the history, however often it is written down."""
    start = NOW - timedelta(hours=1)
    memory = CameraMemory().with_outage(Outage(start=start), NOW)
    memory = memory.with_outage(Outage(start=start, end=NOW), NOW)
    assert memory.outages == (Outage(start=start, end=NOW),)
