"""What is looked at only on suspicion, and what of it counts."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, override

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_integration,
)

from custom_components.tapo_doctor.doctor.evidence import (
    ClientState,
    DiscoveryAnswer,
    Evidence,
    Integration,
    Link,
    NeighbourTable,
    PortState,
    RouterListing,
    Scan,
    Stream,
)
from custom_components.tapo_doctor.probes.findings import Hello, Scanned, Target

from .fakes import HOSTS, MACS, FakeSenses, found
from .world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from custom_components.tapo_doctor.coordinator import CameraCoordinator

STATUS, DIAGNOSIS = "sensor.garden_status", "sensor.garden_diagnosis"


def camera(world: World, name: str = "garden") -> CameraCoordinator:
    """Return the coordinator of a camera."""
    found: CameraCoordinator = world.entry.runtime_data.cameras[f"subentry_{name}"]
    return found


def evidence(world: World) -> Evidence:
    """Return what is known of the camera now."""
    return camera(world).evidence(dt_util.now())


# The system's neighbour table


async def test_nobody_at_the_address_is_told(world: World) -> None:
    """It is gone from the network itself, not only deaf to pings."""
    world.senses.vanish("garden")
    world.senses.camera("garden").table = NeighbourTable.ABSENT
    await world.pass_time(30)
    assert evidence(world).now.neighbour_table is NeighbourTable.ABSENT


async def test_what_the_system_remembers_is_not_what_is_there(world: World) -> None:
    """For a minute the table knows a camera that has lost its power as well as one that hangs."""
    garden = world.senses.camera("garden")
    garden.table = NeighbourTable.OWN
    world.senses.vanish("garden")
    await world.pass_time(40)
    assert evidence(world).now.neighbour_table is None
    await world.pass_time(60)
    assert evidence(world).now.neighbour_table is NeighbourTable.OWN


async def test_the_table_is_looked_at_again_when_it_has_forgotten(world: World) -> None:
    """The first look after a loss comes too early for it."""
    garden = world.senses.camera("garden")
    garden.table = NeighbourTable.OWN
    world.senses.vanish("garden")
    await world.pass_time(40)
    garden.table = NeighbourTable.ABSENT
    await world.pass_time(60)
    assert evidence(world).now.neighbour_table is NeighbourTable.ABSENT


@pytest.mark.parametrize(
    ("before", "told"), [(NeighbourTable.OWN, NeighbourTable.OTHER), (None, None)]
)
async def test_a_stranger_counts_only_where_the_table_was_ever_right(
    world: World, before: NeighbourTable | None, told: NeighbourTable | None
) -> None:
    """A repeater lends its own hardware address to all cameras behind it, for ever."""
    garden = world.senses.camera("garden")
    garden.table = before
    await world.pass_time(310)
    garden.table = NeighbourTable.OTHER
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert evidence(world).now.neighbour_table is told


async def test_a_camera_that_answered_itself_needs_no_table(world: World) -> None:
    """Its identity is worth more than what the system believes."""
    garden = world.senses.camera("garden")
    garden.table = NeighbourTable.OWN
    await world.pass_time(310)
    garden.table = NeighbourTable.OTHER
    garden.answers, garden.ports, garden.hello = False, PortState.SILENT, None
    await world.pass_time(30)
    assert evidence(world).now.neighbour_table is NeighbourTable.OWN


# The search


async def test_a_search_of_other_networks_is_no_silence_of_a_camera(world: World) -> None:
    """One whose own address could not even be asked has not kept silent."""
    world.senses.out_of_reach = frozenset({HOSTS["garden"]})
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert evidence(world).now.discovery is None


async def test_who_is_found_elsewhere_need_not_be_asked_where_it_was(world: World) -> None:
    """Its answer is worth more than a question that could not be sent."""
    world.senses.out_of_reach = frozenset({HOSTS["garden"]})
    world.senses.vanish("garden")
    world.senses.elsewhere = (found("garden", "192.168.1.77"),)
    await world.pass_time(18)
    discovery = evidence(world).now.discovery
    assert discovery is not None
    assert discovery.answer is DiscoveryAnswer.OTHER_ADDRESS


# Ports and stream


async def test_what_was_closed_from_the_start_is_no_sign(world: World) -> None:
    """Owners switch ONVIF off, and some models never had it."""
    garden = world.senses.camera("garden")
    garden.ports, garden.hello = PortState.REFUSED, None
    await world.pass_time(80)
    assert evidence(world).now.ports == {443: PortState.REFUSED}


async def test_a_part_that_lives_is_told_from_a_camera_that_is_gone(world: World) -> None:
    """Only its control service hangs: cutting the power helps."""
    garden = world.senses.camera("garden")
    garden.side = PortState.OPEN
    garden.ports, garden.hello = PortState.REFUSED, None
    await world.pass_time(80)
    ports = {443: PortState.REFUSED, 2020: PortState.OPEN, 8800: PortState.OPEN}
    assert evidence(world).now.ports == ports


async def test_what_once_was_open_is_missed(world: World) -> None:
    """Silent everywhere is more than silent at one port."""
    world.senses.camera("garden").side = PortState.OPEN
    await world.pass_time(310)
    await camera(world).rounds.async_check_now()
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert evidence(world).now.ports == dict.fromkeys((443, 2020, 8800), PortState.SILENT)


async def test_a_healthy_camera_is_knocked_at_once(world: World) -> None:
    """Three connections a minute are promised."""
    assert world.senses.camera("garden").seen["knock"] == 1
    await world.pass_time(1000, step=5)
    assert world.senses.camera("garden").seen["knock"] == 1


async def test_a_stream_is_asked_only_where_there_is_one(world: World) -> None:
    """Its answer tells a camera without a picture from one that hangs."""
    garden = world.senses.camera("garden")
    garden.stream = Stream.ASKS_LOGIN
    await camera(world).rounds.async_check_now()
    assert evidence(world).now.stream is None
    chart = camera(world).chart
    chart.memory = replace(chart.memory, stream_seen=True)
    await camera(world).rounds.async_check_now()
    assert evidence(world).now.stream is Stream.ASKS_LOGIN
    assert world.state(DIAGNOSIS) == "healthy"


async def test_what_a_person_asked_for_once_is_not_true_for_ever(world: World) -> None:
    """A stream that was silent when somebody pressed the button may have come back since."""
    chart = camera(world).chart
    chart.memory = replace(chart.memory, stream_seen=True)
    world.senses.camera("garden").stream = Stream.SILENT
    await camera(world).rounds.async_check_now()
    assert evidence(world).now.stream is Stream.SILENT
    await world.pass_time(660, step=5)
    assert evidence(world).now.stream is None


async def test_what_was_found_in_an_outage_ends_with_it(world: World) -> None:
    """A hang that is over leaves no dead port behind."""
    garden = world.senses.camera("garden")
    garden.side = PortState.OPEN
    garden.ports, garden.hello = PortState.REFUSED, None
    await world.pass_time(80)
    world.senses.come_back("garden")
    await world.pass_time(30)
    assert evidence(world).now.ports == {443: PortState.OPEN}


class SlowKnock(FakeSenses):
    """Knocks take until the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

    @override
    async def knock(self, target: Target, ports: Iterable[int]) -> Mapping[int, PortState]:
        """Wait."""
        await self.go_on.wait()
        return await super().knock(target, ports)


