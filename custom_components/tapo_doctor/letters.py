"""What somebody wants to have told at once: whom it goes to, and that it is over in the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .delivery import Recipients, Tone
from .doctor.notices import Calm, Issued
from .matters import trouble_of
from .notices import OnRecovery
from .writer import tag_of

if TYPE_CHECKING:
    from .coordinator import CameraCoordinator
    from .delivery import Delivery
    from .doctor.notices import Matter
    from .home import Home
    from .notice_store import NoticeStore, Trail
    from .notices import Notice
    from .writer import Writer


class Letter(NamedTuple):
    """What somebody wants to have told, and whom, besides what is the matter."""

    recipients: Recipients
    title: str | None
    message: str | None


class Letters:
    """Sends letters, and sees to it that no phone goes on showing what is over."""

    def __init__(self, home: Home, store: NoticeStore, writer: Writer, delivery: Delivery) -> None:
        self._home = home
        self._store = store
        self._writer = writer
        self._delivery = delivery

    async def async_tell(
        self, camera: CameraCoordinator, matter: Matter, letter: Letter
    ) -> tuple[Notice, list[str]]:
        """Send at once what is the matter with a camera; returns whom that did not reach."""
        subject = camera.subentry_id
        notice = self._writer.notice(subject, matter)
        message = "\n\n".join(filter(None, (letter.message, notice.message)))
        notice = replace(notice, title=letter.title or notice.title, message=message)
        trail = self._store.trail(subject)
        self._store.follow(
            subject,
            replace(
                trail,
                acts=trail.acts | notice.acts,
                letter=Issued(matter=matter, at=dt_util.utcnow()),
                phones=trail.phones | letter.recipients.phones(self._home.hass),
                while_paused=camera.data.paused,
            ),
        )
        return notice, await self._delivery.async_send(notice, letter.recipients, Tone.ALOUD)

    @callback
    def async_look(
        self, subject: str, seen: Matter | Calm, how: OnRecovery, told: frozenset[str]
    ) -> None:
        """Answer what was told of a camera and is over; `told`: the phones that know already."""
        trail = self._store.trail(subject)
        if trail.letter is None or not self._is_over(subject, seen, trail):
            return
        self._store.follow(subject, replace(trail, letter=None, phones=frozenset()))
        phones = Recipients(services=tuple(sorted(trail.phones - told)))
        said = seen is Calm.WELL and how is OnRecovery.LINE
        over = replace(trail.letter, at=dt_util.utcnow()) if said else None
        self._home.entry.async_create_background_task(
            self._home.hass, self._async_answer(subject, over, phones), "tapo_doctor letter"
        )

    async def _async_answer(self, subject: str, over: Issued | None, phones: Recipients) -> None:
        if over is None:
            await self._delivery.async_clear(tag_of(self._home.entry.entry_id, subject), phones)
        else:
            line = self._writer.all_clear(subject, over)
            await self._delivery.async_send(line, phones, Tone.IN_PLACE)

    def _is_over(self, subject: str, seen: Matter | Calm, trail: Trail) -> bool:
        """Whether nothing is left to tell, or nobody wants to hear of it any more."""
        camera = self._home.cameras.get(subject)
        if seen is not Calm.HUSHED or camera is None:
            return seen is Calm.WELL
        # It may only be told as a part of something larger.
        paused = camera.data.paused and not trail.while_paused
        return paused or trouble_of(camera, dt_util.utcnow()) is Calm.WELL
