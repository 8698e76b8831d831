"""Starts Home Assistant as `hass` does, with one difference: it never speaks beyond this machine.

Home Assistant always sends discovery to 255.255.255.255 too, which would reach the real cameras
of whoever runs the demo, and try the simulated account on them; and the doctor looks for the
internet when a camera is gone.
"""

import sys

from homeassistant.__main__ import main
from homeassistant.components import network

from custom_components.tapo_doctor.probes.network import NetworkSenses

LOOPBACK_BROADCAST = "127.255.255.255"


def stay_here() -> None:
    """Let the limited broadcast end on this machine, and ask nobody outside."""
    vars(network)["IPV4_BROADCAST_ADDR"] = LOOPBACK_BROADCAST
    NetworkSenses.internet_hosts = ()


if __name__ == "__main__":
    stay_here()
    sys.exit(main())
