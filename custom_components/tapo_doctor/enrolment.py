"""Taking a camera into care: what came of trying it, in a word, and what is stored of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_HOST, CONF_MAC, CONF_MODEL
from homeassistant.helpers import translation
from homeassistant.helpers.device_registry import format_mac
from homeassistant.util import dt as dt_util

from .const import (
    CONF_CONNECTION,
    CONF_CONTROL_PORT,
    CONF_LOCKED_UNTIL,
    CONF_LOG_IN,
    CONF_REFUSED,
    DEFAULT_CONTROL_PORT,
    DOMAIN,
    SUBENTRY_CAMERA,
)
from .doctor.evidence import LoginResult

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from datetime import datetime

    from homeassistant.config_entries import ConfigEntry, ConfigSubentryData
    from homeassistant.core import HomeAssistant

    from .probes.findings import Found, Reading


class Outcome(StrEnum):
    """What came of trying a camera."""

    OK = "ok"
    WITHOUT_LOGIN = "without_login"
    """Nobody gave an account."""
    NOT_TRIED = "not_tried"
    """Another camera had just refused the login."""
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
# What a camera is not logged in to for until a person enters the account again. One that was
# spared counts as if it had refused: it would be tried with the same password otherwise.
_REFUSED = {
    Outcome.THIRD_PARTY_OFF: LoginResult.REJECTED,
    Outcome.PASSWORD_REFUSED: LoginResult.REJECTED,
    Outcome.NOT_TRIED: LoginResult.REJECTED,
    Outcome.LOCKED: LoginResult.LOCKED,
    Outcome.UNSUPPORTED: LoginResult.UNSUPPORTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A camera that was tried."""

    host: str
    outcome: Outcome
    found: Found | None = None
    reading: Reading | None = None
    port: int = DEFAULT_CONTROL_PORT
    locked_until: datetime | None = None

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
    def minutes_locked(self) -> str:
        """Whole minutes until its lock is over; empty where there is none."""
        if self.locked_until is None:
            return ""
        left = (self.locked_until - dt_util.utcnow()).total_seconds()
        return str(max(1, math.ceil(left / 60)))

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
            CONF_LOG_IN: True,
            CONF_REFUSED: refused.value if (refused := _REFUSED.get(self.outcome)) else None,
            CONF_LOCKED_UNTIL: self.locked_until.isoformat() if self.locked_until else None,
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


async def async_describe(hass: HomeAssistant, trials: Iterable[Trial]) -> str:
    """Say in the home's language what came of the trials, one line each."""
    words = await translation.async_get_translations(
        hass, hass.config.language, "selector", {DOMAIN}
    )
    lines = []
    for trial in trials:
        text = words[f"component.{DOMAIN}.selector.outcome.options.{trial.outcome}"]
        text = text.replace("{minutes}", trial.minutes_locked)
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
