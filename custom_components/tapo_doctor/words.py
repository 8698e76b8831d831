"""The words for what the mind concludes, in the home's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeassistant.exceptions import Unauthorized
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .doctor.causes import Cause
from .doctor.lengths import in_units, length_in
from .doctor.preflight import Failure, Refusal
from .doctor.safety import Objection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from homeassistant.core import HomeAssistant
    from homeassistant.exceptions import HomeAssistantError

    from .doctor.diagnosis import Certainty, Reason
    from .doctor.playbook import Step

# Where the sensor that shows a diagnosis has its words.
_DIAGNOSIS = "entity.sensor.diagnosis"
# Where the reasons against cutting the power have theirs.
_KINDS = {Refusal: "refusal", Objection: "objection", Failure: "failure"}


class Words:
    """Says in sentences what Python holds as keys; words live in the translations alone."""

    def __init__(self, translations: Mapping[str, str]) -> None:
        self._translations = translations

    @classmethod
    async def load(cls, hass: HomeAssistant) -> Words:
        """Load the words of the home's language; English where one is missing."""
        translations: dict[str, str] = {}
        for category in ("entity", "exceptions", "selector"):
            translations |= await async_get_translations(
                hass, hass.config.language, category, {DOMAIN}
            )
        return cls(translations)

    def say(self, kind: str, key: str, values: Mapping[str, object] | None = None) -> str:
        """Return the words for a key; the key itself where a translation has a fault."""
        return _filled(self._find(f"selector.{kind}.options.{key}", key), values)

    def error(self, error: HomeAssistantError) -> str:
        """Say what went wrong; an error by itself speaks English, whatever the home speaks."""
        if isinstance(error, Unauthorized):
            return self.say("notice", "not_allowed")
        if error.translation_domain != DOMAIN:
            return str(error)
        text = self._find(f"exceptions.{error.translation_key}.message", str(error))
        return _filled(text, error.translation_placeholders)

    def cause(self, cause: Cause) -> str:
        """Name a cause."""
        return self._find(f"{_DIAGNOSIS}.state.{cause}", cause)

    def certainty(self, certainty: Certainty) -> str:
        """Say how sure that is."""
        return self._find(f"{_DIAGNOSIS}.state_attributes.certainty.state.{certainty}", certainty)

    def length(self, length: timedelta) -> str:
        """Say a span of time in its two largest units."""
        return self._length(length.total_seconds())

    def _length(self, seconds: float) -> str:
        return self.say("length", *in_units(seconds))

    def _find(self, path: str, key: str) -> str:
        return self._translations.get(f"component.{DOMAIN}.{path}", key)

    def why(self, reason: Refusal | Objection | Cause | Failure) -> str:
        """Say why the power was not cut, or why cutting it was no success."""
        if isinstance(reason, Cause):
            return self.cause(reason)
        return self.say(_KINDS[type(reason)], reason)

    def reason(self, reason: Reason) -> str:
        """Say a reason in a sentence; -54 dBm is measured, -54.0 dBm only computed."""
        values = {
            key: f"{value:g}" if isinstance(value, float) else value
            for key, value in reason.values.items()
        }
        if (length := length_in(reason.values)) is not None:
            values["length"] = self._length(length)
        return self.say("sign", reason.sign, values)

    def step(self, step: Step) -> str:
        """Say a step in a few words, and how it is done."""
        return f"{self.say('step', step)}: {self.say('step_how', step)}"


def _filled(text: str, values: Mapping[str, object] | None) -> str:
    """Fill in the gaps of a text; one with a fault stays as it is."""
    try:
        return text.format_map(values or {})
    except KeyError, ValueError, IndexError:
        return text
