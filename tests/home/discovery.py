"""Answers to probes on UDP 20002: a header of 16 bytes, then JSON.

A probe may carry the asker's public RSA key; the answer then has a sealed part, which says
more. A probe of 16 bytes alone is answered without it.
"""

import base64
import functools
import json
import secrets
import struct
import zlib
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .sealing import Seal

PORT: Final = 20002
# Linux delivers what is sent to it to every socket bound to it, on loopback too.
BROADCAST: Final = "127.255.255.255"
HEADER: Final = struct.Struct(">BBHHBBII")
VERSION: Final = 2
PROBE: Final = 1
ANSWER: Final = 2
FLAGS: Final = 17
# Stands where the checksum goes while the checksum is computed.
BLANK_CHECKSUM: Final = 0x5A6B7C8D


@functools.lru_cache(maxsize=32)
def _public_key(pem: str) -> rsa.RSAPublicKey | None:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except ValueError:
        return None
    return key if isinstance(key, rsa.RSAPublicKey) else None


def is_probe(data: bytes) -> bool:
    """Whether a Tapo device would answer it."""
    return len(data) >= HEADER.size and data[0] == VERSION and data[3] == PROBE


def asker_key(data: bytes) -> rsa.RSAPublicKey | None:
    """Find the public key that came with a probe, if any did."""
    try:
        pem = json.loads(data[HEADER.size :])["params"]["rsa_key"]
    except ValueError, KeyError, TypeError:
        return None
    return _public_key(str(pem))


def seal_for(key: rsa.RSAPublicKey, secrets_: dict[str, Any]) -> dict[str, str]:
    """Seal the inner part so that only this asker can read it."""
    fresh = secrets.token_bytes(32)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303 - the protocol's
    return {
        "sym_schm": "AES",
        "key": base64.b64encode(key.encrypt(fresh, oaep)).decode(),
        "data": Seal(fresh[:16], fresh[16:]).seal_text(json.dumps(secrets_).encode()),
    }


def framed(probe: bytes, answer: dict[str, Any]) -> bytes:
    """Put the header before the answer; it echoes the probe's serial number."""
    body = json.dumps(answer).encode()
    serial = int.from_bytes(probe[8:12], "big")
    head = HEADER.pack(VERSION, 0, ANSWER, len(body), FLAGS, 0, serial, BLANK_CHECKSUM)
    checksum = zlib.crc32(head + body)
    return head[:12] + checksum.to_bytes(4, "big") + body


def noise(probe: bytes) -> bytes:
    """Make a header that promises JSON, and something else."""
    return (
        framed(probe, {})[: HEADER.size] + b'{"result": {"device_ty\xff' + secrets.token_bytes(40)
    )
