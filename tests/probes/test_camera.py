"""The camera's control service, with the account: real protocol, and every kind of nonsense."""

import asyncio
import gzip
import logging
import tracemalloc
from base64 import b64encode
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import create_autospec

import aiohttp
import pytest
from kasa import (
    AuthenticationError,
    BaseProtocol,
    DeviceConnectionParameters,
    DeviceError,
    KasaException,
    UnsupportedDeviceError,
)
from kasa import TimeoutError as KasaTimeoutError
from kasa.exceptions import SmartErrorCode
from kasa.httpclient import get_cookie_jar

from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.probes import camera
from custom_components.tapo_doctor.probes.camera import (
    CameraSession,
    clock_offset,
    connection_parameters,
    refusal,
)
from custom_components.tapo_doctor.probes.findings import Reading, Scanned, SlowReading, Target
from custom_components.tapo_doctor.probes.network import _like_a_camera
from tests.home import ACCOUNT, Camera, CameraSpec, Fault, Home, ManualClock, answers
from tests.home.certificate import server_context

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping

    type Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

VERSIONS = pytest.mark.parametrize("version", [2, 3], ids=["older login", "secure login"])
OLD = DeviceConnectionParameters.from_values(
    "SMART.IPCAMERA", "AES", login_version=2, https=True
).to_dict()
HOST = "192.168.1.9"


@pytest.fixture
async def client() -> AsyncGenerator[aiohttp.ClientSession]:
    """The client that all sessions share, as it is in Home Assistant."""
    async with aiohttp.ClientSession(
        cookie_jar=get_cookie_jar(), middlewares=(_like_a_camera,)
    ) as client:
        yield client


@pytest.fixture(autouse=True)
def _no_tracebacks(caplog: pytest.LogCaptureFixture) -> Generator[None]:
    """No camera may fill the log with tracebacks, whatever it does."""
    caplog.set_level(logging.INFO, logger="kasa")
    yield
    assert not [record for record in caplog.records if record.exc_info]


def session(
    one: Camera,
    client: aiohttp.ClientSession,
    password: str = ACCOUNT[1],
    timeout: float = 5.0,
) -> CameraSession:
    """Prepare a session with a simulated camera."""
    known = OLD if one.spec.login_version == 2 else None
    target = Target(host=one.host, port=one.port, connection=known)
    return CameraSession(target, ACCOUNT[0], password, client, timeout=timeout)


# All is well


@VERSIONS
async def test_a_reading_tells_identity_firmware_and_signal(
    client: aiohttp.ClientSession, version: int
) -> None:
    """What the diagnosis knows of a camera that is well."""
    spec = CameraSpec(
        "garden",
        ssid="Birchwood ü",
        rssi=-67,
        firmware="1.4.3 Build 241010",
        login_version=version,
    )
    async with Home([spec]) as home:
        garden = home.camera("garden")
        reading = await session(garden, client).read()
        assert reading == Reading(
            result=LoginResult.OK,
            mac=garden.mac.replace(":", "-"),
            name="garden",
            model="C210",
            hardware="2.0",
            firmware="1.4.3",
            ssid="Birchwood ü",
            rssi_dbm=-67,
        )


@VERSIONS
async def test_a_kept_session_is_not_logged_in_to_again(
    client: aiohttp.ClientSession, version: int
) -> None:
    """At most one login a day: logins are what cameras count, and what evicts others."""
    async with Home([CameraSpec("garden", login_version=version)]) as home:
        garden = home.camera("garden")
        kept = session(garden, client)
        assert not kept.established
        assert (await kept.read()).result is LoginResult.OK
        assert kept.established
        before = garden.counters.as_dict()
        for slow in (False, True, False):
            assert (await kept.read(slow=slow)).result is LoginResult.OK
        after = garden.counters.as_dict()
        assert after["login_requests"] == before["login_requests"]
        assert after["logins"] == 1
        # The slow questions are too many for one request.
        assert after["http_requests"] == before["http_requests"] + 4


async def test_what_changes_seldom_is_read_only_when_it_is_asked_for(
    client: aiohttp.ClientSession,
) -> None:
    """One request more twice a day, not three hundred times."""
    async with Home([CameraSpec("garden")]) as home:
        kept = session(home.camera("garden"), client)
        assert (await kept.read()).slow is None
        slow = (await kept.read(slow=True)).slow
        assert slow is not None
        assert slow.updating is False
        assert slow.privacy_mode is False
        assert slow.clock is not None


