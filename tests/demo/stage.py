"""What the story is played on: the home, Home Assistant, and what it shows."""

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .client import RefusedError
from .installing import DOMAIN, FLOWS, Dialog

if TYPE_CHECKING:
    from tests.home import Home

    from .client import Client
    from .watch import Watch

# How often the simulated home is asked whether a camera is on the air again.
GLANCE = 0.05


@dataclass(slots=True)
class Stage:
    """The home and its Home Assistant."""

    home: Home
    client: Client
    watch: Watch
    entry_id: str
    entities: dict[str, dict[str, str]]
    begun: float

    def say(self, text: str) -> None:
        """Tell it to the terminal, with the time since the demo began."""
        seconds = time.monotonic() - self.begun
        print(f"{int(seconds) // 60:3d}:{seconds % 60:04.1f}  {text}", flush=True)

    def shows(self, camera: str, key: str) -> str | None:
        """Return what Home Assistant shows for a camera."""
        return self.watch.state(self.entities[camera][key])

    def details(self, camera: str) -> dict[str, Any]:
        """Return the attributes of a camera's diagnosis."""
        return self.watch.attributes(self.entities[camera]["diagnosis"])

    def in_trouble(self, camera: str) -> bool:
        """Whether the connection problem is on."""
        return self.shows(camera, "connection_problem") == "on"

    def back(self, camera: str) -> bool:
        """Whether the camera is shown to be there again, with no problem."""
        calm = self.shows(camera, "connection_problem") == "off"
        return calm and self.shows(camera, "status") in {"online", "unstable"}

    def well(self, camera: str) -> bool:
        """Whether nothing is wrong, and said to be so."""
        return self.back(camera) and self.shows(camera, "diagnosis") == "healthy"

    def chart(self, camera: str) -> str:
        """Return in a line what is shown of a camera, and why, for whoever looks for a fault."""
        keys = ("connection_problem", "status", "diagnosis")
        shown = ", ".join(f"{key} {self.shows(camera, key)}" for key in keys)
        reasons = ", ".join(self.details(camera).get("reasons", ()))
        return f"{camera} ({shown}; {reasons or 'no reasons'})"

    async def check_now(self, camera: str) -> None:
        """Press the camera's button, as a person does who does not want to wait."""
        await self.client.ask(
            "call_service",
            domain="button",
            service="press",
            target={"entity_id": self.entities[camera]["check_now"]},
        )

    async def power_cycle(self, camera: str, off_seconds: int) -> None:
        """Have the doctor cut a camera's power and give it back, and say what came of it."""
        answer = await self.client.ask(
            "call_service",
            domain=DOMAIN,
            service="power_cycle",
            service_data={"off_seconds": off_seconds},
            target={"entity_id": self.entities[camera]["connection_problem"]},
            return_response=True,
        )
        told = answer["response"][camera]
        if not told["success"]:
            raise RefusedError(f"its power cycle was no success: {told['reason_in_words']}")
        self.say(f"{camera}: back {told['back_after']:.1f} s after its power was given back")

    async def on_the_air(self, camera: str, seconds: float) -> float | None:
        """Wait until the simulated camera can be reached again; return the moment."""
        node = self.home.camera(camera)
        deadline = time.monotonic() + seconds
        while not node.reachable:
            if time.monotonic() > deadline:
                return None
            await asyncio.sleep(GLANCE)
        return time.monotonic()

    async def enter_account(self) -> None:
        """Enter the account again, which tells the doctor that a refused login may be tried."""
        username, password = self.home.account
        dialog = await Dialog.open(self.client, FLOWS, handler=DOMAIN, entry_id=self.entry_id)
        await dialog.answer("reconfigure", username=username, password=password)
        await dialog.end("reconfigure_successful")
