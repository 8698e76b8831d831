"""The home's remote control: a little HTTP with JSON, for programs and tests.

GET /        everything there is to know
POST /fault  {"device": "garden", "fault": "locked", "options": {"seconds": 60}}
             (options may stand beside; the home's own faults have the device "home")
POST /clear  {}, {"device": "garden"} or {"device": "garden", "fault": "locked"}
POST /plug   {"plug": "garden plug", "on": false}
POST /count  {} starts all counters anew
"""

from typing import TYPE_CHECKING, Any

from . import commands
from .listener import Door, Listener
from .web import Reply, Request, converse

if TYPE_CHECKING:
    from .connection import Connection
    from .home import Home


class Control:
    """One port that obeys. Only for loopback: nobody is asked who they are."""

    def __init__(self, home: Home, host: str, port: int) -> None:
        if not host.startswith("127."):
            raise ValueError("the control is for this machine alone")
        self._home = home
        self._listener = Listener(host, port, self._talk, lambda: None)

    @property
    def url(self) -> str:
        """Where it is, once it is open."""
        return f"http://{self._listener.host}:{self._listener.port}/"

    def open(self) -> None:
        """Begin to obey."""
        self._listener.set(Door.OPEN)

    async def close(self) -> None:
        """Stop."""
        await self._listener.close()

    async def _talk(self, connection: Connection) -> None:
        await converse(connection, self._handle)

    async def _handle(self, request: Request) -> Reply:
        body = request.json()
        try:
            match request.method, request.path:
                case "GET", "/":
                    pass
                case "POST", "/fault":
                    self._fault(body)
                case "POST", "/clear":
                    commands.take_off(self._home, _text(body, "device"), _text(body, "fault"))
                case "POST", "/plug":
                    plug = _text(body, "plug") or ""
                    commands.switch(self._home, plug, on=bool(body.get("on")))
                case "POST", "/count":
                    for device in self._home.devices:
                        device.counters.clear()
                case _:
                    return Reply.of({"error": f"no {request.method} {request.path} here"}, 404)
        except commands.CommandError as error:
            return Reply.of({"error": str(error)}, 400)
        return Reply.of(commands.status(self._home))

    def _fault(self, body: dict[str, Any]) -> None:
        beside = {k: v for k, v in body.items() if k not in {"device", "fault", "options"}}
        options = body.get("options")
        commands.put_on(
            self._home,
            _text(body, "device") or "home",
            _text(body, "fault") or "",
            beside | (options if isinstance(options, dict) else {}),
        )


def _text(body: dict[str, Any], key: str) -> str | None:
    value = body.get(key)
    return str(value) if value else None
