"""Which of the camera's services answer, and how the picture does."""

from typing import TYPE_CHECKING, Final

from ..evidence import (
    App,
    DiscoveryAnswer,
    Integration,
    Light,
    LoginResult,
    Passage,
    PortState,
    Stream,
)
from ..sign import NOTHING, Sign
from .login import failed_once
from .ports import SIDE, STREAM, control_of, control_port
from .radio import lossy
from .reach import Contact, on_battery
from .rhythm import collapses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..evidence import Evidence
    from ..sign import Found

# Where the control service of C320WS 1.9.2 went (HomeAssistant-Tapo-Control#1414).
_NEW_CONTROL: Final = frozenset({10443, 20443, 28800})
# A clock that gets its time by network is right within seconds; two minutes are drift.
CLOCK_WRONG_S: Final = 120
_CLOCK_RIGHT_S: Final = 30

# A camera that was missed more often today is not well, even if it is there just now.
_OUTAGES_OF_A_GOOD_DAY: Final = 2

_STREAM_SIGNS: Final[Mapping[Stream, Sign]] = {
    Stream.OK: Sign.STREAM_OK,
    Stream.NO_SLOT: Sign.STREAM_NO_SLOT,
    Stream.REFUSED: Sign.STREAM_REFUSED,
    Stream.REJECTED: Sign.STREAM_REJECTED,
    Stream.SILENT: Sign.STREAM_SILENT,
}


