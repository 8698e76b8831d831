"""Lengths, as people say them."""

import pytest

from custom_components.tapo_doctor.doctor.lengths import in_units, length_in


@pytest.mark.parametrize(
    ("seconds", "key"),
    [
        (0, "seconds"),
        (59.4, "seconds"),
        (59.6, "whole_minutes"),
        (95, "minutes"),
        (3600, "whole_hours"),
        (3630, "whole_hours"),
        (9000, "hours"),
        (86400, "whole_days"),
        (90000, "days"),
    ],
)
def test_a_length_has_two_units_or_one(seconds: float, key: str) -> None:
    """Three hours and nought minutes are three hours."""
    said, figures = in_units(seconds)
    assert said == key
    assert figures[key.removeprefix("whole_")] or not seconds


@pytest.mark.parametrize(
    ("figures", "seconds"),
    [
        ({"hours": 0.0836667}, 300),
        ({"hours": 72}, 259200),
        ({"minutes": 0}, 60),
        ({"minutes": -5}, 300),
        ({"hours": None, "firmware": "1.4.3"}, None),
        ({}, None),
    ],
)
def test_a_figure_of_a_sign_is_said_to_the_minute(
    figures: dict[str, object], seconds: int | None
) -> None:
    """Nothing was changed 0.0836667 hours ago, nor nought minutes ago."""
    assert length_in(figures) == seconds
