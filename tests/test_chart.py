"""The evidence that findings make; missing is never read as "no"."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.tapo_doctor.chart import STARTING, Chart
from custom_components.tapo_doctor.doctor.evidence import (
    DiscoveryAnswer,
    Evidence,
    LoginResult,
    NeighbourTable,
    Ping,
    PortState,
    Power,
    Site,
)
from custom_components.tapo_doctor.doctor.presence import HEARTBEAT, Sensitivity
from custom_components.tapo_doctor.memory import CameraMemory
from custom_components.tapo_doctor.probes.findings import (
    Answers,
    Heartbeat,
    Hello,
    Reading,
    Service,
    SlowReading,
    Target,
)
from custom_components.tapo_doctor.testimony import evidence_of

from .fakes import HOSTS, MACS, WELL, found

NOW = datetime(2026, 6, 15, 3, 12, tzinfo=UTC)
HOST = HOSTS["garden"]
SERVING = Service(ports={443: PortState.OPEN}, hello=Hello.OK)


@pytest.fixture
def chart() -> Chart:
    """A camera of which nothing is known yet."""
    return Chart(
        target=Target(host=HOST),
        mac=MACS["garden"],
        memory=CameraMemory(),
        pace=HEARTBEAT[Sensitivity.NORMAL],
    )


def evidence(chart: Chart, now: datetime = NOW) -> Evidence:
    return evidence_of(chart, now, Power(), Site())


def hear(chart: Chart, *answers: bool, start: datetime = NOW) -> None:
    for number, answered in enumerate(answers):
        ping = Ping.REPLY if answered else Ping.SILENT
        beat = Heartbeat(answered=answered, ping=ping)
        chart.hear(beat, start + timedelta(seconds=number))


def test_what_was_not_looked_at_is_missing(chart: Chart) -> None:
    now = evidence(chart).now
    assert now.ping is None
    assert now.ports is None
    assert now.discovery is None
    assert now.login is None
    assert evidence(chart).before.ever_worked is None
    assert evidence(chart).camera.firmware_changed is None


def test_the_time_is_that_of_the_home(chart: Chart) -> None:
    assert evidence(chart).now.local_time == "03:12"


def test_a_search_that_could_not_be_made_is_not_silence(chart: Chart) -> None:
    """Without a network of our own every camera would count as gone."""
    chart.identify(Answers(looked=False), NOW)
    assert evidence(chart).now.discovery is None


def test_nobody_answered(chart: Chart) -> None:
    chart.identify(Answers(), NOW)
    discovery = evidence(chart).now.discovery
    assert discovery is not None
    assert discovery.answer is DiscoveryAnswer.NONE


def test_an_answer_that_cannot_be_read_is_not_silence(chart: Chart) -> None:
    """The device is there, whatever it is trying to say."""
    chart.identify(Answers(unreadable=frozenset({HOST})), NOW)
    assert evidence(chart).now.discovery is None


@pytest.mark.parametrize(
    ("host", "answer"),
    [(HOST, DiscoveryAnswer.SAME_ADDRESS), ("192.168.1.77", DiscoveryAnswer.OTHER_ADDRESS)],
)
def test_the_camera_itself_answered(chart: Chart, host: str, answer: DiscoveryAnswer) -> None:
    chart.identify(Answers(found=(found("shed"), found("garden", host))), NOW)
    discovery = evidence(chart).now.discovery
    assert discovery is not None
    assert discovery.answer is answer
    assert discovery.ssid == "home"
    assert evidence(chart).now.neighbour_table is not NeighbourTable.OTHER
    assert chart.displaced is (answer is DiscoveryAnswer.OTHER_ADDRESS)


def test_another_device_at_the_address_makes_the_camera_absent(chart: Chart) -> None:
    """It answers every ping, and would be logged in to."""
    hear(chart, True)
    chart.inspect(SERVING, NOW)
    chart.identify(Answers(found=(found("shed", HOST),)), NOW)
    assert chart.displaced
    assert chart.offline
    assert evidence(chart).now.neighbour_table is NeighbourTable.OTHER


def test_without_a_known_identity_nobody_is_an_impostor(chart: Chart) -> None:
    chart.mac = None
    chart.identify(Answers(found=(found("shed", HOST),)), NOW)
    assert not chart.displaced


def test_what_was_seen_before_it_went_says_nothing_about_it_now(chart: Chart) -> None:
    hear(chart, True)
    chart.inspect(SERVING, NOW)
    chart.read(WELL, NOW)
    hear(chart, False, False, False)
    now = evidence(chart).now
    assert chart.away
    assert now.ports is None
    assert now.login is None
    assert chart.login is LoginResult.NOT_TRIED


def test_a_silent_greeting_is_a_login_that_would_time_out(chart: Chart) -> None:
    """The old session's last success must not speak for a camera that hangs."""
    hear(chart, True)
    chart.read(WELL, NOW)
    chart.inspect(Service(ports={443: PortState.OPEN}, hello=Hello.SILENT), NOW)
    login = evidence(chart).now.login
    assert login is not None
    assert login.result is LoginResult.TIMEOUT


