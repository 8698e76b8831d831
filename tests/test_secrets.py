"""Nobody's secrets are where others may read them, whatever happens and however much is logged."""

import json
import logging
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest
from homeassistant.components import persistent_notification
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from kasa.httpclient import get_cookie_jar
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.diagnostics import async_get_config_entry_diagnostics
from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.probes.camera import CameraSession
from custom_components.tapo_doctor.probes.discovery import discover
from custom_components.tapo_doctor.probes.findings import Reading, Target
from tests.home import CameraSpec, Fault, Home

from . import fakes
from .fakes import HOSTS, camera_subentry
from .secrets import (
    ACCOUNT,
    ADDRESS,
    DEVICE_ID,
    DIAGNOSTICS,
    LOG,
    MAC,
    NETWORK,
    NOTICES,
    STATES,
    TOKEN,
    Kind,
    leaks,
    logged,
    plant,
    planted_subentry,
)
from .source import json_of
from .test_storm import SEED, SPANS, Storm, hands, storm

__all__ = ["storm"]

if TYPE_CHECKING:
    from homeassistant.core import Event, EventStateChangedData, HomeAssistant
    from homeassistant.helpers import issue_registry as ir

    from .fakes import FakeSenses
    from .world import World

# At full speed: what is covered here is covered by the tests of each module.
pytestmark = pytest.mark.no_cover


@pytest.fixture
def entry(
    hass: HomeAssistant, senses: FakeSenses, caplog: pytest.LogCaptureFixture
) -> MockConfigEntry:
    """A home whose account and camera are planted, with everything logged from the start."""
    caplog.set_level(logging.DEBUG)
    plant(senses)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Tapo Doctor",
        unique_id=DOMAIN,
        data={"username": ACCOUNT[0], "password": ACCOUNT[1]},
        subentries_data=[planted_subentry(camera_subentry("garden")), camera_subentry("shed")],
    )
    entry.add_to_hass(hass)
    return entry


# Of the storm's thousand: each fault comes in twenty of them, and what is logged repeats itself.
HANDS = 400
HARDWARE = fakes.MACS["garden"]
# What a camera, or a library, may put into words.
WORDS = f"{ACCOUNT} at {ADDRESS} ({MAC}, {DEVICE_ID}): stok={TOKEN} on {NETWORK}"


async def live_through_it_all(world: World) -> None:
    """Let the camera be well, be refused, fail, go, come back, and be examined in between."""
    garden = world.senses.camera("garden")
    well = garden.reading
    for result in (LoginResult.ERROR, LoginResult.SESSION_LOST, LoginResult.REJECTED):
        garden.reading = Reading(result=result, text=WORDS)
        await world.pass_time(900, step=30)
    garden.reading = well
    world.senses.vanish("garden")
    await world.pass_time(90)
    world.senses.fails = OSError(WORDS)
    await world.hass.services.async_call(
        "button", "press", {"entity_id": "button.garden_check_now"}, blocking=True
    )
    world.senses.fails = None
    world.senses.come_back("garden")
    plant(world.senses)
    await world.pass_time(120)
    world.hass.config_entries.async_update_entry(
        world.entry, data={"username": ACCOUNT[0], "password": f"{ACCOUNT[1]}2"}
    )
    await world.pass_time(30)
    assert await world.hass.config_entries.async_reload(world.entry.entry_id)
    await world.pass_time(30)


