"""The switchboard's labels: what can go wrong in the home, as one table."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fault(StrEnum):
    """Everything that can be put on, and taken off, at any time and in any combination."""

    POWER_CUT = "power_cut"
    BOOT_LOOP = "boot_loop"
    WIFI_WRONG_PASSWORD = "wifi_wrong_password"
    VANISHED = "vanished"
    WEAK_SIGNAL = "weak_signal"
    FADING_SIGNAL = "fading_signal"
    MOVED = "moved"
    OTHER_IDENTITY = "other_identity"
    LOGIN_REFUSED = "login_refused"
    THIRD_PARTY_OFF = "third_party_off"
    LOGIN_CHANGED_BY_FIRMWARE = "login_changed_by_firmware"
    LOCKED = "locked"
    HUNG_OPEN = "hung_open"
    HUNG_CLOSED = "hung_closed"
    RTSP_DOWN = "rtsp_down"
    SLOW = "slow"
    TLS_GARBAGE = "tls_garbage"
    ACCEPT_RESET = "accept_reset"
    JSON_GARBAGE = "json_garbage"
    JSON_TRUNCATED = "json_truncated"
    JSON_ODD = "json_odd"
    RESET_MID = "reset_mid"
    HTTP500 = "http500"
    REDIRECT = "redirect"
    TEN_MEGABYTES = "ten_megabytes"
    NOTHING = "nothing"
    NOT_A_CAMERA = "not_a_camera"
    SESSION_FLAP = "session_flap"
    TAG_BROKEN = "tag_broken"
    NO_DISCOVERY = "no_discovery"
    DISCOVERY_GARBAGE = "discovery_garbage"
    PLUG_DEAD = "plug_dead"
    AP_DOWN = "ap_down"
    SSID_GONE = "ssid_gone"
    ROUTER_DOWN = "router_down"
    INTERNET_DOWN = "internet_down"
    MAINS_DOWN = "mains_down"


class Kind(StrEnum):
    """What a fault can befall."""

    CAMERA = "camera"
    PLUG = "plug"
    SITE = "site"


CAMERA: Final = frozenset({Kind.CAMERA})
PLUG: Final = frozenset({Kind.PLUG})
SITE: Final = frozenset({Kind.SITE})
DEVICES: Final = CAMERA | PLUG


@dataclass(frozen=True, slots=True)
class Row:
    """One fault: on what, in words, its options, and whether cutting the power cures it."""

    kinds: frozenset[Kind]
    words: str
    options: Mapping[str, Any] = field(default_factory=dict)
    power_cycle_cures: bool = False


TABLE: Final[Mapping[Fault, Row]] = {
    Fault.POWER_CUT: Row(DEVICES, "its adapter is dead: silent, 0 W"),
    Fault.BOOT_LOOP: Row(
        CAMERA,
        "it restarts for ever, on the air for `up` of every `period` seconds",
        {"period": 20.0, "up": 0.0},
    ),
    Fault.WIFI_WRONG_PASSWORD: Row(
        DEVICES | SITE, "the Wi-Fi password was changed: silent, watts of a search"
    ),
    Fault.VANISHED: Row(DEVICES, "off the air for no reason: silent at normal watts"),
    Fault.WEAK_SIGNAL: Row(
        DEVICES,
        "on the edge of the Wi-Fi: packets are lost and late",
        {"rssi": -86, "loss": 0.15, "delay": 0.08},
    ),
    Fault.FADING_SIGNAL: Row(
        DEVICES,
        "the signal falls to `to` dBm within `seconds`; the losses grow, below -92 it is gone",
        {"to": -94, "seconds": 300.0},
    ),
    Fault.MOVED: Row(
        DEVICES,
        "a new address (`host`, or the next free one); the old one is silent",
        {"host": ""},
    ),
    Fault.OTHER_IDENTITY: Row(
        DEVICES,
        "another device answers at its address",
        {"mac": "", "device_id": ""},
    ),
    Fault.LOGIN_REFUSED: Row(
        DEVICES,
        "its password is another one now; `keep_sessions` lets old logins live on",
        {"keep_sessions": False, "password": "changed elsewhere"},
    ),
    Fault.THIRD_PARTY_OFF: Row(
        DEVICES,
        "third-party compatibility is off; `style` confirm or http500 (plugs: TPAP and 403)",
        {"style": "confirm"},
    ),
    Fault.LOGIN_CHANGED_BY_FIRMWARE: Row(
        CAMERA,
        "an update changed the login (-40211); `firmware` is what it calls itself since",
        {"firmware": "1.5.0 Build 261101 Rel.50000n"},
    ),
    Fault.LOCKED: Row(CAMERA, "too many failed logins: blocked for `seconds`", {"seconds": 1800.0}),
    Fault.HUNG_OPEN: Row(
        DEVICES,
        "frozen: ports accept, nothing ever answers",
        {"discovery": False},
        power_cycle_cures=True,
    ),
    Fault.HUNG_CLOSED: Row(
        DEVICES,
        "frozen: ports refuse; `rtsp` keeps the stream's port alive",
        {"discovery": False, "rtsp": False},
        power_cycle_cures=True,
    ),
    Fault.RTSP_DOWN: Row(CAMERA, "only the stream's port refuses", power_cycle_cures=True),
    Fault.SLOW: Row(DEVICES, "each answer takes `seconds`", {"seconds": 3.0}),
    Fault.TLS_GARBAGE: Row(CAMERA, "what should be TLS is noise"),
    Fault.ACCEPT_RESET: Row(DEVICES, "connections are accepted and reset"),
    Fault.JSON_GARBAGE: Row(DEVICES, "bytes that are no text"),
    Fault.JSON_TRUNCATED: Row(DEVICES, "half an answer, properly framed"),
    Fault.JSON_ODD: Row(DEVICES, "good JSON of a shape nobody expects"),
    Fault.RESET_MID: Row(DEVICES, "half an answer, then a reset"),
    Fault.HTTP500: Row(DEVICES, "every answer is HTTP 500"),
    Fault.REDIRECT: Row(DEVICES, "every answer sends elsewhere (302)"),
    Fault.TEN_MEGABYTES: Row(DEVICES, "every answer has ten megabytes"),
    Fault.NOTHING: Row(DEVICES, "every answer is empty"),
    Fault.NOT_A_CAMERA: Row(
        DEVICES, "an ordinary web server at this address and port, and no discovery"
    ),
    Fault.SESSION_FLAP: Row(
        CAMERA,
        "logins work, sessions never last; `style` json (-40401) or http401",
        {"style": "json"},
    ),
    Fault.TAG_BROKEN: Row(CAMERA, "it finds the tag of every request wrong"),
    Fault.NO_DISCOVERY: Row(DEVICES, "probes on UDP 20002 go unanswered"),
    Fault.DISCOVERY_GARBAGE: Row(DEVICES, "probes on UDP 20002 are answered with noise"),
    Fault.PLUG_DEAD: Row(
        PLUG, "the plug no longer answers; its relay stays as it is", power_cycle_cures=True
    ),
    Fault.AP_DOWN: Row(SITE, "the access point is down: all Wi-Fi devices are gone"),
    Fault.SSID_GONE: Row(
        SITE,
        "the network `ssid` (or all of the home's) is off the air: its devices are gone",
        {"ssid": ""},
    ),
    Fault.ROUTER_DOWN: Row(
        SITE,
        "the gateway is silent; with `all_in_one` the Wi-Fi too",
        {"all_in_one": True},
    ),
    Fault.INTERNET_DOWN: Row(SITE, "the gateway answers, what is behind it does not"),
    Fault.MAINS_DOWN: Row(SITE, "no power in the house"),
}


def options_for(fault: Fault, kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of a fault, the given ones in place of the table's; nonsense is refused."""
    row = TABLE[fault]
    if kind not in row.kinds:
        allowed = " or ".join(sorted(row.kinds))
        raise ValueError(f"{fault} is for a {allowed}, not for a {kind}")
    if unknown := sorted(set(given) - set(row.options)):
        known = ", ".join(row.options) or "none"
        raise ValueError(f"{fault} knows no option {', '.join(unknown)} (it knows: {known})")
    return {
        key: _like(value, given[key]) if key in given else value
        for key, value in row.options.items()
    }


def _like(pattern: Any, value: Any) -> Any:
    """Give the value in its pattern's type, so that a prompt's texts will do."""
    if isinstance(pattern, bool):
        return (
            value if isinstance(value, bool) else str(value).lower() in {"1", "true", "yes", "on"}
        )
    return type(pattern)(value)
