"""Trying a camera, and saying in a word what came of it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.enrolment import (
    ADDABLE,
    Outcome,
    Trial,
    async_check_account,
    async_describe,
    async_try,
    async_try_all,
    new_subentry,
    read_address,
    watched,
)
from custom_components.tapo_doctor.probes.findings import Found, Hello, Reading, Target

from .fakes import ACCOUNT, HOSTS, MACS, REFUSED, WELL, FakeCamera, FakeSenses, found
from .home import CameraSpec, Fault, Home
from .loopback import LoopbackSenses
from .translations import gaps, words

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

GARDEN, SHED = HOSTS["garden"], HOSTS["shed"]
NOWHERE = "192.168.1.99"
LOCKED = Reading(result=LoginResult.LOCKED, locked_for_s=90.0)


# Addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.23", "192.168.1.23"),
        ("  10.0.0.4\n", "10.0.0.4"),
        ("172.16.0.1", "172.16.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("169.254.3.4", "169.254.3.4"),
        ("100.64.0.9", "100.64.0.9"),
        ("FD00::0:12", "fd00::12"),
        ("fe80::1", "fe80::1"),
    ],
)
def test_an_address_of_the_home_is_taken_in_one_spelling(text: str, address: str) -> None:
    """Two spellings of one address would be two cameras."""
    assert read_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "camera.local",
        "8.8.8.8",
        "1.1.1.1",
        "2001:4860:4860::8888",
        "0.0.0.0",  # noqa: S104
        "::",
        "224.0.0.251",
        "239.255.255.250",
        "ff02::1",
        "255.255.255.255",
        "192.168.1.256",
        "192.168.1",
        "192.168.1.5/24",
        "192.168.01.5",
        "-1",
        "１９２.１６８.１.５",  # noqa: RUF001
    ],
)
def test_an_address_where_no_camera_can_live_is_not_taken(text: str) -> None:
    """The password must not leave the home, nor go to everybody in it."""
    assert read_address(text) is None


@given(st.text(max_size=60))
def test_no_text_at_all_makes_it_raise(text: str) -> None:
    """People paste anything into a field."""
    address = read_address(text)
    assert address is None or read_address(address) == address


# Trials


@pytest.mark.parametrize(
    ("reading", "outcome"),
    [
        (WELL, Outcome.OK),
        (REFUSED, Outcome.PASSWORD_REFUSED),
        (Reading(result=LoginResult.SESSION_LOST), Outcome.PASSWORD_REFUSED),
        (
            Reading(result=LoginResult.REJECTED, code=-40401, text="after handshake"),
            Outcome.THIRD_PARTY_OFF,
        ),
        (
            Reading(result=LoginResult.REJECTED, code=-40401, text="Error trying handshake1"),
            Outcome.PASSWORD_REFUSED,
        ),
        (LOCKED, Outcome.LOCKED),
        (Reading(result=LoginResult.UNSUPPORTED), Outcome.UNSUPPORTED),
        (Reading(result=LoginResult.TIMEOUT), Outcome.LOGIN_UNANSWERED),
        (Reading(result=LoginResult.ERROR), Outcome.LOGIN_UNANSWERED),
    ],
)
async def test_what_a_camera_answers_is_one_outcome(
    hass: HomeAssistant, reading: Reading, outcome: Outcome
) -> None:
    """Each of them sends its owner to another place."""
    senses = FakeSenses()
    senses.camera("garden").reading = reading
    trial = await async_try(senses, GARDEN, ACCOUNT)
    assert trial.outcome is outcome
    assert trial.outcome in ADDABLE
    assert trial.mac == MACS["garden"]
    assert senses.camera("garden").seen["login"] == 1
    assert all(session.closed for session in senses.sessions)


@pytest.mark.parametrize(
    ("reading", "outcome"),
    [
        (Reading(result=LoginResult.ERROR), Outcome.NOT_A_CAMERA),
        (Reading(result=LoginResult.TIMEOUT), Outcome.NOT_A_CAMERA),
        (REFUSED, Outcome.PASSWORD_REFUSED),
    ],
)
async def test_what_greets_but_does_not_talk_like_a_camera_is_none(
    reading: Reading, outcome: Outcome
) -> None:
    """Routers and printers have TLS too."""
    senses = FakeSenses()
    senses.cameras[NOWHERE] = FakeCamera(reading=reading)
    assert (await async_try(senses, NOWHERE, ACCOUNT)).outcome is outcome


@pytest.mark.parametrize(
    ("hello", "outcome"),
    [
        (None, Outcome.NO_ANSWER),
        (Hello.SILENT, Outcome.NO_ANSWER),
        (Hello.BROKEN, Outcome.NOT_A_CAMERA),
    ],
)
async def test_no_password_is_sent_where_no_service_greets(
    hello: Hello | None, outcome: Outcome
) -> None:
    """A login that cannot succeed tells nothing and may be counted."""
    senses = FakeSenses()
    senses.cameras[NOWHERE] = FakeCamera(hello=hello)
    assert (await async_try(senses, NOWHERE, ACCOUNT)).outcome is outcome
    assert not senses.sessions


async def test_no_password_is_sent_to_a_camera_that_is_watched() -> None:
    """Its session is kept by somebody else; another login might end it."""
    senses = FakeSenses()
    trial = await async_try(senses, GARDEN, ACCOUNT, watched={MACS["garden"]})
    assert trial.outcome is Outcome.ALREADY_WATCHED
    for known in (NOWHERE, GARDEN):
        trial = await async_try(senses, known, ACCOUNT, watched={known})
        assert trial.outcome is Outcome.ALREADY_WATCHED
    assert not senses.sessions


async def test_a_port_that_was_given_is_the_port_that_is_tried() -> None:
    """Behind a translator of addresses the camera's own word about it is wrong."""
    senses = FakeSenses()
    there = found("garden")
    assert (await async_try(senses, GARDEN, ACCOUNT, found=there)).port == 443
    trial = await async_try(senses, GARDEN, ACCOUNT, found=there, port=8443)
    assert trial.port == trial.settings()["control_port"] == 8443


