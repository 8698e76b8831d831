"""Outage: what happens to a camera, for automations and for the logbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import callback

from .doctor.causes import Cause
from .entity import CameraEntity, async_add_camera_entities
from .happenings import Happened

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .happenings import Happening
    from .home import TapoDoctorConfigEntry
    from .words import Words

PARALLEL_UPDATES = 0

ATTR_CAUSE = "cause"
# Why the power was cut is what the outage before it told.
_WITH_CAUSE = frozenset(
    {Happened.CONNECTION_LOST, Happened.CONNECTION_RESTORED, Happened.DIAGNOSIS_CHANGED}
)

DESCRIPTIONS = (
    EventEntityDescription(
        key="outage",
        translation_key="outage",
        event_types=[happened.value for happened in Happened],
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TapoDoctorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entity of every camera."""
    await async_add_camera_entities(entry, async_add_entities, OutageEvent, DESCRIPTIONS)


class OutageEvent(CameraEntity, EventEntity):
    """Fires once for every piece of news; remembers the last one over a restart."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.news.async_add_listener(self._async_tell))

    @callback
    def _async_tell(self, happening: Happening) -> None:
        self._trigger_event(happening.what, _attributes(happening, self.coordinator.home.words))
        self.async_write_ha_state()


def _attributes(happening: Happening, words: Words) -> dict[str, Any]:
    """Return what is known of a piece of news: keys for automations, sentences for people."""
    length = happening.length
    return {
        ATTR_CAUSE: happening.cause,
        "certainty": happening.certainty,
        "length": None if length is None else round(length.total_seconds()),
        "in_words": in_words(happening, words),
    }


def in_words(happening: Happening, words: Words) -> str:
    """Say what happened; and why, where that is known and not beside the point."""
    length = words.length(happening.length) if happening.length else ""
    sentence = words.say("happening", happening.what, {"length": length})
    if happening.what not in _WITH_CAUSE or happening.cause in {None, Cause.UNDETERMINED}:
        return sentence
    return f"{sentence} {words.say('happening', 'cause', {'cause': words.cause(happening.cause)})}"
