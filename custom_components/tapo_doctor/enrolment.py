"""Taking a camera into care: trying it, and saying in a word what came of it."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_HOST, CONF_MAC, CONF_MODEL
from homeassistant.helpers import translation
from homeassistant.helpers.device_registry import format_mac

from .const import (
    CONF_CONNECTION,
    CONF_CONTROL_PORT,
    CONF_LOG_IN,
    DEFAULT_CONTROL_PORT,
    DOMAIN,
    SEARCH_S,
    SUBENTRY_CAMERA,
)
from .doctor.evidence import LoginResult
from .probes.findings import Hello, Target

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from homeassistant.config_entries import ConfigEntry, ConfigSubentryData
    from homeassistant.core import HomeAssistant

    from .home import TapoDoctorConfigEntry
    from .probes.findings import Found, Reading
    from .probes.network import Senses

type Account = tuple[str, str]


class Outcome(StrEnum):
    """What came of trying a camera."""

    OK = "ok"
    WITHOUT_LOGIN = "without_login"
    """Nobody gave an account, or another camera had just refused it."""
    THIRD_PARTY_OFF = "third_party_off"
    PASSWORD_REFUSED = "password_refused"  # noqa: S105
    LOCKED = "locked"
    UNSUPPORTED = "unsupported"
    NO_ANSWER = "no_answer"
    LOGIN_UNANSWERED = "login_unanswered"
    NOT_A_CAMERA = "not_a_camera"
    ALREADY_WATCHED = "already_watched"


# A camera that refuses can still be watched; what is none cannot, and what does not answer
# at all may just be off.
ADDABLE = frozenset(Outcome) - {Outcome.NOT_A_CAMERA, Outcome.ALREADY_WATCHED}
# Nothing was refused there.
_LOG_IN_LATER = frozenset(
    {Outcome.OK, Outcome.WITHOUT_LOGIN, Outcome.NO_ANSWER, Outcome.LOGIN_UNANSWERED}
)
# Enough to tell a wrong password from one camera that holds an old one.
_MOST_ASKED = 3
# The device lets everybody in up to here and then answers every question with this: the
# switch for third-party services. A wrong password fails earlier, with the same code in the
# older login.
_SESSION_REFUSED = -40401
_EARLIER = "trying handshake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A camera that was tried."""

    host: str
    outcome: Outcome
    found: Found | None = None
    reading: Reading | None = None
    port: int = DEFAULT_CONTROL_PORT

    @property
    def mac(self) -> str | None:
        """Its identity, as far as it told."""
        mac = self.found.mac if self.found else self.reading.mac if self.reading else None
        return None if mac is None else format_mac(mac)

    @property
    def title(self) -> str:
        """Its name in the Tapo app, or else its model and the end of its MAC address."""
        name = (self.reading.name if self.reading else None) or (
            self.found.name if self.found else None
        )
        if name:
            return name
        model = self.found.model if self.found else "Tapo"
        return f"{model} {self.mac[-5:].upper() if self.mac else self.host}"

    @property
    def minutes_locked(self) -> int:
        """Whole minutes until the lock ends; 30, the longest on record, if it did not say."""
        seconds = self.reading.locked_for_s if self.reading else None
        return 30 if seconds is None else math.ceil(seconds / 60)

    def subentry(self) -> ConfigSubentryData:
        """Put it into the form of the settings."""
        return {
            "subentry_type": SUBENTRY_CAMERA,
            "title": self.title,
            "unique_id": self.mac or self.host,
            "data": self.settings(),
        }

    def settings(self) -> dict[str, Any]:
        """Return the settings of a camera that is watched from now on."""
        reading, found = self.reading, self.found
        return {
            CONF_HOST: self.host,
            CONF_CONTROL_PORT: self.port,
            CONF_MAC: self.mac,
            CONF_MODEL: found.model if found else reading.model if reading else None,
            CONF_CONNECTION: dict(found.connection) if found and found.connection else None,
            CONF_LOG_IN: self.outcome in _LOG_IN_LATER,
        }


