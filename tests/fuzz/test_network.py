"""What comes over the network without a login, and from the kernel's tables."""

import json
from pathlib import Path  # noqa: TC003 (hypothesis reads it)
from typing import Any

import pytest
from homeassistant.helpers.json import json_bytes
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor.evidence import NeighbourTable, Stream
from custom_components.tapo_doctor.enrolment import read_address
from custom_components.tapo_doctor.options_flow import is_gateway
from custom_components.tapo_doctor.probes import discovery
from custom_components.tapo_doctor.probes.neighbour_table import answers, neighbour
from custom_components.tapo_doctor.probes.routes import default_gateway, on_our_link
from custom_components.tapo_doctor.probes.scan import CAMERA_LEVELS, conclude, networks_in
from custom_components.tapo_doctor.probes.stream import _meaning

from .hostile import TEXTS, anything, spoiled

# At full speed: what is covered here is covered by the tests of each module.
pytestmark = pytest.mark.no_cover

HOST = "192.168.1.9"
ANSWER = {
    "mac": "02-00-00-00-00-AB",
    "device_id": "80ABC",
    "device_model": "C210(EU)",
    "device_type": "SMART.IPCAMERA",
    "device_name": "Garden",
    "hardware_version": "2.0",
    "firmware_version": "1.4.3 Build 1",
    "factory_default": False,
    "encrypt_type": ["3"],
    "encrypt_info": {"sym_schm": "AES", "key": "AAAA", "data": "AAAA"},
    "mgt_encrypt_schm": {
        "is_support_https": True,
        "http_port": 443,
        "encrypt_type": "AES",
        "lv": 2,
    },
}
WORDS = ("SMART.TAPOPLUG", "IOT.SMARTPLUGSWITCH", "KLAP", "TPAP", "²", *ANSWER)


@given(
    st.binary(max_size=600)
    | spoiled([{"error_code": 0, "result": ANSWER}]).map(lambda body: bytes(16) + dump(body))
    | anything("result", *WORDS).map(lambda body: bytes(16) + dump(body))
)
async def test_whatever_answers_a_search_is_read_or_left_out(data: bytes) -> None:
    """Anybody on the network can send anything; what is taken can be stored and compared."""
    found = discovery._read(HOST, *discovery._open(data))
    if found is not None:
        assert 0 < found.control_port < 65536
        shown = (found.mac, found.device_id, found.model, found.name, found.firmware, found.ssid)
        assert json_bytes([shown, found.hardware, found.device_type, dict(found.connection or {})])
        assert hash(found) == hash(found)


def dump(body: Any) -> bytes:
    """Write JSON as a device does."""
    return json.dumps(body).encode()


NUMERALS = ("00000000", "0101A8C0", "00FFFFFF", "FFFFFFFFFF", "-1", "0x1", "0x2")
ADDRESSES = (HOST, "192.168.1.1", "02:00:00:00:00:ab", "00:00:00:00:00:00")
WORDS_OF_TABLES = st.sampled_from(["eth0", "", *NUMERALS, *ADDRESSES])
ROWS = st.lists(
    st.lists(WORDS_OF_TABLES | TEXTS, max_size=9).map("\t".join),
    max_size=5,
).map(lambda rows: "\n".join(rows).encode(errors="surrogatepass"))


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two files in the place of the kernel's."""
    here = tmp_path_factory.mktemp("fuzz")
    return here / "route", here / "arp"


@given(st.binary(max_size=300) | ROWS, st.binary(max_size=300) | ROWS)
def test_no_table_of_the_kernel_makes_it_raise(
    tables: tuple[Path, Path], routes: bytes, entries: bytes
) -> None:
    """A system of another kind has other tables, and tells us nothing by them."""
    ways, table = tables
    ways.write_bytes(routes)
    table.write_bytes(entries)
    gateway = default_gateway(ways)
    assert gateway is None or gateway.count(".") == 3
    assert on_our_link(HOST, ways) in {True, False}
    assert neighbour(HOST, "02:00:00:00:00:ab", table, ways) in {None, *NeighbourTable}
    assert answers(HOST, table) in {True, False}


@given(st.binary(max_size=300) | st.from_regex(rb"RTSP/1\.\d \d{3}.*", fullmatch=True))
def test_no_answer_of_a_stream_makes_it_raise(line: bytes) -> None:
    """Anything at all may listen at that port."""
    assert _meaning(line) in {None, *Stream}


SCAN = {"ap_list": [{"ssid": "aG9tZQ==", "signal_level": 3}, {"ssid": "guest", "rssi": "2"}]}


@given(spoiled([SCAN]) | anything("ap_list", "ssid", "signal_level", "rssi"), TEXTS)
def test_no_scan_of_the_air_makes_it_raise(found: Any, wanted: str) -> None:
    """A network may have any name, and a neighbour's camera any firmware."""
    networks = networks_in(found, CAMERA_LEVELS)
    assert networks is None or set(networks.values()) <= set(range(5))
    conclude(networks, wanted, by="camera", own_ssid=None)
    assert json_bytes(list(networks or ()))


@given(TEXTS | st.sampled_from(["192.168.1.1", "fe80::1%eth0", "::1", "10.0.0.1/8", "010.1.1.1"]))
def test_no_address_that_is_typed_makes_it_raise(text: str) -> None:
    """People paste all sorts of things; nothing that is taken leads out of the home."""
    address = read_address(text)
    assert address is None or address in text
    assert is_gateway(text) in {True, False}
