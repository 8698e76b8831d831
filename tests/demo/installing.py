"""Sets Home Assistant up as its owner would: through the same dialogs, one answer at a time."""

import asyncio
from typing import TYPE_CHECKING, Final

from .client import RefusedError

if TYPE_CHECKING:
    from tests.home import Home

    from .client import Client, Json

DOMAIN: Final = "tapo_doctor"
FLOWS: Final = "/api/config/config_entries/flow"
SUBENTRY_FLOWS: Final = "/api/config/config_entries/subentries/flow"
OPTIONS_FLOWS: Final = "/api/config/config_entries/options/flow"
LOOK_AGAIN: Final = 0.5


class Dialog:
    """One dialog of Home Assistant's, from its first question to its end."""

    def __init__(self, client: Client, path: str, first: Json) -> None:
        self._client = client
        self._path = path
        self.now = first

    @classmethod
    async def open(cls, client: Client, path: str, **opening: object) -> Dialog:
        """Open it."""
        return cls(client, path, await client.post(path, opening))

    @classmethod
    async def resume(cls, client: Client, flow_id: str) -> Dialog:
        """Go on with one that Home Assistant has opened by itself."""
        return cls(client, FLOWS, await client.get(f"{FLOWS}/{flow_id}"))

    async def answer(self, step: str, **fields: object) -> None:
        """Answer the question that is asked, which has to be this one."""
        await self.wait()
        if self.now.get("step_id") != step or self.now.get("errors"):
            raise RefusedError(f"the dialog should ask {step!r}, but it says {self.now}")
        self.now = await self._client.post(f"{self._path}/{self.now['flow_id']}", fields)

    async def wait(self) -> None:
        """Wait while it shows that it is busy."""
        while self.now["type"] == "progress":
            await asyncio.sleep(LOOK_AGAIN)
            self.now = await self._client.get(f"{self._path}/{self.now['flow_id']}")

    async def end(self, *reasons: str) -> Json:
        """Wait for the end: something was created, or it closed for one of these reasons."""
        await self.wait()
        if self.now["type"] == "create_entry" or self.now.get("reason") in reasons:
            return self.now
        raise RefusedError(f"the dialog did not end well: {self.now}")


async def install(client: Client, home: Home) -> str:
    """Set up the plugs and the doctor; return the number of the doctor's entry."""
    username, password = home.account
    for number, plug in enumerate(home.plugs):
        dialog = await Dialog.open(client, FLOWS, handler="tplink")
        await dialog.answer("user", host=plug.host)
        # It asks for the account once.
        if not number:
            await dialog.answer("user_auth_confirm", username=username, password=password)
        await dialog.end()
    entry_id = await _install_doctor(client, home)
    dialog = await Dialog.open(client, OPTIONS_FLOWS, handler=entry_id)
    gateway = f"{home.gateway.host}:{home.gateway.port}"
    await dialog.answer("init", sensitivity="normal", weak_signal=-75, gateway=gateway)
    await dialog.end()
    for camera in home.cameras:
        if camera.plug:
            switch = await _switch(client, camera.plug)
            await link_plug(client, entry_id, camera.name, plug=switch)
    return entry_id


async def _install_doctor(client: Client, home: Home) -> str:
    username, password = home.account
    dialog = await Dialog.open(client, FLOWS, handler=DOMAIN)
    await dialog.answer("user", next_step_id="account")
    await dialog.answer("account", username=username, password=password)
    await dialog.wait()
    # Discovery hears the simulated homes of others on this machine too; they stay unticked.
    offered = {option["value"] for option in _options(dialog.now, "cameras")}
    own = [camera.host for camera in home.cameras]
    if missing := [host for host in own if host not in offered]:
        raise RefusedError(f"discovery did not find {', '.join(missing)}")
    await dialog.answer("cameras", cameras=own)
    entry_id: str = (await dialog.end())["result"]["entry_id"]
    return entry_id


def _options(form: Json, field: str) -> list[dict[str, str]]:
    """Return what a form's field offers."""
    for row in form.get("data_schema", ()):
        if row["name"] == field:
            options: list[dict[str, str]] = row["selector"]["select"]["options"]
            return options
    raise RefusedError(f"the dialog offers no {field}: {form}")


async def link_plug(client: Client, entry_id: str, camera: str, **plug: str) -> None:
    """Tell the doctor which plug a camera gets its power through, and what measures it."""
    subentry_id = (await subentries(client, entry_id))[camera]
    dialog = await Dialog.open(
        client, SUBENTRY_FLOWS, handler=[entry_id, "camera"], subentry_id=subentry_id
    )
    shown = {
        row["name"]: suggested
        for row in dialog.now["data_schema"]
        if (suggested := row.get("description", {}).get("suggested_value")) is not None
    }
    await dialog.answer("reconfigure", **shown, **plug)
    await dialog.end("reconfigure_successful")


async def subentries(client: Client, entry_id: str) -> dict[str, str]:
    """Return the number of each camera's subentry, by the camera's name."""
    listed = await client.ask("config_entries/subentries/list", entry_id=entry_id)
    return {subentry["title"]: subentry["subentry_id"] for subentry in listed}


async def _switch(client: Client, plug: str) -> str:
    """Find the plug's own switch; it is the one that is named after the device alone."""
    entities = await client.ask("config/entity_registry/list")
    devices = await client.ask("config/device_registry/list")
    numbers = {device["id"] for device in devices if device["name"] == plug}
    for entity in entities:
        is_switch = entity["entity_id"].startswith("switch.")
        if is_switch and entity["device_id"] in numbers and entity["original_name"] is None:
            found: str = entity["entity_id"]
            return found
    raise RefusedError(f"Home Assistant has no switch for {plug}")


async def entities_of(client: Client, entry_id: str) -> dict[str, dict[str, str]]:
    """Return the doctor's entities by camera and key."""
    names = {number: name for name, number in (await subentries(client, entry_id)).items()}
    found: dict[str, dict[str, str]] = {name: {} for name in names.values()}
    for entity in await client.ask("config/entity_registry/list"):
        name = names.get(entity.get("config_subentry_id") or "")
        if name is not None and entity["platform"] == DOMAIN:
            found[name][entity["translation_key"]] = entity["entity_id"]
    return found


async def show_everything(client: Client, entry_id: str) -> None:
    """Enable what is off by default, for the dashboard; counts after the next start."""
    for entity in await client.ask("config/entity_registry/list"):
        if entity["config_entry_id"] == entry_id and entity["disabled_by"] == "integration":
            await client.ask(
                "config/entity_registry/update", entity_id=entity["entity_id"], disabled_by=None
            )
