"""What is looked at only because something seems wrong, and how long it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .doctor.evidence import NeighbourTable, PortState, Scan, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """Findings about one camera, of the present trouble only."""

    at: datetime | None = None
    ports: Mapping[int, PortState] = field(default_factory=dict)
    stream: Stream | None = None
    table: NeighbourTable | None = None
    scan: Scan | None = None
    scan_asked: bool = False
    """Whether a scan was asked for; it may have brought nothing."""
