"""What survives a restart: the last good values, the outages, and the state of the logins."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import voluptuous as vol
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError, UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER
from .doctor.availability import Span, with_look
from .doctor.causes import Cause
from .doctor.codec import ClockTime
from .doctor.diagnosis import Certainty
from .doctor.evidence import LoginResult, RemedyKind
from .doctor.logins import LoginGate
from .doctor.outages import Outage, Tried, read_attempt, recent, remembered
from .doctor.playbook import Step
from .doctor.questions import QuestionKey
from .doctor.told import Told
from .probes.findings import SIDE_PORTS

if TYPE_CHECKING:
    from datetime import datetime

    from homeassistant.core import HomeAssistant

_VERSION = 1
# Losing a minute of memory in a crash does no harm; writing at each reading wears out a card.
_DELAY_S = 60
# An hour of readings, one every five minutes: enough for the trend before a loss.
MOST_SIGNALS = 12
# A week of a camera that drops every ten minutes; what is older than 90 days goes sooner.
_MOST_OUTAGES = 1000
_MOST_REMEDIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraMemory:
    """What is remembered of one camera."""

    last_good: datetime | None = None
    """When all was well the last time."""
    firmware: str | None = None
    firmware_changed: datetime | None = None
    ssid: str | None = None
    signals: tuple[int, ...] = ()
    """dBm, oldest first."""
    usual_watts: float | None = None
    stream_seen: bool = False
    """Whether the stream's port was ever open."""
    found: bool = False
    """Whether it ever answered a search with its identity."""
    side_ports: tuple[int, ...] = ()
    """Those of its other ports that were ever open."""
    pings: bool | None = None
    """Whether it answers pings, or only at its port; None while that is not known."""
    table_true: bool = False
    """Whether the system's neighbour table ever held its own hardware address."""
    update_window: str | None = None
    planned_restart: str | None = None
    gate: LoginGate = field(default_factory=LoginGate)
    paused: bool = False
    paused_until: datetime | None = None
    """When the pause ends; None until somebody ends it."""
    outages: tuple[Outage, ...] = ()
    told: tuple[Told, ...] = ()
    """What a person has told about the present trouble."""
    tried: tuple[Step, ...] = ()
    """The steps that did not help in the present trouble."""
    remedies: tuple[Tried, ...] = ()
    """Oldest first."""
    watched_since: datetime | None = None
    last_look: datetime | None = None
    blind: tuple[Span, ...] = ()
    """When nobody looked in the last week, though it was watched."""
    restart_s: float | None = None
    """How long it takes from power to picture."""
    attempts_s: tuple[float, ...] = ()
    """How long ago, in seconds of watching, its power was cut unasked."""
    left_s: float | None = None
    """How long it has been well since cutting it was left to a person; None while it is not."""

    def with_signal(self, dbm: int) -> CameraMemory:
        """Add a reading of the signal."""
        return replace(self, signals=(*self.signals, dbm)[-MOST_SIGNALS:])

    def with_firmware(self, firmware: str, now: datetime) -> CameraMemory:
        """Note the firmware, and when it became another."""
        if firmware == self.firmware:
            return self
        changed = self.firmware_changed if self.firmware is None else now
        return replace(self, firmware=firmware, firmware_changed=changed)

    def looked_at(self, now: datetime) -> CameraMemory:
        """Note that somebody has looked; a long time without a look is remembered as such."""
        return replace(
            self,
            watched_since=self.watched_since or now,
            last_look=now,
            blind=with_look(self.blind, self.last_look, now),
        )

    @property
    def running(self) -> Outage | None:
        """The outage that goes on, if one does."""
        last = self.outages[-1] if self.outages else None
        return last if last is not None and last.end is None else None

    def with_outage(self, outage: Outage, now: datetime) -> CameraMemory:
        """Add an outage, or replace the one that began at the same moment."""
        others = tuple(kept for kept in self.outages if kept.start != outage.start)
        return replace(self, outages=recent((*others, outage), now)[-_MOST_OUTAGES:])

    def with_remedy(self, tried: Tried, now: datetime) -> CameraMemory:
        """Add a remedy, or say of the one that was tried at the same moment whether it helped."""
        others, during = [], self.running.start if self.running else None
        for kept in self.remedies:
            if (kept.remedy, kept.at) == (tried.remedy, tried.at):
                during = kept.during
            else:
                others.append(kept)
        tried = replace(tried, during=during)
        return replace(self, remedies=remembered((*others, tried), now)[-_MOST_REMEDIES:])

    def with_restart(self, seconds: float) -> CameraMemory:
        """Learn how long a restart takes, from the last ones most."""
        usual = seconds if self.restart_s is None else self.restart_s
        return replace(self, restart_s=round((usual + seconds) / 2, 1))

    def with_watts(self, watts: float) -> CameraMemory:
        """Let the usual power follow what is drawn while all is well, slowly."""
        weight = 0.1
        usual = watts if self.usual_watts is None else self.usual_watts
        return replace(self, usual_watts=round(usual + weight * (watts - usual), 2))


