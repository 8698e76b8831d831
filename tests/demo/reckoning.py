"""What came of the story, as a table, and as complaints where something was not as it should be."""

import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from .story import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from .playing import Finding

SET_UP_GOAL_S: Final = 1.0
# The median of fewer is too much a matter of chance to be judged.
ENOUGH: Final = 9
RECORD: Final = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
OURS: Final = "tapo_doctor"
# Home Assistant says this of every custom integration.
HARMLESS: Final = "We found a custom integration"


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that has to be reached, in seconds."""

    what: str
    values: list[float]
    median: float | None
    most: float

    @property
    def judges_median(self) -> bool:
        """Whether the median counts, and is not a matter of chance."""
        return self.median is not None and len(self.values) >= ENOUGH

    def complaints(self) -> Iterable[str]:
        """Say what was missed."""
        if not self.values:
            yield f"{self.what}: nothing was measured"
            return
        middle, most = median(self.values), max(self.values)
        if self.median is not None and self.judges_median and middle > self.median:
            yield f"{self.what}: {middle:.1f} s at the median, not {self.median:.0f} s"
        if most > self.most:
            yield f"{self.what}: {most:.1f} s at the most, not {self.most:.0f} s"

    def row(self) -> str:
        """Return the figure as a line; a median in brackets is not judged."""
        if not self.values:
            return f"  {self.what:<34} -"
        aim = "-" if self.median is None else f"{self.median:.0f}"
        aim = aim if self.judges_median or self.median is None else f"({aim})"
        return (
            f"  {self.what:<34} {median(self.values):6.2f} {max(self.values):6.2f}"
            f"   {aim + f' / {self.most:.0f}':<10} {len(self.values):4d}"
        )


def goals(findings: list[Finding], set_up_s: float) -> list[Goal]:
    """Return the design's figures, as they were measured."""
    gone = (Kind.GONE, Kind.MOVED)

    def of(kinds: Collection[Kind], name: str) -> list[float]:
        values = (getattr(f, name) for f in findings if f.chapter.kind in kinds)
        return [value for value in values if value is not None]

    return [
        Goal("a vanished camera is confirmed", of(gone, "detected"), 15, 20),
        Goal("a hung camera is confirmed", of((Kind.HUNG,), "detected"), 45, 80),
        Goal("and the right cause is named", of(gone, "named"), None, 35),
        Goal("a recovery is shown", of((Kind.GONE,), "recovered"), None, 6),
        Goal("a moved camera is followed", of((Kind.MOVED,), "recovered"), None, 40),
        Goal("set-up adds to a start", [set_up_s], None, SET_UP_GOAL_S),
    ]


def table(findings: list[Finding], figures: list[Goal]) -> str:
    """Return everything as a table."""
    lines = ["", f"  {'camera':<12} {'cause':<22} {'seen':>6} {'named':>6} {'sure':>5} {'back':>6}"]
    lines += [
        f"  {finding.camera:<12} {finding.chapter.cause:<22} {_seconds(finding.detected)} "
        f"{_seconds(finding.named)} {finding.confidence:5.0%} {_seconds(finding.recovered)}"
        for finding in findings
    ]
    head = f"  {'seconds':<34} {'median':>6} {'most':>6}   {'goal':<10} {'of':>4}"
    return "\n".join([*lines, "", head, *(figure.row() for figure in figures), ""])


def _seconds(value: float | None) -> str:
    return "     -" if value is None else f"{value:6.1f}"


def log_complaints(log: Path) -> list[str]:
    """Find what our integration should not have said, or caused to be said, in the log."""
    complaints = []
    for record in records(log):
        head = record.splitlines()[0]
        if OURS not in record or HARMLESS in head:
            continue
        bad = " ERROR " in head or "Traceback" in record or "Detected that custom" in record
        if bad or " WARNING " in head:
            complaints.append(f"in the log: {head[:200]}")
    return complaints


def records(log: Path) -> list[str]:
    """Split the log into what was said at once, tracebacks with their line."""
    records: list[str] = []
    for line in log.read_text(errors="replace").splitlines():
        if RECORD.match(line) or not records:
            records.append(line)
        else:
            records[-1] += f"\n{line}"
    return records
