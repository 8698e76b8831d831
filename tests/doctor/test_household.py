"""What befalls several cameras at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.diagnosis import Certainty, Diagnosis, Ranked, diagnose
from custom_components.tapo_doctor.doctor.evidence import Evidence
from custom_components.tapo_doctor.doctor.household import (
    EBB,
    TOGETHER,
    Finding,
    Kind,
    Member,
    Surroundings,
    account_refused,
    judge,
    judge_account,
)

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WELL = Surroundings(own_network=True, gateway=True)
NO_GATEWAY = Surroundings(own_network=True, gateway=False, since=NOW)


def thinks(cause: Cause, probability: float = 0.9) -> Diagnosis:
    """Return a diagnosis that names a cause, and leaves the rest open."""
    rest = Cause.UNDETERMINED if cause is not Cause.UNDETERMINED else Cause.ROUTER_DOWN
    known = {cause: probability, rest: 1 - probability}
    ranking = tuple(Ranked(cause=one, probability=known.get(one, 0.0)) for one in Cause)
    return replace(diagnose(Evidence()), cause=cause, confidence=probability, ranking=ranking)


DIAGNOSES = {cause: thinks(cause) for cause in Cause}


def here(key: str, **shares: str) -> Member:
    """Return a camera that answers."""
    return Member(key=key, silent=False, shares={Kind(kind): on for kind, on in shares.items()})


def gone(key: str, ago: float = 20, cause: Cause = Cause.ROUTER_DOWN, **shares: Any) -> Member:
    """Return a camera that has been silent for some seconds."""
    return replace(
        here(key, **shares), silent=True, lost=NOW - ago * SECOND, diagnosis=DIAGNOSES[cause]
    )


def found(*cameras: Member, around: Surroundings = WELL, before: Finding | None = None) -> Finding:
    """Judge the home, and find something."""
    finding = judge(cameras, around, before, NOW)
    assert finding is not None
    return finding


def test_a_home_that_is_well_has_no_finding() -> None:
    assert judge([], WELL, None, NOW) is None
    assert judge([here("a", wifi="home"), here("b", wifi="home")], WELL, None, NOW) is None


def test_all_cameras_of_a_network_that_go_together_are_one_finding() -> None:
    """Five notices for one router are four too many."""
    finding = found(gone("a", 20, wifi="home"), gone("b", 35, wifi="home"))
    assert finding.kind is Kind.WIFI
    assert finding.members == {"a", "b"}
    assert finding.since == NOW - 35 * SECOND
    assert finding.diagnosis.cause is Cause.ROUTER_DOWN
    assert finding.diagnosis.certainty is Certainty.LIKELY


def test_a_network_with_one_camera_that_still_answers_is_up() -> None:
    cameras = [gone("a", wifi="home"), gone("b", wifi="home"), here("c", wifi="home")]
    assert judge(cameras, WELL, None, NOW) is None


def test_a_camera_in_doubt_is_waited_for() -> None:
    """It may answer the next look, and then the network is up."""
    doubt = replace(here("c", wifi="home"), silent=None)
    assert judge([gone("a", wifi="home"), gone("b", wifi="home"), doubt], WELL, None, NOW) is None


def test_other_networks_do_not_matter() -> None:
    finding = found(gone("a", wifi="home"), gone("b", wifi="home"), here("c", wifi="guests"))
    assert finding.members == {"a", "b"}


def test_cameras_that_go_one_after_another_have_nothing_in_common() -> None:
    cameras = [gone("a", 20, wifi="home"), gone("b", 20 + 181, wifi="home")]
    assert judge(cameras, WELL, None, NOW) is None


def test_a_camera_that_was_long_gone_is_not_part_of_it() -> None:
    """Its own trouble was told on Tuesday, and is still its own."""
    cameras = [gone("a", 20, wifi="home"), gone("b", 22, wifi="home"), gone("c", 9e5, wifi="home")]
    assert found(*cameras).members == {"a", "b"}


def test_one_camera_alone_is_never_the_home() -> None:
    assert judge([gone("a", wifi="home", plug="switch.a")], WELL, None, NOW) is None


def test_a_camera_that_is_off_on_purpose_says_nothing_about_the_home() -> None:
    off = replace(gone("c", wifi="home"), expected=True)
    assert found(gone("a", wifi="home"), gone("b", wifi="home"), off).members == {"a", "b"}
    assert judge([gone("a", wifi="home"), off], WELL, None, NOW) is None


@pytest.mark.parametrize(
    ("cause", "kind"), [(Cause.POWER_SUPPLY, Kind.PLUG), (Cause.ROUTER_DOWN, Kind.WIFI)]
)
def test_where_network_and_plug_strike_the_same_cameras_the_cause_decides(
    cause: Cause, kind: Kind
) -> None:
    cameras = [gone(key, cause=cause, wifi="home", plug="switch.porch") for key in "ab"]
    assert found(*cameras).kind is kind


def test_a_dead_plug_is_found_while_the_network_is_up() -> None:
    """Whatever the cameras' own diagnoses say: that plug is what they have in common."""
    dead = [gone(key, wifi="home", plug="switch.porch") for key in "ab"]
    finding = found(*dead, here("c", wifi="home"))
    assert finding.kind is Kind.PLUG
    assert finding.members == {"a", "b"}


