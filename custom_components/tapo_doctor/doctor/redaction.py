"""A case that may be shown to strangers: names of networks stay apart, but are told no more."""

import re
from typing import TYPE_CHECKING, Any, Final

from .case import write_diagnosis, write_evidence
from .signs.reach import is_guest_network

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .diagnosis import Diagnosis
    from .evidence import Evidence

# What libraries put into their messages: mail addresses, links, addresses of the network and of
# the device. Codes and seconds stay, for the mind reads them.
_PRIVATE: Final = re.compile(
    r"""[\w.+-]+@[\w-]+(\.[\w-]+)+         # mail
      | \b\w+://\S+                         # link
      | \b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b    # IPv4
      | \b[0-9a-f]{2}([:-][0-9a-f]{2}){5}\b # MAC
      | (?<![\w:])[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(%\w+)?(?![\w:])  # IPv6
      | \b[0-9a-f]{12,}\b                   # ids and hashes
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HIDDEN: Final = "…"


class Redaction:
    """Hides what is private; the same network gets the same name in all cases of one download."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Hide these words wherever they stand, and whatever looks like an address."""
        # The longest first: a name may be a part of another.
        self._secrets = sorted({word for word in secrets if word}, key=len, reverse=True)
        self._networks: dict[str, str] = {}

    def case(self, evidence: Evidence) -> dict[str, Any]:
        """Write evidence in the case format, fit to be shown; the mind reads the same from it."""
        redacted: dict[str, Any] = self._walk(write_evidence(evidence))
        return redacted

    def diagnosis(self, diagnosis: Diagnosis) -> dict[str, Any]:
        """Write a diagnosis, fit to be shown: its reasons may name networks."""
        redacted: dict[str, Any] = self._walk(write_diagnosis(diagnosis))
        return redacted

    def text(self, text: str) -> str:
        """Hide what is private in a text."""
        for secret in self._secrets:
            text = re.sub(re.escape(secret), _HIDDEN, text, flags=re.IGNORECASE)
        return _PRIVATE.sub(_HIDDEN, text)

    def network(self, ssid: str) -> str:
        """Name a network by a number; that it is for guests is something the mind wants to know."""
        kind = "guest network" if is_guest_network(ssid) else "network"
        return self._networks.setdefault(ssid, f"{kind} {len(self._networks) + 1}")

    def _walk(self, value: Any, key: str | None = None) -> Any:
        if isinstance(value, dict):
            return {name: self._walk(member, name) for name, member in value.items()}
        if isinstance(value, list):
            return [self._walk(member) for member in value]
        if not isinstance(value, str):
            return value
        if key in {"ssid", "old_ssid"}:
            return self.network(value)
        return self.text(value) if key in {"text", "name", "by"} else value
