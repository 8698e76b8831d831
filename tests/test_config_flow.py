"""Setting up the home, from the first menu to a camera that comes years later."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_RECONFIGURE,
)
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.enrolment import Outcome, Trial, new_subentry
from custom_components.tapo_doctor.probes.findings import Found, Hello, Reading
from custom_components.tapo_doctor.probes.network import SENSES

from .fakes import (
    ACCOUNT,
    HOSTS,
    MACS,
    REFUSED,
    FakeCamera,
    FakeSenses,
    FakeSession,
    camera_subentry,
    found,
)
from .flows import Walk, begin
from .home import CameraSpec, Fault, Home, PlugSpec
from .loopback import LoopbackSenses

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

pytestmark = pytest.mark.usefixtures("flows_are_translated")

LOGIN = {"username": ACCOUNT[0], "password": ACCOUNT[1]}
LOCKED = Reading(result=LoginResult.LOCKED, locked_for_s=1700.0)


@pytest.fixture
async def home(hass: HomeAssistant, loopback: None) -> AsyncGenerator[Home]:
    """Three cameras and a plug that really answer."""
    cameras = [CameraSpec("garage"), CameraSpec("garden"), CameraSpec("shed", "C320WS")]
    async with Home(cameras, [PlugSpec("plug")]) as home:
        hass.data[SENSES] = LoopbackSenses(hass, home)
        yield home


async def to_cameras(hass: HomeAssistant, **account: str) -> Walk:
    """Go as far as the list of cameras; without an account if none is given."""
    walk = await begin(hass)
    await walk.choose("account" if account else "without_login")
    if account:
        await walk.submit(**account)
    assert walk.step == "cameras"
    return walk


def subentries(entry: ConfigEntry) -> dict[str | None, dict[str, Any]]:
    """Return the settings of all cameras, by their identity."""
    return {one.unique_id: dict(one.data) for one in entry.subentries.values()}


def the_entry(hass: HomeAssistant) -> ConfigEntry:
    """Return the home that was made."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    return entry


# All goes well


async def test_cameras_that_were_found_are_added_at_once(hass: HomeAssistant, home: Home) -> None:
    """Ten cameras must not be ten dialogs."""
    walk = await begin(hass)
    assert walk.now["menu_options"] == ["account", "without_login"]
    await walk.choose("account")
    assert walk.fields == {"username", "password"}
    await walk.submit(username=home.account[0], password=home.account[1])
    assert walk.step == "cameras"
    assert walk.now["description_placeholders"] == {"count": "3"}
    await walk.submit(cameras=[camera.host for camera in home.cameras])
    assert walk.step == FlowResultType.CREATE_ENTRY
    entry = the_entry(hass)
    assert entry.unique_id == DOMAIN
    assert entry.data == {"username": home.account[0], "password": home.account[1]}
    assert {one.title for one in entry.subentries.values()} == {"garage", "garden", "shed"}
    shed = home.camera("shed")
    settings = subentries(entry)[shed.mac.lower()]
    connection = settings.pop("connection")
    assert connection["login_version"] == 3
    assert settings == {
        "host": shed.host,
        "control_port": 4443,
        "mac": shed.mac.lower(),
        "model": "C320WS",
        "log_in": True,
        "refused": None,
        "locked_until": None,
    }


async def test_plugs_and_bulbs_are_not_offered_as_cameras(hass: HomeAssistant, home: Home) -> None:
    """They answer the same search, and would all be ticked."""
    walk = await to_cameras(hass)
    selector = next(iter(walk.now["data_schema"].schema.values()))
    offered = [option["value"] for option in selector.config["options"]]
    assert offered == [camera.host for camera in home.cameras]
    assert selector.config["options"][1]["label"] == f"garden · C210 · {offered[1]}"


async def test_a_home_can_be_watched_without_an_account(hass: HomeAssistant, home: Home) -> None:
    """Not everybody hands a password to somebody else's program."""
    walk = await to_cameras(hass)
    await walk.submit(cameras=[home.camera("garden").host])
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert the_entry(hass).data == {}
    assert all(camera.counters.login_requests == 0 for camera in home.cameras)


