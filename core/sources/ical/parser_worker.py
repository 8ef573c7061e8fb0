"""The process that understands calendars: frames in on stdin, frames out on stdout.

It is a process of its own because understanding takes seconds of pure Python, which would
hold up the bot, and because a calendar can ask for more than there is: it may be ended.
"""

import gc
import os
import sys
import warnings
from contextlib import suppress

import msgspec

from core.errors import SourceError
from core.sources.ical.parser import parse_feed
from core.sources.ical.parser_protocol import (
    REPLY_LENGTH,
    REQUEST_HEADER,
    ParsedFeed,
    ParseError,
    ParseJob,
)

# Twenty times what 2,200 weekly lectures took, a megabyte with what is said of them.
_MAX_CPU_SECONDS = 60
_MAX_MEMORY = 1024 * 1024 * 1024
_NICENESS = 10

ParseReply = tuple[ParsedFeed | None, ParseError | None]


def main() -> None:
    """Answer until there is nothing more to read."""
    warnings.simplefilter("ignore")
    with suppress(OSError, AttributeError):
        os.nice(_NICENESS)
    jobs = msgspec.msgpack.Decoder(ParseJob)
    while header := sys.stdin.buffer.read(REQUEST_HEADER.size):
        job, feed = (sys.stdin.buffer.read(size) for size in REQUEST_HEADER.unpack(header))
        _set_resource_limits()
        answer = msgspec.msgpack.encode(_parse(jobs.decode(job), feed))
        sys.stdout.buffer.write(REPLY_LENGTH.pack(len(answer)) + answer)
        sys.stdout.buffer.flush()


def _parse(job: ParseJob, feed: bytes) -> ParseReply:
    # A feed is a million objects without cycles, and to look for some takes a third of the time.
    gc.disable()
    try:
        return parse_feed(job, feed), None
    except MemoryError:
        return None, ParseError("too large", "memory")
    except SourceError as err:
        return None, ParseError(
            "too large" if err.kind == "too large" else "not understood", str(err)
        )
    finally:
        gc.enable()


def _set_resource_limits() -> None:
    """Have the system end this process when the next feed takes too long."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + _MAX_CPU_SECONDS
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
