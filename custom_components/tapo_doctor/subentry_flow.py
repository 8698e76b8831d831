"""Adding one more camera, and changing the settings of one that is watched."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import voluptuous as vol
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
    UnknownEntry,
    UnknownSubEntry,
)
from homeassistant.const import CONF_HOST, CONF_MAC, Platform
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)

from .const import (
    CONF_AUTOMATIC,
    CONF_CONNECTION,
    CONF_CONTROL_PORT,
    CONF_LOG_IN,
    CONF_PLUG,
    CONF_POWER_SENSOR,
    CONF_SIGNAL_SENSOR,
    CONF_TRACKER,
    SEARCH_S,
)
from .enrolment import (
    ADDABLE,
    Outcome,
    Trial,
    async_describe,
    is_watched,
    read_address,
    watched,
)
from .plugs import plug_error
from .probes.network import async_get_senses
from .probes.tracker import tracker_of
from .trying import async_try

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .home import TapoDoctorConfigEntry
    from .probes.findings import Answers, Found

CONF_CAMERA = "camera"
CONF_ADDRESS = "address"
CONF_SAVE_ANYWAY = "save_anyway"

_PORT = NumberSelector(NumberSelectorConfig(min=1, max=65535, step=1, mode=NumberSelectorMode.BOX))


type _Input = dict[str, Any] | None
type _Step = Callable[[CameraSubentryFlow, _Input], Awaitable[SubentryFlowResult]]


def _unless_gone(step: _Step) -> Callable[..., Awaitable[SubentryFlowResult]]:
    """End the dialog in words where the camera, or the home, was removed behind its back."""

    @wraps(step)
    async def guarded(flow: CameraSubentryFlow, user_input: _Input = None) -> SubentryFlowResult:
        try:
            return await step(flow, user_input)
        except UnknownEntry, UnknownSubEntry:
            return flow.async_abort(reason="camera_gone")

    return guarded


class CameraSubentryFlow(ConfigSubentryFlow):
    """Adds or changes one camera."""

    def __init__(self) -> None:
        self._answers: asyncio.Task[Answers] | None = None
        self._trial: Trial | None = None
        self._locks: dict[str, datetime] = {}

    def _entry(self) -> TapoDoctorConfigEntry:
        return self._get_entry()

    # Adding

    @_unless_gone
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Search the network."""
        if self._entry().state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_set_up")
        if self._answers is None:
            senses = await async_get_senses(self.hass)
            self._answers = self.hass.async_create_task(
                senses.search(wait_s=SEARCH_S), eager_start=False
            )
        if not self._answers.done():
            return self.async_show_progress(
                step_id="user", progress_action="search", progress_task=self._answers
            )
        return self.async_show_progress_done(next_step_id="choose")

    def _new_cameras(self) -> dict[str, Found]:
        answers = self._answers.result() if self._answers else None
        known = watched(self._entry())
        return {
            found.host: found
            for found in (answers.found if answers else ())
            if found.is_camera and not is_watched(found, known)
        }

    @_unless_gone
    async def async_step_choose(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take one of the cameras found, or an address."""
        errors: dict[str, str] = {}
        cameras = self._new_cameras()
        if user_input is not None:
            typed = user_input.get(CONF_ADDRESS, "").strip()
            host = read_address(typed) if typed else user_input.get(CONF_CAMERA)
            if host is None:
                errors["base"] = "invalid_address" if typed else "nothing_chosen"
            else:
                return await self._async_try(host, cameras.get(host))
        fields: dict[vol.Marker, Any] = {}
        if cameras:
            fields[vol.Optional(CONF_CAMERA)] = camera_selector(cameras, multiple=False)
        fields[vol.Optional(CONF_ADDRESS)] = TextSelector()
        return self.async_show_form(
            step_id="choose",
            data_schema=self.add_suggested_values_to_schema(vol.Schema(fields), user_input),
            errors=errors,
            description_placeholders={"count": str(len(cameras))},
        )

    async def _async_try(self, host: str, found: Found | None) -> SubentryFlowResult:
        entry = self._entry()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_set_up")
        account = entry.runtime_data.account
        senses = await async_get_senses(self.hass)
        trial = await async_try(
            senses,
            host,
            account,
            watched=watched(entry),
            found=found,
            locked_until=self._locks.get(host),
        )
        self._trial = trial
        if trial.locked_until is not None:
            self._locks[host] = trial.locked_until
        fine = Outcome.OK if account else Outcome.WITHOUT_LOGIN
        return self._create() if trial.outcome is fine else await self.async_step_results()

    async def async_step_results(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say what did not go well, and let the owner decide."""
        trials = [self._trial] if self._trial else []
        addable = any(trial.outcome in ADDABLE for trial in trials)
        return self.async_show_menu(
            step_id="results",
            menu_options=["add_anyway", "choose"] if addable else ["choose"],
            description_placeholders={"results": await async_describe(self.hass, trials)},
        )

    @_unless_gone
    async def async_step_add_anyway(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a camera that refused, or that does not answer at the moment."""
        return self._create()

    def _create(self) -> SubentryFlowResult:
        data = self._trial.subentry() if self._trial else None
        if data is None or data["unique_id"] in watched(self._entry()):
            return self.async_abort(reason="already_configured")
        return self.async_create_entry(
            title=data["title"], data=data["data"], unique_id=data["unique_id"]
        )

    # Changing

    @_unless_gone
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a camera's settings; a new address is looked at before it is believed."""
        subentry = self._get_reconfigure_subentry()
        errors: dict[str, str] = {}
        if user_input is not None:
            wanted = {**subentry.data, **{key: user_input.get(key) for key in _CHANGEABLE}}
            wanted[CONF_CONTROL_PORT] = int(user_input[CONF_CONTROL_PORT])
            anyway = user_input.get(CONF_SAVE_ANYWAY, False)
            errors, found = await self._async_check(wanted)
            if not errors or (anyway and _may_be_saved(errors)):
                return self._save(wanted, found)
        shown = user_input or self._with_tracker(subentry.data)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                _settings_schema(ask_anyway=_may_be_saved(errors)), shown
            ),
            errors=errors,
            description_placeholders={"name": subentry.title},
        )

    def _with_tracker(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings, with the camera's tracker where none was ever chosen."""
        tracker = data.get(CONF_TRACKER) or tracker_of(self.hass, data.get(CONF_MAC))
        return {**data, CONF_TRACKER: tracker}

    async def _async_check(self, wanted: dict[str, Any]) -> tuple[dict[str, str], Found | None]:
        """Return what is wrong with the wished settings, and who answers at the address."""
        before = self._get_reconfigure_subentry().data
        host = read_address(wanted[CONF_HOST] or "")
        if host is None:
            return {CONF_HOST: "invalid_address"}, None
        wanted[CONF_HOST] = host
        if (error := plug_error(self.hass, wanted[CONF_PLUG])) is not None:
            return {CONF_PLUG: error}, None
        meter = wanted[CONF_POWER_SENSOR]
        if wanted[CONF_PLUG] != before.get(CONF_PLUG) and meter == before.get(CONF_POWER_SENSOR):
            # The form came filled with the old plug's meter.
            meter = None
        wanted[CONF_POWER_SENSOR] = meter or power_sensor_of(self.hass, wanted[CONF_PLUG])
        if host == before[CONF_HOST] and wanted[CONF_CONTROL_PORT] == before[CONF_CONTROL_PORT]:
            return {}, None
        senses = await async_get_senses(self.hass)
        trial = await async_try(senses, host, None, port=wanted[CONF_CONTROL_PORT])
        if trial.outcome is Outcome.NOT_A_CAMERA:
            return {CONF_HOST: "not_a_camera"}, None
        if trial.outcome is Outcome.NO_ANSWER:
            return {CONF_HOST: "no_answer"}, None
        known = wanted.get(CONF_MAC)
        if known is not None and trial.mac is not None and trial.mac != known:
            return {CONF_HOST: "other_camera"}, None
        return {}, trial.found

    def _save(self, wanted: dict[str, Any], found: Found | None) -> SubentryFlowResult:
        entry, subentry = self._entry(), self._get_reconfigure_subentry()
        unique_id = subentry.unique_id
        if found is not None:
            wanted[CONF_CONNECTION] = dict(found.connection) if found.connection else None
            if wanted.get(CONF_MAC) is None:
                if found.mac in watched(entry):
                    return self.async_abort(reason="already_configured")
                wanted[CONF_MAC] = unique_id = found.mac
        elif wanted.get(CONF_MAC) is None:
            unique_id = wanted[CONF_HOST]
        return self.async_update_and_abort(entry, subentry, data=wanted, unique_id=unique_id)


_CHANGEABLE = (
    CONF_HOST,
    CONF_CONTROL_PORT,
    CONF_LOG_IN,
    CONF_SIGNAL_SENSOR,
    CONF_PLUG,
    CONF_POWER_SENSOR,
    CONF_TRACKER,
    CONF_AUTOMATIC,
)
# Who answers at an address is another question tomorrow; what is no address stays none.
_MAY_CHANGE = frozenset({"no_answer", "not_a_camera", "other_camera"})


def _may_be_saved(errors: dict[str, str]) -> bool:
    """Whether what is wrong may be right at another time, so that a person may insist."""
    return bool(errors) and _MAY_CHANGE.issuperset(errors.values())


def _sensors_of(device_class: SensorDeviceClass) -> EntityWithDeviceFilterSelectorConfig:
    return EntityWithDeviceFilterSelectorConfig(domain=Platform.SENSOR, device_class=device_class)


def _settings_schema(*, ask_anyway: bool) -> vol.Schema:
    fields: dict[vol.Marker, Any] = {
        vol.Required(CONF_HOST): TextSelector(),
        vol.Required(CONF_CONTROL_PORT): _PORT,
        vol.Required(CONF_LOG_IN): BooleanSelector(),
        vol.Optional(CONF_PLUG): EntitySelector(EntitySelectorConfig(domain=Platform.SWITCH.value)),
        vol.Optional(CONF_POWER_SENSOR): EntitySelector(
            EntitySelectorConfig(filter=_sensors_of(SensorDeviceClass.POWER))
        ),
        vol.Optional(CONF_AUTOMATIC, default=False): BooleanSelector(),
        vol.Optional(CONF_SIGNAL_SENSOR): EntitySelector(
            EntitySelectorConfig(filter=_sensors_of(SensorDeviceClass.SIGNAL_STRENGTH))
        ),
        vol.Optional(CONF_TRACKER): EntitySelector(
            EntitySelectorConfig(domain=Platform.DEVICE_TRACKER.value)
        ),
    }
    if ask_anyway:
        fields[vol.Optional(CONF_SAVE_ANYWAY, default=False)] = BooleanSelector()
    return vol.Schema(fields)


def camera_selector(cameras: dict[str, Found], *, multiple: bool) -> SelectSelector:
    """Offer the cameras found, by name, model and address."""
    options = []
    for host, found in sorted(cameras.items()):
        name = Trial(host=host, outcome=Outcome.OK, found=found).title
        options.append(SelectOptionDict(value=host, label=f"{name} · {found.model} · {host}"))
    return SelectSelector(SelectSelectorConfig(options=options, multiple=multiple))


def power_sensor_of(hass: HomeAssistant, plug: str | None) -> str | None:
    """Propose the plug's own meter: the one sensor of power on the same device."""
    registry = er.async_get(hass)
    entry = registry.async_get(plug) if plug else None
    if entry is None or entry.device_id is None:
        return None
    meters = [
        other.entity_id
        for other in er.async_entries_for_device(registry, entry.device_id)
        if other.domain == Platform.SENSOR
        and (other.device_class or other.original_device_class) == SensorDeviceClass.POWER
    ]
    return meters[0] if len(meters) == 1 else None