def read_address(text: str) -> str | None:
    """Return the address that a person has typed; None where no camera can live there."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    unfit = address.is_global or address.is_multicast or address.is_unspecified
    broadcast = str(address) == "255.255.255.255"
    return None if unfit or broadcast else str(address)


async def async_try(
    senses: Senses,
    host: str,
    account: Account | None,
    *,
    watched: Container[str] = (),
    found: Found | None = None,
    port: int | None = None,
) -> Trial:
    """Find out what is at an address, and whether it accepts the account; one login at most."""
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
    if account is None:
        return Trial(host=host, outcome=Outcome.WITHOUT_LOGIN, found=found, port=port)
    if found is not None and found.connection is None:
        return Trial(host=host, outcome=Outcome.UNSUPPORTED, found=found, port=port)
    session = senses.session(target, *account)
    try:
        reading = await session.read()
    finally:
        await session.close()
    outcome = _outcome(reading, known_camera=found is not None)
    trial = Trial(host=host, outcome=outcome, found=found, reading=reading, port=port)
    if trial.mac is not None and trial.mac in watched:
        return Trial(host=host, outcome=Outcome.ALREADY_WATCHED, found=found, port=port)
    return trial


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
) -> list[Trial]:
    """Try several; after a first refusal of the password the others are spared a failed login."""
    trials: list[Trial] = []
    waiting = list(hosts)
    while waiting and account is not None and not _accepted(trials):
        host = waiting.pop(0)
        trial = await async_try(senses, host, account, watched=watched, found=found.get(host))
        trials.append(trial)
        if trial.outcome in {Outcome.PASSWORD_REFUSED, Outcome.LOCKED}:
            account = None
    rest = await asyncio.gather(
        *(
            async_try(senses, host, account, watched=watched, found=found.get(host))
            for host in waiting
        )
    )
    return _once_each([*trials, *rest])


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


async def async_describe(hass: HomeAssistant, trials: Iterable[Trial]) -> str:
    """Say in the home's language what came of the trials, one line each."""
    words = await translation.async_get_translations(
        hass, hass.config.language, "selector", {DOMAIN}
    )
    lines = []
    for trial in trials:
        text = words[f"component.{DOMAIN}.selector.outcome.options.{trial.outcome}"]
        text = text.replace("{minutes}", str(trial.minutes_locked))
        lines.append(f"- **{trial.title}** ({trial.host}): {text}")
    return "\n".join(lines)


def watched(entry: ConfigEntry) -> set[str]:
    """Return the identities of all cameras that are watched."""
    return {subentry.unique_id for subentry in entry.subentries.values() if subentry.unique_id}


def is_watched(found: Found, known: Container[str]) -> bool:
    """Whether a device that answered is watched already.

    One that was added while it was off is known by its address alone.
    """
    return format_mac(found.mac) in known or found.host in known


def new_subentry(trial: Trial) -> ConfigSubentry:
    """Make the subentry of a camera that is added outside of a subentry flow."""
    data = trial.subentry()
    return ConfigSubentry(
        data=MappingProxyType(data["data"]),
        subentry_type=data["subentry_type"],
        title=data["title"],
        unique_id=data["unique_id"],
    )


async def async_check_account(
    entry: TapoDoctorConfigEntry, account: Account | None
) -> Trial | None:
    """Ask a few cameras whether they accept an account; None where none could be asked."""
    if account is None or entry.state is not ConfigEntryState.LOADED:
        return None
    home = entry.runtime_data
    ready = [camera for camera in home.cameras.values() if camera.may_be_asked]
    last = None
    for camera in ready[:_MOST_ASKED]:
        target = camera.chart.target
        session = home.senses.session(target, *account)
        try:
            reading = await session.read()
        finally:
            await session.close()
        last = Trial(
            host=target.host,
            outcome=_outcome(reading, known_camera=True),
            reading=reading,
        )
        if last.outcome is Outcome.OK:
            break
    return last
