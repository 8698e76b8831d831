"""How often the power may be cut without anybody having asked.

Counted in seconds of watching, never in moments of a clock on the wall: a clock that is set
forward by a day has not made a day pass. What nobody watched, such as the time in which Home
Assistant was off, does not count either.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

# A camera that only hiccups is back within five minutes by itself; then ever more patience.
AFTER_S: Final = (5 * 60.0, 15 * 60.0, 60 * 60.0)
# What three cuts a day do not cure needs hands.
MOST: Final = 3
SPAN_S: Final = 24 * 3600.0
# A camera that hangs every day is not cured; one that was well for a week somebody has mended.
WELL_S: Final = 7 * 24 * 3600.0


class Due(StrEnum):
    """Whether an attempt is due."""

    LATER = "later"
    NOW = "now"
    NEVER = "never"
    """Enough was tried: a person's turn."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The automatic attempts of the last day, and whether a person's turn has come."""

    ages_s: tuple[float, ...] = ()
    """How long each was ago, in seconds of watching, oldest first."""
    left_s: float | None = None
    """How long it has been well since the rest was left to a person; None while it is not."""

    @property
    def waits(self) -> bool:
        """Whether a person is waited for."""
        return self.left_s is not None

    @property
    def exhausted(self) -> bool:
        """Whether as much was tried in a day as may be."""
        return len(self.ages_s) >= MOST

    def aged(self, seconds: float, *, well: bool) -> Budget:
        """Let time pass; time that runs backwards does not."""
        passed = max(0.0, seconds)
        older = (age + passed for age in self.ages_s)
        left_s = self.left_s
        if left_s is not None:
            left_s = left_s + passed if well else 0.0
        return Budget(
            tuple(age for age in older if age < SPAN_S),
            left_s if left_s is None or left_s < WELL_S else None,
        )

    def spent(self) -> Budget:
        """Count one more attempt."""
        return replace(self, ages_s=(*self.ages_s, 0.0))

    def left(self) -> Budget:
        """Leave the rest to a person."""
        return self if self.waits else replace(self, left_s=0.0)

    def acted(self) -> Budget:
        """Begin anew where a person was waited for: one has acted."""
        return Budget() if self.waits else self

    def due(self, gone_s: float, tried: int) -> Due:
        """Say whether to try, `gone_s` seconds into an outage in which `tried` attempts failed."""
        if self.waits or tried >= len(AFTER_S):
            return Due.NEVER
        if gone_s < AFTER_S[tried]:
            return Due.LATER
        return Due.NEVER if self.exhausted else Due.NOW
