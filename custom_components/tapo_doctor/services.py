"""The actions, registered once, whether or not a home is set up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import voluptuous as vol
from homeassistant.core import SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .doctor.case import write_diagnosis, write_evidence
from .doctor.questions import QuestionKey, possible_answers
from .doctor.told import ANSWERABLE
from .guidance import async_tell
from .notify_action import NOTIFY, async_notify
from .power_actions import (
    ATTR_FORCE,
    ATTR_OFF_SECONDS,
    async_power_cycle,
    async_restart_network,
)
from .power_cycling import OFF_S
from .targets import async_targeted_cameras

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
    from homeassistant.util.json import JsonObjectType

_DURATION = "duration"
_UNTIL_RESUMED = "until_resumed"
# Long enough to clear out the shed, short enough that nobody forgets it.
DEFAULT_PAUSE = timedelta(hours=2)
_SHORTEST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=1), timedelta(days=366)

CAMERAS = cv.make_entity_service_schema({})
PAUSE = cv.make_entity_service_schema(
    {
        vol.Optional(_DURATION, default=DEFAULT_PAUSE): vol.All(
            cv.positive_time_period, vol.Range(min=_SHORTEST_PAUSE, max=_LONGEST_PAUSE)
        ),
        vol.Optional(_UNTIL_RESUMED, default=False): cv.boolean,
    }
)

# What a person can report is named as in the case format, where that has a name for it.
_NAMES = {
    QuestionKey.SOUND: "sound_of_restarting",
    QuestionKey.ROUTER_LIST: "router_lists_camera",
}
_REPORTED = {question: _NAMES.get(question, question.value) for question in ANSWERABLE}
_YES_NO = {True: "yes", False: "no"}


def _answers(question: QuestionKey) -> Any:
    """Return what a field takes: a word, or yes and no."""
    words = possible_answers(question)
    return cv.boolean if set(words) == set(_YES_NO.values()) else vol.In(words)


REPORT = cv.make_entity_service_schema(
    {vol.Optional(field): _answers(question) for question, field in _REPORTED.items()}
)


class Action(NamedTuple):
    """A row of the table of actions."""

    name: str
    handler: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    schema: vol.Schema
    response: SupportsResponse


async def _async_diagnose(call: ServiceCall) -> ServiceResponse:
    """Examine cameras now; answers with the diagnosis of each, and the case it rests on."""
    answer: JsonObjectType = {}
    for key, camera in (await async_targeted_cameras(call)).items():
        await camera.rounds.async_check_now()
        diagnosis = camera.data.diagnosis
        answer[key] = {
            "diagnosis": write_diagnosis(diagnosis) if diagnosis else None,
            "case": write_evidence(camera.evidence(dt_util.now())),
        }
    return answer


async def _async_report(call: ServiceCall) -> ServiceResponse:
    """Take into account what a person sees; answers with the diagnosis that follows."""
    reported = {
        question: _YES_NO.get(word, word)
        for question, field in _REPORTED.items()
        if (word := call.data.get(field)) is not None
    }
    if not reported:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_reported")
    answer: JsonObjectType = {}
    cameras = await async_targeted_cameras(call)
    for key, camera in cameras.items():
        async_tell(camera, reported)
        diagnosis = camera.data.diagnosis
        answer[key] = {"diagnosis": write_diagnosis(diagnosis) if diagnosis else None}
    for home in {camera.home for camera in cameras.values()}:
        # What is told of cameras that were lost together is told of what they share.
        home.async_judge()
    return answer


async def _async_pause(call: ServiceCall) -> ServiceResponse:
    """Pause cameras; answers with the end of each one's pause, if it has one."""
    endless = call.data[_UNTIL_RESUMED]
    until = None if endless else dt_util.utcnow() + call.data[_DURATION]
    answer: JsonObjectType = {}
    for key, camera in (await async_targeted_cameras(call)).items():
        camera.pausing.async_pause(until)
        answer[key] = {"until": until and dt_util.as_local(until).isoformat()}
    return answer


async def _async_resume(call: ServiceCall) -> ServiceResponse:
    """End the pauses of cameras; answers whether each was paused at all."""
    answer: JsonObjectType = {}
    for key, camera in (await async_targeted_cameras(call)).items():
        answer[key] = {"was_paused": camera.chart.memory.paused}
        camera.pausing.async_resume()
    return answer


_OFF: dict[Any, Any] = {vol.Optional(ATTR_OFF_SECONDS, default=OFF_S): vol.Coerce(float)}
POWER_CYCLE = cv.make_entity_service_schema(
    _OFF | {vol.Optional(ATTR_FORCE, default=False): cv.boolean}
)
RESTART_NETWORK = vol.Schema(_OFF)

ACTIONS = (
    Action("diagnose", _async_diagnose, CAMERAS, SupportsResponse.ONLY),
    Action("report", _async_report, REPORT, SupportsResponse.OPTIONAL),
    Action("notify", async_notify, NOTIFY, SupportsResponse.OPTIONAL),
    Action("pause", _async_pause, PAUSE, SupportsResponse.OPTIONAL),
    Action("resume", _async_resume, CAMERAS, SupportsResponse.OPTIONAL),
    Action("power_cycle", async_power_cycle, POWER_CYCLE, SupportsResponse.OPTIONAL),
    Action("restart_network", async_restart_network, RESTART_NETWORK, SupportsResponse.OPTIONAL),
)


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
