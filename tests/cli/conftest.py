"""The commands of operators, run as they are: in this process, or in one of their own."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from cli import command_line, main
from tests.e2e.environment import ROOT

NOW = datetime(2024, 11, 4, 12, tzinfo=UTC)

_PROGRAM = f"""
import sys
from datetime import datetime
from cli import command_line, main
now = datetime.fromisoformat({NOW.isoformat()!r})
sys.exit(main.run(command_line.parse(sys.argv[1:]), at=now))
"""


@dataclass(frozen=True)
class CompletedCommand:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        return self.err.splitlines()[-1]


Run = Callable[..., Awaitable[CompletedCommand]]


def _exit_code(words: Sequence[str]) -> int:
    try:
        return main.run(command_line.parse(words), at=NOW)
    except SystemExit as err:
        return int(err.code or 0)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a thread of its own, on the first day of the record."""

    async def run(*arguments: object) -> CompletedCommand:
        capsys.readouterr()
        words = [str(each) for each in arguments]
        code = await asyncio.to_thread(_exit_code, words)
        out, err = capsys.readouterr()
        return CompletedCommand(code, out, err)

    return run


@pytest.fixture
def run_process() -> Run:
    """Run a command in a process of its own, whose terminal knows no letters but English ones."""

    async def run(*arguments: object) -> CompletedCommand:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-X",
            "utf8=0",
            "-c",
            _PROGRAM,
            *(str(each) for each in arguments),
            cwd=ROOT,
            env={"PYTHONIOENCODING": "ascii", "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return CompletedCommand(process.returncode, out.decode(), err.decode())

    return run
