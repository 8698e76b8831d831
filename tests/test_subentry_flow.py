"""Adding a camera to a home that is watched, and changing the settings of one."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import LoginResult, PortState
from custom_components.tapo_doctor.enrolment import Outcome, Trial, new_subentry
from custom_components.tapo_doctor.probes.findings import Answers, Found, Hello, Reading
from custom_components.tapo_doctor.probes.network import SENSES
from custom_components.tapo_doctor.subentry_flow import power_sensor_of

from .fakes import (
    ACCOUNT,
    HOSTS,
    MACS,
    REFUSED,
    WELL,
    FakeCamera,
    FakeSenses,
    FakeSession,
    found,
)
from .flows import Walk, begin_subentry
from .home import CameraSpec, Fault, Home
from .loopback import LoopbackSenses

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigSubentry
    from homeassistant.core import HomeAssistant

pytestmark = pytest.mark.usefixtures("flows_are_translated")

NEW = Found(
    host="192.168.1.30",
    mac="02:00:00:00:00:30",
    device_id="id of the newcomer",
    model="C225",
    device_type="SMART.IPCAMERA",
    name="Porch",
    control_port=8443,
    connection={"login_version": 3},
)
NOWHERE = "192.168.1.99"


@pytest.fixture
async def running(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """A home with two cameras that is watched."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def newest(entry: MockConfigEntry) -> ConfigSubentry:
    """Return the camera that was added last."""
    subentry: ConfigSubentry = list(entry.subentries.values())[-1]
    return subentry


# Adding


