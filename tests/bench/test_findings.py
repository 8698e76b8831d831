"""What one process hands to another."""

from typing import TYPE_CHECKING

from .crowd import pauses
from .findings import Crowd, Lane, Outage, Pauses
from .plan import Trouble

if TYPE_CHECKING:
    from pathlib import Path


def lane(watcher: str = "tapo_doctor", *, island: bool = True, **gone: float | None) -> Lane:
    """Return the findings of one watcher that saw each trouble once."""
    return Lane(
        watcher=watcher,
        cameras=3,
        island=island,
        calm_s=60,
        traffic={"connections": 1.25},
        cpu_share=0.001,
        patience_s=90,
        outages=[
            Outage(trouble=one, gone_s=gone.get(one.name, 12.0), named_s=15.0, back_s=2.0)
            for one in Trouble
        ],
        records_per_outage=2,
        lock_s=120,
        locked_logins=0,
        asked_logins=None,
    )


CALM = Pauses(calls=0, most_ms=12, most_cpu_ms=3, garbage_ms=1, culprit="a look")
LARGE = Crowd(
    cameras=200,
    seconds=300,
    empty_share=0.001,
    cpu_share=0.04,
    empty_mb=200,
    memory_mb=300,
    calm=CALM,
    lost=Pauses(calls=2, most_ms=80, most_cpu_ms=61, garbage_ms=0, culprit="a review"),
    lost_cpu_s=2.5,
    confirmed_s=None,
)


def test_the_findings_of_a_watcher_survive_the_way(tmp_path: Path) -> None:
    """Else the table would show something else than what was measured."""
    lane().write(tmp_path / "lane")
    assert Lane.read(tmp_path / "lane") == lane()


def test_the_findings_of_a_large_home_survive_the_way(tmp_path: Path) -> None:
    """Likewise."""
    LARGE.write(tmp_path / "crowd")
    assert Crowd.read(tmp_path / "crowd") == LARGE


def test_the_longest_pause_names_its_culprit() -> None:
    """A pause that nobody can be blamed for is never mended."""
    rows: list[dict[str, float | str]] = [
        {"held": 0.020, "worked": 0.019, "what": "small"},
        {"held": 0.080, "worked": 0.002, "what": "somebody else had the processor"},
        {"held": 0.060, "worked": 0.055, "what": "busy"},
        {"held": 0.070, "worked": 0.066, "what": "garbage collection during something"},
    ]
    assert pauses(rows) == Pauses(
        calls=3,
        most_ms=80,
        most_cpu_ms=55,
        garbage_ms=66,
        culprit="somebody else had the processor",
    )
    assert pauses([]) == Pauses(calls=0, most_ms=0, most_cpu_ms=0, garbage_ms=0, culprit="")
