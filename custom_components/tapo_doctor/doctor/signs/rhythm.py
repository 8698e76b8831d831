"""The rhythm of a restart loop in the watts of a plug."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Part of the usual watts below which the camera cannot be running.
_DOWN: Final = 0.45


def collapses(watts: Sequence[float], usual: float | None) -> bool:
    """Tell a restart loop: it falls and rises again more than once."""
    level = usual or max(watts, default=0)
    down = [reading < _DOWN * level for reading in watts]
    falls = sum(after and not before for before, after in pairwise(down))
    rises = sum(before and not after for before, after in pairwise(down))
    # One fall with one rise is a single restart.
    return falls + rises > 2  # noqa: PLR2004
