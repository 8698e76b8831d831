"""Restarts, as the watts of a plug show them."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Part of the usual watts below which the camera cannot be running.
_DOWN: Final = 0.45


def collapses(watts: Sequence[float], usual: float | None) -> bool:
    """Tell a restart loop: it falls and rises again more than once."""
    # One fall with one rise is a single restart.
    return len(_turns(watts, usual)) > 2  # noqa: PLR2004


def restarted(watts: Sequence[float], usual: float | None) -> bool:
    """Tell a single restart that is over: it fell, and rose again."""
    return _turns(watts, usual) == ["fall", "rise"]


def _turns(watts: Sequence[float], usual: float | None) -> list[str]:
    """Name, in their order, the readings between which the camera went down or came up."""
    level = usual or max(watts, default=0)
    down = [reading < _DOWN * level for reading in watts]
    return ["fall" if after else "rise" for before, after in pairwise(down) if before != after]