async def test_a_session_that_was_closed_logs_in_anew(client: aiohttp.ClientSession) -> None:
    """After an outage the old keys are worth nothing."""
    async with Home([CameraSpec("garden")]) as home:
        garden = home.camera("garden")
        kept = session(garden, client)
        await kept.close()  # Before the first reading there is nothing to close.
        await kept.read()
        await kept.close()
        assert not kept.established
        await kept.close()
        assert (await kept.read()).result is LoginResult.OK
        assert garden.counters.logins == 2


# Refusals


@VERSIONS
async def test_an_expired_session_is_told_and_the_next_reading_logs_in(
    client: aiohttp.ClientSession, version: int
) -> None:
    """Expiry is an everyday event, and no refusal."""
    async with Home([CameraSpec("garden", login_version=version)]) as home:
        garden = home.camera("garden")
        kept = session(garden, client)
        await kept.read()
        garden.expire_sessions()
        lost = await kept.read()
        assert lost.result is LoginResult.SESSION_LOST
        assert not kept.established
        assert garden.counters.logins == 1
        assert (await kept.read()).result is LoginResult.OK
        assert garden.counters.logins == 2


@VERSIONS
async def test_a_changed_password_is_a_lost_session_first_and_a_refusal_then(
    client: aiohttp.ClientSession, version: int
) -> None:
    """Only a login can tell a changed password from an old session."""
    async with Home([CameraSpec("garden", login_version=version)]) as home:
        kept = session(home.camera("garden"), client)
        await kept.read()
        home.fault("garden", Fault.LOGIN_REFUSED)
        assert (await kept.read()).result is LoginResult.SESSION_LOST
        assert (await kept.read()).result is LoginResult.REJECTED


@pytest.mark.parametrize(
    ("version", "fault", "options", "result", "code"),
    [
        (3, Fault.LOGIN_REFUSED, {}, LoginResult.REJECTED, None),
        (2, Fault.LOGIN_REFUSED, {}, LoginResult.REJECTED, -40401),
        (3, Fault.THIRD_PARTY_OFF, {"style": "confirm"}, LoginResult.REJECTED, None),
        (3, Fault.THIRD_PARTY_OFF, {"style": "http500"}, LoginResult.REJECTED, -40401),
        (3, Fault.LOCKED, {"seconds": 1700}, LoginResult.LOCKED, -40404),
        (2, Fault.LOCKED, {"seconds": 1700}, LoginResult.LOCKED, -40404),
        (3, Fault.LOGIN_CHANGED_BY_FIRMWARE, {}, LoginResult.UNSUPPORTED, -40211),
        (2, Fault.LOGIN_CHANGED_BY_FIRMWARE, {}, LoginResult.UNSUPPORTED, -40211),
        (3, Fault.SESSION_FLAP, {"style": "json"}, LoginResult.REJECTED, -40401),
        (3, Fault.SESSION_FLAP, {"style": "http401"}, LoginResult.REJECTED, None),
        (3, Fault.TAG_BROKEN, {}, LoginResult.ERROR, None),
        (3, Fault.HUNG_CLOSED, {}, LoginResult.ERROR, None),
    ],
)
async def test_a_refusal_is_told_by_its_kind_and_without_the_address(
    client: aiohttp.ClientSession,
    version: int,
    fault: Fault,
    options: dict[str, Any],
    result: LoginResult,
    code: int | None,
) -> None:
    """Each kind has its own cure; and a report that people publish must not hold addresses."""
    async with Home([CameraSpec("garden", login_version=version)], clock=ManualClock()) as home:
        home.fault("garden", fault, **options)
        garden = home.camera("garden")
        one = session(garden, client)
        reading = await one.read()
        assert (reading.result, reading.code) == (result, code)
        assert reading.locked_for_s == (1700 if fault is Fault.LOCKED else None)
        assert reading.text
        assert garden.host not in reading.text
        assert len(reading.text) <= 240
        assert not one.established
        assert garden.counters.failed_logins <= 1


