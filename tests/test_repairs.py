"""The guided repair, over the same interface that the frontend uses."""

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.doctor.evidence import LoginResult, PortState, RemedyKind
from custom_components.tapo_doctor.doctor.playbook import Step
from custom_components.tapo_doctor.repairs import async_create_fix_flow
from custom_components.tapo_doctor.words import Words

from .fakes import REFUSED, WELL, found
from .plugs import PLUG, have_plugs
from .repairing import ISSUE, Repair
from .test_noticing import shown

if TYPE_CHECKING:
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from custom_components.tapo_doctor.coordinator import CameraCoordinator

    from .plugs import FakePlug
    from .world import World

HOME_ISSUE = "trouble_home"


def issue(world: World, issue_id: str = ISSUE) -> ir.IssueEntry | None:
    """Return an issue of ours."""
    return ir.async_get(world.hass).async_get_issue(DOMAIN, issue_id)


def camera(world: World, name: str = "garden") -> CameraCoordinator:
    """Return the coordinator of a camera."""
    return cast("CameraCoordinator", world.entry.runtime_data.cameras[f"subentry_{name}"])


@pytest.fixture
async def repair(world: World, hass_client: ClientSessionGenerator) -> Repair:
    """A person in front of the screen."""
    assert await async_setup_component(world.hass, REPAIRS, {})
    return Repair(world, await hass_client())


@pytest.fixture
async def gone(world: World) -> World:
    """A home whose garden camera has been gone for a while."""
    world.senses.vanish("garden")
    await world.pass_time(360, step=3)
    return world


# Issues


async def test_a_camera_that_needs_hands_is_an_issue_until_it_is_well(world: World) -> None:
    """Nobody tidies up after us."""
    # It answers, and does not do its work.
    world.senses.camera("garden").ports = PortState.SILENT
    world.senses.camera("garden").hello = None
    await world.pass_time(180)
    there = issue(world)
    since = camera(world).data.since
    assert there is not None
    assert since is not None
    # A drop-out that is over within the minute is nothing.
    assert there.created - since >= timedelta(seconds=60)
    assert (there.is_fixable, there.severity) == (True, ir.IssueSeverity.ERROR)
    assert there.translation_placeholders is not None
    assert there.translation_placeholders["name"] == "Garden"
    assert "_" not in there.translation_placeholders["cause"]
    assert issue(world, "trouble_subentry_shed") is None
    world.senses.come_back("garden")
    await world.pass_time(60)
    assert issue(world) is None


async def test_a_camera_that_may_come_back_by_itself_is_given_its_time(world: World) -> None:
    """A restart takes two minutes, and nobody need be called for it."""
    world.senses.vanish("garden")
    await world.pass_time(150, step=2)
    assert issue(world) is None
    await world.pass_time(200, step=2)
    assert issue(world) is not None


async def test_a_refused_login_is_a_warning(world: World) -> None:
    """The picture is there for everybody else."""
    world.senses.camera("garden").reading = REFUSED
    world.senses.camera("garden").loses_session = True
    await world.pass_time(900, step=5)
    there = issue(world)
    assert there is not None
    assert there.severity is ir.IssueSeverity.WARNING


async def test_a_camera_that_is_restarting_is_no_issue(gone: World) -> None:
    """It heals by itself."""
    assert issue(gone) is not None
    await gone.hass.services.async_call(
        DOMAIN,
        "report",
        {"entity_id": "binary_sensor.garden_connection_problem", "plug": "off"},
        blocking=True,
    )
    await gone.pass_time(15)
    assert gone.state("sensor.garden_diagnosis") == "switched_off"
    assert issue(gone) is None


async def test_issues_go_with_what_they_are_about(gone: World) -> None:
    """An issue about a camera that is not watched any more cannot be mended."""
    gone.senses.vanish("shed")
    await gone.pass_time(360, step=3)
    assert issue(gone, "trouble_subentry_shed") is not None
    gone.hass.config_entries.async_remove_subentry(gone.entry, "subentry_shed")
    await gone.pass_time(15)
    assert issue(gone, "trouble_subentry_shed") is None
    await gone.hass.config_entries.async_unload(gone.entry.entry_id)
    assert issue(gone) is None


# The repair


async def test_a_repair_begins_with_the_diagnosis_and_why(gone: World, repair: Repair) -> None:
    """Who is told only what to do learns nothing, and trusts nothing."""
    await repair.open()
    assert repair.step == "diagnosis"
    assert repair.told["reasons"].startswith("- ")
    assert repair.told["name"] == "Garden"
    await repair.submit()
    assert repair.step == "question"
    assert repair.options[-1] == "unknown"
    assert repair.told["question"].endswith("?")


