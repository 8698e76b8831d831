"""The whole home: devices on addresses of their own, wires between them, the switchboard."""

import hashlib
import os
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final, Self

from . import discovery
from .camera import Camera
from .certificate import server_context
from .clock import Clock
from .datagrams import Address, Datagrams
from .device import Device
from .faults import Fault, Kind, options_for
from .gateway import Host
from .plug import Plug
from .specs import EXAMPLE_CAMERAS, EXAMPLE_PLUGS, CameraSpec, PlugSpec
from .wires import Loopback

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from .place import Place

ACCOUNT: Final = ("owner@example.org", "correct horse")
# The second octet of all addresses; tests take another, so that both can run at once.
EXAMPLE_BASE: Final = 42
BASES: Final = range(64, 250)
GATEWAY_PORT: Final = 5380
FIRST_CAMERA, FIRST_PLUG, FIRST_FREE = 11, 1011, 2011
NEIGHBOURS: Final = (("Harbour View", 6, 1), ("Upstairs 24", 11, 2), ("Guest", 1, 1))


@dataclass(frozen=True, slots=True)
class Network:
    """A Wi-Fi network as a scan finds it."""

    ssid: str
    bssid: str
    channel: int
    bars: int


class Home:
    """Use it as `async with`; everything may be asked and changed while it runs."""

    def __init__(
        self,
        cameras: Sequence[CameraSpec] = (),
        plugs: Sequence[PlugSpec] = (),
        account: tuple[str, str] = ACCOUNT,
        *,
        base: int | None = None,
        clock: Clock | None = None,
        seed: int = 0,
        wires: Loopback | None = None,
    ) -> None:
        """Plan it; without a `base` it takes the first one on the machine that is free."""
        self.account = account
        self.owner = hashlib.sha256(account[0].encode()).hexdigest()[:32].upper()
        self.clock = clock or Clock()
        self.wires = wires or Loopback()
        self.rng = Random(seed)
        self.base = base if base is not None else BASES[os.getpid() % len(BASES)]
        self._fixed_base = base is not None
        self._specs = (tuple(cameras), tuple(plugs))
        self._open = False
        self._free = FIRST_FREE
        self._leftovers: list[Place] = []
        self._broadcast: Datagrams | None = None
        self.site_faults: dict[Fault, dict[str, Any]] = {}
        # The newest last: home time, who, what.
        self.events: deque[tuple[float, str, str]] = deque(maxlen=1000)
        self.cameras: list[Camera] = []
        self.plugs: list[Plug] = []
        self._check_plan()

    @classmethod
    def example(cls, *, base: int | None = EXAMPLE_BASE, clock: Clock | None = None) -> Self:
        """Five cameras, three plugs and a gateway, always on the same addresses."""
        return cls(EXAMPLE_CAMERAS, EXAMPLE_PLUGS, base=base, clock=clock)

    def _check_plan(self) -> None:
        cameras, plugs = self._specs
        names = [*(spec.name for spec in cameras), *(spec.name for spec in plugs)]
        if len(set(names)) < len(names):
            raise ValueError("every device needs a name of its own")
        missing = {spec.plug for spec in cameras if spec.plug} - {spec.name for spec in plugs}
        if missing:
            raise ValueError(f"there is no plug called {', '.join(sorted(missing))}")

    # Coming and going

    async def __aenter__(self) -> Self:
        """Build it on the first base that is free, or on the one that was asked for."""
        server_context()
        tries = 1 if self._fixed_base else len(BASES)
        for left in reversed(range(tries)):
            try:
                self._build()
            except OSError:
                await self.close()
                if not left:
                    raise
                self.base = BASES[(BASES.index(self.base) + 1) % len(BASES)]
            else:
                return self
        raise AssertionError("unreachable")

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take it down."""
        await self.close()

    def _build(self) -> None:
        camera_specs, plug_specs = self._specs
        self.gateway = Host("gateway", self._host(1), GATEWAY_PORT, self.wires)
        self.internet = Host("internet", self._host(2), GATEWAY_PORT, self.wires)
        self.plugs = [
            Plug(self, spec, self._host(FIRST_PLUG + index))
            for index, spec in enumerate(plug_specs)
        ]
        self.cameras = [
            Camera(self, spec, self._host(FIRST_CAMERA + index))
            for index, spec in enumerate(camera_specs)
        ]
        self._open = True
        self.gateway.open()
        self.internet.open()
        for device in self.devices:
            device.open()
        self._broadcast = Datagrams(discovery.BROADCAST, discovery.PORT, self._heard, shared=True)

    async def close(self) -> None:
        """Leave no socket, no task and no timer behind."""
        if not self._open:
            return
        self._open = False
        self.clock.stop()
        if self._broadcast is not None:
            self._broadcast.close()
            self._broadcast = None
        for node in self.devices:
            await node.close()
        for host in (self.gateway, self.internet):
            await host.close()
        for place in self._leftovers:
            await place.close()
        self._leftovers.clear()

    def _host(self, number: int) -> str:
        return self.wires.address(self.base, number)

    # Who is there

    @property
    def devices(self) -> list[Device]:
        """Cameras, then plugs."""
        return [*self.cameras, *self.plugs]

    @property
    def broadcast(self) -> str:
        """Where a broadcast probe reaches all devices; other homes of the machine hear it too."""
        return discovery.BROADCAST

    def camera(self, name: str) -> Camera:
        """Find a camera by its name."""
        return next(camera for camera in self.cameras if camera.name == name)

    def plug(self, name: str) -> Plug:
        """Find a plug by its name."""
        return next(plug for plug in self.plugs if plug.name == name)

    def device(self, device: Device | str) -> Device:
        """Find a device by its name."""
        if isinstance(device, Device):
            return device
        for one in self.devices:
            if one.name == device:
                return one
        raise KeyError(f"there is no device called {device!r}")

    # The switchboard

    def fault(self, device: Device | str, fault: Fault, **options: Any) -> None:
        """Put a fault on a device; the options are in the faults' table."""
        self.device(device).fault(fault, options)
        self.note(self.device(device).name, f"fault {fault}")

    def site_fault(self, fault: Fault, **options: Any) -> None:
        """Put a fault on the whole home."""
        self.site_faults[fault] = options_for(fault, Kind.SITE, options)
        self.note("home", f"fault {fault}")
        self.refresh()

    def clear_site(self, fault: Fault | None = None) -> None:
        """Take one fault off the home, or all."""
        for one in [fault] if fault else list(self.site_faults):
            self.site_faults.pop(one, None)
        self.note("home", f"clear {fault or 'all'}")
        self.refresh()

    def clear(self, device: Device | str | None = None, fault: Fault | None = None) -> None:
        """Take faults off: one of a device, all of it, or everything everywhere."""
        if device is None:
            self.clear_site(fault)
        for one in self.devices if device is None else [self.device(device)]:
            if one.faults:
                one.clear(fault)
                self.note(one.name, f"clear {fault or 'all'}")

    def note(self, who: str, what: str) -> None:
        """Write it into the home's diary."""
        self.events.append((self.clock.now(), who, what))

    # The wires

    def powers(self, device: Device) -> bool:
        """Whether there is power where the device is plugged in, and its adapter works."""
        if Fault.MAINS_DOWN in self.site_faults or Fault.POWER_CUT in device.faults:
            return False
        if isinstance(device, Camera) and device.plug:
            plug = self.plug(device.plug)
            return plug.is_on and Fault.POWER_CUT not in plug.faults
        return True

    def on_the_air(self, ssid: str) -> bool:
        """Whether a Wi-Fi network of the home is there to be seen."""
        faults = self.site_faults
        if {Fault.MAINS_DOWN, Fault.AP_DOWN} & faults.keys():
            return False
        if faults.get(Fault.ROUTER_DOWN, {}).get("all_in_one"):
            return False
        gone = faults.get(Fault.SSID_GONE)
        return gone is None or gone["ssid"] not in {"", ssid}

    def can_join(self, ssid: str) -> bool:
        """Whether a device that has been set up once still gets in."""
        return self.on_the_air(ssid) and Fault.WIFI_WRONG_PASSWORD not in self.site_faults

    def networks_on_the_air(self) -> list[Network]:
        """List what a scan finds: the home's networks, if they are up, and the neighbours'."""
        own = sorted({device.ssid for device in self.devices if self.on_the_air(device.ssid)})
        found = [(ssid, 6, 4) for ssid in own] + list(NEIGHBOURS)
        return [
            Network(ssid, hashlib.sha256(ssid.encode()).hexdigest()[:12].upper(), channel, bars)
            for ssid, channel, bars in found
        ]

    def refresh(self) -> None:
        """Let everything be as the faults, the plugs and the clock want it."""
        if not self._open:
            return
        faults = self.site_faults.keys()
        gateway = not faults & {Fault.MAINS_DOWN, Fault.ROUTER_DOWN}
        self.gateway.answers(up=gateway)
        self.internet.answers(up=gateway and Fault.INTERNET_DOWN not in faults)
        for device in self.devices:
            device.follow_power()
            device.refresh()

    # Addresses

    def free_host(self) -> str:
        """Find an address nobody has."""
        self._free += 1
        return self._host(self._free)

    def take_over(self, host: str) -> None:
        """Free an address whose former owner has moved away."""
        for device in self.devices:
            if (place := device.give_up(host) if host in device.hosts else None) is not None:
                self._leftovers.append(place)

    def _heard(self, data: bytes, sender: Address) -> None:
        for device in self.devices:
            device.hear(data, sender, broadcast=True)
