"""The gateway's words: opcodes, close codes, and how a frame is written."""

from enum import IntEnum

import msgspec

_encode = msgspec.json.Encoder().encode


class Opcode(IntEnum):
    """The gateway's opcodes by name."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class CloseCode(IntEnum):
    """The gateway's close codes by name."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQ = 4007
    RATE_LIMITED = 4008
    INVALID_SHARD = 4010
    INVALID_VERSION = 4012
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


def control_frame(op: Opcode, data: object = None) -> str:
    """Return a frame that is no event."""
    return _encode({"op": int(op), "d": data, "s": None, "t": None}).decode()


def event_frame(name: str, seq: int, data: bytes) -> str:
    """Return the frame of an event whose payload is encoded already."""
    return f'{{"op":0,"t":"{name}","s":{seq},"d":{data.decode()}}}'


def encode_payload(data: object) -> bytes:
    """Return the payload of an event, ready for any number of sessions."""
    return _encode(data)
