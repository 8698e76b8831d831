"""When a login may be tried, so that no account is ever locked because of us.

A login that was refused is not repeated on a timer: one attempt, then silence until a
person acts, the firmware or the address changes, or the lock has run out. A session that
was lost is renewed, but ever more slowly, because the loss may be another program's doing
and two programs must not throw each other out in turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from .evidence import LoginResult

if TYPE_CHECKING:
    from datetime import datetime

# The camera counts in whole seconds and its clock is not ours.
LOCK_MARGIN = timedelta(seconds=60)
# When it does not say how long: the longest lock on record was 1784 s.
LOCK_UNKNOWN = timedelta(minutes=30)
# A renewal after the first loss costs a single login; each further one waits longer, up to a
# day, which keeps a camera that drops its sessions at one login a day in the end.
RENEWAL_FIRST = timedelta(minutes=5)
RENEWAL_MOST = timedelta(days=1)
# Doubling five minutes more often than this passes the day.
_MOST_RENEWALS = 9

_REFUSED = frozenset({LoginResult.REJECTED, LoginResult.UNSUPPORTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginGate:
    """What is known about logging in to one camera; survives restarts."""

    refused: bool = False
    """Closed until a person acts, or the firmware or the address changes."""
    not_before: datetime | None = None
    """Closed until then: a lock, or a pause between renewals."""
    locked: bool = False
    firmware: str | None = None
    """The firmware and the address that the refusal was met with."""
    host: str | None = None
    renewals: int = 0

    def may_try(self, now: datetime, *, host: str, firmware: str | None) -> bool:
        """Whether a new login may be tried now."""
        if self.not_before is not None and now < self.not_before:
            return False
        if not self.refused:
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
        """Take the result of an attempt into account.

        Anything that is neither a success nor a refusal (no answer, garbage) leaves the
        gate as it is: nothing was counted against us.
        """
        if result is LoginResult.LOCKED:
            span = LOCK_UNKNOWN if locked_for_s is None else timedelta(seconds=locked_for_s)
            return LoginGate(not_before=now + span + LOCK_MARGIN, locked=True)
        if result in _REFUSED:
            return LoginGate(refused=True, firmware=firmware, host=host)
        if result is LoginResult.SESSION_LOST:
            before = self.renewals
            if self.not_before is not None and now - self.not_before > RENEWAL_MOST:
                # The last one is long ago: a restart, not a quarrel between programs.
                before = 0
            pause = min(RENEWAL_FIRST * 2**before, RENEWAL_MOST)
            return LoginGate(not_before=now + pause, renewals=min(before + 1, _MOST_RENEWALS))
        if result is LoginResult.OK:
            return LoginGate(renewals=self.renewals, not_before=self.not_before)
        return self