@VERSIONS
async def test_a_wrong_password_is_one_failed_login_at_the_most(
    client: aiohttp.ClientSession, version: int
) -> None:
    """python-kasa's own update() fails ten times with the older login, and locks the camera."""
    spec = CameraSpec("garden", login_version=version, failed_logins_allowed=9)
    async with Home([spec], clock=ManualClock()) as home:
        garden = home.camera("garden")
        for attempt in (1, 2, 3):
            one = session(garden, client, password="wrong")
            assert (await one.read(slow=True)).result is LoginResult.REJECTED
            # With the secure login the client notices by itself, and nothing is counted.
            assert garden.counters.failed_logins == (attempt if version == 2 else 0)


@VERSIONS
async def test_a_password_changed_under_a_session_is_no_failed_login(
    client: aiohttp.ClientSession, version: int
) -> None:
    """The lost session is noticed first; the login that follows is the gate's to allow."""
    async with Home([CameraSpec("garden", login_version=version)], clock=ManualClock()) as home:
        garden = home.camera("garden")
        kept = session(garden, client)
        await kept.read()
        home.fault("garden", Fault.LOGIN_REFUSED)
        assert (await kept.read(slow=True)).result is LoginResult.SESSION_LOST
        assert garden.counters.failed_logins == 0


# Enough to tell a leak of one in an outage from noise; a thousand were measured by hand.
OUTAGES = 60


async def test_outages_leave_neither_connections_nor_tasks_behind(
    client: aiohttp.ClientSession,
) -> None:
    """A camera that flaps for a year must not use up Home Assistant's sockets."""
    async with Home([CameraSpec("garden")], clock=ManualClock()) as home:
        garden = home.camera("garden")
        one = session(garden, client)

        async def outage() -> None:
            home.clear("garden")
            assert (await one.read()).result is LoginResult.OK
            home.fault("garden", Fault.HUNG_CLOSED)
            assert (await one.read()).result is LoginResult.ERROR

        await outage()
        files, tasks = _open_files(), len(asyncio.all_tasks())
        for _ in range(OUTAGES):
            await outage()
        assert _open_files() <= files + 3
        assert len(asyncio.all_tasks()) <= tasks + 1


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


# Looking around


@VERSIONS
async def test_a_camera_hears_the_networks_around_it_without_a_login(
    client: aiohttp.ClientSession, version: int
) -> None:
    """It says whether the network of a lost neighbour is still on the air."""
    spec = CameraSpec("garden", ssid="Birchwood", login_version=version)
    async with Home([spec]) as home:
        garden = home.camera("garden")
        kept = session(garden, client)
        await kept.read()
        scanned = await kept.scan()
        assert scanned.own_ssid == "Birchwood"
        assert scanned.networks is not None
        assert scanned.networks["Birchwood"] == 4
        assert scanned.networks["Guest"] == 1
        assert kept.established
        assert garden.counters.logins == 1


async def test_nobody_is_logged_in_for_a_scan(client: aiohttp.ClientSession) -> None:
    """Curiosity is no reason to spend a login."""
    async with Home([CameraSpec("garden")]) as home:
        garden = home.camera("garden")
        assert await session(garden, client).scan() == Scanned()
        assert garden.counters.http_requests == 0


