"""News: each fact once, and nothing that was so before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Diagnosis, diagnose
from custom_components.tapo_doctor.doctor.evidence import Evidence
from custom_components.tapo_doctor.happenings import Bearings, Happened
from custom_components.tapo_doctor.verdict import CameraState, Status

NOW = datetime(2026, 6, 15, 20, tzinfo=UTC)


def diagnosis(cause: Cause) -> Diagnosis:
    """Return a diagnosis that names a cause."""
    return replace(diagnose(Evidence()), cause=cause)


WELL = CameraState(status=Status.ONLINE, problem=False, diagnosis=diagnosis(Cause.HEALTHY))
GONE = CameraState(
    status=Status.OFFLINE, problem=True, since=NOW, diagnosis=diagnosis(Cause.UNDETERMINED)
)
FROZEN = replace(GONE, diagnosis=diagnosis(Cause.CAMERA_FROZEN))
RESTARTING = CameraState(
    status=Status.EXPECTED_OFFLINE, problem=False, diagnosis=diagnosis(Cause.RESTARTING)
)
PAUSED = replace(RESTARTING, status=Status.PAUSED)
REFUSED = CameraState(
    status=Status.LOGIN_REFUSED,
    problem=True,
    since=NOW,
    diagnosis=diagnosis(Cause.CREDENTIALS_REJECTED),
)


def story(*states: CameraState) -> list[list[Happened]]:
    """Return the news of each state, a minute apart."""
    bearings = Bearings()
    return [
        [one.what for one in bearings.news(state, NOW + timedelta(minutes=minute))]
        for minute, state in enumerate(states)
    ]


LOST, BACK, CHANGED = (
    Happened.CONNECTION_LOST,
    Happened.CONNECTION_RESTORED,
    Happened.DIAGNOSIS_CHANGED,
)


def test_an_outage_is_lost_named_and_over() -> None:
    """The three things that an automation wants to hear of."""
    assert story(WELL, GONE, FROZEN, FROZEN, WELL, WELL) == [[], [LOST], [CHANGED], [], [BACK], []]


def test_what_was_so_at_the_start_is_not_news_but_its_end_is() -> None:
    """A restart during an outage must not wake the house a second time."""
    assert story(CameraState(), GONE, WELL) == [[], [], [BACK]]


def test_an_expected_absence_is_no_loss() -> None:
    """A planned restart every night at three."""
    assert story(WELL, RESTARTING, WELL) == [[], [], []]


def test_a_paused_absence_is_no_loss() -> None:
    """Whoever takes a camera down for painting has said so."""
    assert story(WELL, PAUSED, WELL) == [[], [], []]


def test_an_absence_that_outlasts_its_pause_is_a_loss() -> None:
    """And what is lost already is named again after a pause, not lost again."""
    assert story(WELL, PAUSED, GONE, PAUSED, GONE, WELL) == [[], [], [LOST], [], [CHANGED], [BACK]]


def test_an_expected_absence_that_goes_on_is_a_loss_after_all() -> None:
    """A restart that takes an hour is none."""
    assert story(WELL, RESTARTING, GONE, RESTARTING, WELL) == [[], [], [LOST], [], [BACK]]


def test_a_problem_of_a_camera_that_answers_is_told_by_its_cause() -> None:
    """It was never lost, and so it does not come back."""
    assert story(WELL, REFUSED, REFUSED, WELL, REFUSED) == [[], [CHANGED], [], [], [CHANGED]]


def test_the_end_of_an_outage_tells_its_cause_and_its_length() -> None:
    """What people want to know when it is over."""
    bearings = Bearings()
    for state in (WELL, FROZEN):
        bearings.news(state, NOW)
    (back,) = bearings.news(WELL, NOW + timedelta(minutes=7))
    assert back.cause is Cause.CAMERA_FROZEN
    assert back.length == timedelta(minutes=7)
