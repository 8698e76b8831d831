"""Lives of one Home Assistant: each is killed without warning, and the next one has to mend it.

Reads a plan as JSON, then a number of seconds a line. For each it starts Home Assistant, lets it
cut the power of a simulated camera, kills it (`kill -9`) after that time, starts it once more, and
tells as JSON how dark it was in between, once that one believes that nothing is owed any more.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant import bootstrap, loader
from homeassistant.components import network, switch
from homeassistant.components.switch import SwitchEntity
from homeassistant.config_entries import SOURCE_USER, ConfigEntries, ConfigEntry
from homeassistant.const import STATE_ON
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
from kasa import Credentials, DeviceConfig
from kasa import Device as KasaDevice
from kasa.deviceconfig import DeviceConnectionParameters, DeviceEncryptionType, DeviceFamily

from custom_components.tapo_doctor import PLATFORMS
from custom_components.tapo_doctor.const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Coroutine

PLUG: Final = "switch.plug"
# Shorter than anybody is allowed to choose: nobody wants to wait for twenty of these.
OFF_S: Final = 0.5
# A life that has not mended it by then never will.
PATIENCE_S: Final = 20.0


def main() -> None:
    """Live and die as the plan says."""
    # Imported once, for all lives: each is forked from here, and up in a moment.
    for module in ("config_flow", *PLATFORMS):
        import_module(f"custom_components.tapo_doctor.{module}")
    # Never beyond this machine: real cameras live there.
    vars(network)["IPV4_BROADCAST_ADDR"] = "127.255.255.255"
    plan = json.loads(sys.stdin.readline())
    folder = Path(plan["folder"])
    (folder / "template").mkdir()
    _wait(_fork(_settle_in(folder / "template", plan)))
    print("ready", flush=True)
    for number, line in enumerate(sys.stdin):
        config = folder / str(number)
        shutil.copytree(folder / "template", config)
        first = _fork(_cut(config, plan))
        while not (config / "begun").exists():
            time.sleep(0.01)
        time.sleep(float(line))
        os.kill(first, signal.SIGKILL)
        _wait(first)
        owed = config / ".storage" / f"{DOMAIN}.owed"
        told = {"owed": PLUG in owed.read_text() if owed.exists() else False}
        print(json.dumps(told), flush=True)
        sys.stdin.readline()
        _wait(_fork(_mend(config, plan)))
        print("mended", flush=True)


def _fork(life: Coroutine[Any, Any, None]) -> int:
    """Begin a life of its own."""
    number = os.fork()
    if not number:
        try:
            asyncio.run(life)
        finally:
            os._exit(0)
    life.close()
    return number


def _wait(number: int) -> None:
    os.waitpid(number, 0)


async def _start(config: Path, plan: dict[str, Any]) -> HomeAssistant:
    """Start Home Assistant with nothing but the doctor and a plug."""
    hass = HomeAssistant(str(config))
    loader.async_setup(hass)
    hass.config_entries = ConfigEntries(hass, {})
    await hass.config_entries.async_initialize()
    await bootstrap.async_load_base_functionality(hass)
    hass.set_state(CoreState.running)
    await async_setup_component(hass, "switch", {})
    await hass.data[switch.DATA_COMPONENT].async_add_entities([_Plug(plan)], True)
    await async_setup_component(hass, DOMAIN, {})
    return hass


class _Plug(SwitchEntity):
    """The simulated plug, spoken to in its own protocol."""

    _attr_name = "plug"

    def __init__(self, plan: dict[str, Any]) -> None:
        self._config = DeviceConfig(
            host=plan["plug"]["host"],
            port_override=plan["plug"]["port"],
            credentials=Credentials(*plan["account"]),
            connection_type=DeviceConnectionParameters(
                DeviceFamily.SmartTapoPlug, DeviceEncryptionType.Klap, login_version=2
            ),
        )

    async def _async_turn(self, *, on: bool | None = None) -> None:
        device = await KasaDevice.connect(config=self._config)
        if on is not None:
            await (device.turn_on() if on else device.turn_off())
        await device.update()
        self._attr_is_on = device.is_on
        await device.disconnect()

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._async_turn(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._async_turn(on=False)

    async def async_update(self) -> None:
        """Ask it."""
        await self._async_turn()


async def _settle_in(config: Path, plan: dict[str, Any]) -> None:
    """Live a first life in peace, which leaves behind what every other begins with."""
    hass = await _start(config, plan)
    camera = {"control_port": plan["camera"].pop("port"), **plan["camera"]}
    await hass.config_entries.async_add(
        ConfigEntry(
            data={},
            discovery_keys={},  # type: ignore[arg-type] # the type is frozen, the value is read
            domain=DOMAIN,
            minor_version=1,
            options={"internet_check": False},
            source=SOURCE_USER,
            subentries_data=[
                {
                    "data": {**camera, "plug": PLUG, "log_in": False},
                    "subentry_type": "camera",
                    "title": "Garden",
                    "unique_id": camera["mac"],
                }
            ],
            title="Tapo Doctor",
            unique_id=DOMAIN,
            version=1,
        )
    )
    await hass.async_stop(force=True)


async def _cut(config: Path, plan: dict[str, Any]) -> None:
    """Cut the power, and live on until the end."""
    hass = await _start(config, plan)
    (entry,) = hass.config_entries.async_loaded_entries(DOMAIN)
    (camera,) = entry.runtime_data.cameras.values()
    (config / "begun").touch()
    await entry.runtime_data.power.async_power_cycle(camera, off_s=OFF_S, force=True)
    await asyncio.Event().wait()


async def _mend(config: Path, plan: dict[str, Any]) -> None:
    """Start after a death; the start itself has to mend what was left behind."""
    hass = await _start(config, plan)
    mended = asyncio.Event()
    watch = async_track_state_change_event(hass, PLUG, lambda _event: mended.set())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while not hass.states.is_state(PLUG, STATE_ON):
                mended.clear()
                await mended.wait()
    watch()


if __name__ == "__main__":
    main()
