"""The gateway: who is connected, and who hears what."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from aiohttp import WSMessageTypeError, WSMsgType, web

from playground.local_discord import payloads, server_payloads
from playground.local_discord.frames import Close, Op, encoded, frame
from playground.local_discord.json_types import Json
from playground.local_discord.rates import Window
from playground.local_discord.sessions import Line, Session, Sessions
from playground.local_discord.snowflakes import shard_of
from playground.local_discord.waiting import Pulse
from playground.local_discord.world import World

VERSION = "10"
_GUILDS = 1 << 0
_PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
_ALL_INTENTS = (1 << 26) - 1
_LARGEST_FRAME = 4096
_DAILY_SESSIONS = 1000
_FORGETS = (1000, 1001)
_FRAMES, _PACE = 120, timedelta(minutes=1)


class _Closing(Exception):  # noqa: N818 - not an error: the reason to hang up
    def __init__(self, code: Close, words: str) -> None:
        self.code, self.words = code, words


@dataclass(eq=False)
class _Connection:
    line: Line
    transport: asyncio.Transport | None
    pace: Window
    session: Session | None = None
    hung_up_with: int | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Gateway:
    """Lets bots in, tells them what happens, and loses them when asked to."""

    def __init__(self, world: World, token: str) -> None:
        self.url = ""
        self.heartbeat_interval = timedelta(milliseconds=41_250)
        self.privileged_intents = 0
        self.recommended_shards = 1
        self.identifies = 0
        self.resumes = 0
        self.heartbeats = 0
        self.close_codes: list[int] = []
        self.pulse = Pulse()
        self._world = world
        self._token = token
        self.sessions = Sessions(world.now)
        self._connections: set[_Connection] = set()
        self._stop_listening = world.listen(self.sessions.on_change)

    @property
    def remaining(self) -> int:
        """How many more times a bot may identify today."""
        return max(0, _DAILY_SESSIONS - self.identifies)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to one connection until it ends."""
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        connection = _Connection(Line(socket), request.transport, Window(_FRAMES, _PACE))
        self._connections.add(connection)
        writer = asyncio.create_task(connection.line.run())
        try:
            await self._talk(connection, request.query.get("v", VERSION))
        finally:
            self._connections.discard(connection)
            self._lost(connection)
            connection.line.end()
            await writer
            connection.over.set()
        return socket

    async def _talk(self, connection: _Connection, version: str) -> None:
        socket = connection.line.socket
        interval = self.heartbeat_interval // timedelta(milliseconds=1)
        try:
            _check_version(version)
            connection.line.send(frame(Op.HELLO, {"heartbeat_interval": interval}))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(connection, message.data)
        except _Closing as closing:
            await socket.close(code=closing.code, message=closing.words.encode())
        except (ConnectionError, WSMessageTypeError):
            return

    def _heard(self, connection: _Connection, text: str) -> None:
        if not connection.pace.take(self._world.now()):
            raise _Closing(Close.RATE_LIMITED, "Rate limited.")
        if len(text) > _LARGEST_FRAME:
            raise _Closing(Close.DECODE_ERROR, "Payload too large")
        try:
            said = msgspec.json.decode(text)
            op, data = Op(said["op"]), said.get("d")
        except (msgspec.DecodeError, KeyError, TypeError):
            raise _Closing(Close.DECODE_ERROR, "Error while decoding payload.") from None
        except ValueError:
            raise _Closing(Close.UNKNOWN_OPCODE, "Unknown opcode.") from None
        self._obey(connection, op, data)

    def _obey(self, connection: _Connection, op: Op, data: Any) -> None:  # noqa: ANN401 - JSON
        match op:
            case Op.HEARTBEAT:
                self.heartbeats += 1
                if connection.session is not None and isinstance(data, int):
                    connection.session.acknowledge(data)
                connection.line.send(frame(Op.HEARTBEAT_ACK))
            case Op.IDENTIFY:
                self._identify(connection, data)
            case Op.RESUME:
                self._resume(connection, data)
            case _ if connection.session is None:
                raise _Closing(Close.NOT_AUTHENTICATED, "Not authenticated.")
            case _:
                return

    def _identify(self, connection: _Connection, data: Json) -> None:
        if connection.session is not None:
            raise _Closing(Close.ALREADY_AUTHENTICATED, "Already authenticated.")
        self._check_token(data)
        shard, shards = data.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            raise _Closing(Close.INVALID_SHARD, "Invalid shard.")
        intents = data.get("intents", 0)
        if not 0 <= intents <= _ALL_INTENTS:
            raise _Closing(Close.INVALID_INTENTS, "Invalid intents.")
        if intents & _PRIVILEGED & ~self.privileged_intents:
            raise _Closing(Close.DISALLOWED_INTENTS, "Disallowed intent(s).")
        self.identifies += 1
        connection.session = self.sessions.begin(shard, shards, intents, connection.line)
        self._welcome(connection.session)
        self.pulse.beat()

    def _check_token(self, data: Json) -> None:
        if data.get("token", "").removeprefix("Bot ") != self._token:
            raise _Closing(Close.AUTHENTICATION_FAILED, "Authentication failed.")

    def _welcome(self, session: Session) -> None:
        world = self._world
        servers = [
            server
            for server in world.servers.values()
            if server.has_bot and shard_of(server.id, session.shards) == session.shard
        ]
        ready = {
            "v": int(VERSION),
            "user": payloads.user(world.bot),
            "guilds": server_payloads.ids(servers),
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(world.bot.id), "flags": 0},
        }
        session.dispatch("READY", encoded(ready))
        if session.intents & _GUILDS:
            for server in servers:
                if not server.unavailable:
                    session.dispatch("GUILD_CREATE", encoded(server_payloads.server(server)))

    def _resume(self, connection: _Connection, data: Json) -> None:
        self._check_token(data)
        session = self.sessions.resumable(data.get("session_id", ""))
        if session is None:
            connection.line.send(frame(Op.INVALID_SESSION, data=False))
            return
        missed = session.missed(data.get("seq") or 0)
        if missed is None:
            raise _Closing(Close.INVALID_SEQ, "Invalid seq.")
        self.resumes += 1
        for text in missed:
            connection.line.send(text)
        session.line, session.lost_at = connection.line, None
        connection.session = session
        session.dispatch("RESUMED", encoded({"_trace": []}))
        self.pulse.beat()

    def _lost(self, connection: _Connection) -> None:
        # When we hang up the socket knows only the code that came back.
        code = connection.hung_up_with or connection.line.socket.close_code or 1006
        self.close_codes.append(code)
        session = connection.session
        if session is None or session.line is not connection.line:
            return
        self.sessions.lose(session)
        if code in _FORGETS:
            self.sessions.forget(session)
        self.pulse.beat()

    def _chosen(self, shard: int | None) -> Iterator[_Connection]:
        for connection in tuple(self._connections):
            session = connection.session
            if shard is None or (session is not None and session.shard == shard):
                yield connection

    async def drop(
        self, code: int | None = Close.UNKNOWN_ERROR, *, shard: int | None = None
    ) -> None:
        """Close connections with this code; None cuts the line without a word."""
        for connection in self._chosen(shard):
            await connection.line.flushed()
            connection.hung_up_with = code
            if code is not None:
                await connection.line.socket.close(code=code)
            elif connection.transport is not None:
                connection.transport.abort()
            await connection.over.wait()

    async def reconnect(self, *, shard: int | None = None) -> None:
        """Ask bots to connect anew and resume (op 7)."""
        for connection in self._chosen(shard):
            connection.line.send(frame(Op.RECONNECT))

    async def invalidate(self, *, resumable: bool = False, shard: int | None = None) -> None:
        """Tell bots that their session is over (op 9), for good unless it is `resumable`."""
        for connection in self._chosen(shard):
            if connection.session is not None and not resumable:
                self.sessions.forget(connection.session)
            connection.line.send(frame(Op.INVALID_SESSION, data=resumable))

    async def until(self, seen: Callable[[], bool], patience: float) -> None:
        """Wait for something that connecting, resuming or leaving brings about.

        Raises:
            TimeoutError: It did not come about.
        """
        await self.pulse.until(lambda: seen() or None, patience)

    async def close(self) -> None:
        """Hang up on everybody."""
        self._stop_listening()
        await self.drop(1001)


def _check_version(version: str) -> None:
    if version != VERSION:
        raise _Closing(Close.INVALID_VERSION, "Invalid API version")
