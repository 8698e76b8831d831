"""The step that costs least per cure comes first, and none that does harm comes at all."""

from typing import Any

import pytest

from custom_components.tapo_doctor.doctor import Cause, Step, diagnose
from custom_components.tapo_doctor.doctor.causes import Group
from custom_components.tapo_doctor.doctor.evidence import RemedyKind
from custom_components.tapo_doctor.doctor.playbook import (
    PLAYBOOK,
    TRIED_AS,
    after_failure,
    already_tried,
    order_steps,
    retreat,
)

from .evidences import diagnosis, evidence

GONE = {"ping": "silent", "ports": {"443": "silent"}}
REFUSED = {"ping": "reply", "login": {"result": "rejected"}}
LOCKED = {"ping": "reply", "login": {"result": "locked", "locked_for_s": 900}}
UNPLUGGING = {
    Step.RESTART_CAMERA,
    Step.RESTART_ROUTER_AND_CAMERA,
    Step.RECONFIGURE_WIFI,
    Step.CHECK_POWER,
    Step.UPDATE_FIRMWARE,
}


def test_every_step_is_in_the_table_and_every_cause_has_a_cure() -> None:
    """A diagnosis without a step leaves a person alone with a name."""
    assert set(PLAYBOOK) == set(Step)
    cured = {cause for recipe in PLAYBOOK.values() for cause in recipe.cures}
    assert cured == set(Cause) - {Cause.UNDETERMINED}
    for recipe in PLAYBOOK.values():
        assert recipe.minutes > 0
        assert all(0 < share < 1 for share in recipe.cures.values())


def test_steps_are_ordered_by_cure_per_minute() -> None:
    """A cheap step that often helps goes before a dear one that helps more often."""
    steps = order_steps({Cause.CAMERA_FROZEN: 0.5, Cause.WEAK_SIGNAL: 0.5}, Cause.WEAK_SIGNAL, ())
    assert steps[:2] == (Step.RESTART_CAMERA, Step.IMPROVE_SIGNAL)
    assert steps[-1] is Step.CONTACT_SUPPORT


def test_a_step_that_cures_the_same_comes_later() -> None:
    """After the first of two cures for one cause, another cause's cure is worth more."""
    even = {Cause.WIFI_PASSWORD_CHANGED: 0.5, Cause.POWER_SUPPLY: 0.35, Cause.WEAK_SIGNAL: 0.15}
    steps = order_steps(even, Cause.WIFI_PASSWORD_CHANGED, ())
    assert steps.index(Step.IMPROVE_SIGNAL) < steps.index(Step.RECONFIGURE_WIFI)


def test_the_cure_of_what_was_named_is_second_at_the_latest() -> None:
    """A list that has nothing to do with the diagnosis is not believed."""
    doubtful = {
        Cause.WEAK_SIGNAL: 0.4,
        Cause.CAMERA_FROZEN: 0.3,
        Cause.POWER_SUPPLY: 0.3,
        Cause.INTEGRATION_FAULT: 0.3,
    }
    assert order_steps(doubtful, Cause.POWER_SUPPLY, ())[1] is not Step.IMPROVE_SIGNAL
    assert order_steps(doubtful, Cause.WEAK_SIGNAL, ())[1] is Step.IMPROVE_SIGNAL


def test_nothing_is_to_be_done_for_a_camera_that_is_well() -> None:
    """A list of steps under "nothing is wrong" would be wrong."""
    assert order_steps({Cause.HEALTHY: 1.0}, Cause.HEALTHY, ()) == ()


def test_support_is_no_answer_to_a_plug_that_is_off() -> None:
    """Nobody calls support for a switch."""
    assert diagnosis(now=GONE, power={"switch": "off"}).steps == (Step.TURN_PLUG_ON,)


def test_a_list_ends() -> None:
    """More than six steps and support nobody reads."""
    everything: dict[Cause, float] = {
        cause: 0.04 for cause in list(Cause) if cause is not Cause.HEALTHY
    }
    assert len(order_steps(everything, Cause.UNDETERMINED, ())) <= 7
    assert order_steps({}, Cause.UNDETERMINED, (), tuple(Step)) == (Step.CONTACT_SUPPORT,)


