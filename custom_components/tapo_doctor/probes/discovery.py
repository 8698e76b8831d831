"""Discovery over UDP 20002: who is there, by what identity; needs no login.

Written here, although python-kasa discovers too, because this probe is evidence: it must
say nothing to the log when a network is down or a device answers garbage, keep devices
that want an unknown login, and end as soon as the one that was asked has answered.
"""

from __future__ import annotations

import asyncio
import binascii
import json
import secrets
import socket
import struct
from base64 import b64decode
from functools import cache
from typing import TYPE_CHECKING, Any, override

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .camera import connection_parameters
from .findings import Answers, Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PORT = 20002
# Two of three questions may be lost on a bad radio link.
_QUESTIONS = 3
_LARGEST = 8192
# More than any home has devices; a stranger who answers from forged addresses gets no more
# than eight megabytes and half a second of a thread.
_MOST_ANSWERS = 1024
_HEADER = struct.Struct(">BBHHBBII")
_UNSIGNED = 0x5A6B7C8D
_MAC_DIGITS = 12
# Login versions have one digit, and no other text is one: "²" is a digit to Python, too.
_DIGITS = frozenset("0123456789")
# What the devices use; SHA-1 is no weakness in this place.
_SEAL = rsa_padding.OAEP(
    mgf=rsa_padding.MGF1(hashes.SHA1()),  # noqa: S303
    algorithm=hashes.SHA1(),  # noqa: S303
    label=None,
)


