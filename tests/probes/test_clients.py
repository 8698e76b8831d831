"""Other integrations that log in to the same camera."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_integration,
)

from custom_components.tapo_doctor.doctor.evidence import ClientState, Integration
from custom_components.tapo_doctor.probes.clients import Clients

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

MAC, HOST = "02:00:00:00:00:21", "192.168.1.21"
NOW = dt_util.utcnow()
WORKS, FAILS = ClientState.WORKS, ClientState.FAILS


@pytest.fixture
def clients(hass: HomeAssistant) -> Clients:
    """The other programs of one camera, none of which is really there."""

    async def unload(_hass: HomeAssistant, _entry: MockConfigEntry) -> bool:
        return True

    for domain in ("tplink", "tapo_control", "onvif", "generic", "frigate", "hue"):
        mock_integration(hass, MockModule(domain, async_unload_entry=unload))
    return Clients(hass, MAC, HOST)


def other(
    hass: HomeAssistant,
    domain: str,
    data: dict[str, Any] | None = None,
    *,
    state: ConfigEntryState = ConfigEntryState.LOADED,
    shows: str | None = "idle",
    mac: str | None = None,
    **more: Any,
) -> MockConfigEntry:
    """Add another integration, with one entity."""
    entry = MockConfigEntry(domain=domain, data=data or {}, state=state, **more)
    entry.add_to_hass(hass)
    device = None
    if mac is not None:
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id, connections={(dr.CONNECTION_NETWORK_MAC, mac)}
        )
    entity = er.async_get(hass).async_get_or_create(
        "camera", domain, mac or domain, config_entry=entry, device_id=device.id if device else None
    )
    if shows is not None:
        hass.states.async_set(entity.entity_id, shows)
    return entry


@pytest.mark.parametrize(
    ("domain", "settings"),
    [
        ("tplink", {"data": {"host": HOST}}),
        ("tapo_control", {"data": {"ip_address": HOST}}),
        ("onvif", {"data": {"host": HOST}}),
        ("generic", {"options": {"stream_source": f"rtsp://viewer:secret@{HOST}:554/stream1"}}),
        ("tplink", {"mac": MAC}),
        ("frigate", {"mac": MAC}),
    ],
)
async def test_a_program_is_known_by_address_or_mac(
    hass: HomeAssistant, clients: Clients, domain: str, settings: dict[str, Any]
) -> None:
    """Whoever else logs in to the camera may be whom it throws us out for."""
    other(hass, domain, **settings)
    (found,) = clients.evidence(None, NOW)[0]
    assert (found.name, found.state) == (domain, WORKS)


@pytest.mark.parametrize(
    ("domain", "settings"),
    [
        ("tplink", {"data": {"host": "192.168.1.22"}}),
        ("tplink", {"mac": "02:00:00:00:00:22"}),
        ("tplink", {"data": {"host": HOST}, "disabled_by": ConfigEntryDisabler.USER}),
        ("hue", {"data": {"host": HOST}}),
        ("generic", {"options": {"stream_source": "rtsp://[broken"}}),
        ("generic", {"options": {"stream_source": None}}),
    ],
)
async def test_what_is_about_something_else_is_no_client(
    hass: HomeAssistant, clients: Clients, domain: str, settings: dict[str, Any]
) -> None:
    """A bulb's integration is nobody's rival."""
    other(hass, domain, **settings)
    assert clients.evidence(None, NOW) == ((), None)


async def test_how_old_a_program_is_is_told(hass: HomeAssistant, clients: Clients) -> None:
    """Trouble that begins with it has a likely cause."""
    entry = other(hass, "onvif", {"host": HOST})
    (found,) = clients.evidence(None, entry.created_at + timedelta(hours=4))[0]
    assert found.added_hours_ago == 4


@pytest.mark.parametrize(
    ("state", "shows", "said"),
    [
        (ConfigEntryState.LOADED, "idle", WORKS),
        (ConfigEntryState.LOADED, "unavailable", FAILS),
        (ConfigEntryState.LOADED, None, None),
        (ConfigEntryState.SETUP_RETRY, None, FAILS),
        (ConfigEntryState.SETUP_ERROR, None, FAILS),
        (ConfigEntryState.SETUP_IN_PROGRESS, None, None),
        (ConfigEntryState.NOT_LOADED, None, None),
    ],
)
async def test_how_a_program_fares_is_told_as_far_as_it_shows(
    hass: HomeAssistant,
    clients: Clients,
    state: ConfigEntryState,
    shows: str | None,
    said: ClientState | None,
) -> None:
    """One that is just being loaded neither works nor fails."""
    other(hass, "onvif", {"host": HOST}, state=state, shows=shows)
    assert clients.evidence(None, NOW)[0][0].state is said


@pytest.mark.parametrize(
    ("domain", "minutes", "said"),
    [("tplink", 5, None), ("tplink", 15, WORKS), ("onvif", 5, None), ("onvif", 600, None)],
)
async def test_a_program_that_has_not_noticed_a_loss_proves_nothing(
    hass: HomeAssistant, clients: Clients, domain: str, minutes: float, said: ClientState | None
) -> None:
    """Else "another program reaches it" would blame Home Assistant's own network."""
    other(hass, domain, {"host": HOST})
    found, integration = clients.evidence(NOW - timedelta(minutes=minutes), NOW)
    assert found[0].state is said
    assert integration is (Integration.LOADED if said else None)