async def test_the_address_of_a_camera_may_be_typed(hass: HomeAssistant, home: Home) -> None:
    """A camera in another network hears no broadcast, and is one all the same."""
    home.fault("garden", Fault.NO_DISCOVERY)
    garden = home.camera("garden")
    walk = await to_cameras(hass, username=home.account[0], password=home.account[1])
    assert walk.now["description_placeholders"] == {"count": "2"}
    await walk.submit(cameras=[], addresses=[f" {garden.host} "])
    assert walk.step == FlowResultType.CREATE_ENTRY
    settings = subentries(the_entry(hass))
    assert settings.keys() == {garden.mac.lower()}
    assert settings[garden.mac.lower()] == {
        "host": garden.host,
        "control_port": 443,
        "mac": garden.mac.lower(),
        "model": "C210",
        "connection": None,
        "log_in": True,
        "refused": None,
        "locked_until": None,
    }


async def test_a_camera_that_is_chosen_and_typed_is_added_once(
    hass: HomeAssistant, home: Home
) -> None:
    """Else it would be logged in to twice, and refused by its own twin."""
    host = home.camera("garden").host
    walk = await to_cameras(hass, username=home.account[0], password=home.account[1])
    await walk.submit(cameras=[host], addresses=[host, f"{host} "])
    assert len(the_entry(hass).subentries) == 1
    assert walk.step == FlowResultType.CREATE_ENTRY


