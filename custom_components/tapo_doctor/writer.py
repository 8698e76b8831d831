"""Writes the notices of a home: the words, where they lead, and what can be done at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from homeassistant.helpers import device_registry as dr

from .const import CONF_PLUG, DOMAIN
from .names import name_of
from .notices import Button, Notice, all_clear, all_clear_title, message_of, title_of

if TYPE_CHECKING:
    from .coordinator import CameraCoordinator
    from .doctor.notices import Issued, Matter
    from .doctor.outages import Attempt
    from .home import Home

# The home among the keys of the cameras.
HOME: Final = "home"
# The page of everything that is watched, for a camera that has no page of its own any more.
_OVERVIEW: Final = f"/config/integrations/integration/{DOMAIN}"


class Writer:
    """Writes about the cameras of a home, each named by its key, and about the home itself."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def notice(self, subject: str, matter: Matter) -> Notice:
        """Write what is the matter."""
        words = self._home.words
        notice = self._sheet(subject, title_of(matter, self._name(subject), words))
        return replace(notice, message=message_of(matter, words), buttons=self.buttons(subject))

    def all_clear(self, subject: str, issued: Issued, helped: Attempt | None = None) -> Notice:
        """Write that it is over, and since when; of an outage it is remembered what helped."""
        words, matter = self._home.words, issued.matter
        notice = self._sheet(subject, all_clear_title(matter, self._name(subject), words))
        camera = self._home.cameras.get(subject)
        outages = camera.chart.memory.outages if camera else ()
        if helped is None and outages and outages[-1].start >= matter.since:
            helped = outages[-1].helped
        return replace(notice, message=all_clear(matter, helped, issued.at, words))

    def refusal(
        self, subject: str, why: str, matter: Matter | None, issued: Issued | None
    ) -> Notice:
        """Write why a tap did nothing, and below it how things are."""
        said = self._home.words.say("notice", "refused", {"why": why})
        if matter is not None:
            notice = self.notice(subject, matter)
        elif issued is not None and not issued.standing:
            notice = self.all_clear(subject, issued)
        else:
            return replace(self._sheet(subject, self._name(subject)), message=said)
        return replace(notice, message=f"{said}\n\n{notice.message}")

    def acts(self, subject: str) -> frozenset[str]:
        """Return what would be done at this moment, if somebody asked for it."""
        return frozenset(button.act for button in self.buttons(subject) if button.act)

    def buttons(self, subject: str) -> tuple[Button, ...]:
        """Return what a phone offers: only what would be done at this moment."""
        words = self._home.words
        more = Button(title=words.say("notice_button", "more"), link=self._link(subject))
        if (camera := self._home.cameras.get(subject)) is None:
            return (more,)
        acts = ("power_cycle", "pause") if self._may_cut(camera) else ("pause",)
        return (
            *(Button(title=words.say("notice_button", act), act=act) for act in acts),
            more,
        )

    def device(self, subject: str) -> str | None:
        """Return the device whose page tells more."""
        if subject == HOME:
            return self._home.device_id
        device = dr.async_get(self._home.hass).async_get_device_by_identifier(
            (DOMAIN, subject), self._home.entry.entry_id
        )
        return device.id if device else None

    def _sheet(self, subject: str, title: str) -> Notice:
        return Notice(
            tag=tag_of(self._home.entry.entry_id, subject),
            title=title,
            message="",
            link=self._link(subject),
            link_title=self._home.words.say("notice", "more"),
        )

    def _name(self, subject: str) -> str:
        camera = self._home.cameras.get(subject)
        return name_of(camera) if camera else self._home.entry.title

    def _link(self, subject: str) -> str:
        device = self.device(subject)
        return f"/config/devices/device/{device}" if device else _OVERVIEW

    def _may_cut(self, camera: CameraCoordinator) -> bool:
        diagnosis = camera.data.diagnosis
        return (
            diagnosis is not None
            and diagnosis.power_cycle.allowed
            and bool(camera.subentry.data.get(CONF_PLUG))
            and self._home.hass.services.has_service(DOMAIN, "power_cycle")
        )


def tag_of(entry_id: str, subject: str) -> str:
    """Return what identifies the notice about a camera, or about the home."""
    return f"{DOMAIN}_{entry_id}_{subject}"
