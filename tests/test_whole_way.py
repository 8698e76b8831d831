"""A person's whole way, from the camera that is lost to the outage that is remembered."""

from typing import TYPE_CHECKING, Any

from homeassistant.setup import async_setup_component

from custom_components.tapo_doctor.doctor.playbook import Step

from .repairing import ISSUE, Repair

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from pytest_homeassistant_custom_component.typing import (
        ClientSessionGenerator,
        MockHAClientWebSocket,
        WebSocketGenerator,
    )

    from .world import World

    type Connect = Callable[[], Coroutine[Any, Any, MockHAClientWebSocket]]


async def ask(connect: Connect, command: str) -> Any:
    """Ask Home Assistant, as the frontend does; no connection outlives time that leaps."""
    socket = await connect()
    await socket.send_json_auto_id({"type": command})
    answer = await socket.receive_json()
    assert answer["success"], answer
    await socket.close()
    return answer["result"]


async def issues(connect: Connect) -> list[str]:
    """Return our issues, as the list of repairs shows them."""
    shown = await ask(connect, "repairs/list_issues")
    return [issue["issue_id"] for issue in shown["issues"] if issue["domain"] == "tapo_doctor"]


async def notices(connect: Connect) -> list[str]:
    """Return what stands among the notifications about the garden."""
    shown = await ask(connect, "persistent_notification/get")
    return [f"{one['title']}\n{one['message']}" for one in shown if "Garden" in str(one)]


async def answer_what_is_asked(repair: Repair) -> bool:
    """Tell the light, whenever it is asked for; returns whether it was."""
    asked = False
    while repair.step == "question":
        light = "blinking_red" in repair.options
        asked |= light
        await repair.submit(answer="blinking_red" if light else "unknown")
    return asked


async def test_from_the_loss_to_the_memory_of_what_helped(
    world: World, hass_client: ClientSessionGenerator, hass_ws_client: WebSocketGenerator
) -> None:
    """Each part works by itself; people meet all of them in one evening."""
    for domain in ("repairs", "persistent_notification"):
        assert await async_setup_component(world.hass, domain, {})
    assert not await issues(hass_ws_client)
    repair = Repair(world, await hass_client())

    # The camera loses its network.
    world.senses.vanish("garden")
    await world.pass_time(100, step=2)
    assert world.state("binary_sensor.garden_connection_problem") == "on"
    (notice,) = await notices(hass_ws_client)
    assert "Garden" in notice

    # It stays away, and is a repair; the person opens it and is asked about the light.
    await world.pass_time(260, step=4)
    assert await issues(hass_ws_client) == [ISSUE]
    await (await repair.open()).submit()
    assert await answer_what_is_asked(repair)
    assert world.state("sensor.garden_diagnosis") != "healthy"

    # Two steps fail, and each failure leads to another step.
    steps = []
    for _ in range(2):
        assert repair.step == "advice"
        steps.append(repair.told["step"])
        await repair.done()
        await answer_what_is_asked(repair)
    assert len(await notices(hass_ws_client)) == 1, "one notice for one outage"
    assert await issues(hass_ws_client) == [ISSUE]

    # The third helps.
    steps.append(repair.told["step"])
    await repair.choose("done")
    await world.pass_time(10, wait=False)
    world.senses.come_back("garden")
    await repair.wait(60)
    assert repair.step == "helped"
    assert repair.told["step"] == steps[-1]
    await world.pass_time(60)
    assert not await issues(hass_ws_client)
    assert world.state("binary_sensor.garden_connection_problem") == "off"
    assert all("back" in notice for notice in await notices(hass_ws_client))

    # The outage is remembered with what was tried and what helped, also by the next start.
    await world.hass.config_entries.async_reload(world.entry.entry_id)
    (outage,) = world.entry.runtime_data.memory.of("subentry_garden").outages
    words = world.entry.runtime_data.words
    assert len(set(steps)) == 3
    assert [words.say("step", step) for step in outage.tried] == steps
    assert outage.helped is outage.tried[-1]
    assert isinstance(outage.helped, Step)
