"""What can be the matter with a silent Tapo camera: the causes, and the group each belongs to."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Group(StrEnum):
    """Where in the chain between Home Assistant and the lens a cause sits."""

    FINE = "fine"
    OFF_THE_AIR = "off_the_air"
    OUT_OF_REACH = "out_of_reach"
    LOGIN_REFUSED = "login_refused"
    DEGRADED = "degraded"
    NONE = "none"


class Cause(StrEnum):
    """The likely causes. Their keys are a contract: case files, states and words use them."""

    HEALTHY = "healthy"
    RESTARTING = "restarting"
    SWITCHED_OFF = "switched_off"
    ASLEEP = "asleep"
    WIFI_PASSWORD_CHANGED = "wifi_password_changed"
    BAND_MISMATCH = "band_mismatch"
    WEAK_SIGNAL = "weak_signal"
    ROUTER_DOWN = "router_down"
    POWER_SUPPLY = "power_supply"
    CAMERA_FROZEN = "camera_frozen"
    FIRMWARE_OUTDATED = "firmware_outdated"
    HARDWARE_FAULT = "hardware_fault"
    ADDRESS_CHANGED = "address_changed"
    ADDRESS_CONFLICT = "address_conflict"
    NETWORK_ISOLATION = "network_isolation"
    HOME_ASSISTANT_NETWORK = "home_assistant_network"
    THIRD_PARTY_ACCESS_OFF = "third_party_access_off"
    CREDENTIALS_REJECTED = "credentials_rejected"
    ACCOUNT_LOCKED = "account_locked"
    LOGIN_CHANGED_BY_FIRMWARE = "login_changed_by_firmware"
    COMPETING_CLIENTS = "competing_clients"
    INTEGRATION_FAULT = "integration_fault"
    STREAM_REFUSED = "stream_refused"
    INTERNET_BLOCKED = "internet_blocked"
    UNDETERMINED = "undetermined"

    @property
    def group(self) -> Group:
        """Tell the group, which decides how loudly a camera's entities complain."""
        return GROUPS[self]


_MEMBERS: Final[Mapping[Group, tuple[Cause, ...]]] = {
    Group.FINE: (Cause.HEALTHY, Cause.RESTARTING, Cause.SWITCHED_OFF, Cause.ASLEEP),
    Group.OFF_THE_AIR: (
        Cause.WIFI_PASSWORD_CHANGED,
        Cause.BAND_MISMATCH,
        Cause.WEAK_SIGNAL,
        Cause.ROUTER_DOWN,
        Cause.POWER_SUPPLY,
        Cause.CAMERA_FROZEN,
        Cause.FIRMWARE_OUTDATED,
        Cause.HARDWARE_FAULT,
    ),
    Group.OUT_OF_REACH: (
        Cause.ADDRESS_CHANGED,
        Cause.ADDRESS_CONFLICT,
        Cause.NETWORK_ISOLATION,
        Cause.HOME_ASSISTANT_NETWORK,
    ),
    Group.LOGIN_REFUSED: (
        Cause.THIRD_PARTY_ACCESS_OFF,
        Cause.CREDENTIALS_REJECTED,
        Cause.ACCOUNT_LOCKED,
        Cause.LOGIN_CHANGED_BY_FIRMWARE,
        Cause.COMPETING_CLIENTS,
        Cause.INTEGRATION_FAULT,
    ),
    Group.DEGRADED: (Cause.STREAM_REFUSED, Cause.INTERNET_BLOCKED),
    Group.NONE: (Cause.UNDETERMINED,),
}

GROUPS: Final[Mapping[Cause, Group]] = {
    cause: group for group, causes in _MEMBERS.items() for cause in causes
}
