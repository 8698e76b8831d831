"""Steps through flows, as a person takes them."""

from typing import TYPE_CHECKING, Any, cast

from homeassistant.config_entries import SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType

from custom_components.tapo_doctor.const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import (
        ConfigEntriesFlowManager,
        ConfigFlowContext,
        ConfigSubentryFlowManager,
        OptionsFlowManager,
    )
    from homeassistant.core import HomeAssistant

    type Manager = ConfigEntriesFlowManager | ConfigSubentryFlowManager | OptionsFlowManager

type Result = dict[str, Any]


class Walk:
    """One walk through a flow; `now` is what is on the screen."""

    def __init__(self, hass: HomeAssistant, manager: Manager, now: Any) -> None:
        self._hass = hass
        self._manager = manager
        self.now = cast("Result", now)

    async def choose(self, option: str) -> Result:
        """Take an option of a menu."""
        assert self.now["type"] is FlowResultType.MENU, self.now
        assert option in self.now["menu_options"]
        return await self._send({"next_step_id": option})

    async def submit(self, **fields: Any) -> Result:
        """Fill in a form and send it."""
        assert self.now["type"] is FlowResultType.FORM, self.now
        return await self._send(fields)

    async def _send(self, answer: dict[str, Any]) -> Result:
        self.now = cast("Result", await self._manager.async_configure(self.now["flow_id"], answer))
        return await self.wait()

    async def wait(self) -> Result:
        """Wait until whatever is in progress is done."""
        while self.now["type"] is FlowResultType.SHOW_PROGRESS:
            await self._hass.async_block_till_done()
            self.now = cast("Result", await self._manager.async_configure(self.now["flow_id"]))
        return self.now

    @property
    def step(self) -> str:
        """The step that is on the screen, or how the flow has ended."""
        kind = self.now["type"]
        if kind is FlowResultType.ABORT:
            return str(self.now["reason"])
        return str(kind if kind is FlowResultType.CREATE_ENTRY else self.now["step_id"])

    @property
    def errors(self) -> dict[str, str]:
        """What the form complains about."""
        return self.now["errors"] or {}

    @property
    def fields(self) -> set[str]:
        """What the form asks for."""
        return {str(marker) for marker in self.now["data_schema"].schema}

    @property
    def suggested(self) -> Result:
        """What the form has filled in already."""
        return _suggested(self.now["data_schema"].schema)

    def suggested_in(self, section: str) -> Result:
        """What the form has filled in already in one of its sections."""
        return _suggested(self.now["data_schema"].schema[section].schema.schema)

    @property
    def told(self) -> str:
        """What a results page says."""
        placeholders = self.now["description_placeholders"]
        return str(placeholders.get("results") or placeholders.get("result"))


def _suggested(fields: Mapping[Any, object]) -> Result:
    return {str(marker): (marker.description or {}).get("suggested_value") for marker in fields}


async def begin(
    hass: HomeAssistant, source: str = SOURCE_USER, data: Any = None, **context: Any
) -> Walk:
    """Begin a flow of the integration."""
    manager = hass.config_entries.flow
    now = await manager.async_init(
        DOMAIN, context=cast("ConfigFlowContext", {"source": source, **context}), data=data
    )
    return Walk(hass, manager, now)


async def begin_subentry(hass: HomeAssistant, entry_id: str) -> Walk:
    """Begin to add a camera to a home; waits for the search."""
    manager = hass.config_entries.subentries
    now = await manager.async_init((entry_id, "camera"), context={"source": SOURCE_USER})
    walk = Walk(hass, manager, now)
    await walk.wait()
    return walk
