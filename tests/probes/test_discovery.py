"""Who is there, and by what identity; and what comes of answers that no device should give."""

import asyncio
import binascii
import contextlib
import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, override

import pytest
from homeassistant.helpers.json import json_bytes
from hypothesis import example, given, settings
from hypothesis import strategies as st

from custom_components.tapo_doctor.probes import discovery
from custom_components.tapo_doctor.probes.discovery import (
    discover,
    private_key,
    question,
)
from custom_components.tapo_doctor.probes.findings import Answers, Found
from tests.home import CameraSpec, Fault, Home, PlugSpec
from tests.home.discovery import asker_key, is_probe

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "192.168.1.9"
ANSWER: dict[str, Any] = {
    "mac": "02-00-00-00-00-AB",
    "device_id": "80ABC",
    "device_model": "C210",
    "device_type": "SMART.IPCAMERA",
    "encrypt_type": ["3"],
    "mgt_encrypt_schm": {"is_support_https": True, "http_port": 443},
}


def datagram(result: Any = None, **fields: Any) -> bytes:
    """Build a datagram as a device sends it; `fields` replace what is in the answer."""
    body = {"error_code": 0, "result": {**ANSWER, **fields} if result is None else result}
    return bytes(16) + json.dumps(body).encode()


def read_answer(host: str, data: bytes) -> Found | None:
    """Read one answer, in the two steps that the search takes."""
    return discovery._read(host, *discovery._open(data))


def read(**fields: Any) -> Found:
    """Read an answer that has to be readable."""
    found = read_answer(HOST, datagram(**fields))
    assert found is not None
    return found


# Real devices


async def test_a_camera_tells_who_it_is_without_a_login() -> None:
    """Identity, address and network name are what most causes are told by."""
    async with Home(
        [CameraSpec("garden", ssid="Birchwood", hardware="2.0", firmware="1.4.3 Build 1")]
    ) as home:
        garden = home.camera("garden")
        answers = await discover([garden.host], wait_s=1, broadcast=False)
    (found,) = answers.found
    assert answers == Answers(found=(found,))
    assert found.mac == garden.mac.lower()
    assert (found.host, found.name, found.model) == (garden.host, "garden", "C210")
    assert (found.firmware, found.hardware) == ("1.4.3", "2.0")
    assert (found.ssid, found.control_port) == ("Birchwood", 4443)
    assert found.factory_default is False
    assert found.is_camera
    assert found.connection is not None
    assert (found.connection["login_version"], found.connection["https"]) == (3, True)
    assert answers.at(garden.host) is found
    assert answers.at(HOST) is None


async def test_a_plug_is_found_and_is_no_camera() -> None:
    """It answers the same question."""
    async with Home([], [PlugSpec("plug")]) as home:
        plug = home.plug("plug")
        (found,) = (await discover([plug.host], wait_s=1, broadcast=False)).found
    assert (found.model, found.is_camera) == ("P110", False)


async def test_a_plug_with_a_login_that_nobody_knows_is_found_all_the_same() -> None:
    """Who it is counts more than how one talks to it."""
    async with Home([], [PlugSpec("plug")]) as home:
        home.fault("plug", Fault.THIRD_PARTY_OFF)
        plug = home.plug("plug")
        (found,) = (await discover([plug.host], wait_s=1, broadcast=False)).found
    assert found.connection is None


async def test_the_search_ends_when_everyone_that_was_asked_has_answered() -> None:
    """Three seconds for each camera would be an hour for a large house."""
    private_key()
    async with Home([CameraSpec("garden"), CameraSpec("shed")]) as home:
        begun = time.monotonic()
        hosts = [camera.host for camera in home.cameras]
        answers = await discover(hosts, wait_s=30, broadcast=False)
        assert {found.host for found in answers.found} == set(hosts)
        assert time.monotonic() - begun < 5
        assert all(camera.counters.udp_probes == 1 for camera in home.cameras)


