"""The manual: what people copy from it works, and what it points at is there."""

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.automation import EVENT_AUTOMATION_TRIGGERED
from homeassistant.components.script import DOMAIN as SCRIPT
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
from pytest_homeassistant_custom_component.common import async_capture_events, async_mock_service

from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.probes.findings import Hello, Reading

from .cards import validate
from .plugs import let_time_pass
from .source import ROOT
from .test_power_cycling import Powered, powered

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["powered"]

README: Final = (ROOT / "README.md").read_text(encoding="utf-8")


def examples(kind: str) -> list[Any]:
    """Return the examples of a kind: those with this key."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert all(_kinds(parse_yaml(block)) for block in blocks), "an example that nobody runs"
    found = [parsed for block in blocks if kind in _kinds(parsed := parse_yaml(block))]
    assert found
    return found


def _kinds(example: Any) -> set[str]:
    return {"triggers", "sequence", "type"} & set(example)


async def fail(powered: Powered) -> None:
    """Let the garden camera hang for some minutes, and come back."""
    camera = powered.world.senses.camera("garden")
    camera.hello, camera.reading = Hello.SILENT, Reading(result=LoginResult.TIMEOUT)
    await let_time_pass(powered.hass, powered.world.freezer, 200, step=1)
    assert powered.world.state("sensor.garden_diagnosis") == "camera_frozen"


@pytest.mark.parametrize("example", examples("triggers"))
async def test_an_automation_of_the_manual_runs(
    powered: Powered, example: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """What is copied and does nothing is worse than none."""
    done = async_mock_service(powered.hass, "notify", "mobile_app_phone")
    done += async_mock_service(powered.hass, "light", "turn_off")
    lit = async_mock_service(powered.hass, "light", "turn_on")
    runs = async_capture_events(powered.hass, EVENT_AUTOMATION_TRIGGERED)
    assert await async_setup_component(powered.hass, AUTOMATION, {AUTOMATION: example})
    (state,) = powered.hass.states.async_all(AUTOMATION)
    assert state.state == "on", "the automation is not valid"
    await fail(powered)
    assert runs
    assert done or lit
    for call in done:
        assert call.data["message"].count("amera") or call.data["message"].count("Garden")
    assert "rror" not in "".join(r.message for r in caplog.records if AUTOMATION in r.name)


@pytest.mark.parametrize("example", examples("sequence"))
async def test_a_script_of_the_manual_runs(powered: Powered, example: dict[str, Any]) -> None:
    """To its end, with what it wants to know."""
    told = async_mock_service(powered.hass, "notify", "mobile_app_phone")
    assert await async_setup_component(powered.hass, SCRIPT, {SCRIPT: {"example": example}})
    await powered.hass.services.async_call(SCRIPT, "turn_on", {"entity_id": "script.example"})
    await let_time_pass(powered.hass, powered.world.freezer, 10, step=1)
    assert powered.world.state("switch.garden_alerts") == "off"
    await let_time_pass(powered.hass, powered.world.freezer, 3700, step=10)
    assert [call.data["message"] for call in told] == ["Garden: healthy"]


@pytest.mark.parametrize("example", examples("type"))
async def test_a_card_of_the_manual_shows_something(powered: Powered, example: Any) -> None:
    """Of Home Assistant's own kinds, with entities that there are."""
    await fail(powered)
    for text in validate(powered.hass, example):
        assert "- It" in text
        assert "1. " in text


def links() -> Iterator[str]:
    """Find everything that the manual points at."""
    yield from re.findall(r"\]\(([^)\s]+)\)", README)
    yield from re.findall(r'src="([^"]+)"', README)


def test_what_the_manual_points_at_is_there() -> None:
    """Pictures, files and chapters; a link that leads nowhere is a dead end for a stranger."""
    own = "https://github.com/tapo-doctor/tapo_doctor/blob/main/"
    chapters = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in chapters}
    found = list(links())
    assert len(found) > 20
    for link in found:
        asked = parse_qs(urlsplit(link).query)
        assert asked.get("domain", ["tapo_doctor"]) == ["tapo_doctor"]
        meant = asked.get("blueprint_url", [link])[0]
        if meant.startswith("#"):
            assert meant[1:] in anchors, meant
        elif meant.startswith(own) or "://" not in meant:
            assert (ROOT / meant.removeprefix(own)).exists(), meant


def test_every_cause_is_named_by_its_key() -> None:
    """Who narrows a trigger has to know them."""
    assert {cause for cause in Cause if f"`{cause}`" not in README} == set()


def test_every_blueprint_and_dashboard_is_offered() -> None:
    """What nobody is told of is not used."""
    package = ROOT / "custom_components" / "tapo_doctor"
    offered = [*package.glob("blueprints/*/*/*.yaml"), *package.glob("dashboards/*.yaml")]
    assert len(offered) > 3
    assert not [path.name for path in offered if path.name not in README]
