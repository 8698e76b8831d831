"""The blueprints: loaded as Home Assistant loads them, and run."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

import custom_components.tapo_doctor
from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.probes.findings import Hello, Reading

from .plugs import let_time_pass
from .source import ROOT
from .test_power_cycling import Powered, powered

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from homeassistant.core import ServiceCall

    from .world import World

__all__ = ["powered"]

SOURCE = Path(custom_components.tapo_doctor.__file__).parent / "blueprints" / AUTOMATION
BLOB = "https://github.com/tapo-doctor/tapo_doctor/blob/main/"
FIGURES = ["sensor.garden_availability_7d", "sensor.shed_availability_7d"]
CAMERAS = ["event.garden_outage", "event.shed_outage"]
PROBLEM = "binary_sensor.garden_connection_problem"
COUNTER = "counter.cuts"


@pytest.fixture
async def blueprints(world: World, tmp_path: Path) -> AsyncGenerator[None]:
    """A home whose owner has imported them."""
    world.hass.config.config_dir = str(tmp_path)
    await world.hass.async_add_executor_job(
        shutil.copytree, SOURCE, tmp_path / "blueprints" / AUTOMATION
    )
    yield
    await world.hass.services.async_call(AUTOMATION, "turn_off", {"entity_id": "all"})
    await world.hass.async_block_till_done()


def test_every_blueprint_knows_where_it_comes_from() -> None:
    """Home Assistant looks there for a newer one."""
    found = sorted(SOURCE.rglob("*.yaml"))
    assert len(found) > 2
    for path in found:
        # Its inputs are marked by a tag, which plain reading does not know.
        (url,) = re.findall(
            r"^  source_url: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert url == f"{BLOB}{path.relative_to(ROOT).as_posix()}"


async def automate(world: World, name: str, **inputs: Any) -> None:
    """Make an automation of a blueprint, as its dialog would."""
    use = {"use_blueprint": {"path": f"tapo_doctor/{name}.yaml", "input": inputs}}
    assert await async_setup_component(world.hass, AUTOMATION, {AUTOMATION: use})
    await world.hass.async_block_till_done()
    (state,) = world.hass.states.async_all(AUTOMATION)
    assert state.state == "on", "the automation is not valid"


@pytest.mark.usefixtures("blueprints")
async def test_the_week_is_summed_up_worst_first(world: World) -> None:
    """Once a week, on the day that was chosen, and with what was measured."""
    notices: list[ServiceCall] = async_mock_service(world.hass, "persistent_notification", "create")
    # It is Monday, one in the afternoon.
    await automate(world, "weekly_summary", figures=FIGURES, time="13:30:00")
    await world.pass_time(900, step=15)
    world.senses.vanish("shed")
    await world.pass_time(1200, step=10)
    (notice,) = notices
    first, second = notice.data["message"].splitlines()
    assert first.startswith("Shed Availability 7d: ")
    assert second == "Garden Availability 7d: 100.0 %"


@pytest.mark.usefixtures("blueprints")
async def test_on_other_days_there_is_no_summary(world: World) -> None:
    notices = async_mock_service(world.hass, "persistent_notification", "create")
    await automate(world, "weekly_summary", figures=FIGURES, time="13:30:00", day="tue")
    await world.pass_time(2400, step=30)
    assert not notices


# Tell me with buttons


async def go_on(world: World, seconds: float) -> None:
    """Let time pass for automations that wait for it."""
    await let_time_pass(world.hass, world.freezer, seconds, step=1)


async def hang(powered: Powered) -> None:
    """Let the camera hang, until that is known."""
    camera = powered.world.senses.camera("garden")
    camera.hello, camera.reading = Hello.SILENT, Reading(result=LoginResult.TIMEOUT)
    await go_on(powered.world, 80)
    assert powered.world.state("sensor.garden_diagnosis") == "camera_frozen"


class Phone:
    """A phone with the app."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.got: list[ServiceCall] = async_mock_service(
            world.hass, "notify", "mobile_app_my_phone"
        )
        entry = MockConfigEntry(domain="mobile_app")
        entry.add_to_hass(world.hass)
        self.device_id = (
            dr.async_get(world.hass)
            .async_get_or_create(
                config_entry_id=entry.entry_id, identifiers={("mobile_app", "1")}, name="My phone"
            )
            .id
        )

    @property
    def message(self) -> str:
        """What it shows."""
        message: str = self.got[-1].data["message"]
        return message

    @property
    def buttons(self) -> dict[str, str]:
        """What it offers, by what stands on it."""
        actions = self.got[-1].data["data"]["actions"]
        return {action["title"]: action["action"] for action in actions}

    async def tap(self, button: str, seconds: float = 3) -> None:
        """Tap a button, and wait for what it does."""
        self.world.hass.bus.async_fire(
            "mobile_app_notification_action", {"action": self.buttons[button]}
        )
        await go_on(self.world, seconds)