def test_what_strikes_more_comes_before_what_strikes_fewer() -> None:
    dead = [gone(key, wifi="home", plug="switch.porch") for key in "ab"]
    assert found(*dead, gone("c", wifi="home")).kind is Kind.WIFI


def test_the_access_point_is_nearer_than_the_network() -> None:
    cameras = [gone(key, wifi="home", access_point="attic") for key in "ab"]
    assert found(*cameras).kind is Kind.ACCESS_POINT


def test_a_silent_gateway_with_its_cameras_gone_is_the_gateway() -> None:
    """Also in a home with a single camera."""
    finding = found(gone("a"), around=NO_GATEWAY)
    assert finding.kind is Kind.GATEWAY
    assert finding.members == {"a"}
    assert finding.since == NOW - 20 * SECOND


def test_a_gateway_whose_loss_nobody_saw_may_have_been_gone_for_as_long_as_a_camera() -> None:
    """Home Assistant was restarted in mid-outage; of what goes later it is known that it did."""
    unseen = replace(NO_GATEWAY, loss_seen=False)
    assert found(gone("a", 7200), around=unseen).members == {"a"}
    assert judge([gone("a", 7200)], NO_GATEWAY, None, NOW) is None
    later = replace(unseen, since=NOW - timedelta(hours=2))
    assert judge([gone("a", 20)], later, None, NOW) is None


def test_a_gateway_that_is_silent_while_the_cameras_work_is_not_told() -> None:
    """Some routers answer nobody."""
    assert judge([here("a")], NO_GATEWAY, None, NOW) is None
    assert judge([gone("a"), here("b"), here("c")], NO_GATEWAY, None, NOW) is None
    old = gone("a", 9e5)
    assert judge([old], NO_GATEWAY, None, NOW) is None


def test_without_a_network_of_our_own_nothing_is_said_of_cameras() -> None:
    around = Surroundings(own_network=False, gateway=True, since=NOW - 60 * SECOND)
    finding = found(here("a"), around=around)
    assert (finding.kind, finding.members) == (Kind.OWN_NETWORK, frozenset())
    assert finding.diagnosis.cause is Cause.HOME_ASSISTANT_NETWORK
    assert finding.diagnosis.certainty is Certainty.CERTAIN
    assert finding.since == NOW - 60 * SECOND
    assert found(here("a"), around=around, before=finding) == finding
    assert judge([here("a")], WELL, finding, NOW) is None


def test_a_network_of_our_own_that_was_never_there_is_lost_from_now_on() -> None:
    assert found(around=Surroundings(own_network=False)).since == NOW


