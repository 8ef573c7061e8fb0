"""Gateway sessions: what was sent on each, so that a bot that lost its line can catch up."""

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from fakes.discord.gateway.events import event_name, event_payload, required_intent
from fakes.discord.gateway.frames import encode_payload, event_frame
from fakes.discord.model.json_types import Json
from fakes.discord.model.snowflakes import Clock, shard_of


class FrameWriter:
    """One open connection: frames go out in the order they were put in."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, text: str) -> None:
        """Send a frame when those before it are out."""
        self._queue.put_nowait(text)

    async def run(self) -> None:
        """Write until the line is cut."""
        while (text := await self._queue.get()) is not None:
            # What a broken line swallows is kept by the session.
            with contextlib.suppress(ConnectionError):
                await self.socket.send_str(text)
            self._queue.task_done()

    async def flush(self) -> None:
        """Wait until everything put in so far is out."""
        await self._queue.join()

    def close(self) -> None:
        """Stop writing once what is waiting is out."""
        self._queue.put_nowait(None)


@dataclass(eq=False)
class Session:
    """What a bot process has identified as, over one or several lines."""

    id: str
    shard: int
    shards: int
    intents: int
    writer: FrameWriter | None = None
    seq: int = 0
    disconnected_at: datetime | None = None
    replay_buffer: deque[tuple[int, str]] = field(default_factory=deque)

    @property
    def is_connected(self) -> bool:
        """Whether a bot is at the other end."""
        return self.writer is not None

    def dispatch(self, name: str, data: bytes) -> None:
        """Send an event, or keep it for when the bot is back."""
        self.seq += 1
        text = event_frame(name, self.seq, data)
        self.replay_buffer.append((self.seq, text))
        if self.writer is not None:
            self.writer.send(text)

    def acknowledge(self, seq: int) -> None:
        """Forget what the bot says it has got."""
        while self.replay_buffer and self.replay_buffer[0][0] <= seq:
            self.replay_buffer.popleft()

    def events_after(self, seq: int) -> Iterable[str] | None:
        """Return the events after `seq`; None when they cannot be told any more."""
        oldest = self.replay_buffer[0][0] if self.replay_buffer else self.seq + 1
        if not oldest - 1 <= seq <= self.seq:
            return None
        return [text for number, text in self.replay_buffer if number > seq]


class SessionRegistry:
    """All sessions, and which of them is told of what."""

    def __init__(self, clock: Clock) -> None:
        self.resume_window = timedelta(minutes=3)
        self._now = clock
        self._sessions: dict[str, Session] = {}

    @property
    def connected(self) -> list[Session]:
        """The sessions at whose other end a bot is."""
        return [session for session in self._sessions.values() if session.is_connected]

    def create(self, shard: int, shards: int, intents: int, writer: FrameWriter) -> Session:
        """Start a session."""
        for lost in [one for one in self._sessions.values() if self.resumable(one.id) is None]:
            self.discard(lost)
        session = Session(secrets.token_hex(16), shard, shards, intents, writer)
        self._sessions[session.id] = session
        return session

    def resumable(self, session_id: str) -> Session | None:
        """Return a session that can be taken up again."""
        session = self._sessions.get(session_id)
        if session is None or session.disconnected_at is None:
            return session
        return session if self._now() - session.disconnected_at <= self.resume_window else None

    def mark_disconnected(self, session: Session) -> None:
        """Note that its line is gone; it may be taken up again."""
        session.writer, session.disconnected_at = None, self._now()

    def discard(self, session: Session) -> None:
        """End a session for good."""
        self._sessions.pop(session.id, None)

    def sessions_for(self, guild_id: int | None, intent: int = 0) -> list[Session]:
        """Return those told of something in this server (None: in direct messages)."""
        return [
            session
            for session in self._sessions.values()
            if session.intents & intent == intent
            and session.shard == (0 if guild_id is None else shard_of(guild_id, session.shards))
        ]

    def dispatch(self, guild_id: int | None, name: str, data: Json) -> int:
        """Send an event that belongs to no intent; return how many sessions it went to."""
        receivers = self.sessions_for(guild_id)
        payload = encode_payload(data) if receivers else b""
        for session in receivers:
            session.dispatch(name, payload)
        return len(receivers)

    def on_change(self, kind: str, subject: object) -> None:
        """Tell of a change in the world, in the words and to the sessions that Discord would."""
        required = required_intent(kind, subject)
        receivers = self.sessions_for(*required) if required else []
        payload = encode_payload(event_payload(kind, subject)) if receivers else b""
        for session in receivers:
            session.dispatch(event_name(kind), payload)
