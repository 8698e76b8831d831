"""Everything that can be known about one camera at one moment.

Field for field the case format. `None` means "could not look" and is never read as "no"; an
empty tuple means "looked, and there was none".
"""

# The reader of cases resolves these hints while running, so nothing may hide behind TYPE_CHECKING.
from collections.abc import Mapping  # noqa: TC003
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from .codec import Between, ClockTime

type Percent = Annotated[float, Between(0, 100)]
type HoursAgo = Annotated[float, Between(0)]
type Minutes = Annotated[float, Between(0)]
type Count = Annotated[int, Between(0)]
type PortNumber = Annotated[int, Between(1, 65535)]
type Watts = Annotated[float, Between(0)]
type TimeOfDay = Annotated[str, ClockTime()]


class PowerSource(StrEnum):
    """What feeds the camera."""

    MAINS = "mains"
    BATTERY = "battery"


class Band(StrEnum):
    """A radio band, or the cable."""

    GHZ_2_4 = "2.4"
    GHZ_5 = "5"
    GHZ_6 = "6"
    WIRED = "wired"


class Ping(StrEnum):
    """Answer to an ICMP echo."""

    REPLY = "reply"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


class NeighbourTable(StrEnum):
    """Whose MAC Home Assistant's own system holds for the camera's address."""

    OWN = "own"
    OTHER = "other"
    ABSENT = "absent"


class PortState(StrEnum):
    """Answer to a TCP connect."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


class DiscoveryAnswer(StrEnum):
    """Where the camera answered a UDP 20002 search."""

    SAME_ADDRESS = "same_address"
    OTHER_ADDRESS = "other_address"
    NONE = "none"


class LoginResult(StrEnum):
    """Outcome of the last login with the Tapo account."""

    OK = "ok"
    REJECTED = "rejected"
    LOCKED = "locked"
    UNSUPPORTED = "unsupported"
    SESSION_LOST = "session_lost"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_TRIED = "not_tried"


class Stream(StrEnum):
    """Answer of the RTSP service."""

    OK = "ok"
    ASKS_LOGIN = "asks_login"
    REJECTED = "rejected"
    REFUSED = "refused"
    SILENT = "silent"
    NO_SLOT = "no_slot"
    NOT_TRIED = "not_tried"


class Integration(StrEnum):
    """State of the integration that people complain of."""

    LOADED = "loaded"
    RETRYING = "retrying"
    FAILED = "failed"


class Light(StrEnum):
    """The camera's light, told by a person."""

    BLINKING_RED = "blinking_red"
    SOLID_RED = "solid_red"
    RED_AND_GREEN = "red_and_green"
    SOLID_AMBER = "solid_amber"
    BLINKING_AMBER = "blinking_amber"
    SOLID_GREEN = "solid_green"
    BLINKING_GREEN = "blinking_green"
    OFF = "off"


class App(StrEnum):
    """What the Tapo app shows, told by a person."""

    WORKS = "works"
    OFFLINE = "offline"


class IpFrom(StrEnum):
    """Where the camera's address comes from."""

    DHCP = "dhcp"
    RESERVED = "reserved"
    STATIC = "static"


class RemedyKind(StrEnum):
    """Something that was tried."""

    POWER_CYCLE = "power_cycle"
    RELOAD = "reload"
    RESTART_HOME_ASSISTANT = "restart_home_assistant"
    RESTART_ROUTER = "restart_router"
    SET_UP_AGAIN = "set_up_again"
    CHANGE_PASSWORD = "change_password"
    FACTORY_RESET = "factory_reset"
    OTHER_ADAPTER = "other_adapter"
    OTHER_OUTLET = "other_outlet"
    FIRMWARE_UPDATE = "firmware_update"


class SwitchState(StrEnum):
    """State of the smart plug that powers the camera."""

    ON = "on"
    OFF = "off"
    UNAVAILABLE = "unavailable"


class SwitchedOffBy(StrEnum):
    """Who turned that plug off."""

    PERSON = "person"
    AUTOMATION = "automation"
    DOCTOR = "doctor"


class Adapter(StrEnum):
    """The power adapter in use, told by a person."""

    ORIGINAL = "original"
    OTHER = "other"


class Gateway(StrEnum):
    """Whether the home's gateway answers Home Assistant."""

    REPLY = "reply"
    SILENT = "silent"


class Link(StrEnum):
    """Whether a connection stands: Home Assistant's own, or the home's to the internet."""

    OK = "ok"
    DOWN = "down"


class Passage(StrEnum):
    """Whether the router lets the camera out to the internet, told by a person."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"


class ThirdPartyAccess(StrEnum):
    """The Tapo app's switch for third-party services, told by a person."""

    ON = "on"
    OFF = "off"
    MISSING = "missing"


class RouterListing(StrEnum):
    """What the router's list of Wi-Fi devices says of the camera."""

    ASSOCIATED = "associated"
    NOT_ASSOCIATED = "not_associated"


