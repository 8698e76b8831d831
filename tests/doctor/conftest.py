"""The mind needs no Home Assistant: what the kit starts by itself stays off."""

import pytest


@pytest.fixture(autouse=True)
def _our_integration() -> None:
    """Leave Home Assistant out."""


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Leave the loop out."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop out."""


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Leave the loop out."""


@pytest.fixture(autouse=True)
def skip_stop_scripts() -> None:
    """Leave the scripts out."""


@pytest.fixture(autouse=True)
def fail_on_log_exception() -> None:
    """Leave the log out."""
