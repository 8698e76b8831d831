"""Real sockets, on loopback alone."""

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
from kasa.httpclient import HttpClient

from .fixtures import loopback

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["loopback"]


@pytest.fixture(autouse=True)
def _real_sockets(loopback: None) -> None:
    """All tests here talk to the home over the kernel."""


@pytest.fixture(autouse=True)
def _our_integration() -> None:
    """No Home Assistant here: the home has to stand by itself."""


@pytest.fixture(autouse=True)
def _brisk_client(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Take from python-kasa what only costs time: its pauses, and its talk about itself."""
    monkeypatch.setattr(HttpClient, "WAIT_BETWEEN_REQUESTS_ON_OSERROR", 0)
    logger = logging.getLogger("kasa")
    level = logger.level
    logger.setLevel(logging.INFO)
    yield
    logger.setLevel(level)


@pytest.fixture(autouse=True)
async def _brisk_loop() -> None:
    """Spare asyncio the writing down of where each of ten thousand handles came from."""
    asyncio.get_running_loop().set_debug(False)
