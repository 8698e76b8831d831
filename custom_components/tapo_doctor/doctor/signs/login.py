"""The login: what the device answered, in its own words and numbers, and what surrounds it."""

from typing import TYPE_CHECKING, Final

from ..evidence import (
    App,
    ClientState,
    DiscoveryAnswer,
    Integration,
    LoginResult,
    NeighbourState,
    PortState,
    Stream,
    ThirdPartyAccess,
)
from ..sign import NOTHING, Sign
from .ports import control_of
from .reach import Contact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..evidence import Evidence, Login, OtherClient
    from ..sign import Found

_RESULTS: Final[Mapping[LoginResult, Sign]] = {
    LoginResult.OK: Sign.LOGIN_OK,
    LoginResult.REJECTED: Sign.LOGIN_REJECTED,
    LoginResult.LOCKED: Sign.LOGIN_LOCKED,
    LoginResult.UNSUPPORTED: Sign.LOGIN_UNSUPPORTED,
    LoginResult.SESSION_LOST: Sign.SESSION_LOST,
    LoginResult.ERROR: Sign.LOGIN_ERROR,
    LoginResult.TIMEOUT: Sign.LOGIN_TIMEOUT,
}
FAILURES: Final = frozenset(_RESULTS) - {LoginResult.OK}
# What the result alone does not tell, by the device's code (names as in python-kasa and pytapo).
_CODES: Final[Mapping[int, Sign]] = {
    -40211: Sign.SPEAKS_NEW_LOGIN,  # MISSING_NECESSARY_PARAMS
    -40214: Sign.SPEAKS_NEW_LOGIN,
    -40414: Sign.SPEAKS_NEW_LOGIN,  # NEED_LOGIN_BY_LOCAL_PASSWORD
    -40418: Sign.SPEAKS_NEW_LOGIN,  # TPAP_AUTHENTICATION_FAILED
    -40420: Sign.SPEAKS_NEW_LOGIN,  # TPAP_SLP_AUTH_TAG_SIG_FAIL
    -40421: Sign.SPEAKS_NEW_LOGIN,  # TPAP_SESSION_TOKEN_INVALID
    -40404: Sign.LOGIN_LOCKED,  # DEVICE_BLOCKED
    -40408: Sign.LOGIN_LOCKED,  # SYSTEM_BLOCKED
    -40413: Sign.CHALLENGE_MISMATCH,  # INVALID_NONCE, what a wrong digest gets
    -40411: Sign.CHALLENGE_MISMATCH,  # BAD_USERNAME
    -1501: Sign.CHALLENGE_MISMATCH,  # LOGIN_ERROR
    1111: Sign.CHALLENGE_MISMATCH,  # LOGIN_FAILED_ERROR
    -52405: Sign.TOO_MANY_CLIENTS,  # TOO_MANY_REQUEST
    -52407: Sign.TOO_MANY_CLIENTS,  # TOO_MANY_CLIENT
    -52419: Sign.TOO_MANY_CLIENTS,  # TOO_MANY_HTTPS_CLIENT
    -71101: Sign.TOO_MANY_CLIENTS,  # USER_ID_FULL
    -69096: Sign.STREAM_NO_SLOT,  # STREAM_FULL
    -64324: Sign.LENS_COVERED,  # privacy mode is on
    -69060: Sign.CLOUD_UNREACHED,  # CLOUD_LINK_DOWN
    -69062: Sign.CLOUD_UNREACHED,  # CLOUD_NTP_NO_RESPONSE
    -69064: Sign.CLOUD_UNREACHED,  # SNTP_SRV_NO_RESPONSE
    -69079: Sign.CLOUD_UNREACHED,  # CLOUD_NETWORK_POOR
    -69080: Sign.CLOUD_UNREACHED,  # INTER_NETWORK_POOR
    -69081: Sign.CLOUD_UNREACHED,  # DNS_TIMEOUT
    -69082: Sign.CLOUD_UNREACHED,  # DNS_ERROR
    -69097: Sign.CLOUD_UNREACHED,  # STREAM_NO_INTERNET
    -69076: Sign.REPORTS_WEAK_WIFI,  # LINK_UNCONNECTED
    -69077: Sign.REPORTS_WEAK_WIFI,  # WIFI_SIGNAL_WEAK
    -69078: Sign.REPORTS_WEAK_WIFI,  # LOCAL_NETWORK_POOR
    -40321: Sign.REPORTS_CONFLICT,  # IP_CONFLICT
}
# The same by what libraries say (lower case); the first that fits counts.
_WORDS: Final[tuple[tuple[str, Sign], ...]] = (
    ("suspension", Sign.LOGIN_LOCKED),
    ("suspended", Sign.LOGIN_LOCKED),
    ("blocked for", Sign.LOGIN_LOCKED),
    ("device_blocked", Sign.LOGIN_LOCKED),
    ("-40211", Sign.SPEAKS_NEW_LOGIN),
    ("-40214", Sign.SPEAKS_NEW_LOGIN),
    ("-40414", Sign.SPEAKS_NEW_LOGIN),
    ("-40418", Sign.SPEAKS_NEW_LOGIN),
    ("-40420", Sign.SPEAKS_NEW_LOGIN),
    ("-40421", Sign.SPEAKS_NEW_LOGIN),
    ("credentials must be supplied", Sign.SPEAKS_NEW_LOGIN),
    ("tpap", Sign.SPEAKS_NEW_LOGIN),
    ("encryption type", Sign.SPEAKS_NEW_LOGIN),
    ("encrypt_type", Sign.SPEAKS_NEW_LOGIN),
    ("try_connect_all", Sign.SPEAKS_NEW_LOGIN),
    ("tapo tag", Sign.WRONG_KIND_OF_ACCOUNT),
    ("camera_requires_admin", Sign.WRONG_KIND_OF_ACCOUNT),
    ("403 to handshake", Sign.DOOR_CLOSED),
    ("privacy mode", Sign.LENS_COVERED),
    ("too_many", Sign.TOO_MANY_CLIENTS),
    ("too many", Sign.TOO_MANY_CLIENTS),
    ("did not match our challenge", Sign.CHALLENGE_MISMATCH),
)
_TWICE: Final = 2
_OFTEN: Final = 3
# What does not pass by itself, however seldom it was seen.
_LASTS: Final = frozenset({LoginResult.OK, LoginResult.LOCKED, LoginResult.UNSUPPORTED})
# A silence since longer than this is no lone one, even if nobody has counted or tried again.
_LASTING_MIN: Final = 15
# A change of the account's password is behind a refusal for days; older ones have been dealt with.
_CHANGED_LATELY_H: Final = 24 * 14
_NEW_CLIENT_H: Final = 72


