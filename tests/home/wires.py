"""What the home's addresses are: ways of this machine's kernel to itself.

On loopback every address is always there: the kernel answers its pings, whatever the device
does. In a network of our own, which Linux gives to whoever asks where its owner allows that,
a device that is gone takes its address along, and even a ping meets silence. That network has
no way out of the machine, nor into it.
"""

import os
import subprocess
from pathlib import Path
from typing import Final, override

_OWN: Final = "10.255.255.254"


class Loopback:
    """Addresses below 127: they neither come nor go."""

    def address(self, base: int, number: int) -> str:
        """Name the address with this number."""
        return f"127.{base}.{number // 250}.{number % 250}"

    def appear(self, host: str) -> None:
        """Let a device's address be there."""

    def vanish(self, host: str) -> None:
        """Let a device's address be nowhere."""


class Island(Loopback):
    """Addresses below 10, in a network of our own; call `settle` before any thread is started."""

    def __init__(self) -> None:
        self._there: set[str] = set()

    @classmethod
    def settle(cls) -> Island | None:
        """Leave the machine's network for one of our own; None where that is not allowed.

        A child tries it first, because there is no way back from half-way.
        """
        child = os.fork()
        if not child:
            try:
                _leave()
            except OSError, AttributeError, subprocess.CalledProcessError:
                os._exit(1)
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            return None
        _leave()
        return cls()

    @override
    def address(self, base: int, number: int) -> str:
        return f"10.{base}.{number // 250}.{number % 250}"

    @override
    def appear(self, host: str) -> None:
        if host not in self._there:
            _ip("route", "add", "local", host, "dev", "lo", "src", _OWN)
            self._there.add(host)

    @override
    def vanish(self, host: str) -> None:
        if host in self._there:
            self._there.remove(host)
            _ip("route", "del", "local", host, "dev", "lo")


def _leave() -> None:
    user, group = os.getuid(), os.getgid()
    os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    _ip("link", "set", "lo", "up")
    _ip("address", "add", f"{_OWN}/32", "dev", "lo")
    # What has no address of its own goes out here, and nobody takes it in: silence.
    _ip("route", "add", "10.0.0.0/8", "dev", "lo", "src", _OWN)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)  # noqa: S603, S607