def test_the_cause_is_what_all_together_think_likeliest() -> None:
    """One that sees more than the others does not outvote them, nor do they drown it."""
    cameras = [
        replace(gone("a", wifi="home"), diagnosis=thinks(Cause.WIFI_PASSWORD_CHANGED, 0.6)),
        replace(gone("b", wifi="home"), diagnosis=thinks(Cause.WIFI_PASSWORD_CHANGED, 0.6)),
        replace(gone("c", wifi="home"), diagnosis=thinks(Cause.WEAK_SIGNAL, 0.9)),
    ]
    diagnosis = found(*cameras).diagnosis
    assert diagnosis.cause is Cause.WIFI_PASSWORD_CHANGED
    assert diagnosis.confidence == pytest.approx(0.4)
    assert diagnosis.certainty is Certainty.POSSIBLE


def test_cameras_that_are_gone_are_not_called_well() -> None:
    cameras = [gone(key, cause=Cause.HEALTHY, wifi="home") for key in "ab"]
    diagnosis = found(*cameras).diagnosis
    assert diagnosis.cause is Cause.UNDETERMINED
    assert diagnosis.certainty is Certainty.UNKNOWN
    assert sum(ranked.probability for ranked in diagnosis.ranking) == pytest.approx(1)


def test_where_nobody_knows_anything_the_cause_stays_open() -> None:
    cameras = [replace(gone(key, wifi="home"), diagnosis=None) for key in "ab"]
    assert found(*cameras).diagnosis.cause is not Cause.HEALTHY


# As time goes by


TRIO = [gone(key, 20, wifi="home") for key in "abc"]


def after(finding: Finding | None, cameras: list[Member], minutes: float) -> Finding | None:
    """Judge anew some minutes later, while the gateway answers."""
    return judge(cameras, WELL, finding, NOW + timedelta(minutes=minutes))


def test_who_comes_back_leaves_and_the_last_ones_are_not_accused_one_by_one() -> None:
    """After a restart of the router they come back within two minutes or three."""
    finding = found(*TRIO)
    first = after(finding, [here("a", wifi="home"), *TRIO[1:]], 1)
    assert first is not None
    assert first.members == {"b", "c"}
    second = after(first, [here("a", wifi="home"), here("b", wifi="home"), TRIO[2]], 3)
    assert second is not None
    assert second.members == {"c"}
    assert second.since == finding.since
    assert after(second, [here(key, wifi="home") for key in "abc"], 4) is None


def test_who_stays_away_is_a_case_of_its_own_in_the_end() -> None:
    """The network is long up: this one has another trouble, or did not get over it."""
    cameras = [here("a", wifi="home"), *TRIO[1:]]
    ebbing = after(found(*TRIO), cameras, 1)
    assert after(ebbing, cameras, 1 + EBB / timedelta(minutes=1) - 0.1) is not None
    assert after(ebbing, cameras, 1 + EBB / timedelta(minutes=1)) is None


def test_a_clock_that_was_set_back_does_not_make_it_stay_for_ever() -> None:
    cameras = [here("a", wifi="home"), *TRIO[1:]]
    ebbing = after(found(*TRIO), cameras, 1)
    assert after(ebbing, cameras, -60) is None


def test_a_camera_that_is_on_the_air_but_not_yet_at_work_is_still_part_of_it() -> None:
    """It is starting; to accuse it in the minute that this takes would be unkind."""
    starting = replace(TRIO[0], silent=False)
    finding = after(found(*TRIO), [starting, *TRIO[1:]], 1)
    assert finding is not None
    assert finding.members == {"a", "b", "c"}


def test_a_network_that_goes_again_before_all_are_back_is_the_same_trouble() -> None:
    finding = found(*TRIO)
    ebbing = after(finding, [here("a", wifi="home"), *TRIO[1:]], 1)
    again = after(ebbing, TRIO, 2)
    assert again is not None
    assert (again.since, again.ebbing) == (finding.since, None)


def test_the_gateway_s_return_without_its_cameras_is_still_the_same_trouble() -> None:
    """A new Wi-Fi password comes with a restart of the router: one notice, another cause."""
    finding = found(*TRIO, around=NO_GATEWAY)
    assert finding.kind is Kind.GATEWAY
    changed = [replace(one, diagnosis=DIAGNOSES[Cause.WIFI_PASSWORD_CHANGED]) for one in TRIO]
    later = after(finding, changed, 2)
    assert later is not None
    assert (later.kind, later.since) == (Kind.WIFI, finding.since)
    assert later.diagnosis.cause is Cause.WIFI_PASSWORD_CHANGED