def look(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    """Say how the login went; of a camera that is gone it says nothing any more."""
    if contact is not Contact.SILENT and evidence.now.login is not None:
        yield from _login(evidence.now.login, evidence)
    if contact in {Contact.ANSWERS, Contact.UNKNOWN}:
        yield from _account(evidence)
    yield from _clients(evidence, contact)


def failing(evidence: Evidence) -> bool:
    """Tell whether the last login did not go through; at a closed door there was none."""
    login = evidence.now.login
    return login is not None and login.result in FAILURES and not _met_nobody(login, evidence)


def _met_nobody(login: Login, evidence: Evidence) -> bool:
    """Tell an error that says no more than that the control service does not answer."""
    control = control_of(evidence.now.ports or {})
    return login.result is LoginResult.ERROR and control not in {None, PortState.OPEN}


def failed_once(evidence: Evidence) -> bool:
    """Tell a lone failure, which the next poll clears: counted, or seen by what goes on working."""
    now, login, before = evidence.now, evidence.now.login, evidence.before
    if login is None or login.result in _LASTS:
        return False
    if login.result is not LoginResult.TIMEOUT:
        return login.failures_in_a_row == 1
    if before.ever_worked is False or (before.minutes_ago or 0) > _LASTING_MIN:
        return False
    # Two that are silent, the login and another service, are no accident.
    unheard = now.discovery is not None and now.discovery.answer is DiscoveryAnswer.NONE
    if unheard or now.stream is Stream.SILENT:
        return False
    goes_on = (
        now.stream is Stream.OK or now.integration is Integration.LOADED or now.app is App.WORKS
    )
    return login.failures_in_a_row == 1 or (login.failures_in_a_row is None and goes_on)


def _login(login: Login, evidence: Evidence) -> Iterator[Found]:
    sign = _RESULTS.get(login.result) if login.result else None
    if _met_nobody(login, evidence):
        yield from _detail(login)
        return
    if sign is Sign.LOGIN_ERROR and "timed out" in (login.text or "").lower():
        # Whatever the library calls it: nothing was answered.
        sign = Sign.LOGIN_TIMEOUT
    if sign is not None:
        yield sign, NOTHING
    if login.locked_for_s:
        yield Sign.LOGIN_LOCKED, {"minutes": max(1, round(login.locked_for_s / 60))}
    if login.result is LoginResult.OK:
        return
    # "Unsupported" and the words for it are one fact.
    for found in _detail(login):
        if not (sign is Sign.LOGIN_UNSUPPORTED and found[0] is Sign.SPEAKS_NEW_LOGIN):
            yield found
    yield from _how_often(login, evidence)


def _how_often(login: Login, evidence: Evidence) -> Iterator[Found]:
    """Tell an accident from what comes again, and from what stays."""
    failures = login.failures_in_a_row
    if login.worked_when_repeated:
        yield Sign.REPEAT_WORKED, NOTHING
        outages, neighbours = evidence.history.outages_24h, evidence.site.neighbours
        if (
            (outages or 0) > 1
            or (evidence.history.outages_7d or 0) > _OFTEN
            or (failures or 0) > 1
            or any(other.state is NeighbourState.LOGIN_REFUSED for other in neighbours or ())
        ):
            yield Sign.RECURS_THOUGH_REPEAT_WORKS, {"outages": outages, "failures": failures}
    if failed_once(evidence):
        yield Sign.SINGLE_FAILURE, NOTHING
    elif login.worked_when_repeated:
        return
    elif failures == _TWICE:
        yield Sign.FAILED_TWICE, NOTHING
    elif (failures or 0) >= _OFTEN:
        yield Sign.FAILS_AGAIN_AND_AGAIN, {"failures": failures}


def _detail(login: Login) -> Iterator[Found]:
    text = (login.text or "").lower()
    by_words = next((sign for words, sign in _WORDS if words in text), None)
    by_code = _CODES.get(login.code) if login.code is not None else None
    # One message carries one finding: the code is the camera's own word, the text the library's.
    # A mismatch says least, so whatever else was said goes before it.
    found = [sign for sign in (by_code, by_words) if sign is not None]
    telling = [sign for sign in found if sign is not Sign.CHALLENGE_MISMATCH] or found
    if telling and not (telling[0] is Sign.LOGIN_LOCKED and login.locked_for_s):
        yield telling[0], {"code": login.code}


def _account(evidence: Evidence) -> Iterator[Found]:
    """Say what is known of the account; where the login works, nobody asks."""
    site, login = evidence.site, evidence.now.login
    if login is not None and login.result is LoginResult.OK:
        return
    access = site.third_party_access
    if access is ThirdPartyAccess.ON:
        yield Sign.ACCESS_ON, NOTHING
    elif access is not None:
        yield Sign.ACCESS_OFF, NOTHING
    if not failing(evidence) and evidence.now.stream is not Stream.REJECTED:
        return
    if site.password_verified is not None:
        opens = site.password_verified
        yield Sign.PASSWORD_OPENS_APP if opens else Sign.PASSWORD_FAILS_IN_APP, NOTHING
    if site.two_step_verification:
        yield Sign.TWO_STEPS, NOTHING
    changed = evidence.history.credentials_changed_hours_ago
    if changed is not None and changed <= _CHANGED_LATELY_H:
        yield Sign.CREDENTIALS_CHANGED, {"hours": round(changed, 1)}


def _clients(evidence: Evidence, contact: Contact) -> Iterator[Found]:
    clients = evidence.site.other_clients
    if not clients:
        return
    names = {"names": ", ".join(client.name for client in clients if client.name)}
    works = any(client.state is ClientState.WORKS for client in clients)
    if works and contact in {Contact.SILENT, Contact.STRANGER}:
        yield Sign.OTHERS_GET_THROUGH, names
    elif works and failing(evidence):
        yield Sign.OTHERS_LOG_IN, names
    elif all(client.state is ClientState.FAILS for client in clients):
        yield Sign.OTHERS_FAIL_TOO, names
    if sum(client.state is ClientState.WORKS for client in clients) > 1 and _no_picture(evidence):
        yield Sign.MANY_VIEWERS, names
    restless = failing(evidence) or (evidence.history.outages_24h or 0) >= _OFTEN
    if restless and contact is Contact.ANSWERS:
        yield Sign.RIVAL_CLIENTS, names
        if any(_is_new(client) for client in clients):
            yield Sign.NEW_CLIENT, names


def _no_picture(evidence: Evidence) -> bool:
    return evidence.now.stream in {Stream.SILENT, Stream.REFUSED, Stream.NO_SLOT}


def _is_new(client: OtherClient) -> bool:
    return client.added_hours_ago is not None and client.added_hours_ago <= _NEW_CLIENT_H
