"""Titles: each is read once, wherever a notice goes."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

import pytest
from homeassistant.components.notify.legacy import NOTIFY_SERVICES, BaseNotificationService
from homeassistant.setup import async_setup_component

from custom_components.tapo_doctor.titles import SHOWN_BY

if TYPE_CHECKING:
    from .world import World


class Sender(BaseNotificationService):
    """A notify platform with a target; `sent` is what it got."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.sent: list[dict[str, Any]] = []

    @property
    @override
    def targets(self) -> dict[str, Any]:
        return {"ann": "ann@example.com"}

    @override
    async def async_send_message(self, message: str, **kwargs: Any) -> None:
        self.sent.append({"message": message, **kwargs})


@pytest.mark.parametrize(
    ("platform", "titled"),
    [("smtp", True), ("telegram", True), ("twilio_sms", False), ("group", False), ("own", False)],
)
@pytest.mark.parametrize("action", ["post", "post_ann"])
async def test_a_title_is_read_once(world: World, platform: str, titled: bool, action: str) -> None:
    """Above the text, as a mail's subject, or as its first line; never as both, or as neither."""
    assert await async_setup_component(world.hass, "notify", {})
    sender = Sender()
    await sender.async_setup(world.hass, "post", "post")
    await sender.async_register_services()
    world.hass.data.setdefault(NOTIFY_SERVICES, {})[platform] = [sender]
    world.hass.config_entries.async_update_entry(
        world.entry, options={"notices": {"notify_services": [action]}}
    )
    world.senses.vanish("garden")
    await world.pass_time(60)
    (sent,) = sender.sent
    assert (sent.get("title") == "Garden is offline") is titled
    assert ("Garden is offline" in sent["message"]) is not titled


@pytest.mark.parametrize("platform", sorted(SHOWN_BY))
def test_who_is_said_to_show_a_title_takes_one(platform: str) -> None:
    """A platform may be rewritten, and leave it out from then on."""
    found = find_spec(f"homeassistant.components.{platform}")
    assert found is not None
    assert found.origin is not None
    assert "ATTR_TITLE" in Path(found.origin).with_name("notify.py").read_text(encoding="utf-8")
