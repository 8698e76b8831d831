"""The home as a program: prompt, control over HTTP, a clean end."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest

from . import Fault, Home, commands
from .control import Control

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

# Whichever addresses and port are free: several test runs may share a machine.
FREE = "127.0.0.1:0"


@asynccontextmanager
async def program(*arguments: str) -> AsyncGenerator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-m", "tests.home", "--base=0", *arguments,
        stdin=PIPE, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def until(process: Process, words: str) -> str:
    """Read on until a line has these words."""
    assert process.stdout is not None
    read = ""
    while words not in read:
        line = await asyncio.wait_for(process.stdout.readline(), 10)
        assert line, read
        read += line.decode()
    return read


async def test_it_tells_what_it_is_takes_faults_and_ends_cleanly() -> None:
    """Anyone may try any client against it, with nothing but a terminal."""
    async with program("--scale=100", f"--control={FREE}") as process:
        assert process.stdin is not None
        start = await until(process, "Ctrl-C ends it")
        for words in (
            "front door",
            ".0.11:4443",
            "owner@example.org",
            "control: http://127.0.0.1:",
        ):
            assert words in start
        process.stdin.write(b"fault garden vanished\n")
        assert "vanished" in await until(process, "internet")
        process.stdin.write(b"fault garden nonsense\n")
        await until(process, "not a valid Fault")
        process.stdin.write(b"quit\n")
        _, errors = await asyncio.wait_for(process.communicate(), 10)
        assert (process.returncode, errors) == (0, b"")


async def test_it_ends_cleanly_when_told_to_terminate() -> None:
    """A demo stops it so, and the next demo needs the same addresses."""
    async with program() as process:
        await until(process, "Ctrl-C ends it")
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 10)
        assert (process.returncode, errors) == (0, b"")


async def test_the_control_obeys_and_answers_with_the_state_of_things() -> None:
    """The demo and the benchmarks steer a home in another process through it."""
    async with Home.example(base=None) as home, aiohttp.ClientSession() as client:
        control = Control(home, "127.0.0.1", 0)
        control.open()
        url = control.url.rstrip("/")

        async def post(path: str, body: object) -> tuple[int, dict[str, object]]:
            async with client.post(url + path, json=body) as response:
                return response.status, await response.json()

        try:
            async with client.get(url) as response:
                everything = await response.json()
            assert [device["name"] for device in everything["devices"]][:2] == [
                "front door",
                "garden",
            ]
            await post("/fault", {"device": "garden", "fault": "locked", "seconds": 60})
            await post("/fault", {"device": "shed", "fault": "slow", "options": {"seconds": 2}})
            await post("/fault", {"device": "home", "fault": "internet_down"})
            assert home.camera("garden").faults == {Fault.LOCKED: {"seconds": 60.0}}
            assert home.camera("shed").faults == {Fault.SLOW: {"seconds": 2.0}}
            assert Fault.INTERNET_DOWN in home.site_faults
            assert (await post("/clear", {"device": "garden"}))[0] == 200
            assert not home.camera("garden").faults
            await post("/clear", {})
            assert not home.site_faults
            await post("/plug", {"plug": "hall plug", "on": False})
            assert not home.plug("hall plug").is_on
            home.camera("shed").counters.logins = 7
            await post("/count", {})
            assert home.camera("shed").counters.logins == 0
            status, answer = await post("/fault", {"device": "attic", "fault": "vanished"})
            assert (status, answer) == (400, {"error": "there is no device called 'attic'"})
            assert (await post("/dance", {}))[0] == 404
        finally:
            await control.close()


async def test_the_control_is_for_this_machine_alone() -> None:
    """Nobody is asked who they are there."""
    with pytest.raises(ValueError, match="this machine alone"):
        Control(Home(), "0.0.0.0", 1)  # noqa: S104


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("faults", "hung_open"),
        ("help", "fault DEVICE FAULT"),
        ("plug 'hall plug' off", "off 0.0 W"),
        ("fault home ap_down", "faults of the home: ap_down"),
        ("clear", "front door"),
        ("status", "gateway"),
        ("", ""),
    ],
)
async def test_the_prompt_understands(line: str, words: str) -> None:
    """Every command of the help has to work."""
    async with Home.example(base=None) as home:
        assert words in commands.obey(home, line)


@pytest.mark.parametrize(
    "line",
    ["dance", "plug", "plug attic on", "plug 'hall plug' up", "clear attic", "fault garden", "'"],
)
async def test_the_prompt_refuses_in_words(line: str) -> None:
    """A slip at the prompt must not end the home."""
    async with Home.example(base=None) as home:
        with pytest.raises(commands.CommandError):
            commands.obey(home, line)


async def test_a_second_home_on_the_same_addresses_says_so() -> None:
    """Better than two homes that answer for each other."""
    async with Home.example(base=None) as home:
        with pytest.raises(OSError, match="in use"):
            async with Home.example(base=home.base):
                pass
