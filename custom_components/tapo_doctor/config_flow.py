"""Set-up as the user meets it: the account, the cameras found, and what came of trying them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

import voluptuous as vol
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlow,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_MAC, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import callback
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .const import DOMAIN, SEARCH_S, SUBENTRY_CAMERA
from .enrolment import (
    ADDABLE,
    Outcome,
    Trial,
    async_describe,
    is_watched,
    new_subentry,
    read_address,
    watched,
)
from .options_flow import HomeOptionsFlow
from .probes.network import async_get_senses
from .subentry_flow import CameraSubentryFlow, camera_selector
from .trying import Account, async_check_account, async_try, async_try_all

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping
    from datetime import datetime

    from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
    from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
    from homeassistant.helpers.typing import DiscoveryInfoType

    from .home import TapoDoctorConfigEntry
    from .probes.findings import Answers, Found

CONF_CAMERAS = "cameras"
CONF_ADDRESSES = "addresses"

_EMAIL = TextSelector(TextSelectorConfig(type=TextSelectorType.EMAIL, autocomplete="username"))
_PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
_ACCOUNT = vol.Schema({vol.Required(CONF_USERNAME): _EMAIL, vol.Required(CONF_PASSWORD): _PASSWORD})
_ACCOUNT_OR_NONE = vol.Schema(
    {vol.Optional(CONF_USERNAME): _EMAIL, vol.Optional(CONF_PASSWORD): _PASSWORD}
)


class TapoDoctorConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up the home."""

    VERSION = 1

    def __init__(self) -> None:
        self._account: Account | None = None
        self._answers: asyncio.Task[Answers] | None = None
        self._trials: asyncio.Task[list[Trial]] | None = None
        self._hosts: list[str] = []
        self._locks: dict[str, datetime] = {}
        self._found: Found | None = None

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        return {SUBENTRY_CAMERA: CameraSubentryFlow}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        return HomeOptionsFlow()

    # The home

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether to log in; one home is one entry."""
        await self.async_set_unique_id(DOMAIN)
        self._abort_if_unique_id_configured()
        return self.async_show_menu(step_id="user", menu_options=["account", "without_login"])

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the TP-Link account."""
        account, _ = _account_given(user_input or {})
        if account is None:
            known = {CONF_USERNAME: self._account[0]} if self._account else {}
            return self.async_show_form(
                step_id="account",
                data_schema=self.add_suggested_values_to_schema(_ACCOUNT, known),
                errors={"base": "account_incomplete"} if user_input else {},
            )
        self._account = account
        self._trials = None
        # A second try, after a refusal, is for the cameras that were chosen before.
        return await (self.async_step_trying() if self._hosts else self.async_step_search())

    async def async_step_without_login(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on without an account."""
        self._account = None
        return await self.async_step_search()

    async def async_step_search(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Search the network."""
        if self._answers is None:
            senses = await async_get_senses(self.hass)
            self._answers = self.hass.async_create_task(
                senses.search(wait_s=SEARCH_S), eager_start=False
            )
        if not self._answers.done():
            return self.async_show_progress(
                step_id="search", progress_action="search", progress_task=self._answers
            )
        return self.async_show_progress_done(next_step_id="cameras")

    @property
    def _cameras(self) -> dict[str, Found]:
        """The cameras found, by address."""
        answers = self._answers.result() if self._answers else None
        return {found.host: found for found in answers.found if found.is_camera} if answers else {}

    async def async_step_cameras(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the owner choose; an address may be given beside what was found."""
        errors: dict[str, str] = {}
        if user_input is not None:
            typed = {text: read_address(text) for text in user_input.get(CONF_ADDRESSES, [])}
            bad = [text for text, address in typed.items() if address is None]
            if not bad:
                chosen = [*user_input.get(CONF_CAMERAS, []), *typed.values()]
                self._hosts = list(dict.fromkeys(chosen))
                return await self.async_step_trying()
            errors[CONF_ADDRESSES] = "invalid_address"
        cameras = self._cameras
        fields: dict[vol.Marker, Any] = {}
        if cameras:
            fields[vol.Optional(CONF_CAMERAS, default=sorted(cameras))] = camera_selector(
                cameras, multiple=True
            )
        fields[vol.Optional(CONF_ADDRESSES)] = TextSelector(TextSelectorConfig(multiple=True))
        return self.async_show_form(
            step_id="cameras",
            data_schema=self.add_suggested_values_to_schema(vol.Schema(fields), user_input),
            errors=errors,
            description_placeholders={"count": str(len(cameras))},
        )

    async def async_step_trying(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Try the chosen cameras."""
        if self._trials is None:
            senses = await async_get_senses(self.hass)
            self._trials = self.hass.async_create_task(
                async_try_all(
                    senses,
                    self._hosts,
                    self._account,
                    watched=set(),
                    found=self._cameras,
                    locks=self._locks,
                ),
                eager_start=False,
            )
        if not self._trials.done():
            return self.async_show_progress(
                step_id="trying", progress_action="trying", progress_task=self._trials
            )
        return self.async_show_progress_done(next_step_id="tried")

    async def async_step_tried(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Finish where all went well; otherwise say what did not, and let the owner decide."""
        trials = self._trials.result() if self._trials else []
        fine = {Outcome.OK} if self._account else {Outcome.WITHOUT_LOGIN}
        if all(trial.outcome in fine for trial in trials):
            return self._create()
        return await self.async_step_results()

    async def async_step_results(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what came of it."""
        trials = self._trials.result() if self._trials else []
        other = ["account"] if self._account else []
        return self.async_show_menu(
            step_id="results",
            menu_options=["add_anyway", *other, "choose_again"],
            description_placeholders={"results": await async_describe(self.hass, trials)},
        )

    async def async_step_add_anyway(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Watch the cameras that refused; no login is tried again by itself."""
        return self._create()

    async def async_step_choose_again(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Search once more: a camera may have been switched on meanwhile."""
        self._answers = None
        self._trials = None
        self._hosts = []
        return await self.async_step_search()

    def _create(self) -> ConfigFlowResult:
        trials = self._trials.result() if self._trials else []
        return self.async_create_entry(
            title="Tapo Doctor",
            data=_account_data(self._account),
            subentries=[trial.subentry() for trial in trials if trial.outcome in ADDABLE],
        )

    # A camera that came later

    @override
    async def async_step_integration_discovery(
        self, discovery_info: DiscoveryInfoType
    ) -> ConfigFlowResult:
        """Offer a camera that has appeared; only a home that is set up asks for this."""
        found: Found = discovery_info["found"]
        await self.async_set_unique_id(found.mac)
        self._abort_if_unique_id_configured()
        entry = self._home_entry()
        if entry is None:
            return self.async_abort(reason="not_set_up")
        if is_watched(found, watched(entry)):
            return self.async_abort(reason="already_configured")
        self._found = found
        title = Trial(host=found.host, outcome=Outcome.OK, found=found).title
        self.context["title_placeholders"] = {"name": title}
        return await self.async_step_discovery_confirm()

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """Hear of a watched camera's new address; that it is the camera it has to say itself."""
        entry = self._home_entry()
        if entry is None:
            return self.async_abort(reason="not_set_up")
        known = {subentry.data.get(CONF_MAC) for subentry in entry.subentries.values()}
        if format_mac(discovery_info.macaddress) not in known:
            return self.async_abort(reason="not_watched")
        senses = await async_get_senses(self.hass)
        answers = await senses.ask(discovery_info.ip, wait_s=SEARCH_S)
        if self._home_entry() is entry:
            entry.runtime_data.async_hear(answers)
        return self.async_abort(reason="already_configured")

    async def async_step_discovery_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the camera to the home, whatever came of trying it."""
        found, entry = self._found, self._home_entry()
        if found is None or entry is None:
            return self.async_abort(reason="not_set_up")
        if user_input is None:
            self._set_confirm_only()
            return self.async_show_form(
                step_id="discovery_confirm",
                description_placeholders={"model": found.model, "host": found.host},
            )
        senses = await async_get_senses(self.hass)
        account = entry.runtime_data.account
        trial = await async_try(senses, found.host, account, watched=watched(entry), found=found)
        if self._home_entry() is not entry:
            return self.async_abort(reason="not_set_up")
        new = new_subentry(trial)
        if trial.outcome not in ADDABLE or new.unique_id in watched(entry):
            return self.async_abort(reason="already_configured")
        self.hass.config_entries.async_add_subentry(entry, new)
        return self.async_abort(
            reason="camera_added",
            description_placeholders={"result": await async_describe(self.hass, [trial])},
        )

    def _home_entry(self) -> TapoDoctorConfigEntry | None:
        entries = self.hass.config_entries.async_loaded_entries(DOMAIN)
        return entries[0] if entries else None

    # The account, later

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for the account again: no camera accepts it any more."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take a new password."""
        return await self._async_account_form("reauth_confirm", _ACCOUNT, user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the account, or go on without one."""
        return await self._async_account_form("reconfigure", _ACCOUNT_OR_NONE, user_input)

    def _entry_of_dialog(self) -> TapoDoctorConfigEntry | None:
        """Return the home whose account is asked for, unless it was removed meanwhile."""
        return self.hass.config_entries.async_get_entry(self.context["entry_id"])

    async def _async_account_form(
        self,
        step_id: str,
        schema: vol.Schema,
        user_input: dict[str, Any] | None,
    ) -> ConfigFlowResult:
        entry = self._entry_of_dialog()
        if entry is None:
            return self.async_abort(reason="not_set_up")
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        if user_input is not None:
            account, error = _account_given(user_input)
            if error is None:
                trial = await async_check_account(entry, account)
                error = _ACCOUNT_ERRORS.get(trial.outcome) if trial else None
                placeholders["minutes"] = trial.minutes_locked if trial else ""
            if self._entry_of_dialog() is None:
                # Removed while the cameras were asked.
                return self.async_abort(reason="not_set_up")
            if error is None:
                if entry.state is ConfigEntryState.LOADED and account == entry.runtime_data.account:
                    entry.runtime_data.async_account_confirmed()
                return self.async_update_and_abort(entry, data=_account_data(account))
            errors["base"] = error
        known = {CONF_USERNAME: entry.data.get(CONF_USERNAME, "")}
        shown = {**known, **(user_input or {})}
        shown.pop(CONF_PASSWORD, None)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
            description_placeholders=placeholders,
        )


# Other outcomes do not speak against the account.
_ACCOUNT_ERRORS = {
    Outcome.PASSWORD_REFUSED: "password_refused",
    Outcome.LOCKED: "locked",
}


def _account_given(user_input: Mapping[str, Any]) -> tuple[Account | None, str | None]:
    """Return the account that was typed, None for none at all, and what is wrong with it."""
    username = user_input.get(CONF_USERNAME, "").strip()
    password = user_input.get(CONF_PASSWORD, "")
    if not username and not password:
        return None, None
    if not username or not password:
        return None, "account_incomplete"
    return (username, password), None


def _account_data(account: Account | None) -> dict[str, str]:
    return {} if account is None else {CONF_USERNAME: account[0], CONF_PASSWORD: account[1]}