async def test_an_answer_changes_what_comes_next(gone: World, repair: Repair) -> None:
    """Else it was asked in vain; and nothing is asked twice."""
    await (await repair.open()).submit()
    asked = []
    while repair.step == "question":
        asked.append(repair.told["question"])
        assert len(asked) <= 3
        light = "light_" not in repair.page and "blinking_red" in repair.options
        await repair.submit(answer="blinking_red" if light else "unknown")
    assert len(asked) == len(set(asked)) > 0
    assert repair.step == "advice"
    told = {str(told.question): told.answer for told in camera(gone).chart.memory.told}
    assert told["light"] == "blinking_red"


async def test_a_step_that_fails_is_evidence_for_the_next(gone: World, repair: Repair) -> None:
    """Nobody is told to restart the camera a second time."""
    await (await repair.open()).submit()
    await repair.answer_all()
    first = repair.told["step"]
    await repair.choose("done")
    assert repair.step == "check"
    await repair.wait(400)
    await repair.answer_all()
    assert repair.step == "advice"
    assert repair.told["step"] != first
    assert repair.told["news"].startswith("It has not helped")
    chart = camera(gone).chart
    assert len(chart.memory.tried) == 1
    assert chart.outage is not None
    assert chart.outage.tried == chart.memory.tried
    assert issue(gone) is not None


async def test_a_step_that_helps_ends_it_and_is_remembered(gone: World, repair: Repair) -> None:
    """What helped once is worth more the next time."""
    await (await repair.open()).submit()
    await repair.answer_all()
    step = camera(gone).data.diagnosis.steps[0]  # type: ignore[union-attr]
    await repair.choose("done")
    await gone.pass_time(20, wait=False)
    gone.senses.come_back("garden")
    # It ends as soon as the camera is back, not when the time is over.
    await repair.wait(30)
    assert repair.step == "helped"
    assert issue(gone) is None
    outage = camera(gone).chart.memory.outages[-1]
    assert outage.end is not None
    assert (outage.helped, outage.tried) == (step, (step,))


async def test_what_cannot_be_done_is_left_out_and_proves_nothing(
    gone: World, repair: Repair
) -> None:
    """A camera on the roof cannot be unplugged; that does not make its power supply well."""
    await (await repair.open()).submit()
    await repair.answer_all()
    steps = []
    while repair.step == "advice":
        steps.append(repair.told["step"])
        await repair.choose("skip")
    assert len(steps) == len(set(steps)) > 1
    assert not camera(gone).chart.memory.tried
    assert repair.step == "support"
    assert "C210" in repair.told["model"]
    assert repair.told["tried"] == "nothing"
    await repair.choose("leave")
    assert repair.step == "left_open"
    assert issue(gone) is not None


async def test_the_summary_for_support_holds_what_was_tried_and_no_names(
    gone: World, repair: Repair
) -> None:
    """It is sent to strangers."""
    await (await repair.open()).submit()
    await repair.answer_all()
    tried = []
    while repair.step == "advice":
        tried.append(repair.told["step"])
        await repair.done()
        await repair.answer_all()
    assert repair.step == "support"
    for step in tried:
        assert step in repair.told["tried"]
    assert "I don't know" in repair.told["told"]
    assert repair.told["firmware"] == "1.4.3"
    await repair.done()
    assert repair.step == "support"


async def test_a_camera_that_comes_back_by_itself_ends_it_well(gone: World, repair: Repair) -> None:
    """Nobody is led on through steps for a camera that works."""
    await repair.open()
    gone.senses.come_back("garden")
    await gone.pass_time(30)
    await repair.submit()
    assert repair.step == "well"
    assert camera(gone).chart.memory.outages[-1].helped is None


async def test_closing_the_dialog_leaves_the_issue(gone: World, repair: Repair) -> None:
    """And ends what was under way."""
    await (await repair.open()).submit()
    await repair.answer_all()
    await repair.choose("done")
    await repair.close()
    await gone.pass_time(30)
    assert issue(gone) is not None
    assert not camera(gone).chart.memory.tried


async def test_a_camera_that_is_removed_ends_it(gone: World, repair: Repair) -> None:
    """Also in the middle of a check."""
    await (await repair.open()).submit()
    await repair.answer_all()
    await repair.choose("done")
    gone.hass.config_entries.async_remove_subentry(gone.entry, "subentry_garden")
    await repair.wait(10)
    assert repair.step == "gone"


