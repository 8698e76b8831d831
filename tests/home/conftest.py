"""Real sockets, on loopback alone."""

import pytest

from .fixtures import loopback

__all__ = ["loopback"]


@pytest.fixture(autouse=True)
def _real_sockets(loopback: None) -> None:
    """All tests here talk to the home over the kernel."""
