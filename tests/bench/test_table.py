"""The table that people read, and that the README quotes."""

import os

import pytest

from .machine import cpu_seconds, describe, memory_mb
from .table import render, spread
from .test_findings import LARGE, lane

MACHINE = {"machine": "2 cores, some processor", "homeassistant": "2026.10.4"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([9.0, 13.0, 18.4], "13 / 18"),
        ([None, None], "not in 90 s"),
        ([40.0, None], "40 … not in 90"),
        ([], "not in 90 s"),
    ],
)
def test_what_was_never_seen_is_not_left_out(values: list[float | None], said: str) -> None:
    """The median of only those that were seen would flatter whoever sees few."""
    assert spread(values, 90) == said


def test_every_watcher_has_its_column() -> None:
    """Figures under a wrong name are worse than none."""
    table = render(MACHINE, "2026-11-22", [lane(), lane("tplink", CUT=80.0)], None)
    head = next(line for line in table.splitlines() if "tplink" in line)
    cut = next(line for line in table.splitlines() if "power cut: shown" in line)
    assert head.split() == ["tapo_doctor", "tplink"]
    assert cut.split()[-6:] == ["12", "/", "12", "80", "/", "80"]
    assert "2026-11-22: 2 cores, some processor" in table


def test_a_ping_that_loopback_answers_is_not_called_blind() -> None:
    """There the kernel answers for the camera: that says nothing about the watcher."""
    ping = lane("ping", island=False, CUT=None)
    assert "cannot be measured" in render(MACHINE, "2026-11-22", [ping], None)
    assert "cannot be measured" not in render(MACHINE, "2026-11-22", [lane("ping")], None)


def test_pauses_that_are_too_long_are_told_with_their_culprit() -> None:
    """A goal that is missed has to be seen."""
    table = render(MACHINE, "2026-11-22", [], LARGE)
    assert "200 cameras" in table
    assert "not in time" in table
    assert "2 pauses over 50 ms; the longest was a review" in table


def test_this_process_has_used_a_processor_and_memory() -> None:
    """The kernel's files are read by position, and positions are easily wrong."""
    times = os.times()
    assert cpu_seconds(os.getpid()) == pytest.approx(sum(times[:4]), abs=0.5)
    assert 10 < memory_mb(os.getpid()) < 10_000
    assert describe()["homeassistant"]
