"""The other devices at this home: who was lost too, who came back, who refuses."""

from typing import TYPE_CHECKING, Final

from ..evidence import App, Band, NeighbourKind, NeighbourState
from ..sign import NOTHING, Sign
from .home import JUST_BACK_MIN
from .login import failing
from .reach import Contact
from .service import half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..evidence import Evidence, Neighbour
    from ..sign import Found

# Polls of other integrations are slow, and devices time out one after another: what was lost
# within half an hour may be one event. A lamp in a drawer since last winter is none.
_TOGETHER_MIN: Final = 30
# What one event takes away is gone within the minutes that polls differ.
_SAME_MIN: Final = 3
# An update of one camera that ended a little while ago: the window's random range is two hours.
_WINDOW_MIN: Final = 120

_THINGS: Final = frozenset(
    {NeighbourKind.CAMERA, NeighbourKind.PLUG, NeighbourKind.OTHER_WIFI, None}
)


def look(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Compare this camera with its neighbours; their order means nothing."""
    neighbours = evidence.site.neighbours
    if not neighbours:
        return
    if contact is not Contact.ANSWERS:
        yield from _who_is_gone(evidence, neighbours)
    elif half_up(evidence):
        others = sum(_failed_with(other) for other in neighbours)
        # A dip of the mains may hang one camera and darken another.
        if others > 1:
            yield Sign.FAIL_TOGETHER, {"gone": others}
    yield from _siblings(evidence, neighbours, contact)
    if contact is Contact.ANSWERS and failing(evidence):
        yield from _who_refuses(neighbours)


def _count(neighbours: Iterable[Neighbour], *kinds: NeighbourKind) -> int:
    return sum(other.kind in kinds for other in neighbours)


def _gone_too(other: Neighbour) -> bool:
    lost = other.lost_minutes_before
    return other.state is NeighbourState.OFFLINE and (lost is None or abs(lost) <= _TOGETHER_MIN)


def _failed_with(other: Neighbour) -> bool:
    """Tell another camera that was lost in the same minutes in which this one ceased to serve."""
    return other.kind is NeighbourKind.CAMERA and _gone_too(other) and _same_minutes(other)


def _was_lost(other: Neighbour) -> bool:
    """Tell who is here again after having been lost about when this camera was."""
    if other.state is NeighbourState.OFFLINE:
        return False
    lost = other.lost_minutes_before
    return other.back_minutes_ago is not None if lost is None else abs(lost) <= _TOGETHER_MIN


def _who_is_gone(evidence: Evidence, neighbours: Sequence[Neighbour]) -> Iterator[Found]:
    things = [other for other in neighbours if other.kind in _THINGS]
    gone = [other for other in neighbours if _gone_too(other)]
    here = [other for other in neighbours if other.state in _PRESENT]
    back = [other for other in things if _was_lost(other)]
    stayed = [other for other in things if other.state in _PRESENT and other not in back]
    things_gone = [other for other in gone if other.kind in _THINGS]
    values = {"gone": len(gone), "back": len(back), "online": len(here)}
    if things_gone:
        yield _whole_or_part(evidence, gone, here, back, stayed), values
    elif back and _left_behind(evidence, back):
        yield Sign.OTHERS_BACK, values
    elif stayed and not back:
        yield Sign.ALONE, values
    together = [other for other in gone if _same_minutes(other)]
    if any(other in things_gone for other in together):
        yield Sign.LOST_TOGETHER, values
    if things_gone and any(other.band in _FAST for other in together):
        yield Sign.BOTH_BANDS_GONE, NOTHING
    if _count(gone, NeighbourKind.WIRED):
        yield Sign.WIRED_GONE, NOTHING
    if things_gone and any(_on_a_new_network(evidence, other) for other in [*stayed, *back]):
        yield Sign.NEW_NETWORK_LIVES, NOTHING


def _left_behind(evidence: Evidence, back: Sequence[Neighbour]) -> bool:
    """Tell whether it stayed away where the others came back: not while they are still coming.

    Where the app shows it, it came back as well, only not to us.
    """
    if evidence.now.app is App.WORKS:
        return False
    router = evidence.site.gateway_back_minutes_ago
    # Nobody has seen the router away: then the others tell how long it has been back.
    returns = [other.back_minutes_ago for other in back] if router is None else [router]
    return any(minutes is None or minutes > JUST_BACK_MIN for minutes in returns)


def _whole_or_part(
    evidence: Evidence,
    gone: Sequence[Neighbour],
    here: Sequence[Neighbour],
    back: Sequence[Neighbour],
    stayed: Sequence[Neighbour],
) -> Sign:
    """Tell how far the loss goes: everything, all Wi-Fi, all but phones, or a part."""
    if back:
        return Sign.PART_BACK
    if any(not _apart(evidence, other, gone) for other in stayed):
        return Sign.SOME_GONE
    if not here:
        return Sign.EVERYTHING_GONE
    on_air = [other for other in here if other.kind is not NeighbourKind.WIRED]
    if on_air and all(_elsewhere(evidence, other, gone) for other in on_air):
        return Sign.OWN_WIFI_GONE
    if _count(gone, NeighbourKind.PHONE) or not (stayed or _count(here, NeighbourKind.PHONE)):
        return Sign.ALL_WIFI_GONE
    return Sign.THINGS_GONE


_FAST: Final = frozenset({Band.GHZ_5, Band.GHZ_6})
_PRESENT: Final = frozenset({NeighbourState.ONLINE, NeighbourState.LOGIN_REFUSED})


def _apart(evidence: Evidence, other: Neighbour, gone: Sequence[Neighbour]) -> bool:
    """Tell whether a device that stayed lives on another network than what was lost."""
    if other.ssid is not None and _lost_networks(evidence, gone):
        return _elsewhere(evidence, other, gone)
    return other.band in {*_FAST, Band.WIRED}


def _elsewhere(evidence: Evidence, other: Neighbour, gone: Sequence[Neighbour]) -> bool:
    """Tell who is known to be on a network of another name than what was lost."""
    lost = _lost_networks(evidence, gone)
    return bool(lost) and other.ssid is not None and other.ssid not in lost


def _lost_networks(evidence: Evidence, gone: Sequence[Neighbour]) -> set[str]:
    names = (evidence.before.ssid, *(one.ssid for one in gone))
    return {name for name in names if name is not None}


def _same_minutes(other: Neighbour) -> bool:
    return other.lost_minutes_before is not None and abs(other.lost_minutes_before) <= _SAME_MIN


def _on_a_new_network(evidence: Evidence, other: Neighbour) -> bool:
    old = evidence.before.ssid
    return old is not None and other.ssid not in {None, old} and other.band in {None, Band.GHZ_2_4}


def _siblings(
    evidence: Evidence, neighbours: Sequence[Neighbour], contact: Contact
) -> Iterator[Found]:
    """Compare with cameras of the same model: the strongest separator in the reports."""
    camera = evidence.camera
    if camera.model is None:
        return
    same = [other for other in neighbours if other.model == camera.model]
    differ = [
        other
        for other in same
        if camera.firmware and other.firmware and other.firmware != camera.firmware
    ]
    fine = [other for other in same if other.state is NeighbourState.ONLINE]
    if contact is Contact.SILENT:
        if any(
            0 < (other.lost_minutes_before or 0) <= _WINDOW_MIN for other in differ if other in fine
        ):
            yield Sign.SIBLING_JUST_UPDATED, NOTHING
        elif any(other in fine and not _was_lost(other) for other in differ):
            yield Sign.SIBLING_OTHER_FIRMWARE_STEADY, NOTHING
    elif failing(evidence) and any(other in fine for other in differ):
        yield Sign.NEW_REFUSED_OLD_FINE, NOTHING
    if camera.firmware and any(other.firmware == camera.firmware for other in fine):
        yield Sign.SIBLING_SAME_FIRMWARE_FINE, NOTHING


def _who_refuses(neighbours: Sequence[Neighbour]) -> Iterator[Found]:
    cameras = [other for other in neighbours if other.kind is NeighbourKind.CAMERA]
    refusing = sum(other.state is NeighbourState.LOGIN_REFUSED for other in cameras)
    fine = sum(other.state is NeighbourState.ONLINE for other in cameras)
    if refusing:
        yield Sign.OTHERS_REFUSED_TOO, {"refusing": refusing, "online": fine}
    elif fine:
        yield Sign.ONLY_THIS_REFUSES, {"online": fine}
