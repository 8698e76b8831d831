"""What the mains, a boot and a boot loop do to a device, and what a plug's meter reads."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from .clock import Clock, Timer

# Watts of a camera behind a P110, as measured; each reading wobbles about them.
NORMAL: Final = 2.9
SEARCHING_WIFI: Final = 2.35
HUNG: Final = 2.1
BOOT_START: Final = 1.0
BOOT_PEAK: Final = 4.3
LOOP_SETTLING: Final = 3.4
LOOP_COLLAPSE: Final = 0.8
# Shares of a boot loop's dead time: climbing, settling, collapsing.
CLIMB: Final = 0.5
SETTLE: Final = 0.83


class Power:
    """Whether a device is awake. `changed` is called when that changes by itself."""

    def __init__(self, clock: Clock, boot_time: float, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._boot_time = boot_time
        self._changed = changed
        self._boot: Timer | None = None
        self._boot_began = 0.0
        self._loop: Timer | None = None
        self._loop_began = 0.0
        self._period = 0.0
        self._up = 0.0
        self._up_in_loop = False
        self.on = True

    @property
    def booting(self) -> bool:
        """Whether it has power but is not there yet."""
        return self.on and self._boot is not None

    @property
    def looping(self) -> bool:
        """Whether it restarts for ever."""
        return self._loop is not None

    @property
    def awake(self) -> bool:
        """Whether its software runs."""
        return self.on and self._boot is None and (self._loop is None or self._up_in_loop)

    def cut(self) -> None:
        """Take the power away."""
        self.on = False
        self._stop_boot()

    def restore(self) -> None:
        """Give it back: the boot begins."""
        self.on = True
        self.boot()

    def boot(self) -> None:
        """Start anew, from here on."""
        self._stop_boot()
        self._boot_began = self._clock.now()
        self._boot = self._clock.call_later(self._boot_time, self._booted)

    def start_loop(self, period: float, up: float) -> None:
        """Restart every `period` seconds and be up for `up` of them."""
        if not 0 <= up < period:
            raise ValueError("a boot loop is up for a part of its period")
        self.stop_loop()
        self._stop_boot()
        self._period, self._up = period, up
        self._next_loop()

    def stop_loop(self) -> None:
        """Let it boot through."""
        if self._loop is not None:
            self._loop.cancel()
            self._loop = None
            self._up_in_loop = False

    def watts(self, steady: float, rng: Random) -> float:
        """Tell what a meter in front of it reads; `steady` is what it draws when awake."""
        if not self.on:
            return 0.0
        if self._loop is not None:
            steady = self._loop_watts()
        elif self._boot is not None:
            begun = self._clock.now() - self._boot_began
            steady = BOOT_START if begun < self._boot_time * 0.05 else BOOT_PEAK
        # A camera that does nothing at all draws an even current.
        return steady if steady == HUNG else round(steady + rng.uniform(-0.1, 0.1), 3)

    def _loop_watts(self) -> float:
        at = self._clock.now() - self._loop_began
        dead = self._period - self._up
        if at < dead * CLIMB:
            return BOOT_PEAK
        if at < dead * SETTLE:
            return LOOP_SETTLING
        if at < dead * SETTLE + self._up:
            return NORMAL
        return LOOP_COLLAPSE

    def _booted(self) -> None:
        self._boot = None
        self._changed()

    def _stop_boot(self) -> None:
        if self._boot is not None:
            self._boot.cancel()
            self._boot = None

    def _next_loop(self) -> None:
        self._loop_began = self._clock.now()
        rise = (self._period - self._up) * SETTLE
        if self._up:
            self._loop = self._clock.call_later(rise, self._loop_rises)
        else:
            self._loop = self._clock.call_later(self._period, self._next_loop)

    def _loop_rises(self) -> None:
        self._up_in_loop = True
        self._loop = self._clock.call_later(self._up, self._loop_falls)
        self._changed()

    def _loop_falls(self) -> None:
        self._up_in_loop = False
        rest = (self._period - self._up) * (1 - SETTLE)
        self._loop = self._clock.call_later(rest, self._next_loop)
        self._changed()
