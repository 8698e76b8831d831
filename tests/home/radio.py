"""A device's Wi-Fi link: its strength, and what weakness does to packets.

On loopback nothing is lost by itself. A lost SYN is a listener that is deaf for a moment
(the client's kernel repeats after a second); a lost packet of an open connection is a
delay; a lost datagram is one that is not answered.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from .clock import Clock, Timer

# So often the dice say whether a listener is deaf now.
TICK: Final = 0.25
# From here on down packets get lost, and below the second value nothing comes through.
LOSSES_BEGIN: Final = -78
GONE_BELOW: Final = -92
WORST_LOSS: Final = 0.6
# What a retransmission inside an open connection costs.
RETRANSMISSION: Final = 0.3


class Radio:
    """The link of one device. `changed` is called when the listeners' deafness may change."""

    def __init__(self, clock: Clock, rng: Random, rssi: int, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._rng = rng
        self._changed = changed
        self._usual = rssi
        self._weak: tuple[int, float, float] | None = None
        self._fading: tuple[float, int, float] | None = None
        self._timer: Timer | None = None
        self.deaf = False

    @property
    def rssi(self) -> int:
        """The strength now, in dBm."""
        rssi = self._weak[0] if self._weak else self._usual
        if self._fading:
            began, to, seconds = self._fading
            share = min(1.0, (self._clock.now() - began) / seconds) if seconds > 0 else 1.0
            rssi = min(rssi, round(self._usual + (to - self._usual) * share))
        return rssi

    @rssi.setter
    def rssi(self, value: int) -> None:
        self._usual = value

    @property
    def bars(self) -> int:
        """The strength as devices show it, 0 to 4; the limits are those of real answers."""
        return sum(self.rssi >= limit for limit in (-50, -62, -72, -82))

    @property
    def gone(self) -> bool:
        """Whether nothing comes through any more."""
        return self._fading is not None and self.rssi < GONE_BELOW

    @property
    def loss(self) -> float:
        """The share of packets that get lost."""
        loss = self._weak[1] if self._weak else 0.0
        if self._fading and self.rssi < LOSSES_BEGIN:
            depth = (LOSSES_BEGIN - self.rssi) / (LOSSES_BEGIN - GONE_BELOW)
            loss = max(loss, min(WORST_LOSS, WORST_LOSS * depth))
        return loss

    @property
    def delay(self) -> float:
        """How long the next packet takes, seconds."""
        delay = self._weak[2] if self._weak else self.loss * 0.5
        return delay + (RETRANSMISSION if self.loses() else 0.0)

    def loses(self) -> bool:
        """Whether the next packet gets lost."""
        loss = self.loss
        return loss > 0 and self._rng.random() < loss

    def weaken(self, rssi: int, loss: float, delay: float) -> None:
        """Be weak from now on."""
        self._weak = (rssi, loss, delay)
        self._tick()

    def fade(self, to: int, seconds: float) -> None:
        """Begin to fade."""
        self._fading = (self._clock.now(), to, seconds)
        self._tick()

    def recover(self, *, weak: bool = False, fading: bool = False) -> None:
        """Be as usual again, in this respect."""
        if weak:
            self._weak = None
        if fading:
            self._fading = None
        if self._weak is None and self._fading is None:
            self.deaf = False
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _tick(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.deaf = self.loses()
        self._timer = self._clock.call_later(TICK, self._tick)
        self._changed()
