"""Takes notices to people: to Home Assistant's own list, and to phones and other devices.

Phones with Home Assistant's app can replace and clear a notice, and show buttons. Everybody else
gets a message, and another one when it is over.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from homeassistant.components import persistent_notification
from homeassistant.components.notify import NotifyEntityFeature
from homeassistant.components.persistent_notification import UpdateType
from homeassistant.const import ATTR_ENTITY_ID, ATTR_SUPPORTED_FEATURES, STATE_UNAVAILABLE
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import slugify

from .const import LOGGER
from .titles import shows_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .notices import Notice

NOTIFY = "notify"
_SEND = "send_message"
_APP = "mobile_app"
_APP_SERVICE = f"{_APP}_"
# What the app takes for an order to remove the notice of the tag that comes with it.
_CLEAR = "clear_notification"
# A push service that has not answered by then will not; nobody else waits for it.
_PATIENCE_S = 30


class Tone(Enum):
    """How a notice is brought."""

    ALOUD = auto()
    SOFTLY = auto()
    """To everybody, without a sound where that can be asked for."""
    IN_PLACE = auto()
    """Only to where it replaces an earlier one, without a sound."""


class Recipients(NamedTuple):
    """Whom notices are sent to, besides the list in Home Assistant."""

    entities: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """Without their domain."""

    @classmethod
    def of(cls, entities: Iterable[str], services: Iterable[str]) -> Self:
        """Return recipients as people write them, each once."""
        plain = (service.strip().removeprefix(f"{NOTIFY}.") for service in services)
        return cls(tuple(dict.fromkeys(entities)), tuple(dict.fromkeys(plain)))

    def by_app(self, hass: HomeAssistant) -> Recipients:
        """Reach phones that were given as entities through the app, which can do more."""
        services = {entity: _app_service(hass, entity) for entity in self.entities}
        return Recipients(
            tuple(entity for entity, service in services.items() if service is None),
            tuple(dict.fromkeys((*self.services, *filter(None, services.values())))),
        )

    def phones(self, hass: HomeAssistant) -> frozenset[str]:
        """Return the services of those that have the app, and can replace and clear a notice."""
        services = self.by_app(hass).services
        return frozenset(name for name in services if name.startswith(_APP_SERVICE))

    def unknown(self, hass: HomeAssistant) -> tuple[str, ...]:
        """Return those that do not exist."""
        return (
            *(entity for entity in self.entities if hass.states.get(entity) is None),
            *(name for name in self.services if not hass.services.has_service(NOTIFY, name)),
        )


def notify_services(hass: HomeAssistant) -> list[str]:
    """Return the notify services that there are, without those that are something else."""
    others = {_SEND, "persistent_notification"}
    return sorted(hass.services.async_services_for_domain(NOTIFY).keys() - others)


def _app_service(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the service of the phone that an entity stands for."""
    registered = er.async_get(hass).async_get(entity_id)
    if registered is None or registered.platform != _APP or registered.config_entry_id is None:
        return None
    entry = hass.config_entries.async_get_entry(registered.config_entry_id)
    return _service_of(hass, entry) if entry else None


def _service_of(hass: HomeAssistant, phone: ConfigEntry) -> str | None:
    name = _APP_SERVICE + slugify(phone.data.get("device_name", ""))
    return name if hass.services.has_service(NOTIFY, name) else None


def phones_of(hass: HomeAssistant, user_id: str | None) -> frozenset[str]:
    """Return the services of the phones on which somebody has logged in."""
    services = {
        _service_of(hass, entry)
        for entry in hass.config_entries.async_entries(_APP)
        if user_id is not None and entry.data.get("user_id") == user_id
    }
    return frozenset(filter(None, services))