async def test_a_camera_that_cannot_scan_keeps_its_session(
    client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some models do not know the question; asking must not cost them a login each time."""
    monkeypatch.delitem(vars(answers)["ACTIONS"], "scanApList")
    async with Home([CameraSpec("garden")]) as home:
        garden = home.camera("garden")
        kept = session(garden, client)
        await kept.read()
        assert (await kept.scan()).networks is None
        assert (await kept.read()).result is LoginResult.OK
        assert garden.counters.logins == 1


async def test_a_scan_that_breaks_is_no_scan(client: aiohttp.ClientSession) -> None:
    """A neighbour that fails in that moment is not examined over it."""
    async with Home([CameraSpec("garden")]) as home:
        kept = session(home.camera("garden"), client)
        await kept.read()
        home.fault("garden", Fault.RESET_MID)
        assert await kept.scan() == Scanned()
        assert not kept.established


@pytest.mark.parametrize("fault", [Fault.HUNG_OPEN, Fault.VANISHED, Fault.SLOW])
async def test_silence_is_a_timeout(client: aiohttp.ClientSession, fault: Fault) -> None:
    """A camera that hangs is told from one that refuses."""
    async with Home([CameraSpec("garden")], clock=ManualClock()) as home:
        home.fault("garden", fault)
        reading = await session(home.camera("garden"), client, timeout=0.15).read()
        assert reading.result is LoginResult.TIMEOUT


async def test_a_camera_that_falls_silent_while_it_is_read_is_a_timeout(
    client: aiohttp.ClientSession,
) -> None:
    """The moment it vanishes is as likely to be within a reading as any other."""
    async with Home([CameraSpec("garden")], clock=ManualClock()) as home:
        kept = session(home.camera("garden"), client, timeout=0.15)
        await kept.read()
        home.fault("garden", Fault.VANISHED)
        assert (await kept.read()).result is LoginResult.TIMEOUT
        home.clear()
        assert (await kept.read()).result is LoginResult.OK


# Nonsense


@VERSIONS
@pytest.mark.parametrize(
    "fault",
    [
        Fault.TLS_GARBAGE,
        Fault.ACCEPT_RESET,
        Fault.JSON_GARBAGE,
        Fault.JSON_TRUNCATED,
        Fault.JSON_ODD,
        Fault.RESET_MID,
        Fault.HTTP500,
        Fault.REDIRECT,
        Fault.TEN_MEGABYTES,
        Fault.NOTHING,
        Fault.NOT_A_CAMERA,
    ],
)
async def test_nonsense_is_an_error_and_never_an_exception(
    client: aiohttp.ClientSession, fault: Fault, version: int
) -> None:
    """At the first contact as well as in the middle of a session."""
    async with Home([CameraSpec("garden", login_version=version)]) as home:
        garden = home.camera("garden")
        kept = session(garden, client)
        await kept.read()
        for _ in range(2):
            home.fault("garden", fault)
            reading = await kept.read()
            assert reading.result in {LoginResult.ERROR, LoginResult.SESSION_LOST}
            assert garden.host not in (reading.text or "")
            assert len(reading.text or "") <= 240
        home.clear()
        assert (await kept.read()).result is LoginResult.OK


@asynccontextmanager
async def server(talk: Talk) -> AsyncGenerator[Target]:
    """A web server with TLS that answers in its own way."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except ConnectionError, asyncio.IncompleteReadError:
            pass
        finally:
            writer.transport.abort()

    running = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_context())
    async with running:
        yield Target(host="127.0.0.1", port=running.sockets[0].getsockname()[1])


async def test_an_answer_without_end_is_not_read_to_its_end(
    client: aiohttp.ClientSession,
) -> None:
    """Whatever sits at the camera's address must not fill Home Assistant's memory."""
    sent = 0

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while sent < 200 << 20:
            writer.write(b" " * 65536)
            await writer.drain()
            sent += 65536

    async with server(flood) as target:
        reading = await CameraSession(target, *ACCOUNT, client).read()
    assert reading.result is LoginResult.ERROR
    assert reading.text is not None
    assert "too long for a camera" in reading.text
    assert sent < 16 << 20


async def test_a_compressed_answer_is_measured_by_what_comes_out(
    client: aiohttp.ClientSession,
) -> None:
    """Fifty megabytes of nothing fit into fifty kilobytes."""
    bomb = gzip.compress(bytes(50 << 20), compresslevel=1)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
        writer.write(head.encode() + bomb)
        await writer.drain()
        await reader.read()

    async with server(talk) as target:
        tracemalloc.start()
        reading = await CameraSession(target, *ACCOUNT, client).read()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert reading.result is LoginResult.ERROR
    assert peak < 20 << 20


