"""Trying cameras and accounts, and what that costs them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.util import dt as dt_util

from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.doctor.presence import Presence
from custom_components.tapo_doctor.enrolment import ADDABLE, Outcome, Trial, new_subentry
from custom_components.tapo_doctor.probes.findings import Answers, Hello, Reading, Target
from custom_components.tapo_doctor.trying import async_check_account, async_try, async_try_all

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
from .home import CameraSpec, Fault, Home
from .loopback import LoopbackSenses

if TYPE_CHECKING:
    from datetime import datetime

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

GARDEN, SHED = HOSTS["garden"], HOSTS["shed"]
NOWHERE = "192.168.1.99"
LOCKED = Reading(result=LoginResult.LOCKED, locked_for_s=90.0)


async def try_all(
    senses: FakeSenses,
    hosts: list[str],
    locks: dict[str, datetime] | None = None,
    account: tuple[str, str] | None = ACCOUNT,
) -> list[Trial]:
    """Try cameras in a home that watches none yet."""
    return await async_try_all(
        senses, hosts, account, watched=set(), found={}, locks={} if locks is None else locks
    )


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
    trials = await try_all(senses, hosts)
    assert [trial.host for trial in trials] == hosts
    assert {trial.outcome for trial in trials} == {Outcome.OK}


async def test_no_more_than_ten_are_tried_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred handshakes at once would hold the whole house up."""
    senses = FakeSenses()
    now, most = 0, 0

    async def read(_self: FakeSession, *, slow: bool = False) -> Reading:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        return WELL

    monkeypatch.setattr(FakeSession, "read", read)
    hosts = [f"192.168.1.{number}" for number in range(100, 140)]
    for host in hosts:
        senses.cameras[host] = FakeCamera()
    trials = await try_all(senses, hosts)
    assert {trial.outcome for trial in trials} == {Outcome.OK}
    assert most == 10


@pytest.mark.parametrize("first", [REFUSED, LOCKED])
async def test_after_a_refusal_no_other_camera_is_logged_in_to(first: Reading) -> None:
    """A typing error counts once, not once for each camera, neither now nor by itself later."""
    senses = FakeSenses()
    senses.camera("garden").reading = first
    trials = await try_all(senses, [GARDEN, SHED, NOWHERE])
    assert [trial.outcome for trial in trials[1:]] == [Outcome.NOT_TRIED, Outcome.NO_ANSWER]
    assert trials[1].settings()["refused"] == "rejected"
    assert senses.camera("shed").seen["login"] == 0


async def test_a_camera_that_is_locked_is_left_alone_until_the_lock_is_over(
    freezer: FrozenDateTimeFactory,
) -> None:
    """Entering the account again must not make its lock longer, nor keep the others waiting."""
    senses = FakeSenses()
    locks: dict[str, datetime] = {}
    senses.camera("garden").reading = LOCKED
    first, _ = await try_all(senses, [GARDEN, SHED], locks)
    assert first.locked_until == dt_util.utcnow() + timedelta(seconds=150)
    assert locks == {GARDEN: first.locked_until}

    freezer.tick(140)
    trials = await try_all(senses, [GARDEN, SHED], locks)
    assert [trial.outcome for trial in trials] == [Outcome.LOCKED, Outcome.OK]
    assert trials[0].locked_until == first.locked_until
    assert trials[0].title == first.title
    assert senses.camera("garden").seen["login"] == 1

    freezer.tick(20)
    senses.camera("garden").reading = WELL
    trials = await try_all(senses, [GARDEN, SHED], locks)
    assert [trial.outcome for trial in trials] == [Outcome.OK, Outcome.OK]


async def test_a_locked_camera_that_is_spared_is_still_locked() -> None:
    """Else its lock would be forgotten over somebody else's refusal."""
    senses = FakeSenses()
    end = dt_util.utcnow() + timedelta(minutes=5)
    senses.camera("garden").reading = REFUSED
    trials = await try_all(senses, [GARDEN, SHED], {SHED: end})
    assert [trial.outcome for trial in trials] == [Outcome.PASSWORD_REFUSED, Outcome.LOCKED]


@pytest.mark.parametrize(("seconds", "lasts"), [(90.0, 150), (None, 1860)])
async def test_a_lock_lasts_as_long_as_for_every_other_login(
    freezer: FrozenDateTimeFactory, seconds: float | None, lasts: float
) -> None:
    """With a margin, and with the longest on record where the camera does not say."""
    senses = FakeSenses()
    senses.camera("garden").reading = Reading(result=LoginResult.LOCKED, locked_for_s=seconds)
    trial = await async_try(senses, GARDEN, ACCOUNT)
    assert trial.locked_until == dt_util.utcnow() + timedelta(seconds=lasts)


async def test_what_is_no_refusal_does_not_stop_the_others() -> None:
    """One that hangs, or is no camera, says nothing about the password."""
    senses = FakeSenses()
    senses.cameras[NOWHERE] = FakeCamera(hello=None)
    senses.camera("garden").reading = Reading(result=LoginResult.TIMEOUT)
    trials = await try_all(senses, [NOWHERE, GARDEN, SHED])
    assert [trial.outcome for trial in trials] == [
        Outcome.NO_ANSWER,
        Outcome.LOGIN_UNANSWERED,
        Outcome.OK,
    ]


async def test_one_camera_at_two_addresses_is_kept_once() -> None:
    """A camera on cable and Wi-Fi, or two clones: one identity is one camera."""
    senses = FakeSenses()
    senses.cameras[NOWHERE] = FakeCamera(found=found("garden", NOWHERE))
    trials = await try_all(senses, [GARDEN, NOWHERE, SHED], account=None)
    assert [trial.outcome for trial in trials] == [
        Outcome.WITHOUT_LOGIN,
        Outcome.ALREADY_WATCHED,
        Outcome.WITHOUT_LOGIN,
    ]


