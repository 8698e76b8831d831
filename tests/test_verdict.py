"""What may be shown."""

from dataclasses import replace

import pytest

from custom_components.tapo_doctor.chart import Chart
from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Certainty, diagnose
from custom_components.tapo_doctor.doctor.evidence import Evidence
from custom_components.tapo_doctor.doctor.presence import HEARTBEAT, Presence, Sensitivity
from custom_components.tapo_doctor.memory import CameraMemory
from custom_components.tapo_doctor.probes.findings import Target
from custom_components.tapo_doctor.verdict import agreed

HEALTHY = replace(diagnose(Evidence()), cause=Cause.HEALTHY, certainty=Certainty.CERTAIN)


@pytest.mark.parametrize(("here", "shown"), [(True, "healthy"), (False, "undetermined")])
def test_nobody_says_that_all_is_well_with_a_camera_that_is_gone(here: bool, shown: str) -> None:
    """The signs may be harmless one by one; that every look was in vain is not."""
    chart = Chart(
        target=Target(host="192.168.1.2"),
        mac=None,
        memory=CameraMemory(),
        pace=HEARTBEAT[Sensitivity.NORMAL],
        presence=Presence(here=here),
    )
    assert agreed(chart, HEALTHY).cause == shown
