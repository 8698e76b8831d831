"""The air between the camera and the access point."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ..evidence import Band, Ping, RouterListing
from ..sign import NOTHING, Sign
from .reach import Contact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..evidence import Evidence
    from ..sign import Found

# Where 2.4 GHz devices begin to drop frames (weak), and where a rainy day or a closed door is
# enough to get there (poor). The default of the home's option is the former.
WEAK_DBM: Final = -75
POOR_DBM: Final = -68
GOOD_DBM: Final = -64
# RSSI of a camera that stands still wanders by 3 to 5 dB: a fall is more than twice that.
_FALL_DB: Final = 8
# Nothing but another access point, or a new wall, takes 15 dB at once.
_DROP_DB: Final = 15
# A healthy home network loses next to nothing; TCP copes with some per cent.
_LOSSY_PERCENT: Final = 12
_CLEAN_PERCENT: Final = 3
_SLOW_MS: Final = 90
_FAINT_LEVEL: Final = 1


def look(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Say how well the camera was heard, and whether its network is there."""
    yield from _link(evidence, contact)
    yield from _level(evidence)
    yield from _scan(evidence)
    site, bands = evidence.site, evidence.camera.bands
    if site.router_lists_camera is RouterListing.ASSOCIATED:
        yield Sign.ASSOCIATED, NOTHING
    elif site.router_lists_camera is RouterListing.NOT_ASSOCIATED:
        yield Sign.NOT_ASSOCIATED, NOTHING
    if bands:
        if Band.WIRED in bands and len(bands) == 1:
            yield Sign.WIRED, NOTHING
        elif Band.GHZ_5 in bands:
            yield Sign.KNOWS_5GHZ, NOTHING
        elif Band.GHZ_2_4 in bands:
            yield Sign.ONLY_24GHZ, NOTHING


def lossy(evidence: Evidence) -> bool:
    """Tell a link that loses or delays so much that logins and pictures fail by it alone."""
    now = evidence.now
    return (now.loss_percent or 0) >= _LOSSY_PERCENT or (now.latency_ms or 0) >= _SLOW_MS


def _link(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    now = evidence.now
    if contact is not Contact.ANSWERS:
        return
    if lossy(evidence):
        yield Sign.LOSSY, {"loss": now.loss_percent, "latency": now.latency_ms}
    elif (
        now.ping is Ping.REPLY
        and now.loss_percent is not None
        and now.loss_percent <= _CLEAN_PERCENT
    ):
        yield Sign.CLEAN_LINK, NOTHING


def _level(evidence: Evidence) -> Iterator[Found]:
    levels = evidence.before.rssi_dbm
    if not levels:
        return
    last = levels[-1]
    values = {"dbm": last, "first_dbm": levels[0]}
    if last <= WEAK_DBM:
        yield Sign.SIGNAL_WEAK, values
    elif last <= POOR_DBM:
        yield Sign.SIGNAL_POOR, values
    elif last >= GOOD_DBM:
        yield Sign.SIGNAL_GOOD, values
    if last > POOR_DBM:
        return
    steps = [before - after for before, after in pairwise(levels)]
    if steps and max(steps) >= _DROP_DB:
        yield Sign.SIGNAL_DROPPED, values
    elif max(levels) - last >= _FALL_DB:
        yield Sign.SIGNAL_FALLING, values


def _scan(evidence: Evidence) -> Iterator[Found]:
    scan = evidence.site.scan
    if scan is None or scan.sees_ssid is None:
        return
    if not scan.sees_ssid:
        yield Sign.NETWORK_UNSEEN, NOTHING
    elif scan.level is not None and scan.level <= _FAINT_LEVEL:
        yield Sign.NETWORK_FAINT, {"level": scan.level}
    else:
        yield Sign.NETWORK_SEEN, NOTHING
