"""Says whether it answers, and whether it is the camera that answers."""

from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from ..evidence import (
    DiscoveryAnswer,
    History,
    Light,
    LoginResult,
    NeighbourTable,
    Ping,
    PortState,
    PowerSource,
    Site,
    Stream,
)
from ..sign import NOTHING, Sign
from .rhythm import collapses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..evidence import Camera, Evidence, Login
    from ..sign import Found

_SPOKEN_LOGINS: Final = frozenset(
    {
        LoginResult.OK,
        LoginResult.REJECTED,
        LoginResult.LOCKED,
        LoginResult.UNSUPPORTED,
        LoginResult.SESSION_LOST,
    }
)
_SPOKEN_STREAMS: Final = frozenset(
    {Stream.OK, Stream.ASKS_LOGIN, Stream.REJECTED, Stream.REFUSED, Stream.NO_SLOT}
)
# What an operating system says when nobody takes the packets.
_NO_ROUTE: Final = ("no route to host", "unreachable", "timed out", "errno 113", "errno 110")
# A word in the network's name that routers of many makes and languages give to their guests.
_GUESTS: Final = ("guest", "gast", "gäst", "invit", "ospit", "gość", "vieras", "gost")


# Tapo's battery series, by the beginning of the model's name.
_BATTERY_MODELS: Final = ("C40", "C41", "C42", "C46", "C61", "C66", "D21", "D23", "TC82")


class Contact(Enum):
    """Whether the camera itself answers at the address on file."""

    ANSWERS = auto()
    SILENT = auto()
    ELSEWHERE = auto()
    STRANGER = auto()
    UNKNOWN = auto()


def on_battery(camera: Camera) -> bool:
    """Tell a camera that sleeps between visits, by what is known of it or by its series."""
    if camera.power is not None:
        return camera.power is PowerSource.BATTERY
    return (camera.model or "").upper().startswith(_BATTERY_MODELS)


def contact_of(evidence: Evidence) -> Contact:
    """Merge ping, ports, neighbour table, discovery, login and stream into one finding."""
    now = evidence.now
    where = now.discovery.answer if now.discovery else None
    if where is DiscoveryAnswer.OTHER_ADDRESS:
        return Contact.ELSEWHERE
    if now.neighbour_table is NeighbourTable.OTHER:
        return Contact.STRANGER
    login = now.login
    ports = set((now.ports or {}).values())
    # A radio that stays up while the camera sleeps echoes, and refuses what is asked (HATC#1422).
    battery = on_battery(evidence.camera)
    awake = {PortState.OPEN} if battery else {PortState.OPEN, PortState.REFUSED}
    if (
        (now.ping is Ping.REPLY and not (battery and ports))
        or where is DiscoveryAnswer.SAME_ADDRESS
        or now.stream in _SPOKEN_STREAMS
        or (login is not None and (login.result in _SPOKEN_LOGINS or login.worked_when_repeated))
        or not ports.isdisjoint(awake)
    ):
        return Contact.ANSWERS
    return Contact.SILENT if _failed_layers(evidence) else Contact.UNKNOWN


def _failed_layers(evidence: Evidence) -> int:
    """Count the independent looks that found nothing."""
    now = evidence.now
    return sum(
        (
            now.ping in {Ping.SILENT, Ping.UNREACHABLE},
            bool(now.ports),
            _nobody_there(now.login),
            now.discovery is not None and now.discovery.answer is DiscoveryAnswer.NONE,
            now.neighbour_table is NeighbourTable.ABSENT,
            # A covered lens gives no picture either.
            now.stream is Stream.SILENT and not now.privacy_mode,
        )
    )


def _nobody_there(login: Login | None) -> bool:
    """Tell a login that found nobody: it is a look like a ping, no word of the camera's."""
    if login is None or login.result not in {LoginResult.TIMEOUT, LoginResult.ERROR}:
        return False
    text = (login.text or "").lower()
    return login.result is LoginResult.TIMEOUT or any(words in text for words in _NO_ROUTE)


def is_guest_network(ssid: str) -> bool:
    """Whether a network's name says that it is for guests."""
    return any(word in ssid.lower() for word in _GUESTS)


def look(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Say who answers, and from where."""
    now = evidence.now
    match contact:
        case Contact.ANSWERS:
            yield Sign.ANSWERS, NOTHING
            if _without_pause(evidence):
                yield Sign.STEADY, NOTHING
        case Contact.ELSEWHERE:
            yield Sign.ELSEWHERE, NOTHING
        case Contact.STRANGER:
            same = now.discovery and now.discovery.answer is DiscoveryAnswer.SAME_ADDRESS
            yield Sign.TWO_AT_ONE_ADDRESS if same else Sign.STRANGER, NOTHING
        case Contact.SILENT:
            layers = _failed_layers(evidence)
            yield Sign.GONE if layers > 1 else Sign.ONE_PROBE_FAILED, {"probes": layers}
            if now.neighbour_table is NeighbourTable.OWN:
                yield Sign.ON_THE_LINK, NOTHING
            if now.discovery and now.discovery.answer is DiscoveryAnswer.NONE:
                yield Sign.SEARCH_IN_VAIN, NOTHING
            if _nothing_else_known(evidence):
                yield Sign.ONLY_SILENCE, NOTHING
            if now.ping is Ping.UNREACHABLE or PortState.UNREACHABLE in (now.ports or {}).values():
                yield Sign.NO_ROUTE, NOTHING
    yield from _network(evidence)


def _nothing_else_known(evidence: Evidence) -> bool:
    """Tell a silence behind which nobody has looked: neither at the home nor at the camera."""
    now, power = evidence.now, evidence.power
    counted = History(
        outages_24h=evidence.history.outages_24h, outages_7d=evidence.history.outages_7d
    )
    # That we ourselves are well tells nothing of the camera.
    around = replace(evidence.site, own_network=None, internet=None)
    looked = (now.neighbour_table, now.light, now.app, now.login and now.login.text, power.switch)
    return (
        around == Site()
        and not power.watts
        and evidence.before.ever_worked is not False
        and evidence.history == counted
        and all(found is None for found in looked)
    )


def _without_pause(evidence: Evidence) -> bool:
    """Tell whether nothing hints at restarts in between: then a camera that answers has power."""
    return not (
        evidence.now.sound_of_restarting
        or (evidence.history.outages_24h or 0) > 1
        or (evidence.history.outages_7d or 0) > 1
        or evidence.now.light is Light.SOLID_RED
        or collapses(evidence.power.watts or (), evidence.power.usual_watts)
    )


def _network(evidence: Evidence) -> Iterator[Found]:
    discovery, ssid = evidence.now.discovery, evidence.before.ssid
    if discovery is None:
        return
    if discovery.factory_default:
        yield Sign.FACTORY_STATE, NOTHING
    if discovery.ssid and ssid and discovery.ssid != ssid:
        yield Sign.OTHER_NETWORK, {"ssid": discovery.ssid, "old_ssid": ssid}
    if discovery.ssid and is_guest_network(discovery.ssid):
        yield Sign.GUEST_NETWORK, {"ssid": discovery.ssid}
