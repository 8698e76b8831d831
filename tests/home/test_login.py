"""The camera's login, as the unmodified python-kasa meets it."""

import pytest
from kasa import AuthenticationError, DeviceError, KasaException
from kasa.exceptions import SmartErrorCode
from kasa.protocols import SmartProtocol

from . import CameraSpec, Fault, Home, ManualClock
from .clients import ask, connected
from .login import LoginDesk, md5

LOGIN_VERSIONS = pytest.mark.parametrize("version", [2, 3], ids=["older login", "secure login"])


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the second that python-kasa waits before it tries again."""
    monkeypatch.setattr(SmartProtocol, "BACKOFF_SECONDS_AFTER_TIMEOUT", 0)


def one_camera(version: int = 3, **more: object) -> Home:
    spec = CameraSpec("garden", login_version=version, **more)  # type: ignore[arg-type]
    return Home([spec], clock=ManualClock())


@LOGIN_VERSIONS
async def test_a_client_logs_in_and_reads_the_camera(version: int) -> None:
    """Without this nothing else here would prove anything."""
    async with one_camera(version, rssi=-67, ssid="Birchwood") as home:
        camera = home.camera("garden")
        async with connected(camera) as kasa:
            assert (kasa.alias, kasa.model, kasa.mac) == ("garden", "C210", camera.mac)
            assert kasa.device_id == camera.device_id
            assert kasa.rssi == -67
            await kasa.update()
            answer = await ask(kasa)
            assert answer["getConnectionType"]["ssid"] == "QmlyY2h3b29k"
        assert camera.counters.logins == 1
        assert camera.counters.failed_logins == 0


async def test_the_accounts_address_is_refused_before_admin_is_let_in() -> None:
    """A home that takes any user name would hide one request of each real login."""
    async with one_camera() as home:
        camera = home.camera("garden")
        async with connected(camera):
            pass
        assert (camera.counters.login_requests, camera.counters.http_requests) == (3, 6)


async def test_a_wrong_password_is_noticed_by_the_client_and_never_counted() -> None:
    """The secure login must not lock a camera for a client that checks the proof."""
    async with one_camera() as home:
        camera = home.camera("garden")
        for _ in range(3):
            with pytest.raises(AuthenticationError, match="did not match our challenge"):
                async with connected(camera, password="wrong"):
                    pass
        assert camera.counters.failed_logins == 0
        assert camera.seconds_locked == 0


async def test_the_older_login_counts_wrong_passwords_and_locks() -> None:
    """A doctor that retries would lock real cameras; here it has to be seen."""
    async with one_camera(2, failed_logins_allowed=3, lock_seconds=600) as home:
        camera = home.camera("garden")
        with pytest.raises(AuthenticationError):
            async with connected(camera, password="wrong"):
                pass
        assert camera.counters.failed_logins == 1
        with pytest.raises(AuthenticationError):
            async with connected(camera, password="wrong"):
                pass
        with pytest.raises(KasaException):
            async with connected(camera, password="wrong"):
                pass
        assert camera.seconds_locked == 600


async def test_wrong_digests_are_counted_and_lock() -> None:
    """A client that sends digests without checking the proof has to feel the lock."""
    async with one_camera(failed_logins_allowed=2, lock_seconds=60) as home:
        desk: LoginDesk = home.camera("garden").desk
        for _ in range(2):
            assert desk.seconds_left == 0
            desk.login({"username": "admin", "cnonce": "AB"})
            refused = desk.login({"username": "admin", "cnonce": "AB", "digest_passwd": "no"})
            assert refused["error_code"] == -40413
        blocked = desk.login({"username": "admin", "cnonce": "AB"})
        assert blocked["data"] == {"code": -40404, "sec_left": 60}


async def test_a_locked_camera_says_for_how_long_and_opens_then() -> None:
    """The doctor's waiting depends on these seconds being true."""
    async with one_camera() as home:
        camera = home.camera("garden")
        assert isinstance(home.clock, ManualClock)
        home.fault("garden", Fault.LOCKED, seconds=1700)
        home.clock.advance(17)
        with pytest.raises(DeviceError, match="Device blocked for 1683 seconds") as caught:
            async with connected(camera):
                pass
        assert caught.value.error_code is SmartErrorCode.DEVICE_BLOCKED
        assert camera.counters.logins == 0
        home.clock.advance(1683)
        assert not camera.faults
        async with connected(camera):
            assert camera.counters.logins == 1