async def test_a_late_answer_about_a_camera_that_is_back_is_thrown_away(world: World) -> None:
    """It was about another moment."""
    slow = SlowKnock()
    world.entry.runtime_data.senses = slow
    slow.vanish("garden")
    await world.pass_time(30, wait=False)
    assert world.state(STATUS) == "offline"
    slow.come_back("garden")
    await world.pass_time(10, wait=False)
    slow.vanish("garden")
    slow.go_on.set()
    await world.pass_time(1, wait=False)
    assert PortState.SILENT not in (evidence(world).now.ports or {}).values()


# Loss and latency


async def test_the_share_of_lost_looks_is_told_once_there_are_enough(world: World) -> None:
    """One of two looks lost is no loss of fifty per cent."""
    assert evidence(world).now.loss_percent is None
    await world.pass_time(150)
    assert evidence(world).now.loss_percent == 0
    world.senses.camera("garden").answers = False
    seen = world.senses.camera("garden").seen["heartbeat"]
    while world.senses.camera("garden").seen["heartbeat"] == seen:
        await world.pass_time(1)
    world.senses.camera("garden").answers = True
    await world.pass_time(3)
    loss = evidence(world).now.loss_percent
    assert loss is not None
    assert 4 < loss < 10


async def test_the_losses_of_an_outage_are_no_bad_link(world: World) -> None:
    """A camera that is back would be called lossy for minutes."""
    await world.pass_time(150)
    world.senses.vanish("garden")
    await world.pass_time(120)
    world.senses.come_back("garden")
    await world.pass_time(120)
    assert evidence(world).now.loss_percent == 0