async def test_whatever_happens_no_secret_gets_out(
    world: World,
    caplog: pytest.LogCaptureFixture,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Logs are pasted into forums, states end up in screenshots, notices lie on the table."""
    await live_through_it_all(world)
    assert not leaks(logged(caplog.records, "custom_components", "homeassistant.components"), LOG)
    assert "does not answer" in logged(caplog.records, "custom_components")
    states = [state.as_dict() for state in world.hass.states.async_all()]
    shown = json.dumps(states, default=str)
    assert NETWORK in shown
    assert not leaks(shown, STATES)
    answer = await world.hass.services.async_call(
        DOMAIN,
        "diagnose",
        {"entity_id": "sensor.garden_diagnosis"},
        blocking=True,
        return_response=True,
    )
    assert not leaks(answer, STATES)
    notices = persistent_notification._async_get_or_create_notifications(world.hass)
    assert not leaks([notices, list(issue_registry.issues.values())], NOTICES)
    download = await async_get_config_entry_diagnostics(world.hass, world.entry)
    assert "cameras" in download
    assert not leaks(download, DIAGNOSTICS)


@pytest.mark.timeout(240)  # A machine with other work takes its time for three days.
async def test_no_secret_gets_out_in_a_storm(
    storm: Storm, caplog: pytest.LogCaptureFixture, issue_registry: ir.IssueRegistry
) -> None:
    """The one fault in a hundred that nobody thought of is the one whose log is shown around."""
    caplog.set_level(logging.DEBUG, logger="custom_components")
    hass, entry, dice, out = storm.world.hass, storm.world.entry, Random(SEED), set[Kind]()
    storm.words = f"{fakes.ACCOUNT} at {ADDRESS} ({HARDWARE}, {DEVICE_ID}): stok={TOKEN}"
    sent = async_mock_service(hass, "notify", "phone")
    hass.config_entries.async_update_entry(
        entry, options={"notices": {"notify_services": ["phone"]}}
    )

    @callback
    def look(event: Event[EventStateChangedData]) -> None:
        out.update(leaks(event.data["new_state"] and event.data["new_state"].as_dict(), STATES))

    hass.bus.async_listen(EVENT_STATE_CHANGED, look)
    for step, hand in enumerate(islice(hands(dice), HANDS)):
        storm.deal(dice.choice(list(HOSTS)), hand)
        await storm.world.pass_time(dice.choice(SPANS), 3)
        if step % 50 == 0:
            assert not leaks(await async_get_config_entry_diagnostics(hass, entry), DIAGNOSTICS)
            shown = persistent_notification._async_get_or_create_notifications(hass)
            assert not leaks([shown, list(issue_registry.issues.values())], NOTICES)
    assert out == set()
    assert len(sent) > 10
    assert not leaks([call.data for call in sent], NOTICES)
    log = logged(caplog.records, "custom_components", "homeassistant.components")
    assert log.count("does not answer") > 10
    assert not leaks(log, LOG)


async def test_speaking_to_a_camera_writes_no_secret_of_ours(
    hass: HomeAssistant, loopback: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Over the real protocol, through python-kasa, well and refused."""
    caplog.set_level(logging.DEBUG)
    async with Home([CameraSpec("garden", ssid=NETWORK)], account=ACCOUNT) as home:
        garden = home.camera("garden")
        await discover([garden.host], wait_s=1, broadcast=False)
        client = async_create_clientsession(hass, verify_ssl=False, cookie_jar=get_cookie_jar())
        for fault in (None, Fault.LOGIN_REFUSED):
            if fault is not None:
                home.fault("garden", fault)
            session = CameraSession(Target(host=garden.host, port=garden.port), *ACCOUNT, client)
            reading = await session.read(slow=True)
            await session.close()
            assert (reading.result is LoginResult.OK) is (fault is None)
        host = garden.host
    ours = logged(caplog.records, "custom_components")
    assert not leaks(ours, LOG)
    assert host not in ours
    everybodys = logged(caplog.records)
    assert not leaks(everybodys, set(Kind) - {Kind.PASSWORD})
    # Should this fail, python-kasa has learnt to be silent, and its name can go into the manifest.
    assert host in logged(caplog.records, "kasa")


def test_the_button_for_debug_logging_leaves_python_kasa_alone() -> None:
    """Its log holds addresses and session tokens, and people attach that file to reports."""
    assert "kasa" not in json_of("manifest.json").get("loggers", [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (WORDS.split(maxsplit=1)[0], Kind.ACCOUNT),
        (f"http://{ADDRESS}/", Kind.ADDRESS),
        (MAC.upper().replace(":", "-"), Kind.MAC),
        (f"stok={TOKEN}/ds", Kind.TOKEN),
        (NETWORK, Kind.NETWORK),
        (DEVICE_ID.lower(), Kind.DEVICE_ID),
        (ACCOUNT[1], Kind.PASSWORD),
    ],
)
def test_a_secret_is_found_in_every_spelling(text: str, kind: Kind) -> None:
    """A search that finds nothing would be worse than none."""
    assert leaks(f"before {text} after", LOG) == {kind}
    assert not leaks(text, {kind})
