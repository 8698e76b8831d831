"""Names and numbers that more than one module of the shell needs."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

DOMAIN: Final = "tapo_doctor"
LOGGER: Final = logging.getLogger(__package__)

SUBENTRY_CAMERA: Final = "camera"

# A camera's settings, in its subentry.
CONF_CONTROL_PORT: Final = "control_port"
CONF_CONNECTION: Final = "connection"
CONF_LOG_IN: Final = "log_in"
# What came of the login when the camera was added, so that it is not repeated by itself:
# "rejected", "locked", "unsupported" or None; and until when it is locked, as ISO text.
CONF_REFUSED: Final = "refused"
CONF_LOCKED_UNTIL: Final = "locked_until"
CONF_PLUG: Final = "plug"
CONF_POWER_SENSOR: Final = "power_sensor"
CONF_SIGNAL_SENSOR: Final = "signal_sensor"
CONF_TRACKER: Final = "tracker"
CONF_AUTOMATIC: Final = "automatic_power_cycle"

# The home's options.
CONF_SENSITIVITY: Final = "sensitivity"
CONF_WEAK_SIGNAL: Final = "weak_signal"
CONF_GATEWAY: Final = "gateway"
CONF_INTERNET_CHECK: Final = "internet_check"
# Of these, what is about notices.
CONF_NOTICES: Final = "notices"
CONF_NOTIFY_ENTITIES: Final = "notify_entities"
CONF_NOTIFY_SERVICES: Final = "notify_services"
CONF_QUIET_FROM: Final = "quiet_from"
CONF_QUIET_UNTIL: Final = "quiet_until"
CONF_ON_RECOVERY: Final = "on_recovery"
CONF_ROUTER_PLUG: Final = "router_plug"
CONF_ROUTER_PLUG_INDEPENDENT: Final = "router_plug_independent"

# Tapo's own app calls a camera weak at about this strength; reports of drop-outs start here.
DEFAULT_WEAK_SIGNAL: Final = -75
DEFAULT_CONTROL_PORT: Final = 443

SIGNAL_INTERVAL: Final = timedelta(minutes=5)
SLOW_INTERVAL: Final = timedelta(hours=12)
GATEWAY_INTERVAL: Final = timedelta(seconds=60)
DISCOVERY_INTERVAL: Final = timedelta(minutes=15)

# Ten at a time keep the event loop free: two hundred at once held it for 0.3 s.
MOST_AT_ONCE: Final = 10

# Long enough for three questions, short enough for a verdict that is refined within 15 s.
SEARCH_S: Final = 3.0
