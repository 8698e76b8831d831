"""All senses behind one door."""

import asyncio
import errno
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import Link, LoginResult, PortState
from custom_components.tapo_doctor.probes.findings import (
    Answers,
    Found,
    Hello,
    Service,
    Target,
    Way,
    merged,
)
from custom_components.tapo_doctor.probes.network import (
    SENSES,
    NetworkSenses,
    Senses,
    async_get_senses,
)
from tests.fakes import FakeSenses
from tests.home import CameraSpec, Fault, Home, PlugSpec

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from homeassistant.core import HomeAssistant

    from .conftest import Icmp

HEAD = "Iface\tDestination\tGateway\n"


@pytest.fixture
async def home() -> AsyncGenerator[Home]:
    """One camera and a gateway that really answer."""
    async with Home([CameraSpec("garden")]) as home:
        yield home


@pytest.fixture
async def senses(hass: HomeAssistant) -> Senses:
    """The senses of a running Home Assistant."""
    return await async_get_senses(hass)


def target(home: Home) -> Target:
    """Say where the camera is."""
    garden = home.camera("garden")
    return Target(host=garden.host, port=garden.port)


async def test_the_senses_are_made_once(hass: HomeAssistant, senses: Senses) -> None:
    """Each of them holds a client with connections of its own."""
    assert isinstance(senses, NetworkSenses)
    assert await async_get_senses(hass) is senses


async def test_what_a_test_has_put_there_is_taken(hass: HomeAssistant) -> None:
    """Stories without a network need it."""
    fake = hass.data[SENSES] = FakeSenses()
    assert await async_get_senses(hass) is fake


async def test_each_way_to_look_finds_the_camera(senses: Senses, home: Home) -> None:
    """Every probe, from the door to the wire."""
    garden = home.camera("garden")
    beat = await senses.heartbeat(target(home), Way.PING)
    assert (beat.answered, beat.port) == (True, PortState.OPEN)
    seen = await senses.service(target(home), stream=False)
    assert seen == Service(ports={garden.port: PortState.OPEN}, hello=Hello.OK)
    answers = await senses.ask(garden.host, wait_s=1)
    assert [found.name for found in answers.found] == ["garden"]


async def test_everyone_is_asked_on_all_of_home_assistants_networks(
    senses: Senses, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine with two networks has cameras in both."""

    async def networks(_: HomeAssistant) -> set[IPv4Address]:
        return {IPv4Address(home.broadcast)}

    monkeypatch.setattr(
        "homeassistant.components.network.async_get_ipv4_broadcast_addresses", networks
    )
    answers = await senses.search(wait_s=0.3)
    assert answers.looked
    assert answers.at(home.camera("garden").host) is not None


async def test_a_session_is_kept_through_home_assistants_client(senses: Senses, home: Home) -> None:
    """Its connections end when Home Assistant does."""
    session = senses.session(target(home), *home.account)
    assert (await session.read()).result is LoginResult.OK
    assert (await session.read()).result is LoginResult.OK
    counters = home.camera("garden").counters
    assert (counters.logins, counters.tcp_accepts) == (1, 1)
    await session.close()


async def test_the_senses_outlive_a_reload(hass: HomeAssistant, home: Home) -> None:
    """What was made while an entry was set up must not end with it, and be read with for ever."""
    gate = home.gateway
    entry = MockConfigEntry(
        domain=DOMAIN, unique_id=DOMAIN, options={"gateway": f"{gate.host}:{gate.port}"}
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    senses = hass.data[SENSES]
    assert isinstance(senses, NetworkSenses)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert hass.data[SENSES] is senses
    session = senses.session(target(home), *home.account)
    assert (await session.read()).result is LoginResult.OK
    await session.close()
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_the_senses_end_with_home_assistant(
    hass: HomeAssistant, senses: Senses, home: Home
) -> None:
    """A client that nobody lets go of complains in the log."""
    session = senses.session(target(home), *home.account)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await hass.async_block_till_done()
    assert (await session.read()).result is LoginResult.ERROR
    assert home.camera("garden").counters.tcp_accepts == 0


async def test_two_cameras_do_not_share_their_cookies(senses: Senses) -> None:
    """A session's secret must not be shown to the neighbour."""
    async with Home([CameraSpec("garden"), CameraSpec("shed")]) as home:
        for camera in home.cameras:
            there = Target(host=camera.host, port=camera.port)
            reading = await senses.session(there, *home.account).read()
            assert reading.result is LoginResult.OK
            assert reading.name == camera.name


@pytest.mark.parametrize(
    "fault", [Fault.TEN_MEGABYTES, Fault.REDIRECT, Fault.JSON_GARBAGE, Fault.RESET_MID]
)
async def test_a_hostile_answer_ends_at_this_door(senses: Senses, home: Home, fault: Fault) -> None:
    """Home Assistant's own client is the one that has to withstand it."""
    home.fault("garden", fault)
    reading = await senses.session(target(home), *home.account).read()
    assert reading.result is LoginResult.ERROR
    assert home.camera("garden").counters.http_requests <= 2


async def test_the_looks_of_a_suspicion_find_what_there_is(senses: Senses, home: Home) -> None:
    """Each of them, from the door to the wire; on loopback there is no neighbour table."""
    garden = home.camera("garden")
    knocked = await senses.knock(target(home), (garden.port, garden.rtsp_port))
    assert set(knocked.values()) == {PortState.OPEN}
    # At the port of real cameras nobody listens here.
    assert await senses.stream(target(home)) is None
    assert await senses.neighbour(garden.host, garden.mac) is None


async def test_only_the_named_strangers_are_asked_for_the_internet(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, home: Home
) -> None:
    """Whoever plays a home on this machine asks nobody outside."""
    away = home.internet
    monkeypatch.setattr(NetworkSenses, "internet_hosts", [(away.host, away.port)])
    senses = await NetworkSenses.create(hass)
    assert await senses.internet() is Link.OK
    home.site_fault(Fault.INTERNET_DOWN)
    monkeypatch.setattr(NetworkSenses, "internet_hosts", [])
    assert await senses.internet() is None


async def test_a_plug_scans_through_home_assistants_client(senses: Senses) -> None:
    """The one login that an outage of the home may cost."""
    async with Home([], [PlugSpec("plug")]) as home:
        answers = await senses.ask(home.plug("plug").host, wait_s=1)
        scanned = await senses.plug_scan(answers.found[0], *home.account)
        assert scanned.networks


async def test_the_gateway_may_be_named_with_its_port(senses: Senses, home: Home) -> None:
    """As the owner wrote it into the options."""
    gate = home.gateway
    beat = await senses.gateway(f"{gate.host}:{gate.port}")
    assert beat is not None
    assert (beat.answered, beat.port) == (True, PortState.OPEN)


async def test_the_gateway_may_be_named_without_a_port(senses: Senses, home: Home) -> None:
    """A router refuses where it does not serve, and that is an answer."""
    beat = await senses.gateway(home.gateway.host)
    assert beat is not None
    assert (beat.answered, beat.port) == (True, PortState.REFUSED)


@pytest.mark.parametrize(
    ("table", "known"),
    [(HEAD, False), (f"{HEAD}eth0\t00000000\t0100007F\t3\t0\t0\t0\t00000000\n", True)],
)
async def test_the_default_routes_gateway_is_taken(
    senses: Senses, monkeypatch: pytest.MonkeyPatch, table: str, known: bool
) -> None:
    """Nobody has to name it; where there is none, one could not look."""
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: table)
    beat = await senses.gateway(None)
    assert (beat is not None) == known