async def test_one_late_answer_is_no_slow_link(world: World) -> None:
    """A radio that dozes answers late now and then."""
    await world.pass_time(150)
    world.senses.camera("garden").latency_ms = 300
    await world.pass_time(11)
    assert evidence(world).now.latency_ms == 4


async def test_late_answers_are_no_slow_link_before_there_are_enough_of_them(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    senses: FakeSenses,
    freezer: FrozenDateTimeFactory,
) -> None:
    """In the first seconds after it was set up it is Home Assistant that is slow."""
    senses.camera("garden").latency_ms = 400
    world = World(hass, entry, senses, freezer)
    await world.start()
    assert world.state(DIAGNOSIS) == "healthy"
    await world.pass_time(60)
    assert world.state(DIAGNOSIS) == "healthy"
    await world.pass_time(120)
    assert evidence(world).now.latency_ms == 400
    assert world.state(DIAGNOSIS) != "healthy"


async def test_how_late_answers_are_does_not_count_while_home_assistant_starts(
    world: World,
) -> None:
    """It has a hundred other things to do then, for minutes."""
    world.hass.set_state(CoreState.starting)
    await world.pass_time(150)
    world.senses.camera("garden").latency_ms = 400
    await world.pass_time(300)
    assert evidence(world).now.latency_ms is None
    world.hass.set_state(CoreState.running)
    await world.pass_time(120)
    assert evidence(world).now.latency_ms == 400


# The internet


async def test_the_internet_is_looked_at_on_suspicion_only(world: World) -> None:
    """Nobody outside learns that this home exists while all is well."""
    await world.pass_time(600, step=5)
    assert world.senses.internet_looks == 0
    assert evidence(world).site.internet is None
    world.senses.link = Link.DOWN
    world.senses.vanish("garden", "shed")
    await world.pass_time(30)
    assert world.senses.internet_looks == 1
    assert evidence(world).site.internet is Link.DOWN


async def test_an_owner_who_does_not_want_it_is_obeyed(world: World) -> None:
    """Not even on suspicion."""
    world.hass.config_entries.async_update_entry(world.entry, options={"internet_check": False})
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert world.senses.internet_looks == 0
    assert evidence(world).site.internet is None


async def test_behind_a_router_that_is_gone_there_is_no_internet_to_be_down(world: World) -> None:
    """One finding about the home, not two."""
    world.senses.gateway_answers = False
    world.senses.link = Link.DOWN
    world.senses.vanish("garden")
    await world.pass_time(70)
    assert evidence(world).site.internet is None


# What others say


