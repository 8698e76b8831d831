"""What is owed to plugs, and what people were told: files as well, and as easily damaged."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant  # noqa: TC002 (hypothesis reads it)
from hypothesis import HealthCheck, given, settings

from custom_components.tapo_doctor.debts import Debts
from custom_components.tapo_doctor.notice_store import NoticeStore

from .hostile import anything, spoiled

# At full speed: what is covered here is covered by the tests of each module.
pytestmark = pytest.mark.no_cover

# One Home Assistant serves all examples; each brings a file of its own.
one_home = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
ISSUED = {
    "matter": {
        "kind": "offline",
        "cause": "power_supply",
        "certainty": "likely",
        "since": "2026-06-15T12:00:00+00:00",
        "steps": ["check_power"],
        "cameras": ["Garden"],
        "ground": None,
    },
    "at": "2026-06-15T12:00:00+00:00",
    "standing": True,
}
TRAIL = {
    "acts": ["pause"],
    "dismissed": True,
    "letter": ISSUED,
    "phones": ["mobile_app_phone"],
    "while_paused": False,
}
TOLD = {"issued": {"garden": ISSUED}, "trails": {"garden": TRAIL}}
OWED: dict[str, dict[str, str]] = {"plugs": {}}


def file(data: Any) -> dict[str, Any]:
    """Wrap data as Home Assistant's storage does."""
    return {"version": 1, "minor_version": 1, "key": "any", "data": data}


@one_home
@given(stored=spoiled([TOLD]) | anything("issued", "trails"))
async def test_what_people_were_told_is_read_or_forgotten(
    hass: HomeAssistant, hass_storage: dict[str, Any], stored: Any
) -> None:
    """At worst a notice is told twice."""
    hass_storage["tapo_doctor.home.notices"] = file(stored)
    store = NoticeStore(hass, "home")
    await store.async_load()
    assert all(issued.at.tzinfo is not None for issued in store.standing.values())
    letter = store.trail("garden").letter
    assert letter is None or letter.matter.since.tzinfo is not None


@one_home
@given(stored=spoiled([OWED]) | anything("plugs"))
async def test_what_is_owed_is_read_or_set_aside(
    hass: HomeAssistant, hass_storage: dict[str, Any], stored: Any
) -> None:
    """A damaged file must not keep the doctor from starting."""
    hass_storage["tapo_doctor.owed"] = file(stored)
    debts = Debts(hass)
    await debts.async_start()
    await debts._async_close()