async def test_a_home_without_any_camera_found_can_be_set_up(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """Whoever prepares the house before the cameras come is not sent away."""
    senses.vanish("garden", "shed")
    walk = await to_cameras(hass, **LOGIN)
    assert walk.fields == {"addresses"}
    await walk.submit()
    assert walk.step == FlowResultType.CREATE_ENTRY
    entry = the_entry(hass)
    assert entry.data == LOGIN
    assert not entry.subentries


async def test_cameras_may_all_be_unticked(hass: HomeAssistant, senses: FakeSenses) -> None:
    """An empty choice is a choice."""
    walk = await to_cameras(hass)
    await walk.submit(cameras=[])
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert not the_entry(hass).subentries


async def test_the_same_home_is_not_set_up_twice(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Two doctors would log in twice and report everything twice."""
    walk = await begin(hass)
    assert walk.step == "already_configured"


async def test_a_second_dialog_cannot_make_a_second_home(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """Two open browser windows are enough for that."""
    first = await begin(hass)
    second = await begin(hass)
    assert second.step == "already_in_progress"
    await first.choose("without_login")
    await first.submit(cameras=[HOSTS["garden"]])
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


@pytest.mark.parametrize(
    "password",
    ["quote\"s'and\\slashes", "Müßiggäng€r", "x" * 300, " blank at both ends "],
    ids=["quotes", "umlauts", "long", "blanks"],
)
@pytest.mark.parametrize("version", [2, 3], ids=["older login", "secure login"])
async def test_any_password_works(
    hass: HomeAssistant, loopback: None, password: str, version: int
) -> None:
    """The password that a camera takes in the app has to work here."""
    account = ("owner@example.org", password)
    async with Home([CameraSpec("garden", login_version=version)], account=account) as home:
        hass.data[SENSES] = LoopbackSenses(hass, home)
        walk = await to_cameras(hass, username=" owner@example.org ", password=password)
        await walk.submit(cameras=[home.camera("garden").host])
        assert walk.step == FlowResultType.CREATE_ENTRY
        assert the_entry(hass).data == {"username": account[0], "password": password}


# Refusals, each by its kind


@pytest.mark.parametrize(
    ("fault", "options", "told", "refused"),
    [
        (
            Fault.THIRD_PARTY_OFF,
            {"style": "http500"},
            "does not let other programs in",
            "rejected",
        ),
        # Nobody can tell these two apart by what the camera says; so the words name both.
        (
            Fault.THIRD_PARTY_OFF,
            {"style": "confirm"},
            "switch on Third-Party Compatibility",
            "rejected",
        ),
        (Fault.LOGIN_REFUSED, {}, "refused the password", "rejected"),
        (Fault.LOCKED, {"seconds": 1700}, "locked for about 30 minutes", "locked"),
        (Fault.LOGIN_CHANGED_BY_FIRMWARE, {}, "firmware whose login is not known", "unsupported"),
        # What answered nonsense has refused nothing: it is read when it has come to its senses.
        (Fault.TLS_GARBAGE, {}, "does not answer as it should", None),
        (Fault.JSON_GARBAGE, {}, "does not answer as it should", None),
        (Fault.JSON_ODD, {}, "does not answer as it should", None),
        (Fault.HTTP500, {}, "does not answer as it should", None),
        (Fault.REDIRECT, {}, "does not answer as it should", None),
        (Fault.NOTHING, {}, "does not answer as it should", None),
        (Fault.HUNG_CLOSED, {"discovery": True}, "does not answer as it should", None),
    ],
)
async def test_a_refusal_is_told_by_its_kind_and_the_camera_can_be_added(
    hass: HomeAssistant,
    home: Home,
    fault: Fault,
    options: dict[str, Any],
    told: str,
    refused: str | None,
) -> None:
    """To say "cannot connect" sends people to the wrong place; being stuck sends them away."""
    home.fault("garden", fault, **options)
    garden = home.camera("garden")
    walk = await to_cameras(hass, username=home.account[0], password=home.account[1])
    await walk.submit(cameras=[garden.host])
    assert walk.step == "results"
    assert walk.now["menu_options"] == ["add_anyway", "account", "choose_again"]
    assert walk.told.startswith(f"- **garden** ({garden.host}): ")
    assert told in walk.told
    assert "{" not in walk.told
    await walk.choose("add_anyway")
    assert walk.step == FlowResultType.CREATE_ENTRY
    settings = subentries(the_entry(hass))[garden.mac.lower()]
    assert settings["log_in"] is True
    assert settings["refused"] == refused
    assert (settings["locked_until"] is not None) == (refused == "locked")


@pytest.mark.parametrize(
    ("fault", "options", "told", "added"),
    [
        (Fault.VANISHED, {}, "does not answer. Is it switched on", True),
        (Fault.HUNG_OPEN, {}, "does not answer. Is it switched on", True),
        (Fault.HUNG_CLOSED, {}, "does not answer. Is it switched on", True),
        (Fault.TLS_GARBAGE, {}, "is not a Tapo camera", False),
        (Fault.NOT_A_CAMERA, {}, "is not a Tapo camera", False),
        (Fault.JSON_GARBAGE, {}, "is not a Tapo camera", False),
    ],
)
async def test_what_is_at_a_typed_address_is_told(
    hass: HomeAssistant,
    home: Home,
    fault: Fault,
    options: dict[str, Any],
    told: str,
    added: bool,
) -> None:
    """A typing error leads to a printer or into the void, and must not end there."""
    home.fault("garden", Fault.NO_DISCOVERY)
    home.fault("garden", fault, **options)
    host = home.camera("garden").host
    walk = await to_cameras(hass, username=home.account[0], password=home.account[1])
    await walk.submit(cameras=[], addresses=[host])
    assert walk.step == "results"
    assert walk.told.startswith(f"- **Tapo {host}** ({host}): ")
    assert told in walk.told
    await walk.choose("add_anyway")
    assert walk.step == FlowResultType.CREATE_ENTRY
    settings = subentries(the_entry(hass))
    assert settings.keys() == ({host} if added else set())
    # It was never refused: once it is there, it may be logged in to.
    assert all(one["log_in"] and one["refused"] is None for one in settings.values())


async def test_a_login_that_python_kasa_does_not_know_is_not_tried(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """A login that cannot succeed is one more failed login for the lock."""
    senses.camera("garden").found = unknown_login("garden")
    walk = await to_cameras(hass, **LOGIN)
    await walk.submit(cameras=[HOSTS["garden"]])
    assert "firmware whose login is not known" in walk.told
    assert not senses.sessions


def unknown_login(name: str) -> Found:
    """Return a camera whose login nobody knows."""
    return Found(
        host=HOSTS[name],
        mac=MACS[name],
        device_id="id",
        model="C210",
        device_type="SMART.IPCAMERA",
        connection=None,
    )


async def test_after_one_refusal_the_other_cameras_are_spared_a_failed_login(
    hass: HomeAssistant, loopback: None
) -> None:
    """A typing error must not lock all cameras of the house for half an hour."""
    names = ["attic", "garage", "garden"]
    async with Home([CameraSpec(name, login_version=2) for name in names]) as home:
        hass.data[SENSES] = LoopbackSenses(hass, home)
        walk = await to_cameras(hass, username=home.account[0], password="a typing error")
        await walk.submit(cameras=[camera.host for camera in home.cameras])
        assert walk.step == "results"
        counters = [camera.counters for camera in home.cameras]
        assert [count.failed_logins for count in counters] == [1, 0, 0]
        assert [count.login_requests > 0 for count in counters] == [True, False, False]
        assert walk.told.count("refused the password") == 1
        assert walk.told.count("was not tried, because another camera had just refused") == 2

        await walk.choose("account")
        assert walk.suggested["username"] == home.account[0]
        await walk.submit(username=home.account[0], password=home.account[1])
        assert walk.step == FlowResultType.CREATE_ENTRY
        assert the_entry(hass).data["password"] == home.account[1]
        assert len(the_entry(hass).subentries) == 3


@pytest.mark.parametrize("reading", [REFUSED, LOCKED])
async def test_a_camera_that_was_spared_is_not_logged_in_to_after_all(
    hass: HomeAssistant, senses: FakeSenses, reading: Reading
) -> None:
    """What one has refused or was locked by would do the same to the next, once it is watched."""
    senses.camera("garden").reading = reading
    walk = await to_cameras(hass, **LOGIN)
    await walk.submit(cameras=sorted(HOSTS.values()))
    assert walk.step == "results"
    await walk.choose("add_anyway")
    settings = subentries(the_entry(hass))
    assert settings[MACS["garden"]]["refused"] == reading.result
    assert settings[MACS["shed"]]["refused"] == "rejected"
    assert all(one["log_in"] for one in settings.values())
    await hass.async_block_till_done(wait_background_tasks=True)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=15))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert senses.camera("garden").seen["login"] == 1
    assert senses.camera("shed").seen["login"] == 0


async def test_the_right_account_entered_later_is_tried_on_what_was_refused(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """A typing error at the set-up must not leave a camera without its signal for ever."""
    senses.camera("garden").reading = REFUSED
    walk = await to_cameras(hass, **LOGIN)
    await walk.submit(cameras=sorted(HOSTS.values()))
    await walk.choose("add_anyway")
    await hass.async_block_till_done(wait_background_tasks=True)
    senses.camera("garden").reading = FakeCamera().reading
    walk = await begin(hass, SOURCE_RECONFIGURE, entry_id=the_entry(hass).entry_id)
    await walk.submit(username=ACCOUNT[0], password="right")
    assert walk.step == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    cameras = the_entry(hass).runtime_data.cameras.values()
    assert [camera.chart.login for camera in cameras] == [LoginResult.OK, LoginResult.OK]


async def test_entering_the_account_again_does_not_disturb_a_camera_that_is_locked(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """Each login would make its lock longer; the others are tried all the same."""
    senses.camera("garden").reading = LOCKED
    walk = await to_cameras(hass, **LOGIN)
    await walk.submit(cameras=sorted(HOSTS.values()))
    for _ in range(3):
        await walk.choose("account")
        await walk.submit(**LOGIN)
        assert walk.step == "results"
        assert "locked for about 30 minutes" in walk.told
        assert "accepted the login" in walk.told
    assert senses.camera("garden").seen["login"] == 1
    await walk.choose("add_anyway")
    settings = subentries(the_entry(hass))
    assert settings[MACS["garden"]]["refused"] == "locked"
    assert settings[MACS["shed"]]["refused"] is None


async def test_after_one_success_a_refusal_is_the_cameras_own(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """A camera with an old password is found even if it comes last."""
    senses.camera("shed").reading = REFUSED
    walk = await to_cameras(hass, **LOGIN)
    await walk.submit(cameras=sorted(HOSTS.values()))
    assert walk.step == "results"
    assert "accepted the login" in walk.told
    assert "refused the password" in walk.told


async def test_an_account_that_is_refused_can_be_given_up(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """Somebody without the password still wants to know when a camera is gone."""
    senses.camera("garden").reading = REFUSED
    walk = await to_cameras(hass, **LOGIN)
    await walk.submit(cameras=[HOSTS["garden"]])
    await walk.choose("choose_again")
    assert walk.step == "cameras"
    assert walk.fields == {"cameras", "addresses"}
    await walk.submit(cameras=[HOSTS["shed"]])
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert subentries(the_entry(hass)).keys() == {MACS["shed"]}


async def test_without_an_account_a_silent_address_is_told_and_can_be_chosen_again(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """Where there is no account, none is asked for again."""
    walk = await to_cameras(hass)
    await walk.submit(addresses=["192.168.1.99"])
    assert walk.step == "results"
    assert walk.now["menu_options"] == ["add_anyway", "choose_again"]
    await walk.choose("choose_again")
    await walk.submit(addresses=[])
    assert walk.step == FlowResultType.CREATE_ENTRY
    assert subentries(the_entry(hass)).keys() == set(MACS.values())


@pytest.mark.parametrize(
    "account", [{"username": " ", "password": "x"}, {"username": "me@example.org", "password": ""}]
)
async def test_half_an_account_is_asked_for_again(
    hass: HomeAssistant, senses: FakeSenses, account: dict[str, str]
) -> None:
    """It would be a failed login at every camera, and then be watched without one, untold."""
    walk = await begin(hass)
    await walk.choose("account")
    await walk.submit(**account)
    assert walk.step == "account"
    assert walk.errors == {"base": "account_incomplete"}
    await walk.submit(**LOGIN)
    assert walk.step == "cameras"


@pytest.mark.parametrize("far", [False, True], ids=["while searching", "while trying"])
async def test_a_dialog_that_is_closed_leaves_nothing_behind(
    hass: HomeAssistant, home: Home, far: bool
) -> None:
    """Whoever changes their mind must not leave a login under way."""
    flow = hass.config_entries.flow
    walk = await (to_cameras(hass, username="a", password="b") if far else begin(hass))
    answer = {"cameras": [home.camera("garden").host]} if far else {"next_step_id": "without_login"}
    result = await flow.async_configure(walk.now["flow_id"], answer)
    assert result["type"] is FlowResultType.SHOW_PROGRESS
    flow.async_abort(walk.now["flow_id"])
    await hass.async_block_till_done()
    assert not flow.async_progress()
    assert not hass.config_entries.async_entries(DOMAIN)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "0.0.0.0",  # noqa: S104
        "224.0.0.251",
        "255.255.255.255",
        "2001:4860:4860::8888",
        "192.168.1",
        "192.168.1.256",
        "my camera",
        "",
        "192.168.1.5:443",
        "http://192.168.1.5",
    ],
)
async def test_an_address_where_no_camera_lives_is_refused_and_kept_on_the_screen(
    hass: HomeAssistant, senses: FakeSenses, address: str
) -> None:
    """The password must never be carried out of the home by a typing error."""
    walk = await to_cameras(hass, **LOGIN)
    await walk.submit(cameras=[HOSTS["shed"]], addresses=["192.168.1.40", address])
    assert walk.step == "cameras"
    assert walk.errors == {"addresses": "invalid_address"}
    assert walk.suggested == {"cameras": [HOSTS["shed"]], "addresses": ["192.168.1.40", address]}
    assert not senses.sessions
    await walk.submit(cameras=[HOSTS["shed"]], addresses=[])
    assert walk.step == FlowResultType.CREATE_ENTRY


async def test_two_cameras_with_one_mac_are_watched_as_one(
    hass: HomeAssistant, loopback: None
) -> None:
    """Clones exist; two subentries with one identity would tear the set-up down."""
    mac = "02:00:00:00:00:07"
    async with Home([CameraSpec("garden", mac=mac), CameraSpec("shed", mac=mac)]) as home:
        hass.data[SENSES] = LoopbackSenses(hass, home)
        walk = await to_cameras(hass, username=home.account[0], password=home.account[1])
        await walk.submit(cameras=[camera.host for camera in home.cameras])
        assert walk.step == "results"
        assert "accepted the login" in walk.told
        assert "is watched already" in walk.told
        await walk.choose("add_anyway")
        assert subentries(the_entry(hass)).keys() == {mac}


# A camera that comes later


LATER = Found(
    host="192.168.1.30",
    mac="02:00:00:00:00:30",
    device_id="id of the newcomer",
    model="C225",
    device_type="SMART.IPCAMERA",
    connection={},
)


async def discover(hass: HomeAssistant, found: Found = LATER) -> Walk:
    """Let a camera be discovered."""
    return await begin(hass, SOURCE_INTEGRATION_DISCOVERY, {"found": found})


@pytest.fixture
async def running(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """A home that is watched."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def test_a_camera_that_comes_later_is_offered_and_added(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Nobody should have to look for it by hand."""
    senses.cameras[LATER.host] = FakeCamera(found=LATER)
    walk = await discover(hass)
    assert walk.step == "discovery_confirm"
    placeholders = {"model": "C225", "host": LATER.host}
    assert walk.now["description_placeholders"] == placeholders
    (card,) = hass.config_entries.flow.async_progress()
    assert card["context"]["title_placeholders"] == {"name": "C225 00:30"}
    await walk.submit()
    assert walk.step == "camera_added"
    assert "accepted the login" in walk.told
    await hass.async_block_till_done()
    assert subentries(running).keys() == {*MACS.values(), LATER.mac}
    assert len(running.runtime_data.cameras) == 3


async def test_a_later_camera_that_refuses_is_added_and_the_refusal_told(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A card that cannot be confirmed would stand there for ever."""
    senses.cameras[LATER.host] = FakeCamera(found=LATER, reading=REFUSED)
    walk = await discover(hass)
    await walk.submit()
    assert walk.step == "camera_added"
    assert "refused the password" in walk.told
    assert subentries(running)[LATER.mac]["refused"] == "rejected"


async def test_a_camera_that_is_watched_is_not_offered(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """A card for what is there already is noise."""
    walk = await discover(hass, found("garden", "192.168.1.77"))
    assert walk.step == "already_configured"


async def test_a_camera_that_was_added_meanwhile_is_not_added_again(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """The card may stand there for weeks before somebody presses it."""
    again = found("shed")
    hass.config_entries.async_remove_subentry(running, "subentry_shed")
    walk = await discover(hass, again)
    assert walk.step == "discovery_confirm"
    hass.config_entries.async_add_subentry(running, a_subentry("shed"))
    await walk.submit()
    assert walk.step == "already_configured"
    assert len(running.subentries) == 2


def a_subentry(name: str) -> Any:
    """Make a subentry from its data."""
    entry = MockConfigEntry(subentries_data=[camera_subentry(name)])
    return entry.subentries[f"subentry_{name}"]


async def test_a_camera_that_was_ignored_stays_ignored(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """The neighbour's camera on a shared network is offered once, not every quarter of an hour."""
    ignored = MockConfigEntry(domain=DOMAIN, source=SOURCE_IGNORE, unique_id=LATER.mac)
    ignored.add_to_hass(hass)
    assert (await discover(hass)).step == "already_configured"


async def test_one_camera_is_one_card(hass: HomeAssistant, running: MockConfigEntry) -> None:
    """It is found again at every search."""
    assert (await discover(hass)).step == "discovery_confirm"
    assert (await discover(hass)).step == "already_in_progress"
    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_nothing_is_offered_before_the_home_is_set_up(hass: HomeAssistant) -> None:
    """Else it would double the card that another integration shows."""
    assert (await discover(hass)).step == "not_set_up"


async def test_a_card_that_outlives_its_home_says_so(
    hass: HomeAssistant, running: MockConfigEntry
) -> None:
    """A traceback in a dialog helps nobody."""
    walk = await discover(hass)
    await hass.config_entries.async_unload(running.entry_id)
    await walk.submit()
    assert walk.step == "not_set_up"


@pytest.mark.parametrize("gone", [False, True], ids=["added meanwhile", "removed meanwhile"])
async def test_what_changes_while_a_later_camera_is_tried_is_noticed(
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
            trial = Trial(host=LATER.host, outcome=Outcome.OK, found=LATER)
            hass.config_entries.async_add_subentry(running, new_subentry(trial))
        return FakeCamera().reading

    senses.cameras[LATER.host] = FakeCamera(found=LATER)
    walk = await discover(hass)
    monkeypatch.setattr(FakeSession, "read", read)
    await walk.submit()
    assert walk.step == ("not_set_up" if gone else "already_configured")
    monkeypatch.undo()
    await hass.async_block_till_done()


async def test_a_home_that_was_ignored_by_mistake_does_not_offer_cameras(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """An ignored card is an entry too, but no home."""
    MockConfigEntry(domain=DOMAIN, source=SOURCE_IGNORE, unique_id="02").add_to_hass(hass)
    assert (await discover(hass)).step == "not_set_up"


# The account, later


async def reauthenticate(hass: HomeAssistant, entry: MockConfigEntry) -> Walk:
    """Be asked for the account again."""
    now = await entry.start_reauth_flow(hass)
    walk = Walk(hass, hass.config_entries.flow, now)
    assert walk.step == "reauth_confirm"
    return walk


async def reconfigure(hass: HomeAssistant, entry: MockConfigEntry) -> Walk:
    """Choose to change the account."""
    walk = Walk(hass, hass.config_entries.flow, await entry.start_reconfigure_flow(hass))
    assert walk.step == "reconfigure"
    return walk


async def test_a_new_password_is_tried_and_taken(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """One form, one press, and the cameras are read again."""
    walk = await reauthenticate(hass, running)
    assert walk.suggested == {"username": ACCOUNT[0], "password": None}
    await walk.submit(username=ACCOUNT[0], password="new")
    assert walk.step == "reauth_successful"
    assert running.data == {"username": ACCOUNT[0], "password": "new"}
    assert (ACCOUNT[0], "new") in {session.account for session in senses.sessions}


async def test_a_password_that_is_still_wrong_is_not_taken(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Else the next refusal would come back as the next question."""
    for camera in senses.cameras.values():
        camera.reading = REFUSED
    walk = await reauthenticate(hass, running)
    await walk.submit(username="other@example.org", password="wrong")
    assert walk.errors == {"base": "password_refused"}
    assert walk.suggested == {"username": "other@example.org", "password": None}
    assert running.data == LOGIN
    senses.camera("shed").reading = FakeCamera().reading
    await walk.submit(username=ACCOUNT[0], password="right")
    assert walk.step == "reauth_successful"


async def test_the_minutes_of_a_lock_are_told(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Whoever tries again too soon makes it longer."""
    for camera in senses.cameras.values():
        camera.reading = LOCKED
    walk = await reauthenticate(hass, running)
    await walk.submit(username=ACCOUNT[0], password="right")
    assert walk.errors == {"base": "locked"}
    assert walk.now["description_placeholders"]["minutes"] == "30"
    for _ in range(3):
        await walk.submit(username=ACCOUNT[0], password="right")
        assert walk.errors == {"base": "locked"}
    tried = [session for session in senses.sessions if session.account[1] == "right"]
    assert len(tried) == len(HOSTS)


async def test_a_camera_that_does_not_talk_does_not_speak_against_the_account(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Somebody who types the right password must get it stored."""
    for camera in senses.cameras.values():
        camera.reading = Reading(result=LoginResult.TIMEOUT)
    walk = await reauthenticate(hass, running)
    await walk.submit(username=ACCOUNT[0], password="new")
    assert walk.step == "reauth_successful"


async def test_an_account_is_taken_where_nobody_can_be_asked(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A home that is not running still has to take a new password."""
    walk = await reauthenticate(hass, entry)
    await walk.submit(username=ACCOUNT[0], password="new")
    assert walk.step == "reauth_successful"
    assert entry.data["password"] == "new"


async def test_the_same_account_entered_again_tries_only_what_was_refused(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """Whoever has just switched on third-party access must not have to wait, nor the others pay."""
    senses.camera("garden").reading = REFUSED
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=15))
    await hass.async_block_till_done(wait_background_tasks=True)

    def logins() -> list[LoginResult]:
        cameras = entry.runtime_data.cameras
        return [cameras[f"subentry_{name}"].chart.login for name in HOSTS]

    assert logins() == [LoginResult.REJECTED, LoginResult.OK]
    kept = [session for session in senses.sessions if session.established]

    senses.camera("garden").reading = FakeCamera().reading
    walk = await reauthenticate(hass, entry)
    await walk.submit(username=ACCOUNT[0], password=ACCOUNT[1])
    assert walk.step == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert logins() == [LoginResult.OK, LoginResult.OK]
    assert kept
    assert all(session.established for session in kept)


async def test_a_home_can_give_up_its_account(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A password that was entrusted can be taken back."""
    walk = await reconfigure(hass, running)
    assert walk.suggested == {"username": ACCOUNT[0], "password": None}
    await walk.submit()
    assert walk.step == "reconfigure_successful"
    assert running.data == {}
    await hass.async_block_till_done()
    assert running.runtime_data.account is None
    walk = await reconfigure(hass, running)
    assert walk.suggested["username"] == ""


@pytest.mark.parametrize("during", [False, True], ids=["before", "while it is tried"])
async def test_the_account_of_a_home_that_was_removed_is_not_taken(
    hass: HomeAssistant,
    running: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    during: bool,
) -> None:
    """A traceback in a dialog helps nobody."""

    async def read(self: FakeSession, *, slow: bool = False) -> Reading:
        await hass.config_entries.async_remove(running.entry_id)
        return FakeCamera().reading

    walk = await reconfigure(hass, running)
    if during:
        monkeypatch.setattr(FakeSession, "read", read)
    else:
        await hass.config_entries.async_remove(running.entry_id)
    await walk.submit(username=ACCOUNT[0], password="new")
    assert walk.step == "not_set_up"


@pytest.mark.parametrize("field", ["username", "password"])
async def test_a_half_filled_form_is_not_taken(
    hass: HomeAssistant, running: MockConfigEntry, field: str
) -> None:
    """Half an account is a failed login at every camera."""
    walk = await reconfigure(hass, running)
    await walk.submit(**{field: "something"})
    assert walk.errors == {"base": "account_incomplete"}
    assert running.data == LOGIN
    await walk.submit(username=ACCOUNT[0], password="new")
    assert walk.step == "reconfigure_successful"
    assert running.data["password"] == "new"


async def test_an_account_is_asked_of_cameras_that_can_answer(
    hass: HomeAssistant, loopback: None
) -> None:
    """The check of a password is worth what the camera behind it is."""
    async with Home([CameraSpec("garden"), CameraSpec("shed")]) as home:
        senses = hass.data[SENSES] = LoopbackSenses(hass, home)
        walk = await to_cameras(hass, username=home.account[0], password=home.account[1])
        await walk.submit(cameras=[camera.host for camera in home.cameras])
        await hass.async_block_till_done()
        entry = the_entry(hass)
        home.fault("garden", Fault.LOGIN_REFUSED)
        home.fault("shed", Fault.LOGIN_REFUSED)
        now = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": "reauth", "entry_id": entry.entry_id}, data=entry.data
        )
        walk = Walk(hass, hass.config_entries.flow, now)
        await walk.submit(username=home.account[0], password="nor this")
        assert walk.errors == {"base": "password_refused"}
        await walk.submit(username=home.account[0], password="changed elsewhere")
        assert walk.step == "reauth_successful"
        assert senses is hass.data[SENSES]


async def test_a_web_server_that_greets_without_an_account_is_believed(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """Without a login nobody can tell; the address is the owner's word."""
    senses.cameras["192.168.1.40"] = FakeCamera()
    senses.cameras["192.168.1.41"] = FakeCamera(hello=Hello.BROKEN)
    walk = await to_cameras(hass)
    await walk.submit(cameras=[], addresses=["192.168.1.40", "192.168.1.41"])
    assert walk.told.splitlines()[0].endswith("it is watched without logging in.")
    assert walk.told.splitlines()[1].endswith("is not a Tapo camera.")
    await walk.choose("add_anyway")
    assert subentries(the_entry(hass)).keys() == {"192.168.1.40"}
