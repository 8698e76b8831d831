"""Run the example home, to try any Tapo client against it."""

import argparse
import asyncio
import os
import resource
import signal
import stat
import sys

from . import commands
from .certificate import server_context
from .clock import Clock
from .control import Control
from .home import EXAMPLE_BASE, Home
from .specs import CameraSpec


def say(text: str, end: str = "\n") -> None:
    """Print, at once, so that a pipe's other end need not wait."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


class Prompt:
    """Lines from standard input, while it is a terminal or a pipe."""

    def __init__(self, home: Home, stop: asyncio.Event) -> None:
        self._home = home
        self._stop = stop
        self._rest = b""
        self._fd = sys.stdin.fileno()
        self._terminal = os.isatty(self._fd)

    def open(self) -> None:
        """Listen, if there is anybody to listen to."""
        if self._terminal or stat.S_ISFIFO(os.fstat(self._fd).st_mode):
            asyncio.get_running_loop().add_reader(self._fd, self._readable)
            self._ask()

    def close(self) -> None:
        """Listen no more."""
        asyncio.get_running_loop().remove_reader(self._fd)

    def _readable(self) -> None:
        data = os.read(self._fd, 4096)
        if not data:
            self.close()
            if self._terminal:
                self._stop.set()  # Ctrl-D; at the end of a pipe the home lives on.
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._obey(line.decode(errors="replace").strip())

    def _obey(self, line: str) -> None:
        if line in {"quit", "exit"}:
            self._stop.set()
            return
        try:
            say(commands.obey(self._home, line))
        except commands.CommandError as error:
            say(str(error))
        self._ask()

    def _ask(self) -> None:
        if self._terminal:
            say("home> ", end="")


def _home(arguments: argparse.Namespace) -> Home:
    clock = Clock(arguments.scale)
    base = arguments.base or None
    if not arguments.cameras:
        return Home.example(base=base, clock=clock)
    # Each camera holds three sockets, and each client's connection one more.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    cameras = [CameraSpec(f"camera {number + 1}") for number in range(arguments.cameras)]
    return Home(cameras, base=base, clock=clock)


async def _run(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with _home(arguments) as home:
        control = None
        if arguments.control:
            host, _, port = arguments.control.rpartition(":")
            control = Control(home, host, int(port))
            control.open()
        say(commands.table(home))
        say(f"account: {home.account[0]}  password: {home.account[1]}")
        say(f"discovery: UDP 20002, on each address and on {home.broadcast}")
        if control:
            say(f"control: {control.url}")
        say("`help` says what can be done; Ctrl-C ends it")
        prompt = Prompt(home, stop)
        prompt.open()
        try:
            await stop.wait()
        finally:
            prompt.close()
            if control:
                await control.close()


def main() -> int:
    """Read the command line and run until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.home", description=__doc__)
    parser.add_argument("--control", metavar="HOST:PORT", help="obey over HTTP here, too")
    parser.add_argument(
        "--base",
        type=int,
        default=EXAMPLE_BASE,
        help="addresses are 127.BASE.x.y; 0 for the first that is free",
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="how much faster boots and locks pass"
    )
    parser.add_argument(
        "--cameras", type=int, metavar="N", help="N plain cameras in place of the example home"
    )
    arguments = parser.parse_args()
    server_context()  # Making a key takes a moment, which the loop need not wait for.
    try:
        asyncio.run(_run(arguments))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot run: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