def _moment(value: str) -> datetime:
    moment = dt_util.parse_datetime(value)
    if moment is None or moment.tzinfo is None:
        raise vol.Invalid("expected a moment with its time zone")
    return moment


_MOMENT = vol.Any(None, vol.All(str, _moment))


def _time_of_day(value: str) -> str:
    if not ClockTime().allows(value):
        raise vol.Invalid("expected a time of day")
    return value


_TEXT = vol.Any(None, str)
_TIME_OF_DAY = vol.Any(None, vol.All(str, _time_of_day))
_ATTEMPT = vol.All(str, read_attempt)
# JSON has no word for what is infinite, or no number: it would not be read again.
_FINITE = vol.All(vol.Coerce(float), vol.Range(min=-1e9, max=1e9))
_NUMBER = vol.Any(None, _FINITE)
_CAMERA = vol.Schema(
    {
        vol.Optional("last_good"): _MOMENT,
        vol.Optional("firmware"): _TEXT,
        vol.Optional("firmware_changed"): _MOMENT,
        vol.Optional("ssid"): _TEXT,
        vol.Optional("signals"): vol.All([int], vol.Length(max=MOST_SIGNALS), vol.Coerce(tuple)),
        vol.Optional("usual_watts"): _NUMBER,
        vol.Optional("stream_seen"): bool,
        vol.Optional("found"): bool,
        vol.Optional("side_ports"): vol.All([vol.In(SIDE_PORTS)], vol.Coerce(tuple)),
        vol.Optional("pings"): vol.Any(None, bool),
        vol.Optional("table_true"): bool,
        vol.Optional("update_window"): _TIME_OF_DAY,
        vol.Optional("planned_restart"): _TIME_OF_DAY,
        vol.Optional("paused"): bool,
        vol.Optional("paused_until"): _MOMENT,
        vol.Optional("gate"): vol.All(
            {
                vol.Optional("refused"): vol.Any(None, vol.Coerce(LoginResult)),
                vol.Optional("not_before"): _MOMENT,
                vol.Optional("firmware"): _TEXT,
                vol.Optional("host"): _TEXT,
                vol.Optional("losses"): int,
            },
            lambda gate: LoginGate(**gate),
        ),
        vol.Optional("outages"): vol.All(
            [
                vol.All(
                    {
                        vol.Required("start"): vol.All(str, _moment),
                        vol.Optional("end"): _MOMENT,
                        vol.Optional("cause"): vol.Coerce(Cause),
                        vol.Optional("certainty"): vol.Any(None, vol.Coerce(Certainty)),
                        vol.Optional("tried"): vol.All([_ATTEMPT], vol.Coerce(tuple)),
                        vol.Optional("helped"): vol.Any(None, _ATTEMPT),
                        vol.Optional("planned"): bool,
                    },
                    lambda outage: Outage(**outage),
                )
            ],
            vol.Coerce(tuple),
        ),
        vol.Optional("told"): vol.All(
            [
                vol.All(
                    {
                        vol.Required("question"): vol.Coerce(QuestionKey),
                        vol.Required("answer"): str,
                        vol.Required("at"): vol.All(str, _moment),
                    },
                    lambda told: Told(**told),
                )
            ],
            vol.Coerce(tuple),
        ),
        vol.Optional("tried"): vol.All([vol.Coerce(Step)], vol.Coerce(tuple)),
        vol.Optional("watched_since"): _MOMENT,
        vol.Optional("last_look"): _MOMENT,
        vol.Optional("blind"): vol.All(
            [vol.All([vol.All(str, _moment)], vol.Length(min=2, max=2), lambda span: Span(*span))],
            vol.Coerce(tuple),
        ),
        vol.Optional("restart_s"): _NUMBER,
        vol.Optional("attempts_s"): vol.All([_FINITE], vol.Coerce(tuple)),
        vol.Optional("left_s"): _NUMBER,
        vol.Optional("remedies"): vol.All(
            [
                vol.All(
                    {
                        vol.Required("remedy"): vol.Coerce(RemedyKind),
                        vol.Required("at"): vol.All(str, _moment),
                        vol.Optional("helped"): vol.Any(None, bool),
                        vol.Optional("during"): _MOMENT,
                    },
                    lambda tried: Tried(**tried),
                )
            ],
            vol.Coerce(tuple),
        ),
    }
)