async def test_silence_is_asked_three_times() -> None:
    """On a bad radio link two of three questions may be lost."""
    async with Home([CameraSpec("garden")]) as home:
        home.fault("garden", Fault.NO_DISCOVERY)
        garden = home.camera("garden")
        answers = await discover([garden.host], wait_s=0.15, broadcast=False)
        assert answers == Answers()
        assert garden.counters.udp_probes == 3


async def test_a_broadcast_waits_for_all_of_its_time() -> None:
    """Nobody knows how many are still to answer."""
    async with Home([CameraSpec("garden"), CameraSpec("shed")], [PlugSpec("plug")]) as home:
        answers = await discover([home.broadcast], wait_s=0.3, broadcast=True)
        # Other simulated homes of this machine hear it too.
        assert {device.host for device in home.devices} <= {found.host for found in answers.found}
        assert answers.at(home.camera("shed").host) is not None


async def test_noise_is_an_answer_but_no_identity() -> None:
    """Something is there; that is worth knowing."""
    async with Home([CameraSpec("garden")]) as home:
        home.fault("garden", Fault.DISCOVERY_GARBAGE)
        host = home.camera("garden").host
        answers = await discover([host], wait_s=1, broadcast=False)
    assert answers == Answers(unreadable=frozenset({host}))


async def test_without_a_socket_one_could_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network is not the same as no cameras."""

    async def fail(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_datagram_endpoint", fail)
    assert await discover([HOST], wait_s=1, broadcast=False) == Answers(looked=False)


@pytest.mark.parametrize(
    "nowhere",
    [
        pytest.param("fd00::12", id="an address of another family"),
        pytest.param("255.255.255.255", id="no way there"),
    ],
)
async def test_a_question_that_could_not_be_sent_is_no_silence(nowhere: str) -> None:
    """A home without a network of its own has not looked for anybody."""
    answers = await discover([nowhere], wait_s=0.03, broadcast=False)
    assert answers == Answers(looked=False)


async def test_one_question_that_could_be_sent_is_a_look() -> None:
    """One of this system's networks may be down while the others are not."""
    async with Home([CameraSpec("garden")]) as home:
        host = home.camera("garden").host
        answers = await discover([host, "fd00::12"], wait_s=0.3, broadcast=False)
    assert answers.looked
    assert answers.at(host) is not None


class Impostor(asyncio.DatagramProtocol):
    """Something at the discovery port that answers as a test wants it."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers
        self._transport: asyncio.DatagramTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        assert self._transport is not None
        for answer in self._answers:
            self._transport.sendto(answer, addr)


async def impostor(
    host: str, *answers: bytes, port: int = discovery.PORT
) -> asyncio.DatagramTransport:
    """Put such a thing at an address."""
    asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asked.bind((host, port))
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: Impostor(list(answers)), sock=asked)
    return transport


async def ask_impostor(home: Home, *answers: bytes, port: int = discovery.PORT) -> Answers:
    """Ask an address where such a thing sits."""
    host = home.free_host()
    transport = await impostor(host, *answers, port=port)
    try:
        return await discover([host], wait_s=0.2, broadcast=False)
    finally:
        transport.close()


async def test_an_answer_that_is_longer_than_any_camera_s_is_not_read() -> None:
    """Memory and time are ours, not a stranger's."""
    async with Home() as home:
        answers = await ask_impostor(home, datagram(padding="x" * 10_000))
        assert answers == Answers()


async def test_a_flood_counts_once() -> None:
    """A device that never stops answering takes one place in memory."""
    async with Home() as home:
        first, others = datagram(device_id="first"), [datagram(device_id="other")] * 100
        answers = await ask_impostor(home, first, *others)
        assert [found.device_id for found in answers.found] == ["first"]


