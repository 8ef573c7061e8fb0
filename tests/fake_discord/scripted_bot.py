"""A bot played by hand, for answers that a well-behaved discord.py bot rarely gives."""

import asyncio
from dataclasses import dataclass
from typing import Any

from fakes.discord import ClientReply

COMMAND = {
    "name": "ask",
    "description": "d",
    "options": [
        {"type": 6, "name": "who", "description": "d"},
        {"type": 8, "name": "role", "description": "d"},
        {"type": 9, "name": "any", "description": "d"},
        {"type": 10, "name": "share", "description": "d"},
        {"type": 11, "name": "file", "description": "d"},
    ],
    "integration_types": [0, 1],
}


@dataclass
class ScriptedBot:
    """A bot played by hand: asks as a person, answers as the bot."""

    environment: Any
    raw: Any

    async def start_interaction(self, doing):
        """Start something a person does; return its task and the interaction."""
        before = len(self.environment.discord.state.interactions)
        task = asyncio.create_task(doing)
        for _ in range(100):
            await asyncio.sleep(0)
            if len(self.environment.discord.state.interactions) > before or task.done():
                break
        return task, next(reversed(self.environment.discord.state.interactions.values()))

    async def respond(self, interaction, kind, data=None):
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        return await self.raw("POST", path, body)

    async def webhook(self, method, interaction, end="", body=None):
        app = self.environment.discord.state.bot.id
        return await self.raw(method, f"/webhooks/{app}/{interaction.token}{end}", body)

    async def reply(self, doing, data, kind=4) -> ClientReply:
        task, interaction = await self.start_interaction(doing)
        assert (await self.respond(interaction, kind, data))[0] in (200, 204)
        reply: ClientReply = await task
        return reply
