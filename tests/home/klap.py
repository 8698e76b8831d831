"""KLAP, version 2, from the plug's side: two handshakes, then numbered sealed requests."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .sealing import Seal
from .web import Reply

if TYPE_CHECKING:
    from .counters import Counters

SEED: Final = 16
SIGNATURE: Final = 32
COOKIE: Final = "TP_SESSIONID"
BINARY: Final = "application/octet-stream"


def auth_hash(user: str, password: str) -> bytes:
    """Compute what both sides know."""
    user_hash, password_hash = (
        hashlib.sha1(text.encode(), usedforsecurity=False).digest() for text in (user, password)
    )
    return hashlib.sha256(user_hash + password_hash).digest()


@dataclass(slots=True)
class KlapSession:
    """One client's session, half or wholly begun."""

    local_seed: bytes
    remote_seed: bytes
    secret: bytes
    ready: bool = False
    seq: int = field(init=False)
    _key: bytes = field(init=False)
    _iv: bytes = field(init=False)
    _signing: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Derive the keys."""
        self._key = self._derive(b"lsk")[:16]
        iv = self._derive(b"iv")
        self._iv, self.seq = iv[:12], int.from_bytes(iv[-4:], signed=True)
        self._signing = self._derive(b"ldk")[:28]

    def _derive(self, kind: bytes) -> bytes:
        return hashlib.sha256(kind + self.local_seed + self.remote_seed + self.secret).digest()

    def _seal(self, seq: int) -> Seal:
        return Seal(self._key, self._iv + seq.to_bytes(4, signed=True))

    def _sign(self, seq: int, sealed: bytes) -> bytes:
        return hashlib.sha256(self._signing + seq.to_bytes(4, signed=True) + sealed).digest()

    def open(self, seq: int, data: bytes) -> bytes:
        """Open a request; a ValueError if its number or signature is wrong."""
        if seq != self.seq + 1 or data[:SIGNATURE] != self._sign(seq, data[SIGNATURE:]):
            raise ValueError("not the next request of this session")
        plain = self._seal(seq).open(data[SIGNATURE:])
        self.seq = seq
        return plain

    def seal(self, data: bytes) -> bytes:
        """Seal the answer to the request opened last."""
        sealed = self._seal(self.seq).seal(data)
        return self._sign(self.seq, sealed) + sealed


class KlapDesk:
    """Handshakes and sessions of one plug; `secret` is its `auth_hash`."""

    def __init__(self, counters: Counters, secret: bytes) -> None:
        self._counters = counters
        self.secret = secret
        self._sessions: dict[str, KlapSession] = {}

    def forget(self) -> None:
        """All sessions are over."""
        self._sessions.clear()

    def handshake1(self, local_seed: bytes) -> Reply:
        """Take the client's seed, give ours and the proof that we know the secret."""
        self._counters.login_requests += 1
        if len(local_seed) != SEED:
            return Reply(status=400)
        session = KlapSession(local_seed, secrets.token_bytes(SEED), self.secret)
        name = secrets.token_hex(16).upper()
        while len(self._sessions) >= 32:
            self._sessions.pop(next(iter(self._sessions)))
        self._sessions[name] = session
        proof = hashlib.sha256(local_seed + session.remote_seed + self.secret).digest()
        cookie = f"{COOKIE}={name};TIMEOUT=86400"
        return Reply(session.remote_seed + proof, 200, BINARY, {"Set-Cookie": cookie})

    def handshake2(self, session: KlapSession | None, proof: bytes) -> Reply:
        """Take the client's proof."""
        self._counters.login_requests += 1
        if session is None:
            return Reply(status=403)
        expected = session.remote_seed + session.local_seed + session.secret
        if proof != hashlib.sha256(expected).digest():
            self._counters.failed_logins += 1
            return Reply(status=403)
        session.ready = True
        self._counters.logins += 1
        return Reply(content_type=BINARY)

    def session(self, cookies: str) -> KlapSession | None:
        """Find the session that a request's cookies name."""
        for cookie in cookies.split(";"):
            key, _, value = cookie.strip().partition("=")
            if key == COOKIE:
                return self._sessions.get(value)
        return None