async def test_nobody_is_sent_elsewhere_with_the_password(client: aiohttp.ClientSession) -> None:
    """A redirect would carry it to an address of a stranger's choice."""
    elsewhere = 0

    async def other(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        nonlocal elsewhere
        elsewhere += 1

    async with server(other) as target:

        async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            place = f"https://{target.host}:{target.port}/"
            writer.write(
                f"HTTP/1.1 307 Elsewhere\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
            )
            await writer.drain()

        async with server(talk) as first:
            reading = await CameraSession(first, *ACCOUNT, client).read()
    assert reading.result is LoginResult.ERROR
    assert elsewhere == 0


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/9.9 999 \xff\r\n\r\n",
        b"RTSP/1.0 401 Unauthorized\r\n\r\n",
        b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n{"error_code": 0, "result": {"data": [7]}} ',
        b"HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n" + b"[" * 8000,
    ],
)
async def test_any_answer_of_a_web_server_is_an_error(
    client: aiohttp.ClientSession, answer: bytes
) -> None:
    """Routers, printers and half-dead cameras: never an exception."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    async with server(talk) as target:
        reading = await CameraSession(target, *ACCOUNT, client, timeout=1).read()
    assert reading.result is LoginResult.ERROR, reading.text
    assert "127.0.0.1" not in (reading.text or "")


# The translator of errors


def device_error(code: SmartErrorCode) -> DeviceError:
    """Return an error as python-kasa raises it."""
    return DeviceError(f"{HOST}: {code.name}", error_code=code)


@pytest.mark.parametrize(
    ("error", "fresh", "kept"),
    [
        (device_error(SmartErrorCode.DEVICE_BLOCKED), LoginResult.LOCKED, LoginResult.LOCKED),
        (UnsupportedDeviceError("new"), LoginResult.UNSUPPORTED, LoginResult.UNSUPPORTED),
        (KasaException("code -40420 there"), LoginResult.UNSUPPORTED, LoginResult.UNSUPPORTED),
        (AuthenticationError("no"), LoginResult.REJECTED, LoginResult.SESSION_LOST),
        (KasaException("status 401"), LoginResult.REJECTED, LoginResult.SESSION_LOST),
        (
            device_error(SmartErrorCode.SESSION_EXPIRED),
            LoginResult.REJECTED,
            LoginResult.SESSION_LOST,
        ),
        (KasaTimeoutError("late"), LoginResult.TIMEOUT, LoginResult.TIMEOUT),
        (TimeoutError(), LoginResult.TIMEOUT, LoginResult.TIMEOUT),
        (KasaException("what?"), LoginResult.ERROR, LoginResult.ERROR),
        (RecursionError("deep"), LoginResult.ERROR, LoginResult.ERROR),
    ],
)
def test_an_error_means_one_thing(error: Exception, fresh: LoginResult, kept: LoginResult) -> None:
    """One answer means "expired" to a kept session and "go away" to a new one."""
    assert refusal(error, HOST, had_session=False).result is fresh
    assert refusal(error, HOST, had_session=True).result is kept


def test_a_timeout_behind_another_error_is_a_timeout() -> None:
    """Of several questions in one, python-kasa hides why."""
    error = KasaException("failed")
    error.__cause__ = KasaTimeoutError("late")
    assert refusal(error, HOST, had_session=False).result is LoginResult.TIMEOUT


def test_a_text_is_short_and_has_no_address() -> None:
    """It is kept, shown and published."""
    error = KasaException(f"Device {HOST} said {'x' * 500} at {HOST}")
    text = refusal(error, HOST, had_session=False).text
    assert text is not None
    assert text.startswith("Device IP said")
    assert len(text) == 240
    blocked = KasaException("Device blocked for 1683 seconds")
    assert refusal(blocked, HOST, had_session=False).locked_for_s == 1683


# What the camera's own words are made of


def answer(basic: Any = None, wifi: Any = None, **more: Any) -> Mapping[str, Any]:
    """Return an answer to the small question."""
    info = {"device_info": {"basic_info": {"mac": "02"} if basic is None else basic}}
    return {"getDeviceInfo": info, "getConnectionType": wifi, **more}


async def read(result: Any, *, slow: bool = False) -> Reading:
    """Read an answer that python-kasa has brought."""
    protocol = create_autospec(BaseProtocol, instance=True)
    protocol.query.return_value = result
    one = CameraSession(Target(host=HOST), *ACCOUNT, create_autospec(aiohttp.ClientSession))
    one._protocol = protocol
    reading = await one.read(slow=slow)
    assert protocol.close.called == (reading.result is not LoginResult.OK)
    return reading


@pytest.mark.parametrize("basic", ["yes", 7, [], False])
async def test_an_answer_without_an_identity_is_an_error(basic: Any) -> None:
    """Half an answer is none."""
    assert (await read(answer(basic))).result is LoginResult.ERROR
    assert (await read(basic)).result is LoginResult.ERROR


@pytest.mark.parametrize(
    ("rssi", "dbm"),
    [(-58, -58), (-6, -6), (0, None), (-1, None), (-120, None), ("-58", None), (None, None)],
)
async def test_a_signal_that_is_none_is_left_out(rssi: Any, dbm: int | None) -> None:
    """0 and -1 mean "not associated"; as a measurement they would be the best of all."""
    assert (await read(answer(wifi={"rssiValue": rssi}))).rssi_dbm == dbm


@pytest.mark.parametrize(
    ("ssid", "name"),
    [
        (b64encode("Müller".encode()).decode(), "Müller"),
        ("", None),
        ("!", None),
        (b64encode(b"\xff").decode(), None),
        (7, None),
        ("ü", None),
    ],
)
async def test_a_network_name_is_unpacked(ssid: Any, name: str | None) -> None:
    """Cameras pack it, since it may be anything."""
    assert (await read(answer(wifi={"ssid": ssid}))).ssid == name


@pytest.mark.parametrize("wifi", [None, "no", [1]])
async def test_a_camera_on_a_cable_has_no_signal(wifi: Any) -> None:
    """And is well all the same."""
    reading = await read(answer({"sw_version": 7, "device_alias": ""}, wifi))
    assert reading == Reading(result=LoginResult.OK)


async def test_what_changes_seldom_is_read_as_far_as_it_is_there() -> None:
    """Models differ in what they answer."""
    plan = {"enabled": "on", "time": "03:00:00", "random_range": "120"}
    full = {
        "getFirmwareAutoUpgradeConfig": {"auto_upgrade": {"common": plan}},
        "getFirmwareUpdateStatus": {"cloud_config": {"upgrade_status": {"state": "downloading"}}},
        "getReboot": {"timing_reboot": {"reboot": {"enabled": "off", "time": "05:00"}}},
        "getClockStatus": {"system": {"clock_status": {"seconds_from_1970": 1_800_000_000}}},
        "getLensMaskConfig": {"lens_mask": {"lens_mask_info": {"enabled": "on"}}},
    }
    assert (await read(answer(**full), slow=True)).slow == SlowReading(
        update_window="03:00",
        updating=True,
        planned_restart=None,
        clock=1_800_000_000.0,
        privacy_mode=True,
    )
    assert (await read(answer(), slow=True)).slow == SlowReading()
    odd = dict.fromkeys(full, SmartErrorCode.SESSION_EXPIRED)
    assert (await read(answer(**odd), slow=True)).slow == SlowReading()


@pytest.mark.parametrize("text", ["24:00", "3 o'clock", "", None, 3, "12:60:00"])
async def test_a_time_that_is_none_is_left_out(text: Any) -> None:
    """A window at a strange hour would excuse real outages."""
    plan = {"auto_upgrade": {"common": {"enabled": "on", "time": text}}}
    reading = await read(answer(getFirmwareAutoUpgradeConfig=plan), slow=True)
    assert reading.slow is not None
    assert reading.slow.update_window is None


async def test_a_login_without_a_protocol_is_unsupported(
    client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library of tomorrow may know less than the one of today."""
    monkeypatch.setattr(camera, "get_protocol", lambda _: None)
    reading = await CameraSession(Target(host=HOST), *ACCOUNT, client).read()
    assert reading.result is LoginResult.UNSUPPORTED


