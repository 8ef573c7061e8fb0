"""The gateway: who is connected, and who hears what."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from aiohttp import WSMessageTypeError, WSMsgType, web

from fakes.discord.gateway.frames import CloseCode, Opcode, control_frame, encode_payload
from fakes.discord.gateway.sessions import FrameWriter, Session, SessionRegistry
from fakes.discord.model import guild_payloads, payloads
from fakes.discord.model.change_signal import ChangeSignal
from fakes.discord.model.json_types import Json
from fakes.discord.model.rate_limits import RateWindow
from fakes.discord.model.snowflakes import shard_of
from fakes.discord.model.state import DiscordState

VERSION = "10"
_GUILDS_INTENT = 1 << 0
_PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15
_ALL_INTENTS = (1 << 26) - 1
_MAX_FRAME = 4096
_DAILY_SESSIONS = 1000
_SESSION_ENDING_CODES = (1000, 1001)
_FRAME_LIMIT, _FRAME_WINDOW = 120, timedelta(minutes=1)


class _CloseConnection(Exception):  # noqa: N818 - not an error: the reason to hang up
    def __init__(self, code: CloseCode, reason: str) -> None:
        self.code, self.reason = code, reason


@dataclass(eq=False)
class _Connection:
    writer: FrameWriter
    transport: asyncio.Transport | None
    rate_window: RateWindow
    session: Session | None = None
    close_code: int | None = None
    closed: asyncio.Event = field(default_factory=asyncio.Event)


class Gateway:
    """Lets bots in, tells them what happens, and loses them when asked to."""

    def __init__(self, state: DiscordState, token: str) -> None:
        self.url = ""
        self.heartbeat_interval = timedelta(milliseconds=41_250)
        self.privileged_intents = 0
        self.recommended_shards = 1
        self.identify_count = 0
        self.resume_count = 0
        self.heartbeat_count = 0
        self.close_codes: list[int] = []
        self.refused_shards: set[int] = set()
        self.signal = ChangeSignal()
        self._state = state
        self._token = token
        self.sessions = SessionRegistry(state.now)
        self._connections: set[_Connection] = set()
        self._stop_listening = state.add_listener(self.sessions.on_change)

    @property
    def remaining_identifies(self) -> int:
        """How many more times a bot may identify today."""
        return max(0, _DAILY_SESSIONS - self.identify_count)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to one connection until it ends."""
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        connection = _Connection(
            FrameWriter(socket), request.transport, RateWindow(_FRAME_LIMIT, _FRAME_WINDOW)
        )
        self._connections.add(connection)
        writer = asyncio.create_task(connection.writer.run())
        try:
            await self._serve_connection(connection, request.query.get("v", VERSION))
        finally:
            self._connections.discard(connection)
            self._on_disconnect(connection)
            connection.writer.close()
            await writer
            connection.closed.set()
        return socket

    async def _serve_connection(self, connection: _Connection, version: str) -> None:
        socket = connection.writer.socket
        interval = self.heartbeat_interval // timedelta(milliseconds=1)
        try:
            _check_version(version)
            connection.writer.send(control_frame(Opcode.HELLO, {"heartbeat_interval": interval}))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, message.data)
        except _CloseConnection as closing:
            await socket.close(code=closing.code, message=closing.reason.encode())
        except (ConnectionError, WSMessageTypeError):
            return

    def _receive(self, connection: _Connection, text: str) -> None:
        if not connection.rate_window.acquire(self._state.now()):
            raise _CloseConnection(CloseCode.RATE_LIMITED, "Rate limited.")
        if len(text) > _MAX_FRAME:
            raise _CloseConnection(CloseCode.DECODE_ERROR, "Payload too large")
        try:
            message = msgspec.json.decode(text)
            op, data = Opcode(message["op"]), message.get("d")
        except (msgspec.DecodeError, KeyError, TypeError):
            raise _CloseConnection(
                CloseCode.DECODE_ERROR, "Error while decoding payload."
            ) from None
        except ValueError:
            raise _CloseConnection(CloseCode.UNKNOWN_OPCODE, "Unknown opcode.") from None
        self._dispatch_opcode(connection, op, data)

    def _dispatch_opcode(self, connection: _Connection, op: Opcode, data: Any) -> None:  # noqa: ANN401 - JSON
        match op:
            case Opcode.HEARTBEAT:
                self.heartbeat_count += 1
                if connection.session is not None and isinstance(data, int):
                    connection.session.acknowledge(data)
                connection.writer.send(control_frame(Opcode.HEARTBEAT_ACK))
            case Opcode.IDENTIFY:
                self._identify(connection, data)
            case Opcode.RESUME:
                self._resume(connection, data)
            case _ if connection.session is None:
                raise _CloseConnection(CloseCode.NOT_AUTHENTICATED, "Not authenticated.")
            case _:
                return

    def _identify(self, connection: _Connection, data: Json) -> None:
        if connection.session is not None:
            raise _CloseConnection(CloseCode.ALREADY_AUTHENTICATED, "Already authenticated.")
        self._check_token(data)
        shard, shards = data.get("shard") or (0, 1)
        self._check_refused(shard)
        if not 0 <= shard < shards:
            raise _CloseConnection(CloseCode.INVALID_SHARD, "Invalid shard.")
        intents = data.get("intents", 0)
        if not 0 <= intents <= _ALL_INTENTS:
            raise _CloseConnection(CloseCode.INVALID_INTENTS, "Invalid intents.")
        if intents & _PRIVILEGED_INTENTS & ~self.privileged_intents:
            raise _CloseConnection(CloseCode.DISALLOWED_INTENTS, "Disallowed intent(s).")
        self.identify_count += 1
        connection.session = self.sessions.create(shard, shards, intents, connection.writer)
        self._send_ready(connection.session)
        self.signal.notify()

    def _check_refused(self, shard: int) -> None:
        if shard in self.refused_shards:
            raise _CloseConnection(CloseCode.UNKNOWN_ERROR, "Try again.")

    def _check_token(self, data: Json) -> None:
        if data.get("token", "").removeprefix("Bot ") != self._token:
            raise _CloseConnection(CloseCode.AUTHENTICATION_FAILED, "Authentication failed.")

    def _send_ready(self, session: Session) -> None:
        world = self._state
        guilds = [
            server
            for server in world.guilds.values()
            if server.has_bot and shard_of(server.id, session.shards) == session.shard
        ]
        ready = {
            "v": int(VERSION),
            "user": payloads.user(world.bot),
            "guilds": guild_payloads.unavailable_guilds(guilds),
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(world.bot.id), "flags": 0},
        }
        session.dispatch("READY", encode_payload(ready))
        if session.intents & _GUILDS_INTENT:
            for server in guilds:
                if not server.is_unavailable:
                    session.dispatch("GUILD_CREATE", encode_payload(guild_payloads.guild(server)))

    def _resume(self, connection: _Connection, data: Json) -> None:
        self._check_token(data)
        session = self.sessions.resumable(data.get("session_id", ""))
        if session is None:
            connection.writer.send(control_frame(Opcode.INVALID_SESSION, data=False))
            return
        self._check_refused(session.shard)
        missed = session.events_after(data.get("seq") or 0)
        if missed is None:
            raise _CloseConnection(CloseCode.INVALID_SEQ, "Invalid seq.")
        self.resume_count += 1
        for text in missed:
            connection.writer.send(text)
        session.writer, session.disconnected_at = connection.writer, None
        connection.session = session
        session.dispatch("RESUMED", encode_payload({"_trace": []}))
        self.signal.notify()

    def _on_disconnect(self, connection: _Connection) -> None:
        # When we hang up the socket knows only the code that came back.
        code = connection.close_code or connection.writer.socket.close_code or 1006
        self.close_codes.append(code)
        session = connection.session
        if session is None or session.writer is not connection.writer:
            return
        self.sessions.mark_disconnected(session)
        if code in _SESSION_ENDING_CODES:
            self.sessions.discard(session)
        self.signal.notify()

    def _select_connections(self, shard: int | None) -> Iterator[_Connection]:
        for connection in tuple(self._connections):
            session = connection.session
            if shard is None or (session is not None and session.shard == shard):
                yield connection

    async def disconnect(
        self, code: int | None = CloseCode.UNKNOWN_ERROR, *, shard: int | None = None
    ) -> None:
        """Close connections with this code; None cuts the line without a word."""
        for connection in self._select_connections(shard):
            await connection.writer.flush()
            connection.close_code = code
            if code is not None:
                await connection.writer.socket.close(code=code)
            elif connection.transport is not None:
                connection.transport.abort()
            await connection.closed.wait()

    async def request_reconnect(self, *, shard: int | None = None) -> None:
        """Ask bots to connect anew and resume (op 7)."""
        for connection in self._select_connections(shard):
            connection.writer.send(control_frame(Opcode.RECONNECT))

    async def invalidate_sessions(
        self, *, resumable: bool = False, shard: int | None = None
    ) -> None:
        """Tell bots that their session is over (op 9), for good unless it is `resumable`."""
        for connection in self._select_connections(shard):
            if connection.session is not None and not resumable:
                self.sessions.discard(connection.session)
            connection.writer.send(control_frame(Opcode.INVALID_SESSION, data=resumable))

    async def wait_until(self, condition: Callable[[], bool], timeout: float) -> None:
        """Wait for something that connecting, resuming or leaving brings about.

        Raises:
            TimeoutError: It did not come about.
        """
        await self.signal.wait_for(lambda: condition() or None, timeout)

    async def close(self) -> None:
        """Hang up on everybody."""
        self._stop_listening()
        await self.disconnect(1001)


def _check_version(version: str) -> None:
    if version != VERSION:
        raise _CloseConnection(CloseCode.INVALID_VERSION, "Invalid API version")