class NeighbourKind(StrEnum):
    """What another device at this home is."""

    CAMERA = "camera"
    PLUG = "plug"
    PHONE = "phone"
    WIRED = "wired"
    OTHER_WIFI = "other_wifi"


class NeighbourState(StrEnum):
    """How another device at this home is."""

    ONLINE = "online"
    OFFLINE = "offline"
    LOGIN_REFUSED = "login_refused"


class ClientState(StrEnum):
    """How another program that logs in to this camera fares."""

    WORKS = "works"
    FAILS = "fails"


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """The camera itself."""

    model: str | None = None
    hardware: str | None = None
    firmware: str | None = None
    firmware_changed: bool | None = None
    firmware_changed_hours_ago: HoursAgo | None = None
    update_available: bool | None = None
    power: PowerSource | None = None
    bands: tuple[Band, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Answer to a UDP 20002 search, which needs no login."""

    answer: DiscoveryAnswer | None = None
    ssid: str | None = None
    control_port: PortNumber | None = None
    factory_default: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The last login: message and code stand as they came from the library and the device."""

    result: LoginResult | None = None
    text: str | None = None
    code: int | None = None
    locked_for_s: float | None = None
    worked_when_repeated: bool | None = None
    failures_in_a_row: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What the probes, and a person in front of the camera, see at this moment."""

    local_time: TimeOfDay | None = None
    ping: Ping | None = None
    loss_percent: Percent | None = None
    latency_ms: float | None = None
    neighbour_table: NeighbourTable | None = None
    ports: Mapping[PortNumber, PortState] | None = None
    discovery: Discovery | None = None
    login: Login | None = None
    stream: Stream | None = None
    integration: Integration | None = None
    privacy_mode: bool | None = None
    clock_offset_s: float | None = None
    sd_recording: bool | None = None
    tapo_care: bool | None = None
    light: Light | None = None
    app: App | None = None
    sound_of_restarting: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The last time all was well. `rssi_dbm`: oldest first."""

    minutes_ago: Minutes | None = None
    ever_worked: bool | None = None
    rssi_dbm: tuple[float, ...] | None = None
    ssid: str | None = None
    ip_from: IpFrom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Something that was tried, and whether it helped."""

    remedy: RemedyKind | None = None
    helped: bool | None = None
    hours_ago: HoursAgo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened earlier, to the camera and around it."""

    outages_24h: Count | None = None
    outages_7d: Count | None = None
    median_outage_s: float | None = None
    same_time_of_day: bool | None = None
    planned_restart: TimeOfDay | None = None
    update_window: TimeOfDay | None = None
    credentials_changed_hours_ago: HoursAgo | None = None
    home_assistant_updated_hours_ago: HoursAgo | None = None
    network_changed_hours_ago: HoursAgo | None = None
    power_cut_hours_ago: HoursAgo | None = None
    home_assistant_restarted_hours_ago: HoursAgo | None = None
    integration_updated_hours_ago: HoursAgo | None = None
    flash_attempt_hours_ago: HoursAgo | None = None
    remedies: tuple[Remedy, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """The smart plug that powers the camera, and the adapter.

    `watts`: oldest first. `on_minutes_ago`: since the plug, which was off, was turned on.
    """

    switch: SwitchState | None = None
    on_minutes_ago: Minutes | None = None
    switched_off_by: SwitchedOffBy | None = None
    watts: tuple[Watts, ...] | None = None
    every_s: float | None = None
    usual_watts: Watts | None = None
    adapter: Adapter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A neighbour's 2.4 GHz Wi-Fi scan. `level`: 0 to 4, 4 the strongest."""

    by: str | None = None
    sees_ssid: bool | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another device at this home. `lost_minutes_before` is negative if it was lost later."""

    kind: NeighbourKind | None = None
    model: str | None = None
    firmware: str | None = None
    ssid: str | None = None
    band: Band | None = None
    state: NeighbourState | None = None
    lost_minutes_before: float | None = None
    back_minutes_ago: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherClient:
    """Another program that logs in to this camera."""

    name: str | None = None
    state: ClientState | None = None
    added_hours_ago: HoursAgo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The home around the camera."""

    gateway: Gateway | None = None
    gateway_back_minutes_ago: Minutes | None = None
    internet: Link | None = None
    own_network: Link | None = None
    internet_for_camera: Passage | None = None
    third_party_access: ThirdPartyAccess | None = None
    password_verified: bool | None = None
    two_step_verification: bool | None = None
    router_lists_camera: RouterListing | None = None
    scan: Scan | None = None
    neighbours: tuple[Neighbour, ...] | None = None
    other_clients: tuple[OtherClient, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All signs at one moment, by where they come from."""

    camera: Camera = field(default_factory=Camera)
    now: Now = field(default_factory=Now)
    before: Before = field(default_factory=Before)
    history: History = field(default_factory=History)
    power: Power = field(default_factory=Power)
    site: Site = field(default_factory=Site)
