"""A Tapo plug of the same account, asked for one thing: which networks it hears."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

from kasa import (
    Credentials,
    DeviceConfig,
    DeviceConnectionParameters,
    DeviceEncryptionType,
    KasaException,
)
from kasa.device_factory import get_protocol

from custom_components.tapo_doctor.doctor.evidence import LoginResult

from .camera import TIMEOUT, packed_text, refusal
from .findings import Scanned
from .scan import PLUG_LEVELS, networks_in

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from .findings import Found

_QUESTION: Final[dict[str, Any]] = {
    "get_device_info": None,
    "get_wireless_scan_info": {"start_index": 0},
}
_REFUSALS: Final = frozenset({LoginResult.REJECTED, LoginResult.LOCKED, LoginResult.UNSUPPORTED})


async def scan_by_plug(
    plug: Found, username: str, password: str, http_client: ClientSession
) -> Scanned:
    """Log in to a plug, once, and let it scan; never raises for what the plug does."""
    if plug.connection is None:
        return Scanned(refused=True)
    connection = DeviceConnectionParameters.from_dict(dict(plug.connection))
    if connection.encryption_type is not DeviceEncryptionType.Klap:
        # Nobody has confirmed that it is ours: with any other login it gets the password itself.
        return Scanned(refused=True)
    protocol = get_protocol(
        DeviceConfig(
            host=plug.host,
            credentials=Credentials(username, password),
            connection_type=connection,
            http_client=http_client,
            timeout=TIMEOUT,  # type: ignore[arg-type]  # fractions work
        )
    )
    if protocol is None:
        return Scanned(refused=True)
    try:
        answer = await protocol.query(_QUESTION, 0)
        info = answer.get("get_device_info")
        return Scanned(
            networks=networks_in(answer.get("get_wireless_scan_info"), PLUG_LEVELS),
            own_ssid=packed_text(info.get("ssid")) if isinstance(info, dict) else None,
        )
    except Exception as err:  # noqa: BLE001
        # Anything at all, as with a camera: python-kasa digs in whatever was answered.
        result = refusal(err, plug.host, had_session=False).result
        return Scanned(refused=result in _REFUSALS)
    finally:
        with contextlib.suppress(KasaException, OSError):
            await protocol.close()