async def test_of_a_shared_entry_only_this_cameras_part_counts(
    hass: HomeAssistant, clients: Clients
) -> None:
    """An NVR has many cameras, and the others are none of our business."""
    entry = other(hass, "frigate", mac=MAC, shows="unavailable")
    shed = er.async_get(hass).async_get_or_create("camera", "frigate", "shed", config_entry=entry)
    hass.states.async_set(shed.entity_id, "idle")
    assert clients.evidence(None, NOW)[0][0].state is FAILS


@pytest.mark.parametrize(
    ("state", "shows", "integration"),
    [
        (ConfigEntryState.LOADED, "idle", Integration.LOADED),
        (ConfigEntryState.LOADED, "unavailable", None),
        (ConfigEntryState.SETUP_ERROR, None, Integration.FAILED),
        (ConfigEntryState.SETUP_IN_PROGRESS, None, None),
    ],
)
async def test_the_integration_that_people_complain_of_is_told(
    hass: HomeAssistant,
    clients: Clients,
    state: ConfigEntryState,
    shows: str | None,
    integration: Integration | None,
) -> None:
    """A camera that is fine, and a program that is not, are two things."""
    other(hass, "tplink", {"host": HOST}, state=state, shows=shows)
    assert clients.evidence(None, NOW)[1] is integration


async def test_a_start_that_failed_once_is_no_trouble(
    hass: HomeAssistant, clients: Clients
) -> None:
    """After every restart some integration has to try twice."""
    entry = other(hass, "tplink", {"host": HOST}, state=ConfigEntryState.SETUP_RETRY, shows=None)
    assert clients.evidence(None, NOW)[1] is None
    assert clients.evidence(None, NOW + timedelta(minutes=9))[1] is None
    later = NOW + timedelta(minutes=11)
    assert clients.evidence(None, later)[1] is Integration.RETRYING
    assert clients.retrying_since == NOW
    entry.mock_state(hass, ConfigEntryState.NOT_LOADED)
    assert clients.evidence(None, later)[1] is None
    entry.mock_state(hass, ConfigEntryState.SETUP_RETRY)
    assert clients.evidence(None, later)[1] is None


@pytest.mark.usefixtures("clients")
async def test_a_camera_without_a_mac_is_known_by_its_address(hass: HomeAssistant) -> None:
    """It was off when it was added."""
    other(hass, "tplink", {"host": HOST})
    other(hass, "onvif", mac=MAC)
    names = [client.name for client in Clients(hass, None, HOST).evidence(None, NOW)[0]]
    assert names == ["tplink"]
