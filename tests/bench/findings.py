"""What was measured, as values that pass from one process to another as JSON."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from .plan import Trouble

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """How one trouble was seen, in seconds since it began; None where it was not."""

    trouble: Trouble
    gone_s: float | None
    named_s: float | None
    back_s: float | None
    """Since it could be reached again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One watcher, alone in a Home Assistant, with cameras of its own."""

    watcher: str
    cameras: int
    island: bool
    """Whether an address goes with its device; if not, the kernel answers every ping."""
    calm_s: float
    traffic: dict[str, float]
    """By what a camera counts: how much of it in a minute of calm, on the average."""
    cpu_share: float
    """Of one core for each camera, above the same Home Assistant when it was empty."""
    patience_s: float
    outages: list[Outage]
    records_per_outage: float
    lock_s: float
    locked_logins: float
    """Login requests of a locked camera that was left to the watcher."""
    asked_logins: float | None
    """The same where a person asked to look again; None where nobody can."""

    def write(self, path: Path) -> None:
        """Hand it on."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Receive it."""
        data = json.loads(path.read_text(encoding="utf-8"))
        outages = [
            Outage(**{**outage, "trouble": Trouble(outage["trouble"])})
            for outage in data.pop("outages")
        ]
        return cls(**data, outages=outages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long the event loop was held by one callback at the most, in milliseconds."""

    calls: int
    """Callbacks that held it for longer than the goal allows."""
    most_ms: float
    most_cpu_ms: float
    """The longest by the time on a processor: what another process took does not count."""
    garbage_ms: float
    """The same of the garbage collection, which is Python's and counted apart."""
    culprit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """A large home with our watcher."""

    cameras: int
    seconds: float
    empty_share: float
    cpu_share: float
    """Of one core, all that Home Assistant takes."""
    empty_mb: float
    memory_mb: float
    calm: Pauses
    lost: Pauses
    """While all cameras are lost at once, and come back."""
    lost_cpu_s: float
    """Spent on that, above the calm."""
    confirmed_s: float | None
    """Until the last camera was shown to be gone."""

    def write(self, path: Path) -> None:
        """Hand it on."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Receive it."""
        data = json.loads(path.read_text(encoding="utf-8"))
        calm, lost = Pauses(**data.pop("calm")), Pauses(**data.pop("lost"))
        return cls(**data, calm=calm, lost=lost)
