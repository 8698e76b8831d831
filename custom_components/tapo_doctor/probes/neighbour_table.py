"""The system's own neighbour table: whose hardware address it holds for the camera's address.

Reading it sends nothing, and it is right only after something was sent. A router or a repeater
may stand in for others with its own hardware address: such an entry says nothing about who is
behind it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from custom_components.tapo_doctor.doctor.evidence import NeighbourTable

from .routes import ROUTES, default_gateway, on_our_link

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = Path("/proc/net/arp")
# The kernel's flag of an entry whose hardware address was answered for.
_COMPLETE = 0x2
# A home with more entries is being flooded; what stands further down is not read.
_MOST_ENTRIES = 4096


def neighbour(
    host: str, mac: str, table: Path = TABLE, routes: Path = ROUTES
) -> NeighbourTable | None:
    """Say whose MAC is held for an address; None where the table cannot tell. Reads files."""
    held = _entries(table)
    if held is None:
        return None
    found = held.get(host)
    if found is None:
        # An entry that failed is thrown away after a while; without one, only an address on
        # the own link could have had it.
        missed = host in held or on_our_link(host, routes)
        return NeighbourTable.ABSENT if missed else None
    if found == mac:
        return NeighbourTable.OWN
    several = sum(other == found for other in held.values()) > 1
    stands_in = several or held.get(default_gateway(routes) or "") == found
    return None if stands_in else NeighbourTable.OTHER


def answers(host: str, table: Path = TABLE) -> bool:
    """Whether the system holds a hardware address for this one. Reads a file."""
    return (_entries(table) or {}).get(host) is not None


def _entries(table: Path) -> Mapping[str, str | None] | None:
    """Read the table: the MAC of each address, None where nobody answered for it."""
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1 : _MOST_ENTRIES + 1]
        return {
            row[0]: row[3].lower() if int(row[2], 16) & _COMPLETE else None
            for row in map(str.split, lines)
        }
    except OSError, ValueError, IndexError:
        return None
