"""What to do about it: steps, in the order that costs least.

One table. Steps are ordered by the probability that they cure, per minute they take, under the
present beliefs (Heckerman, Breese and Rommelse, 1995); each is then taken not to have helped,
which is evidence for what comes next.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from .causes import Cause, Group
from .evidence import RemedyKind
from .sign import Sign

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from .evidence import Evidence

C = Cause


class Step(StrEnum):
    """A step a person or the doctor can take; the keys are a contract."""

    RESTART_CAMERA = "restart_camera"
    RESTART_ROUTER_AND_CAMERA = "restart_router_and_camera"
    RECONFIGURE_WIFI = "reconfigure_wifi"
    RESTORE_OLD_WIFI = "restore_old_wifi"
    CHECK_POWER = "check_power"
    USE_24GHZ = "use_24ghz"
    IMPROVE_SIGNAL = "improve_signal"
    UPDATE_FIRMWARE = "update_firmware"
    ENABLE_THIRD_PARTY_ACCESS = "enable_third_party_access"
    ENTER_PASSWORD = "enter_password"
    WAIT_FOR_LOCK = "wait_for_lock"
    ONE_CLIENT_ONLY = "one_client_only"
    UPDATE_INTEGRATION = "update_integration"
    RELOAD_INTEGRATION = "reload_integration"
    RESERVE_ADDRESS = "reserve_address"
    OPEN_NETWORK = "open_network"
    CHECK_HOME_NETWORK = "check_home_network"
    FREE_STREAM = "free_stream"
    WAIT = "wait"
    TURN_PLUG_ON = "turn_plug_on"
    CONTACT_SUPPORT = "contact_support"


class Who(StrEnum):
    """Who can take a step. The doctor can only where a plug, or Home Assistant, is its hand."""

    PERSON = "person"
    DOCTOR = "doctor"


class Recipe(NamedTuple):
    """A row of the playbook. `minutes`: of somebody's time; waiting counts a third."""

    minutes: float
    who: Who
    cures: Mapping[Cause, float]