async def test_a_page_of_a_camera_that_was_removed_says_so(gone: World, repair: Repair) -> None:
    """In words."""
    await repair.open()
    gone.hass.config_entries.async_remove_subentry(gone.entry, "subentry_garden")
    await gone.pass_time(15)
    await repair.submit()
    assert repair.step == "gone"


async def test_it_survives_a_reload(gone: World, repair: Repair) -> None:
    """Reloading is a thing that people try."""
    await (await repair.open()).submit()
    await repair.answer_all()
    asked = camera(gone).chart.memory.told
    await gone.hass.config_entries.async_unload(gone.entry.entry_id)
    await repair.choose("skip")
    assert repair.step == "check"
    await gone.hass.config_entries.async_setup(gone.entry.entry_id)
    await repair.wait(60)
    assert repair.step == "advice"
    assert camera(gone).chart.memory.told == asked


async def test_a_home_that_stays_unloaded_is_said_to_be_not_ready(
    gone: World, repair: Repair
) -> None:
    """A dialog that waits for ever is worse than one that ends."""
    await repair.open()
    await gone.hass.config_entries.async_unload(gone.entry.entry_id)
    await repair.submit()
    await repair.wait(90)
    assert repair.step == "not_ready"


async def test_two_at_once_do_not_disturb_each_other(
    gone: World, repair: Repair, hass_client: ClientSessionGenerator
) -> None:
    """The phone and the tablet on the wall."""
    other = Repair(gone, await hass_client())
    for one in (repair, other):
        await (await one.open()).submit()
        await one.answer_all()
    await repair.choose("done")
    await other.choose("done")
    await repair.wait(400)
    await repair.answer_all()
    await other.refresh()
    await other.answer_all()
    assert repair.step == other.step == "advice"
    assert repair.told["step"] == other.told["step"]
    assert len(camera(gone).chart.memory.tried) == 1


@pytest.mark.parametrize(
    ("refusing", "issue_id", "page"),
    [
        (("garden", "shed"), HOME_ISSUE, "reauth_confirm"),
        (("garden", "shed"), HOME_ISSUE, "reconfigure"),
        (("garden",), ISSUE, "reconfigure"),
    ],
)
async def test_a_refused_login_leads_to_the_password(
    world: World, repair: Repair, refusing: tuple[str, ...], issue_id: str, page: str
) -> None:
    """Into the dialog that can take it, and the issue stays until the login works.

    That no camera accepts the account is said only where it is true; and what Home Assistant
    asks for itself is not a second issue.
    """
    for name in refusing:
        world.senses.camera(name).reading = REFUSED
        world.senses.camera(name).loses_session = True
    await world.pass_time(900, step=5)
    flows = list(world.entry.async_get_active_flows(world.hass, {"reauth"}))
    assert (issue(world, issue_id) is None) is bool(flows)
    for flow in flows:
        world.hass.config_entries.flow.async_abort(flow["flow_id"])
    await world.pass_time(20)
    await (await repair.open(issue_id)).submit()
    await repair.answer_all()
    while "enter_password" not in repair.page["menu_options"]:
        await repair.choose("skip")
    if page == "reauth_confirm":
        await world.entry.start_reauth_flow(world.hass)
    await repair.choose("enter_password")
    assert repair.step == "continue_login"
    kind, flow_id = repair.page["next_flow"]
    assert kind == "config_flow"
    assert world.hass.config_entries.flow.async_get(flow_id)["step_id"] == page
    assert issue(world, issue_id) is not None


async def test_what_was_done_about_a_login_is_tried_once(world: World, repair: Repair) -> None:
    """A person has acted, so one login is due; each more feeds the lock."""
    garden = world.senses.camera("garden")
    garden.reading = REFUSED
    garden.loses_session = True
    await world.pass_time(900, step=5)
    await (await repair.open()).submit()
    await repair.answer_all()
    before = garden.seen["login"]
    await repair.done()
    assert garden.seen["login"] == before + 1
    garden.reading = WELL
    await repair.answer_all()
    await repair.done()
    assert repair.step == "helped"
    assert garden.seen["login"] == before + 2
    assert camera(world).chart.login is LoginResult.OK


async def test_what_helped_is_noted_with_the_trouble_that_it_ended(
    world: World, repair: Repair
) -> None:
    """Not with last week's outage, of which nobody knows to this day what ended it."""
    world.senses.vanish("garden")
    await world.pass_time(60, step=3)
    world.senses.come_back("garden")
    await world.pass_time(400, step=5)
    before = camera(world).chart.memory.outages
    assert before[-1].end is not None
    garden = world.senses.camera("garden")
    garden.reading = REFUSED
    garden.loses_session = True
    await world.pass_time(900, step=5)
    await (await repair.open()).submit()
    await repair.answer_all()
    step = repair.told["step"]
    garden.reading = WELL
    await repair.done()
    assert repair.step == "helped"
    assert camera(world).chart.memory.outages == before
    await world.pass_time(1)
    assert f"What helped: {step}." in shown(world)["Garden is well again"]


