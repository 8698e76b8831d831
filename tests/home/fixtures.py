"""For other folders' tests: `from tests.home.fixtures import loopback` in their conftest."""

import pytest
import pytest_socket


@pytest.fixture
def loopback(socket_enabled: None) -> None:
    """Let a test use real sockets, but only to addresses of this machine."""
    pytest_socket.socket_allow_hosts(["127.0.0.0/8"], allow_unix_socket=True)