async def test_a_router_that_still_lists_the_camera_is_heard(world: World) -> None:
    """On the Wi-Fi, and out of our reach: no use to look at its power."""
    tracker = "device_tracker.garden"
    world.hass.states.async_set(tracker, "home", {"mac": MACS["garden"]})
    assert evidence(world).site.router_lists_camera is None
    world.senses.vanish("garden")
    await world.pass_time(400, step=5)
    assert evidence(world).site.router_lists_camera is RouterListing.ASSOCIATED
    world.hass.states.async_set(tracker, "not_home", {"mac": MACS["garden"]})
    assert evidence(world).site.router_lists_camera is RouterListing.NOT_ASSOCIATED


async def test_a_tracker_that_was_chosen_goes_before_one_that_was_found(world: World) -> None:
    """The owner knows their router."""
    world.hass.states.async_set("device_tracker.found", "home", {"mac": MACS["garden"]})
    subentry = world.entry.subentries["subentry_garden"]
    data = {**subentry.data, "tracker": "device_tracker.chosen"}
    world.hass.config_entries.async_update_subentry(world.entry, subentry, data=data)
    await world.pass_time(30)
    world.senses.vanish("garden")
    await world.pass_time(400, step=5)
    assert evidence(world).site.router_lists_camera is None
    world.hass.states.async_set("device_tracker.chosen", "not_home")
    assert evidence(world).site.router_lists_camera is RouterListing.NOT_ASSOCIATED


async def test_another_program_beside_ours_leaves_a_healthy_camera_healthy(world: World) -> None:
    """Most owners have core's integration as well."""
    mock_integration(world.hass, MockModule("tplink", async_unload_entry=_unloads))
    rival = MockConfigEntry(
        domain="tplink", data={"host": HOSTS["garden"]}, state=ConfigEntryState.LOADED
    )
    rival.add_to_hass(world.hass)
    shown = er.async_get(world.hass).async_get_or_create(
        "camera", "tplink", "garden", config_entry=rival
    )
    world.hass.states.async_set(shown.entity_id, "idle")
    await camera(world).rounds.async_check_now()
    (client,) = evidence(world).site.other_clients or ()
    assert (client.name, client.state) == ("tplink", ClientState.WORKS)
    assert evidence(world).now.integration is Integration.LOADED
    assert world.state(DIAGNOSIS) == "healthy"


async def _unloads(_hass: HomeAssistant, _entry: ConfigEntry) -> bool:
    return True


# The networks on the air


async def test_a_neighbour_looks_for_the_lost_network_once(world: World) -> None:
    """It takes the neighbour's radio off its channel for seconds."""
    shed = world.senses.camera("shed")
    shed.scan = Scanned(networks={"home": 3}, own_ssid="home")
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert evidence(world).site.scan == Scan(by="camera", sees_ssid=True, level=3)
    await world.pass_time(300, step=5)
    await camera(world).rounds._async_examine()
    assert shed.seen["scan"] == 1
    assert shed.seen["login"] == 1


async def test_a_camera_that_flaps_does_not_take_its_neighbour_along(world: World) -> None:
    """Sixty outages a day are not sixty scans."""
    shed = world.senses.camera("shed")
    shed.scan = Scanned(networks={"home": 3}, own_ssid="home")
    for _ in range(4):
        world.senses.vanish("garden")
        await world.pass_time(70)
        world.senses.come_back("garden")
        await world.pass_time(70)
    assert shed.seen["scan"] == 1


async def test_a_neighbour_that_hears_nothing_is_not_asked_again_in_an_outage(
    world: World,
) -> None:
    """It goes off its channel all the same, each time that somebody presses a button."""
    shed = world.senses.camera("shed")
    world.senses.vanish("garden")
    await world.pass_time(60)
    for _ in range(4):
        await world.hass.services.async_call(
            "button", "press", {"entity_id": "button.garden_check_now"}, blocking=True
        )
        await world.pass_time(1200, step=10)
    assert shed.seen["scan"] == 1