def test_a_second_trouble_has_a_beginning_of_its_own() -> None:
    """The router goes while the porch's plug has been dead for an hour."""
    porch = [gone(key, 3600, Cause.POWER_SUPPLY, wifi="home", plug="switch.porch") for key in "ab"]
    first = found(*porch, here("c", wifi="home"))
    second = found(*porch, gone("c"), around=NO_GATEWAY, before=first)
    assert second.since > first.since
    assert second.members == {"a", "b", "c"}, "and what was told once is not told again"


def test_a_second_network_that_goes_has_a_beginning_of_its_own() -> None:
    """Two access points that fail on two days are two notices."""
    first = found(gone("a", 9e5, wifi="guests"), gone("b", 9e5, wifi="guests"), here("c"))
    cameras = [gone(key, 9e5, wifi="guests") for key in "ab"]
    second = found(*cameras, *(gone(key, 20, wifi="home") for key in "cde"), before=first)
    assert second.since == NOW - 20 * SECOND
    assert second.members == set("abcde")


# Whatever the home is like


MOMENTS = st.integers(0, 400).map(lambda ago: NOW - ago * SECOND)


@st.composite
def homes(draw: st.DrawFn) -> list[Member]:
    """Draw a home of cameras that are here, gone, in doubt, or off."""
    members = []
    for number in range(draw(st.integers(0, 6))):
        silent = draw(st.sampled_from([True, False, None]))
        lost = draw(MOMENTS) if silent else draw(st.none() | MOMENTS)
        shares = {
            kind: draw(st.sampled_from(["x", "y"]))
            for kind in (Kind.WIFI, Kind.PLUG, Kind.ACCESS_POINT)
            if draw(st.booleans())
        }
        members.append(
            Member(
                key=str(number),
                silent=silent,
                lost=lost,
                expected=draw(st.booleans()) and draw(st.booleans()),
                diagnosis=DIAGNOSES[draw(st.sampled_from(Cause))] if lost else None,
                shares=shares,
            )
        )
    return members


AROUND = st.builds(
    Surroundings,
    own_network=st.sampled_from([True, True, False, None]),
    gateway=st.sampled_from([True, False, None]),
    since=st.none() | MOMENTS,
)


@settings(max_examples=150, deadline=None)
@given(homes(), AROUND)
def test_nobody_is_accounted_for_who_is_not_gone(home: list[Member], around: Surroundings) -> None:
    finding = judge(home, around, None, NOW)
    if finding is None:
        return
    members = {one.key: one for one in home if one.key in finding.members}
    assert all(one.silent and one.lost and not one.expected for one in members.values())
    assert bool(members) or finding.kind is Kind.OWN_NETWORK
    if finding.kind in {Kind.WIFI, Kind.PLUG, Kind.ACCESS_POINT}:
        assert len(members) > 1
        moments = [one.lost for one in members.values() if one.lost]
        assert max(moments) - min(moments) <= TOGETHER


@settings(max_examples=150, deadline=None)
@given(homes(), AROUND, st.randoms())
def test_the_same_home_looks_the_same_twice_and_in_any_order(
    home: list[Member], around: Surroundings, dice: Any
) -> None:
    """Else the finding flickers, and so does what is built on it."""
    finding = judge(home, around, None, NOW)
    assert judge(home, around, finding, NOW) == finding
    assert judge(dice.sample(home, len(home)), around, None, NOW) == finding


@settings(max_examples=150, deadline=None)
@given(homes(), homes(), AROUND, AROUND)
def test_a_finding_keeps_its_beginning_for_as_long_as_it_stands(
    first: list[Member], then: list[Member], around: Surroundings, later: Surroundings
) -> None:
    """By its beginning a notice knows that it was told already."""
    finding = judge(first, around, None, NOW)
    after_it = judge(then, later, finding, NOW + SECOND)
    if finding is None or after_it is None:
        return
    lost = {one.key for one in then if one.lost}
    if after_it.ebbing is not None:
        assert after_it.since == finding.since
        assert after_it.members == finding.members & lost
    assert after_it.members <= lost


