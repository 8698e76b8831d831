"""Planted secrets, and where each may be seen.

A test plants them in a home, lets things happen, and asks `leaks` whether a log, a state, a
download or a notice holds what it must not.
"""

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from . import fakes
from .fakes import FIRMWARE, HOSTS, MACS, WELL, FakeSenses, found

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from homeassistant.config_entries import ConfigSubentryDataWithId


class Kind(StrEnum):
    """What an owner would not want a stranger to read."""

    PASSWORD = "password"
    ACCOUNT = "account"
    TOKEN = "token"
    DEVICE_ID = "device_id"
    MAC = "mac"
    ADDRESS = "address"
    NETWORK = "network"


ACCOUNT: Final = ("planted.owner@example.org", "planted-Tr0ub4dor&3")
# As long as real ones, and of the same letters.
TOKEN: Final = "5f0ca0b1d9e27c4485f0ca0b1d9e27c4"
DEVICE_ID: Final = "8021FA5BC0DE9A7E8021FA5BC0DE9A7E8021FA5B"
NETWORK: Final = "Birchwood-planted"
ADDRESS: Final = HOSTS["garden"]
MAC: Final = "02:00:5e:0d:9a:21"

# In every spelling that a program might use; those of the tests' own home as well.
PLANTED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.PASSWORD: (ACCOUNT[1], fakes.ACCOUNT[1]),
    Kind.ACCOUNT: (ACCOUNT[0], "planted.owner", fakes.ACCOUNT[0]),
    Kind.TOKEN: (TOKEN,),
    Kind.DEVICE_ID: (DEVICE_ID, "id of garden", "id of shed"),
    Kind.MAC: tuple(
        mac.replace(":", between) for mac in (MAC, *MACS.values()) for between in (":", "-", "")
    ),
    Kind.ADDRESS: ("192.168.1.", "192-168-1-"),
    Kind.NETWORK: (NETWORK,),
}
# The owner sees the name of the network on the camera's page, in a sentence about it, and in
# their own notices; the registry links devices by their MAC. Nothing else goes anywhere.
STATES: Final = frozenset({Kind.NETWORK})
NOTICES: Final = frozenset({Kind.NETWORK})
LOG: Final[frozenset[Kind]] = frozenset()
DIAGNOSTICS: Final[frozenset[Kind]] = frozenset()


def leaks(text: object, allowed: Collection[Kind]) -> set[Kind]:
    """Return the kinds of secrets that stand somewhere where they must not."""
    shown = str(text).lower()
    return {
        kind
        for kind, spellings in PLANTED.items()
        if kind not in allowed and any(spelling.lower() in shown for spelling in spellings)
    }


def logged(lines: Iterable[Any], *loggers: str) -> str:
    """Put together what some loggers wrote, with everything that came with it."""
    chosen = [line for line in lines if not loggers or line.name.startswith(loggers)]
    return "\n".join(f"{line.getMessage()}\n{line.exc_text or ''}" for line in chosen)


def planted_subentry(subentry: ConfigSubentryDataWithId) -> ConfigSubentryDataWithId:
    """Plant the MAC in the settings of a camera."""
    return {**subentry, "unique_id": MAC, "data": {**subentry["data"], "mac": MAC}}


def plant(senses: FakeSenses) -> None:
    """Let the garden's camera tell the planted ones, and refuse with them in its words."""
    camera = senses.camera("garden")
    camera.found = replace(found("garden"), mac=MAC, device_id=DEVICE_ID, ssid=NETWORK)
    camera.reading = replace(WELL, mac=MAC, ssid=NETWORK, firmware=FIRMWARE)
