"""When people are told: a table of everything that can follow upon something."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Certainty
from custom_components.tapo_doctor.doctor.notices import (
    Act,
    Calm,
    Issued,
    Kind,
    Matter,
    QuietHours,
    Watch,
    decide,
)

NOW = datetime(2026, 6, 15, 20, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

OFFLINE = Matter(
    kind=Kind.OFFLINE, cause=Cause.UNDETERMINED, certainty=Certainty.UNKNOWN, since=NOW
)
FROZEN = replace(OFFLINE, cause=Cause.CAMERA_FROZEN, certainty=Certainty.LIKELY)
POWER = replace(OFFLINE, cause=Cause.POWER_SUPPLY, certainty=Certainty.POSSIBLE)
EXPECTED = replace(OFFLINE, kind=Kind.EXPECTED, cause=Cause.RESTARTING)
TROUBLE = replace(OFFLINE, kind=Kind.TROUBLE, cause=Cause.CREDENTIALS_REJECTED)
DROPPING = replace(OFFLINE, kind=Kind.DROPPING, cause=Cause.WEAK_SIGNAL)
HOME = replace(OFFLINE, kind=Kind.HOME, cause=Cause.ROUTER_DOWN)
TELL, AMEND, ALL_CLEAR, WITHDRAW = Act.TELL, Act.AMEND, Act.ALL_CLEAR, Act.WITHDRAW

type Story = list[tuple[float, Matter | Calm]]


def play(
    story: Story, hours: QuietHours | None = None, start: datetime = NOW
) -> list[tuple[float, Act]]:
    """Return what is done, and at which second, when things happen at the given seconds."""
    issued: Issued | None = None
    watch: Watch | None = None
    done: list[tuple[float, Act]] = []
    happens = dict(story)
    seen: Matter | Calm = Calm.UNKNOWN
    again: datetime | None = None
    for second in range(int(max(happens)) + 7200):
        now = start + timedelta(seconds=second)
        if second not in happens and (again is None or again > now):
            continue
        seen = happens.get(second, seen)
        decision = decide(seen, issued, watch, now, hours.until(now) if hours else None)
        issued, watch, again = decision.issued, decision.watch, decision.again
        assert again is None or again > now, "what is due now is done now"
        if decision.act is not Act.NOTHING:
            done.append((second, decision.act))
    return done


@pytest.mark.parametrize(
    ("story", "done"),
    [
        pytest.param([(0, OFFLINE)], [(20, TELL)], id="a diagnosis that holds is told"),
        pytest.param([(0, OFFLINE), (12, FROZEN)], [(27, TELL)], id="a better one is waited for"),
        pytest.param(
            [(second, (FROZEN, POWER)[second % 20 == 0]) for second in range(0, 100, 10)],
            [(60, TELL), (105, AMEND)],
            id="one that never settles is told in the end",
        ),
        pytest.param([(0, OFFLINE), (19, Calm.WELL)], [], id="back before it was told"),
        pytest.param([(0, EXPECTED), (900, Calm.WELL)], [], id="as expected"),
        pytest.param([(0, EXPECTED), (300, FROZEN)], [(320, TELL)], id="longer than expected"),
        pytest.param([(0, Calm.UNKNOWN), (50, Calm.WELL)], [], id="nothing"),
        pytest.param([(0, TROUBLE)], [(20, TELL)], id="it answers, and needs a person"),
        pytest.param([(0, HOME), (600, Calm.WELL)], [(20, TELL), (600, ALL_CLEAR)], id="the home"),
        pytest.param(
            [(0, OFFLINE), (60, FROZEN), (65, OFFLINE)], [(20, TELL)], id="a passing thought"
        ),
        pytest.param(
            [(0, OFFLINE), (60, FROZEN), (300, Calm.WELL)],
            [(20, TELL), (75, AMEND), (300, ALL_CLEAR)],
            id="told, better told, over",
        ),
        pytest.param(
            [(0, OFFLINE), (60, EXPECTED), (200, Calm.WELL)],
            [(20, TELL), (75, AMEND), (200, ALL_CLEAR)],
            id="somebody restarts it",
        ),
        pytest.param(
            [(0, OFFLINE), (60, EXPECTED), (200, FROZEN)],
            [(20, TELL), (75, AMEND), (215, AMEND)],
            id="and it does not come back",
        ),
        pytest.param(
            [(0, OFFLINE), (60, Calm.HUSHED), (200, Calm.WELL)],
            [(20, TELL), (60, WITHDRAW)],
            id="paused",
        ),
        pytest.param(
            [(0, Calm.HUSHED), (200, OFFLINE)], [(220, TELL)], id="still gone after the pause"
        ),
        pytest.param([(0, Calm.HUSHED), (200, Calm.WELL)], [], id="a pause in peace"),
        pytest.param(
            [(0, TROUBLE), (100, replace(OFFLINE, since=NOW + timedelta(seconds=90)))],
            [(20, TELL), (390, TELL)],
            id="refused, and then gone for a while: that is news",
        ),
        pytest.param(
            [(0, OFFLINE), (100, TROUBLE)],
            [(20, TELL), (115, TELL)],
            id="back, and refused: that is news",
        ),
        pytest.param(
            [(0, OFFLINE), (60, Calm.WELL), (120, OFFLINE), (300, Calm.WELL)],
            [(20, TELL), (60, ALL_CLEAR)],
            id="again, but shortly",
        ),
        pytest.param(
            [(0, OFFLINE), (60, Calm.WELL), (120, OFFLINE)],
            [(20, TELL), (60, ALL_CLEAR), (420, TELL)],
            id="again, and for longer",
        ),
        pytest.param(
            [(0, OFFLINE), (60, Calm.WELL), (3660, OFFLINE)],
            [(20, TELL), (60, ALL_CLEAR), (3680, TELL)],
            id="again, but much later",
        ),
        pytest.param(
            [(0, OFFLINE), (60, Calm.WELL), (120, TROUBLE)],
            [(20, TELL), (60, ALL_CLEAR), (140, TELL)],
            id="back, and then something else",
        ),
        pytest.param(
            [(0, DROPPING), (60, replace(DROPPING, cause=Cause.HEALTHY)), (120, EXPECTED)],
            [(20, TELL)],
            id="what comes and goes is told once",
        ),
        pytest.param(
            [(0, DROPPING), (100, TROUBLE)], [(20, TELL), (115, AMEND)], id="a reason for it"
        ),
        pytest.param(
            [(0, DROPPING), (86400, Calm.WELL)],
            [(20, TELL), (86400, ALL_CLEAR)],
            id="steady again",
        ),
    ],
)
def test_what_is_told_and_when(story: Story, done: list[tuple[float, Act]]) -> None:
    """Told once, amended without a sound, answered in the end; and never for nothing."""
    assert play(story) == done


def test_a_camera_that_drops_every_two_minutes_is_told_twice_in_a_day() -> None:
    """Whoever is told every two minutes switches the doctor off."""
    story: Story = []
    for drop in range(200):
        gone = replace(OFFLINE, since=NOW + timedelta(seconds=240 * drop))
        story += [(240 * drop, gone), (240 * drop + 120, DROPPING if drop > 2 else Calm.WELL)]
    assert [act for _, act in play(story)] == [TELL, ALL_CLEAR, TELL]


def test_one_that_needs_a_person_and_drops_on_top_of_that_is_told_once() -> None:
    """The camera that refuses its login stands at the edge of the Wi-Fi, too."""
    story: Story = []
    for drop in range(200):
        gone = replace(OFFLINE, since=NOW + timedelta(seconds=240 * drop))
        story += [(240 * drop, TROUBLE), (240 * drop + 120, gone)]
    assert [act for _, act in play([*story, (240 * 200, TROUBLE)])] == [TELL]


def test_one_that_keeps_dropping_and_then_stays_away_is_told() -> None:
    """People know that it comes back each time; this time it does not."""
    gone = replace(POWER, since=NOW + timedelta(seconds=100))
    assert play([(0, DROPPING), (100, gone)]) == [(20, TELL), (100 + 1800, TELL)]


@pytest.mark.parametrize(
    ("story", "done"),
    [
        ([(0, OFFLINE)], [(3600, TELL)]),
        ([(0, OFFLINE), (600, Calm.WELL)], []),
        ([(0, OFFLINE), (3590, FROZEN)], [(3600, TELL)]),
    ],
)
def test_quiet_hours_hold_back_until_they_end(story: Story, done: list[tuple[float, Act]]) -> None:
    """What is over by the morning was nothing to be woken for, nor to be told at breakfast."""
    assert play(story, QuietHours(time(19), time(21))) == done


def test_what_is_left_to_a_person_is_told_aloud() -> None:
    """Better words make no sound; that nothing more is done for a camera has to be heard."""
    left = replace(FROZEN, left=True)
    assert play([(0, FROZEN), (400, left), (600, FROZEN)]) == [
        (20, TELL),
        (415, TELL),
        (615, AMEND),
    ]


def test_the_end_of_what_was_told_is_told_in_quiet_hours_too() -> None:
    """Nobody shall lie awake over a camera that is back; better words can wait."""
    hours = QuietHours(time(20, 5), time(21))
    story: Story = [(0, OFFLINE), (400, FROZEN), (600, Calm.WELL)]
    assert play(story, hours) == [(20, TELL), (600, ALL_CLEAR)]


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (("22:00", "07:00"), "2026-06-15 21:59:59", None),
        (("22:00", "07:00"), "2026-06-15 22:00", "2026-06-16 07:00"),
        (("22:00", "07:00"), "2026-06-16 06:59:59", "2026-06-16 07:00"),
        (("22:00", "07:00"), "2026-06-16 07:00", None),
        (("13:00", "15:00"), "2026-06-15 14:00", "2026-06-15 15:00"),
        (("13:00", "15:00"), "2026-06-15 12:59", None),
        (("13:00", "15:00"), "2026-06-15 15:00", None),
        # In the night to the 29th of March the clocks go from two to three, in that to the 25th
        # of October from three to two.
        (("22:00", "07:00"), "2026-03-28 23:00", "2026-03-29 07:00"),
        (("22:00", "02:30"), "2026-03-29 01:30", "2026-03-29 03:30"),
        (("22:00", "07:00"), "2026-10-24 23:00", "2026-10-25 07:00"),
    ],
)
def test_quiet_hours_follow_the_clock_on_the_wall(
    hours: tuple[str, str], now: str, until: str | None
) -> None:
    """Also over midnight, and in the nights that are an hour longer or shorter."""
    quiet = QuietHours(*map(time.fromisoformat, hours))
    ends = quiet.until(datetime.fromisoformat(now).replace(tzinfo=BERLIN))
    wanted = datetime.fromisoformat(until).replace(tzinfo=BERLIN) if until else None
    assert ends == wanted
    assert ends is None or ends.tzinfo is UTC


def test_an_hour_that_comes_twice_does_not_end_in_the_past() -> None:
    """A time that has passed already would be waited for over and over."""
    second_time = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)
    ends = QuietHours(time(22), time(2, 30)).until(second_time)
    assert ends is not None
    assert ends - second_time.astimezone(UTC) == timedelta(minutes=20)


def test_what_was_told_before_a_restart_is_not_told_again() -> None:
    """Nothing but what was told survives a restart, and that is enough."""
    issued = Issued(matter=FROZEN, at=NOW)
    later = NOW + timedelta(minutes=5)
    again = decide(replace(FROZEN, since=later), issued, None, later)
    assert again.act is Act.NOTHING
    assert again.issued == issued
    assert decide(Calm.UNKNOWN, issued, None, later).issued == issued
    assert decide(Calm.WELL, issued, None, later).act is ALL_CLEAR
