"""From a camera's chart to the evidence: field for field, and only what could be looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from .clocks import within
from .doctor.evidence import (
    Before,
    Camera,
    Evidence,
    History,
    Login,
    LoginResult,
    NeighbourTable,
    Now,
    PortState,
)
from .doctor.outages import as_evidence, summarize
from .probes.findings import STREAM_PORT, Hello
from .suspicion import Suspicion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .chart import Chart
    from .doctor.evidence import Power, Site
    from .doctor.outages import Tried

# The share of lost looks, and what an answer usually takes, mean something after this many: in
# the seconds of a start it is this system that is slow.
_ENOUGH_BEATS = 10
# A system believes what it knew of a hardware address for up to 45 s, and asks for 8 s more.
_TABLE_OUTLIVES = timedelta(seconds=60)
# What was looked at once, of a camera that is there, is not true for ever.
_SUSPICION_FRESH = timedelta(minutes=10)


def evidence_of(chart: Chart, now: datetime, power: Power, site: Site) -> Evidence:
    """Put together all that is known; `now` is in the home's time zone."""
    suspicion = _suspected(chart, now)
    return Evidence(
        camera=_camera(chart, now),
        now=_now(chart, suspicion, now),
        before=_before(chart, now),
        history=_history(chart, now),
        power=power,
        site=replace(site, scan=suspicion.scan),
    )


def _camera(chart: Chart, now: datetime) -> Camera:
    memory = chart.memory
    changed = memory.firmware_changed
    return Camera(
        model=chart.model,
        hardware=chart.hardware,
        firmware=memory.firmware,
        firmware_changed=None if memory.firmware is None else changed is not None,
        firmware_changed_hours_ago=_ago(changed, now, 3600),
    )


def _now(chart: Chart, suspicion: Suspicion, now: datetime) -> Now:
    beat = chart.beat
    return Now(
        local_time=now.strftime("%H:%M"),
        ping=beat.ping if beat else None,
        loss_percent=_loss(chart),
        latency_ms=_latency(chart),
        ports=_ports(chart, suspicion) or None,
        discovery=chart.discovery,
        neighbour_table=_neighbour_table(chart, suspicion, now),
        login=_login(chart),
        stream=suspicion.stream,
        privacy_mode=chart.privacy_mode if chart.presence.here else None,
        clock_offset_s=chart.clock_offset_s,
    )


def _suspected(chart: Chart, now: datetime) -> Suspicion:
    """Return what was looked at in the present trouble, or a moment ago."""
    suspicion = chart.suspicion
    counts = chart.offline or within(suspicion.at, now, _SUSPICION_FRESH)
    return suspicion if counts else Suspicion()


def _loss(chart: Chart) -> float | None:
    """Return the share of looks that were lost while the camera was there."""
    beats = chart.beats
    if len(beats) < _ENOUGH_BEATS:
        return None
    return round(100 * sum(not beat.answered for beat in beats) / len(beats), 1)


def _latency(chart: Chart) -> float | None:
    """Return what an answer usually takes: a radio that dozes makes single ones late."""
    known = [beat.latency_ms for beat in chart.beats if beat.latency_ms is not None]
    return round(median(known), 1) if len(known) >= _ENOUGH_BEATS else None


def _ports(chart: Chart, suspicion: Suspicion) -> Mapping[int, PortState]:
    """Return the newest look at each port that is open, or that ever was.

    What was closed from the start is no sign: this camera, or its owner, does without it.
    """
    control, memory, beat = chart.target.port, chart.memory, chart.beat
    ports = {**suspicion.ports, **(chart.looked.ports if chart.looked else {})}
    expected = {control, *memory.side_ports, *({STREAM_PORT} if memory.stream_seen else ())}
    if beat is not None and beat.port is not None:
        # A heartbeat through the port is newer than the last service check.
        ports[control] = beat.port
    return {
        port: state for port, state in ports.items() if port in expected or state is PortState.OPEN
    }


def _neighbour_table(chart: Chart, suspicion: Suspicion, now: datetime) -> NeighbourTable | None:
    """Say whose the address is: by the identity that answered there, or by the system's table."""
    if chart.address_taken is not None:
        return chart.address_taken
    table, since = suspicion.table, chart.presence.since
    if not chart.away or since is None:
        return None
    if table is NeighbourTable.OTHER:
        # Behind a repeater that lends its own hardware address it was never another way.
        return table if chart.memory.table_true else None
    if table is NeighbourTable.OWN and now - since < _TABLE_OUTLIVES:
        return None
    return table


def _login(chart: Chart) -> Login | None:
    """Say how a login went; where the service does not even greet, how one would go."""
    reading = chart.reading
    greeting = _greeting(chart)
    stale = reading is None or reading.result is LoginResult.OK or chart.service.here is False
    if chart.away or (greeting is not None and stale):
        return greeting
    if reading is None:
        refused = chart.memory.gate.refused
        return None if refused is None else Login(result=refused)
    return Login(
        result=reading.result,
        text=reading.text,
        code=reading.code,
        locked_for_s=reading.locked_for_s,
        failures_in_a_row=chart.failures,
    )


def _greeting(chart: Chart) -> Login | None:
    """Say what the service's greeting tells of a login: without it there is none."""
    result = {Hello.SILENT: LoginResult.TIMEOUT, Hello.BROKEN: LoginResult.ERROR}.get(
        (chart.looked.hello if chart.looked else None) or Hello.OK
    )
    if result is None:
        return None
    return Login(result=result, failures_in_a_row=max(1, chart.service.misses))


def _before(chart: Chart, now: datetime) -> Before:
    memory = chart.memory
    good = chart.last_good or memory.last_good
    return Before(
        minutes_ago=_ago(good, now, 60),
        ever_worked=None if good is None else True,
        rssi_dbm=tuple(map(float, memory.signals)) or None,
        ssid=memory.ssid,
    )


def _history(chart: Chart, now: datetime) -> History:
    memory = chart.memory
    record = summarize(memory.outages, now)
    return History(
        outages_24h=record.outages_24h,
        outages_7d=record.outages_7d,
        median_outage_s=record.median_s,
        same_time_of_day=record.same_time_of_day,
        planned_restart=memory.planned_restart,
        update_window=memory.update_window,
        remedies=as_evidence(_speaking_remedies(chart), now),
    )


def _speaking_remedies(chart: Chart) -> tuple[Tried, ...]:
    """Return what was tried, as far as it speaks of a trouble that goes on.

    That a cut of its power helped once says much about a camera that is gone; of one that is
    well it would only make believe that something must be wrong with it.
    """
    memory = chart.memory
    if chart.offline:
        return memory.remedies
    ends = [outage.end for outage in memory.outages[-1:]]
    well = [moment for moment in (*ends, chart.last_good, memory.last_good) if moment]
    return tuple(
        one
        for one in memory.remedies
        if one.helped is False and all(one.at > moment for moment in well)
    )


def _ago(moment: datetime | None, now: datetime, unit_s: float) -> float | None:
    return None if moment is None else max(0.0, round((now - moment).total_seconds() / unit_s, 2))
