"""What befalls whom, and when."""

import pytest

from custom_components.tapo_doctor.doctor.presence import SERVICE

from .plan import FULL, QUICK, Plan, Trouble


def test_ten_cuts_meet_ten_phases_of_a_poll_of_ten_seconds() -> None:
    """A figure that depends on when the last poll was is measured at every distance from it."""
    starts = [after for _, trouble, after in FULL.troubles() if trouble is Trouble.CUT]
    assert len({round(after) % 10 for after in starts}) == 10
    assert len({round(after) % 30 for after in starts}) == 10


@pytest.mark.parametrize("trouble", [Trouble.HUNG_OPEN, Trouble.HUNG_CLOSED])
def test_hangs_are_spread_over_the_pause_of_the_service_check(trouble: Trouble) -> None:
    """Ten hangs at one moment would measure one phase ten times."""
    starts = [after for _, one, after in FULL.troubles() if one is trouble]
    assert len(starts) == 10
    assert max(starts) - min(starts) == pytest.approx(0.9 * SERVICE.interval)


@pytest.mark.parametrize("plan", [FULL, QUICK])
def test_every_camera_meets_one_trouble(plan: Plan) -> None:
    """Two troubles at once would be measured as one."""
    names = [name for name, _, _ in plan.troubles()]
    assert names == [spec.name for spec in plan.cameras()]
    assert len(set(names)) == 3 * plan.phases
