"""The bench's own arithmetic needs no Home Assistant."""

import pytest


@pytest.fixture(autouse=True)
def _our_integration() -> None:
    """Nothing to be found by anybody."""
