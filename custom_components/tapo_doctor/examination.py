"""The looks at one camera that are made only on suspicion, side by side, each in its own time."""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

from homeassistant.util import dt as dt_util

from .const import LOGGER, SEARCH_S
from .doctor.evidence import NeighbourTable, PortState
from .probes.findings import SIDE_PORTS, STREAM_PORT, merged

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from .chart import Chart
    from .coordinator import CameraCoordinator
    from .probes.findings import Answers

# Probes of a suspicion that have not answered by then have nothing to say.
_MOST_S = 10.0


class Examination:
    """Looks with every probe that can still tell something."""

    def __init__(self, camera: CameraCoordinator) -> None:
        self._camera = camera
        self._probe_failed = False

    async def async_run(self) -> None:
        """Look, and say at each step what is known by then."""
        camera = self._camera
        chart, home = camera.chart, camera.home
        camera.async_review()
        asked, everyone, *_ = await asyncio.gather(
            self._bounded(home.senses.ask(chart.target.host, wait_s=SEARCH_S)),
            self._bounded(home.async_search()),
            self._bounded(home.gateway.async_look()),
            self._bounded(home.surroundings.async_look_at_internet()),
            self._bounded(self._async_knock(chart)),
            self._bounded(self._async_ask_stream(chart)),
        )
        if asked is not None or everyone is not None:
            answers = merged(answers for answers in (asked, everyone) if answers is not None)
            # A search reaches this system's own networks: silence there is none of a camera
            # beyond them that could not be asked.
            looked = asked is not None and asked.looked
            chart.identify(replace(answers, looked=looked), dt_util.now())
        camera.async_review()
        if chart.away:
            await self._bounded(self.async_look_at_table())
            await self._bounded(self._async_scan(chart, everyone))
            camera.async_review()

    async def async_learn(self) -> None:
        """Learn of a camera that is well what can be told from it when it is not."""
        chart, senses = self._camera.chart, self._camera.home.senses
        if not chart.side_tried:
            await self._bounded(self._async_knock(chart))
        if chart.mac is not None and not chart.memory.table_true:
            table = await self._bounded(senses.neighbour(chart.target.host, chart.mac))
            if table is NeighbourTable.OWN:
                chart.trust_table()

    async def async_look_at_table(self) -> None:
        """Look whose the address is by this system's own table, which sends nothing."""
        chart = self._camera.chart
        if chart.mac is None:
            return
        table = await self._camera.home.senses.neighbour(chart.target.host, chart.mac)
        if chart.away:
            chart.suspect(dt_util.now(), table=table)

    async def _async_knock(self, chart: Chart) -> None:
        """Look which of the ports open; the service check has seen those of one that is there."""
        away = chart.away
        ports = (chart.target.port, STREAM_PORT, *SIDE_PORTS) if away else SIDE_PORTS
        async with self._camera.home.slots:
            states = await self._camera.home.senses.knock(chart.target, ports)
        if chart.away is not away:
            return
        chart.knock(states, dt_util.now())
        if away and states.get(chart.target.port) in {PortState.OPEN, PortState.REFUSED}:
            # It is there after all: since it went, pings do not get through any more.
            chart.drop_pings()
            self._camera.async_beat()

    async def _async_ask_stream(self, chart: Chart) -> None:
        if chart.away or not chart.memory.stream_seen:
            return
        async with self._camera.home.slots:
            stream = await self._camera.home.senses.stream(chart.target)
        if not chart.away:
            chart.suspect(dt_util.now(), stream=stream)

    async def _async_scan(self, chart: Chart, everyone: Answers | None) -> None:
        """Let a neighbour look for the network of a camera that is off the air: once an outage."""
        if chart.suspicion.scan_asked:
            return
        devices = everyone.found if everyone is not None else ()
        scan = await self._camera.home.surroundings.async_scan_for(self._camera, devices)
        if chart.away:
            chart.suspect(dt_util.now(), scan=scan)

    async def _bounded[T](self, look: Coroutine[None, None, T]) -> T | None:
        """Give a probe its time; one that fails or hangs does not stop the others."""
        try:
            async with asyncio.timeout(_MOST_S):
                return await look
        except TimeoutError:
            return None
        except Exception as error:  # noqa: BLE001
            if not self._probe_failed:
                # Where it failed, without its words: an error of the network names addresses.
                where = "".join(traceback.format_tb(error.__traceback__))
                kind = type(error).__name__
                LOGGER.warning("A probe of %s failed with %s:\n%s", self._camera.name, kind, where)
            self._probe_failed = True
            return None
