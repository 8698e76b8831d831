"""How often the power may be cut without anybody having asked.

Counted in seconds of watching, never in moments of a clock on the wall: a clock that is set
forward by a day has not made a day pass. What nobody watched, such as the time in which Home
Assistant was off, does not count either.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# A camera that only hiccups is back within five minutes by itself; then ever more patience.
AFTER_S: Final = (5 * 60.0, 15 * 60.0, 60 * 60.0)
# What three cuts a day do not cure needs hands.
MOST: Final = 3
SPAN_S: Final = 24 * 3600.0


class Due(StrEnum):
    """Whether an attempt is due."""

    LATER = "later"
    NOW = "now"
    NEVER = "never"
    """Enough was tried: a person's turn."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The automatic attempts of the last day."""

    ages_s: tuple[float, ...] = ()
    """How long each was ago, in seconds of watching, oldest first."""

    def aged(self, seconds: float) -> Budget:
        """Let time pass; time that runs backwards does not."""
        passed = max(0.0, seconds)
        older = (age + passed for age in self.ages_s)
        return Budget(tuple(age for age in older if age < SPAN_S))

    def spent(self) -> Budget:
        """Count one more attempt."""
        return Budget((*self.ages_s, 0.0))

    def due(self, gone_s: float, tried: int) -> Due:
        """Say whether to try, `gone_s` seconds into an outage in which `tried` attempts failed."""
        if len(self.ages_s) >= MOST or tried >= len(AFTER_S):
            return Due.NEVER
        return Due.NOW if gone_s >= AFTER_S[tried] else Due.LATER
