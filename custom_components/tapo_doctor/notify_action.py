"""The action `notify`: sends the present diagnosis, with what to do, to whomever it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import voluptuous as vol
from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TITLE
from homeassistant.components.notify import DOMAIN as NOTIFY_DOMAIN
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .const import CONF_NOTIFY_ENTITIES, CONF_NOTIFY_SERVICES, DOMAIN
from .delivery import Recipients
from .doctor.notices import Matter
from .letters import Letter
from .matters import trouble_of
from .names import name_of
from .targets import async_targeted_cameras

if TYPE_CHECKING:
    from homeassistant.core import ServiceCall, ServiceResponse
    from homeassistant.util.json import JsonObjectType

NOTIFY = cv.make_entity_service_schema(
    {
        vol.Optional(CONF_NOTIFY_ENTITIES, default=[]): cv.entities_domain(NOTIFY_DOMAIN),
        vol.Optional(CONF_NOTIFY_SERVICES, default=[]): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional(ATTR_TITLE): cv.string,
        vol.Optional(ATTR_MESSAGE): cv.string,
    }
)


async def async_notify(call: ServiceCall) -> ServiceResponse:
    """Send what is the matter with cameras; answers with the words, and whom they did not reach."""
    cameras = await async_targeted_cameras(call)
    given = Recipients.of(call.data[CONF_NOTIFY_ENTITIES], call.data[CONF_NOTIFY_SERVICES])
    if unknown := given.unknown(call.hass):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unknown_recipient",
            translation_placeholders={"recipients": ", ".join(unknown)},
        )
    seen = [(key, camera, trouble_of(camera, dt_util.utcnow())) for key, camera in cameras.items()]
    letters = [
        (key, camera, matter, given if any(given) else camera.home.noticing.recipients)
        for key, camera, matter in seen
        if isinstance(matter, Matter)
    ]
    if not letters:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="nothing_wrong",
            translation_placeholders={
                "cameras": ", ".join(name_of(camera) for camera in cameras.values())
            },
        )
    if not all(any(recipients) for *_, recipients in letters):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_recipient")
    answer: JsonObjectType = {}
    for key, camera, matter, recipients in letters:
        letter = Letter(recipients, call.data.get(ATTR_TITLE), call.data.get(ATTR_MESSAGE))
        notice, missed = await camera.home.noticing.letters.async_tell(camera, matter, letter)
        answer[key] = {
            "title": notice.title,
            "message": notice.message,
            "not_reached": list(missed),
        }
    return answer
