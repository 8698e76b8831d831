"""A camera's front desk: logins of both versions, sessions, and the lock.

The secure login (version 3), as clients speak it: the client sends its nonce; the camera
sends its own with a hash that proves that it knows the password; the client checks that and
proves the same with `digest_passwd`. Both then hold the keys of the session. So a client
with a wrong password stops by itself and is never counted; only a wrong digest is.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .sealing import Seal

if TYPE_CHECKING:
    from collections.abc import Callable

    from .counters import Counters

USER: Final = "admin"
SESSION_EXPIRED: Final = -40401
DEVICE_BLOCKED: Final = -40404
BAD_USERNAME: Final = -40411
INVALID_NONCE: Final = -40413
MISSING_PARAMETERS: Final = -40211

type Json = dict[str, Any]


def sha256(text: str) -> str:
    """In hexadecimal capitals, as the protocol has it."""
    return hashlib.sha256(text.encode()).hexdigest().upper()


def md5(text: str) -> str:
    """In hexadecimal capitals; the older login's way."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


@dataclass(slots=True)
class Session:
    """One login that holds; the plain one (version 2) has no keys."""

    stok: str
    seal: Seal | None = None
    proof: str = ""
    next_seq: int = 0

    def tag(self, body: str, seq: str) -> str:
        """Compute what the header `Tapo_tag` has to say for this request."""
        return sha256(self.proof + body + seq)


@dataclass(slots=True)
class LoginDesk:
    """Who may come in. `now` is the home's clock."""

    version: int
    now: Callable[[], float]
    counters: Counters
    password: str
    max_sessions: int
    failures_allowed: int
    lock_seconds: float
    sessions: dict[str, Session] = field(default_factory=dict)
    failures: int = 0
    locked_until: float = 0.0
    _nonces: dict[str, str] = field(default_factory=dict)

    @property
    def seconds_left(self) -> int:
        """How long the lock still holds."""
        return max(0, round(self.locked_until - self.now()))

    def lock(self, seconds: float) -> None:
        """Let nobody in for so long."""
        self.locked_until = self.now() + seconds
        self.failures = 0

    def unlock(self) -> None:
        """Let people in again."""
        self.locked_until = 0.0
        self.failures = 0

    def forget(self) -> None:
        """All sessions are over, as after a restart."""
        self.sessions.clear()
        self._nonces.clear()

    def login(self, params: Json, *, confirm: bool = True) -> Json:
        """Answer any login request; with `confirm` off the camera's own proof is wrong."""
        self.counters.login_requests += 1
        if self.seconds_left:
            blocked = {"code": DEVICE_BLOCKED, "sec_left": self.seconds_left}
            return {"error_code": SESSION_EXPIRED, "data": blocked}
        if params.get("username") != USER:
            return self._refusal(BAD_USERNAME)
        if "digest_passwd" in params:
            return self._check_digest(params)
        if "password" in params:
            return self._check_hash(params) if confirm else self._refusal(SESSION_EXPIRED)
        if self.version != 3:
            return self._refusal(SESSION_EXPIRED)
        return self._challenge(str(params.get("cnonce", "")), confirm=confirm)

    def _refusal(self, code: int, **more: Any) -> Json:
        kinds = ["3"] if self.version == 3 else ["1", "2"]
        data = {"code": code, "encrypt_type": kinds, "key": "", "nonce": "", **more}
        return {"error_code": SESSION_EXPIRED, "result": {"data": data}}

    def _challenge(self, cnonce: str, *, confirm: bool) -> Json:
        nonce = secrets.token_hex(8).upper()
        password = self.password if confirm else secrets.token_hex(8)
        if len(self._nonces) >= 64:
            self._nonces.pop(next(iter(self._nonces)))
        self._nonces[cnonce] = nonce
        data = {
            "code": SESSION_EXPIRED,
            "encrypt_type": ["3"],
            "nonce": nonce,
            "device_confirm": sha256(cnonce + sha256(password) + nonce) + nonce + cnonce,
        }
        return {"error_code": INVALID_NONCE, "result": {"data": data}}

    def _check_digest(self, params: Json) -> Json:
        cnonce = str(params.get("cnonce", ""))
        nonce = self._nonces.pop(cnonce, None)
        if nonce is None or self.version != 3:
            return {"error_code": INVALID_NONCE, "result": {"data": {"code": INVALID_NONCE}}}
        secret = sha256(self.password)
        if params["digest_passwd"] != sha256(secret + cnonce + nonce) + cnonce + nonce:
            self._count_failure()
            left = self.failures_allowed - self.failures
            data = {"code": SESSION_EXPIRED, "time": left, "max_time": self.failures_allowed}
            return {"error_code": INVALID_NONCE, "result": {"data": data}}
        hashed = sha256(cnonce + secret + nonce)
        key, iv = (
            hashlib.sha256((kind + cnonce + nonce + hashed).encode()).digest()[:16]
            for kind in ("lsk", "ivb")
        )
        session = self._admit(
            Session(secrets.token_hex(16), Seal(key, iv), sha256(secret + cnonce))
        )
        session.next_seq = 100 + secrets.randbelow(900)
        result = {"stok": session.stok, "user_group": "root", "start_seq": session.next_seq}
        return {"error_code": 0, "result": result}

    def _check_hash(self, params: Json) -> Json:
        if self.version == 3 or params["password"] != md5(self.password):
            self._count_failure()
            left = self.failures_allowed - self.failures
            return self._refusal(
                SESSION_EXPIRED,
                time=left,
                max_time=self.failures_allowed,
                sec_left=self.seconds_left,
            )
        session = self._admit(Session(secrets.token_hex(16)))
        return {"error_code": 0, "result": {"stok": session.stok, "user_group": "root"}}

    def _count_failure(self) -> None:
        self.counters.failed_logins += 1
        self.failures += 1
        if self.failures >= self.failures_allowed:
            self.lock(self.lock_seconds)

    def _admit(self, session: Session) -> Session:
        self.counters.logins += 1
        self.failures = 0
        while len(self.sessions) >= self.max_sessions:
            self.sessions.pop(next(iter(self.sessions)))  # The newest evicts the oldest.
        self.sessions[session.stok] = session
        return session
