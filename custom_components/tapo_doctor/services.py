"""The actions, registered once, whether or not a home is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from homeassistant.core import SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .doctor.case import write_diagnosis, write_evidence
from .targets import async_targeted_cameras

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    import voluptuous as vol
    from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
    from homeassistant.util.json import JsonObjectType

CAMERAS = cv.make_entity_service_schema({})


class Action(NamedTuple):
    """A row of the table of actions."""

    name: str
    handler: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    schema: vol.Schema
    response: SupportsResponse


async def _async_diagnose(call: ServiceCall) -> ServiceResponse:
    """Examine cameras now; answers with the diagnosis of each, and the case it rests on."""
    answer: JsonObjectType = {}
    for camera in await async_targeted_cameras(call):
        await camera.async_check_now()
        diagnosis = camera.data.diagnosis
        answer[camera.name] = {
            "diagnosis": write_diagnosis(diagnosis) if diagnosis else None,
            "case": write_evidence(camera.evidence(dt_util.now())),
        }
    return answer


ACTIONS = (Action("diagnose", _async_diagnose, CAMERAS, SupportsResponse.ONLY),)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Register every action."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            action.handler,
            schema=action.schema,
            supports_response=action.response,
        )