@settings(max_examples=100, deadline=None)
@given(homes())
def test_without_trouble_around_a_single_camera_is_never_the_home(home: list[Member]) -> None:
    assert judge(home[:1], WELL, None, NOW) is None


# The account


def refusing(key: str, ago: float = 60) -> Member:
    """Return a camera that answers and refuses the account."""
    diagnosis = DIAGNOSES[Cause.CREDENTIALS_REJECTED]
    since = NOW - ago * SECOND
    return replace(asked(key, refuses=True), refused=since, diagnosis=diagnosis)


def asked(key: str, *, refuses: bool | None) -> Member:
    """Return a camera that answers and is logged in to."""
    return replace(here(key), logs_in=True, refuses=refuses)


ACCEPTING, UNASKED = asked("x", refuses=False), asked("y", refuses=None)
REFUSING = [refusing(key, ago) for key, ago in zip("abc", (60, 600, 30), strict=True)]


def account(*cameras: Member, before: Finding | None = None, minutes: float = 0) -> Finding | None:
    """Judge the account alone."""
    return judge_account(cameras, before, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("others", "refused"),
    [
        ([], True),
        ([here("x")], True),
        ([ACCEPTING], False),
        ([UNASKED], None),
        ([UNASKED, ACCEPTING], False),
    ],
)
def test_an_account_is_refused_where_all_that_were_asked_refuse_it(
    others: list[Member], refused: bool | None
) -> None:
    assert account_refused([*REFUSING, *others]) is refused
    assert account_refused(others) is not True


def test_an_account_that_nobody_accepts_is_one_finding_since_the_first_refusal() -> None:
    finding = account(*REFUSING)
    assert finding is not None
    assert (finding.kind, finding.members) == (Kind.ACCOUNT, frozenset("abc"))
    assert finding.since == NOW - 600 * SECOND
    assert finding.diagnosis.cause is Cause.CREDENTIALS_REJECTED


@pytest.mark.parametrize("other", [None, ACCEPTING, UNASKED])
def test_what_one_camera_refuses_or_another_may_accept_is_no_finding(other: Member | None) -> None:
    cameras = REFUSING[:1] if other is None else [*REFUSING, other]
    assert account(*cameras) is None


def test_a_camera_that_goes_is_no_member_any_more_and_ends_nothing() -> None:
    """It is away for another reason, and the others refuse the account all the same."""
    before = account(*REFUSING)
    away = replace(gone("a"), logs_in=True)
    during = account(away, *REFUSING[1:], before=before)
    assert during is not None
    assert (during.members, during.ebbing) == (frozenset("bc"), None)
    all_gone = account(*(replace(gone(key), logs_in=True) for key in "abc"), before=during)
    assert all_gone is not None
    assert not all_gone.members
    back = account(*REFUSING, before=all_gone)
    assert back is not None
    assert (back.members, back.since) == (frozenset("abc"), NOW - 600 * SECOND)


def test_a_camera_that_is_being_asked_again_is_still_a_member() -> None:
    finding = account(asked("a", refuses=None), *REFUSING[1:], before=account(*REFUSING))
    assert finding is not None
    assert finding.members == set("abc")


def test_who_refuses_what_the_others_accept_is_on_its_own_in_the_end() -> None:
    """It holds the old password, or has its third-party access off."""
    cameras = [*(asked(key, refuses=False) for key in "ab"), REFUSING[2]]
    ebbing = account(*cameras, before=account(*REFUSING))
    assert ebbing is not None
    assert ebbing.members == {"c"}
    gone_now = [asked(key, refuses=None) for key in "ab"]
    still = account(*gone_now, REFUSING[2], before=ebbing, minutes=1)
    assert still == ebbing
    assert account(*cameras, before=ebbing, minutes=EBB / timedelta(minutes=1)) is None


def test_without_an_account_there_is_no_trouble_with_it() -> None:
    before = account(*REFUSING)
    assert account(*(here(key) for key in "abc"), before=before) is None
