"""The home as a whole: router, access point, mains, networks, signal, switchboard."""

import pytest
from kasa import KasaException

from . import TABLE, CameraSpec, Fault, Home, Kind, ManualClock, PlugSpec
from .clients import ask, connected, is_silent, knock

CAMERAS = [CameraSpec("garden", ssid="main"), CameraSpec("shed", ssid="outside", rssi=-74)]
PLUGS = [PlugSpec("plug", ssid="main")]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def whole(clock: ManualClock) -> Home:
    return Home(CAMERAS, PLUGS, clock=clock)


def states(home: Home) -> list[str]:
    return [device.state for device in home.devices]


async def test_without_an_access_point_all_wifi_devices_go_and_the_gateway_stays(
    clock: ManualClock,
) -> None:
    """One finding for the home, not one for each camera."""
    async with whole(clock) as home:
        home.site_fault(Fault.AP_DOWN)
        assert states(home) == ["silent"] * 3
        assert await knock(home.gateway.host, home.gateway.port) == "open"
        home.clear_site()
        assert states(home) == ["up"] * 3


async def test_a_router_that_is_all_in_one_takes_everything_with_it(clock: ManualClock) -> None:
    """The gateway's silence is what tells it from an access point's."""
    async with whole(clock) as home:
        home.site_fault(Fault.ROUTER_DOWN)
        assert states(home) == ["silent"] * 3
        assert await is_silent(home.gateway.host, home.gateway.port)
        home.site_fault(Fault.ROUTER_DOWN, all_in_one=False)
        assert states(home) == ["up"] * 3
        assert not home.internet.up
        home.clear_site()
        assert await knock(home.gateway.host, home.gateway.port) == "open"


async def test_a_changed_wifi_password_loses_all_devices_while_the_network_is_still_there(
    clock: ManualClock,
) -> None:
    """All gone, watts of a search, gateway well: the article's most frequent story."""
    async with whole(clock) as home:
        home.site_fault(Fault.WIFI_WRONG_PASSWORD)
        assert states(home) == ["silent"] * 3
        assert home.camera("garden").watts < 2.6
        assert "main" in {network.ssid for network in home.networks_on_the_air()}
        assert home.gateway.up


async def test_without_internet_only_the_internet_is_gone(clock: ManualClock) -> None:
    """Cameras work without it, and nobody must be sent to them."""
    async with whole(clock) as home:
        home.site_fault(Fault.INTERNET_DOWN)
        assert (home.gateway.up, home.internet.up) == (True, False)
        assert states(home) == ["up"] * 3


async def test_after_a_power_failure_everything_boots(clock: ManualClock) -> None:
    """Each at its own pace: no outage for those that are only starting."""
    async with whole(clock) as home:
        home.site_fault(Fault.MAINS_DOWN)
        assert states(home) == ["off"] * 3
        assert not home.gateway.up
        home.clear_site()
        assert states(home) == ["booting"] * 3
        clock.advance(5)
        assert states(home) == ["booting", "booting", "up"]
        clock.advance(30)
        assert states(home) == ["up"] * 3


async def test_a_network_that_is_off_the_air_is_missing_from_a_siblings_scan(
    clock: ManualClock,
) -> None:
    """What a sibling still sees separates a wrong band from a wrong password."""
    async with whole(clock) as home:
        async with connected(home.camera("garden")) as kasa:
            assert {"main", "outside"} <= {network.ssid for network in await kasa.wifi_scan()}
            home.site_fault(Fault.SSID_GONE, ssid="outside")
            assert states(home) == ["up", "silent", "up"]
            names = {network.ssid for network in await kasa.wifi_scan()}
        assert "main" in names
        assert "outside" not in names
        assert names & {"Guest"}


async def test_a_fading_signal_can_be_watched_until_it_is_gone(clock: ManualClock) -> None:
    """The last values before the silence are what the diagnosis rests on."""
    async with whole(clock) as home:
        shed = home.camera("shed")
        async with connected(shed) as kasa:
            home.fault("shed", Fault.FADING_SIGNAL, to=-96, seconds=220)
            clock.advance(40)
            assert (await ask(kasa))["getConnectionType"]["rssiValue"] == -78
            assert shed.radio.loss == 0
            clock.advance(100)
            assert shed.rssi == -88
            assert 0.3 < shed.radio.loss < 0.6
            clock.advance(80)
            assert shed.state == "silent"
        home.clear("shed")
        assert shed.rssi == -74
        assert await knock(shed.host, shed.port) == "open"


async def test_a_weak_signal_loses_some_connections_and_not_others(clock: ManualClock) -> None:
    """Flapping is what the doctor must not answer with a flapping state."""
    async with whole(clock) as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.WEAK_SIGNAL, rssi=-86, loss=0.3, delay=0.1)
        assert camera.rssi == -86
        deaf = []
        for _ in range(200):
            clock.advance(0.25)
            deaf.append(camera.radio.deaf)
        assert 30 < deaf.count(True) < 90


@pytest.mark.parametrize("fault", Fault)
async def test_every_fault_can_be_put_on_and_taken_off(clock: ManualClock, fault: Fault) -> None:
    """A fault that sticks, or breaks the home, is found here and not in a demo."""
    kinds = TABLE[fault].kinds
    async with Home([CameraSpec("camera")], [PlugSpec("plug")], clock=clock) as home:
        if Kind.SITE in kinds:
            home.site_fault(fault)
        for kind in kinds - {Kind.SITE}:
            home.fault(str(kind), fault)
        assert home.site_faults or any(device.faults for device in home.devices)
        home.clear()
        clock.advance(60)
        assert states(home) == ["up", "up"]
        for device in home.devices:
            assert not device.faults
            async with connected(device):
                pass


async def test_a_fault_on_the_wrong_thing_or_with_unknown_options_is_refused(
    clock: ManualClock,
) -> None:
    """A story with a slip of the pen would otherwise test nothing."""
    async with whole(clock) as home:
        with pytest.raises(ValueError, match="for a camera"):
            home.fault("plug", Fault.LOCKED)
        with pytest.raises(ValueError, match="no option minutes"):
            home.fault("garden", Fault.LOCKED, minutes=3)
        with pytest.raises(KeyError):
            home.fault("attic", Fault.VANISHED)
        assert states(home) == ["up"] * 3


async def test_counters_tell_what_a_client_did(clock: ManualClock) -> None:
    """Promises such as "no login while locked" are checked with them."""
    async with whole(clock) as home:
        camera = home.camera("garden")
        async with connected(camera):
            pass
        assert camera.counters.tcp_accepts == camera.counters.tls_handshakes == 1
        camera.counters.clear()
        home.fault("garden", Fault.LOCKED)
        with pytest.raises(KasaException):
            async with connected(camera):
                pass
        assert camera.counters.logins == camera.counters.failed_logins == 0
        assert camera.counters.login_requests == 2


async def test_the_diary_tells_what_happened_in_order(clock: ManualClock) -> None:
    """A demo's check holds what was found against what was done."""
    async with whole(clock) as home:
        home.fault("garden", Fault.POWER_CUT)
        clock.advance(10)
        home.clear("garden")
        clock.advance(35)
        assert [(at, what) for at, who, what in home.events if who == "garden"] == [
            (0, "off"),
            (0, "fault power_cut"),
            (10, "booting"),
            (10, "clear all"),
            (45, "up"),
        ]
