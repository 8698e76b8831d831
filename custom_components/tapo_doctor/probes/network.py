"""All senses behind one door, so that the rest need not know how each of them looks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Protocol

import aiohttp
from homeassistant.components import network
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util.hass_dict import HassKey
from kasa.httpclient import get_cookie_jar

from .camera import CameraSession
from .discovery import discover
from .gateway import GatewayHabits, gateway
from .heartbeat import heartbeat, icmp_privilege
from .internet import HOSTS, internet
from .neighbour_table import neighbour
from .plug import scan_by_plug
from .routes import default_gateway
from .service import knock_all, service
from .stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from homeassistant.core import Event, HomeAssistant

    from custom_components.tapo_doctor.doctor.evidence import (
        Link,
        NeighbourTable,
        PortState,
        Stream,
    )

    from .findings import Answers, Found, Heartbeat, Reading, Scanned, Service, Target, Way

# The longest answer of a real camera is some 30 kB.
_LARGEST_ANSWER = 1 << 20


class Session(Protocol):
    """A kept session with one camera."""

    established: bool

    async def read(self, *, slow: bool = False) -> Reading:
        """Ask the small question; never raises for what the camera does."""
        ...

    async def scan(self) -> Scanned:
        """Let the camera scan for Wi-Fi networks; finds nothing where the session is not there."""
        ...

    async def close(self) -> None:
        """Forget the session."""
        ...


class Senses(Protocol):
    """Every way to look at cameras and network; tests bring their own."""

    async def heartbeat(self, target: Target, way: Way) -> Heartbeat:
        """Look once whether a camera is on the network."""
        ...

    async def service(self, target: Target, *, stream: bool) -> Service:
        """Look once whether a camera does its work."""
        ...

    async def ask(self, host: str, *, wait_s: float) -> Answers:
        """Ask one address for its identity."""
        ...

    async def search(self, *, wait_s: float) -> Answers:
        """Ask everyone on this system's networks for their identity."""
        ...

    async def gateway(self, address: str | None) -> Heartbeat | None:
        """Look once whether the gateway answers; None where it is not known."""
        ...

    async def neighbour(self, host: str, mac: str) -> NeighbourTable | None:
        """Say whose the address is by this system's neighbour table; sends nothing."""
        ...

    async def knock(self, target: Target, ports: Iterable[int]) -> Mapping[int, PortState]:
        """Look once whether ports of a camera open."""
        ...

    async def stream(self, target: Target) -> Stream | None:
        """Ask a camera's stream without a login; None where there is none to ask."""
        ...

    async def internet(self) -> Link | None:
        """Look once whether the internet answers; None where one could not look."""
        ...

    async def plug_scan(self, plug: Found, username: str, password: str) -> Scanned:
        """Log in to a plug, once, and let it scan for Wi-Fi networks."""
        ...

    def session(self, target: Target, username: str, password: str) -> Session:
        """Prepare a session; nothing is sent before its first reading."""
        ...


SENSES: HassKey[Senses] = HassKey("tapo_doctor_senses")


async def _like_a_camera(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Read an answer only as far as a camera's can go, and refuse to be sent elsewhere."""
    response = await handler(request)
    try:
        # Home Assistant's sessions take no response class of ours, so it is read here.
        response._body = await _bounded(response)  # noqa: SLF001
    except BaseException:
        # A break in the middle, or the end of our patience: nobody else knows of this
        # response yet, and its connection would stay open.
        response.close()
        raise
    return response


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    if response.status in range(300, 400):
        # No camera does so, and the password would travel along.
        raise aiohttp.ClientPayloadError("a camera does not redirect")
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise aiohttp.ClientPayloadError("the answer is too long for a camera")
    return bytes(body)


class NetworkSenses:
    """The real senses."""

    internet_hosts: ClassVar[Iterable[tuple[str, int]]] = HOSTS

    def __init__(self, hass: HomeAssistant, *, privileged: bool | None) -> None:
        self._hass = hass
        self._privileged = privileged
        self._gateways = GatewayHabits()
        # The senses outlive the entry that they were made for. Cleaned up by itself, the
        # client would end with that entry, and every reading after a reload with it.
        self._http_client = async_create_clientsession(
            hass,
            verify_ssl=False,
            auto_cleanup=False,
            cookie_jar=get_cookie_jar(),
            middlewares=(_like_a_camera,),
        )
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, self._end)

    @callback
    def _end(self, _event: Event) -> None:
        """Let go of the client; its connections are Home Assistant's."""
        self._http_client.detach()

    @classmethod
    async def create(cls, hass: HomeAssistant) -> NetworkSenses:
        """Decide once what this system allows."""
        return cls(hass, privileged=await icmp_privilege())

    async def heartbeat(self, target: Target, way: Way) -> Heartbeat:
        """Look once whether a camera is on the network."""
        return await heartbeat(target.host, (target.port,), privileged=self._privileged, way=way)

    async def service(self, target: Target, *, stream: bool) -> Service:
        """Look once whether a camera does its work."""
        return await service(target, stream=stream)

    async def ask(self, host: str, *, wait_s: float) -> Answers:
        """Ask one address for its identity."""
        return await discover([host], wait_s=wait_s, broadcast=False)

    async def search(self, *, wait_s: float) -> Answers:
        """Ask everyone on this system's networks for their identity."""
        targets = await network.async_get_ipv4_broadcast_addresses(self._hass)
        return await discover(map(str, targets), wait_s=wait_s, broadcast=True)

    async def gateway(self, address: str | None) -> Heartbeat | None:
        """Look once whether the gateway answers; address is HOST or HOST:PORT."""
        if address is None:
            loop = asyncio.get_running_loop()
            host, port = await loop.run_in_executor(None, default_gateway), ""
        else:
            host, _, port = address.partition(":")
        if not host:
            return None
        port_number = int(port) if port else None
        return await gateway(host, port_number, self._gateways, privileged=self._privileged)

    async def neighbour(self, host: str, mac: str) -> NeighbourTable | None:
        """Say whose the address is by this system's neighbour table; sends nothing."""
        return await self._hass.async_add_executor_job(neighbour, host, mac)

    async def knock(self, target: Target, ports: Iterable[int]) -> Mapping[int, PortState]:
        """Look once whether ports of a camera open."""
        return await knock_all(target.host, ports)

    async def stream(self, target: Target) -> Stream | None:
        """Ask a camera's stream without a login; None where there is none to ask."""
        return await stream(target.host)

    async def internet(self) -> Link | None:
        """Look once whether the internet answers; None where one could not look."""
        return await internet(self.internet_hosts)

    async def plug_scan(self, plug: Found, username: str, password: str) -> Scanned:
        """Log in to a plug, once, and let it scan for Wi-Fi networks."""
        return await scan_by_plug(plug, username, password, self._http_client)

    def session(self, target: Target, username: str, password: str) -> Session:
        """Prepare a session; nothing is sent before its first reading."""
        return CameraSession(target, username, password, self._http_client)


async def async_get_senses(hass: HomeAssistant) -> Senses:
    """Return this Home Assistant's senses, made at the first call."""
    if SENSES not in hass.data:
        hass.data[SENSES] = await NetworkSenses.create(hass)
    return hass.data[SENSES]
