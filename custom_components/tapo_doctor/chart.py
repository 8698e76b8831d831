"""The chart of one camera: what is known of it right now, and the evidence that makes.

No I/O here: probes bring their findings, and time is a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from .const import SIGNAL_INTERVAL
from .doctor.causes import Cause
from .doctor.diagnosis import Certainty
from .doctor.evidence import (
    Before,
    Camera,
    Discovery,
    DiscoveryAnswer,
    Evidence,
    History,
    Login,
    LoginResult,
    NeighbourTable,
    Now,
    PortState,
    Power,
    Site,
)
from .doctor.outages import Outage, as_evidence, summarize
from .doctor.presence import SERVICE, Pace, Presence
from .probes.camera import clock_offset
from .probes.findings import STREAM_PORT, Hello

if TYPE_CHECKING:
    from datetime import datetime

    from .doctor.diagnosis import Diagnosis
    from .memory import CameraMemory
    from .probes.findings import Answers, Heartbeat, Reading, Service, Target

# After its network is back, a camera takes this long until its service is too; before that,
# a port that refuses is a camera starting, not a camera that hangs.
STARTING = timedelta(seconds=90)

# Two readings may fail before the signal counts as unknown.
SIGNAL_FRESH = 3 * SIGNAL_INTERVAL

REFUSALS = frozenset({LoginResult.REJECTED, LoginResult.LOCKED, LoginResult.UNSUPPORTED})


@dataclass(slots=True)
class Chart:
    """Findings about one camera, the newest of each kind."""

    target: Target
    mac: str | None
    memory: CameraMemory
    pace: Pace
    presence: Presence = field(default_factory=Presence)
    service: Presence = field(default_factory=Presence)
    beat: Heartbeat | None = None
    looked: Service | None = None
    identity: Answers | None = None
    """Answers to the search after the camera, from its address and from elsewhere."""
    reading: Reading | None = None
    failures: int = 0
    clock_offset_s: float | None = None
    model: str | None = None
    hardware: str | None = None
    privacy_mode: bool | None = None
    returned: datetime | None = None
    """When its network came back, until its service is seen to work."""
    outage: Outage | None = None
    last_good: datetime | None = None
    stream_tried: bool = False
    signal_read: datetime | None = None

    def hear(self, beat: Heartbeat, now: datetime) -> None:
        """Take a heartbeat into account."""
        was = self.presence.here
        self.beat = beat
        self.presence = self.presence.after(beat.answered, now, self.pace)
        if self.away:
            # What was seen of it before it went says nothing about it now.
            self.service = Presence()
            self.looked = None
        elif was is False and self.presence.here:
            self.returned = now
            self.identity = None

    def inspect(self, looked: Service, now: datetime) -> None:
        """Take a service check into account; a camera that is starting is given its time."""
        self.looked = looked
        self.stream_tried = True
        if looked.ports.get(STREAM_PORT) is PortState.OPEN:
            self.memory = replace(self.memory, stream_seen=True)
        starting = self.returned is not None and now - self.returned < STARTING
        if looked.serving:
            self.returned = None
        elif starting:
            return
        self.service = self.service.after(looked.serving, now, SERVICE)

    def read(self, reading: Reading, now: datetime) -> None:
        """Take the answer to the authenticated query into account."""
        self.reading = reading
        if reading.result is not LoginResult.OK:
            self.failures += 1
            return
        self.failures = 0
        self.model = reading.model or self.model
        self.hardware = reading.hardware or self.hardware
        memory = self.memory
        if reading.firmware:
            memory = memory.with_firmware(reading.firmware, now)
        if reading.rssi_dbm is not None:
            memory = memory.with_signal(reading.rssi_dbm)
            self.signal_read = now
        memory = replace(memory, ssid=reading.ssid or memory.ssid)
        if (slow := reading.slow) is not None:
            memory = replace(
                memory, update_window=slow.update_window, planned_restart=slow.planned_restart
            )
            self.privacy_mode = slow.privacy_mode
            if slow.clock is not None:
                self.clock_offset_s = round(clock_offset(slow.clock, now))
        self.memory = memory

    def identify(self, answers: Answers, now: datetime) -> None:
        """Take the answers of a search after the camera into account."""
        self.identity = answers
        here = answers.at(self.target.host)
        if self.mac is None and here is not None and here.is_camera:
            # It was off when it was added: now it says who it is.
            self.mac = here.mac
        mine = next((found for found in answers.found if found.mac == self.mac), None)
        if mine is None:
            return
        self.memory = replace(self.memory, found=True)
        if here is mine and mine.connection is not None:
            # A new firmware may want to be spoken to in another way.
            self.target = replace(self.target, connection=mine.connection)
        self.model = mine.model
        self.hardware = mine.hardware or self.hardware
        if mine.firmware:
            self.memory = self.memory.with_firmware(mine.firmware, now)
        self.memory = replace(self.memory, ssid=mine.ssid or self.memory.ssid)

    def leave_for(self, host: str, now: datetime) -> None:
        """Note that it was found at another address: that is what this outage was."""
        if self.outage is not None:
            self.outage = replace(
                self.outage, cause=Cause.ADDRESS_CHANGED, certainty=Certainty.CERTAIN
            )
            self.memory = self.memory.with_outage(self.outage, now)
        if self.memory.gate.host == self.target.host:
            # It is the same camera, and would refuse the same password again.
            gate = replace(self.memory.gate, host=host)
            self.memory = replace(self.memory, gate=gate)

    def moved(self, target: Target, now: datetime) -> Chart:
        """Begin to look at another address; what is known of the camera itself still holds."""
        return replace(
            self,
            target=target,
            presence=Presence(),
            service=Presence(),
            beat=None,
            looked=None,
            identity=None,
            # A new address mostly comes with a restart.
            returned=now,
        )

    @property
    def away(self) -> bool:
        """Whether it is confirmed that nothing answers at its address."""
        return self.presence.here is False

    @property
    def impostor(self) -> bool:
        """Whether another device answered at the camera's address."""
        return self._address_taken() is NeighbourTable.OTHER

    @property
    def elsewhere(self) -> bool:
        """Whether it answered from another address, and not from its own."""
        discovery = self._discovery()
        return discovery is not None and discovery.answer is DiscoveryAnswer.OTHER_ADDRESS

    @property
    def displaced(self) -> bool:
        """Whether what answers at its address is something else, however well it answers."""
        return self.impostor or self.elsewhere

    @property
    def offline(self) -> bool:
        """Whether it is confirmed that it is not there, or does not serve."""
        return self.away or self.service.here is False or self.displaced

    @property
    def stream_wanted(self) -> bool:
        """Whether the stream's port is worth a connection: once, and then if it was open."""
        return self.memory.stream_seen or not self.stream_tried

    @property
    def in_doubt(self) -> bool:
        """Whether a look was lost, but not yet enough of them to count."""
        return self.presence.in_doubt or self.service.in_doubt

    @property
    def settled(self) -> bool:
        """Whether enough was looked at for a verdict."""
        return self.offline or (self.presence.here is True and self.service.here is not None)

    @property
    def login(self) -> LoginResult:
        """The result of the last login, also of one before a restart; none while it is away."""
        if self.away:
            return LoginResult.NOT_TRIED
        if self.reading is None:
            return self.memory.gate.refused or LoginResult.NOT_TRIED
        return self.reading.result

    def signal(self, now: datetime) -> int | None:
        """Return the signal in dBm while it is fresh; of a camera that is gone there is none."""
        if self.offline or self.signal_read is None or now - self.signal_read > SIGNAL_FRESH:
            return None
        return self.memory.signals[-1]

    def evidence(self, now: datetime, power: Power, site: Site) -> Evidence:
        """Put together all that is known; `now` is in the home's time zone."""
        return Evidence(
            camera=self._camera(now),
            now=self._now(now),
            before=self._before(now),
            history=self._history(now),
            power=power,
            site=site,
        )

    def _camera(self, now: datetime) -> Camera:
        changed = self.memory.firmware_changed
        return Camera(
            model=self.model,
            hardware=self.hardware,
            firmware=self.memory.firmware,
            firmware_changed=None if self.memory.firmware is None else changed is not None,
            firmware_changed_hours_ago=_ago(changed, now, 3600),
        )

    def _now(self, now: datetime) -> Now:
        beat, looked = self.beat, self.looked
        ports = dict(looked.ports) if looked else {}
        if not self.memory.stream_seen:
            # Closed from the start: this camera, or its owner, does without a stream.
            ports.pop(STREAM_PORT, None)
        if beat is not None and beat.port is not None:
            # A heartbeat through the port is newer than the last service check.
            ports[self.target.port] = beat.port
        return Now(
            local_time=now.strftime("%H:%M"),
            ping=beat.ping if beat else None,
            latency_ms=beat.latency_ms if beat else None,
            ports=ports or None,
            discovery=self._discovery(),
            neighbour_table=self._address_taken(),
            login=self._login(),
            privacy_mode=self.privacy_mode if self.presence.here else None,
            clock_offset_s=self.clock_offset_s,
        )

    def _discovery(self) -> Discovery | None:
        if self.identity is None or not self.identity.looked:
            return None
        mine = [found for found in self.identity.found if found.mac == self.mac]
        here = next((found for found in mine if found.host == self.target.host), None)
        found = here or next(iter(mine), None)
        if found is None:
            # An answer that cannot be read is an answer, but tells no identity.
            unreadable = self.target.host in self.identity.unreadable
            return None if unreadable else Discovery(answer=DiscoveryAnswer.NONE)
        return Discovery(
            answer=DiscoveryAnswer.SAME_ADDRESS if here else DiscoveryAnswer.OTHER_ADDRESS,
            ssid=found.ssid,
            control_port=found.control_port,
            factory_default=found.factory_default,
        )

    def _address_taken(self) -> NeighbourTable | None:
        """Say whose the address is, by the identity that answered there."""
        found = self.identity.at(self.target.host) if self.identity else None
        if found is None or self.mac is None:
            return None
        return NeighbourTable.OWN if found.mac == self.mac else NeighbourTable.OTHER

    def _login(self) -> Login | None:
        """Say how a login went; where the service does not even greet, how one would go."""
        reading = self.reading
        greeting = self._greeting()
        stale = reading is None or reading.result is LoginResult.OK or self.service.here is False
        if self.away or (greeting is not None and stale):
            return greeting
        if reading is None:
            refused = self.memory.gate.refused
            return None if refused is None else Login(result=refused)
        return Login(
            result=reading.result,
            text=reading.text,
            code=reading.code,
            locked_for_s=reading.locked_for_s,
            failures_in_a_row=self.failures,
        )

    def _greeting(self) -> Login | None:
        """Say what the service's greeting tells of a login: without it there is none."""
        result = {Hello.SILENT: LoginResult.TIMEOUT, Hello.BROKEN: LoginResult.ERROR}.get(
            (self.looked.hello if self.looked else None) or Hello.OK
        )
        if result is None:
            return None
        return Login(result=result, failures_in_a_row=max(1, self.service.misses))

    def _before(self, now: datetime) -> Before:
        memory = self.memory
        good = self.last_good or memory.last_good
        return Before(
            minutes_ago=_ago(good, now, 60),
            ever_worked=None if good is None else True,
            rssi_dbm=tuple(map(float, memory.signals)) or None,
            ssid=memory.ssid,
        )

    def _history(self, now: datetime) -> History:
        record = summarize(self.memory.outages, now)
        return History(
            outages_24h=record.outages_24h,
            outages_7d=record.outages_7d,
            median_outage_s=record.median_s,
            same_time_of_day=record.same_time_of_day,
            planned_restart=self.memory.planned_restart,
            update_window=self.memory.update_window,
            remedies=as_evidence(self.memory.remedies, now),
        )

    def begin_outage(self, now: datetime) -> None:
        """Open an outage, backdated to the first look that was lost."""
        gone = next((seen for seen in (self.presence, self.service) if seen.here is False), None)
        start = gone.since if gone is not None and gone.since is not None else now
        if self.memory.outages and (last := self.memory.outages[-1].end) is not None:
            start = max(start, last)
        self.outage = Outage(start=start)
        # Written down at once: a restart in its middle must not make it shorter.
        self.memory = self.memory.with_outage(self.outage, now)

    def note_outage(self, diagnosis: Diagnosis, now: datetime, *, planned: bool) -> bool:
        """Keep what is known of the present outage up to date; returns whether that is new."""
        if self.outage is None:
            return False
        noted = replace(
            self.outage, cause=diagnosis.cause, certainty=diagnosis.certainty, planned=planned
        )
        if noted == self.outage:
            return False
        self.outage = noted
        self.memory = self.memory.with_outage(noted, now)
        return True

    def end_outage(self, now: datetime) -> timedelta | None:
        """Close the outage and remember it; returns its length."""
        if self.outage is None:
            return None
        ended = replace(self.outage, end=now)
        self.outage = None
        self.memory = self.memory.with_outage(ended, now)
        return ended.length


def _ago(moment: datetime | None, now: datetime, unit_s: float) -> float | None:
    return None if moment is None else max(0.0, round((now - moment).total_seconds() / unit_s, 2))