@pytest.mark.parametrize(
    ("sections", "withheld"),
    [
        (
            {
                "now": {**GONE, "local_time": "03:20"},
                "before": {"minutes_ago": 4},
                "history": {"update_window": "03:00"},
            },
            UNPLUGGING,
        ),
        ({"now": {**GONE, "light": "blinking_green"}}, UNPLUGGING),
        (
            {"now": {"ping": "reply"}, "camera": {"firmware_changed_hours_ago": 0.1}},
            UNPLUGGING,
        ),
        ({"now": REFUSED}, {Step.RECONFIGURE_WIFI, Step.RESTORE_OLD_WIFI}),
        ({"now": {"login": {"result": "rejected"}}}, {Step.RECONFIGURE_WIFI}),
        ({"now": LOCKED}, {Step.ENTER_PASSWORD, Step.RELOAD_INTEGRATION}),
        (
            {"now": GONE, "site": {"gateway": "reply", "gateway_back_minutes_ago": 1}},
            {Step.RESTART_ROUTER_AND_CAMERA},
        ),
        ({"now": GONE, "camera": {"power": "battery"}}, {Step.RESTART_CAMERA, Step.CHECK_POWER}),
        (
            {
                "now": {**GONE, "light": "blinking_red"},
                "history": {"network_changed_hours_ago": 9},
                "site": {"neighbours": [{"kind": "plug", "state": "online"}]},
            },
            {Step.RESTORE_OLD_WIFI},
        ),
        ({"now": GONE}, {Step.TURN_PLUG_ON, Step.WAIT_FOR_LOCK}),
        (
            {
                "now": GONE,
                "site": {"gateway": "reply"},
                "history": {"home_assistant_updated_hours_ago": 0.02},
            },
            {Step.RELOAD_INTEGRATION, Step.ENABLE_THIRD_PARTY_ACCESS},
        ),
        (
            {
                "now": {"ping": "reply", "login": {"result": "ok"}},
                "history": {"outages_24h": 5, "median_outage_s": 60},
            },
            {Step.RELOAD_INTEGRATION, Step.ENTER_PASSWORD, Step.UPDATE_INTEGRATION},
        ),
    ],
)
def test_a_step_that_does_harm_is_withheld(sections: dict[str, Any], withheld: set[Step]) -> None:
    """A power cut during an update can cost the camera, a login feeds the lock.

    And nobody believes a list that begins with a password, of a camera that is not there.
    """
    assert not withheld & set(diagnosis(**sections).steps)


def test_a_camera_that_drops_and_refuses_its_login_is_helped_with_the_login() -> None:
    """Two troubles at once: the one that was named is the one to be cured."""
    found = diagnosis(now=REFUSED, history={"outages_24h": 5, "median_outage_s": 60})
    assert found.cause.group is Group.LOGIN_REFUSED
    assert {Step.ENTER_PASSWORD, Step.ENABLE_THIRD_PARTY_ACCESS} & set(found.steps[:2])


def test_a_downgrade_is_never_advised() -> None:
    """Downgrades are what broke cameras in the reports."""
    assert not [step for step in Step if "downgrade" in step]


def test_what_was_tried_in_this_outage_is_left_out() -> None:
    """The same advice twice is none."""
    tried = [
        {"remedy": "power_cycle", "helped": False, "hours_ago": 1},
        {"remedy": "set_up_again", "helped": False},
        {"remedy": "firmware_update", "helped": False, "hours_ago": 90},
        {"remedy": "reload", "helped": True},
        {"remedy": "change_password", "helped": False},
        {},
    ]
    seen = evidence(now=GONE, before={"minutes_ago": 120}, history={"remedies": tried})
    assert already_tried(seen) == {Step.RESTART_CAMERA, Step.RECONFIGURE_WIFI}
    assert not already_tried(seen) & set(diagnose(seen).steps)
    unknown = evidence(history={"remedies": tried})
    assert Step.UPDATE_FIRMWARE in already_tried(unknown)
    assert set(TRIED_AS) < set(RemedyKind)


def test_failures_add_up() -> None:
    """Beliefs sum to one again after a step that did not help."""
    before = {Cause.CAMERA_FROZEN: 0.5, Cause.POWER_SUPPLY: 0.5}
    weakened = after_failure(before, Step.RESTART_CAMERA)
    assert weakened[Cause.CAMERA_FROZEN] < 0.1
    after = retreat(before, [Step.RESTART_CAMERA])
    assert sum(after.values()) == pytest.approx(1)
    assert after[Cause.POWER_SUPPLY] > 0.8
    assert retreat(before, ()) == before