@cache
def private_key() -> rsa.RSAPrivateKey:
    """Make the key that answers are sealed with; slow, so call it first in an executor."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def question() -> bytes:
    """Build the probe: protocol version 2, operation 1, and the key for the sealed part."""
    public = private_key().public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    body = json.dumps({"params": {"rsa_key": pem.decode()}}).encode()
    serial = int.from_bytes(secrets.token_bytes(4))
    unsigned = _HEADER.pack(2, 0, 1, len(body), 17, 0, serial, _UNSIGNED) + body
    return unsigned[:12] + binascii.crc32(unsigned).to_bytes(4) + unsigned[16:]


class _Listener(asyncio.DatagramProtocol):
    """Collects what answers; ends the wait when everyone that was asked has."""

    def __init__(self, awaited: frozenset[str]) -> None:
        self.answers: dict[str, bytes] = {}
        self.done = asyncio.Event()
        self.unsent = 0
        """Questions that the system did not take: it has no way there."""
        self._awaited = awaited

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        host, port = addr[:2]
        if port != PORT or len(data) > _LARGEST:
            return
        if len(self.answers) >= _MOST_ANSWERS and host not in self._awaited:
            return
        self.answers.setdefault(host, data)
        if self._awaited and self._awaited <= self.answers.keys():
            self.done.set()

    @override
    def error_received(self, exc: Exception) -> None:
        """Count it, and say nothing: a network that is down is told elsewhere."""
        self.unsent += 1


async def discover(targets: Iterable[str], *, wait_s: float, broadcast: bool) -> Answers:
    """Ask addresses, or everyone at broadcast addresses, and wait for at most wait_s seconds."""
    loop = asyncio.get_running_loop()
    asked = frozenset(targets)
    listener = _Listener(frozenset() if broadcast else asked)
    try:
        transport, _ = await loop.create_datagram_endpoint(
            lambda: listener, family=socket.AF_INET, allow_broadcast=broadcast
        )
    except OSError:
        return Answers(looked=False)
    try:
        probe = await loop.run_in_executor(None, question)
        questions = 0
        for _ in range(_QUESTIONS):
            for target in asked - listener.answers.keys():
                transport.sendto(probe, (target, PORT))
                questions += 1
            try:
                async with asyncio.timeout(wait_s / _QUESTIONS):
                    await listener.done.wait()
                break
            except TimeoutError:
                continue
    finally:
        transport.close()
    # Each seal takes half a millisecond, and the loop has better things to do. Only how to
    # speak to a device has to be read here: python-kasa asks for a running loop.
    opened = await loop.run_in_executor(None, _open_all, listener.answers)
    read = {host: _read(host, *answer) for host, answer in opened.items()}
    return Answers(
        found=tuple(found for found in read.values() if found is not None),
        unreadable=frozenset(host for host, found in read.items() if found is None),
        looked=listener.unsent < questions,
    )


type _Opened = tuple[Mapping[str, Any], Mapping[str, Any]]
"""An answer, and what was sealed in it."""


def _open_all(answers: Mapping[str, bytes]) -> dict[str, _Opened]:
    return {host: _open(data) for host, data in answers.items()}


def _open(data: bytes) -> _Opened:
    result = _object(_json(data[_HEADER.size :]).get("result"))
    return result, _unseal(_object(result.get("encrypt_info")))


def _read(host: str, result: Mapping[str, Any], sealed: Mapping[str, Any]) -> Found | None:
    mac = _text(result.get("mac")).replace("-", "").replace(":", "").lower()
    device_id = _text(result.get("device_id"))
    model = _text(result.get("device_model")).partition("(")[0]
    if len(mac) != _MAC_DIGITS or not set(mac) <= set("0123456789abcdef"):
        return None
    if not device_id or not model:
        return None
    scheme = _object(result.get("mgt_encrypt_schm"))
    port = _port(scheme.get("http_port")) or _port(sealed.get("http_port")) or 443
    factory_default = result.get("factory_default")
    return Found(
        host=host,
        mac=":".join(mac[i : i + 2] for i in range(0, _MAC_DIGITS, 2)),
        device_id=device_id,
        model=model,
        device_type=_text(result.get("device_type")),
        name=_text(result.get("device_name")) or None,
        hardware=_text(result.get("hardware_version")) or None,
        firmware=_text(result.get("firmware_version")).partition(" ")[0] or None,
        ssid=_text(sealed.get("connect_ssid")) or None,
        control_port=port,
        factory_default=factory_default if isinstance(factory_default, bool) else None,
        connection=_connection(result, scheme, port),
    )


def _connection(
    result: Mapping[str, Any], scheme: Mapping[str, Any], port: int
) -> Mapping[str, Any] | None:
    """Say how python-kasa has to speak to it; None where it cannot."""
    versions = [int(v) for v in _list(result.get("encrypt_type")) if _text(v) in _DIGITS]
    login_version = _number(scheme.get("lv"), 99) or max(versions, default=None)
    encryption = _text(scheme.get("encrypt_type")) or _text(
        _object(result.get("encrypt_info")).get("sym_schm")
    )
    if not encryption and versions:
        # Some firmware names only the login versions; every one known uses AES.
        encryption = "AES"
    return connection_parameters(
        _text(result.get("device_type")),
        encryption,
        login_version=login_version,
        https=bool(scheme.get("is_support_https")),
        port=port,
    )


def _unseal(info: Mapping[str, Any]) -> Mapping[str, Any]:
    """Open the sealed part; empty where there is none or it cannot be opened."""
    try:
        sealed_key = b64decode(_text(info.get("key")))
        body = b64decode(_text(info.get("data")))
        if not sealed_key or not body:
            return {}
        both = private_key().decrypt(sealed_key, _SEAL)
        cipher = Cipher(algorithms.AES(both[:16]), modes.CBC(both[16:32])).decryptor()
        unpadder = padding.PKCS7(algorithms.AES.block_size).unpadder()
        plain = cipher.update(body) + cipher.finalize()
        return _json(unpadder.update(plain) + unpadder.finalize())
    except ValueError:
        return {}


def _json(data: bytes) -> Mapping[str, Any]:
    try:
        return _object(json.loads(data))
    except ValueError, RecursionError:
        return {}


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    """Return a text that can be stored: JSON may carry halves of characters, UTF-8 may not."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _port(value: object) -> int | None:
    return _number(value, 65535)


def _number(value: object, largest: int) -> int | None:
    """Return a positive number that is not too large; True, to Python, is one as well."""
    return value if type(value) is int and 0 < value <= largest else None
