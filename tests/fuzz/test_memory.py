"""What is read from the disk: edited by hand, cut off by a power cut, or of another version."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from homeassistant.helpers.json import json_bytes
from homeassistant.util.json import json_loads
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.chart import Chart
from custom_components.tapo_doctor.doctor import diagnose
from custom_components.tapo_doctor.doctor.availability import tally, with_look
from custom_components.tapo_doctor.doctor.evidence import LoginResult, Power, Site
from custom_components.tapo_doctor.doctor.presence import HEARTBEAT, Sensitivity
from custom_components.tapo_doctor.doctor.told import still_true, tell
from custom_components.tapo_doctor.memory import CameraMemory, Memory
from custom_components.tapo_doctor.probes.findings import Target
from custom_components.tapo_doctor.testimony import evidence_of

from .hostile import anything, spoiled

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

# At full speed: what is covered here is covered by the tests of each module.
pytestmark = pytest.mark.no_cover

STORED = {
    "last_good": "2026-06-15T12:00:00+00:00",
    "firmware": "1.4.3",
    "firmware_changed": "2026-06-12T12:00:00+00:00",
    "ssid": "home",
    "signals": [-60, -61],
    "usual_watts": 3.1,
    "stream_seen": True,
    "found": True,
    "pings": True,
    "side_ports": [2020],
    "table_true": True,
    "update_window": "03:00",
    "planned_restart": "04:00",
    "paused": True,
    "paused_until": "2026-06-15T12:00:00+00:00",
    "gate": {
        "refused": "rejected",
        "not_before": "2026-06-15T12:00:00+00:00",
        "firmware": "1.4.3",
        "host": "192.168.1.2",
        "losses": 2,
    },
    "outages": [
        {
            "start": "2026-06-15T11:00:00+00:00",
            "end": "2026-06-15T11:10:00+00:00",
            "cause": "weak_signal",
            "certainty": "likely",
            "tried": ["restart_camera"],
            "helped": "power_cycle",
            "planned": False,
        }
    ],
    "told": [{"question": "light", "answer": "off", "at": "2026-06-15T12:00:00+00:00"}],
    "tried": ["check_power"],
    "remedies": [
        {
            "remedy": "power_cycle",
            "at": "2026-06-15T11:05:00+00:00",
            "helped": True,
            "during": "2026-06-15T11:00:00+00:00",
        }
    ],
    "watched_since": "2026-06-01T12:00:00+00:00",
    "last_look": "2026-06-15T12:00:00+00:00",
    "restart_s": 42.5,
    "attempts_s": [30.0, 4000.0],
    "left_s": 60.0,
    "blind": [["2026-06-14T12:00:00+00:00", "2026-06-14T13:00:00+00:00"]],
}
ZONES = [UTC, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/New_York")]


async def test_every_field_is_in_the_example(hass: HomeAssistant) -> None:
    """A field that is not in it would hardly be tried."""
    assert STORED.keys() == CameraMemory.__dataclass_fields__.keys()
    assert Memory(hass, "home")._read({"cameras": {"garden": STORED}})


async def test_a_camera_is_watched_whatever_was_stored(hass: HomeAssistant) -> None:
    """What is taken over can be judged by, and written again; the rest is left out."""

    @given(
        spoiled([{"cameras": {"garden": STORED}}])
        | anything("cameras", *STORED).map(lambda data: {"cameras": {"garden": data}})
        | anything("cameras"),
        st.sampled_from(ZONES),
    )
    def check(stored: Any, zone: ZoneInfo) -> None:
        memory = Memory(hass, "home")
        memory._read(stored)
        for camera in list(memory._cameras):
            use(memory.of(camera), datetime(2026, 6, 15, 12, 30, tzinfo=zone))
        written = json_loads(json_bytes(memory._data()))
        again = Memory(hass, "home")
        assert again._read(written)
        assert again._cameras == memory._cameras

    check()


def use(memory: CameraMemory, now: datetime) -> None:
    """Do with a memory what the watch does."""
    chart = Chart(
        target=Target(host="192.168.1.2"),
        mac=None,
        memory=memory,
        pace=HEARTBEAT[Sensitivity.NORMAL],
    )
    judge(chart, now)
    chart.signal(now)
    memory.gate.may_try(now, host="192.168.1.2", firmware="1.4.3")
    for result in LoginResult:
        memory.gate.after(result, now, host="192.168.1.2", firmware=None, locked_for_s=1784)
    chart.begin_outage(now)
    chart.end_outage(now + timedelta(minutes=1))
    judge(chart, now)


def judge(chart: Chart, now: datetime) -> None:
    """Draw the conclusions from all that is known."""
    seen = evidence_of(chart, now, Power(), Site())
    diagnose(tell(seen, still_true(chart.memory.told, now), now))
    if (since := chart.memory.watched_since) is not None:
        tally(chart.memory.outages, chart.memory.blind, since, now)
    with_look(chart.memory.blind, chart.memory.last_look, now)
