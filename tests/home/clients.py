"""Clients for the tests: the unmodified python-kasa, and a bare knock on a port."""

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from kasa import Credentials, DeviceConfig
from kasa import Device as KasaDevice
from kasa.deviceconfig import DeviceConnectionParameters, DeviceEncryptionType, DeviceFamily

from . import Camera, Device

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

# How long silence is listened to; what answers on loopback does so at once.
PATIENCE = 0.15


def config(device: Device, password: str | None = None, limit: float = 5) -> DeviceConfig:
    """Build what a client has to know of a device beforehand."""
    user, right = device.home.account
    if isinstance(device, Camera):
        parameters = DeviceConnectionParameters(
            DeviceFamily.SmartIpCamera,
            DeviceEncryptionType.Aes,
            login_version=device.spec.login_version,
            https=True,
        )
    else:
        parameters = DeviceConnectionParameters(
            DeviceFamily.SmartTapoPlug, DeviceEncryptionType.Klap, login_version=2
        )
    return DeviceConfig(
        host=device.host,
        port_override=device.port,
        credentials=Credentials(user, right if password is None else password),
        connection_type=parameters,
        timeout=limit,  # type: ignore[arg-type]  # fractions work
    )


@asynccontextmanager
async def connected(
    device: Device, password: str | None = None, limit: float = 5
) -> AsyncGenerator[KasaDevice]:
    """Connect as Home Assistant does, and disconnect in any case."""
    kasa = await KasaDevice.connect(config=config(device, password, limit))
    try:
        yield kasa
    finally:
        await kasa.disconnect()


QUERY: dict[str, Any] = {
    "getDeviceInfo": {"device_info": {"name": ["basic_info"]}},
    "getConnectionType": {"network": {"get_connection_type": []}},
}


async def ask(kasa: KasaDevice) -> dict[str, Any]:
    """Ask the small question that tells the truth, once."""
    answer: dict[str, Any] = await kasa.protocol.query(QUERY, retry_count=0)
    return answer


async def knock(host: str, port: int, patience: float = 2.0) -> str:
    """Connect and tell how it went, in one word."""
    try:
        async with asyncio.timeout(patience):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return "silent"
    except ConnectionRefusedError:
        return "refused"
    except ConnectionResetError:
        return "reset"
    writer.close()
    return "open"


async def is_silent(host: str, port: int, patience: float = PATIENCE) -> bool:
    """Knock for a short while: anything but silence would show itself at once."""
    return await knock(host, port, patience) == "silent"
