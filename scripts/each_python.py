"""Install, start the demo and run tests on each Python of this machine from 3.11 on.

python3 -m scripts.each_python [--only 3.14]... [TESTS AND OPTIONS OF PYTEST]

Without tests only the demo runs. Each Python gets a fresh virtual environment with
`requirements-dev.txt`. scripts/bring_pythons.sh brings Pythons that the machine does not have.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

from scripts.pythons import Python, find_pythons, make_environment

ROOT = Path(__file__).resolve().parent.parent

_SECONDS_TO_START = 120
_SECONDS_TO_END = 20
# A variable that is set for the bot must not change the demo.
_SETTINGS = ("CAMPUS", "CAMPUSES", "DISCORD_TOKEN", "PORT", "REDIS_URL")


class CheckError(Exception):
    """A step failed; the text says how."""


def main(arguments: Sequence[str]) -> int:
    """Return 0 where every Python passes, 1 where one fails or none is found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", default=[], help="a minor version, such as 3.14")
    options, tests = parser.parse_known_args(arguments)
    passed = {
        python: check_python(python, tests)
        for python in find_pythons()
        if not options.only or python.minor in options.only
    }
    for python, result in passed.items():
        print(f"Python {python}: {'passed' if result else 'FAILED'}")
    return 0 if passed and all(passed.values()) else 1


def check_python(python: Python, tests: Sequence[str]) -> bool:
    """Install on one Python, start the demo, run the tests; tell whether all of it works."""
    print(f"== Python {python}, {python.path}", flush=True)
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            inside = make_environment(python, Path(folder) / "venv")
            _run(inside, "-m", "pip", "install", "-q", "-r", "requirements-dev.txt")
            check_demo(inside, Path(folder) / "data")
            if tests:
                _run(inside, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    except (CheckError, OSError, subprocess.SubprocessError) as err:
        print(err, flush=True)
        return False
    print(f"== Python {python} passed in {time.monotonic() - began:.0f} s", flush=True)
    return True


def check_demo(inside: Path, data: Path) -> None:
    """Start the demo until its page answers, and stop it.

    Raises:
        CheckError: the page does not come, or the demo does not end as it should.
    """
    env = {name: value for name, value in os.environ.items() if name not in _SETTINGS}
    demo = subprocess.Popen(
        [inside, "bot.py", "demo"],
        cwd=ROOT,
        env={**env, "DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )
    too_late = threading.Timer(_SECONDS_TO_START, demo.kill)
    too_late.start()
    try:
        page = _page_of(demo)
        with urlopen(page, timeout=_SECONDS_TO_START) as answer:
            size = len(answer.read())
        demo.send_signal(signal.SIGINT)
        if code := demo.wait(_SECONDS_TO_END):
            raise CheckError(f"the demo ended with {code}")
        print(f"the demo's page answered with {size} bytes", flush=True)
    finally:
        too_late.cancel()
        demo.kill()
        demo.communicate()


def _page_of(demo: subprocess.Popen[str]) -> str:
    """Return the address that the demo prints.

    Raises:
        CheckError: the demo ended before.
    """
    lines = []
    for line in demo.stdout or ():
        lines.append(line)
        if line.startswith("Open "):
            return line.split()[1]
    raise CheckError(f"the demo names no page:\n{''.join(lines)}")


def _run(inside: Path, *arguments: str) -> None:
    subprocess.run([inside, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
