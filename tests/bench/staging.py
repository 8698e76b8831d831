"""Lets troubles befall cameras, and takes the time until a watcher shows them."""

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.demo.client import RefusedError

from .findings import Outage
from .plan import FAULTS, Trouble
from .watchers import Sight, Watcher, show_watts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.demo.client import Client
    from tests.demo.watch import Watch
    from tests.home import Home

    from .plan import Plan

# What was named has to stand for a moment before the trouble ends.
_HOLD_S: Final = 3.0
_BACK_WITHIN_S: Final = 120.0
_GLANCE_S: Final = 0.05


@dataclass(slots=True)
class Stage:
    """One watcher in its Home Assistant, and the home that it watches."""

    home: Home
    client: Client
    watch: Watch
    watcher: Watcher
    sights: Mapping[str, Sight]

    def gone(self, camera: str) -> bool:
        """Whether the camera is shown to be gone."""
        return self.watch.state(self.sights[camera].entity) == self.watcher.gone

    def well(self, camera: str) -> bool:
        """Whether the camera is shown to be there, with nothing wrong."""
        if self.watch.state(self.sights[camera].entity) in {None, "unknown", "unavailable"}:
            return False
        diagnosis = self.sights[camera].diagnosis
        return not self.gone(camera) and (
            diagnosis is None or self.watch.state(diagnosis) == "healthy"
        )

    async def all_well(self, seconds: float) -> bool:
        """Wait until all cameras are."""
        everyone = list(self.sights)
        return await self.watch.until(lambda: all(map(self.well, everyone)), seconds) is not None

    async def ask(self, camera: str) -> None:
        """Press the button of somebody who does not want to wait."""
        if (button := self.sights[camera].button) is not None:
            target = {"entity_id": button}
            await self.client.ask("call_service", domain="button", service="press", target=target)

    async def play(self, plan: Plan) -> list[Outage]:
        """Let all troubles befall, each at its moment."""
        return await asyncio.gather(
            *(
                self._befall(name, trouble, after, plan.patience_s)
                for name, trouble, after in plan.troubles()
            )
        )

    async def _befall(self, camera: str, trouble: Trouble, after: float, patience: float) -> Outage:
        await asyncio.sleep(after)
        begun = time.monotonic()
        await self._meter(camera, trouble, on=False)
        self.home.fault(camera, FAULTS[trouble])
        gone = await self._until(lambda: self.gone(camera), begun, patience)
        named = None
        if gone is not None and (cause := self.watcher.names.get(trouble)) is not None:
            diagnosis = self.sights[camera].diagnosis or ""
            left = patience - gone
            named = await self._until(lambda: self.watch.state(diagnosis) == cause, begun, left)
            await asyncio.sleep(_HOLD_S)
        await self._meter(camera, trouble, on=True)
        self.home.clear(camera)
        again = await self._on_the_air(camera)
        back = None
        if gone is not None:
            back = await self._until(lambda: self.well(camera), again, _BACK_WITHIN_S)
        return Outage(trouble=trouble, gone_s=gone, named_s=named, back_s=back)

    async def _on_the_air(self, camera: str) -> float:
        """Wait until the camera can be reached again; return the moment."""
        begun = time.monotonic()
        while not self.home.camera(camera).reachable:
            if time.monotonic() - begun > _BACK_WITHIN_S:
                raise RefusedError(f"the simulated {camera} did not come back")
            await asyncio.sleep(_GLANCE_S)
        return time.monotonic()

    async def _meter(self, camera: str, trouble: Trouble, *, on: bool) -> None:
        """Let the plug's meter tell of a cut, as a real one does within seconds."""
        if trouble is Trouble.CUT and (meter := self.sights[camera].meter) is not None:
            await show_watts(self.client, meter, on=on)

    async def _until(self, true: Callable[[], bool], begun: float, patience: float) -> float | None:
        moment = await self.watch.until(true, patience)
        return None if moment is None else max(0.0, moment - begun)
