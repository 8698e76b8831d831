"""Does what the buttons of notices say, for whoever has tapped one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .delivery import Recipients, Tone, phones_of
from .doctor.notices import Calm, Matter
from .matters import trouble_of
from .notices import action_of
from .writer import tag_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import Context, Event

    from .delivery import Delivery
    from .home import Home
    from .notice_store import NoticeStore
    from .writer import Writer

# What the app tells when somebody has tapped a button of a notice.
_TAPPED: Final = "mobile_app_notification_action"


class Tapping:
    """Listens to taps; each is done, or answered where it was made."""

    def __init__(self, home: Home, store: NoticeStore, writer: Writer, delivery: Delivery) -> None:
        self._home = home
        self._store = store
        self._writer = writer
        self._delivery = delivery

    @callback
    def async_start(self) -> Callable[[], None]:
        """Begin to listen."""
        return self._home.hass.bus.async_listen(_TAPPED, self._on_tapped)

    @callback
    def _on_tapped(self, event: Event) -> None:
        """Heed a tap on a button that a notice has offered; any phone can tell anything."""
        for subject in self._home.cameras:
            tag = tag_of(self._home.entry.entry_id, subject)
            for act in self._store.trail(subject).acts:
                if event.data.get("action") == action_of(tag, act):
                    self._home.entry.async_create_background_task(
                        self._home.hass,
                        self._async_run(act, subject, event.context),
                        f"tapo_doctor {act}",
                    )

    async def _async_run(self, act: str, subject: str, context: Context) -> None:
        """Call the action in the name of whoever has tapped; a refusal is told where they did."""
        words = self._home.words
        if self._matter(subject) is None or act not in self._writer.acts(subject):
            await self._async_refuse(subject, words.say("notice", "outdated"), context)
            return
        try:
            await self._home.hass.services.async_call(
                DOMAIN,
                act,
                {"device_id": self._writer.device(subject)},
                blocking=True,
                context=context,
            )
        except HomeAssistantError as error:
            # What is over meanwhile is answered by that, and so is whoever has tapped.
            if self._matter(subject) is not None:
                await self._async_refuse(subject, words.error(error), context)

    def _matter(self, subject: str) -> Matter | None:
        """Return what is the matter, as a notice would say it at this moment."""
        camera = self._home.cameras.get(subject)
        seen = trouble_of(camera, dt_util.utcnow()) if camera else Calm.WELL
        standing = self._store.standing.get(subject)
        if seen is Calm.UNKNOWN and standing:
            return standing.matter
        return seen if isinstance(seen, Matter) else None

    async def _async_refuse(self, subject: str, why: str, context: Context) -> None:
        """Say in place of the notice why nothing was done, to nobody but whoever has tapped."""
        notice = self._writer.refusal(subject, why, self._matter(subject), self._store.of(subject))
        theirs = phones_of(self._home.hass, context.user_id)
        known = self._home.noticing.recipients.phones(self._home.hass)
        known |= self._store.trail(subject).phones
        phones = (known & theirs) or theirs or known
        await self._delivery.async_send(
            notice, Recipients(services=tuple(sorted(phones))), Tone.IN_PLACE
        )