# The minutes follow the article's own words (a restart takes a couple of minutes, an update some)
# and a walk to the camera; the probabilities are judgements, from what the reports say helped.
PLAYBOOK: Final[Mapping[Step, Recipe]] = {
    Step.TURN_PLUG_ON: Recipe(1, Who.DOCTOR, {C.SWITCHED_OFF: 0.95}),
    Step.WAIT: Recipe(
        3,
        Who.PERSON,
        {C.RESTARTING: 0.95, C.ASLEEP: 0.9, C.HEALTHY: 0.9, C.ROUTER_DOWN: 0.15},
    ),
    Step.RELOAD_INTEGRATION: Recipe(
        1, Who.DOCTOR, {C.INTEGRATION_FAULT: 0.6, C.COMPETING_CLIENTS: 0.05, C.HEALTHY: 0.1}
    ),
    Step.ENTER_PASSWORD: Recipe(
        2, Who.PERSON, {C.CREDENTIALS_REJECTED: 0.7, C.THIRD_PARTY_ACCESS_OFF: 0.03}
    ),
    Step.ENABLE_THIRD_PARTY_ACCESS: Recipe(
        3,
        Who.PERSON,
        {
            C.THIRD_PARTY_ACCESS_OFF: 0.85,
            C.LOGIN_CHANGED_BY_FIRMWARE: 0.25,
            # Off and on again makes the camera ask the cloud once more.
            C.CREDENTIALS_REJECTED: 0.15,
        },
    ),
    Step.WAIT_FOR_LOCK: Recipe(10, Who.PERSON, {C.ACCOUNT_LOCKED: 0.9}),
    Step.ONE_CLIENT_ONLY: Recipe(
        8, Who.PERSON, {C.COMPETING_CLIENTS: 0.85, C.STREAM_REFUSED: 0.1, C.ACCOUNT_LOCKED: 0.2}
    ),
    Step.UPDATE_INTEGRATION: Recipe(
        6, Who.PERSON, {C.LOGIN_CHANGED_BY_FIRMWARE: 0.75, C.INTEGRATION_FAULT: 0.5}
    ),
    Step.RESERVE_ADDRESS: Recipe(4, Who.PERSON, {C.ADDRESS_CHANGED: 0.9, C.ADDRESS_CONFLICT: 0.85}),
    Step.OPEN_NETWORK: Recipe(
        12, Who.PERSON, {C.NETWORK_ISOLATION: 0.85, C.INTERNET_BLOCKED: 0.85}
    ),
    Step.CHECK_HOME_NETWORK: Recipe(
        8, Who.PERSON, {C.HOME_ASSISTANT_NETWORK: 0.85, C.NETWORK_ISOLATION: 0.1}
    ),
    Step.FREE_STREAM: Recipe(5, Who.PERSON, {C.STREAM_REFUSED: 0.85}),
    Step.RESTART_CAMERA: Recipe(
        4,
        Who.DOCTOR,
        {
            C.CAMERA_FROZEN: 0.85,
            C.FIRMWARE_OUTDATED: 0.3,
            C.STREAM_REFUSED: 0.25,
            C.INTERNET_BLOCKED: 0.15,
            C.WEAK_SIGNAL: 0.12,
            C.ADDRESS_CONFLICT: 0.1,
            C.ADDRESS_CHANGED: 0.05,
            C.ROUTER_DOWN: 0.05,
            C.POWER_SUPPLY: 0.04,
            C.HARDWARE_FAULT: 0.02,
        },
    ),
    Step.CHECK_POWER: Recipe(6, Who.PERSON, {C.POWER_SUPPLY: 0.85, C.HARDWARE_FAULT: 0.03}),
    Step.RESTART_ROUTER_AND_CAMERA: Recipe(
        7,
        Who.PERSON,
        {
            C.ROUTER_DOWN: 0.7,
            C.CAMERA_FROZEN: 0.6,
            C.HOME_ASSISTANT_NETWORK: 0.15,
            C.ADDRESS_CONFLICT: 0.3,
            C.WEAK_SIGNAL: 0.1,
        },
    ),
    Step.RESTORE_OLD_WIFI: Recipe(
        9, Who.PERSON, {C.WIFI_PASSWORD_CHANGED: 0.85, C.BAND_MISMATCH: 0.5}
    ),
    Step.RECONFIGURE_WIFI: Recipe(
        10,
        Who.PERSON,
        {C.WIFI_PASSWORD_CHANGED: 0.9, C.BAND_MISMATCH: 0.15, C.HARDWARE_FAULT: 0.05},
    ),
    Step.USE_24GHZ: Recipe(10, Who.PERSON, {C.BAND_MISMATCH: 0.9}),
    Step.IMPROVE_SIGNAL: Recipe(12, Who.PERSON, {C.WEAK_SIGNAL: 0.85}),
    Step.UPDATE_FIRMWARE: Recipe(8, Who.PERSON, {C.FIRMWARE_OUTDATED: 0.85, C.CAMERA_FROZEN: 0.15}),
    Step.CONTACT_SUPPORT: Recipe(20, Who.PERSON, {C.HARDWARE_FAULT: 0.8}),
}

# How long it takes until it shows whether a step has helped, in seconds; a step without a row
# shows at once. A camera needs two minutes to start, a router about as long again, and old
# firmware looks for its network every few minutes only.
SHOWS_WITHIN: Final[Mapping[Step, int]] = {
    Step.RESTART_CAMERA: 150,
    Step.RESTART_ROUTER_AND_CAMERA: 300,
    Step.RECONFIGURE_WIFI: 60,
    Step.RESTORE_OLD_WIFI: 300,
    Step.CHECK_POWER: 150,
    Step.USE_24GHZ: 60,
    Step.IMPROVE_SIGNAL: 150,
    Step.UPDATE_FIRMWARE: 300,
    Step.RESERVE_ADDRESS: 60,
    Step.OPEN_NETWORK: 60,
    Step.CHECK_HOME_NETWORK: 60,
    Step.RELOAD_INTEGRATION: 60,
    Step.TURN_PLUG_ON: 150,
    Step.WAIT: 300,
}