@pytest.fixture
async def phone(world: World, blueprints: None) -> Phone:
    """A phone that is told by the blueprint."""
    phone = Phone(world)
    await automate(world, "tell_with_buttons", cameras=CAMERAS, phones=[phone.device_id])
    return phone


async def test_a_loss_is_told_when_it_has_settled(world: World, phone: Phone) -> None:
    """With the cause and the steps, and once."""
    world.senses.vanish("garden")
    await go_on(world, 60)
    assert not phone.got
    await go_on(world, 60)
    (told,) = phone.got
    assert told.data["title"] == "Garden"
    cause, first, *_ = told.data["message"].splitlines()
    assert cause == "Undetermined."
    assert first.startswith("1. ")
    # It has no plug.
    assert list(phone.buttons) == ["Look again", "Pause"]


async def test_what_is_soon_over_is_not_told(world: World, phone: Phone) -> None:
    """A blip wakes nobody, nor does one after another."""
    for _ in range(2):
        world.senses.vanish("garden")
        await go_on(world, 40)
        world.senses.come_back("garden")
        await go_on(world, 40)
    await go_on(world, 60)
    assert {call.data["message"] for call in phone.got} == {"clear_notification"}


async def test_what_is_over_is_taken_back(world: World, phone: Phone) -> None:
    """Nobody climbs a ladder to a camera that works."""
    world.senses.vanish("garden")
    await go_on(world, 120)
    world.senses.come_back("garden")
    await go_on(world, 30)
    assert phone.message == "clear_notification"
    first, last = phone.got
    assert first.data["data"]["tag"] == last.data["data"]["tag"]


async def test_a_button_pauses(world: World, phone: Phone) -> None:
    """And the message goes."""
    world.senses.vanish("garden")
    await go_on(world, 120)
    await phone.tap("Pause")
    assert world.state("switch.garden_alerts") == "off"
    assert phone.message == "clear_notification"


async def test_a_button_looks_again(world: World, phone: Phone) -> None:
    """What was found takes the message's place."""
    world.senses.vanish("garden")
    await go_on(world, 120)
    looks = world.senses.searches
    await phone.tap("Look again")
    assert world.senses.searches > looks
    assert phone.message.startswith("Looked again. Undetermined.")


async def test_a_button_cuts_the_power(powered: Powered, phone: Phone) -> None:
    """The camera hangs, and works again."""
    await hang(powered)
    await go_on(powered.world, 60)
    assert phone.message.startswith("Camera frozen.")
    await phone.tap("Cut and restore its power", 120)
    assert powered.plug.calls == ["turn_off", "turn_on"]
    assert phone.message == "clear_notification"


async def test_why_the_power_was_not_cut_is_told(powered: Powered, phone: Phone) -> None:
    """A button that does nothing is taken for broken."""
    powered.world.senses.vanish("garden")
    await go_on(powered.world, 120)
    await phone.tap("Cut and restore its power", 120)
    assert not powered.plug.calls
    assert phone.message.startswith("No success: ")
    powered.plug.vanish()
    await phone.tap("Cut and restore its power", 120)
    assert phone.message.startswith("Its power could not be cut; the log says why.")