async def test_a_wrong_address_leads_to_the_settings(world: World, repair: Repair) -> None:
    """Where it can be put right."""
    world.senses.vanish("garden")
    world.senses.elsewhere = (found("garden", "192.168.1.99"),)
    await world.pass_time(360, step=3)
    assert world.state("sensor.garden_diagnosis") == "address_changed"
    await (await repair.open()).submit()
    await repair.answer_all()
    while "change_settings" not in repair.page["menu_options"]:
        await repair.choose("skip")
    await repair.choose("change_settings")
    kind, flow_id = repair.page["next_flow"]
    assert (repair.step, kind) == ("continue_settings", "config_subentries_flow")
    flow = world.hass.config_entries.subentries.async_get(flow_id)
    assert flow["step_id"] == "reconfigure"


async def test_a_restart_by_hand_counts_as_a_remedy(gone: World, repair: Repair) -> None:
    """The next diagnosis knows that cutting the power did not help."""
    await (await repair.open()).submit()
    await repair.answer_all()
    name = gone.entry.runtime_data.words.say("step", Step.RESTART_CAMERA)
    while repair.told["step"] != name:
        await repair.choose("skip")
    await repair.done()
    remedies = camera(gone).chart.memory.remedies
    assert [(one.remedy, one.helped) for one in remedies] == [(RemedyKind.POWER_CYCLE, False)]


async def test_an_issue_without_data_is_of_no_camera(world: World, repair: Repair) -> None:
    """What another version has left behind must not raise."""
    flow = await async_create_fix_flow(world.hass, ISSUE, None)
    flow.hass = world.hass
    with pytest.raises(Exception, match="gone"):
        await flow.async_step_init()  # type: ignore[attr-defined]


# The home


@pytest.fixture
async def dark(world: World) -> World:
    """A home whose router has been silent for a while, and all cameras with it."""
    world.senses.gateway_answers = False
    world.senses.vanish("garden", "shed")
    await world.pass_time(360, step=3)
    return world


def mend(world: World) -> None:
    """Let the router and the cameras come back."""
    world.senses.gateway_answers = True
    world.senses.come_back("garden", "shed")


async def test_what_befalls_the_home_is_one_issue(dark: World) -> None:
    """Ten cameras behind one router are one thing to mend."""
    shown = [issue_id for domain, issue_id in ir.async_get(dark.hass).issues if domain == DOMAIN]
    assert shown == [HOME_ISSUE]
    there = issue(dark, HOME_ISSUE)
    assert there is not None
    assert there.translation_placeholders == {
        "name": dark.hass.config.location_name,
        "cause": "Router or access point down",
    }
    mend(dark)
    await dark.pass_time(360, step=3)
    assert issue(dark, HOME_ISSUE) is None


async def test_the_home_is_repaired_like_a_camera(dark: World, repair: Repair) -> None:
    """And what helped is remembered of every camera that was lost with it."""
    await (await repair.open(HOME_ISSUE)).submit()
    await repair.answer_all()
    assert repair.step == "advice"
    assert repair.told["model"] == "C210"
    await repair.done()
    await repair.answer_all()
    assert repair.step == "advice"
    await repair.choose("done")
    mend(dark)
    await repair.wait(400)
    assert repair.step == "helped"
    for name in ("garden", "shed"):
        outage = camera(dark, name).chart.memory.outages[-1]
        assert outage.helped is not None
        assert len(outage.tried) == 2
    await dark.pass_time(1)
    assert "What helped: " in shown(dark)["The cameras are back"]


@pytest.fixture
async def together(world: World) -> World:
    """A home whose cameras were lost together, while the router is well."""
    world.senses.vanish("garden", "shed")
    await world.pass_time(360, step=3)
    assert issue(world, HOME_ISSUE) is not None
    return world


async def test_an_answer_about_the_home_changes_what_is_thought_of_it(
    together: World, repair: Repair
) -> None:
    """Else the same question comes three times in a row, whatever is answered."""
    await (await repair.open(HOME_ISSUE)).submit()
    asked = []
    while repair.step == "question":
        asked.append(repair.told["question"])
        await repair.submit(answer="works" if "works" in repair.options else "unknown")
    assert len(asked) == len(set(asked)) > 0
    told = {str(told.question): told.answer for told in camera(together).chart.memory.told}
    assert told["app"] == "works"
    thought = camera(together).data.diagnosis
    assert thought is not None
    assert together.state("sensor.tapo_doctor_diagnosis") == thought.cause
    words = together.entry.runtime_data.words
    assert repair.told["cause"] == words.cause(thought.cause)