class Memory:
    """The home's storage file, a part for each camera."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}", private=True, atomic_writes=True
        )
        # What could not be read, for whoever wants to mend it.
        self._damaged: Store[Any] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}.damaged", private=True
        )
        self._hass = hass
        self._cameras: dict[str, CameraMemory] = {}
        self._due: float | None = None

    async def async_load(self) -> None:
        """Read the file; what cannot be read is set aside and logged, never fatal."""
        try:
            stored = await self._store.async_load()
        except UnsupportedStorageVersionError:
            # Written by a newer version of ours: not ours to convert, nor to write over.
            aside = await self._async_set_aside("newer")
            LOGGER.warning("The stored memory is of a newer version, kept as %s", aside)
            return
        except HomeAssistantError, KeyError, TypeError, NotImplementedError:
            # JSON that is no store at all; what is not even JSON the store sets aside itself.
            aside = await self._async_set_aside("damaged")
            LOGGER.warning("The stored memory is damaged, kept as %s", aside)
            return
        if stored is not None and not self._read(stored):
            await self._damaged.async_save(stored)
            aside = Path(self._damaged.path).name
            LOGGER.warning("The stored memory is damaged in part, kept as %s", aside)

    def _read(self, stored: object) -> bool:
        """Take over what can be read; returns whether that was everything."""
        cameras = stored.get("cameras") if isinstance(stored, dict) else None
        if not isinstance(cameras, dict):
            return False
        whole = True
        for camera, data in cameras.items():
            try:
                self._cameras[camera] = CameraMemory(**_CAMERA(data))
            except vol.Invalid, TypeError, ValueError:
                whole = False
        return whole

    async def _async_set_aside(self, why: str) -> str:
        path = Path(self._store.path)
        aside = path.with_name(f"{path.name}.{why}")
        await self._hass.async_add_executor_job(set_aside, path, aside)
        return aside.name

    @callback
    def of(self, camera: str) -> CameraMemory:
        """Return what is remembered of a camera."""
        return self._cameras.get(camera, CameraMemory())

    @callback
    def keep(self, camera: str, memory: CameraMemory, *, at_once: bool = False) -> None:
        """Remember; written to disk a little later, or at once."""
        if self._cameras.get(camera) == memory:
            return
        self._cameras[camera] = memory
        self._write(0 if at_once else _DELAY_S)

    @callback
    def forget(self, camera: str) -> None:
        """Forget a camera that is no longer watched."""
        if self._cameras.pop(camera, None) is not None:
            self._write(_DELAY_S)

    @callback
    def _write(self, delay_s: float) -> None:
        """Write soon; what is asked for later does not put off what was asked for before.

        The store itself would begin to wait anew each time, and many cameras together would
        keep it waiting for ever.
        """
        due = self._hass.loop.time() + delay_s
        if self._due is None or due < self._due:
            self._due = due
            self._store.async_delay_save(self._data, delay_s)

    async def async_save(self) -> None:
        """Write at once."""
        await self._store.async_save(self._data())

    async def async_remove(self) -> None:
        """Remove the file, and what was set aside of it."""
        await self._store.async_remove()
        await self._damaged.async_remove()

    @callback
    def _data(self) -> dict[str, Any]:
        self._due = None
        return {"cameras": {key: asdict(memory) for key, memory in self._cameras.items()}}


def set_aside(path: Path, aside: Path) -> None:
    """Put a file that cannot be read out of the way, for whoever wants to mend it."""
    with suppress(OSError):
        path.replace(aside)
