"""Discovery on UDP 20002: unicast, broadcast, and what goes wrong with it."""

import asyncio
import logging
from typing import Any, override

import pytest
from kasa import Credentials, Discover, KasaException
from kasa import Device as KasaDevice

from . import CameraSpec, Fault, Home, ManualClock, PlugSpec
from .clients import PATIENCE, ask, connected, is_silent, knock
from .discovery import PROBE, VERSION

SPEC = CameraSpec("garden", ssid="Birchwood")
PLUG = PlugSpec("plug")
BARE_PROBE = bytes([VERSION, 0, 0, PROBE, *bytes(8), 0x46, 0x3C, 0xB5, 0xD3])


async def find(home: Home) -> dict[str, KasaDevice]:
    """Discover by broadcast, and look only at this home's answers: others may hear it too."""
    found = await Discover.discover(
        target=home.broadcast,
        discovery_timeout=2 * PATIENCE,  # type: ignore[arg-type]  # fractions work
        discovery_packets=1,
        credentials=Credentials(*home.account),
    )
    for device in found.values():
        await device.disconnect()
    hosts = {device.host for device in home.devices}
    return {host: device for host, device in found.items() if host in hosts}


def sealed_part(device: KasaDevice) -> dict[str, Any]:
    """Read what was for the asker alone."""
    info = device._discovery_info
    assert info is not None
    sealed: dict[str, Any] = info["decrypted_data"]
    return sealed


async def probe(host: str, data: bytes = BARE_PROBE, patience: float = 2.0) -> bytes | None:
    """Send a probe and return what comes back from that address and port."""
    loop = asyncio.get_running_loop()
    answers: asyncio.Queue[bytes] = asyncio.Queue()

    class Asker(asyncio.DatagramProtocol):
        @override
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            assert addr == (host, 20002)
            answers.put_nowait(data)

    transport, _ = await loop.create_datagram_endpoint(Asker, local_addr=("127.0.0.1", 0))
    transport.sendto(data, (host, 20002))
    try:
        return await asyncio.wait_for(answers.get(), patience)
    except TimeoutError:
        return None
    finally:
        transport.close()


async def test_a_broadcast_finds_every_device_at_its_own_address() -> None:
    """Set-up starts here: a device that answers for another would be added twice."""
    async with Home([SPEC, CameraSpec("garage", "C100")], [PLUG]) as home:
        found = await find(home)
        assert {host: device.model for host, device in found.items()} == {
            home.camera("garden").host: "C210",
            home.camera("garage").host: "C100",
            home.plug("plug").host: "P110",
        }


@pytest.mark.parametrize("version", [2, 3])
async def test_a_device_found_can_be_used_as_found(version: int) -> None:
    """The port and the login's version come from discovery, not from a default."""
    async with Home([CameraSpec("garden", login_version=version)]) as home:
        camera = home.camera("garden")
        device = await Discover.discover_single(
            camera.host, credentials=Credentials(*home.account), discovery_timeout=1
        )
        assert device is not None
        await device.update()
        assert device.alias == "garden"
        await device.disconnect()


async def test_the_sealed_part_is_for_the_asker_and_tells_network_and_port() -> None:
    """It is how the network's name is known without any password."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        found = await find(home)
        info = sealed_part(found[camera.host])
        assert info["connect_ssid"] == "Birchwood"
        assert info["device_id"] == camera.device_id
        assert info["http_port"] == camera.port


async def test_a_bare_probe_is_answered_without_the_sealed_part() -> None:
    """The cheap probe of sixteen bytes is what a heartbeat can afford."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        answer = await probe(camera.host)
        assert answer is not None
        assert camera.mac.replace(":", "-").encode() in answer
        assert b"encrypt_info" not in answer
        assert camera.counters.udp_probes == 1


async def test_what_is_no_probe_is_not_answered() -> None:
    """A home that answers anything would make a sloppy probe look right."""
    async with Home([SPEC]) as home:
        assert await probe(home.camera("garden").host, b"hello", patience=PATIENCE) is None


