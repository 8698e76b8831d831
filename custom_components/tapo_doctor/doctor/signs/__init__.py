"""Draws the signs from the evidence: each module looks at one side of it."""

from itertools import chain
from typing import TYPE_CHECKING

from . import home, login, neighbours, past, power, radio, reach, service
from .login import failing
from .reach import Contact, contact_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..evidence import Evidence
    from ..sign import Sign, Values

_LOOKS = (
    reach.look,
    service.look,
    radio.look,
    power.look,
    login.look,
    home.look,
    neighbours.look,
    past.look,
)


def read_signs(evidence: Evidence) -> Mapping[Sign, Values]:
    """Read every sign, with the figures that its words need."""
    contact = contact_of(evidence)
    return dict(chain.from_iterable(look(evidence, contact) for look in _LOOKS))


__all__ = ["Contact", "contact_of", "failing", "read_signs"]