async def test_without_rights_for_icmp_the_ports_are_asked(
    hass: HomeAssistant, icmp: Icmp, fails: Callable[[OSError], None]
) -> None:
    """Containers without them have to work as well."""
    icmp.allowed = set()
    senses = await NetworkSenses.create(hass)
    fails(ConnectionRefusedError(errno.ECONNREFUSED, "no"))
    beat = await senses.heartbeat(Target(host="192.0.2.77"), Way.PING)
    assert (beat.answered, beat.port, icmp.asked) == (True, PortState.REFUSED, [])


async def test_with_rights_for_icmp_a_packet_is_enough(hass: HomeAssistant, icmp: Icmp) -> None:
    """No connection every ten seconds where a packet will do."""
    icmp.round_trips = [3.0]
    senses = await NetworkSenses.create(hass)
    beat = await senses.heartbeat(Target(host="192.0.2.77"), Way.PING)
    assert (beat.answered, beat.port, icmp.asked[-1]) == (True, None, "192.0.2.77")


async def test_many_looks_at_once_do_not_disturb_each_other(senses: Senses) -> None:
    """Two hundred cameras are looked at side by side."""
    async with Home([CameraSpec(f"camera {number}") for number in range(12)]) as home:
        targets = [Target(host=camera.host, port=camera.port) for camera in home.cameras]
        looks = (senses.service(one, stream=False) for one in targets)
        assert all(seen.serving for seen in await asyncio.gather(*looks))


# What several rounds of discovery add up to


def one(host: str, mac: str = "02:00:00:00:00:01") -> Found:
    """Return the answer of a device."""
    return Found(host=host, mac=mac, device_id="id", model="C210", device_type="SMART.IPCAMERA")


def test_rounds_of_discovery_add_up() -> None:
    """An answer that came in one round and not in the other has come."""
    here, there = one("10.0.0.1"), one("10.0.0.2")
    first = Answers(found=(here,), unreadable=frozenset({"10.0.0.3"}))
    second = Answers(found=(here, there), unreadable=frozenset({"10.0.0.4"}))
    assert merged([first, second]) == Answers(
        found=(here, there), unreadable=frozenset({"10.0.0.3", "10.0.0.4"})
    )


def test_one_round_that_could_look_is_enough() -> None:
    """None at all means that nothing is known."""
    blind = Answers(looked=False)
    assert merged([blind, Answers()]).looked
    assert not merged([blind, blind]).looked
    assert not merged([]).looked


@pytest.mark.parametrize(
    ("kind", "camera"),
    [
        ("SMART.IPCAMERA", True),
        ("SMART.TAPODOORBELL", True),
        ("SMART.TAPOPLUG", False),
        ("SMART.TAPOHUB", False),
        ("", False),
    ],
)
def test_only_cameras_are_cameras(kind: str, camera: bool) -> None:
    """Hubs answer the same question, and look much alike."""
    found = Found(host="10.0.0.1", mac="02", device_id="id", model="H200", device_type=kind)
    assert found.is_camera is camera
