"""What is the matter with the home as a whole; tells it to everyone who listens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .chart import REFUSALS
from .const import CONF_LOG_IN, CONF_PLUG, CONF_TRACKER
from .doctor.evidence import LoginResult
from .doctor.household import (
    EBB,
    Kind,
    Member,
    Surroundings,
    account_refused,
    judge,
    judge_account,
)
from .names import name_of
from .probes.tracker import access_point
from .verdict import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .coordinator import CameraCoordinator
    from .doctor.causes import Cause
    from .doctor.household import Finding
    from .home import Home

# A camera that is away on purpose says nothing about the home, one way or the other.
_AS_IT_SHOULD_BE = frozenset({Status.EXPECTED_OFFLINE, Status.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeState:
    """What the entities of the home show."""

    known: bool = False
    """Whether it has been looked at long enough."""
    problems: tuple[str, ...] = ()
    """The names of the cameras that have a problem."""
    finding: Finding | None = None


class HomeJudgement:
    """Draws the conclusions for the home."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._listeners: list[Callable[[], None]] = []
        self._stop_ebb: Callable[[], None] | None = None
        self._outage: Finding | None = None
        self._account: Finding | None = None
        self._logins: dict[str, tuple[LoginResult, Cause | None]] = {}
        """What each camera has shown last of its login."""
        self._access_points: dict[str, str] = {}
        """Through which one each camera was heard last: routers forget it with the camera."""
        self.state = HomeState()

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever the home's state has changed."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_stop(self) -> None:
        """Wait for nothing more."""
        if self._stop_ebb is not None:
            self._stop_ebb()
            self._stop_ebb = None

    @callback
    def async_judge(self) -> None:
        """Look at all cameras together; each is told whether the home's finding speaks for it."""
        cameras, gateway = self._home.cameras, self._home.gateway
        around = Surroundings(
            own_network=gateway.own_network,
            gateway=gateway.here,
            since=gateway.since,
            loss_seen=gateway.loss_seen,
        )
        self._access_points = {
            key: point
            for key, camera in cameras.items()
            if (point := self._access_point(camera) or self._access_points.get(key)) is not None
        }
        members = [self._member(camera) for camera in cameras.values()]
        now = dt_util.utcnow()
        self._outage = judge(members, around, self._outage, now)
        self._account = judge_account(members, self._account, now)
        findings = [self._outage] if self._outage else []
        if self._account is not None and self._account.members:
            findings.append(self._account)
        # What is gone comes before what is refused.
        self._show(replace(self.state, finding=next(iter(findings), None)))
        for key, camera in cameras.items():
            camera.async_speak_for(by_home=any(key in finding.members for finding in findings))
        self.async_stop()
        if ebbing := [finding.ebbing for finding in findings if finding.ebbing]:

            @callback
            def ebbed(_now: datetime) -> None:
                self._stop_ebb = None
                self.async_judge()

            left = min(ebbing) + EBB - dt_util.utcnow()
            self._stop_ebb = async_call_later(self._home.hass, left, ebbed)

    def _access_point(self, camera: CameraCoordinator) -> str | None:
        return access_point(self._home.hass, camera.subentry.data.get(CONF_TRACKER))

    def _member(self, camera: CameraCoordinator) -> Member:
        """Describe a camera as a member of the home."""
        presence, login = camera.chart.presence, camera.chart.login
        shares = {
            Kind.ACCESS_POINT: self._access_points.get(camera.subentry_id),
            Kind.WIFI: camera.chart.memory.ssid,
            Kind.PLUG: camera.subentry.data.get(CONF_PLUG),
        }
        return Member(
            key=camera.subentry_id,
            silent=None if presence.here is None or presence.in_doubt else not presence.here,
            lost=camera.lost_at,
            expected=camera.data.status in _AS_IT_SHOULD_BE,
            diagnosis=camera.data.diagnosis,
            shares={kind: shared for kind, shared in shares.items() if shared},
            logs_in=self._logs_in(camera),
            refuses={LoginResult.OK: False}.get(login, True if login in REFUSALS else None),
            refused=camera.data.since if camera.data.status is Status.LOGIN_REFUSED else None,
        )

    def _logs_in(self, camera: CameraCoordinator) -> bool:
        """Whether the account is meant for a camera; what hangs could not be asked for days."""
        chart = camera.chart
        if self._home.account is None or chart.login is LoginResult.UNSUPPORTED:
            return False
        return camera.settings[CONF_LOG_IN] and (chart.away or not chart.offline)

    @property
    def account_refused(self) -> bool:
        """Whether no camera at all accepts the account."""
        return account_refused(self._member(one) for one in self._home.cameras.values()) is True

    @callback
    def async_note(self, camera: CameraCoordinator) -> None:
        """Take it into account that a camera shows something else now."""
        self.async_count()
        state, cause = camera.data, None
        if state.status is Status.LOGIN_REFUSED and state.diagnosis is not None:
            cause = state.diagnosis.cause
        login = (camera.chart.login, cause)
        if self._logins.get(camera.subentry_id) != login:
            self._logins[camera.subentry_id] = login
            self._home.async_review()

    @callback
    def async_count(self) -> None:
        """Count the cameras that have a problem."""
        cameras = self._home.cameras.values()
        self._show(
            replace(
                self.state,
                known=any(camera.data.status is not None for camera in cameras),
                problems=tuple(sorted(name_of(one) for one in cameras if one.data.problem)),
            )
        )

    @callback
    def _show(self, state: HomeState) -> None:
        if state != self.state:
            self.state = state
            for listener in list(self._listeners):
                listener()