async def test_a_camera_that_was_found_is_added(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A new camera has to be watched from then on, and the others not be disturbed."""
    senses.cameras[NEW.host] = FakeCamera(found=NEW)
    before = dict(running.runtime_data.cameras)
    walk = await begin_subentry(hass, running.entry_id)
    assert walk.step == "choose"
    assert walk.fields == {"camera", "address"}
    assert walk.now["description_placeholders"] == {"count": "1"}
    selector = next(iter(walk.now["data_schema"].schema.values()))
    label = f"Porch · C225 · {NEW.host}"
    assert selector.config["options"] == [{"value": NEW.host, "label": label}]
    await walk.submit(camera=NEW.host)
    assert walk.step == FlowResultType.CREATE_ENTRY
    added = newest(running)
    assert (added.title, added.unique_id) == ("Porch", NEW.mac)
    assert added.data == {
        "host": NEW.host,
        "control_port": 8443,
        "mac": NEW.mac,
        "model": "C225",
        "connection": {"login_version": 3},
        "log_in": True,
        "refused": None,
        "locked_until": None,
    }
    await hass.async_block_till_done()
    cameras = running.runtime_data.cameras
    assert cameras.keys() == {*before, added.subentry_id}
    assert all(cameras[key] is camera for key, camera in before.items())


async def test_a_camera_can_be_added_by_its_address(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A camera in another network hears no broadcast; the typed address wins over the list."""
    other = replace(NEW, host="192.168.7.7", mac="02:00:00:00:00:77", name=None)
    senses.elsewhere = (NEW,)
    walk = await begin_subentry(hass, running.entry_id)
    senses.cameras[other.host] = FakeCamera(found=other)
    await walk.submit(camera=NEW.host, address=f" {other.host}")
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert newest(running).title == "C225 00:77"
    assert newest(running).data["host"] == other.host


async def test_a_camera_that_really_answers_is_added(hass: HomeAssistant, loopback: None) -> None:
    """The whole way, with the real protocol."""
    async with Home([CameraSpec("garden"), CameraSpec("shed", "C320WS")]) as home:
        hass.data[SENSES] = LoopbackSenses(hass, home)
        entry = MockConfigEntry(
            domain=DOMAIN,
            unique_id=DOMAIN,
            data={"username": home.account[0], "password": home.account[1]},
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        for camera in home.cameras:
            walk = await begin_subentry(hass, entry.entry_id)
            await walk.submit(camera=camera.host)
            assert walk.step == FlowResultType.CREATE_ENTRY
            assert newest(entry).unique_id == camera.mac.lower()
            assert newest(entry).data["control_port"] == camera.port
        await hass.async_block_till_done()

        shed = home.camera("shed")
        home.fault("shed", Fault.MOVED)
        subentry = newest(entry)
        now = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
        walk = Walk(hass, hass.config_entries.subentries, now)
        await walk.submit(host=home.camera("garden").host, control_port=4443, log_in=True)
        assert walk.errors == {"host": "other_camera"}
        await walk.submit(host=shed.host, control_port=4443, log_in=True)
        assert walk.step == "reconfigure_successful"
        assert newest(entry).data["host"] == shed.host
        assert newest(entry).unique_id == shed.mac.lower()


async def test_nothing_is_offered_that_is_watched_already(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """Else the first choice offered would be a mistake."""
    walk = await begin_subentry(hass, running.entry_id)
    assert walk.fields == {"address"}
    assert walk.now["description_placeholders"] == {"count": "0"}


async def test_a_form_without_a_choice_asks_again(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A press too early must not end the dialog."""
    walk = await begin_subentry(hass, running.entry_id)
    await walk.submit()
    assert walk.errors == {"base": "nothing_chosen"}
    await walk.submit(address="  ")
    assert walk.errors == {"base": "nothing_chosen"}
    await walk.submit(address="8.8.8.8")
    assert walk.errors == {"base": "invalid_address"}
    assert walk.suggested == {"address": "8.8.8.8"}
    senses.cameras[NEW.host] = FakeCamera(found=NEW)
    await walk.submit(address=NEW.host)
    assert walk.step == FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("reading", "told", "refused"),
    [
        (REFUSED, "refused the password", "rejected"),
        (
            Reading(result=LoginResult.REJECTED, code=-40401),
            "does not let other programs in",
            "rejected",
        ),
        (
            Reading(result=LoginResult.LOCKED, locked_for_s=90),
            "locked for about 3 minutes",
            "locked",
        ),
        (Reading(result=LoginResult.LOCKED), "locked for about 31 minutes", "locked"),
        (Reading(result=LoginResult.UNSUPPORTED), "login is not known yet", "unsupported"),
        (Reading(result=LoginResult.TIMEOUT), "does not answer as it should", None),
        (Reading(result=LoginResult.ERROR), "does not answer as it should", None),
    ],
)
async def test_a_camera_that_refuses_is_told_and_added_anyway(
    hass: HomeAssistant,
    running: MockConfigEntry,
    senses: FakeSenses,
    reading: Reading,
    told: str,
    refused: str | None,
) -> None:
    """Its outages can be noticed all the same; and no login is tried again by itself."""
    senses.cameras[NEW.host] = FakeCamera(found=NEW, reading=reading)
    walk = await begin_subentry(hass, running.entry_id)
    await walk.submit(camera=NEW.host)
    assert walk.step == "results"
    assert walk.now["menu_options"] == ["add_anyway", "choose"]
    assert told in walk.told
    await walk.choose("add_anyway")
    assert walk.step == FlowResultType.CREATE_ENTRY
    settings = newest(running).data
    assert settings["log_in"] is True
    assert settings["refused"] == refused
    assert (settings["locked_until"] is not None) == (refused == "locked")
    await hass.async_block_till_done()
    assert senses.cameras[NEW.host].seen["login"] == 1


async def test_choosing_a_locked_camera_again_does_not_disturb_it(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Each login would make its lock longer."""
    locked = Reading(result=LoginResult.LOCKED, locked_for_s=90)
    senses.cameras[NEW.host] = FakeCamera(found=NEW, reading=locked)
    walk = await begin_subentry(hass, running.entry_id)
    for _ in range(3):
        await walk.submit(camera=NEW.host)
        assert "locked for about 3 minutes" in walk.told
        await walk.choose("choose")
    assert senses.cameras[NEW.host].seen["login"] == 1


async def test_a_camera_that_is_off_can_be_added_by_its_address(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Many come here because it is off."""
    walk = await begin_subentry(hass, running.entry_id)
    await walk.submit(address=NOWHERE)
    assert "does not answer. Is it switched on" in walk.told
    await walk.choose("add_anyway")
    assert walk.step == FlowResultType.CREATE_ENTRY
    added = newest(running)
    assert (added.title, added.unique_id) == (f"Tapo {NOWHERE}", NOWHERE)
    assert added.data["mac"] is None
    assert added.data["log_in"] is True

    walk = await begin_subentry(hass, running.entry_id)
    await walk.submit(address=NOWHERE)
    assert "is watched already" in walk.told


async def test_what_is_no_camera_cannot_be_added_but_another_can_be_chosen(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A plug that is watched as a camera would be reported as one that hangs."""
    plug = replace(NEW, device_type="SMART.TAPOPLUG", name="Plug")
    senses.cameras[plug.host] = FakeCamera(found=plug)
    walk = await begin_subentry(hass, running.entry_id)
    assert walk.fields == {"address"}
    await walk.submit(address=plug.host)
    assert walk.step == "results"
    assert walk.now["menu_options"] == ["choose"]
    assert "Plug" in walk.told
    assert "is not a Tapo camera" in walk.told
    await walk.choose("choose")
    assert walk.step == "choose"


@pytest.mark.parametrize("silent", [False, True], ids=["it says who it is", "only its login does"])
async def test_a_camera_that_is_watched_is_not_added_again(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses, silent: bool
) -> None:
    """Under a second address it is still the same camera."""
    moved = "192.168.1.50"
    reading = replace(WELL, mac=MACS["garden"].upper().replace(":", "-"), name="Garden")
    answer = None if silent else found("garden", moved)
    senses.cameras[moved] = FakeCamera(found=answer, reading=reading)
    walk = await begin_subentry(hass, running.entry_id)
    await walk.submit(address=moved)
    assert walk.step == "results"
    assert "is watched already" in walk.told
    assert walk.now["menu_options"] == ["choose"]
    assert len(running.subentries) == 2


async def test_a_camera_that_somebody_else_added_meanwhile_is_not_added_again(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Two open windows must not make two of one camera."""
    senses.cameras[NEW.host] = FakeCamera(found=NEW, reading=REFUSED)
    first = await begin_subentry(hass, running.entry_id)
    second = await begin_subentry(hass, running.entry_id)
    third = await begin_subentry(hass, running.entry_id)
    await first.submit(camera=NEW.host)
    await second.submit(camera=NEW.host)
    await first.choose("add_anyway")
    assert first.step == FlowResultType.CREATE_ENTRY
    await second.choose("add_anyway")
    assert second.step == "already_configured"
    await third.submit(camera=NEW.host)
    assert "is watched already" in third.told
    assert len(running.subentries) == 3


async def test_in_a_home_without_an_account_nothing_is_logged_in_to(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """Without an account there is nothing to refuse, and nothing to be told."""
    hass.config_entries.async_update_entry(entry, data={})
    await hass.config_entries.async_setup(entry.entry_id)
    senses.cameras[NEW.host] = FakeCamera(found=NEW)
    walk = await begin_subentry(hass, entry.entry_id)
    await walk.submit(camera=NEW.host)
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert newest(entry).data["log_in"] is True
    assert not senses.sessions


async def test_a_home_that_does_not_run_cannot_search(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It says so instead of failing."""
    walk = await begin_subentry(hass, entry.entry_id)
    assert walk.step == "not_set_up"


async def test_a_home_that_was_stopped_meanwhile_says_so(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """A reload in another window must not end this one with a traceback."""
    walk = await begin_subentry(hass, running.entry_id)
    await hass.config_entries.async_unload(running.entry_id)
    await walk.submit(address=NOWHERE)
    assert walk.step == "not_set_up"


async def test_a_home_that_was_removed_meanwhile_says_so(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """The dialog may stand open for days."""
    first = await begin_subentry(hass, running.entry_id)
    second = await begin_subentry(hass, running.entry_id)
    await second.submit(address=NOWHERE)
    await hass.config_entries.async_remove(running.entry_id)
    await first.submit(address=NOWHERE)
    assert first.step == "camera_gone"
    await second.choose("add_anyway")
    assert second.step == "camera_gone"


@pytest.mark.parametrize("gone", [False, True], ids=["added meanwhile", "removed meanwhile"])
async def test_what_changes_while_a_camera_is_tried_is_noticed(
    hass: HomeAssistant,
    running: MockConfigEntry,
    senses: FakeSenses,
    monkeypatch: pytest.MonkeyPatch,
    gone: bool,
) -> None:
    """A login takes seconds, and another window is quick."""

    async def read(self: FakeSession, *, slow: bool = False) -> Reading:
        if gone:
            await hass.config_entries.async_remove(running.entry_id)
        else:
            trial = Trial(host=NEW.host, outcome=Outcome.OK, found=NEW)
            hass.config_entries.async_add_subentry(running, new_subentry(trial))
        return WELL

    senses.cameras[NEW.host] = FakeCamera(found=NEW)
    walk = await begin_subentry(hass, running.entry_id)
    monkeypatch.setattr(FakeSession, "read", read)
    await walk.submit(camera=NEW.host)
    assert walk.step == ("camera_gone" if gone else "already_configured")
    monkeypatch.undo()
    await hass.async_block_till_done()


# Changing


async def reconfigure(hass: HomeAssistant, entry: Any, name: str = "garden") -> Walk:
    """Open the settings of a camera."""
    now = await entry.start_subentry_reconfigure_flow(hass, f"subentry_{name}")
    walk = Walk(hass, hass.config_entries.subentries, now)
    assert walk.step == "reconfigure"
    return walk


FORM: dict[str, Any] = {"host": HOSTS["garden"], "control_port": 443, "log_in": True}


def garden(entry: MockConfigEntry) -> ConfigSubentry:
    """Return the garden's settings."""
    subentry: ConfigSubentry = entry.subentries["subentry_garden"]
    return subentry


async def test_a_form_that_is_sent_as_it_is_changes_nothing(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Whoever only looks must not disturb the camera."""
    before = senses.camera("garden").seen.copy()
    walk = await reconfigure(hass, running)
    assert walk.now["description_placeholders"] == {"name": "Garden"}
    optional = {"plug", "power_sensor", "automatic_power_cycle", "signal_sensor", "tracker"}
    assert walk.fields == {*FORM, *optional}
    empty = dict.fromkeys(optional)
    assert walk.suggested == FORM | empty
    await walk.submit(**FORM)
    assert walk.step == "reconfigure_successful"
    assert garden(running).data.items() >= FORM.items()
    assert garden(running).unique_id == MACS["garden"]
    assert senses.camera("garden").seen["login"] == before["login"]


async def test_a_camera_is_followed_to_the_address_that_was_typed(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """It keeps its identity and its past; its port and login are learnt anew."""
    moved = replace(found("garden", "192.168.1.60"), connection={"login_version": 2})
    senses.cameras[moved.host] = FakeCamera(found=moved)
    other = running.runtime_data.cameras["subentry_shed"]
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"host": f" {moved.host} ", "control_port": 8443.0})
    assert walk.step == "reconfigure_successful"
    assert garden(running).data["host"] == moved.host
    assert garden(running).data["control_port"] == 8443
    assert garden(running).data["connection"] == {"login_version": 2}
    assert garden(running).unique_id == MACS["garden"]
    await hass.async_block_till_done()
    cameras = running.runtime_data.cameras
    assert cameras["subentry_garden"].chart.target.host == moved.host
    assert cameras["subentry_shed"] is other


@pytest.mark.parametrize("home_too", [False, True], ids=["camera", "home"])
@pytest.mark.parametrize("host", [HOSTS["garden"], "192.168.1.60", "nonsense"])
async def test_a_camera_that_was_removed_meanwhile_is_told(
    hass: HomeAssistant, running: MockConfigEntry, host: str, home_too: bool
) -> None:
    """A traceback in a dialog helps nobody."""
    walk = await reconfigure(hass, running)
    if home_too:
        await hass.config_entries.async_remove(running.entry_id)
    else:
        hass.config_entries.async_remove_subentry(running, "subentry_garden")
    await walk.submit(**FORM | {"host": host})
    assert walk.step == "camera_gone"


async def test_a_camera_that_is_removed_while_its_address_is_looked_at_is_told(
    hass: HomeAssistant,
    running: MockConfigEntry,
    senses: FakeSenses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Looking takes seconds, and another window is quick."""

    async def ask(host: str, *, wait_s: float) -> Answers:
        hass.config_entries.async_remove_subentry(running, "subentry_garden")
        return Answers(found=(found("garden", host),))

    walk = await reconfigure(hass, running)
    monkeypatch.setattr(senses, "ask", ask)
    await walk.submit(**FORM | {"host": "192.168.1.60"})
    assert walk.step == "camera_gone"


async def test_a_login_that_nobody_knows_any_more_is_forgotten(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """What was right for the old firmware must not be tried with the new one."""
    moved = replace(found("garden", "192.168.1.60"), connection=None)
    senses.cameras[moved.host] = FakeCamera(found=moved)
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"host": moved.host})
    assert garden(running).data["connection"] is None


async def test_another_cameras_address_is_refused(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """The garden's outages would be told by the shed."""
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"host": HOSTS["shed"]})
    assert walk.errors == {"host": "other_camera"}
    assert walk.suggested["host"] == HOSTS["shed"]
    assert garden(running).data["host"] == HOSTS["garden"]


async def test_an_address_where_nothing_answers_can_be_saved_anyway(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """Somebody who sets the router up first has to get ahead."""
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"host": NOWHERE})
    assert walk.errors == {"host": "no_answer"}
    assert "save_anyway" in walk.fields
    await walk.submit(**FORM | {"host": NOWHERE}, save_anyway=False)
    assert walk.errors == {"host": "no_answer"}
    await walk.submit(**FORM | {"host": NOWHERE}, save_anyway=True)
    assert walk.step == "reconfigure_successful"
    assert garden(running).data["host"] == NOWHERE
    assert garden(running).unique_id == MACS["garden"]
    assert "save_anyway" not in garden(running).data


@pytest.mark.parametrize(
    "camera",
    [
        FakeCamera(hello=Hello.BROKEN),
        FakeCamera(found=replace(NEW, device_type="SMART.TAPOPLUG", host=NOWHERE)),
    ],
    ids=["no TLS", "a plug"],
)
async def test_an_address_with_something_else_is_refused(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses, camera: FakeCamera
) -> None:
    """A printer at the typed address would be watched for ever."""
    senses.cameras[NOWHERE] = camera
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"host": NOWHERE})
    assert walk.errors == {"host": "not_a_camera"}


@pytest.mark.parametrize("anyway", [False, True])
@pytest.mark.parametrize("host", ["8.8.8.8", "the garden", "", "224.0.0.1"])
async def test_nonsense_is_not_saved_even_if_somebody_insists(
    hass: HomeAssistant, running: MockConfigEntry, host: str, anyway: bool
) -> None:
    """Nothing that is no address of the home may ever be sent the password."""
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"host": NOWHERE})
    await walk.submit(**FORM | {"host": host}, save_anyway=anyway)
    assert walk.errors == {"host": "invalid_address"}
    # Insisting would not help, so it is not offered.
    assert "save_anyway" not in walk.fields
    assert garden(running).data["host"] == HOSTS["garden"]


async def test_an_address_that_says_nothing_about_itself_is_believed(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Discovery does not cross every network; the service is there, that has to do."""
    senses.cameras["192.168.7.7"] = FakeCamera()
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"host": "192.168.7.7"})
    assert walk.step == "reconfigure_successful"
    assert garden(running).data["mac"] == MACS["garden"]


async def test_another_port_is_looked_at_too(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A wrong port is an outage of our own making."""
    camera = senses.camera("garden")
    camera.found, camera.hello, camera.ports = None, None, PortState.SILENT
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"control_port": 444})
    assert walk.errors == {"host": "no_answer"}


# Changing a camera that was added while it was off


@pytest.fixture
async def unknown(hass: HomeAssistant, running: MockConfigEntry) -> MockConfigEntry:
    """A home with a camera that nobody has seen yet."""
    walk = await begin_subentry(hass, running.entry_id)
    await walk.submit(address=NOWHERE)
    await walk.choose("add_anyway")
    await hass.async_block_till_done()
    return running


async def settings_of_newest(hass: HomeAssistant, entry: Any) -> Walk:
    """Open the settings of the camera that was added last."""
    now = await entry.start_subentry_reconfigure_flow(hass, newest(entry).subentry_id)
    return Walk(hass, hass.config_entries.subentries, now)


async def test_an_identity_is_learnt_when_the_camera_is_there(
    hass: HomeAssistant, unknown: MockConfigEntry, senses: FakeSenses
) -> None:
    """From then on it is known wherever it goes."""
    senses.cameras[NEW.host] = FakeCamera(found=NEW)
    walk = await settings_of_newest(hass, unknown)
    await walk.submit(**FORM | {"host": NEW.host})
    assert walk.step == "reconfigure_successful"
    assert newest(unknown).unique_id == newest(unknown).data["mac"] == NEW.mac


async def test_an_identity_that_is_watched_already_is_not_learnt_twice(
    hass: HomeAssistant, unknown: MockConfigEntry
) -> None:
    """Else one camera would be two."""
    walk = await settings_of_newest(hass, unknown)
    await walk.submit(**FORM | {"host": HOSTS["shed"]})
    assert walk.step == "already_configured"
    assert newest(unknown).data["host"] == NOWHERE


async def test_while_nobody_knows_it_its_address_is_its_identity(
    hass: HomeAssistant, unknown: MockConfigEntry
) -> None:
    """Else its old address could never be given to another camera."""
    walk = await settings_of_newest(hass, unknown)
    await walk.submit(**FORM | {"host": "192.168.1.98"})
    await walk.submit(**FORM | {"host": "192.168.1.98"}, save_anyway=True)
    assert walk.step == "reconfigure_successful"
    assert newest(unknown).unique_id == newest(unknown).data["host"] == "192.168.1.98"
    assert newest(unknown).data["mac"] is None


# The plug


def switch(hass: HomeAssistant, platform: str, meters: int = 1) -> tuple[str, list[str]]:
    """Register a plug of an integration with so many power meters, and an energy meter."""
    config = MockConfigEntry(domain=platform)
    config.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=config.entry_id, identifiers={(platform, "plug")}
    )
    registry = er.async_get(hass)

    def add(domain: str, name: str, device_class: str | None = None) -> str:
        entity = registry.async_get_or_create(
            domain, platform, name, device_id=device.id, original_device_class=device_class
        )
        return entity.entity_id

    add("sensor", "energy", "energy")
    add("number", "limit", "power")
    return add("switch", "plug"), [add("sensor", f"power{i}", "power") for i in range(meters)]


