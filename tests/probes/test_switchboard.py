"""The table that the storm plays, held against the real probes and the real protocols."""

from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.doctor.evidence import LoginResult
from custom_components.tapo_doctor.probes.camera import CameraSession
from custom_components.tapo_doctor.probes.findings import Hello, Service, Target, Way
from tests.home import TABLE, CameraSpec, Fault, Home, Kind, ManualClock, PlugSpec
from tests.loopback import PATIENCE, LoopbackSenses
from tests.switchboard import LOOKS, look

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant


def put_on(home: Home, fault: Fault) -> None:
    """Put a fault on whatever it can befall: the camera, the home, or else the plug."""
    kinds = TABLE[fault].kinds
    if Kind.CAMERA in kinds:
        # At the frozen clock of this home a slow answer would never come.
        options = {"seconds": 0.0} if fault is Fault.SLOW else {}
        home.fault("garden", fault, **options)
    elif Kind.SITE in kinds:
        home.site_fault(fault)
    else:
        home.fault("plug", fault)


def test_the_table_knows_every_fault() -> None:
    """A fault that the storm does not know is a fault that was never survived."""
    assert set(LOOKS) == set(Fault)


# The losses of a weak signal are a matter of chance; the table takes it for what it mostly is.
ALONE = [(fault,) for fault in Fault if fault is not Fault.WEAK_SIGNAL]
PAIRS = Random(20261122).sample([one + other for one, other in combinations(ALONE, 2)], 20)


@pytest.mark.parametrize("faults", [*ALONE, *PAIRS], ids="-".join)
async def test_the_senses_find_what_the_table_says(
    hass: HomeAssistant, faults: tuple[Fault, ...]
) -> None:
    """Else the storm would be weathered in a world that does not exist."""
    expected = look(faults)
    cameras = [CameraSpec("garden", plug="plug")]
    async with Home(cameras, [PlugSpec("plug")], clock=ManualClock()) as home:
        camera = home.camera("garden")
        # Only who is silent is waited for to the end.
        heard = expected.found and expected.greeting is Hello.OK
        lively = heard and Fault.PLUG_DEAD not in faults
        senses = LoopbackSenses(hass, home, patience=3.0 if lively else PATIENCE)
        target = Target(host=camera.host, port=camera.port)
        kept, new = (_session(senses, target, home) for _ in range(2))
        assert (await kept.read()).result is LoginResult.OK
        for fault in faults:
            put_on(home, fault)

        assert (await senses.heartbeat(target, Way.BOTH)).answered is expected.here
        looked = await senses.service(target, stream=False)
        assert looked == Service(ports={target.port: expected.port}, hello=expected.greeting)
        answers = await senses.search(wait_s=1)
        here = answers.at(target.host)
        assert (here is not None) is expected.found
        if here is not None:
            assert (here.mac == camera.mac.lower()) is expected.itself
        elsewhere = [found for found in answers.found if found.host not in home_hosts(home)]
        assert bool(elsewhere) is expected.elsewhere
        gateway = await senses.gateway(None)
        assert gateway is not None
        assert gateway.answered is expected.gateway
        if expected.here:
            assert ((await kept.read()).result is LoginResult.OK) is expected.keeps_session
            assert (await new.read()).result is expected.reading
        for session in (kept, new):
            await session.close()


def _session(senses: LoopbackSenses, target: Target, home: Home) -> CameraSession:
    session = senses.session(target, *home.account)
    assert isinstance(session, CameraSession)
    session._timeout = PATIENCE
    return session


def home_hosts(home: Home) -> set[str]:
    """Return where the devices lived at first."""
    return {device.home_host for device in home.devices}