async def test_an_account_that_is_accepted_is_tried_on_all_at_once() -> None:
    """Twenty cameras must not take twenty times as long."""
    senses = FakeSenses()
    hosts = [f"192.168.1.{number}" for number in range(100, 120)]
    for number, host in enumerate(hosts):
        one = replace(found("garden", host), mac=f"02:00:00:00:01:{number:02}")
        senses.cameras[host] = FakeCamera(found=one)
    trials = await async_try_all(senses, hosts, ACCOUNT, watched=set(), found={})
    assert [trial.host for trial in trials] == hosts
    assert {trial.outcome for trial in trials} == {Outcome.OK}


@pytest.mark.parametrize("first", [REFUSED, LOCKED])
async def test_after_a_refusal_no_other_camera_is_logged_in_to(first: Reading) -> None:
    """A typing error counts once, not once for each camera."""
    senses = FakeSenses()
    senses.camera("garden").reading = first
    trials = await async_try_all(senses, [GARDEN, SHED], ACCOUNT, watched=set(), found={})
    assert trials[1].outcome is Outcome.WITHOUT_LOGIN
    assert senses.camera("shed").seen["login"] == 0


async def test_what_is_no_refusal_does_not_stop_the_others() -> None:
    """One that hangs, or is no camera, says nothing about the password."""
    senses = FakeSenses()
    senses.cameras[NOWHERE] = FakeCamera(hello=None)
    senses.camera("garden").reading = Reading(result=LoginResult.TIMEOUT)
    trials = await async_try_all(senses, [NOWHERE, GARDEN, SHED], ACCOUNT, watched=set(), found={})
    assert [trial.outcome for trial in trials] == [
        Outcome.NO_ANSWER,
        Outcome.LOGIN_UNANSWERED,
        Outcome.OK,
    ]


