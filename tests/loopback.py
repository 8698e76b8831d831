"""The real probes, turned to a simulated home: they look only there, and never for long."""

from dataclasses import replace
from typing import TYPE_CHECKING, override

from custom_components.tapo_doctor.probes.discovery import discover
from custom_components.tapo_doctor.probes.gateway import gateway
from custom_components.tapo_doctor.probes.heartbeat import heartbeat
from custom_components.tapo_doctor.probes.internet import internet
from custom_components.tapo_doctor.probes.network import NetworkSenses
from custom_components.tapo_doctor.probes.service import knock_all, service
from custom_components.tapo_doctor.probes.stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from homeassistant.core import HomeAssistant

    from custom_components.tapo_doctor.doctor.evidence import Link, PortState, Stream
    from custom_components.tapo_doctor.probes.findings import (
        Answers,
        Heartbeat,
        Service,
        Target,
        Way,
    )
    from custom_components.tapo_doctor.probes.network import Session

    from .home import Home

# Long enough for a busy machine to answer, short enough for silence to be tested.
PATIENCE = 0.3


class LoopbackSenses(NetworkSenses):
    """Senses that know where the simulated devices are."""

    def __init__(self, hass: HomeAssistant, home: Home, patience: float = PATIENCE) -> None:
        super().__init__(hass, privileged=None)
        self._home = home
        self._patience = patience

    def _wired(self, target: Target) -> Target:
        """Lead from the port of real cameras, which is for root alone, to the simulated one."""
        ports = {device.host: device.port for device in self._home.devices}
        port = ports.get(target.host, target.port) if target.port == 443 else target.port
        return replace(target, port=port)

    @override
    async def heartbeat(self, target: Target, way: Way) -> Heartbeat:
        port = self._wired(target).port
        return await heartbeat(target.host, (port,), privileged=None, timeout=self._patience)

    @override
    async def service(self, target: Target, *, stream: bool) -> Service:
        return await service(self._wired(target), stream=False, timeout=self._patience)

    @override
    async def ask(self, host: str, *, wait_s: float) -> Answers:
        return await discover([host], wait_s=self._patience, broadcast=False)

    @override
    async def search(self, *, wait_s: float) -> Answers:
        # One by one: a broadcast on loopback reaches every simulated home of this machine.
        hosts = [device.host for device in self._home.devices]
        return await discover(hosts, wait_s=self._patience, broadcast=False)

    @override
    async def gateway(self, address: str | None) -> Heartbeat | None:
        gate = self._home.gateway
        return await gateway(
            gate.host, gate.port, self._gateways, privileged=None, timeout=self._patience
        )

    @override
    async def knock(self, target: Target, ports: Iterable[int]) -> Mapping[int, PortState]:
        # Nobody listens at the other ports of a simulated camera, and loopback refuses there
        # whether the camera is on the air or not.
        wired = self._wired(target).port
        states = await knock_all(target.host, [wired], timeout=self._patience)
        return {target.port: states[wired]} if wired in states else {}

    @override
    async def stream(self, target: Target) -> Stream | None:
        ports = {camera.host: camera.rtsp_port for camera in self._home.cameras}
        port = ports.get(target.host)
        return await stream(target.host, port, timeout=self._patience) if port else None

    @override
    async def internet(self) -> Link | None:
        away = self._home.internet
        return await internet([(away.host, away.port)], timeout=self._patience)

    @override
    def session(self, target: Target, username: str, password: str) -> Session:
        return super().session(self._wired(target), username, password)
