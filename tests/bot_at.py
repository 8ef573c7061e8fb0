"""Runs the real bot.py as if it were another moment: `python tests/bot_at.py SECONDS_FROM_NOW`."""

import runpy
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

ROOT = Path(__file__).parents[1]

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    moment = datetime.now(UTC) + timedelta(seconds=float(sys.argv.pop(1)))
    with time_machine.travel(moment, tick=True):
        # The clock runs from when it is first read; that must not be seconds from now.
        datetime.now(UTC)
        runpy.run_path(str(ROOT / "bot.py"), run_name="__main__")
