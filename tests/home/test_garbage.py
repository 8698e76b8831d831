"""Bad answers: python-kasa must fail in its own words, and the home must live on."""

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING

import aiohttp
import pytest
from kasa import AuthenticationError, KasaException

from . import CameraSpec, Fault, Home, PlugSpec
from .clients import ask, connected, knock
from .garbage import SENDERS, TEN_MEGABYTES

if TYPE_CHECKING:
    from .login import LoginDesk

SPEC = CameraSpec("garden")
# An answer of an odd shape makes python-kasa stumble over its own assumptions.
ERRORS = (KasaException, AttributeError, TypeError)
BELOW_HTTP = [Fault.TLS_GARBAGE, Fault.ACCEPT_RESET]


def stranger() -> aiohttp.ClientSession:
    """Build a client that takes any certificate and knows nothing of Tapo."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False))


@pytest.mark.parametrize("fault", [*BELOW_HTTP, *SENDERS, Fault.TAG_BROKEN])
async def test_a_camera_that_answers_garbage_fails_and_recovers(fault: Fault) -> None:
    """Whatever comes in, the next good answer has to be good."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        async with connected(camera) as kasa:
            home.fault("garden", fault)
            with pytest.raises(ERRORS) as caught:
                await ask(kasa)
            assert not isinstance(caught.value, AuthenticationError)
        home.clear("garden")
        async with connected(camera) as kasa:
            assert await ask(kasa)


@pytest.mark.parametrize("fault", [fault for fault in SENDERS if fault is not Fault.REDIRECT])
async def test_a_plug_that_answers_garbage_fails_and_recovers(fault: Fault) -> None:
    """The plug is what the remedy hangs on; its noise must not be taken for a state."""
    async with Home(plugs=[PlugSpec("plug")]) as home:
        plug = home.plug("plug")
        home.fault("plug", fault)
        with pytest.raises(KasaException):
            async with connected(plug):
                pass
        home.clear("plug")
        async with connected(plug) as kasa:
            assert kasa.is_on


@pytest.mark.parametrize("fault", [*BELOW_HTTP, *SENDERS])
async def test_no_login_is_counted_while_a_camera_answers_garbage(fault: Fault) -> None:
    """Garbage must never feed a lockout."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        home.fault("garden", fault)
        with pytest.raises(ERRORS):
            async with connected(camera):
                pass
        assert camera.counters.failed_logins == 0


async def test_an_ordinary_web_server_is_no_camera() -> None:
    """People type the address of their router."""
    async with Home([SPEC]) as home, stranger() as client:
        camera = home.camera("garden")
        home.fault("garden", Fault.NOT_A_CAMERA)
        async with client.get(f"https://{camera.host}:{camera.port}/") as response:
            assert response.status == 200
            assert "ordinary web server" in await response.text()
        assert await knock(camera.host, camera.rtsp_port) == "refused"


async def test_ten_megabytes_are_ten_megabytes() -> None:
    """A limit in a probe can only be tested against something that breaks it."""
    async with Home([SPEC]) as home, stranger() as client:
        camera = home.camera("garden")
        home.fault("garden", Fault.TEN_MEGABYTES)
        async with client.post(f"https://{camera.host}:{camera.port}/", json={}) as response:
            assert len(await response.read()) >= TEN_MEGABYTES


@pytest.mark.parametrize(
    "words",
    [
        b"\x00\xff\x80 hello\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nno colon\r\n\r\n",
        b"x" * 40_000,
    ],
)
async def test_nonsense_from_a_client_ends_the_conversation_and_nothing_else(words: bytes) -> None:
    """Anybody may try any client: the home has to stand it."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        reader, writer = await asyncio.open_connection(camera.host, camera.port, ssl=context)
        writer.write(words)
        with contextlib.suppress(ConnectionError):
            await asyncio.wait_for(reader.read(), 2)
        writer.close()
        async with connected(camera) as kasa:
            assert kasa.alias == "garden"


async def test_methods_nobody_knows_are_refused_by_number() -> None:
    """A client finds out what a camera can by asking."""
    async with Home([SPEC]) as home, connected(home.camera("garden")) as kasa:
        with pytest.raises(KasaException, match="-40106"):
            await kasa.protocol.query({"makeCoffee": {"kitchen": {}}}, retry_count=0)


@pytest.mark.parametrize("header", ["Seq", "Tapo_tag"])
async def test_a_request_with_a_wrong_number_or_tag_is_rejected(
    header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are what keeps a stolen session's name from being of use."""
    async with Home([SPEC]) as home:
        camera = home.camera("garden")
        async with connected(camera) as kasa:
            transport = kasa.protocol._transport
            client = transport._http_client  # type: ignore[attr-defined]
            post = client.post

            async def spoilt(url: object, *, headers: dict[str, str], **more: object) -> object:
                wrong = {**headers, header: "4" if header == "Seq" else "0" * 64}
                return await post(url, headers=wrong, **more)

            monkeypatch.setattr(client, "post", spoilt)
            with pytest.raises(KasaException, match=r"status 500.*tag"):
                await ask(kasa)
            monkeypatch.undo()
            assert await ask(kasa)


async def test_the_older_way_of_asking_by_module_is_understood() -> None:
    """Other clients than python-kasa still speak so."""
    async with Home([CameraSpec("garden", login_version=2)]) as home, stranger() as client:
        camera = home.camera("garden")
        desk: LoginDesk = camera.desk
        async with connected(camera):
            stok = next(iter(desk.sessions))
            url = f"https://{camera.host}:{camera.port}/stok={stok}/ds"
            question = {"method": "get", "timing_reboot": {"name": ["reboot"]}}
            async with client.post(url, json=question) as response:
                answer = await response.json()
            assert answer["timing_reboot"]["reboot"]["enabled"] == "off"
            change = {"method": "set", "led": {"config": {"enabled": "off"}}}
            async with client.post(url, json=change) as response:
                assert await response.json() == {"error_code": 0}
        assert camera.settings["led"]["config"]["enabled"] == "off"
