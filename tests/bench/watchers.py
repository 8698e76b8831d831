"""Who watches the cameras: how each is set up, and where it shows what it sees."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.demo import installing
from tests.demo.installing import FLOWS, Dialog

from .plan import Trouble

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tests.demo.client import Client
    from tests.home import Home

OURS: Final = "tapo_doctor"
_WATTS: Final = "2.9"
_RIGHT: Final = {
    Trouble.CUT: "power_supply",
    Trouble.HUNG_OPEN: "camera_frozen",
    Trouble.HUNG_CLOSED: "camera_frozen",
}


@dataclass(frozen=True, slots=True)
class Sight:
    """The entities that show how a camera is."""

    entity: str
    diagnosis: str | None = None
    button: str | None = None
    meter: str | None = None


@dataclass(frozen=True, slots=True)
class Watcher:
    """One that can be compared."""

    domain: str
    gone: str
    """What its entity says of a camera that is gone."""
    install: Callable[[Client, Home], Awaitable[dict[str, Sight]]]
    names: Mapping[Trouble, str]
    """The causes it ought to name."""
    pings: bool = False
    """Whether it sees nothing but answers to pings."""


async def _install_ours(client: Client, home: Home) -> dict[str, Sight]:
    """Set the doctor up; cameras that will lose their power have a plug with a meter."""
    entry_id = await installing.install(client, home)
    meters = {
        camera.name: await _plug(client, entry_id, camera.name)
        for camera in home.cameras
        if camera.name.startswith(Trouble.CUT.name.capitalize())
    }
    return {
        name: Sight(
            keys["connection_problem"], keys["diagnosis"], keys["check_now"], meters.get(name)
        )
        for name, keys in (await installing.entities_of(client, entry_id)).items()
    }


async def _plug(client: Client, entry_id: str, camera: str) -> str:
    """Invent a plug of another brand, which nobody has to poll; return its meter."""
    key = camera.lower().replace(" ", "_")
    switch, meter = f"switch.{key}_plug", f"sensor.{key}_plug_power"
    await client.post(f"/api/states/{switch}", {"state": "on"})
    await show_watts(client, meter, on=True)
    await installing.link_plug(client, entry_id, camera, plug=switch, power_sensor=meter)
    return meter


async def show_watts(client: Client, meter: str, *, on: bool) -> None:
    """Let a plug's meter show what a camera draws."""
    attributes = {"device_class": "power", "unit_of_measurement": "W"}
    state = {"state": _WATTS if on else "0.0", "attributes": attributes}
    await client.post(f"/api/states/{meter}", state)


async def _install_tplink(client: Client, home: Home) -> dict[str, Sight]:
    """Set core's own integration for these cameras up, without live pictures."""
    username, password = home.account
    for number, camera in enumerate(home.cameras):
        dialog = await Dialog.open(client, FLOWS, handler="tplink")
        await dialog.answer("user", host=camera.host)
        # It asks for the account once.
        if not number:
            await dialog.answer("user_auth_confirm", username=username, password=password)
        await dialog.answer("camera_auth_confirm", live_view=False)
        await dialog.end()
    devices = await client.ask("config/device_registry/list")
    names = {device["id"]: device["name"] for device in devices}
    states = {state["entity_id"] for state in await client.ask("get_states")}
    return {
        names[entity["device_id"]]: Sight(entity["entity_id"])
        for entity in await client.ask("config/entity_registry/list")
        if entity["platform"] == "tplink" and entity["entity_id"] in states
    }


async def _install_ping(client: Client, home: Home) -> dict[str, Sight]:
    """Set core's pings up."""
    sights = {}
    for camera in home.cameras:
        dialog = await Dialog.open(client, FLOWS, handler="ping")
        await dialog.answer("user", host=camera.host)
        entry_id = (await dialog.end())["result"]["entry_id"]
        entities = await client.ask("config/entity_registry/list")
        sights[camera.name] = next(
            Sight(entity["entity_id"])
            for entity in entities
            if entity["config_entry_id"] == entry_id
            and entity["entity_id"].startswith("binary_sensor.")
        )
    return sights


WATCHERS: Final = {
    watcher.domain: watcher
    for watcher in (
        Watcher(OURS, "on", _install_ours, _RIGHT),
        Watcher("tplink", "unavailable", _install_tplink, {}),
        Watcher("ping", "off", _install_ping, {}, pings=True),
    )
}
