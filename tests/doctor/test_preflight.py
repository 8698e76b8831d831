"""Every reason against cutting the power, and who may insist."""

from dataclasses import replace

import pytest

from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.preflight import (
    Circumstances,
    Decision,
    Plug,
    Reason,
    Refusal,
    decide,
)
from custom_components.tapo_doctor.doctor.safety import Objection, PowerCycleAdvice, is_updating
from custom_components.tapo_doctor.doctor.sign import Sign

FROZEN = PowerCycleAdvice(allowed=True, reason=Cause.CAMERA_FROZEN)
FINE = Circumstances(plug=Plug.ON, advice=FROZEN)


def against(reason: Cause | Objection) -> Circumstances:
    return replace(FINE, advice=PowerCycleAdvice(allowed=False, reason=reason))


# What is so, what is said then, and whether a person may insist.
TABLE = [
    (replace(FINE, plug=Plug.NONE), Refusal.NO_PLUG, False),
    (replace(FINE, plug=Plug.GONE), Refusal.PLUG_GONE, False),
    (replace(FINE, plug=Plug.OURS), Refusal.PLUG_OURS, False),
    (replace(FINE, plug=Plug.NO_SWITCH), Refusal.PLUG_NO_SWITCH, False),
    (replace(FINE, plug=Plug.GROUP), Refusal.PLUG_GROUP, False),
    (replace(FINE, plug=Plug.UNAVAILABLE), Refusal.PLUG_UNAVAILABLE, False),
    (replace(FINE, plug=Plug.ASSUMED), Refusal.PLUG_ASSUMED, False),
    (replace(FINE, plug=Plug.OFF), Refusal.PLUG_IS_OFF, False),
    (replace(FINE, nothing_stored=True), Refusal.NOTHING_STORED, False),
    (replace(FINE, stopping=True), Refusal.STOPPING, False),
    (replace(FINE, under_way=True), Refusal.UNDER_WAY, False),
    (replace(FINE, powers_the_network=True), Refusal.POWERS_THE_NETWORK, False),
    (replace(FINE, updating=True), Refusal.UPDATING, False),
    (replace(FINE, others_work=True), Refusal.SHARED, True),
    (replace(FINE, home_outage=True), Refusal.HOME_OUTAGE, True),
    (replace(FINE, advice=None), Refusal.NOT_EXAMINED, True),
    (against(Objection.UPDATE_UNDER_WAY), Objection.UPDATE_UNDER_WAY, False),
    (against(Objection.TOO_UNCERTAIN), Objection.TOO_UNCERTAIN, True),
    (against(Objection.DID_NOT_HELP), Objection.DID_NOT_HELP, True),
    (against(Objection.NETWORK_COMING_BACK), Objection.NETWORK_COMING_BACK, True),
    (against(Objection.LOCKED), Objection.LOCKED, True),
    (against(Objection.BATTERY), Objection.BATTERY, True),
    (against(Cause.CREDENTIALS_REJECTED), Cause.CREDENTIALS_REJECTED, True),
    (against(Cause.WEAK_SIGNAL), Cause.WEAK_SIGNAL, True),
    (against(Cause.HEALTHY), Cause.HEALTHY, True),
]
# These are told where there is a router's plug to speak of, not by this decision.
ELSEWHERE = {Refusal.NO_ROUTER_PLUG, Refusal.ROUTER_PLUG_NEEDS_ROUTER}


@pytest.mark.parametrize(("now", "reason", "may_insist"), TABLE, ids=[row[1] for row in TABLE])
def test_each_refusal_says_why(now: Circumstances, reason: Reason, may_insist: bool) -> None:
    """A refusal without a reason is taken for a fault of ours."""
    assert decide(now) == Decision(allowed=False, reason=reason, may_insist=may_insist)
    assert decide(now, force=True).allowed is may_insist


def test_no_refusal_is_left_untried() -> None:
    """A row that no test knows may be a row that never applies."""
    assert {row[1] for row in TABLE if isinstance(row[1], Refusal)} == set(Refusal) - ELSEWHERE


def test_what_the_diagnosis_allows_is_done() -> None:
    """Else the remedy is never given."""
    assert decide(FINE) == Decision(allowed=True)


def test_a_person_may_not_insist_during_an_update_whatever_the_cause_is_said_to_be() -> None:
    """A camera that loses power while it writes its firmware may never start again."""
    now = replace(against(Cause.RESTARTING), updating=True)
    assert decide(now, force=True) == Decision(allowed=False, reason=Refusal.UPDATING)
    for sign in (Sign.UPDATE_WINDOW, Sign.FIRMWARE_JUST_CHANGED, Sign.LIGHT_BLINKING_GREEN):
        assert is_updating({sign, Sign.GONE})
    assert not is_updating({Sign.GONE, Sign.LOGIN_LOCKED})


def test_insisting_on_one_reason_does_not_hide_the_others() -> None:
    """Who insists that the others may go dark has not said that an update may be broken off."""
    now = replace(against(Objection.UPDATE_UNDER_WAY), others_work=True)
    assert decide(now, force=True).reason is Objection.UPDATE_UNDER_WAY
