"""How much is measured, and for how long."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from custom_components.tapo_doctor.doctor.presence import SERVICE
from tests.home import CameraSpec, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

# 21 s apart, ten failures meet a clock of 10 s and one of 30 s at ten different phases, one of
# 5 s at five; and never more than one of our cameras is cut at the same time.
_CUT_EVERY_S: Final = 21.0
# Shorter than a real camera's half a minute: its start is not what is measured.
_BOOT_S: Final = 3.0


class Trouble(StrEnum):
    """What befalls a camera."""

    CUT = "power cut"
    HUNG_OPEN = "hang, ports open"
    HUNG_CLOSED = "hang, ports closed"


FAULTS: Final = {
    Trouble.CUT: Fault.POWER_CUT,
    Trouble.HUNG_OPEN: Fault.HUNG_OPEN,
    Trouble.HUNG_CLOSED: Fault.HUNG_CLOSED,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Counts and spans; seconds."""

    phases: int
    """Cameras for each trouble, which befalls each at another phase of the polls."""
    empty_s: float
    """How long an empty Home Assistant is looked at, for what it costs by itself."""
    calm_s: float
    patience_s: float
    """How long a trouble lasts that nobody sees."""
    lock_s: float
    crowd: int
    """Cameras of the large home."""
    crowd_s: float

    def cameras(self) -> list[CameraSpec]:
        """Name the cameras, those of one trouble beside each other."""
        return [CameraSpec(name, boot_time=_BOOT_S) for name, _, _ in self.troubles()]

    def troubles(self) -> Iterator[tuple[str, Trouble, float]]:
        """Say which camera meets which trouble, and after how many seconds."""
        step = SERVICE.interval / self.phases
        starts = {
            Trouble.CUT: (0.0, _CUT_EVERY_S),
            Trouble.HUNG_OPEN: (0.0, step),
            Trouble.HUNG_CLOSED: (step / 2, step),
        }
        for trouble, (first, apart) in starts.items():
            for number in range(self.phases):
                name = f"{trouble.name.replace('_', ' ').capitalize()} {number + 1}"
                yield name, trouble, first + number * apart


FULL: Final = Plan(
    phases=10, empty_s=60, calm_s=300, patience_s=420, lock_s=120, crowd=200, crowd_s=300
)
QUICK: Final = Plan(phases=3, empty_s=20, calm_s=45, patience_s=90, lock_s=30, crowd=50, crowd_s=45)
