"""The real Home Assistant, as a process of its own that never outlives the demo."""

import asyncio
import os
import signal
import sys
import time
from contextlib import asynccontextmanager, suppress
from ctypes import CDLL
from typing import TYPE_CHECKING

from .client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .workplace import Workplace

# The first start may have to fetch packages.
START_PATIENCE = 300.0
STOP_PATIENCE = 30.0
LOOK_AGAIN = 0.2
_PR_SET_PDEATHSIG = 1
# What is started in Home Assistant's place, as a module of Python's.
PROGRAM = "tests.demo.loopback_hass"


class HassProcess:
    """Starts and stops Home Assistant in one folder."""

    def __init__(self, workplace: Workplace, program: str = PROGRAM) -> None:
        self._workplace = workplace
        self._program = program
        self._process: asyncio.subprocess.Process | None = None

    @property
    def number(self) -> int:
        """The number by which the kernel knows it."""
        if self._process is None:
            raise RefusedError("Home Assistant does not run")
        return self._process.pid

    async def start(self, client: Client) -> float:
        """Start it, wait until it answers, and return the seconds that took."""
        begin = time.monotonic()
        with self._workplace.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._program,
                "--config",
                str(self._workplace.folder),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "UV_SYSTEM_CERTS": "1"},
                # Ctrl-C is for the demo alone, which then stops Home Assistant in good order.
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        while not await client.answers():
            if self._process.returncode is not None:
                raise RefusedError("Home Assistant ended while it was starting")
            if time.monotonic() - begin > START_PATIENCE:
                raise RefusedError("Home Assistant does not answer")
            await asyncio.sleep(LOOK_AGAIN)
        return time.monotonic() - begin

    async def stop(self) -> None:
        """Ask it to end, and end it and its children if it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_PATIENCE):
                await process.wait()
        except TimeoutError:
            pass
        finally:
            # Packages that are just being fetched are children of their own.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def _die_with_parent() -> None:
    """Have the kernel end Home Assistant should the demo be killed outright (Linux only)."""
    if sys.platform == "linux":
        CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@asynccontextmanager
async def running(
    workplace: Workplace, client: Client, program: str = PROGRAM
) -> AsyncIterator[HassProcess]:
    """Run Home Assistant for as long as the block lasts."""
    process = HassProcess(workplace, program)
    try:
        await process.start(client)
        yield process
    finally:
        await client.hang_up()
        await process.stop()
