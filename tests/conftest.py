"""What the tests read and talk to: recordings of sources, and real Redis servers.

One server is for all tests and emptied for each; others are a test's own, to be broken.
"""

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis

from core.embedded_redis.process import find_binary, with_parent_death_signal
from core.store import Store, connect
from tests.fakes import Clock, at
from tests.recordings import GENERATED, NO_SHARED, RECORDED, RECORDINGS, SHARED, Recording
from tests.waiting_loop import WaitingLoop

settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("search"), derandomize=True)
# The same examples at every run, and as long as they take: what passes here passes elsewhere.
# `pytest --hypothesis-profile=search` looks for others.
settings.load_profile("same")


class RedisProcess:
    """A Redis or Valkey server that a test can stop, kill, start again and make slow.

    Its address and its data stay the same; with `port` it listens there and not on a socket.
    """

    def __init__(self, binary: Path, folder: Path, *options: str, port: int = 0) -> None:
        self._folder = folder
        self._port = port
        self._command = [str(binary), "--dir", str(folder), "--save", "", "--port", str(port)]
        if not port:
            self._command += ["--unixsocket", self._socket]
        self._command += options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def _socket(self) -> str:
        return str(self._folder / "s")

    @property
    def url(self) -> str:
        """Its address, without user and password."""
        return f"redis://127.0.0.1:{self._port}/0" if self._port else f"unix://{self._socket}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                with_parent_death_signal(self._command),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        while not self._answers():
            assert self._process.poll() is None, (self._folder / "log").read_text()
            time.sleep(0.005)

    def _answers(self) -> bool:
        family = socket.AF_INET if self._port else socket.AF_UNIX
        with socket.socket(family) as connection:
            try:
                connection.connect(("127.0.0.1", self._port) if self._port else self._socket)
            except OSError:
                return False
            connection.sendall(b"PING\r\n")
            answer = connection.recv(64)
            return answer.startswith((b"+PONG", b"-NOAUTH"))

    def pause(self) -> None:
        """Keep it from answering, though it still takes connections."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it answer again."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it without a warning."""
        self._signal(signal.SIGKILL)
        self._wait()

    def stop(self) -> None:
        """End it; without effect where it has ended."""
        if self._process and self._process.poll() is None:
            self.resume()
            self._signal(signal.SIGKILL)
        self._wait()

    def _signal(self, number: int) -> None:
        assert self._process
        self._process.send_signal(number)

    def _wait(self) -> None:
        if self._process:
            self._process.wait(timeout=10)


def _binaries() -> dict[str, Path]:
    """Find the servers to test with: the embedded one and the oldest at hand."""
    found = {"valkey": find_binary()}
    floor = os.environ.get("REDIS_SERVER_BINARY") or shutil.which("redis-server")
    return found | ({"redis": Path(floor)} if floor else {})


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of the store with every server, all others with the embedded one."""
    module = metafunc.module.__name__
    if "redis_binary" in metafunc.fixturenames and ".store.test_" in module:
        binaries = _binaries()
        metafunc.parametrize("redis_binary", binaries.values(), ids=binaries, scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped for each reason; there are few reasons and many tests."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} skipped: {reason}")


@pytest.fixture(
    scope="module", params=[GENERATED, pytest.param(RECORDED, marks=pytest.mark.recorded)]
)
def recording(request: pytest.FixtureRequest) -> Recording:
    """Give the answers of a campus: generated ones, and recorded ones where they are at hand."""
    if request.param == RECORDED and not SHARED.is_dir():
        pytest.skip(NO_SHARED)
    return RECORDINGS[request.param]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run all coroutines in a loop that a slow machine does not hurry."""
    return {"waiting": WaitingLoop}


@pytest.fixture(scope="session")
def redis_binary() -> Path:
    return find_binary()


@pytest.fixture(scope="session")
def redis_url(redis_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the server that all tests share; `client` empties it."""
    server = RedisProcess(redis_binary, tmp_path_factory.mktemp("r"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    """Give a client of an empty Redis."""
    client = connect(redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock(at("10:00"))


@pytest.fixture
def store(client: Redis, clock: Clock) -> Store:
    return Store(client, now=clock)


@pytest.fixture
def start_redis(
    redis_binary: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., RedisProcess]]:
    """Give a function that starts a server of the test's own, with options of its own."""
    started: list[RedisProcess] = []

    def start(*options: str, port: int = 0) -> RedisProcess:
        server = RedisProcess(redis_binary, tmp_path_factory.mktemp("r"), *options, port=port)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()


def find_free_port() -> int:
    """Return a port at which nobody listens; a cluster takes the one 10,000 above, too.

    Both are below those that the system gives to whoever calls out: one of those may be
    somebody's by the time it is used. Each process of pytest-xdist has its own share.
    """
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    of = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        port = 10_000 + secrets.randbelow(12_000 // of) * of + number
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture
def free_port() -> int:
    return find_free_port()