# A remedy in the camera's history is one of these steps.
TRIED_AS: Final[Mapping[RemedyKind, Step]] = {
    RemedyKind.POWER_CYCLE: Step.RESTART_CAMERA,
    RemedyKind.RELOAD: Step.RELOAD_INTEGRATION,
    RemedyKind.RESTART_ROUTER: Step.RESTART_ROUTER_AND_CAMERA,
    RemedyKind.SET_UP_AGAIN: Step.RECONFIGURE_WIFI,
    RemedyKind.FACTORY_RESET: Step.RECONFIGURE_WIFI,
    RemedyKind.OTHER_ADAPTER: Step.CHECK_POWER,
    RemedyKind.FIRMWARE_UPDATE: Step.UPDATE_FIRMWARE,
}

_UNPLUGS: Final = frozenset(
    {
        Step.RESTART_CAMERA,
        Step.RESTART_ROUTER_AND_CAMERA,
        Step.RECONFIGURE_WIFI,
        Step.CHECK_POWER,
        Step.UPDATE_FIRMWARE,
    }
)
_OF_LOGIN: Final = frozenset(
    {
        Step.ENTER_PASSWORD,
        Step.ENABLE_THIRD_PARTY_ACCESS,
        Step.WAIT_FOR_LOCK,
        Step.RELOAD_INTEGRATION,
        Step.UPDATE_INTEGRATION,
    }
)
_OF_SERVICES: Final = _OF_LOGIN | {Step.ONE_CLIENT_ONLY, Step.FREE_STREAM}
# Signs under which a step does harm, or cannot be taken.
_HARMFUL: Final[Mapping[Sign, frozenset[Step]]] = {
    # A camera that loses power while it writes its firmware may never start again.
    Sign.UPDATE_WINDOW: _UNPLUGS,
    Sign.FIRMWARE_JUST_CHANGED: _UNPLUGS,
    Sign.LIGHT_BLINKING_GREEN: _UNPLUGS,
    # Each attempt feeds the lock.
    Sign.LOGIN_LOCKED: frozenset(
        {Step.ENTER_PASSWORD, Step.RELOAD_INTEGRATION, Step.UPDATE_INTEGRATION}
    ),
    # It is starting: once more from the beginning helps nobody.
    Sign.GATEWAY_JUST_BACK: frozenset({Step.RESTART_ROUTER_AND_CAMERA}),
    # A reset throws away the settings of a camera whose Wi-Fi is well.
    Sign.ANSWERS: frozenset({Step.RECONFIGURE_WIFI, Step.RESTORE_OLD_WIFI}),
    Sign.BATTERY: frozenset({Step.RESTART_CAMERA, Step.CHECK_POWER}),
    # The others have joined the new Wi-Fi: the old one would throw them off.
    Sign.ALONE: frozenset({Step.RESTORE_OLD_WIFI}),
    Sign.OTHERS_BACK: frozenset({Step.RESTORE_OLD_WIFI}),
}
# Signs under which a step has nothing to do with it, unless a login is what is the matter.
_IDLE: Final[Mapping[Sign, frozenset[Step]]] = {
    # What answers nothing at all refuses no login, and feeds no viewers.
    Sign.GONE: _OF_SERVICES,
    Sign.ONE_PROBE_FAILED: _OF_SERVICES,
    # Nor does what loses its network again and again do so over a password.
    Sign.FLAPS: _OF_LOGIN,
}
# Steps that make sense under a sign only.
_NEEDS: Final[Mapping[Step, frozenset[Sign]]] = {
    Step.TURN_PLUG_ON: frozenset({Sign.PLUG_OFF, Sign.PLUG_LEFT_OFF, Sign.PLUG_OFF_BY_DOCTOR}),
    Step.WAIT_FOR_LOCK: frozenset({Sign.LOGIN_LOCKED}),
}
# Beliefs below this do not change an order, and steps below this are not worth the words.
_NEGLIGIBLE: Final = 0.01
# A step that cures a cause more often than not is its cure.
_CURES: Final = 0.5
_MOST: Final = 6