async def test_nothing_to_try_is_nothing_tried() -> None:
    """A home without cameras is a home."""
    assert await try_all(FakeSenses(), []) == []


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


# The account of a running home


@pytest.fixture
async def running(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """A home with two cameras that is watched."""
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


NEW_ACCOUNT = (ACCOUNT[0], "new")


async def check(entry: MockConfigEntry, account: tuple[str, str] | None = NEW_ACCOUNT) -> Any:
    """Check an account."""
    return await async_check_account(entry, account)


def logins(senses: FakeSenses) -> int:
    """Count the sessions that were opened to try the new account."""
    tried = [session for session in senses.sessions if session.account == NEW_ACCOUNT]
    assert all(session.closed for session in tried)
    return len(tried)


def add(hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses, many: int) -> None:
    """Have some more cameras watched."""
    for number in range(30, 30 + many):
        host, mac = f"192.168.1.{number}", f"02:00:00:00:00:{number}"
        one = replace(found("garden", host), mac=mac)
        senses.cameras[host] = FakeCamera(found=one)
        trial = Trial(host=host, outcome=Outcome.OK, found=one)
        hass.config_entries.async_add_subentry(entry, new_subentry(trial))


async def test_one_camera_that_accepts_is_enough(
    running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Another may hold an old password; that is its own affair."""
    for refusing, accepting in (("garden", "shed"), ("shed", "garden")):
        senses.camera(refusing).reading, senses.camera(accepting).reading = REFUSED, WELL
        assert (await check(running)).outcome is Outcome.OK
    # Whichever came first, the one that accepted was the last to be asked.
    assert logins(senses) == 3


async def test_no_more_than_a_few_cameras_are_asked(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """A wrong password must not be counted by every camera of a large house."""
    add(hass, running, senses, 6)
    await hass.async_block_till_done(wait_background_tasks=True)
    for camera in senses.cameras.values():
        camera.reading = REFUSED
    assert (await check(running)).outcome is Outcome.PASSWORD_REFUSED
    assert logins(senses) == 3


async def test_one_that_does_not_talk_does_not_outdo_a_refusal(
    running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Else a wrong password would be stored because the last camera hung."""
    senses.camera("garden").reading = REFUSED
    senses.camera("shed").reading = Reading(result=LoginResult.TIMEOUT)
    assert (await check(running)).outcome is Outcome.PASSWORD_REFUSED
    senses.camera("garden").reading = Reading(result=LoginResult.TIMEOUT)
    assert (await check(running)).outcome is Outcome.LOGIN_UNANSWERED


async def test_a_lock_is_met_once_and_then_waited_for(
    running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Five presses of a button were five logins on each camera that was locked."""
    for camera in senses.cameras.values():
        camera.reading = LOCKED
    for number in (1, 2, 2, 2, 2):
        trial = await check(running)
        assert trial.outcome is Outcome.LOCKED
        assert trial.minutes_locked == "3"
        assert logins(senses) == number


async def test_another_device_at_the_address_is_not_told_the_password(
    running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Addresses wander; what sits at the garden's now may be anybody's."""
    for name in HOSTS:
        stranger = replace(found(name), mac="02:00:00:00:00:99", device_id="a stranger")
        senses.camera(name).found = stranger
    assert await check(running) is None
    assert logins(senses) == 0


async def test_a_person_does_not_wait_for_a_house_full_of_strangers(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Each camera that has to be identified first takes seconds, and there may be two hundred."""
    add(hass, running, senses, 6)
    await hass.async_block_till_done(wait_background_tasks=True)
    for host, camera in senses.cameras.items():
        camera.found = replace(found("garden", host), mac="02:00:00:00:00:99")
    asked = []
    ask = senses.ask

    async def count(host: str, *, wait_s: float) -> Answers:
        asked.append(host)
        return await ask(host, wait_s=wait_s)

    senses.ask = count  # type: ignore[method-assign]
    assert await check(running) is None
    assert len(set(asked)) == 3


async def test_a_camera_that_is_away_takes_nobodys_place(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """Three that are off must not keep the fourth from being asked."""
    add(hass, running, senses, 4)
    await hass.async_block_till_done(wait_background_tasks=True)
    cameras = list(running.runtime_data.cameras.values())
    for camera in cameras[:-1]:
        camera.chart.presence = Presence(here=False)
    assert (await check(running)).host == cameras[-1].chart.target.host


async def test_a_camera_that_shall_not_be_logged_in_to_is_not_asked(
    hass: HomeAssistant, running: MockConfigEntry, senses: FakeSenses
) -> None:
    """That is the owner's wish, whoever types a password."""
    for subentry in running.subentries.values():
        data = {**subentry.data, "log_in": False}
        hass.config_entries.async_update_subentry(running, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await check(running) is None
    assert logins(senses) == 0


async def test_nobody_is_asked_about_no_account(
    running: MockConfigEntry, senses: FakeSenses
) -> None:
    """There is nothing to try."""
    before = len(senses.sessions)
    assert await check(running, None) is None
    assert len(senses.sessions) == before


async def test_a_home_that_does_not_run_asks_nobody(entry: MockConfigEntry) -> None:
    """It cannot know which cameras are locked."""
    assert await check(entry) is None


def test_a_target_is_the_same_wherever_its_login_was_learnt() -> None:
    """Learning how to speak to a camera must not look like a move."""
    assert Target(host=GARDEN, connection={"login_version": 3}) == Target(host=GARDEN)
