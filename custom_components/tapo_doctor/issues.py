"""The issues under repairs: what is wanted is computed, and the registry made equal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval

from .const import DOMAIN
from .doctor.household import Kind
from .patients import HOME, async_find_patient

if TYPE_CHECKING:
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .home import Home

# All our issues about trouble share one set of words.
TROUBLE: Final = "trouble"
_PREFIX: Final = f"{TROUBLE}_"
# An issue stands for days; it need not come to the second.
_INTERVAL: Final = timedelta(seconds=15)


class Issues:
    """Keeps the issues of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @callback
    def async_start(self) -> None:
        """Keep them true for as long as the entry is loaded."""
        entry = self._home.entry
        entry.async_on_unload(self._async_clear)
        entry.async_on_unload(self._home.async_follow_cameras(self._async_watch))
        entry.async_on_unload(self._home.async_add_listener(self._async_reconcile_home))
        entry.async_on_unload(
            async_track_time_interval(self._home.hass, self._async_reconcile, _INTERVAL)
        )

    @callback
    def _async_watch(self, camera: CameraCoordinator) -> None:
        """Let an issue go as soon as its camera is well."""

        @callback
        def changed() -> None:
            self._async_reconcile_one(camera.subentry_id)

        self._home.entry.async_on_unload(camera.async_add_listener(changed))

    @callback
    def _async_reconcile_home(self) -> None:
        self._async_reconcile_one(HOME)

    @callback
    def _async_reconcile(self, _now: datetime | None = None) -> None:
        known = {HOME, *self._home.cameras}
        gone = {issue_id.removeprefix(_PREFIX) for issue_id in self._shown()} - known
        for key in (*gone, *known):
            self._async_reconcile_one(key)

    @callback
    def _async_reconcile_one(self, key: str) -> None:
        hass, issue_id = self._home.hass, f"{_PREFIX}{key}"
        patient = async_find_patient(self._home, key)
        finding = self._home.finding
        account = key == HOME and finding is not None and finding.kind is Kind.ACCOUNT
        # Home Assistant lists it itself that it asks for the account.
        asked = account and any(self._home.entry.async_get_active_flows(hass, {SOURCE_REAUTH}))
        if patient is None or not patient.treatable or not patient.settled or asked:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
            return
        # Of a home whose own network is lost nothing is known of any camera.
        whole = key == HOME and not account
        gone = whole or any(camera.chart.offline for camera in patient.cameras)
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            data={"entry_id": self._home.entry.entry_id, "patient": key},
            is_fixable=True,
            is_persistent=False,
            severity=ir.IssueSeverity.ERROR if gone else ir.IssueSeverity.WARNING,
            translation_key=TROUBLE,
            translation_placeholders={
                "name": patient.name,
                "cause": self._home.words.cause(patient.diagnosis.cause),
            },
        )

    @callback
    def _async_clear(self) -> None:
        """Let all go: nobody looks after them any more."""
        for issue_id in self._shown():
            ir.async_delete_issue(self._home.hass, DOMAIN, issue_id)

    def _shown(self) -> list[str]:
        return [
            issue_id
            for domain, issue_id in ir.async_get(self._home.hass).issues
            if domain == DOMAIN and issue_id.startswith(_PREFIX)
        ]
