"""The process that understands calendars: frames in on stdin, frames out on stdout.

It is a process of its own because understanding takes seconds of pure Python, which would
hold up the bot, and because a calendar can ask for more than there is: it may be ended.
"""

import os
import sys
import warnings
from contextlib import suppress

import msgspec

from core.errors import SourceError
from core.sources.ical.messages import HEADER, LENGTH, Fault, Job, Told
from core.sources.ical.understanding import understand

# Twenty times what 2,200 weekly lectures took, a megabyte with what is said of them.
_SECONDS = 60
_MEMORY = 1024 * 1024 * 1024
_BEHIND_THE_BOT = 10

Answer = tuple[Told | None, Fault | None]


def main() -> None:
    """Answer until there is nothing more to read."""
    warnings.simplefilter("ignore")
    with suppress(OSError, AttributeError):
        os.nice(_BEHIND_THE_BOT)
    jobs = msgspec.msgpack.Decoder(Job)
    while header := sys.stdin.buffer.read(HEADER.size):
        job, feed = (sys.stdin.buffer.read(size) for size in HEADER.unpack(header))
        _limit()
        answer = msgspec.msgpack.encode(_answer(jobs.decode(job), feed))
        sys.stdout.buffer.write(LENGTH.pack(len(answer)) + answer)
        sys.stdout.buffer.flush()


def _answer(job: Job, feed: bytes) -> Answer:
    try:
        return understand(job, feed), None
    except MemoryError:
        return None, Fault("too large", "memory")
    except SourceError as err:
        return None, Fault("too large" if err.kind == "too large" else "not understood", str(err))


def _limit() -> None:
    """Have the system end this process when the next feed takes too long."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + _SECONDS
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