async def test_buttons_of_others_are_none_of_ours(world: World, phone: Phone) -> None:
    """Nor are ours for a camera that nobody has named here."""
    for action in ("OPEN_DOOR", "tapo_doctor_blueprint:pause:shed", "other:pause:garden"):
        world.hass.bus.async_fire("mobile_app_notification_action", {"action": action})
    await go_on(world, 5)
    assert not phone.got
    assert world.state("switch.garden_alerts") == "on"


# Power-cycle by my rules


@pytest.fixture
async def outcomes(powered: Powered, blueprints: None) -> list[ServiceCall]:
    """What the blueprint says, with a counter for its cuts."""
    assert await async_setup_component(powered.hass, "counter", {"counter": {"cuts": {}}})
    told: list[ServiceCall] = async_mock_service(powered.hass, "persistent_notification", "create")
    return told


async def by_my_rules(powered: Powered, **rules: Any) -> None:
    """Let the blueprint see to the garden camera."""
    await automate(
        powered.world,
        "power_cycle_by_my_rules",
        **{"cameras": CAMERAS[:1], "counter": COUNTER, "patience": 3, **rules},
    )


async def test_a_frozen_camera_is_cut_and_counted(
    powered: Powered, outcomes: list[ServiceCall]
) -> None:
    """In its own good time, and it is said what came of it."""
    await by_my_rules(powered)
    await hang(powered)
    assert not powered.plug.calls
    await go_on(powered.world, 300)
    assert powered.plug.calls == ["turn_off", "turn_on"]
    assert powered.world.state(COUNTER) == "1"
    (outcome,) = outcomes
    assert (
        outcome.data["message"] == "Garden: it works again after its power was cut and given back."
    )


@pytest.mark.parametrize(
    "rules",
    [
        {"until": "12:00:00"},
        {"from": "14:00:00", "until": "15:00:00"},
        {"causes": ["firmware_outdated"]},
        {"most": 0},
    ],
)
async def test_what_the_rules_forbid_is_not_cut(
    powered: Powered, outcomes: list[ServiceCall], rules: dict[str, Any]
) -> None:
    """It is one in the afternoon."""
    await by_my_rules(powered, **rules)
    await hang(powered)
    await go_on(powered.world, 300)
    assert not powered.plug.calls
    assert not outcomes


async def test_what_was_found_in_other_hours_is_seen_to_later(
    powered: Powered, outcomes: list[ServiceCall]
) -> None:
    """Else a camera that freezes at night is gone all day."""
    await by_my_rules(powered, **{"from": "13:06:00", "until": "15:00:00"})
    await hang(powered)
    await go_on(powered.world, 180)
    assert not powered.plug.calls
    await go_on(powered.world, 240)
    assert powered.plug.calls == ["turn_off", "turn_on"]
    assert len(outcomes) == 1


async def test_a_plug_that_is_gone_is_told(powered: Powered, outcomes: list[ServiceCall]) -> None:
    """The doctor refuses with an error, and the rules go on."""
    await by_my_rules(powered)
    await hang(powered)
    powered.plug.vanish()
    await go_on(powered.world, 240)
    (outcome,) = outcomes
    assert outcome.data["message"] == "Garden: its power was not cut: the log says why."
    assert powered.world.state(COUNTER) == "0"


async def test_a_day_begins_anew(powered: Powered, outcomes: list[ServiceCall]) -> None:
    """What was cut yesterday counts no more."""
    await by_my_rules(powered)
    await powered.hass.services.async_call(
        "counter", "set_value", {"entity_id": COUNTER, "value": 3}, blocking=True
    )
    powered.world.freezer.move_to("2026-06-16 06:59:50+00:00")
    await go_on(powered.world, 20)
    assert powered.world.state(COUNTER) == "0"
    assert not outcomes
