"""Power: the plug that really feeds its camera, boots, boot loops, watts."""

from itertools import pairwise

import pytest
from kasa import AuthenticationError, KasaException, Module

from . import CameraSpec, Fault, Home, ManualClock, PlugSpec
from .clients import connected, is_silent, knock
from .power import HUNG, NORMAL, SEARCHING_WIFI

CAMERA = CameraSpec("garden", plug="plug", boot_time=30)
PLUG = PlugSpec("plug")


def one_plug(clock: ManualClock, *, metering: bool = True) -> Home:
    return Home([CAMERA], [PlugSpec("plug", metering=metering)], clock=clock)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


async def test_switching_the_plug_darkens_the_camera_and_boots_it(clock: ManualClock) -> None:
    """The remedy that the whole product is about has to be real here."""
    async with one_plug(clock) as home:
        camera = home.camera("garden")
        async with connected(home.plug("plug")) as plug:
            assert plug.is_on
            await plug.turn_off()
            assert await is_silent(camera.host, camera.port)
            await plug.update()
            assert not plug.is_on
            await plug.turn_on()
        assert camera.state == "booting"
        assert await is_silent(camera.host, camera.port)
        clock.advance(29)
        assert camera.state == "booting"
        clock.advance(1)
        assert await knock(camera.host, camera.port) == "open"
        async with connected(camera) as kasa:
            assert kasa.alias == "garden"


async def test_the_meter_reads_what_its_camera_draws(clock: ManualClock) -> None:
    """Watts tell a dead adapter from a lost Wi-Fi, so they have to follow the camera."""
    async with one_plug(clock) as home, connected(home.plug("plug")) as plug:
        energy = plug.modules[Module.Energy]

        async def watts() -> float:
            await plug.update()
            assert energy.current_consumption is not None
            return energy.current_consumption

        assert await watts() == pytest.approx(NORMAL, abs=0.1)
        home.fault("garden", Fault.WIFI_WRONG_PASSWORD)
        assert await watts() == pytest.approx(SEARCHING_WIFI, abs=0.1)
        home.clear("garden")
        home.fault("garden", Fault.HUNG_OPEN)
        assert await watts() == HUNG
        home.fault("garden", Fault.POWER_CUT)
        assert await watts() == 0
        home.clear("garden")
        assert await watts() < 1.2
        clock.advance(10)
        assert await watts() > 4
        clock.advance(20)
        assert await watts() == pytest.approx(NORMAL, abs=0.1)


@pytest.mark.parametrize("fault", [Fault.HUNG_OPEN, Fault.HUNG_CLOSED, Fault.RTSP_DOWN])
async def test_a_power_cycle_cures_a_hang(clock: ManualClock, fault: Fault) -> None:
    """And the doctor learns from what helped."""
    async with one_plug(clock) as home:
        home.fault("garden", fault)
        home.plug("plug").turn_off()
        home.plug("plug").turn_on()
        clock.advance(30)
        assert not home.camera("garden").faults
        assert home.camera("garden").state == "up"


@pytest.mark.parametrize("fault", [Fault.WIFI_WRONG_PASSWORD, Fault.LOGIN_REFUSED, Fault.VANISHED])
async def test_a_power_cycle_cures_nothing_else(clock: ManualClock, fault: Fault) -> None:
    """A home that forgives too much would make a bad remedy look good."""
    async with one_plug(clock) as home:
        home.fault("garden", fault)
        home.plug("plug").turn_off()
        home.plug("plug").turn_on()
        clock.advance(30)
        assert set(home.camera("garden").faults) == {fault}


async def test_a_power_cycle_ends_all_sessions(clock: ManualClock) -> None:
    """A camera that remembers its clients would hide the login after each restart."""
    async with one_plug(clock) as home:
        camera = home.camera("garden")
        async with connected(camera):
            assert camera.desk.sessions
            home.plug("plug").turn_off()
            assert not camera.desk.sessions