@LOGIN_VERSIONS
async def test_a_changed_password_ends_old_sessions(version: int) -> None:
    """Else a refused login could never be seen by a client that is logged in."""
    async with one_camera(version) as home:
        async with connected(home.camera("garden")) as kasa:
            home.fault("garden", Fault.LOGIN_REFUSED)
            with pytest.raises(KasaException):
                await ask(kasa)
            with pytest.raises(AuthenticationError):
                await ask(kasa)
        home.clear("garden")
        async with connected(home.camera("garden")):
            pass


async def test_a_kept_session_outlives_a_changed_password() -> None:
    """Some cameras do so, and then only a new login tells the truth."""
    async with one_camera() as home:
        async with connected(home.camera("garden")) as kasa:
            home.fault("garden", Fault.LOGIN_REFUSED, keep_sessions=True)
            assert await ask(kasa)
        with pytest.raises(AuthenticationError):
            async with connected(home.camera("garden")):
                pass


async def test_switched_off_compatibility_looks_like_a_wrong_password() -> None:
    """The measured signature; a doctor has to tell it apart by other means."""
    async with one_camera() as home:
        home.fault("garden", Fault.THIRD_PARTY_OFF)
        with pytest.raises(AuthenticationError, match="did not match our challenge"):
            async with connected(home.camera("garden")):
                pass


async def test_switched_off_compatibility_may_let_in_and_answer_500() -> None:
    """The other measured signature."""
    async with one_camera() as home:
        home.fault("garden", Fault.THIRD_PARTY_OFF, style="http500")
        with pytest.raises(KasaException, match="status 500 after handshake"):
            async with connected(home.camera("garden")):
                pass


async def test_a_login_changed_by_firmware_is_refused_and_names_its_firmware() -> None:
    """The new version is what gives the cause away."""
    async with one_camera() as home:
        camera = home.camera("garden")
        home.fault("garden", Fault.LOGIN_CHANGED_BY_FIRMWARE, firmware="1.6.0 Build 1")
        with pytest.raises(AuthenticationError, match="-40211"):
            async with connected(camera):
                pass
        assert camera.firmware == "1.6.0 Build 1"
        home.clear("garden")
        assert camera.firmware == camera.spec.firmware


@pytest.mark.parametrize(("version", "http401"), [(2, False), (3, False), (3, True)])
async def test_an_expired_session_is_renewed_by_one_retry(version: int, http401: bool) -> None:
    """Expiry is an everyday event and must not look like an outage."""
    async with one_camera(version, expires_with_http401=http401) as home:
        camera = home.camera("garden")
        async with connected(camera) as kasa:
            camera.expire_sessions()
            query = {"getLedStatus": {"led": {"name": "config"}}}
            assert await kasa.protocol.query(query, retry_count=1)
        assert camera.counters.logins == 2


@pytest.mark.parametrize("style", ["json", "http401"])
async def test_a_session_that_never_lasts_is_told_as_such(style: str) -> None:
    """A flapping session must not be taken for a wrong password."""
    async with one_camera() as home:
        home.fault("garden", Fault.SESSION_FLAP, style=style)
        with pytest.raises(KasaException, match=r"SESSION_EXPIRED|session expired") as caught:
            async with connected(home.camera("garden")):
                pass
        assert not isinstance(caught.value, AuthenticationError)


async def test_a_camera_with_one_session_evicts_the_older_client() -> None:
    """Two clients on one camera is a cause of its own, so it has to be playable."""
    async with one_camera(max_sessions=1) as home:
        camera = home.camera("garden")
        async with connected(camera) as first, connected(camera) as second:
            assert await ask(second)
            with pytest.raises(KasaException, match="SESSION_EXPIRED"):
                await ask(first)


@pytest.mark.parametrize("password", ["quote\"s'", "umlaut äöü€", "x" * 300, " "])
@LOGIN_VERSIONS
async def test_any_password_can_be_an_accounts(version: int, password: str) -> None:
    """People use such passwords; a parser of ours must not be what refuses them."""
    spec = CameraSpec("garden", login_version=version)
    async with (
        Home([spec], account=("owner@example.org", password)) as home,
        connected(home.camera("garden")) as kasa,
    ):
        assert kasa.alias == "garden"


async def test_nonsense_at_the_front_desk_is_refused_in_words() -> None:
    """Scanners send anything; a traceback in the home would fail somebody's test."""
    async with one_camera() as home:
        desk = home.camera("garden").desk
        assert desk.login({})["error_code"] == -40401
        assert desk.login({"username": "admin", "digest_passwd": 5})["error_code"] == -40413
        hashed = {"username": "admin", "hashed": True, "password": md5(home.account[1])}
        assert desk.login(hashed)["error_code"] == -40401
