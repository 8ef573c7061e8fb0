"""Run the README's two commands as they are printed, as a newcomer does.

python3 scripts/newcomer.py demo|test

`demo` runs the first command of the README until the page that it prints answers, and ends it as
Ctrl-C does. `test` runs the command under "Test it". Both run in this repository, in an
environment without the bot's settings.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SECONDS_TO_INSTALL = 20 * 60
"""Longest time for the install and the start of the demo; a slow mirror takes minutes."""
SECONDS_TO_END = 30
SECONDS_TO_ANSWER = 30

SETTINGS = ("CAMPUS", "CAMPUSES", "DATA_DIR", "DISCORD_TOKEN", "PORT", "REDIS_URL")
"""Variables that a newcomer has not set."""


def command_in(readme: str, heading: str | None) -> str:
    """Return the first fenced `sh` block, of the whole text or under a heading."""
    if heading is not None:
        _, found, readme = readme.partition(f"\n## {heading}\n")
        if not found:
            sys.exit(f"the README has no heading {heading!r}")
    block = re.search(r"^```sh\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    if block is None:
        sys.exit("the README has no command where one is expected")
    return block[1].strip()


@contextmanager
def started(command: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a command as a terminal does; at the end kill all that is left of it."""
    print(f"$ {command}", flush=True)
    # The command inherits an ignored SIGINT, as a shell sets it for what runs in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command,
        shell=True,
        executable="/bin/bash",
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in SETTINGS},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        signal_group(process, signal.SIGKILL)
        process.wait()


def signal_group(process: "subprocess.Popen[str]", number: int) -> bool:
    """Send a signal to a command and all that it has started; False if nothing is left."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def run_demo(command: str) -> None:
    """Run the demo until its page answers, then press Ctrl-C."""
    with started(command) as process:
        overdue = threading.Timer(SECONDS_TO_INSTALL, signal_group, (process, signal.SIGKILL))
        overdue.start()
        page = first_page(process)
        overdue.cancel()
        if page is None:
            sys.exit(f"the command ended with code {process.wait()} and printed no page")
        with urllib.request.urlopen(page, timeout=SECONDS_TO_ANSWER) as answer:
            print(f"{page} answers {answer.status}, {len(answer.read())} bytes", flush=True)
        signal_group(process, signal.SIGINT)
        said, _ = process.communicate(timeout=SECONDS_TO_END)
        print(said, end="", flush=True)
        if process.returncode != 0:
            sys.exit(f"Ctrl-C ended the command with code {process.returncode}")
        if signal_group(process, signal.SIGKILL):
            sys.exit("Ctrl-C left a process behind")


def first_page(process: "subprocess.Popen[str]") -> str | None:
    """Print the command's output up to the address of its page; None where it ends before."""
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if found := re.search(r"Open (http://\S+)", line):
            return found[1]
    return None


def run_tests(command: str) -> None:
    """Run the tests and exit with their code."""
    with started(command) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
        if code := process.wait():
            sys.exit(code)


def main() -> None:
    """Run the command that the argument names."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    if sys.argv[1:] == ["demo"]:
        run_demo(command_in(readme, None))
    elif sys.argv[1:] == ["test"]:
        run_tests(command_in(readme, "Test it"))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
