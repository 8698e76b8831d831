"""Trying cameras and accounts, at the price of as few logins as can be."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntryState
from homeassistant.util import dt as dt_util

from .const import DEFAULT_CONTROL_PORT, MOST_AT_ONCE, SEARCH_S
from .doctor.evidence import LoginResult
from .doctor.logins import LoginGate
from .enrolment import ADDABLE, Outcome, Trial, is_watched
from .probes.findings import Hello, Target

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .home import TapoDoctorConfigEntry
    from .probes.findings import Found, Reading
    from .probes.network import Senses

type Account = tuple[str, str]

# What one camera has answered so the next one is likely to answer, and to count.
_SPEAKS_AGAINST = frozenset({Outcome.PASSWORD_REFUSED, Outcome.LOCKED})
# Enough to tell a wrong password from one camera that holds an old one.
_MOST_ASKED = 3
# The device lets everybody in up to here and then answers every question with this: the
# switch for third-party services. A wrong password fails earlier, with the same code in the
# older login.
_SESSION_REFUSED = -40401
_EARLIER = "trying handshake"


async def async_try(
    senses: Senses,
    host: str,
    account: Account | None,
    *,
    watched: Container[str] = (),
    found: Found | None = None,
    port: int | None = None,
    locked_until: datetime | None = None,
) -> Trial:
    """Find out what is at an address, and whether it accepts the account; one login at most.

    `locked_until` is what it has said before: until then there is no login at all.
    """
    if found is None:
        found = (await senses.ask(host, wait_s=SEARCH_S)).at(host)
    if port is None:
        port = found.control_port if found else DEFAULT_CONTROL_PORT
    if host in watched or (found is not None and is_watched(found, watched)):
        return Trial(host=host, outcome=Outcome.ALREADY_WATCHED, found=found, port=port)
    if found is not None and not found.is_camera:
        return Trial(host=host, outcome=Outcome.NOT_A_CAMERA, found=found, port=port)
    target = Target(host=host, port=port, connection=found.connection if found else None)
    if found is None:
        look = await senses.service(target, stream=False)
        if look.hello is not Hello.OK:
            silent = look.hello is None or look.hello is Hello.SILENT
            outcome = Outcome.NO_ANSWER if silent else Outcome.NOT_A_CAMERA
            return Trial(host=host, outcome=outcome, port=port)
    nothing = Trial(host=host, outcome=Outcome.WITHOUT_LOGIN, found=found, port=port)
    if locked_until is not None and dt_util.utcnow() < locked_until:
        return replace(nothing, outcome=Outcome.LOCKED, locked_until=locked_until)
    if account is None:
        return nothing
    trial = await _async_log_in(senses, target, account, found)
    if trial.mac is not None and trial.mac in watched:
        return replace(nothing, outcome=Outcome.ALREADY_WATCHED)
    return trial


async def _async_log_in(
    senses: Senses, target: Target, account: Account, found: Found | None
) -> Trial:
    if found is not None and found.connection is None:
        return Trial(host=target.host, outcome=Outcome.UNSUPPORTED, found=found, port=target.port)
    session = senses.session(target, *account)
    try:
        reading = await session.read()
    finally:
        await session.close()
    return Trial(
        host=target.host,
        outcome=_outcome(reading, known_camera=found is not None),
        found=found,
        reading=reading,
        port=target.port,
        locked_until=_lock_end(reading),
    )


def _lock_end(reading: Reading) -> datetime | None:
    """Say until when a camera must be left alone, by the rule that holds for all logins."""
    if reading.result is not LoginResult.LOCKED:
        return None
    gate = LoginGate().after(
        reading.result,
        dt_util.utcnow(),
        host="",
        firmware=None,
        locked_for_s=reading.locked_for_s,
    )
    return gate.not_before


def _outcome(reading: Reading, *, known_camera: bool) -> Outcome:
    match reading.result:
        case LoginResult.OK:
            return Outcome.OK
        case LoginResult.LOCKED:
            return Outcome.LOCKED
        case LoginResult.UNSUPPORTED:
            return Outcome.UNSUPPORTED
        case LoginResult.REJECTED | LoginResult.SESSION_LOST:
            inside = _EARLIER not in (reading.text or "")
            refused = reading.code == _SESSION_REFUSED and inside
            return Outcome.THIRD_PARTY_OFF if refused else Outcome.PASSWORD_REFUSED
        case _:
            # It greets, but does not talk like a camera: unless it said by itself that it
            # is one, it is something else, such as a router's own page.
            return Outcome.LOGIN_UNANSWERED if known_camera else Outcome.NOT_A_CAMERA


async def async_try_all(
    senses: Senses,
    hosts: Iterable[str],
    account: Account | None,
    *,
    watched: set[str],
    found: dict[str, Found],
    locks: dict[str, datetime],
) -> list[Trial]:
    """Try several; after a first refusal of the login the others are spared a failed one.

    `locks` is who has said until when it is locked; it is kept up to date.
    """
    slots = asyncio.Semaphore(MOST_AT_ONCE)

    async def trial_of(host: str, account: Account | None) -> Trial:
        async with slots:
            trial = await async_try(
                senses,
                host,
                account,
                watched=watched,
                found=found.get(host),
                locked_until=locks.get(host),
            )
        if trial.locked_until is not None:
            locks[host] = trial.locked_until
        return trial

    trials: list[Trial] = []
    waiting = list(hosts)
    refused = False
    while waiting and account is not None and not refused and not _accepted(trials):
        trial = await trial_of(waiting.pop(0), account)
        trials.append(trial)
        # A lock that was known was not met again, and says nothing about this account.
        refused = trial.reading is not None and trial.outcome in _SPEAKS_AGAINST
    rest = await asyncio.gather(*(trial_of(host, None if refused else account) for host in waiting))
    return _once_each([*trials, *(_spared(trial) if refused else trial for trial in rest)])


def _spared(trial: Trial) -> Trial:
    spared = trial.outcome is Outcome.WITHOUT_LOGIN
    return replace(trial, outcome=Outcome.NOT_TRIED) if spared else trial


def _accepted(trials: list[Trial]) -> bool:
    return any(trial.outcome is Outcome.OK for trial in trials)


def _once_each(trials: list[Trial]) -> list[Trial]:
    """Keep the first of several addresses with one identity, and say so of the others."""
    seen: set[str] = set()
    result = []
    for trial in trials:
        again = trial.outcome in ADDABLE and trial.mac is not None and trial.mac in seen
        if again:
            result.append(
                Trial(host=trial.host, outcome=Outcome.ALREADY_WATCHED, found=trial.found)
            )
            continue
        if trial.mac is not None:
            seen.add(trial.mac)
        result.append(trial)
    return result


async def async_check_account(
    entry: TapoDoctorConfigEntry, account: Account | None
) -> Trial | None:
    """Ask a few cameras whether they accept an account; None where none could be asked."""
    if account is None or entry.state is not ConfigEntryState.LOADED:
        return None
    cameras = tuple(entry.runtime_data.cameras.values())
    ready = [
        camera
        for camera in cameras
        if camera.readings.login_wanted and camera.readings.locked_for_s is None
    ]
    told: list[Trial] = []
    # Also one that then may not be asked has taken its time, and a person is waiting.
    for camera in ready[:_MOST_ASKED]:
        if (reading := await camera.readings.async_try_account(account)) is None:
            continue
        trial = Trial(
            host=camera.chart.target.host,
            outcome=_outcome(reading, known_camera=True),
            reading=reading,
            locked_until=_lock_end(reading),
        )
        told.append(trial)
        if trial.outcome in {Outcome.OK, Outcome.LOCKED}:
            return trial
    # One that does not answer as it should has said nothing; it does not outdo a refusal.
    refusals = [trial for trial in told if trial.outcome is not Outcome.LOGIN_UNANSWERED]
    return next(iter([*refusals, *told]), None) or _first_unlocked(cameras)


def _first_unlocked(cameras: Iterable[CameraCoordinator]) -> Trial | None:
    """Say when the first of those that may not be asked may be; None where none is locked."""
    locks = [
        (seconds, camera.chart.target.host)
        for camera in cameras
        if camera.readings.login_wanted and (seconds := camera.readings.locked_for_s) is not None
    ]
    if not locks:
        return None
    seconds, host = min(locks)
    end = dt_util.utcnow() + timedelta(seconds=seconds)
    return Trial(host=host, outcome=Outcome.LOCKED, locked_until=end)
