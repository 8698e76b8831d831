"""The chart of one camera: what is known of it right now.

No I/O here: probes bring their findings, and time is a parameter. The evidence that they make
is written in `testimony.py`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .const import SIGNAL_INTERVAL
from .doctor.causes import Cause
from .doctor.diagnosis import Certainty
from .doctor.evidence import (
    Discovery,
    DiscoveryAnswer,
    LoginResult,
    NeighbourTable,
    Ping,
    PortState,
)
from .doctor.outages import Outage
from .doctor.presence import SERVICE, Pace, Presence
from .doctor.signs.service import CLOCK_WRONG_S
from .probes.camera import clock_offset
from .probes.findings import SIDE_PORTS, STREAM_PORT, Way
from .suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .doctor.diagnosis import Diagnosis
    from .doctor.outages import Tried
    from .memory import CameraMemory
    from .probes.findings import Answers, Heartbeat, Reading, Service, Target

# After its network is back, a camera takes this long until its service is too; before that,
# a port that refuses is a camera starting, not a camera that hangs.
STARTING = timedelta(seconds=90)

# Two readings may fail before the signal counts as unknown.
SIGNAL_FRESH = 3 * SIGNAL_INTERVAL

# So many looks are kept: three minutes of them.
BEATS = 20
# A bad link loses a ping, but not so many in a row while the port answers each time.
_PINGS_DROPPED = 3
# Router and internet are up within minutes of a power cut, and clocks are set soon after.
CLOCK_SETTLES = timedelta(minutes=30)
# Minutes, as the article says; an hour leaves room for a slow line.
UPDATE_LASTS = timedelta(hours=1)

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
    clock_wrong_since: datetime | None = None
    """Since when its clock and ours differ, at every look."""
    model: str | None = None
    hardware: str | None = None
    privacy_mode: bool | None = None
    returned: datetime | None = None
    """When its network came back, until its service is seen to work."""
    outage: Outage | None = None
    last_good: datetime | None = None
    stream_tried: bool = False
    side_tried: bool = False
    signal_read: datetime | None = None
    beats: deque[Heartbeat] = field(default_factory=lambda: deque(maxlen=BEATS))
    """The last looks since it came."""
    pings_lost: int = 0
    """Looks in a row at which it answered at its port, and no ping."""
    suspicion: Suspicion = field(default_factory=Suspicion)
    update_seen: datetime | None = None
    """When it last said that it was writing its firmware, and has not said otherwise since."""

    def hear(self, beat: Heartbeat, now: datetime) -> None:
        """Take a heartbeat into account."""
        was = self.presence.here
        self.beat = beat
        self._learn_way(beat)
        if beat.answered is not None:
            self.memory = self.memory.looked_at(now)
        self.presence = self.presence.after(beat.answered, now, self.pace)
        if beat.answered is not None:
            self.beats.append(beat)
        if self.away:
            # What was seen of it before it went says nothing about it now.
            self.service = Presence()
            self.looked = None
            self.beats.clear()
        elif was is False and self.presence.here:
            self.returned = now
            self.identity = None
        if self.presence.here is not was:
            self.suspicion = Suspicion()

    def _learn_way(self, beat: Heartbeat) -> None:
        """Learn whether pings reach it: behind some firewalls only a connection does."""
        if beat.ping is Ping.REPLY:
            self.pings_lost = 0
            if not self.memory.pings:
                self.memory = replace(self.memory, pings=True)
        elif beat.ping is not None and beat.answered:
            self.pings_lost += 1
            if self.pings_lost >= _PINGS_DROPPED and self.memory.pings is not False:
                self.drop_pings()

    def drop_pings(self) -> None:
        """Note that its port answers where pings do not: their loss says nothing about it."""
        self.memory = replace(self.memory, pings=False)
        self.beats.clear()

    @property
    def way(self) -> Way:
        """How to ask for its next heartbeat: by one packet, but none is lost without a knock.

        While it is there, or gone, it is asked in the way that it is known to answer to.
        """
        pings = self.memory.pings
        if pings is None or self.presence.in_doubt:
            return Way.BOTH
        if pings:
            return Way.PING
        # At a start pings may have become possible since.
        return Way.BOTH if self.presence.here is None else Way.KNOCK

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
        hung = self.service.here is False
        self.service = self.service.after(looked.serving, now, SERVICE)
        if hung and self.service.here:
            self.suspicion = Suspicion()

    def knock(self, ports: Mapping[int, PortState], now: datetime) -> None:
        """Take into account which ports open; one that ever did is expected to."""
        self.side_tried = True
        opened = {port for port in SIDE_PORTS if ports.get(port) is PortState.OPEN}
        if not opened <= set(self.memory.side_ports):
            known = opened.union(self.memory.side_ports)
            self.memory = replace(self.memory, side_ports=tuple(sorted(known)))
        if ports.get(STREAM_PORT) is PortState.OPEN:
            self.memory = replace(self.memory, stream_seen=True)
        self.suspect(now, ports=ports)

    def trust_table(self) -> None:
        """Note that the system's neighbour table holds the camera's own hardware address."""
        self.memory = replace(self.memory, table_true=True)

    def suspect(self, now: datetime, **found: Any) -> None:
        """Note what was looked at because something seemed wrong."""
        self.suspicion = replace(self.suspicion, at=now, **found)

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
            self.update_seen = now if slow.updating else None
            if slow.clock is not None:
                self._note_clock(round(clock_offset(slow.clock, now)), now)
        self.memory = memory

    def _note_clock(self, offset_s: int, now: datetime) -> None:
        """Believe a wrong clock only where it stays wrong: after a power cut all are, for a while.

        That goes for the camera, which waits for the router's internet, and for ourselves.
        """
        wrong = abs(offset_s) >= CLOCK_WRONG_S
        since = self.clock_wrong_since = (self.clock_wrong_since or now) if wrong else None
        settling = since is not None and now - since < CLOCK_SETTLES
        self.clock_offset_s = None if settling else offset_s

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
        if here is mine and mine.is_camera and mine.connection is not None:
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
            beats=deque(maxlen=BEATS),
            looked=None,
            identity=None,
            suspicion=Suspicion(),
            # A new address mostly comes with a restart.
            returned=now,
        )

    @property
    def away(self) -> bool:
        """Whether it is confirmed that nothing answers at its address."""
        return self.presence.here is False

    @property
    def displaced(self) -> bool:
        """Whether what answers at its address is something else, however well it answers.

        In a large home every verdict asks this of every camera, so it takes the short way.
        """
        if self.identity is None or self.mac is None:
            return False
        if (here := self.identity.at(self.target.host)) is not None:
            return here.mac != self.mac
        return any(found.mac == self.mac for found in self.identity.found)

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

    def updating(self, now: datetime) -> bool:
        """Whether it may still be writing its firmware, after what it said last."""
        return self.update_seen is not None and now - self.update_seen < UPDATE_LASTS

    def signal(self, now: datetime) -> int | None:
        """Return the signal in dBm while it is fresh; of a camera that is gone there is none."""
        if self.offline or self.signal_read is None or now - self.signal_read > SIGNAL_FRESH:
            return None
        return self.memory.signals[-1]

    @property
    def discovery(self) -> Discovery | None:
        """What the search after it has found; None where one could not look."""
        if self.identity is None:
            return None
        mine = [found for found in self.identity.found if found.mac == self.mac]
        here = next((found for found in mine if found.host == self.target.host), None)
        found = here or next(iter(mine), None)
        if found is None:
            # An answer that cannot be read is an answer, but tells no identity.
            unreadable = self.target.host in self.identity.unreadable
            silent = self.identity.looked and not unreadable
            return Discovery(answer=DiscoveryAnswer.NONE) if silent else None
        return Discovery(
            answer=DiscoveryAnswer.SAME_ADDRESS if here else DiscoveryAnswer.OTHER_ADDRESS,
            ssid=found.ssid,
            control_port=found.control_port,
            factory_default=found.factory_default,
        )

    @property
    def address_taken(self) -> NeighbourTable | None:
        """Whose the address is, by the identity that answered there."""
        found = self.identity.at(self.target.host) if self.identity else None
        if found is None or self.mac is None:
            return None
        return NeighbourTable.OWN if found.mac == self.mac else NeighbourTable.OTHER

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
        if self.outage.planned and not planned:
            # It should be back by now: only from here on does its absence count.
            self.end_outage(now)
            self.outage = Outage(start=now)
        noted = replace(self.outage, planned=planned)
        # A router that is back leaves nothing to name, in the minute that its cameras need.
        if diagnosis.cause is not Cause.UNDETERMINED or noted.certainty is None:
            noted = replace(noted, cause=diagnosis.cause, certainty=diagnosis.certainty)
        if noted == self.outage:
            return False
        self.outage = noted
        self.memory = self.memory.with_outage(noted, now)
        return True

    def note_remedy(self, tried: Tried, now: datetime) -> None:
        """Remember what was tried, and with the outage it was tried in whether it helped."""
        self.memory = self.memory.with_remedy(tried, now)
        outage = self.outage or next(iter(self.memory.outages[-1:]), None)
        if outage is None or (outage.end is not None and outage.end < tried.at):
            return
        outage = outage.after(tried.remedy)
        if tried.helped:
            outage = replace(outage, helped=tried.remedy)
        if self.outage is not None:
            self.outage = outage
        self.memory = self.memory.with_outage(outage, now)

    def end_outage(self, now: datetime) -> timedelta | None:
        """Close the outage and remember it; returns its length."""
        if self.outage is None:
            return None
        ended = replace(self.outage, end=now)
        self.outage = None
        self.memory = self.memory.with_outage(ended, now)
        return ended.length