async def test_a_boot_loop_is_never_up_and_its_watts_rise_and_collapse(clock: ManualClock) -> None:
    """The rhythm in the watts is the only sign of this cause."""
    async with one_plug(clock) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.BOOT_LOOP, period=20)
        watts = []
        for _ in range(40):
            watts.append(home.plug("plug").load_watts)
            assert not camera.reachable
            clock.advance(1)
        assert max(watts) > 4
        assert min(watts) < 1
        assert sum(after > before + 2 for before, after in pairwise(watts)) == 1
        home.clear("garden")
        clock.advance(30)
        assert camera.state == "up"


async def test_a_boot_loop_can_be_up_for_a_part_of_its_period(clock: ManualClock) -> None:
    """It comes and goes: what must not be told as a recovery each time."""
    async with one_plug(clock) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.BOOT_LOOP, period=20, up=8)
        reached = []
        for _ in range(40):
            reached.append(camera.reachable)
            clock.advance(1)
        assert reached.count(True) == 16
        assert reached.count(False) == 24


async def test_a_camera_that_restarts_itself_is_away_for_its_boot(clock: ManualClock) -> None:
    """Planned restarts are no outage, so they must be playable."""
    async with one_plug(clock) as home:
        camera = home.camera("garden")
        async with connected(camera) as kasa:
            await kasa.protocol.query({"rebootDevice": {"system": {"reboot": "null"}}})
        clock.advance(1)
        assert camera.state == "booting"
        clock.advance(30)
        assert camera.state == "up"


async def test_a_dead_plug_keeps_its_camera_alive(clock: ManualClock) -> None:
    """Its silence says nothing of the camera, and must not be cured by darkness."""
    async with one_plug(clock) as home:
        plug, camera = home.plug("plug"), home.camera("garden")
        home.fault("plug", Fault.PLUG_DEAD)
        assert await is_silent(plug.host, plug.port)
        assert await knock(camera.host, camera.port) == "open"


async def test_a_plug_pulled_from_the_wall_takes_its_camera_with_it(clock: ManualClock) -> None:
    """Both are gone at once, which is a cause of its own."""
    async with one_plug(clock) as home:
        home.fault("plug", Fault.POWER_CUT)
        assert [device.state for device in home.devices] == ["off", "off"]
        home.clear("plug")
        clock.advance(30)
        assert [device.state for device in home.devices] == ["up", "up"]


async def test_a_plug_without_a_meter_has_no_watts(clock: ManualClock) -> None:
    """Many plugs have none: could not look is not zero watts."""
    async with one_plug(clock, metering=False) as home, connected(home.plug("plug")) as plug:
        assert Module.Energy not in plug.modules
        await plug.turn_off()
        assert home.camera("garden").state == "off"


async def test_a_plug_refuses_a_wrong_password_and_a_stranger(clock: ManualClock) -> None:
    """The plug's causes are told apart by these two refusals."""
    async with one_plug(clock) as home:
        plug = home.plug("plug")
        with pytest.raises(AuthenticationError):
            async with connected(plug, password="wrong"):
                pass
        home.fault("plug", Fault.LOGIN_REFUSED)
        with pytest.raises(AuthenticationError):
            async with connected(plug):
                pass
        home.clear("plug")
        home.fault("plug", Fault.THIRD_PARTY_OFF)
        with pytest.raises(KasaException, match="responded with 403 to handshake1"):
            async with connected(plug):
                pass


async def test_a_plug_scans_for_networks(clock: ManualClock) -> None:
    """A sibling's scan tells whether the lost camera's network is on the air."""
    async with one_plug(clock) as home, connected(home.plug("plug")) as plug:
        assert "home" in {network.ssid for network in await plug.wifi_scan()}


def test_a_camera_needs_a_plug_that_exists() -> None:
    """A misspelt plug would be a camera that no remedy reaches."""
    with pytest.raises(ValueError, match="no plug called"):
        Home([CAMERA], [PlugSpec("another")])
    with pytest.raises(ValueError, match="name of its own"):
        Home([CAMERA, CameraSpec("garden")], [PLUG])
