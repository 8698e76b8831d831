"""Triggers for the automation editor: what the event entities tell, in a person's words.

Home Assistant's platform for this may still change; so nothing rests on it that is not in the
event entities, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, override

import voluptuous as vol
from homeassistant.components.event import ATTR_EVENT_TYPE
from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.const import CONF_OPTIONS
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import ENTITY_STATE_TRIGGER_SCHEMA, StatelessEntityTriggerBase

from .const import DOMAIN
from .doctor.causes import Cause, Group
from .event import ATTR_CAUSE
from .happenings import Happened

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant, State
    from homeassistant.helpers.trigger import NotTriggeredReasonReporter, Trigger, TriggerConfig

_EVENTS: Final = {EVENT_DOMAIN: DomainSpec()}
# What nobody needs to do anything about is no problem, and never told.
CAUSES: Final = tuple(cause for cause in Cause if cause.group is not Group.FINE)
# Nobody has found a cause while it is undetermined; who wants to hear of that has to say so.
_FOUND: Final = frozenset(CAUSES) - {Cause.UNDETERMINED}


class OutageTrigger(StatelessEntityTriggerBase):
    """Fires on some kinds of news about some cameras."""

    _domain_specs = _EVENTS
    _kinds: ClassVar[frozenset[Happened]]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Leave out what others have in the same area or on the same floor."""
        registry = er.async_get(self._hass)
        return {
            entity_id
            for entity_id in super().entity_filter(entities)
            if (entity := registry.async_get(entity_id)) and entity.platform == DOMAIN
        }

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        return state.attributes.get(ATTR_EVENT_TYPE) in self._kinds


class ConnectionLostTrigger(OutageTrigger):
    """Fires when a camera stops answering."""

    _kinds = frozenset({Happened.CONNECTION_LOST})


class ConnectionRestoredTrigger(OutageTrigger):
    """Fires when a camera that was lost works again."""

    _kinds = frozenset({Happened.CONNECTION_RESTORED})


class DiagnosedTrigger(OutageTrigger):
    """Fires when the cause of a problem is found; it may be known with the loss already."""

    _kinds = frozenset({Happened.CONNECTION_LOST, Happened.DIAGNOSIS_CHANGED})
    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            vol.Required(CONF_OPTIONS, default={}): {
                vol.Optional(ATTR_CAUSE, default=[]): vol.All(cv.ensure_list, [vol.In(CAUSES)])
            }
        }
    )

    @override
    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._causes = frozenset(self._options[ATTR_CAUSE]) or _FOUND

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        told = super().is_valid_state(state, report_not_triggered)
        return told and state.attributes.get(ATTR_CAUSE) in self._causes


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by their names."""
    return {
        "connection_lost": ConnectionLostTrigger,
        "connection_restored": ConnectionRestoredTrigger,
        "diagnosed": DiagnosedTrigger,
    }