async def test_three_hundred_answers_are_read_beside_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Opening that many seals at once held everything else in the house up."""
    threads = set()
    unseal = discovery._unseal

    def spy(info: Any) -> Any:
        threads.add(threading.get_ident())
        return unseal(info)

    monkeypatch.setattr(discovery, "_unseal", spy)
    async with Home() as home, contextlib.AsyncExitStack() as stack:
        hosts = [home.free_host() for _ in range(300)]
        for host in hosts:
            stack.callback((await impostor(host, datagram(device_id=host))).close)
        answers = await discover(hosts, wait_s=6, broadcast=False)
    assert {found.host: found.device_id for found in answers.found} == {one: one for one in hosts}
    assert threads
    assert threading.get_ident() not in threads


async def test_no_more_answers_are_kept_than_a_home_has_devices() -> None:
    """Anybody can forge addresses, and answer from each of them."""
    everyone = discovery._Listener(frozenset())
    for number in range(5000):
        everyone.datagram_received(b"", (f"10.0.{number // 256}.{number % 256}", 20002))
    assert len(everyone.answers) == 1024
    everyone.datagram_received(b"again", ("10.0.0.1", 20002))
    assert everyone.answers["10.0.0.1"] == b""


async def test_a_flood_does_not_drown_the_one_that_was_asked() -> None:
    """Else a stranger could make a camera look gone."""
    listener = discovery._Listener(frozenset({HOST}))
    for number in range(5000):
        listener.datagram_received(b"", (f"10.0.{number // 256}.{number % 256}", 20002))
    listener.datagram_received(datagram(), (HOST, 20002))
    assert listener.answers[HOST] == datagram()
    assert listener.done.is_set()


async def test_nobody_at_an_address_is_no_error() -> None:
    """The kernel's "port unreachable" is silence to us."""
    async with Home() as home:
        assert await discover([home.free_host()], wait_s=0.1, broadcast=False) == Answers()


async def test_what_comes_from_another_port_is_not_the_devices_answer() -> None:
    """Any program on the network could speak for the camera otherwise."""
    listener = discovery._Listener(frozenset({HOST}))
    listener.datagram_received(datagram(), (HOST, 4000))
    assert not listener.answers
    assert not listener.done.is_set()
    listener.error_received(OSError("unreachable"))
    listener.datagram_received(datagram(), (HOST, 20002))
    assert listener.done.is_set()


def test_the_question_is_one_that_devices_answer() -> None:
    """A wrong checksum would be met with silence, on all cameras at once."""
    first, second = question(), question()
    assert is_probe(first)
    assert asker_key(first) is not None
    unsigned = first[:12] + b"\x5a\x6b\x7c\x8d" + first[16:]
    assert first[12:16] == binascii.crc32(unsigned).to_bytes(4)
    assert first[8:12] != second[8:12]


# Answers of other shapes


async def test_an_identity_is_written_in_one_way() -> None:
    """Else a camera is another one after its update."""
    for mac in ("02-00-00-00-00-AB", "02:00:00:00:00:ab", "0200000000aB"):
        assert read(mac=mac).mac == "02:00:00:00:00:ab"
    assert read(device_model="C210(EU)").model == "C210"


@pytest.mark.parametrize(
    "fields",
    [
        {"mac": None},
        {"mac": "02-00-00-00-00"},
        {"mac": "02-00-00-00-00-XY"},
        {"mac": "02-00-00-00-00-²²"},
        {"mac": 2},
        {"device_id": ""},
        {"device_id": ["80"]},
        {"device_model": ""},
        {"device_model": "(EU)"},
    ],
)
async def test_an_answer_without_an_identity_is_none(fields: dict[str, Any]) -> None:
    """Nobody could say later whether it is still the same."""
    assert read_answer(HOST, datagram(**fields)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(15),
        bytes(16),
        bytes(16) + b"null",
        bytes(16) + b"[1, 2",
        bytes(16) + b"\xff\xfe",
        bytes(16) + b"[" * 8000,
        bytes(16) + b'{"a":' * 1600,
        bytes(16) + b"9" * 8000,
        bytes(16) + b'{"result": NaN}',
        datagram([]),
        datagram("yes"),
        datagram(7),
    ],
)
def test_what_is_no_answer_is_none(data: bytes) -> None:
    """No exception, whatever a stranger sends."""
    assert read_answer(HOST, data) is None


