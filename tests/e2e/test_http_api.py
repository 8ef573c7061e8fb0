"""The real bot.py over HTTP: on one loop with Discord, from its start until it is told to stop."""

import asyncio
import socket
from contextlib import asynccontextmanager, suppress

import aiohttp
import hypothesis
import pytest
import pytest_asyncio
import schemathesis
from schemathesis.core.result import Ok

from fakes.live25.bookings import Months
from fakes.live25.server import FakeLive25
from tests.conftest import find_free_port
from tests.e2e.environment import open_environment, write_campus
from tests.e2e.test_campuses import month
from tests.fakes import at, eventually
from tests.oracle import Hours, RoomName

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "a-token-of-the-tests"  # noqa: S105 - and of nothing else
NOW = at("10:05")
HALL = Hours("ATL", "07:00", "23:00", tuple(RoomName(f"11{n}", f"{n}") for n in range(3)))


@asynccontextmanager
async def opened(folder):
    """Start a bot that answers HTTP, the site that it reads, and a session that asks it."""
    port = find_free_port()
    async with FakeLive25(Months({room.id: month(room.id) for room in HALL.rooms})) as source:
        file = write_campus(folder / "umd.toml", {"url": source.url, "read": "rooms"}, [HALL])
        web = {
            "PORT": str(port),
            "API_REFRESH": "token",
            "API_TOKEN": TOKEN,
            "API_LIMIT": "0",
            "LOG_LEVEL": "DEBUG",
        }
        async with open_environment(folder, file, None, start=NOW, settings=web) as stage:
            bot = await stage.start_bot()
            url = f"http://127.0.0.1:{port}"
            async with aiohttp.ClientSession(url) as session:
                yield stage, bot, source, session


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory):
    """All that is opened, for the tests that leave it running."""
    async with opened(tmp_path_factory.mktemp("web")) as shared:
        yield shared


async def told(session, path, status=200, **options):
    async with session.get(path, **options) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_http_and_discord_tell_the_same(shared):
    stage, _, _, session = shared
    free = (await stage.member.slash("building", building="ATL")).text
    data = await told(session, "/api/open-classrooms")
    rooms = data["buildings"]["ATL"]["classrooms"]
    assert [room["id"] for room in rooms] == ["110", "111", "112"]
    for room in rooms:
        slots = [(slot["start_time"], slot["end_time"]) for slot in room["availability"]]
        assert slots == [("07:00", "08:00"), ("09:00", "23:00")]
        assert room["state"] == "known"
    assert free.startswith("## ATL")
    for room in ("0", "1", "2"):
        assert f"**{room}**" in free
    assert (await told(session, "/readyz"))["shards"] == [{"id": 0, "connected": True}]
    assert await told(session, "/livez") == {"status": "ok"}


async def test_a_refresh_by_token_is_one_with_the_one_of_discord(shared):
    _, bot, _, session = shared
    authorization = {"Authorization": f"Bearer {TOKEN}"}
    async with session.post("/api/refresh") as refused:
        assert refused.status == 401
    await eventually(lambda: bool(bot.logged("rooms of umd in")))
    cooldown = await told(session, "/api/cooldown-status")
    async with session.post("/api/refresh", headers=authorization) as answer:
        said = await answer.json()
    # The bot has just read by itself, and that counts.
    assert cooldown["in_cooldown"] is True
    assert answer.status == 429
    assert said["detail"].startswith("Refresh cooldown active. Please wait ")
    assert TOKEN not in "\n".join(bot.log)


async def test_every_answer_is_as_the_description_says(shared):
    """Schemathesis makes requests from the description, right ones and wrong ones."""
    *_, session = shared
    document = await told(session, "/openapi.json")
    schema = schemathesis.openapi.from_dict(document)
    schema.config.base_url = str(session._base_url)
    # Schemathesis does not think of an address that is too long; it is described.
    rejection = schema.config.checks.negative_data_rejection
    rejection.expected_statuses = [*rejection.expected_statuses, "414"]

    def check_all():
        for result in schema.get_all_operations():
            assert isinstance(result, Ok), result
            check(result.ok(), schemathesis.GenerationMode.POSITIVE)
            # Where nothing is asked for, nothing can be asked for wrongly.
            with suppress(hypothesis.errors.Unsatisfiable):
                check(result.ok(), schemathesis.GenerationMode.NEGATIVE)

    def check(operation, mode):
        @hypothesis.settings(
            max_examples=15,
            deadline=None,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def answers_as_described(case):
            case.call_and_validate()

        answers_as_described()

    await asyncio.to_thread(check_all)


async def test_it_stops_with_the_bot_and_ends_what_it_was_answering(tmp_path):
    async with opened(tmp_path) as (_, bot, _, session):
        await told(session, "/healthz")
        assert await bot.stop() == 0
        with pytest.raises(aiohttp.ClientConnectionError):
            await told(session, "/healthz")
        assert not bot.logged("Traceback")


async def test_a_port_that_is_taken_ends_the_start_with_a_sentence(shared, tmp_path):
    stage, *_ = shared
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        bot = await stage.launch_bot(PORT=str(port), DATA_DIR=str(tmp_path), LOG_LEVEL="WARNING")
        async with asyncio.timeout(15):
            assert await bot.process.wait() == 1
            await bot.reading
    assert bot.log == [f"PORT: 127.0.0.1:{port} cannot be used: address already in use"]
