"""How long something lasts or is ago, in the units that people say it in."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# The figures of signs that are a length, and how many minutes one of each is.
_MINUTES: Final = {"minutes": 1, "hours": 60}


def in_units(seconds: float) -> tuple[str, Mapping[str, int]]:
    """Return the key of the words that say a length in its two largest units, and their figures.

    The second unit is left out where it is nought: an hour is no hour and nought minutes.
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    figures = {"days": days, "hours": hours, "minutes": minutes, "seconds": rest}
    units = list(figures)
    largest = next((unit for unit in units if figures[unit]), "seconds")
    following = units[units.index(largest) + 1 :]
    whole = bool(following) and not figures[following[0]]
    return f"whole_{largest}" if whole else largest, figures


def length_in(figures: Mapping[str, object]) -> int | None:
    """Find the length among the figures of a sign, in seconds; to the minute, and at least one.

    Nobody knows it better than that, and nothing was nought minutes ago.
    """
    for unit, minutes in _MINUTES.items():
        if isinstance(figure := figures.get(unit), int | float):
            return 60 * max(1, round(abs(figure) * minutes))
    return None
