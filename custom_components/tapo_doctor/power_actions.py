"""Cutting power because somebody asked for it: what is refused in words, and what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)

from .const import DOMAIN
from .doctor.preflight import Failure
from .names import name_of
from .network_restart import NetworkRestart
from .power_cycling import OFF_LEAST_S, OFF_MOST_S
from .targets import async_targeted_cameras, loaded_homes

if TYPE_CHECKING:
    from homeassistant.core import ServiceCall, ServiceResponse
    from homeassistant.util.json import JsonObjectType

    from .coordinator import CameraCoordinator
    from .doctor.preflight import Reason
    from .home import Home
    from .power_cycling import PowerCycleResult

ATTR_OFF_SECONDS: Final = "off_seconds"
ATTR_FORCE: Final = "force"


async def async_power_cycle(call: ServiceCall) -> ServiceResponse:
    """Cycle the power of cameras, one plug after another.

    What nobody may insist on is refused before anything is cut; what a person could have insisted
    on too, unless the answer is asked for, where it can be told.
    """
    off_s = _off_seconds(call)
    cameras, force = await async_targeted_cameras(call), call.data[ATTR_FORCE]
    for camera in cameras.values():
        decision = await camera.home.power.async_decide(camera, force=force)
        if decision.reason and not (call.return_response and decision.may_insist):
            raise_in_words(camera, decision.reason)
    done: dict[str | None, PowerCycleResult] = {}
    answer: JsonObjectType = {}
    failed: list[tuple[CameraCoordinator, Reason | Failure]] = []
    for key, camera in cameras.items():
        # Cameras on one plug go dark together, and once.
        result = done.get(camera.power.plug) or await camera.home.power.async_power_cycle(
            camera, off_s=off_s, force=force, context=call.context
        )
        if result.done:
            done[camera.power.plug] = result
        if result.reason is not None:
            failed.append((camera, result.reason))
        answer[key] = _told(camera.home, result)
    if failed and not call.return_response:
        raise_in_words(*failed[0])
    return answer if call.return_response else None


async def async_restart_network(call: ServiceCall) -> ServiceResponse:
    """Restart the router, and the cameras that are gone with it."""
    off_s = _off_seconds(call)
    await _async_require_admin(call)
    homes = loaded_homes(call.hass)
    if not homes:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="not_loaded")
    home = homes[0]
    cameras = gone_alone(home)
    result = await NetworkRestart(home).async_restart(cameras, off_s=off_s, context=call.context)
    if call.return_response:
        return _told(home, result) | {"cameras": [name_of(camera) for camera in cameras]}
    if result.reason is not None:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="network_not_restarted",
            translation_placeholders={"reason": home.words.why(result.reason)},
        )
    return None


def gone_alone(home: Home) -> tuple[CameraCoordinator, ...]:
    """Return the cameras that are gone and share no plug with one that works, or is worked on."""
    return tuple(
        camera
        for camera in home.cameras.values()
        if camera.power.plug is not None
        and all(
            other.chart.offline and not other.chart.memory.paused
            for other in home.power.load_of(camera.power.plug)
        )
    )


def raise_in_words(camera: CameraCoordinator, reason: Reason | Failure) -> NoReturn:
    """Say why the power was not cut, or why cutting it was no success."""
    filled = {"camera": name_of(camera), "reason": camera.home.words.why(reason)}
    if isinstance(reason, Failure):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="power_cycle_failed",
            translation_placeholders=filled,
        )
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="power_cycle_refused",
        translation_placeholders=filled,
    )


def _told(home: Home, result: PowerCycleResult) -> JsonObjectType:
    """Answer in keys for automations, and in words for people."""
    reason = result.reason
    return {
        "done": result.done,
        "success": result.done and reason is None,
        "reason": reason,
        "reason_in_words": home.words.why(reason) if reason else None,
        "back_after": result.back_after_s,
    }


def _off_seconds(call: ServiceCall) -> float:
    seconds: float = call.data[ATTR_OFF_SECONDS]
    if not OFF_LEAST_S <= seconds <= OFF_MOST_S:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="off_seconds_out_of_range",
            translation_placeholders={"least": str(OFF_LEAST_S), "most": str(OFF_MOST_S)},
        )
    return seconds


async def _async_require_admin(call: ServiceCall) -> None:
    """Refuse whoever does not run the home: its network goes with the router."""
    if call.context.user_id is None:
        return
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if not user.is_admin:
        raise Unauthorized(context=call.context)