def look(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Say which services live; of a camera that is gone or elsewhere nothing can be said."""
    if contact is Contact.ANSWERS:
        yield from _ports(evidence)
    if contact in {Contact.ANSWERS, Contact.UNKNOWN}:
        yield from _picture(evidence)
        yield from _well(evidence)
    now = evidence.now
    if now.privacy_mode and contact is not Contact.SILENT:
        yield Sign.LENS_COVERED, NOTHING
    if _blocked_but_well(evidence):
        yield Sign.BLOCKED_BUT_WELL, NOTHING
    if now.clock_offset_s is not None:
        offset = abs(now.clock_offset_s)
        if offset >= CLOCK_WRONG_S:
            yield Sign.CLOCK_WRONG, {"minutes": round(now.clock_offset_s / 60)}
        elif offset <= _CLOCK_RIGHT_S:
            yield Sign.CLOCK_RIGHT, NOTHING


def _ports(evidence: Evidence) -> Iterator[Found]:
    now = evidence.now
    ports = now.ports or {}
    discovery = now.discovery
    moved_to = discovery.control_port if discovery else None
    control, stream = control_of(ports), ports.get(STREAM)
    closed = control is not None and control is not PortState.OPEN
    if closed and (
        any(ports.get(port) is PortState.OPEN for port in _NEW_CONTROL)
        or moved_to not in {None, control_port(ports)}
    ):
        yield Sign.CONTROL_MOVED, NOTHING
    elif closed and (stream is PortState.OPEN or now.stream in {Stream.OK, Stream.ASKS_LOGIN}):
        yield Sign.CONTROL_DEAD_STREAM_ALIVE, NOTHING
    elif ports and all(state is PortState.REFUSED for state in ports.values()):
        yield Sign.PORTS_REFUSED, NOTHING
    elif closed and PortState.OPEN not in ports.values():
        yield Sign.PORTS_SILENT, NOTHING
    # Battery models have no such services at all.
    if not on_battery(evidence.camera):
        yield from _beside(ports)
    # A link that loses packets loses logins: then the silence is no second finding.
    # Nor does it tell more than a control port that does not open.
    open_door = (stream if control is None else control) is PortState.OPEN
    if open_door and _unanswered(evidence) and not lossy(evidence):
        yield Sign.DEAF, NOTHING
    if discovery and discovery.answer is DiscoveryAnswer.NONE:
        yield Sign.SEARCH_UNANSWERED, NOTHING
    elif discovery and discovery.answer is DiscoveryAnswer.SAME_ADDRESS:
        yield Sign.SEARCH_ANSWERED, NOTHING


def _beside(ports: Mapping[int, PortState]) -> Iterator[Found]:
    """Say which services are dead beside one that lives."""
    control, stream = control_of(ports), ports.get(STREAM)
    if control is PortState.OPEN and stream not in {None, PortState.OPEN}:
        yield Sign.STREAM_PORT_DEAD, NOTHING
    dead = [port for port in SIDE if ports.get(port) not in {None, PortState.OPEN}]
    if dead and PortState.OPEN in {control, stream}:
        yield Sign.SIDE_SERVICE_DEAD, {"port": dead[0]}


def half_up(evidence: Evidence) -> bool:
    """Tell a camera that is there while its control service is not: it starts, or it hangs."""
    control = control_of(evidence.now.ports or {})
    return control not in {None, PortState.OPEN} or _unanswered(evidence)


def _unanswered(evidence: Evidence) -> bool:
    """Tell logins that got no answer, not even when repeated; a lone one is a hiccup."""
    login = evidence.now.login
    return (
        login is not None
        and login.result is LoginResult.TIMEOUT
        and not login.worked_when_repeated
        and not failed_once(evidence)
    )


def _picture(evidence: Evidence) -> Iterator[Found]:
    now = evidence.now
    sign = _STREAM_SIGNS.get(now.stream) if now.stream else None
    # A covered lens explains a missing picture: HomeAssistant-Tapo-Control#861, #517.
    if sign is Sign.STREAM_OK or (sign is not None and not now.privacy_mode):
        yield sign, NOTHING
    if now.sd_recording and now.tapo_care and now.stream is not Stream.OK:
        yield Sign.CARE_AND_CARD, NOTHING
    elif now.sd_recording is False or now.tapo_care is False:
        yield Sign.STORAGES_FREE, NOTHING


def _well(evidence: Evidence) -> Iterator[Found]:
    """Say how the program fares that people complain of, seen against the camera itself."""
    now = evidence.now
    login_ok = now.login is not None and now.login.result is LoginResult.OK
    failed = now.login is not None and now.login.result not in {
        None,
        LoginResult.OK,
        LoginResult.NOT_TRIED,
    }
    fine = login_ok or (now.stream is Stream.OK and not failed)
    if now.integration is Integration.LOADED:
        yield Sign.INTEGRATION_LOADED, NOTHING
    elif now.integration is not None:
        yield Sign.INTEGRATION_STUCK if fine else Sign.INTEGRATION_WAITS, NOTHING
    if login_ok and _no_complaint(evidence) and not _starts_over(evidence):
        yield Sign.NOTHING_WRONG, NOTHING


def _blocked_but_well(evidence: Evidence) -> bool:
    """Tell a camera that is kept from the internet and lacks nothing, not even the time."""
    now = evidence.now
    return (
        evidence.site.internet_for_camera is Passage.BLOCKED
        and now.clock_offset_s is not None
        and abs(now.clock_offset_s) <= _CLOCK_RIGHT_S
        and now.login is not None
        and now.login.result is LoginResult.OK
        and now.stream is Stream.OK
        and now.integration in {None, Integration.LOADED}
        and (evidence.history.outages_24h or 0) <= _OUTAGES_OF_A_GOOD_DAY
    )


def _starts_over(evidence: Evidence) -> bool:
    return collapses(evidence.power.watts or (), evidence.power.usual_watts)


def _no_complaint(evidence: Evidence) -> bool:
    """Tell whether nothing speaks of trouble, beyond what a quiet day brings."""
    now, history = evidence.now, evidence.history
    ports = now.ports or {}
    return (
        now.stream in {None, Stream.OK, Stream.ASKS_LOGIN, Stream.NOT_TRIED}
        and now.integration in {None, Integration.LOADED}
        and {control_of(ports), ports.get(STREAM)} <= {None, PortState.OPEN}
        and now.app is not App.OFFLINE
        and now.light in {None, Light.SOLID_GREEN, Light.OFF}
        and abs(now.clock_offset_s or 0) < CLOCK_WRONG_S
        and not (now.sd_recording and now.tapo_care)
        and not lossy(evidence)
        and (history.outages_24h or 0) <= _OUTAGES_OF_A_GOOD_DAY
        and not history.remedies
        and evidence.site.internet_for_camera is not Passage.BLOCKED
    )