async def test_the_repair_of_the_home_leads_to_no_single_camera_s_settings(
    together: World, repair: Repair
) -> None:
    """Its address is nobody's, and the dialog that was offered could not be opened."""
    await together.hass.services.async_call(
        DOMAIN,
        "report",
        {
            "entity_id": [
                f"binary_sensor.{name}_connection_problem" for name in ("garden", "shed")
            ],
            "network_changed": True,
        },
        blocking=True,
    )
    await (await repair.open(HOME_ISSUE)).submit()
    await repair.answer_all("works")
    shown = {}
    while repair.step == "advice":
        shown[repair.told["step"]] = repair.page["menu_options"]
        await repair.choose("skip")
    step = together.entry.runtime_data.words.say("step", Step.RESERVE_ADDRESS)
    assert "change_settings" not in shown[step]


async def test_a_finding_that_ebbs_away_asks_nothing_twice(together: World, repair: Repair) -> None:
    """What was concluded last stands meanwhile, and its question with it."""
    await (await repair.open(HOME_ISSUE)).submit()
    together.senses.come_back("shed")
    await together.pass_time(30)
    asked = []
    while repair.step == "question":
        asked.append(repair.told["question"])
        await repair.submit(answer="unknown")
    assert len(asked) == len(set(asked)) > 0


# What needs no hands


@pytest.fixture
async def plugged(world: World) -> FakePlug:
    """The garden camera hangs on a smart plug, and does not do its work."""
    plug = have_plugs(world.hass)[PLUG]
    subentry = world.entry.subentries["subentry_garden"]
    world.hass.config_entries.async_update_subentry(
        world.entry, subentry, data={**subentry.data, "plug": PLUG}
    )
    garden = world.senses.camera("garden")
    garden.ports, garden.hello = PortState.SILENT, None
    await world.pass_time(400, step=4)
    assert world.state("sensor.garden_diagnosis") == "camera_frozen"
    return plug


async def to_the_restart(repair: Repair) -> None:
    """Walk to the step that a plug can take."""
    await (await repair.open()).submit()
    await repair.answer_all()
    while "do_it" not in repair.page["menu_options"]:
        await repair.choose("skip")


async def test_the_doctor_restarts_a_camera_through_its_plug(
    world: World, plugged: FakePlug, repair: Repair
) -> None:
    """Nobody climbs a ladder for a camera that hangs on a smart plug."""
    plugged.on_call = lambda service: (
        world.senses.vanish("garden") if service == "turn_off" else world.senses.come_back("garden")
    )
    await to_the_restart(repair)
    await repair.choose("do_it")
    assert repair.page["progress_action"] == "do_it"
    await repair.wait(120)
    assert repair.step == "helped"
    assert plugged.calls == ["turn_off", "turn_on"]
    chart = camera(world).chart
    assert chart.memory.outages[-1].helped is Step.RESTART_CAMERA
    # The remedy has noted itself; a second note would count it twice.
    assert [one.remedy for one in chart.memory.remedies] == [RemedyKind.POWER_CYCLE]


async def test_what_is_refused_is_said_in_words_and_left_to_the_person(
    world: World, plugged: FakePlug, repair: Repair
) -> None:
    """A remedy that was not tried has not failed."""
    await to_the_restart(repair)
    step = repair.told["step"]
    plugged.vanish()
    await repair.choose("do_it")
    await repair.wait(60)
    await repair.answer_all()
    assert repair.told["step"] == step
    assert repair.told["news"].startswith("It could not be done for you: ")
    assert "do_it" not in repair.page["menu_options"]
    assert not camera(world).chart.memory.tried


async def test_what_is_refused_is_said_in_the_language_of_the_home(
    world: World, plugged: FakePlug, repair: Repair
) -> None:
    """An error by itself speaks English."""
    world.hass.config.language = "de"
    world.entry.runtime_data.words = await Words.load(world.hass)
    await to_the_restart(repair)
    plugged.vanish()
    await repair.choose("do_it")
    await repair.wait(60)
    await repair.answer_all()
    assert repair.told["news"].startswith(
        "Das konnte nicht für dich erledigt werden: Der Strom von Garden wurde nicht unterbrochen: "
    )
