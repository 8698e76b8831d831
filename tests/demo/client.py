"""Speaks with Home Assistant over its own HTTP and websocket interfaces, as a browser does."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from .workplace import USER

if TYPE_CHECKING:
    from collections.abc import Callable

# How long a question may take; setting an integration up may have to wait for several logins.
PATIENCE = 90.0
LOOK_AGAIN = 0.5

type Json = dict[str, Any]


class RefusedError(Exception):
    """Home Assistant did not do what it was asked for; the text says what and why."""


@dataclass(slots=True)
class Client:
    """One session with Home Assistant."""

    url: str
    session: aiohttp.ClientSession
    token: str = ""
    _websocket: aiohttp.ClientWebSocketResponse | None = None
    _reader: asyncio.Task[None] | None = None
    _ids: count[int] = field(default_factory=lambda: count(1))
    _answers: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _listeners: dict[int, Callable[[Json], None]] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        """Return itself; the session is closed at the end."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        await self.hang_up()
        await self.session.close()

    async def answers(self) -> bool:
        """Say whether somebody is there."""
        try:
            async with self.session.get(f"{self.url}/manifest.json") as response:
                return response.status == 200
        except aiohttp.ClientError, TimeoutError:
            return False

    async def onboard(self) -> None:
        """Make the one user, and get a token that lasts for the demo."""
        names = {"name": "Demo", "username": USER, "password": USER, "language": "en"}
        made = await self.post("/api/onboarding/users", {**names, "client_id": f"{self.url}/"})
        form = {
            "grant_type": "authorization_code",
            "code": made["auth_code"],
            "client_id": f"{self.url}/",
        }
        async with self.session.post(f"{self.url}/auth/token", data=form) as response:
            self.token = (await response.json())["access_token"]
        await self.call_up()
        self.token = await self.ask("auth/long_lived_access_token", client_name="demo", lifespan=2)

    # -- HTTP

    async def post(self, path: str, body: Json) -> Json:
        """Send something and return the answer."""
        return await self._request("POST", path, body)

    async def get(self, path: str) -> Json:
        """Fetch something."""
        return await self._request("GET", path, None)

    async def _request(self, method: str, path: str, body: Json | None) -> Json:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.session.request(
            method,
            self.url + path,
            json=body,
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
        ) as response:
            if response.status >= 400:
                text = (await response.text())[:500]
                raise RefusedError(f"{method} {path}: {response.status} {text}")
            answer: Json = await response.json()
            return answer

    # -- websocket

    async def call_up(self) -> None:
        """Open the websocket and log in there."""
        websocket = await self.session.ws_connect(f"{self.url}/api/websocket", max_msg_size=0)
        self._websocket = websocket
        await websocket.receive_json()
        await websocket.send_json({"type": "auth", "access_token": self.token})
        greeting = await websocket.receive_json()
        if greeting["type"] != "auth_ok":
            raise RefusedError(f"the login at the websocket was refused: {greeting}")
        self._reader = asyncio.create_task(self._read(websocket))

    async def hang_up(self) -> None:
        """Close the websocket; whoever waits for an answer is told."""
        if self._websocket is not None:
            await self._websocket.close()
            self._websocket = None
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
            self._reader = None

    async def ask(self, command: str, **parameters: Any) -> Any:
        """Send a command and return its result."""
        _, result = await self._command(command, parameters, None)
        return result

    async def subscribe(self, command: str, listener: Callable[[Json], None], **params: Any) -> int:
        """Send a command whose answers keep coming; return the subscription's number."""
        number, _ = await self._command(command, params, listener)
        return number

    async def _command(
        self, command: str, parameters: Json, listener: Callable[[Json], None] | None
    ) -> tuple[int, Any]:
        if self._websocket is None:
            raise RefusedError(f"{command}: Home Assistant hung up")
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        if listener is not None:
            self._listeners[number] = listener
        try:
            await self._websocket.send_json({"id": number, "type": command, **parameters})
            async with asyncio.timeout(PATIENCE):
                return number, await answer
        finally:
            self._answers.pop(number, None)

    async def _read(self, websocket: aiohttp.ClientWebSocketResponse) -> None:
        """Hand every message to whoever waits for it."""
        try:
            async for message in websocket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._dispatch(message.json())
        finally:
            self._listeners.clear()
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(RefusedError("Home Assistant hung up"))

    def _dispatch(self, message: Json) -> None:
        number = message["id"]
        if message["type"] == "event":
            if listener := self._listeners.get(number):
                listener(message["event"])
            return
        answer = self._answers.get(number)
        if answer is None or answer.done():
            return
        if message.get("success", True):
            answer.set_result(message.get("result"))
        else:
            answer.set_exception(RefusedError(str(message.get("error"))))


def connect(url: str) -> Client:
    """Return a client for the Home Assistant at an address."""
    return Client(url, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)))
