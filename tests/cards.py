"""Cards of a dashboard: read as Home Assistant's frontend would read them, as far as that goes."""

import re
from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import HomeAssistant

# Of what Home Assistant brings along; what is missing here, an example has to do without.
_CORE: Final = frozenset(
    {
        "conditional",
        "entities",
        "entity",
        "glance",
        "grid",
        "heading",
        "history-graph",
        "logbook",
        "markdown",
        "sections",
        "tile",
    }
)
_ENTITY: Final = re.compile(r"(?:binary_sensor|button|event|sensor|switch)\.\w+")


def walk(card: Any) -> Iterator[dict[str, Any]]:
    """Walk through a card and everything in it."""
    if isinstance(card, list):
        for one in card:
            yield from walk(one)
    elif isinstance(card, dict):
        yield card
        for value in card.values():
            yield from walk(value)


def entities_in(card: Any) -> set[str]:
    """Return the entities that are named in a card, in its templates too."""
    return set(_ENTITY.findall(str(card)))


def validate(hass: HomeAssistant, card: Any) -> list[str]:
    """Return what its texts say; fails where a card or an entity is not known."""
    kinds = {part["type"] for part in walk(card) if "type" in part}
    assert kinds, "there is no card"
    assert kinds <= _CORE, kinds - _CORE
    unknown = {one for one in entities_in(card) if hass.states.get(one) is None}
    # The names of actions look like entities.
    assert unknown <= {"button.press"}
    for condition in (one for part in walk(card) for one in part.get("visibility", [])):
        assert condition["condition"] in {"state", "numeric_state"}, condition
        assert condition["entity"] in hass.states.async_entity_ids()
    texts = [part["content"] for part in walk(card) if part.get("type") == "markdown"]
    return [Template(text, hass).async_render(parse_result=False) for text in texts]