async def test_one_camera_at_two_addresses_is_kept_once() -> None:
    """A camera on cable and Wi-Fi, or two clones: one identity is one camera."""
    senses = FakeSenses()
    senses.cameras[NOWHERE] = FakeCamera(found=found("garden", NOWHERE))
    hosts = [GARDEN, NOWHERE, SHED]
    trials = await async_try_all(senses, hosts, None, watched=set(), found={})
    assert [trial.outcome for trial in trials] == [
        Outcome.WITHOUT_LOGIN,
        Outcome.ALREADY_WATCHED,
        Outcome.WITHOUT_LOGIN,
    ]


async def test_nothing_to_try_is_nothing_tried() -> None:
    """A home without cameras is a home."""
    assert await async_try_all(FakeSenses(), [], ACCOUNT, watched=set(), found={}) == []


async def test_a_trial_is_one_login_and_leaves_none_behind(
    hass: HomeAssistant, loopback: None
) -> None:
    """With the real protocol: what the camera counts is what was promised."""
    async with Home([CameraSpec("garden"), CameraSpec("shed", login_version=2)]) as home:
        senses = LoopbackSenses(hass, home)
        for camera in home.cameras:
            trial = await async_try(senses, camera.host, home.account)
            assert trial.outcome is Outcome.OK
            assert trial.title == camera.name
            assert trial.mac == camera.mac.lower()
            assert camera.counters.logins == 1
            assert camera.counters.failed_logins == 0


async def test_a_camera_that_answers_with_noise_is_still_told_apart(
    hass: HomeAssistant, loopback: None
) -> None:
    """Discovery that cannot be read is no discovery; the login knows better."""
    async with Home([CameraSpec("garden")]) as home:
        home.fault("garden", Fault.DISCOVERY_GARBAGE)
        garden = home.camera("garden")
        trial = await async_try(LoopbackSenses(hass, home), garden.host, home.account)
        assert trial.outcome is Outcome.OK
        assert trial.found is None
        assert trial.mac == garden.mac.lower()
        assert trial.settings()["model"] == "C210"


async def test_an_older_camera_that_says_nothing_about_itself_is_logged_in_to(
    hass: HomeAssistant, loopback: None
) -> None:
    """Without discovery nobody knows how it wants to be spoken to."""
    async with Home([CameraSpec("garden", login_version=2)]) as home:
        home.fault("garden", Fault.NO_DISCOVERY)
        garden = home.camera("garden")
        trial = await async_try(LoopbackSenses(hass, home), garden.host, home.account)
        assert trial.outcome is Outcome.OK
        assert garden.counters.failed_logins == 0


# Words


@pytest.mark.parametrize("outcome", Outcome)
async def test_every_outcome_has_its_words(hass: HomeAssistant, outcome: Outcome) -> None:
    """A refusal without words is the refusal to say why."""
    text = words(f"selector.outcome.options.{outcome}")
    assert text is not None
    assert gaps(text) <= {"minutes"}
    trial = Trial(host=GARDEN, outcome=outcome, found=found("garden"), reading=LOCKED)
    told = await async_describe(hass, [trial])
    assert told.startswith(f"- **C210 00:21** ({GARDEN}): ")
    assert "{" not in told
    assert ("2 minutes" in told) == (outcome is Outcome.LOCKED)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(1.0, 1), (60.0, 1), (61.0, 2), (1800.0, 30), (None, 30)]
)
def test_minutes_are_rounded_up(seconds: float | None, minutes: int) -> None:
    """Whoever comes back a minute too early is locked out again."""
    reading = Reading(result=LoginResult.LOCKED, locked_for_s=seconds)
    assert Trial(host=GARDEN, outcome=Outcome.LOCKED, reading=reading).minutes_locked == minutes
    assert Trial(host=GARDEN, outcome=Outcome.LOCKED).minutes_locked == 30


