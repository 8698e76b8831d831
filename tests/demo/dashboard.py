"""The dashboard: the one that is offered to everybody, filled in as its first lines say."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.util import slugify
from homeassistant.util.yaml import parse_yaml

import custom_components.tapo_doctor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .client import Client, Json
    from .stage import Stage

PATH: Final = "tapo-doctor"
SOURCE: Final = Path(custom_components.tapo_doctor.__file__).parent / "dashboards" / "cameras.yaml"
# The camera that stands for all in the example.
NAME, SLUG = "Garden", "garden"
# The demo is over within minutes.
HISTORY_H: Final = 0.25


async def build(client: Client, stage: Stage) -> str:
    """Make the dashboard; return where it is."""
    await client.ask(
        "lovelace/dashboards/create",
        url_path=PATH,
        title="Cameras",
        icon="mdi:stethoscope",
        show_in_sidebar=True,
        mode="storage",
    )
    known = {entity["entity_id"] for entity in await client.ask("config/entity_registry/list")}
    example = parse_yaml(SOURCE.read_text(encoding="utf-8"))
    view = fill_in(example, stage.entities, known)
    await client.ask("lovelace/config/save", url_path=PATH, config={"views": [shorten(view)]})
    await client.ask("frontend/set_system_data", key="core", value={"default_panel": PATH})
    return PATH


def fill_in(example: Any, cameras: Iterable[str], known: set[str]) -> Any:
    """Repeat for each camera what stands there for one, and leave out what it does not have."""
    if isinstance(example, dict):
        return {key: fill_in(value, cameras, known) for key, value in example.items()}
    if isinstance(example, list):
        return [item for one in example for item in _repeated(one, cameras, known)]
    return example


def _repeated(item: Any, cameras: Iterable[str], known: set[str]) -> Iterator[Any]:
    if not _stands_for_one(item):
        yield fill_in(item, cameras, known)
        return
    for camera in cameras:
        if (filled := _renamed(item, camera, known)) is not None:
            yield filled


def _stands_for_one(item: Any) -> bool:
    if isinstance(item, dict):
        heading = item.get("cards", [{}])[0].get("heading")
        return heading == NAME or _stands_for_one(item.get("entity"))
    return isinstance(item, str) and f".{SLUG}_" in item


def _renamed(item: Any, camera: str, known: set[str]) -> Any:
    """Write another camera's name; None for the card of an entity that it does not have."""
    if isinstance(item, dict):
        renamed = {key: _renamed(value, camera, known) for key, value in item.items()}
        return None if renamed.get("entity", next(iter(known))) not in known else renamed
    if isinstance(item, list):
        return [one for part in item if (one := _renamed(part, camera, known)) is not None]
    if isinstance(item, str):
        return item.replace(NAME, camera).replace(f".{SLUG}_", f".{slugify(camera)}_")
    return item


def shorten(view: Json) -> Json:
    """Show the minutes in which the story plays."""
    for section in view["sections"]:
        for card in section["cards"]:
            if "hours_to_show" in card:
                card["hours_to_show"] = HISTORY_H
    return view
