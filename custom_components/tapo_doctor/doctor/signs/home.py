"""The home: Home Assistant's own link, the gateway, the internet."""

from typing import TYPE_CHECKING, Final

from ..evidence import Gateway, Link, Passage
from ..sign import NOTHING, Sign
from .reach import Contact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..evidence import Evidence
    from ..sign import Found

# A router needs minutes after its first ping until Wi-Fi, leases and all its clients are there.
JUST_BACK_MIN: Final = 5
# The camera may be missed somewhat earlier or later than the router that took it along.
_TOGETHER_MIN: Final = 15


def look(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Judge the home first: one finding about it explains every camera."""
    site = evidence.site
    if site.own_network is Link.DOWN:
        yield Sign.OWN_NETWORK_DOWN, NOTHING
    elif site.own_network is Link.OK:
        yield Sign.OWN_NETWORK_OK, NOTHING
    back = site.gateway_back_minutes_ago
    if site.gateway is Gateway.SILENT:
        yield Sign.GATEWAY_SILENT, NOTHING
    elif back is not None and back <= JUST_BACK_MIN:
        yield Sign.GATEWAY_JUST_BACK, {"minutes": round(back)}
    elif site.gateway is Gateway.REPLY and (back is None or back > _TOGETHER_MIN):
        yield Sign.GATEWAY_FINE, NOTHING
    if back is not None and back > JUST_BACK_MIN and _fell_with_it(evidence, back):
        yield Sign.LOST_WITH_ROUTER, {"minutes": round(back)}
    if site.internet is Link.DOWN and site.gateway is not Gateway.SILENT:
        yield Sign.INTERNET_DOWN, NOTHING
    if site.internet_for_camera is Passage.BLOCKED:
        yield Sign.CAMERA_BLOCKED, NOTHING
    elif site.internet_for_camera is Passage.ALLOWED and contact is not Contact.SILENT:
        yield Sign.CAMERA_ALLOWED, NOTHING


def _fell_with_it(evidence: Evidence, back: float) -> bool:
    gone = evidence.before.minutes_ago
    # Without a time of its own, an outage that goes on after the router's is taken for the same.
    return gone is None or back - _TOGETHER_MIN <= gone <= back + 4 * _TOGETHER_MIN