def test_a_camera_is_called_as_in_the_app() -> None:
    """Else nobody knows which one it is."""
    there = replace(found("garden"), name="By discovery")
    named = replace(WELL, name="By login")
    ok = Outcome.OK
    assert Trial(host=GARDEN, outcome=ok, found=there, reading=named).title == "By login"
    assert Trial(host=GARDEN, outcome=ok, found=there, reading=WELL).title == "By discovery"
    assert Trial(host=GARDEN, outcome=ok, found=found("garden")).title == "C210 00:21"
    by_login = replace(WELL, mac="02-00-00-00-00-2A")
    assert Trial(host=GARDEN, outcome=ok, reading=by_login).title == "Tapo 00:2A"
    assert Trial(host=GARDEN, outcome=ok).title == f"Tapo {GARDEN}"


# Settings


@pytest.mark.parametrize("outcome", sorted(ADDABLE))
async def test_only_what_was_refused_is_not_logged_in_to_later(
    hass: HomeAssistant, entry: MockConfigEntry, outcome: Outcome
) -> None:
    """A refusal is not repeated by itself; what was only away is read when it comes back."""
    subentry = new_subentry(Trial(host=NOWHERE, outcome=outcome))
    refused = {
        Outcome.LOCKED,
        Outcome.PASSWORD_REFUSED,
        Outcome.THIRD_PARTY_OFF,
        Outcome.UNSUPPORTED,
    }
    assert subentry.data["log_in"] is (outcome not in refused)
    assert subentry.unique_id == NOWHERE
    hass.config_entries.async_add_subentry(entry, subentry)
    assert watched(entry) == {*MACS.values(), NOWHERE}


# The account of a running home


@pytest.fixture
async def running(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """A home with two cameras that is watched."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def test_one_camera_that_accepts_is_enough(
    running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Another may hold an old password; that is its own affair."""
    senses.camera("garden").reading = REFUSED
    trial = await async_check_account(running, ("other@example.org", "new"))
    assert trial is not None
    assert trial.outcome is Outcome.OK
    assert all(session.closed for session in senses.sessions if session.account[1] == "new")


async def test_no_more_than_a_few_cameras_are_asked(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A wrong password must not be counted by every camera of a large house."""
    for number in range(30, 36):
        host, mac = f"192.168.1.{number}", f"02:00:00:00:00:{number}"
        one = Found(host=host, mac=mac, device_id=mac, model="C210", device_type="SMART.IPCAMERA")
        senses.cameras[host] = FakeCamera(found=one)
        trial = Trial(host=host, outcome=Outcome.OK, found=one)
        hass.config_entries.async_add_subentry(running, new_subentry(trial))
    await hass.async_block_till_done(wait_background_tasks=True)
    for camera in senses.cameras.values():
        camera.reading = REFUSED
    before = len(senses.sessions)
    result = await async_check_account(running, (ACCOUNT[0], "wrong"))
    assert result is not None
    assert result.outcome is Outcome.PASSWORD_REFUSED
    assert len(senses.sessions) - before == 3


async def test_nobody_is_asked_about_no_account(
    running: MockConfigEntry, senses: FakeSenses
) -> None:
    """There is nothing to try."""
    before = len(senses.sessions)
    assert await async_check_account(running, None) is None
    assert len(senses.sessions) == before


async def test_a_home_that_does_not_run_asks_nobody(entry: MockConfigEntry) -> None:
    """It cannot know which cameras are locked."""
    assert await async_check_account(entry, ACCOUNT) is None


def test_a_target_is_the_same_wherever_its_login_was_learnt() -> None:
    """Learning how to speak to a camera must not look like a move."""
    assert Target(host=GARDEN, connection={"login_version": 3}) == Target(host=GARDEN)