def already_tried(evidence: Evidence) -> frozenset[Step]:
    """Read from the history what was tried in this very outage without help."""
    gone = evidence.before.minutes_ago
    return frozenset(
        step
        for remedy in evidence.history.remedies or ()
        if remedy.remedy is not None
        and (step := TRIED_AS.get(remedy.remedy)) is not None
        and remedy.helped is False
        and (gone is None or remedy.hours_ago is None or remedy.hours_ago * 60 <= gone)
    )


def order_steps(
    beliefs: Mapping[Cause, float],
    cause: Cause,
    signs: Collection[Sign],
    tried: Collection[Step] = (),
) -> tuple[Step, ...]:
    """Order the steps, best first; what was tried without help is left out."""
    if cause is Cause.HEALTHY:
        return ()
    left: Mapping[Cause, float] = {
        suspect: share
        for suspect, share in beliefs.items()
        if suspect not in {Cause.UNDETERMINED, Cause.HEALTHY} and share > _NEGLIGIBLE
    }
    open_steps = _allowed(signs, cause, tried)
    ordered: list[Step] = []
    while open_steps and len(ordered) < _MOST:
        gains = {step: _cures(step, left) / PLAYBOOK[step].minutes for step in open_steps}
        best = max(open_steps, key=gains.__getitem__)
        if _cures(best, left) < _NEGLIGIBLE:
            break
        ordered.append(best)
        open_steps.remove(best)
        left = after_failure(left, best)
    _put_forward(ordered, cause)
    # Whatever was tried: support is there at the end.
    if Step.CONTACT_SUPPORT not in ordered and cause.group is not Group.FINE:
        ordered.append(Step.CONTACT_SUPPORT)
    return tuple(ordered)


def _put_forward(ordered: list[Step], cause: Cause) -> None:
    """Let the cure of the cause that is named be second at the latest.

    Cheap steps against several doubtful causes may otherwise crowd out what was just diagnosed.
    """
    cures = {step: PLAYBOOK[step].cures.get(cause, 0.0) for step in ordered}
    if any(cures[step] >= _CURES for step in ordered[:2]):
        return
    own = next((step for step in ordered if cures[step] >= _CURES), None)
    if own is not None:
        ordered.remove(own)
        ordered.insert(1, own)


def retreat(beliefs: Mapping[Cause, float], tried: Iterable[Step]) -> dict[Cause, float]:
    """Take steps that did not help as evidence; the beliefs sum to one again."""
    left = dict(beliefs)
    for step in tried:
        left = after_failure(left, step)
    whole = sum(left.values())
    return {cause: share / whole for cause, share in left.items()}


def after_failure(beliefs: Mapping[Cause, float], step: Step) -> dict[Cause, float]:
    """Weaken what the step would have cured; the shares no longer sum to one."""
    cures = PLAYBOOK[step].cures
    return {cause: share * (1 - cures.get(cause, 0.0)) for cause, share in beliefs.items()}


def _cures(step: Step, beliefs: Mapping[Cause, float]) -> float:
    cures = PLAYBOOK[step].cures
    return sum(share * cures[cause] for cause, share in beliefs.items() if cause in cures)


def _allowed(signs: Collection[Sign], cause: Cause, tried: Iterable[Step]) -> list[Step]:
    withheld = set(tried).union(*(steps for sign, steps in _HARMFUL.items() if sign in signs))
    if cause is Cause.RESTARTING:
        withheld |= _UNPLUGS
    if cause.group is Group.LOGIN_REFUSED:
        withheld.add(Step.RECONFIGURE_WIFI)
    else:
        withheld.update(*(steps for sign, steps in _IDLE.items() if sign in signs))
    return [
        step
        for step in PLAYBOOK
        if step not in withheld and (step not in _NEEDS or not _NEEDS[step].isdisjoint(signs))
    ]