async def test_a_plugs_own_meter_is_taken(hass: HomeAssistant, running: MockConfigEntry) -> None:
    """Nobody should have to know which of forty sensors it is."""
    plug, (meter,) = switch(hass, "other")
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM, plug=plug)
    assert walk.step == "reconfigure_successful"
    assert garden(running).data["plug"] == plug
    assert garden(running).data["power_sensor"] == meter
    walk = await reconfigure(hass, running)
    assert walk.suggested["plug"] == plug
    await walk.submit(**FORM)
    assert garden(running).data["plug"] is None


async def test_a_meter_that_was_chosen_stays(hass: HomeAssistant, running: MockConfigEntry) -> None:
    """The owner knows better."""
    plug, _ = switch(hass, "other")
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM, plug=plug, power_sensor="sensor.mine")
    assert garden(running).data["power_sensor"] == "sensor.mine"


async def test_a_signal_can_come_from_another_integration(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """Where another program is the only one that may log in."""
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM | {"log_in": False}, signal_sensor="sensor.signal")
    assert garden(running).data["log_in"] is False
    assert garden(running).data["signal_sensor"] == "sensor.signal"


async def test_the_tracker_with_the_cameras_mac_is_proposed(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """Nobody knows by heart which of the router's fifty trackers a camera is."""
    tracker = "device_tracker.garden"
    hass.states.async_set(tracker, "home", {"mac": MACS["garden"]})
    walk = await reconfigure(hass, running)
    assert walk.suggested["tracker"] == tracker
    await walk.submit(**FORM, tracker="device_tracker.of_the_access_point")
    assert garden(running).data["tracker"] == "device_tracker.of_the_access_point"
    walk = await reconfigure(hass, running)
    assert walk.suggested["tracker"] == "device_tracker.of_the_access_point"


async def test_our_own_switch_is_no_plug(hass: HomeAssistant, running: MockConfigEntry) -> None:
    """A doctor that cuts its own switch would go round in circles."""
    plug, _ = switch(hass, DOMAIN)
    walk = await reconfigure(hass, running)
    await walk.submit(**FORM, plug=plug)
    assert walk.errors == {"plug": "own_switch"}
    assert "save_anyway" not in walk.fields
    await walk.submit(**FORM)
    assert walk.step == "reconfigure_successful"


@pytest.mark.parametrize("meters", [0, 2])
async def test_no_meter_is_guessed(hass: HomeAssistant, meters: int) -> None:
    """A wrong meter would tell of power where there is none."""
    plug, _ = switch(hass, "other", meters)
    assert power_sensor_of(hass, plug) is None


async def test_a_plug_without_a_device_has_no_meter(hass: HomeAssistant) -> None:
    """Template switches and groups have none."""
    entity = er.async_get(hass).async_get_or_create("switch", "template", "a template")
    assert power_sensor_of(hass, entity.entity_id) is None
    assert power_sensor_of(hass, "switch.from_yaml") is None
    assert power_sensor_of(hass, None) is None


async def test_settings_can_be_changed_while_the_home_does_not_run(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """A setting that keeps it from running could not be put right otherwise."""
    walk = await reconfigure(hass, entry)
    await walk.submit(**FORM | {"log_in": False})
    assert walk.step == "reconfigure_successful"
    assert entry.subentries["subentry_garden"].data["log_in"] is False
    assert entry.data["username"] == ACCOUNT[0]
