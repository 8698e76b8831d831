"""What a neighbour's scan tells about a network."""

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.doctor.evidence import Scan
from custom_components.tapo_doctor.probes.scan import (
    CAMERA_LEVELS,
    PLUG_LEVELS,
    conclude,
    networks_in,
)

if TYPE_CHECKING:
    from custom_components.tapo_doctor.probes.findings import Networks


def packed(name: str) -> str:
    """Pack a name as some firmware does."""
    return b64encode(name.encode()).decode()


def test_of_several_access_points_the_strongest_counts() -> None:
    """A mesh has one name and many stations."""
    found = {
        "ap_list": [
            {"ssid": "home", "rssi": 1},
            {"ssid": "home", "rssi": 3},
            {"ssid": "guest", "rssi": "2"},
        ]
    }
    assert networks_in(found, CAMERA_LEVELS) == {"home": 3, "guest": 2}


def test_a_packed_name_is_known_by_both_its_readings() -> None:
    """Plugs pack the names, cameras of some firmware do."""
    found = {"ap_list": [{"ssid": packed("Birchwood"), "signal_level": 3}]}
    networks = networks_in(found, PLUG_LEVELS)
    assert networks is not None
    assert networks["Birchwood"] == 4


@pytest.mark.parametrize("found", [None, {}, [], {"ap_list": None}, {"ap_list": "home"}, -40106])
def test_no_list_is_no_scan(found: object) -> None:
    """A camera that does not know the question has not looked."""
    assert networks_in(found, CAMERA_LEVELS) is None


@pytest.mark.parametrize(
    "one", ["home", None, {"ssid": None}, {"ssid": ""}, {"ssid": 7}, {"rssi": 3}]
)
def test_an_odd_entry_is_left_out(one: object) -> None:
    """Whatever a firmware invents, it must not end an examination."""
    found = {"ap_list": [one, {"ssid": "home", "rssi": 2}]}
    assert networks_in(found, CAMERA_LEVELS) == {"home": 2}


@pytest.mark.parametrize("level", [None, "strong", {}, 99, -1])
def test_a_level_that_is_none_is_faint(level: object) -> None:
    """The name was heard all the same."""
    found = {"ap_list": [{"ssid": "home", "rssi": level}]}
    assert networks_in(found, CAMERA_LEVELS) == {"home": 0}


@pytest.mark.parametrize(
    ("networks", "own", "scan"),
    [
        ({"home": 3}, "home", Scan(by="plug", sees_ssid=True, level=3)),
        ({"home": 3}, None, Scan(by="plug", sees_ssid=True, level=3)),
        ({"new": 3}, "new", Scan(by="plug", sees_ssid=False)),
        # It is on a network that its own scan does not see: a hidden one.
        ({"next door": 1}, "home", None),
        ({"next door": 1}, None, None),
        ({}, "new", None),
        (None, "new", None),
    ],
)
def test_only_a_scan_that_could_see_it_misses_a_network(
    networks: Networks | None, own: str | None, scan: Scan | None
) -> None:
    """Else every camera on a hidden network would seem to have lost it."""
    assert conclude(networks, "home", by="plug", own_ssid=own) == scan


def test_without_a_name_nothing_is_looked_for() -> None:
    """A camera that has never told its network."""
    assert conclude({"home": 3}, None, by="plug", own_ssid="home") is None