async def test_stored_parameters_that_are_damaged_are_an_error(
    client: aiohttp.ClientSession,
) -> None:
    """A hand-edited storage is told, not thrown."""
    target = Target(host=HOST, connection={"device_family": "TOASTER"})
    reading = await CameraSession(target, *ACCOUNT, client).read()
    assert reading.result is LoginResult.ERROR


async def test_an_error_while_closing_is_no_news(client: aiohttp.ClientSession) -> None:
    """The camera that is being closed may be gone."""
    protocol = create_autospec(BaseProtocol, instance=True)
    protocol.close.side_effect = OSError("gone")
    one = CameraSession(Target(host=HOST), *ACCOUNT, client)
    one._protocol = protocol
    await one.close()
    assert protocol.close.called


@pytest.mark.parametrize(
    ("kind", "encryption", "https", "known"),
    [
        ("SMART.IPCAMERA", "AES", True, True),
        ("SMART.TAPODOORBELL", "AES", True, True),
        ("SMART.TAPOPLUG", "KLAP", False, True),
        ("SMART.IPCAMERA", "TPAP", True, False),
        ("SMART.TOASTER", "AES", True, False),
        ("", "", False, False),
    ],
)
async def test_only_what_python_kasa_can_speak_is_spoken(
    kind: str, encryption: str, https: bool, known: bool
) -> None:
    """A login that it cannot speak is a failed one."""
    parameters = connection_parameters(kind, encryption, login_version=3, https=https, port=443)
    assert (parameters is not None) == known


def test_a_clock_that_is_ahead_is_positive() -> None:
    """A clock that is an hour off breaks events and certificates."""
    now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    assert clock_offset(now.timestamp() + 3600, now) == 3600
