"""Whether anybody beyond the gateway answers."""

import errno
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from custom_components.tapo_doctor.doctor.evidence import Link
from custom_components.tapo_doctor.probes.internet import HOSTS, internet
from tests.home import Fault, Home

from .conftest import SOMEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable


def test_two_strangers_are_asked_by_address() -> None:
    """One of them may have a bad day, and a name would ask the home's own name service."""
    assert len({ip_address(host) for host, _ in HOSTS}) == 2
    assert all(ip_address(host).is_global for host, _ in HOSTS)


@pytest.mark.parametrize("first", ["internet", "nobody"])
async def test_one_answer_is_enough(first: str) -> None:
    """A name server's own outage is not the home's."""
    async with Home() as home:
        away = home.internet
        nobody = (home.free_host(), 9)
        hosts = [(away.host, away.port), nobody]
        hosts.sort(reverse=first == "nobody")
        assert await internet(hosts, timeout=0.3) is Link.OK


async def test_two_silences_are_an_outage() -> None:
    """Behind a gateway that answers."""
    async with Home() as home:
        home.site_fault(Fault.INTERNET_DOWN)
        away = home.internet
        assert await internet([(away.host, away.port)] * 2, timeout=0.1) is Link.DOWN


async def test_trouble_of_our_own_says_nothing(fails: Callable[[OSError], None]) -> None:
    """Without a network of our own everything looks like an outage."""
    fails(OSError(errno.ENETUNREACH, "no"))
    assert await internet([(SOMEWHERE, 443)]) is None


async def test_nobody_to_ask_is_no_outage() -> None:
    """Where the demo plays, nobody outside is ever asked."""
    assert await internet([]) is None
