"""What a notice says, in the home's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from .doctor.causes import Group
from .doctor.evidence import RemedyKind
from .doctor.notices import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from .doctor.notices import Matter
    from .doctor.outages import Attempt
    from .words import Words


class OnRecovery(StrEnum):
    """What becomes of a notice when what it says is over."""

    LINE = "line"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button below the notice on a phone: it opens a page, or it acts."""

    title: str
    link: str | None = None
    act: str | None = None
    """The action of ours that it stands for."""

    def action(self, tag: str) -> str:
        """Return what the phone tells when it is tapped."""
        return action_of(tag, self.act or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message about one camera, or about the home."""

    tag: str
    """What a later notice replaces this one by."""
    title: str
    message: str
    link: str
    link_title: str
    buttons: tuple[Button, ...] = ()

    @property
    def acts(self) -> frozenset[str]:
        """What its buttons offer to do."""
        return frozenset(button.act for button in self.buttons if button.act)

    @property
    def markdown(self) -> str:
        """The message with its link, for where links are written so."""
        return f"{self.message}\n\n[{self.link_title}]({self.link})"


def action_of(tag: str, act: str) -> str:
    """Return what a phone tells when a button of the notice of that tag is tapped."""
    return f"{tag}:{act}"


def title_of(matter: Matter, camera: str, words: Words) -> str:
    """Say in a line what is the matter."""
    key = f"home_{matter.ground}" if matter.kind is Kind.HOME else matter.kind
    return words.say("notice_title", key, {"camera": camera})


def message_of(matter: Matter, words: Words) -> str:
    """Say why, how sure that is, and what to do first."""
    parts = []
    if matter.kind is Kind.DROPPING:
        parts.append(words.say("notice", "dropping"))
    if matter.cause.group is not Group.FINE or matter.kind is Kind.EXPECTED:
        cause = words.cause(matter.cause)
        parts.append(words.say("notice", f"cause_{matter.certainty}", {"cause": cause}))
    if matter.cameras:
        names = ", ".join(matter.cameras)
        parts.append(words.say("notice", "cameras", {"cameras": names}))
    if matter.left:
        parts.append(words.say("notice", "left_to_you"))
    if matter.steps:
        steps = [f"{number}. {words.step(step)}" for number, step in enumerate(matter.steps, 1)]
        parts.append("\n".join([words.say("notice", "steps"), *steps]))
    return "\n\n".join(parts)


def all_clear_title(matter: Matter, camera: str, words: Words) -> str:
    """Say in a line that it is over."""
    return words.say("all_clear_title", matter.kind, {"camera": camera})


def all_clear(matter: Matter, helped: Attempt | None, end: datetime, words: Words) -> str:
    """Say how long it took, and what helped, if that is known."""
    length = words.length(max(timedelta(0), end - matter.since))
    parts = [words.say("all_clear", matter.kind, {"length": length})]
    if helped is not None:
        kind = "remedy" if isinstance(helped, RemedyKind) else "step"
        parts.append(words.say("all_clear", "helped", {"what": words.say(kind, helped)}))
    return " ".join(parts)
