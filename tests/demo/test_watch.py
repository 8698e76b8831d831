"""Following the states of a Home Assistant that goes on while one reads."""

from typing import TYPE_CHECKING, Any, cast

from .watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from .client import Client, Json

DIAGNOSIS = "sensor.porch_diagnosis"


def told(state: str, second: int) -> Json:
    """Return a state as Home Assistant tells it."""
    return {
        "entity_id": DIAGNOSIS,
        "state": state,
        "attributes": {},
        "last_updated": f"2026-06-15T20:00:{second:02}.000001+00:00",
    }


class Told:
    """A Home Assistant that changes a state while its list of states is on the way."""

    def __init__(self, listed: Json, *changes: Json) -> None:
        self._listed = listed
        self._changes = changes
        self._listener: Callable[[Json], None] | None = None

    async def subscribe(self, _command: str, listener: Callable[[Json], None], **_: Any) -> int:
        """Remember who listens."""
        self._listener = listener
        return 1

    async def ask(self, _command: str) -> list[Json]:
        """Tell the changes first, though the list was made before them."""
        assert self._listener is not None
        for change in self._changes:
            self._listener({"data": {"entity_id": DIAGNOSIS, "new_state": change}})
        return [self._listed]


async def followed(watch: Watch, listed: Json, *changes: Json) -> str | None:
    """Follow, and return what is shown then."""
    await watch.follow(cast("Client", Told(listed, *changes)))
    return watch.state(DIAGNOSIS)


async def test_a_change_is_not_undone_by_a_list_that_was_made_before_it() -> None:
    """Otherwise a camera that is well would be waited for until it changes again."""
    assert await followed(Watch(), told("unknown", 1), told("healthy", 2)) == "healthy"


async def test_the_list_counts_for_what_has_not_changed_since() -> None:
    """Only the list tells of it."""
    assert await followed(Watch(), told("healthy", 2)) == "healthy"
    assert await followed(Watch(), told("healthy", 2), told("unknown", 1)) == "healthy"


async def test_what_was_shown_before_a_restart_is_forgotten() -> None:
    """Also where the clock was set back meanwhile."""
    watch = Watch()
    assert await followed(watch, told("undetermined", 9)) == "undetermined"
    assert await followed(watch, told("healthy", 3)) == "healthy"
