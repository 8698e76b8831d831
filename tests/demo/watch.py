"""Follows the states of Home Assistant's entities, with the moment at which each one changed."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .client import Client, Json


@dataclass(slots=True)
class Watch:
    """All states, as they were last told, and who waits for what."""

    states: dict[str, Json] = field(default_factory=dict)
    _waiting: list[tuple[Callable[[], bool], asyncio.Future[float]]] = field(default_factory=list)

    async def follow(self, client: Client) -> None:
        """Begin to follow; again after each start of Home Assistant."""
        self.states.clear()
        await client.subscribe("subscribe_events", self._changed, event_type="state_changed")
        for state in await client.ask("get_states"):
            # A change may have been heard of after the list was made, but before it was read.
            known = self.states.get(state["entity_id"])
            if known is None or _updated(known) <= _updated(state):
                self.states[state["entity_id"]] = state
        self._look()

    def _changed(self, event: Json) -> None:
        data = event["data"]
        if data["new_state"] is None:
            self.states.pop(data["entity_id"], None)
        else:
            self.states[data["entity_id"]] = data["new_state"]
        self._look()

    def _look(self) -> None:
        now = time.monotonic()
        for waiting in list(self._waiting):
            true, future = waiting
            if not future.done() and true():
                future.set_result(now)

    def state(self, entity_id: str) -> str | None:
        """Return an entity's state; None where it has none."""
        known = self.states.get(entity_id)
        return None if known is None else str(known["state"])

    def attributes(self, entity_id: str) -> Json:
        """Return an entity's attributes."""
        attributes: Json = self.states.get(entity_id, {}).get("attributes", {})
        return attributes

    async def until(self, true: Callable[[], bool], seconds: float) -> float | None:
        """Wait until it is true; return the moment, or None where it has not become so."""
        if true():
            return time.monotonic()
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        waiting = (true, future)
        self._waiting.append(waiting)
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            return None
        finally:
            self._waiting.remove(waiting)


def _updated(state: Json) -> datetime:
    return datetime.fromisoformat(state["last_updated"])
