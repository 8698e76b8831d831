"""What a neighbour's scan of the 2.4 GHz band tells: which networks it hears, and how strongly."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Final

from custom_components.tapo_doctor.doctor.evidence import Scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .findings import Networks

# A camera counts to four as the evidence does, a plug to three.
CAMERA_LEVELS: Final = {level: level for level in range(5)}
PLUG_LEVELS: Final = {0: 0, 1: 1, 2: 3, 3: 4}
# A block of flats has a hundred networks.
_MOST_NETWORKS: Final = 512


def networks_in(found: object, levels: Mapping[int, int]) -> Networks | None:
    """Read the list of a scan; None where there is none. Of each name the strongest counts."""
    listed = found.get("ap_list") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        return None
    networks: dict[str, int] = {}
    for one in listed[:_MOST_NETWORKS]:
        if isinstance(one, dict):
            level = levels.get(_number(one.get("signal_level", one.get("rssi"))), 0)
            for name in _names(one.get("ssid")):
                networks[name] = max(level, networks.get(name, 0))
    return networks


def conclude(
    networks: Networks | None, wanted: str | None, *, by: str, own_ssid: str | None
) -> Scan | None:
    """Say whether the wanted network is on the air; None where the scan cannot tell.

    A scan that misses the very network its device is on misses a hidden one, or heard nothing.
    """
    if not networks or wanted is None:
        return None
    if wanted in networks:
        return Scan(by=by, sees_ssid=True, level=networks[wanted])
    return None if own_ssid in {wanted, None} else Scan(by=by, sees_ssid=False)


def _names(ssid: object) -> Iterator[str]:
    """Return the name as it stands, and as it reads where it is packed, which some do."""
    if not isinstance(ssid, str) or not ssid:
        return
    yield ssid
    try:
        yield b64decode(ssid, validate=True).decode()
    except ValueError:
        return


def _number(value: object) -> int:
    try:
        return int(value) if isinstance(value, int | str) else 0
    except ValueError:
        return 0
