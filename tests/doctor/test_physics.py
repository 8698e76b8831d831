"""What cannot be is never said, however much else speaks for it."""

from typing import Any

import pytest
from hypothesis import assume, given

from custom_components.tapo_doctor.doctor import Cause, Evidence, diagnose
from custom_components.tapo_doctor.doctor.beliefs import believe, score
from custom_components.tapo_doctor.doctor.clues import EXCLUDED, EXCLUSIONS
from custom_components.tapo_doctor.doctor.sign import Sign
from custom_components.tapo_doctor.doctor.signs import read_signs

from .evidences import calm, diagnosis, evidences

REPLY = {"now": {"ping": "reply"}}
GONE = {"ping": "silent", "ports": {"443": "silent"}}
OFF = {"now": GONE, "power": {"switch": "off"}}
EMPTY = {"now": GONE, "power": {"switch": "on", "watts": [0, 0, 0]}}


@pytest.mark.parametrize(
    ("sections", "impossible"),
    [
        (REPLY, Cause.POWER_SUPPLY),
        (REPLY, Cause.SWITCHED_OFF),
        (REPLY, Cause.ASLEEP),
        (REPLY, Cause.WIFI_PASSWORD_CHANGED),
        (REPLY, Cause.BAND_MISMATCH),
        (REPLY, Cause.HOME_ASSISTANT_NETWORK),
        (REPLY, Cause.ADDRESS_CHANGED),
        ({"now": {"discovery": {"answer": "other_address"}}}, Cause.POWER_SUPPLY),
        ({"now": {"discovery": {"answer": "other_address"}}}, Cause.ROUTER_DOWN),
        ({"now": {"discovery": {"answer": "other_address"}}}, Cause.WIFI_PASSWORD_CHANGED),
        (OFF, Cause.CREDENTIALS_REJECTED),
        (OFF, Cause.WEAK_SIGNAL),
        (OFF, Cause.RESTARTING),
        (EMPTY, Cause.CREDENTIALS_REJECTED),
        (EMPTY, Cause.WIFI_PASSWORD_CHANGED),
        (EMPTY, Cause.CAMERA_FROZEN),
        (EMPTY, Cause.SWITCHED_OFF),
        ({"now": GONE, "power": {"watts": [0.0, 0.0]}}, Cause.CAMERA_FROZEN),
        ({"now": GONE, "power": {"switch": "on"}}, Cause.SWITCHED_OFF),
        ({"now": GONE, "power": {"watts": [3.0, 3.0]}}, Cause.SWITCHED_OFF),
        ({"now": GONE, "power": {"watts": [3, 0.2, 3, 0.2, 3]}}, Cause.SWITCHED_OFF),
        (
            {"now": GONE, "power": {"switch": "off", "switched_off_by": "doctor"}},
            Cause.POWER_SUPPLY,
        ),
        (
            {
                "now": GONE,
                "before": {"minutes_ago": 90},
                "power": {"switch": "off", "switched_off_by": "doctor"},
            },
            Cause.RESTARTING,
        ),
        ({"now": GONE, "camera": {"power": "mains"}}, Cause.ASLEEP),
        ({"now": GONE, "camera": {"bands": ["wired"]}}, Cause.WIFI_PASSWORD_CHANGED),
        ({"now": GONE, "site": {"router_lists_camera": "associated"}}, Cause.SWITCHED_OFF),
        ({"now": {**GONE, "light": "blinking_red"}}, Cause.SWITCHED_OFF),
        ({"now": {**GONE, "light": "solid_red"}}, Cause.SWITCHED_OFF),
        ({"now": {**GONE, "light": "solid_green"}}, Cause.SWITCHED_OFF),
        ({"now": {**GONE, "light": "solid_amber"}}, Cause.SWITCHED_OFF),
        ({"now": {**GONE, "sound_of_restarting": True}}, Cause.SWITCHED_OFF),
        ({"now": {"login": {"result": "ok"}}}, Cause.THIRD_PARTY_ACCESS_OFF),
        ({"now": {"login": {"result": "ok"}}}, Cause.ACCOUNT_LOCKED),
        ({"now": {"login": {"result": "ok"}}}, Cause.LOGIN_CHANGED_BY_FIRMWARE),
    ],
)
def test_the_impossible_has_no_probability(sections: dict[str, Any], impossible: Cause) -> None:
    """People stop believing a doctor who calls a living camera dead."""
    shares = {ranked.cause: ranked.probability for ranked in diagnosis(**sections).ranking}
    assert shares[impossible] == 0.0


def test_every_exclusion_is_held_by_an_example() -> None:
    """A row that nothing holds may vanish unseen."""
    held = {sign for sign, _, _ in EXCLUSIONS}
    assert held
    assert held == {sign for sign in Sign if EXCLUDED[sign]}
    for sign, causes, why in EXCLUSIONS:
        assert why
        assert not set(causes) & set(believe(score([sign])))
        assert Cause.UNDETERMINED not in causes


@calm
@given(evidences)
def test_an_observation_that_excludes_a_cause_never_raises_it(evidence: Evidence) -> None:
    """New facts must not bring the impossible back."""
    found = read_signs(evidence)
    excluded = set[Cause]().union(*(EXCLUDED[sign] for sign in found))
    assume(excluded)
    possible = {ranked.cause for ranked in diagnose(evidence).ranking if ranked.probability}
    assert not excluded & possible
    for sign, causes, _ in EXCLUSIONS:
        after = believe(score({*found, sign}))
        assert all(after.get(cause, 0.0) == 0.0 for cause in causes)
