"""Cutting the power is allowed for what it cures, and never where it can do harm."""

from typing import Any

import pytest
from hypothesis import given

from custom_components.tapo_doctor.doctor import Cause, Evidence, Objection, diagnose
from custom_components.tapo_doctor.doctor.playbook import PLAYBOOK, Step
from custom_components.tapo_doctor.doctor.safety import CURED, advise
from custom_components.tapo_doctor.doctor.sign import Sign

from .evidences import calm, diagnosis, evidences

FROZEN: dict[str, Any] = {
    "now": {"ping": "reply", "ports": {"443": "refused", "554": "open"}, "stream": "ok"},
    "history": {"remedies": [{"remedy": "power_cycle", "helped": True}]},
}


def test_a_camera_that_hangs_may_be_cut() -> None:
    """That is what the plug is for."""
    advice = diagnosis(**FROZEN).power_cycle
    assert (advice.allowed, advice.reason) == (True, Cause.CAMERA_FROZEN)


def test_another_cause_is_the_reason_against_it() -> None:
    """A cut does not bring a password."""
    advice = diagnosis(now={"login": {"result": "rejected"}}).power_cycle
    assert not advice.allowed
    assert advice.reason in set(Cause) - CURED


@pytest.mark.parametrize(
    ("sign", "objection"),
    [
        (Sign.PLUG_OFF, Objection.PLUG_OFF),
        (Sign.PLUG_LEFT_OFF, Objection.PLUG_OFF),
        (Sign.UPDATE_WINDOW, Objection.UPDATE_UNDER_WAY),
        (Sign.FIRMWARE_JUST_CHANGED, Objection.UPDATE_UNDER_WAY),
        (Sign.LIGHT_BLINKING_GREEN, Objection.UPDATE_UNDER_WAY),
        (Sign.BATTERY, Objection.BATTERY),
        (Sign.LOGIN_LOCKED, Objection.LOCKED),
        (Sign.GATEWAY_SILENT, Objection.NETWORK_COMING_BACK),
        (Sign.GATEWAY_JUST_BACK, Objection.NETWORK_COMING_BACK),
        (Sign.ONLY_WE_MISS_IT, Objection.TOO_UNCERTAIN),
        (Sign.OTHERS_GET_THROUGH, Objection.TOO_UNCERTAIN),
        (Sign.POWER_CYCLE_FAILED, Objection.DID_NOT_HELP),
    ],
)
def test_an_objection_stands_against_any_confidence(sign: Sign, objection: Objection) -> None:
    """A camera that writes its firmware must keep its power."""
    advice = advise(Cause.CAMERA_FROZEN, {Cause.CAMERA_FROZEN: 1.0}, {sign})
    assert (advice.allowed, advice.reason) == (False, objection)


def test_a_doubt_is_reason_enough() -> None:
    """A cut for nothing costs trust."""
    doubtful = {Cause.CAMERA_FROZEN: 0.3, Cause.WEAK_SIGNAL: 0.2}
    assert advise(Cause.CAMERA_FROZEN, doubtful, ()).reason is Objection.TOO_UNCERTAIN
    assert not advise(Cause.CAMERA_FROZEN, {Cause.CAMERA_FROZEN: 0.45}, ()).allowed
    again = advise(Cause.CAMERA_FROZEN, {Cause.CAMERA_FROZEN: 0.45}, {Sign.POWER_CYCLE_HELPED})
    assert again.allowed
    updating = {Cause.CAMERA_FROZEN: 0.8, Cause.RESTARTING: 0.2}
    assert advise(Cause.CAMERA_FROZEN, updating, ()).reason is Objection.UPDATE_UNDER_WAY


def test_a_camera_that_is_there_is_not_cut_for_its_firmware() -> None:
    """It comes and goes by itself; a cut would only take away the picture that there is."""
    sure = {Cause.FIRMWARE_OUTDATED: 1.0}
    assert advise(Cause.FIRMWARE_OUTDATED, sure, {Sign.GONE}).allowed
    advice = advise(Cause.FIRMWARE_OUTDATED, sure, {Sign.ANSWERS})
    assert (advice.allowed, advice.reason) == (False, Cause.FIRMWARE_OUTDATED)


def test_what_helped_once_may_help_again() -> None:
    """One cut of several that failed is no reason to stop."""
    both = {Sign.POWER_CYCLE_FAILED, Sign.POWER_CYCLE_HELPED}
    assert advise(Cause.CAMERA_FROZEN, {Cause.CAMERA_FROZEN: 1.0}, both).allowed


@calm
@given(evidences)
def test_it_is_never_allowed_for_what_it_does_not_cure(evidence: Evidence) -> None:
    """Whatever is seen."""
    found = diagnose(evidence)
    if found.power_cycle.allowed:
        assert found.cause in CURED
        assert found.cause in PLAYBOOK[Step.RESTART_CAMERA].cures
        assert evidence.power.switch != "off"
