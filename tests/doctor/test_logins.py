"""No account is ever locked because of us."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.doctor.logins import LOCK_MARGIN, LoginGate

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def after(*results: LoginResult, locked_for_s: float | None = None) -> LoginGate:
    """Return the gate after several attempts at one moment."""
    gate = LoginGate()
    for result in results:
        gate = gate.after(
            result, NOW, host="192.168.1.2", firmware="1.0", locked_for_s=locked_for_s
        )
    return gate


def may_try(
    gate: LoginGate,
    later: timedelta = timedelta(0),
    host: str = "192.168.1.2",
    firmware: str | None = "1.0",
) -> bool:
    return gate.may_try(NOW + later, host=host, firmware=firmware)


def test_the_first_login_may_be_tried() -> None:
    assert may_try(LoginGate())


@pytest.mark.parametrize("refusal", [LoginResult.REJECTED, LoginResult.UNSUPPORTED])
def test_a_refusal_closes_the_gate_for_good(refusal: LoginResult) -> None:
    assert not may_try(after(refusal), timedelta(days=365))


def test_another_firmware_opens_it_again() -> None:
    assert may_try(after(LoginResult.REJECTED), firmware="1.1")


def test_a_firmware_that_could_not_be_read_is_not_another_one() -> None:
    assert not may_try(after(LoginResult.REJECTED), firmware=None)


def test_another_address_opens_it_again() -> None:
    assert may_try(after(LoginResult.REJECTED), host="192.168.1.3")


def test_a_lock_is_waited_for_with_a_margin() -> None:
    gate = after(LoginResult.LOCKED, locked_for_s=100)
    assert not may_try(gate, timedelta(seconds=100))
    assert may_try(gate, timedelta(seconds=100) + LOCK_MARGIN)


def test_a_lock_that_does_not_say_how_long_lasts_half_an_hour() -> None:
    gate = after(LoginResult.LOCKED)
    assert not may_try(gate, timedelta(minutes=30))
    assert may_try(gate, timedelta(minutes=32))


def test_not_even_a_new_firmware_opens_a_lock() -> None:
    assert not may_try(after(LoginResult.LOCKED, locked_for_s=1000), firmware="1.1")


def test_a_lost_session_is_renewed_ever_more_slowly() -> None:
    once = after(LoginResult.SESSION_LOST)
    assert not may_try(once, timedelta(minutes=4))
    assert may_try(once, timedelta(minutes=5))
    thrice = after(LoginResult.SESSION_LOST, LoginResult.OK, *[LoginResult.SESSION_LOST] * 2)
    assert not may_try(thrice, timedelta(minutes=17))
    assert may_try(thrice, timedelta(minutes=18))


def test_a_renewal_is_never_more_than_a_day_away() -> None:
    assert may_try(after(*[LoginResult.SESSION_LOST] * 60), timedelta(days=1))


def test_a_loss_of_long_ago_is_forgotten() -> None:
    """Else a camera that restarts monthly would be without a signal for a day each time."""
    gate = after(*[LoginResult.SESSION_LOST] * 5)
    later = NOW + timedelta(days=3)
    gate = gate.after(LoginResult.SESSION_LOST, later, host="192.168.1.2", firmware="1.0")
    assert gate.may_try(later + timedelta(minutes=5), host="192.168.1.2", firmware="1.0")


@pytest.mark.parametrize("failure", [LoginResult.TIMEOUT, LoginResult.ERROR])
def test_no_answer_is_waited_out_ever_longer(failure: LoginResult) -> None:
    """A camera that answers nonsense all day must not be logged in to all day."""
    gate, now, tries = LoginGate(), NOW, 0
    while now < NOW + timedelta(days=1):
        if gate.may_try(now, host="h", firmware="1"):
            gate = gate.after(failure, now, host="h", firmware="1")
            tries += 1
        now += timedelta(minutes=5)
    assert tries < 10


def test_no_answer_does_not_undo_a_refusal() -> None:
    gate = after(LoginResult.REJECTED, LoginResult.TIMEOUT)
    assert not may_try(gate, timedelta(days=3))
    assert after(LoginResult.REJECTED, LoginResult.NOT_TRIED) == after(LoginResult.REJECTED)


def test_a_success_forgives_a_refusal() -> None:
    assert may_try(after(LoginResult.REJECTED, LoginResult.OK))


def test_a_wait_noted_by_a_clock_that_ran_ahead_does_not_last_for_years() -> None:
    """A small computer may start in the wrong year; the camera's lock is long over."""
    gate = LoginGate(refused=LoginResult.LOCKED, not_before=NOW + timedelta(days=400))
    assert may_try(gate)


@given(
    st.lists(
        st.tuples(st.sampled_from(LoginResult), st.integers(0, 7200), st.integers(1, 3600)),
        max_size=20,
    )
)
def test_nobody_ever_logs_in_while_a_lock_lasts(
    attempts: list[tuple[LoginResult, int, int]],
) -> None:
    """Whatever the camera answers, in whatever order."""
    gate, now = LoginGate(), NOW
    locked_until = NOW
    for result, pause, seconds in attempts:
        now += timedelta(seconds=pause)
        if not gate.may_try(now, host="h", firmware="1"):
            continue
        assert now >= locked_until
        gate = gate.after(result, now, host="h", firmware="1", locked_for_s=seconds)
        if result is LoginResult.LOCKED:
            locked_until = now + timedelta(seconds=seconds)


def test_a_lock_is_told_until_the_next_attempt() -> None:
    """Whoever asks for a password meanwhile would only prolong it."""
    assert after(LoginResult.LOCKED).locked
    assert not after(LoginResult.REJECTED).locked
    assert not after(LoginResult.LOCKED, LoginResult.OK).locked
