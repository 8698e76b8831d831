"""A Tapo plug that scans for networks."""

from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import pytest
from kasa.httpclient import get_cookie_jar

from custom_components.tapo_doctor.probes.discovery import discover
from custom_components.tapo_doctor.probes.findings import Scanned
from custom_components.tapo_doctor.probes.plug import scan_by_plug
from tests.home import ACCOUNT, CameraSpec, Fault, Home, PlugSpec

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from custom_components.tapo_doctor.probes.findings import Found

SSID = "Birchwood ü"


@pytest.fixture
async def home() -> AsyncGenerator[Home]:
    """A plug, and a camera on a network of its own."""
    async with Home([CameraSpec("garden", ssid="shed")], [PlugSpec("plug", ssid=SSID)]) as home:
        yield home


@pytest.fixture
async def client() -> AsyncGenerator[aiohttp.ClientSession]:
    """The client that all share."""
    async with aiohttp.ClientSession(cookie_jar=get_cookie_jar()) as client:
        yield client


async def found(home: Home) -> Found:
    """Find the plug as the doctor does."""
    answers = await discover([home.plug("plug").host], wait_s=0.5, broadcast=False)
    (plug,) = answers.found
    assert plug.is_plug
    return plug


async def test_a_plug_hears_the_networks_around_it(
    home: Home, client: aiohttp.ClientSession
) -> None:
    """With one login, and nothing left open."""
    scanned = await scan_by_plug(await found(home), *ACCOUNT, client)
    assert scanned.networks is not None
    assert {SSID, "shed", "Harbour View"} <= scanned.networks.keys()
    assert scanned.networks[SSID] == 4
    assert scanned.own_ssid == SSID
    assert home.plug("plug").counters.logins == 1


async def test_a_refusal_is_told_and_not_repeated(
    home: Home, client: aiohttp.ClientSession
) -> None:
    """A plug that has another password is not tried in every outage."""
    scanned = await scan_by_plug(await found(home), ACCOUNT[0], "wrong", client)
    assert scanned == Scanned(refused=True)
    assert home.plug("plug").counters.login_requests == 1


async def test_a_plug_with_a_login_that_nobody_knows_is_left_alone(
    home: Home, client: aiohttp.ClientSession
) -> None:
    """Third-party access is off there."""
    home.fault("plug", Fault.THIRD_PARTY_OFF)
    assert await scan_by_plug(await found(home), *ACCOUNT, client) == Scanned(refused=True)
    assert home.plug("plug").counters.http_requests == 0


@pytest.mark.parametrize("encryption", ["AES", "XOR"])
async def test_a_plug_that_wants_the_password_itself_does_not_get_it(
    home: Home, client: aiohttp.ClientSession, encryption: str
) -> None:
    """Anything on the network can call itself a plug, and choose how it is to be spoken to."""
    plug = await found(home)
    assert plug.connection is not None
    rogue = replace(plug, connection={**plug.connection, "encryption_type": encryption})
    assert await scan_by_plug(rogue, *ACCOUNT, client) == Scanned(refused=True)
    assert home.plug("plug").counters.http_requests == 0


@pytest.mark.parametrize("fault", [Fault.JSON_GARBAGE, Fault.RESET_MID, Fault.HTTP500])
async def test_a_plug_that_fails_has_heard_nothing(
    home: Home, client: aiohttp.ClientSession, fault: Fault
) -> None:
    """Its own trouble is no refusal, and no error of ours."""
    plug = await found(home)
    home.fault("plug", fault)
    assert await scan_by_plug(plug, *ACCOUNT, client) == Scanned()
