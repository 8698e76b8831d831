"""Walks through a guided repair over the interface that the frontend uses."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from custom_components.tapo_doctor.const import DOMAIN

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient

    from .world import World

FIX = "/api/repairs/issues/fix"
ISSUE = "trouble_subentry_garden"


class Repair:
    """One repair, as a person clicks through it; `page` is what is on the screen."""

    def __init__(self, world: World, client: TestClient[Any, Any]) -> None:
        self._world = world
        self._client = client
        self.page: dict[str, Any] = {}

    async def open(self, issue_id: str = ISSUE) -> Repair:
        """Click on the issue."""
        return await self._send(FIX, {"handler": DOMAIN, "issue_id": issue_id})

    async def submit(self, **fields: str) -> Repair:
        """Send a form."""
        assert self.page["type"] == "form", self.page
        return await self._send(self._url, fields)

    async def choose(self, option: str) -> Repair:
        """Take an option of a menu."""
        assert option in self.page["menu_options"], self.page
        return await self._send(self._url, {"next_step_id": option})

    async def refresh(self) -> Repair:
        """Fetch the page again, as the frontend does when something was in progress."""
        answer = await self._client.get(self._url)
        self.page = await answer.json()
        return self

    async def wait(self, seconds: float) -> Repair:
        """Let time pass while something is in progress."""
        assert self.page["type"] == "progress", self.page
        await self._world.pass_time(seconds, wait=False)
        return await self.refresh()

    async def done(self, wait: float = 400) -> Repair:
        """Say that the step is taken, and wait for what comes of it."""
        await self.choose("done")
        return await self.wait(wait)

    async def answer_all(self, answer: str = "unknown") -> Repair:
        """Answer every question in the same way."""
        while self.step == "question":
            await self.submit(answer=answer)
        return self

    async def close(self) -> None:
        """Close the dialog."""
        assert (await self._client.delete(self._url)).status == HTTPStatus.OK

    async def _send(self, url: str, data: dict[str, str]) -> Repair:
        answer = await self._client.post(url, json=data)
        assert answer.status == HTTPStatus.OK, await answer.text()
        self.page = await answer.json()
        return self

    @property
    def _url(self) -> str:
        return f"{FIX}/{self.page['flow_id']}"

    @property
    def step(self) -> str:
        """The page that is on the screen, or how the repair has ended."""
        if self.page["type"] == "abort":
            return str(self.page["reason"])
        if self.page["type"] == "create_entry":
            return str(self.page["description"])
        return str(self.page["step_id"])

    @property
    def told(self) -> dict[str, str]:
        """What fills the places in the words."""
        return cast("dict[str, str]", self.page["description_placeholders"])

    @property
    def options(self) -> list[str]:
        """The answers that a question offers."""
        return cast("list[str]", self.page["data_schema"][0]["selector"]["select"]["options"])
