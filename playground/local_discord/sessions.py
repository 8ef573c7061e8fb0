"""Gateway sessions: what was sent on each, so that a bot that lost its line can catch up."""

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from playground.local_discord.events import event_name, render, wanted_intent
from playground.local_discord.frames import encoded, event
from playground.local_discord.json_types import Json
from playground.local_discord.snowflakes import Clock, shard_of


class Line:
    """One open connection: frames go out in the order they were put in."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._out: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, text: str) -> None:
        """Send a frame when those before it are out."""
        self._out.put_nowait(text)

    async def run(self) -> None:
        """Write until the line is cut."""
        while (text := await self._out.get()) is not None:
            # What a broken line swallows is kept by the session.
            with contextlib.suppress(ConnectionError):
                await self.socket.send_str(text)
            self._out.task_done()

    async def flushed(self) -> None:
        """Wait until everything put in so far is out."""
        await self._out.join()

    def end(self) -> None:
        """Stop writing once what is waiting is out."""
        self._out.put_nowait(None)


@dataclass(eq=False)
class Session:
    """What a bot process has identified as, over one or several lines."""

    id: str
    shard: int
    shards: int
    intents: int
    line: Line | None = None
    seq: int = 0
    lost_at: datetime | None = None
    sent: deque[tuple[int, str]] = field(default_factory=deque)

    @property
    def is_live(self) -> bool:
        """Whether a bot is at the other end."""
        return self.line is not None

    def dispatch(self, name: str, data: bytes) -> None:
        """Send an event, or keep it for when the bot is back."""
        self.seq += 1
        text = event(name, self.seq, data)
        self.sent.append((self.seq, text))
        if self.line is not None:
            self.line.send(text)

    def acknowledge(self, seq: int) -> None:
        """Forget what the bot says it has got."""
        while self.sent and self.sent[0][0] <= seq:
            self.sent.popleft()

    def missed(self, seq: int) -> Iterable[str] | None:
        """Return the events after `seq`; None when they cannot be told any more."""
        oldest = self.sent[0][0] if self.sent else self.seq + 1
        if not oldest - 1 <= seq <= self.seq:
            return None
        return [text for number, text in self.sent if number > seq]


class Sessions:
    """All sessions, and which of them is told of what."""

    def __init__(self, clock: Clock) -> None:
        self.resume_window = timedelta(minutes=3)
        self._now = clock
        self._all: dict[str, Session] = {}

    @property
    def live(self) -> list[Session]:
        """The sessions at whose other end a bot is."""
        return [session for session in self._all.values() if session.is_live]

    def begin(self, shard: int, shards: int, intents: int, line: Line) -> Session:
        """Start a session."""
        for lost in [one for one in self._all.values() if self.resumable(one.id) is None]:
            self.forget(lost)
        session = Session(secrets.token_hex(16), shard, shards, intents, line)
        self._all[session.id] = session
        return session

    def resumable(self, session_id: str) -> Session | None:
        """Return a session that can be taken up again."""
        session = self._all.get(session_id)
        if session is None or session.lost_at is None:
            return session
        return session if self._now() - session.lost_at <= self.resume_window else None

    def lose(self, session: Session) -> None:
        """Note that its line is gone; it may be taken up again."""
        session.line, session.lost_at = None, self._now()

    def forget(self, session: Session) -> None:
        """End a session for good."""
        self._all.pop(session.id, None)

    def hearing(self, server_id: int | None, intent: int = 0) -> list[Session]:
        """Return those told of something in this server (None: in direct messages)."""
        return [
            session
            for session in self._all.values()
            if session.intents & intent == intent
            and session.shard == (0 if server_id is None else shard_of(server_id, session.shards))
        ]

    def dispatch(self, server_id: int | None, name: str, data: Json) -> int:
        """Send an event that belongs to no intent; return how many sessions it went to."""
        hearing = self.hearing(server_id)
        payload = encoded(data) if hearing else b""
        for session in hearing:
            session.dispatch(name, payload)
        return len(hearing)

    def on_change(self, kind: str, subject: object) -> None:
        """Tell of a change in the world, in the words and to the sessions that Discord would."""
        wanted = wanted_intent(kind, subject)
        hearing = self.hearing(*wanted) if wanted else []
        payload = encoded(render(kind, subject)) if hearing else b""
        for session in hearing:
            session.dispatch(event_name(kind), payload)
