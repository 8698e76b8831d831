"""The story: what fails in the home, one chapter after another, and how it is mended."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tests.home import Fault

from .cast import CAMERAS, FRONT_DOOR, GARAGE, GARDEN, HANGING, MOVING, NURSERY, SHED

if TYPE_CHECKING:
    from .stage import Stage

FADE_S: Final = 60.0
LOCK_S: Final = 15.0
# The first word comes at once; all probes of a suspicion have answered after ten seconds.
EXAMINED_S: Final = 12.0
# The doctor stays away from a locked camera for a minute longer than it was told.
LOCK_MARGIN_S: Final = 61.0
# As short as the doctor allows it: nobody wants to look at a dark camera.
OFF_S: Final = 5
# A fading signal is read so often; nobody wants to wait for the five-minute clock here.
READ_EVERY_S: Final = 8.0


class Kind(StrEnum):
    """How a failure shows itself, and so how fast it can be seen."""

    GONE = "gone"
    """From one moment to the next the camera is silent."""
    MOVED = "moved"
    """The same, but nobody has to mend it: the doctor finds it elsewhere and follows it."""
    HUNG = "hung"
    """It still answers on the network, but does not do its work."""
    FADES = "fades"
    """There is no one moment at which it goes."""
    ASKED = "asked"
    """Only a login shows it, so somebody presses `Check now`."""


type Act = Callable[[Stage, Chapter], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One failure: what happens to whom, what the doctor should say, and what mends it."""

    title: str
    cameras: tuple[str, ...]
    cause: str
    kind: Kind
    happens: Act
    mended: Act


def _fault(fault: Fault, **options: object) -> Act:
    async def happens(stage: Stage, chapter: Chapter) -> None:
        for camera in chapter.cameras:
            stage.home.fault(camera, fault, **options)

    return happens


async def _nothing(_stage: Stage, _chapter: Chapter) -> None:
    """Mend nothing: the camera stays where it is now."""


async def _clear(stage: Stage, chapter: Chapter) -> None:
    for camera in chapter.cameras:
        stage.home.clear(camera)


async def _router_goes(stage: Stage, _chapter: Chapter) -> None:
    stage.home.site_fault(Fault.ROUTER_DOWN)


async def _router_returns(stage: Stage, _chapter: Chapter) -> None:
    stage.home.clear_site()


async def _fades(stage: Stage, chapter: Chapter) -> None:
    (name,) = chapter.cameras
    camera = stage.home.camera(name)
    stage.home.fault(name, Fault.FADING_SIGNAL, seconds=FADE_S)
    while camera.reachable:
        await asyncio.sleep(READ_EVERY_S)
        if stage.shows(name, "status") != "offline":
            await stage.check_now(name)


async def _password_differs(stage: Stage, chapter: Chapter) -> None:
    for camera in chapter.cameras:
        stage.home.fault(camera, Fault.LOGIN_REFUSED)
        await stage.check_now(camera)


async def _password_is_mended(stage: Stage, chapter: Chapter) -> None:
    await _clear(stage, chapter)
    await stage.enter_account()


async def _locks(stage: Stage, chapter: Chapter) -> None:
    await _fault(Fault.LOCKED, seconds=LOCK_S)(stage, chapter)
    for camera in chapter.cameras:
        await stage.check_now(camera)


async def _unlocks(stage: Stage, chapter: Chapter) -> None:
    await asyncio.sleep(LOCK_S + LOCK_MARGIN_S)
    for camera in chapter.cameras:
        await stage.check_now(camera)


async def _through_its_plug(stage: Stage, chapter: Chapter) -> None:
    # Nobody cuts before the doctor has finished looking.
    await asyncio.sleep(EXAMINED_S)
    for camera in chapter.cameras:
        await stage.power_cycle(camera, OFF_S)


POWER = Chapter(
    title="the power supply dies, while its plug is on",
    cameras=(FRONT_DOOR,),
    cause="power_supply",
    kind=Kind.GONE,
    happens=_fault(Fault.POWER_CUT),
    mended=_clear,
)
FADING = Chapter(
    title="the Wi-Fi signal fades until the camera is lost",
    cameras=(SHED,),
    cause="weak_signal",
    kind=Kind.FADES,
    happens=_fades,
    mended=_clear,
)
HANG = Chapter(
    title="the camera hangs, until the doctor cuts its power and gives it back",
    cameras=(NURSERY,),
    cause="camera_frozen",
    kind=Kind.HUNG,
    happens=_fault(Fault.HUNG_OPEN),
    mended=_through_its_plug,
)
MOVE = Chapter(
    title="the router gives the camera another address",
    cameras=(GARDEN,),
    cause="address_changed",
    kind=Kind.MOVED,
    happens=_fault(Fault.MOVED),
    mended=_nothing,
)
LOCK = Chapter(
    title="too many failed logins of another program lock the camera",
    cameras=(GARAGE,),
    cause="account_locked",
    kind=Kind.ASKED,
    happens=_locks,
    mended=_unlocks,
)
PASSWORD = Chapter(
    title="the camera holds another password than the account's",
    cameras=(GARAGE,),
    cause="credentials_rejected",
    kind=Kind.ASKED,
    happens=_password_differs,
    mended=_password_is_mended,
)


def router(cameras: tuple[str, ...]) -> Chapter:
    """Take the whole home off the air."""
    return Chapter(
        title="the router goes down, and the Wi-Fi with it",
        cameras=cameras,
        cause="router_down",
        kind=Kind.GONE,
        happens=_router_goes,
        mended=_router_returns,
    )


def told() -> list[Chapter]:
    """The story as it is told to a person: one chapter after another."""
    everyone = tuple(camera.name for camera in CAMERAS)
    return [POWER, FADING, HANG, MOVE, LOCK, router(everyone), PASSWORD]


def checked() -> list[list[Chapter]]:
    """The story as it is checked: chapters of one act run side by side, on different cameras."""
    moves = [replace(MOVE, cameras=(camera.name,)) for camera in MOVING]
    # These have no plug.
    hangs = [replace(HANG, cameras=(camera.name,), mended=_clear) for camera in HANGING]
    everyone = tuple(camera.name for camera in (*CAMERAS, *MOVING, *HANGING))
    # Many that move at once, and are back at once, look like a router's restart to the others.
    return [
        [FADING, LOCK],
        [MOVE, *moves],
        [POWER, HANG, *hangs],
        [router(everyone)],
        [PASSWORD],
    ]
