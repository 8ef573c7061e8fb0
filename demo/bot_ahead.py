"""Runs bot.py with its clock ahead of the real one: `python demo/bot_ahead.py SECONDS`."""

import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

_AHEAD = timedelta(seconds=float(sys.argv[1]) if sys.argv[1:] else 0)


def now() -> datetime:
    """Return the moment that the demo pretends."""
    return datetime.now(UTC) + _AHEAD


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    bot = import_module("bot")
    # bot.py hands its clock to all its parts; nothing else in them reads one.
    vars(bot)["now"] = now
    sys.exit(bot.main())
