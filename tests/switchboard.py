"""What the senses find of a camera under each fault of the simulated home, and under two.

`tests/probes/test_switchboard.py` holds this table against the real probes; the storm then
plays it to the whole integration, without a network and in frozen time.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from custom_components.tapo_doctor.doctor.evidence import LoginResult, PortState
from custom_components.tapo_doctor.probes.findings import Hello

from .home import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OK = LoginResult.OK
# The later one hides the earlier: who does not answer cannot refuse.
_WORSE: Final = (
    OK,
    LoginResult.REJECTED,
    LoginResult.LOCKED,
    LoginResult.UNSUPPORTED,
    LoginResult.ERROR,
    LoginResult.TIMEOUT,
)
_WORSE_HELLO: Final = (Hello.OK, Hello.BROKEN, Hello.SILENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The findings of one moment."""

    here: bool = True
    """Whether anything at all comes from its address."""
    serves: bool = True
    """Whether its control port is open."""
    hello: Hello = Hello.OK
    login: LoginResult = OK
    """What a new login meets."""
    answer: LoginResult = OK
    """What a question meets, once the login is done."""
    keeps_session: bool = True
    """Whether a login from before goes on."""
    found: bool = True
    """Whether it answers a search."""
    itself: bool = True
    """Whether it answers with its own identity."""
    elsewhere: bool = False
    """Whether it answers a search from another address."""
    gateway: bool = True

    @property
    def port(self) -> PortState:
        """How its control port is met."""
        if not self.here:
            return PortState.SILENT
        return PortState.OPEN if self.serves else PortState.REFUSED

    @property
    def greeting(self) -> Hello | None:
        """How its service greets; None where it cannot be asked."""
        return self.hello if self.port is PortState.OPEN else None

    @property
    def reading(self) -> LoginResult:
        """What comes of a new login and its question."""
        return self.answer if self.login is OK else self.login

    def and_(self, other: Look) -> Look:
        """Find what both of them leave."""
        return Look(
            here=self.here and other.here,
            serves=self.serves and other.serves,
            hello=max(self.hello, other.hello, key=_WORSE_HELLO.index),
            login=max(self.login, other.login, key=_WORSE.index),
            answer=max(self.answer, other.answer, key=_WORSE.index),
            keeps_session=self.keeps_session and other.keeps_session,
            found=self.found and other.found,
            itself=self.itself and other.itself,
            elsewhere=self.elsewhere or other.elsewhere,
            gateway=self.gateway and other.gateway,
        )


WELL: Final = Look()
GONE: Final = Look(here=False, found=False)
_REFUSED: Final = Look(login=LoginResult.REJECTED, keeps_session=False)
_GARBLED: Final = Look(login=LoginResult.ERROR, keeps_session=False)
_BROKEN: Final = replace(_GARBLED, hello=Hello.BROKEN)

LOOKS: Final[Mapping[Fault, Look]] = {
    Fault.POWER_CUT: GONE,
    Fault.BOOT_LOOP: GONE,
    Fault.WIFI_WRONG_PASSWORD: GONE,
    Fault.VANISHED: GONE,
    Fault.WEAK_SIGNAL: WELL,
    Fault.FADING_SIGNAL: WELL,
    Fault.MOVED: replace(GONE, elsewhere=True),
    Fault.OTHER_IDENTITY: Look(itself=False),
    Fault.LOGIN_REFUSED: _REFUSED,
    Fault.THIRD_PARTY_OFF: _REFUSED,
    Fault.LOGIN_CHANGED_BY_FIRMWARE: Look(login=LoginResult.UNSUPPORTED, keeps_session=False),
    Fault.LOCKED: Look(login=LoginResult.LOCKED, keeps_session=False),
    Fault.HUNG_OPEN: Look(
        hello=Hello.SILENT, login=LoginResult.TIMEOUT, keeps_session=False, found=False
    ),
    Fault.HUNG_CLOSED: replace(_GARBLED, serves=False, found=False),
    Fault.RTSP_DOWN: WELL,
    Fault.SLOW: WELL,
    Fault.TLS_GARBAGE: _BROKEN,
    Fault.ACCEPT_RESET: _BROKEN,
    Fault.JSON_GARBAGE: _GARBLED,
    Fault.JSON_TRUNCATED: _GARBLED,
    Fault.JSON_ODD: _GARBLED,
    Fault.RESET_MID: _GARBLED,
    Fault.HTTP500: _GARBLED,
    Fault.REDIRECT: _GARBLED,
    Fault.TEN_MEGABYTES: _GARBLED,
    Fault.NOTHING: _GARBLED,
    Fault.NOT_A_CAMERA: replace(_GARBLED, found=False),
    Fault.SESSION_FLAP: Look(answer=LoginResult.REJECTED, keeps_session=False),
    Fault.TAG_BROKEN: Look(answer=LoginResult.ERROR, keeps_session=False),
    Fault.NO_DISCOVERY: Look(found=False),
    Fault.DISCOVERY_GARBAGE: Look(found=False),
    Fault.PLUG_DEAD: WELL,
    Fault.AP_DOWN: GONE,
    Fault.SSID_GONE: GONE,
    Fault.ROUTER_DOWN: replace(GONE, gateway=False),
    Fault.INTERNET_DOWN: WELL,
    Fault.MAINS_DOWN: replace(GONE, gateway=False),
}


def look(faults: Iterable[Fault]) -> Look:
    """Say what is found of a camera that has all of these."""
    seen = WELL
    for fault in faults:
        seen = seen.and_(LOOKS[fault])
    return seen