async def test_a_moved_camera_is_found_at_its_new_address_and_the_old_one_is_silent() -> None:
    """Following a camera is the doctor's own remedy; a refusal would give the old place away."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        old = camera.host
        home.fault("garden", Fault.MOVED)
        assert camera.host != old
        assert await is_silent(old, camera.port)
        assert await probe(old, patience=PATIENCE) is None
        found = await find(home)
        info = sealed_part(found[camera.host])
        assert info["device_id"] == camera.device_id
        async with connected(camera) as kasa:
            assert kasa.mac == camera.mac
        home.clear("garden")
        assert camera.host == old
        async with connected(camera):
            pass


async def test_two_cameras_can_change_places() -> None:
    """After a router's restart the addresses are dealt anew, also crosswise."""
    async with Home([SPEC, CameraSpec("garage")]) as home:
        garden, garage = home.camera("garden"), home.camera("garage")
        first, second = garden.host, garage.host
        home.fault(garden, Fault.MOVED)
        home.fault(garage, Fault.MOVED, host=first)
        home.fault(garden, Fault.MOVED, host=second)
        assert (garden.host, garage.host) == (second, first)
        async with connected(garage) as kasa:
            assert kasa.mac == garage.mac


async def test_nobody_moves_to_where_somebody_lives() -> None:
    """Two devices on one socket would be neither."""
    async with Home([SPEC, CameraSpec("garage")]) as home:
        garden, garage = home.camera("garden"), home.camera("garage")
        with pytest.raises(ValueError, match="lives at"):
            home.fault(garden, Fault.MOVED, host=garage.host)
        assert not garden.faults
        assert await knock(garden.host, garden.port) == "open"


async def test_another_identity_answers_everywhere_with_the_same_name() -> None:
    """No login may be tried at a stranger; the stranger must be recognisable as one."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.OTHER_IDENTITY, mac="02:00:00:00:00:07")
        found = await find(home)
        assert found[camera.host].mac == "02:00:00:00:00:07"
        async with connected(camera) as kasa:
            assert kasa.mac == "02:00:00:00:00:07"
            assert kasa.device_id != camera.device_id


async def test_probes_can_go_unanswered_while_all_else_works() -> None:
    """Networks that block UDP are common: silence here must prove nothing."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.NO_DISCOVERY)
        assert await probe(camera.host, patience=PATIENCE) is None
        assert camera.counters.udp_probes == 1
        async with connected(camera) as kasa:
            assert await ask(kasa)


async def test_noise_in_discovery_is_an_error_of_python_kasa_and_no_device() -> None:
    """The doctor must meet it in a test before it meets it in a home."""
    async with Home([SPEC]) as home:
        home.fault("garden", Fault.DISCOVERY_GARBAGE)
        assert await find(home) == {}
        with pytest.raises(KasaException):
            await Discover.discover_single(home.camera("garden").host, discovery_timeout=1)


async def test_a_plug_without_third_party_access_says_so_in_discovery() -> None:
    """The only place where this cause shows itself openly."""
    async with Home(plugs=[PLUG]) as home:
        home.fault("plug", Fault.THIRD_PARTY_OFF)
        with pytest.raises(KasaException, match="TPAP"):
            await Discover.discover_single(home.plug("plug").host, discovery_timeout=1)


@pytest.mark.parametrize("fault", [Fault.HUNG_OPEN, Fault.HUNG_CLOSED])
async def test_whether_a_hung_camera_answers_probes_can_be_chosen(fault: Fault) -> None:
    """Which of the two real firmware does is not known, so both must be playable."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        home.fault("garden", fault)
        assert await probe(camera.host, patience=PATIENCE) is None
        home.fault("garden", fault, discovery=True)
        assert await probe(camera.host) is not None


async def test_two_homes_live_side_by_side(caplog: pytest.LogCaptureFixture) -> None:
    """Tests run in several processes at once, and a demo beside them."""
    caplog.set_level(logging.WARNING)
    async with Home([SPEC], clock=ManualClock()) as one, Home([SPEC], clock=ManualClock()) as two:
        assert one.base != two.base
        assert one.camera("garden").mac != two.camera("garden").mac
        assert set(await find(one)) == {one.camera("garden").host}
        assert set(await find(two)) == {two.camera("garden").host}
    assert not caplog.records