def test_a_broken_greeting_is_an_error(chart: Chart) -> None:
    hear(chart, True)
    chart.inspect(Service(ports={443: PortState.OPEN}, hello=Hello.BROKEN), NOW)
    login = evidence(chart).now.login
    assert login is not None
    assert login.result is LoginResult.ERROR


def test_a_broken_greeting_is_stronger_than_an_old_success(chart: Chart) -> None:
    """Else a camera whose service is confirmed to be broken would be called well."""
    hear(chart, True)
    chart.read(WELL, NOW)
    for second in range(3):
        broken = Service(ports={443: PortState.OPEN}, hello=Hello.BROKEN)
        chart.inspect(broken, NOW + timedelta(seconds=second))
    login = evidence(chart).now.login
    assert login is not None
    assert (login.result, login.failures_in_a_row) == (LoginResult.ERROR, 3)


def test_failures_in_a_row_are_counted_and_forgotten(chart: Chart) -> None:
    hear(chart, True)
    refused = Reading(result=LoginResult.REJECTED, text="no", code=-40413)
    chart.read(refused, NOW)
    chart.read(refused, NOW)
    login = evidence(chart).now.login
    assert login is not None
    assert (login.failures_in_a_row, login.code, login.text) == (2, -40413, "no")
    chart.read(WELL, NOW)
    assert chart.failures == 0


def test_a_heartbeat_through_the_port_is_newer_than_the_service_check(chart: Chart) -> None:
    chart.inspect(SERVING, NOW)
    chart.hear(Heartbeat(answered=False, port=PortState.SILENT), NOW)
    assert evidence(chart).now.ports == {443: PortState.SILENT}


def test_a_reading_without_a_signal_or_a_network_keeps_what_was_known(chart: Chart) -> None:
    """A wired camera has neither, and an odd answer loses nothing."""
    chart.read(WELL, NOW)
    chart.read(Reading(result=LoginResult.OK), NOW)
    assert chart.memory.signals == (-58,)
    assert chart.memory.ssid == "home"
    assert chart.memory.firmware == "1.4.3"


def test_slow_findings_are_taken_over(chart: Chart) -> None:
    slow = SlowReading(
        update_window="03:00",
        planned_restart="04:30",
        privacy_mode=True,
        clock=NOW.timestamp() - 40,
    )
    hear(chart, True)
    chart.read(replace(WELL, slow=slow), NOW)
    found_now = evidence(chart)
    assert found_now.history.update_window == "03:00"
    assert found_now.history.planned_restart == "04:30"
    assert found_now.now.privacy_mode is True
    assert found_now.now.clock_offset_s == -40
    chart.read(replace(WELL, slow=SlowReading()), NOW)
    assert chart.clock_offset_s == -40


def test_a_wrong_clock_is_believed_where_it_stays_wrong(chart: Chart) -> None:
    """After a power cut all clocks are wrong for a while, and no internet is blocked."""
    hear(chart, True)
    for minute, ahead, believed in [
        (0, 9000, None),
        (29, 9000, None),
        (31, 3, 3),
        (40, -9000, None),
        (71, -9000, -9000),
        (90, 1, 1),
    ]:
        now = NOW + timedelta(minutes=minute)
        slow = SlowReading(clock=now.timestamp() + ahead)
        chart.read(replace(WELL, slow=slow), now)
        assert chart.clock_offset_s == believed, minute


def test_what_is_no_camera_does_not_say_how_the_password_is_spoken(chart: Chart) -> None:
    """At its address, and with its name: some logins hand over the password itself."""
    rogue = replace(
        found("garden"), device_type="SMART.TAPOPLUG", connection={"encryption_type": "AES"}
    )
    chart.identify(Answers(found=(rogue,)), NOW)
    assert chart.target.connection is None


def test_a_camera_that_starts_is_given_its_time(chart: Chart) -> None:
    refusing = Service(ports={443: PortState.REFUSED})
    hear(chart, False, False, False, True)
    back = NOW + timedelta(seconds=3)
    for _ in range(5):
        chart.inspect(refusing, back + timedelta(seconds=5))
    assert chart.service.here is None
    for _ in range(3):
        chart.inspect(refusing, back + STARTING)
    assert chart.service.here is False


def test_an_outage_begins_with_what_was_lost_first(chart: Chart) -> None:
    hear(chart, True)
    for second in (10, 20, 30):
        chart.inspect(Service(ports={443: PortState.REFUSED}), NOW + timedelta(seconds=second))
    chart.begin_outage(NOW + timedelta(seconds=31))
    assert chart.outage is not None
    assert chart.outage.start == NOW + timedelta(seconds=10)
    assert chart.end_outage(NOW + timedelta(seconds=70)) == timedelta(seconds=60)
    assert chart.end_outage(NOW) is None


def test_an_impostor_was_there_from_the_moment_it_was_seen(chart: Chart) -> None:
    chart.identify(Answers(found=(found("shed", HOST),)), NOW)
    chart.begin_outage(NOW)
    assert chart.outage is not None
    assert chart.outage.start == NOW
