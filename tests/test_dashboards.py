"""The dashboard that is offered to everybody."""

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.util.yaml import parse_yaml

from .cards import entities_in, validate, walk
from .demo.dashboard import SOURCE, fill_in
from .plugs import have_plugs
from .test_power_cycling import link

if TYPE_CHECKING:
    from .world import World


@pytest.fixture
def example() -> Any:
    """What people paste."""
    return parse_yaml(SOURCE.read_text(encoding="utf-8"))


async def linked(world: World) -> None:
    """Give the garden camera a plug, and with it the button."""
    have_plugs(world.hass)
    link(world, "garden")
    await world.pass_time(3)


async def test_the_dashboard_shows_what_there_is(world: World, example: Any) -> None:
    """A card without its entity is a yellow box."""
    await linked(world)
    head, *_ = validate(world.hass, example)
    assert head.startswith("# All cameras are well")
    assert "2 cameras" in head


async def test_the_dashboard_says_what_is_wrong_and_what_to_do(world: World, example: Any) -> None:
    """Its templates are of no use if they are empty in the hour of need."""
    await linked(world)
    world.senses.vanish("garden")
    await world.pass_time(120)
    head, advice, _home = validate(world.hass, example)
    assert "# 1 of 2 cameras in trouble" in head
    assert "Garden" in head
    reason = world.hass.states.get("sensor.garden_diagnosis")
    assert reason is not None
    assert f"- {reason.attributes['reasons_in_words'][0]}" in advice
    assert f"1. {reason.attributes['steps_in_words'][0]}" in advice


async def test_the_dashboard_tells_of_an_outage_of_the_home(world: World, example: Any) -> None:
    """One card for all cameras that the router takes along."""
    await linked(world)
    world.senses.gateway_answers = False
    world.senses.vanish("garden", "shed")
    await world.pass_time(240, step=2)
    *_, home = validate(world.hass, example)
    assert home.startswith("**Router or access point down**: Garden, Shed")
    assert "1. " in home


async def test_the_dashboard_is_filled_in_for_every_camera(world: World, example: Any) -> None:
    """As its first lines tell people to do it, and as the demo does; no camera is left out."""
    await linked(world)
    known = set(world.hass.states.async_entity_ids())
    view = fill_in(example, ["Garden", "Shed"], known)
    validate(world.hass, view)
    assert len(view["sections"]) == len(example["sections"]) + 1
    assert entities_in(example) < entities_in(view)
    # It has no plug.
    assert "button.shed_power_cycle" not in entities_in(view)
    (logbook,) = [card for card in walk(view) if card.get("type") == "logbook"]
    assert logbook["target"]["entity_id"] == ["event.garden_outage", "event.shed_outage"]
