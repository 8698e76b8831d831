"""When a login may be tried, so that no account is ever locked because of us.

A login that was refused is not repeated on a timer: one attempt, then silence until a
person acts, the firmware or the address changes, or the lock has run out. A session that
was lost, or an attempt that brought no answer, is repeated ever more slowly, because the loss
may be another program's doing, and two programs must not throw each other out in turns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from .evidence import LoginResult

if TYPE_CHECKING:
    from datetime import datetime

# The camera counts in whole seconds and its clock is not ours.
LOCK_MARGIN = timedelta(seconds=60)
# When it does not say how long: the longest lock on record was 1784 s.
LOCK_UNKNOWN = timedelta(minutes=30)
# After a loss or an error the next reading may try again, five minutes later; each further
# attempt waits twice as long, up to a day, which keeps a camera that drops its sessions, or
# answers nonsense, at one login a day in the end.
PAUSE_FIRST = timedelta(seconds=270)
PAUSE_MOST = timedelta(days=1)
# Nothing above waits longer; what lies further ahead was noted by a clock that ran ahead.
_LONGEST_WAIT = timedelta(days=2)
# Doubling the first pause more often than this passes the day.
_MOST_LOSSES = 9

_REFUSED = frozenset({LoginResult.REJECTED, LoginResult.UNSUPPORTED})
_FAILED = frozenset({LoginResult.ERROR, LoginResult.TIMEOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginGate:
    """What is known about logging in to one camera; survives restarts."""

    refused: LoginResult | None = None
    """How the last attempt was refused: rejected, unsupported, locked; None if it was not."""
    not_before: datetime | None = None
    """Closed until then: a lock, or a pause after a loss or an error."""
    firmware: str | None = None
    """The firmware and the address that the refusal was met with."""
    host: str | None = None
    losses: int = 0
    """Sessions lost, or attempts failed, with less than a day between them."""

    @property
    def locked(self) -> bool:
        """Whether the camera said that it is locked; true until an attempt after the lock."""
        return self.refused is LoginResult.LOCKED

    def may_try(self, now: datetime, *, host: str, firmware: str | None) -> bool:
        """Whether a new login may be tried now."""
        if self.not_before is not None and now < self.not_before <= now + _LONGEST_WAIT:
            return False
        if self.refused not in _REFUSED:
            return True
        moved = self.host is not None and host != self.host
        changed = None not in {firmware, self.firmware} and firmware != self.firmware
        return moved or changed

    def after(
        self,
        result: LoginResult,
        now: datetime,
        *,
        host: str,
        firmware: str | None,
        locked_for_s: float | None = None,
    ) -> LoginGate:
        """Take the result of an attempt, or of a reading, into account."""
        if result is LoginResult.LOCKED:
            span = LOCK_UNKNOWN if locked_for_s is None else timedelta(seconds=locked_for_s)
            return LoginGate(refused=result, not_before=now + span + LOCK_MARGIN)
        if result in _REFUSED:
            return LoginGate(refused=result, firmware=firmware, host=host)
        if result is LoginResult.SESSION_LOST or result in _FAILED:
            before = self.losses
            if self.not_before is not None and now - self.not_before > PAUSE_MOST:
                # The last one is long ago: a restart, not a quarrel between programs.
                before = 0
            pause = min(PAUSE_FIRST * 2**before, PAUSE_MOST)
            return replace(self, not_before=now + pause, losses=min(before + 1, _MOST_LOSSES))
        if result is LoginResult.OK:
            return LoginGate(losses=self.losses, not_before=self.not_before)
        return self