class Delivery:
    """Brings notices; a target that fails is logged once and does not stop the others."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._failing: set[str] = set()
        # One after another: an all-clear must not overtake the notice that it answers.
        self._sending = asyncio.Lock()

    @callback
    def async_follow_dismissals(self, dismissed: Callable[[str], None]) -> Callable[[], None]:
        """Call `dismissed` with the tag of each notice that leaves Home Assistant's list."""

        @callback
        def changed(update: UpdateType, notifications: dict[str, Any]) -> None:
            if update is UpdateType.REMOVED:
                for tag in notifications:
                    dismissed(tag)

        return persistent_notification.async_register_callback(self._hass, changed)

    @callback
    def async_show(self, notice: Notice) -> None:
        """Show a notice in Home Assistant."""
        persistent_notification.async_create(self._hass, notice.markdown, notice.title, notice.tag)

    @callback
    def async_hide(self, tag: str) -> None:
        """Take a notice out of Home Assistant's list."""
        persistent_notification.async_dismiss(self._hass, tag)

    async def async_send(self, notice: Notice, recipients: Recipients, tone: Tone) -> list[str]:
        """Send a notice to everybody at once; returns who could not be reached."""
        recipients = recipients.by_app(self._hass)
        data = {
            "title": notice.title,
            "message": notice.message,
            "data": _app_data(notice, tone),
        }
        calls: dict[str, tuple[str, dict[str, Any]]] = {
            name: (name, data) for name in recipients.services if name.startswith(_APP_SERVICE)
        }
        if tone is not Tone.IN_PLACE:
            calls |= {
                name: (name, _words(notice, titled=shows_title(self._hass, name)))
                for name in recipients.services
                if name not in calls
            }
            calls |= {
                entity: (_SEND, self._message(entity, notice)) for entity in recipients.entities
            }
        return await self._async_call(calls)

    def _message(self, entity: str, notice: Notice) -> dict[str, Any]:
        """Return what an entity is to send; the title goes into the text where it takes none."""
        state = self._hass.states.get(entity)
        features = state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) if state else 0
        titled = bool(features & NotifyEntityFeature.TITLE)
        return {**_words(notice, titled=titled), ATTR_ENTITY_ID: entity}

    async def async_clear(self, tag: str, recipients: Recipients) -> None:
        """Take a notice off the phones."""
        data = {"message": _CLEAR, "data": {"tag": tag}}
        await self._async_call({name: (name, data) for name in recipients.phones(self._hass)})

    async def _async_call(self, calls: dict[str, tuple[str, dict[str, Any]]]) -> list[str]:
        async with self._sending:
            reached = await asyncio.gather(
                *(self._async_reach(target, *call) for target, call in calls.items())
            )
        return [target for target, well in zip(calls, reached, strict=True) if not well]

    async def _async_reach(self, target: str, service: str, data: dict[str, Any]) -> bool:
        """Call one service; whatever goes wrong there is one line in the log, until it is well."""
        try:
            self._check(service, data)
            async with asyncio.timeout(_PATIENCE_S):
                await self._hass.services.async_call(NOTIFY, service, data, blocking=True)
        except Exception as error:  # noqa: BLE001
            if target not in self._failing:
                LOGGER.warning("Notices cannot be sent to %s: %s", target, _why(error))
            self._failing.add(target)
            return False
        self._failing.discard(target)
        return True

    def _check(self, service: str, data: dict[str, Any]) -> None:
        """Raise where nobody is there; an action on entities leaves such out without a word."""
        if not self._hass.services.has_service(NOTIFY, service):
            raise LookupError("there is no such action")
        if (entity := data.get(ATTR_ENTITY_ID)) is None:
            return
        if (state := self._hass.states.get(entity)) is None:
            raise LookupError("there is no such entity")
        if state.state == STATE_UNAVAILABLE:
            raise LookupError("it is unavailable")


def _why(error: Exception) -> str:
    """Say what went wrong; errors of a library may hold the very address that was called."""
    meant_for_people = isinstance(error, HomeAssistantError | LookupError)
    return (str(error) if meant_for_people else "") or type(error).__name__


def _words(notice: Notice, *, titled: bool) -> dict[str, str]:
    """Return the words of a notice; where no title is shown, the text begins with it."""
    if titled:
        return {"title": notice.title, "message": notice.message}
    return {"message": f"{notice.title}\n\n{notice.message}"}


def _app_data(notice: Notice, tone: Tone) -> dict[str, Any]:
    """Return what the app wants to know besides the words; `url` is iOS', the other Android's."""
    data: dict[str, Any] = {
        "tag": notice.tag,
        "group": "tapo_doctor",
        "url": notice.link,
        "clickAction": notice.link,
        "actions": [
            {"action": "URI", "title": button.title, "uri": button.link}
            if button.link
            else {"action": button.action(notice.tag), "title": button.title}
            for button in notice.buttons
        ],
    }
    if tone is not Tone.ALOUD:
        data |= {"alert_once": True, "push": {"interruption-level": "passive", "sound": "none"}}
    return data
