"""Which notify actions show a title of its own; of the rest nobody can tell from outside.

With a title that is left out nobody knows which camera is meant; with one that is also in the text
everybody reads it twice.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from homeassistant.components.notify import DOMAIN as NOTIFY
from homeassistant.components.notify.legacy import NOTIFY_SERVICES

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

# As their platforms are written: each brings a title to whoever reads the text. A group hands it on
# to all its members, and some of these leave it out.
SHOWN_BY: Final = frozenset(
    {
        "apprise",
        "cisco_webex_teams",
        "google_mail",
        "html5",
        "ios",
        "joaoapps_join",
        "kodi",
        "mailgun",
        "nfandroidtv",
        "notify_events",
        "prowl",
        "pushover",
        "pushsafer",
        "sendgrid",
        "simplepush",
        "smtp",
        "system_bridge",
        "telegram",
        "xmpp",
    }
)


def shows_title(hass: HomeAssistant, service: str) -> bool:
    """Whether a notify action is known to show a title besides the text."""
    action = hass.services.async_services_for_domain(NOTIFY).get(service)
    sender = getattr(action.job.target, "__self__", None) if action else None
    platforms = hass.data.get(NOTIFY_SERVICES, {})
    known = chain.from_iterable(platforms.get(name, ()) for name in SHOWN_BY)
    return any(one is sender for one in known)