async def test_a_neighbour_that_hears_nothing_is_spared_while_a_camera_flaps(
    world: World,
) -> None:
    """Sixty outages a day are not sixty scans in vain."""
    for _ in range(4):
        world.senses.vanish("garden")
        await world.pass_time(70)
        world.senses.come_back("garden")
        await world.pass_time(70)
    assert world.senses.camera("shed").seen["scan"] == 1


async def test_who_could_not_be_asked_at_first_is_asked_later(world: World) -> None:
    """An outage in which nobody was there to scan has its scan to come."""
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    world.senses.come_back("shed")
    shed = world.senses.camera("shed")
    shed.scan = Scanned(networks={"home": 3}, own_ssid="home")
    await world.pass_time(400, step=5)
    await camera(world).rounds._async_examine()
    assert evidence(world).site.scan == Scan(by="camera", sees_ssid=True, level=3)


async def test_a_network_that_another_one_misses_is_gone(world: World) -> None:
    """The scanner is on a network of its own, and hears that one well."""
    shed = world.senses.camera("shed")
    shed.scan = Scanned(networks={"new": 4}, own_ssid="new")
    world.senses.vanish("garden")
    await world.pass_time(30)
    assert evidence(world).site.scan == Scan(by="camera", sees_ssid=False)


async def test_a_camera_that_hangs_needs_no_scan(world: World) -> None:
    """It is on the network: nothing about the air is in question."""
    world.senses.camera("garden").hello = Hello.SILENT
    await world.pass_time(80)
    assert world.state(STATUS) == "offline"
    assert world.senses.camera("shed").seen["scan"] == 0


PLUG = replace(
    found("garden", "192.168.1.50"), mac="02:00:00:00:00:50", device_type="SMART.TAPOPLUG"
)


async def test_where_no_camera_can_a_plug_looks_with_one_login(world: World) -> None:
    """The account opens it; twice a day at the most for that."""
    world.senses.elsewhere = (PLUG,)
    world.senses.plug_scans = [Scanned(networks={"new": 3}, own_ssid="new")] * 2
    world.senses.vanish("garden", "shed")
    await world.pass_time(40)
    assert evidence(world).site.scan == Scan(by="plug", sees_ssid=False)
    for _ in range(3):
        world.senses.come_back("garden", "shed")
        await world.pass_time(900, step=5)
        world.senses.vanish("garden", "shed")
        await world.pass_time(900, step=5)
    assert world.senses.plug_logins == 1


async def test_a_plug_that_refuses_is_left_alone_until_the_account_changes(world: World) -> None:
    """No login that was refused is repeated on a timer."""
    world.senses.elsewhere = (PLUG,)
    world.senses.plug_scans = [Scanned(refused=True)] * 9
    for _ in range(3):
        world.senses.vanish("garden", "shed")
        await world.pass_time(600, step=10)
        await world.pass_time(4 * 3600, step=600)
        world.senses.come_back("garden", "shed")
        await world.pass_time(4 * 3600, step=600)
    assert world.senses.plug_logins == 1
    data = {"username": "owner@example.org", "password": "another"}
    world.hass.config_entries.async_update_entry(world.entry, data=data)
    await world.pass_time(60)
    world.senses.vanish("garden", "shed")
    await world.pass_time(60)
    assert world.senses.plug_logins == 2


async def test_the_names_of_networks_are_not_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """They are nobody's business, and people publish their logs."""
    caplog.set_level("DEBUG", logger="custom_components.tapo_doctor")
    shed = world.senses.camera("shed")
    shed.scan = Scanned(networks={"Birchwood": 3}, own_ssid="Birchwood")
    world.senses.vanish("garden")
    await world.pass_time(60)
    assert shed.seen["scan"] == 1
    assert "Birchwood" not in caplog.text
    assert MACS["garden"] not in caplog.text
    assert HOSTS["garden"] not in caplog.text
