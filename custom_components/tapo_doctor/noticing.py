"""Keeps the notices of a home equal to what is the matter with its cameras."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components import persistent_notification
from homeassistant.core import CoreState, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .const import (
    CONF_NOTICES,
    CONF_NOTIFY_ENTITIES,
    CONF_NOTIFY_SERVICES,
    CONF_ON_RECOVERY,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
)
from .delivery import Delivery, Recipients, Tone
from .doctor.notices import Act, Calm, Matter, QuietHours, decide
from .letters import Letters
from .matters import camera_matter, home_matter
from .notice_store import NoticeStore
from .notices import OnRecovery
from .tapping import Tapping
from .writer import HOME, Writer, tag_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .coordinator import CameraCoordinator
    from .doctor.notices import Decision, Watch
    from .doctor.outages import Attempt
    from .home import Home, TapoDoctorConfigEntry
    from .notices import Notice

# A router that was silent before a restart takes three looks until it is found silent again.
_SETTLING: Final = timedelta(minutes=3)
# After that, nobody looks for better words for what is over.
_STILL_READ: Final = timedelta(minutes=15)
_KNOWN: Final = "known"


class Noticing:
    """Decides for each camera, and for the home, whenever something has changed or is due."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._hass = home.hass
        self._store = NoticeStore(home.hass, home.entry.entry_id)
        self._writer = Writer(home)
        self._delivery = Delivery(home.hass)
        self._tapping = Tapping(home, self._store, self._writer, self._delivery)
        self.letters = Letters(home, self._store, self._writer, self._delivery)
        self._watches: dict[str, Watch | None] = {}
        self._due: dict[str, Callable[[], None]] = {}
        # Before that, nothing found at the home only means that it was not looked for long enough.
        self._home_known = dt_util.now() + _SETTLING

    # Life

    async def async_load(self) -> None:
        """Recall what people were told."""
        await self._store.async_load()

    @callback
    def async_start(self) -> None:
        """Show again what a restart of Home Assistant has taken away, and follow everything."""
        if not self._hass.is_running:
            for subject, issued in self._store.standing.items():
                if not self._store.trail(subject).dismissed:
                    self._delivery.async_show(self._writer.notice(subject, issued.matter))

        @callback
        def started(_hass: HomeAssistant) -> None:
            self.async_look_at_all()

        for stop in (
            self._delivery.async_follow_dismissals(self._on_dismissed),
            self._home.async_follow_cameras(self._follow),
            self._home.async_add_listener(lambda: self._look(HOME)),
            self._tapping.async_start(),
            async_at_started(self._hass, started),
        ):
            self._home.entry.async_on_unload(stop)

        @callback
        def known(_now: datetime) -> None:
            self._look(HOME)

        self._due[_KNOWN] = async_track_point_in_utc_time(self._hass, known, self._home_known)

    @callback
    def async_stop(self) -> None:
        """Wait for nothing more; what stands goes on standing."""
        for cancel in self._due.values():
            cancel()
        self._due.clear()

    @callback
    def async_forget(self, subject: str) -> None:
        """Take back what was told of a camera that is no longer watched."""
        told: frozenset[str] = frozenset()
        if subject in self._store.standing:
            self._take_back(subject)
            told = self._phones
        self.letters.async_look(subject, Calm.WELL, OnRecovery.CLEAR, told)
        self._store.forget(subject)
        self._watches.pop(subject, None)
        self._schedule(subject, None)

    @callback
    def async_look_at_all(self) -> None:
        """Decide anew: other options are heeded at once, and so is the end of a start."""
        for subject in (*self._home.cameras, HOME):
            self._look(subject)

    @callback
    def _follow(self, camera: CameraCoordinator) -> None:
        stop = camera.async_add_listener(lambda: self._look(camera.subentry_id))
        self._home.entry.async_on_unload(stop)

    # Decisions

    @callback
    def _look(self, subject: str) -> None:
        if self._hass.state is not CoreState.running:
            # Whoever is to be told may not be there yet, or not any more.
            return
        now, quiet = dt_util.now(), quiet_hours(self._options)
        seen = self._seen(subject)
        decision = decide(
            seen,
            self._store.of(subject),
            self._watches.get(subject),
            now,
            quiet.until(now) if quiet else None,
        )
        self._watches[subject] = decision.watch
        self._schedule(subject, decision.again)
        self._store.keep(subject, decision.issued)
        self._do(subject, decision)
        told = frozenset() if decision.act is Act.NOTHING else self._phones
        self.letters.async_look(subject, seen, self._on_recovery, told)

    def _seen(self, subject: str) -> Matter | Calm:
        now = dt_util.now()
        if subject != HOME:
            return camera_matter(self._home.cameras[subject], now)
        seen = home_matter(self._home)
        return Calm.UNKNOWN if seen is Calm.WELL and now < self._home_known else seen

    @callback
    def _schedule(self, subject: str, again: datetime | None) -> None:
        if (cancel := self._due.pop(subject, None)) is not None:
            cancel()
        if again is None:
            return

        @callback
        def due(_now: datetime) -> None:
            del self._due[subject]
            self._look(subject)

        self._due[subject] = async_track_point_in_utc_time(self._hass, due, again)

    @callback
    def _do(self, subject: str, decision: Decision) -> None:
        matter = decision.issued.matter if decision.issued else None
        match decision.act:
            case Act.TELL if matter:
                self._bring(subject, self._writer.notice(subject, matter), Tone.ALOUD)
            case Act.AMEND if matter:
                self._bring(subject, self._writer.notice(subject, matter), Tone.IN_PLACE)
            case Act.ALL_CLEAR if decision.issued and self._on_recovery is OnRecovery.LINE:
                line = self._writer.all_clear(subject, decision.issued)
                self._bring(subject, line, Tone.SOFTLY)
            case Act.ALL_CLEAR | Act.WITHDRAW:
                self._take_back(subject)

    @callback
    def async_found_what_helped(self, subject: str, what: Attempt, during: datetime) -> None:
        """Add it to the line that the trouble of that moment is over, which mostly comes first."""
        issued = self._store.of(subject)
        if (
            issued is not None
            and not issued.standing
            and issued.at >= during
            and self._on_recovery is OnRecovery.LINE
            and dt_util.utcnow() - issued.at < _STILL_READ
        ):
            self._bring(subject, self._writer.all_clear(subject, issued, what), Tone.IN_PLACE)

    @callback
    def async_renamed(self, subject: str) -> None:
        """Write again what stands, under the name that the camera has now."""
        if (issued := self._store.standing.get(subject)) is not None:
            self._bring(subject, self._writer.notice(subject, issued.matter), Tone.IN_PLACE)

    # Delivery

    @callback
    def _bring(self, subject: str, notice: Notice, tone: Tone) -> None:
        trail = self._store.trail(subject)
        # Better words for what somebody has dismissed are no news.
        dismissed = trail.dismissed and tone is Tone.IN_PLACE
        if not dismissed:
            self._delivery.async_show(notice)
        trail = replace(trail, acts=trail.acts | notice.acts, dismissed=dismissed)
        self._store.follow(subject, trail)
        self._later(self._delivery.async_send(notice, self.recipients, tone))

    @callback
    def _on_dismissed(self, tag: str) -> None:
        for subject in (*self._home.cameras, HOME):
            if tag == tag_of(self._home.entry.entry_id, subject):
                trail = self._store.trail(subject)
                self._store.follow(subject, replace(trail, dismissed=True))

    @callback
    def _take_back(self, subject: str) -> None:
        tag = tag_of(self._home.entry.entry_id, subject)
        self._delivery.async_hide(tag)
        self._later(self._delivery.async_clear(tag, self.recipients))

    @callback
    def _later(self, work: Coroutine[Any, Any, object]) -> None:
        self._home.entry.async_create_background_task(self._hass, work, "tapo_doctor notice")

    @property
    def recipients(self) -> Recipients:
        """Whom the owner wants to have notices sent to."""
        options = self._options
        return Recipients.of(
            options.get(CONF_NOTIFY_ENTITIES, ()), options.get(CONF_NOTIFY_SERVICES, ())
        )

    @property
    def _phones(self) -> frozenset[str]:
        return self.recipients.phones(self._hass)

    @property
    def _options(self) -> Mapping[str, Any]:
        options: Mapping[str, Any] = self._home.entry.options.get(CONF_NOTICES, {})
        return options

    @property
    def _on_recovery(self) -> OnRecovery:
        return OnRecovery(self._options.get(CONF_ON_RECOVERY, OnRecovery.LINE))


def quiet_hours(options: Mapping[str, Any]) -> QuietHours | None:
    """Return the hours in which nobody wants to be told anything new."""
    start, end = options.get(CONF_QUIET_FROM), options.get(CONF_QUIET_UNTIL)
    if start is None or end is None:
        return None
    return QuietHours(time.fromisoformat(start), time.fromisoformat(end))


async def async_remove_notices(hass: HomeAssistant, entry: TapoDoctorConfigEntry) -> None:
    """Take back what Home Assistant shows of a home that is removed, and forget what was told."""
    for subject in (*entry.subentries, HOME):
        persistent_notification.async_dismiss(hass, tag_of(entry.entry_id, subject))
    await NoticeStore(hass, entry.entry_id).async_remove()