@pytest.mark.parametrize(
    ("fields", "version"),
    [
        ({"encrypt_type": ["3"]}, 3),
        ({"encrypt_type": ["1", "2"]}, 2),
        ({"encrypt_type": ["²", "9" * 5000, "-1", 4, None, "3"]}, 3),
        ({"mgt_encrypt_schm": {"is_support_https": True, "lv": 2, "encrypt_type": "AES"}}, 2),
        ({"encrypt_info": {"sym_schm": "AES"}, "encrypt_type": ["3"]}, 3),
    ],
)
async def test_how_a_camera_is_spoken_to_is_read(fields: dict[str, Any], version: int) -> None:
    """A wrong login is a failed one, and is counted."""
    connection = read(**fields).connection
    assert connection is not None
    assert connection["login_version"] == version


@pytest.mark.parametrize(
    "fields",
    [
        {"device_type": ""},
        {"device_type": "SMART.TOASTER"},
        {"mgt_encrypt_schm": {"encrypt_type": "TPAP", "is_support_https": True}},
        {"mgt_encrypt_schm": None, "encrypt_type": None},
    ],
)
async def test_a_login_that_nobody_knows_is_none(fields: dict[str, Any]) -> None:
    """It is not tried, and told as what it is."""
    assert read(**fields).connection is None


@pytest.mark.parametrize(
    ("port", "expected"),
    [(8443, 8443), (0, 443), (-1, 443), (65536, 443), ("80", 443), (True, 443), (None, 443)],
)
async def test_a_port_that_is_none_is_the_usual_one(port: Any, expected: int) -> None:
    """Firmware leaves it out, or says 0."""
    assert read(mgt_encrypt_schm={"http_port": port}).control_port == expected


@pytest.mark.parametrize(
    "info",
    [
        {"key": "", "data": "AAAA"},
        {"key": "AAAA", "data": ""},
        {"key": "not base64!", "data": "AAAA"},
        {"key": "ü", "data": "AAAA"},
        {"key": "AAAA", "data": "AAAA"},
        {"key": 5, "data": {}},
        [],
    ],
)
async def test_a_sealed_part_that_cannot_be_opened_is_left_out(info: Any) -> None:
    """It may have been sealed for somebody else who asked at the same moment."""
    found = read(encrypt_info=info)
    assert found.ssid is None


@given(st.binary(max_size=600))
@settings(max_examples=100, deadline=None)
def test_no_datagram_makes_it_raise(data: bytes) -> None:
    """Anybody on the network can send anything to that port."""
    assert read_answer(HOST, data) is None or len(data) > 16


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=20)
    | st.sampled_from(["²", "SMART.IPCAMERA", "SMART.TAPOPLUG", "AES", "KLAP", "TPAP", "3"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["http_port", "lv", "encrypt_type", "is_support_https", "key", "data"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
FIELDS = [
    *ANSWER,
    "encrypt_info",
    "device_name",
    "hardware_version",
    "firmware_version",
    "factory_default",
]


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=5))
@example({"encrypt_type": ["²"]})
@example({"device_name": "\ud800"})
@example({"mgt_encrypt_schm": {"lv": 10**30, "encrypt_type": "AES"}})
@example({"mgt_encrypt_schm": {"lv": True, "http_port": True}})
@example({"encrypt_info": {"key": "é", "data": "é"}})
@settings(max_examples=150, deadline=None)
async def test_no_answer_of_any_shape_makes_it_raise(fields: dict[str, Any]) -> None:
    """What comes out can be stored, shown and compared, whatever went in."""
    found = read_answer(HOST, datagram(**fields))
    if found is None:
        return
    assert type(found.control_port) is int
    assert 0 < found.control_port < 65536
    for text in texts(found):
        # What has no UTF-8 could not be written to Home Assistant's storage.
        assert text.encode() is not None
    assert json_bytes(dict(found.connection or {}))
    assert hash(found) is not None


def texts(found: Found) -> Iterator[str]:
    """All texts of an answer."""
    names = ("mac", "device_id", "model", "device_type", "name", "hardware", "firmware", "ssid")
    for name in names:
        value = getattr(found, name)
        if value is not None:
            assert isinstance(value, str)
            yield value
