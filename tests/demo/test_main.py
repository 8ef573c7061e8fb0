"""The demo as a whole: its processes, its end, and its switches seen through the bot."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from core.errors import SettingsError, StartError
from demo.process_reaper import ProcessReaper
from demo.services import CannotToggleError, Health
from demo.settings import read_settings
from demo.stack import start_demo
from demo.web_server import serve_page
from tests.fakes import eventually

ROOT = Path(__file__).parents[2]
KEPT = ("PATH", "HOME", "LANG", "PYTHONDONTWRITEBYTECODE")
SECONDS_TO_END = 5.0
REAL = "a.b.c"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the store does not run there")


def environment(data, **more):
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "DATA_DIR": str(data),
        **more,
    }


def is_alive(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def children_of(pid):
    """Return all processes below one, however far."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text(encoding="utf-8").split():
            found += [int(child), *children_of(int(child))]
    return found


@dataclass
class Process:
    """A demo in a process of its own, with what it has said."""

    popen: subprocess.Popen[str]
    said: list[str]
    page: str
    children: list[int]

    def ends(self, number):
        """Send a signal and return the exit code; nothing may be left after five seconds."""
        began = time.monotonic()
        self.popen.send_signal(number)
        code = self.popen.wait(SECONDS_TO_END)
        while any(is_alive(pid) for pid in self.children):
            assert time.monotonic() - began < SECONDS_TO_END, "a process is left"
            time.sleep(0.02)
        return code


@contextmanager
def begun(data, **more):
    """Start a demo and wait for nothing."""
    popen = subprocess.Popen(
        [sys.executable, str(ROOT / "bot.py"), "demo"],
        cwd=data.parent,
        env=environment(data, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield popen
    finally:
        popen.kill()
        popen.communicate()


def heard(popen):
    """Listen to a demo until it tells its page, or ends."""
    said = []
    for line in popen.stdout:
        said.append(line.rstrip("\n"))
        if line.startswith("Open "):
            break
    page = next((line.split()[1] for line in said if line.startswith("Open ")), "")
    return Process(popen, said, page, children_of(popen.pid) if page else [])


@contextmanager
def run_demo(data, **more):
    with begun(data, **more) as popen:
        yield heard(popen)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -9)]
)
def test_nothing_is_left_however_it_ends(tmp_path, number, code):
    data = tmp_path / "data"
    with run_demo(data) as running:
        assert running.page, running.said
        # The store, the bot, and the one that would end them.
        assert len(running.children) == 3
        assert running.ends(number) == code
    if number is signal.SIGKILL:
        with run_demo(data) as again:
            assert again.page, again.said


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_it_starts_again_at_once_after_a_kill(tmp_path):
    data = tmp_path / "data"
    with run_demo(data) as first:
        first.popen.kill()
        with run_demo(data) as second:
            assert second.page, second.said
            assert second.ends(signal.SIGTERM) == 0


def test_a_second_one_in_the_folder_is_refused(tmp_path):
    data = tmp_path / "data"
    with run_demo(data) as first, begun(data) as same, begun(tmp_path / "other") as other:
        assert first.page
        second, third = heard(same), heard(other)
        assert same.wait(10) == 1
        assert "another demo runs in" in second.said[-1]
        assert third.page
        assert third.page != first.page


def test_faulty_settings_are_told_all_at_once(tmp_path):
    with run_demo(tmp_path / "data", MIN_GAP_MINUTES="soon", CAMPUS="nowhere") as running:
        assert running.popen.wait(10) == 1
        told = "\n".join(running.said)
        assert "MIN_GAP_MINUTES" in told
        assert "nowhere" in told
        assert "Traceback" not in told


def test_what_the_playground_brings_itself_is_not_read(tmp_path):
    faulty = {"REDIS_URL": "nonsense", "DISCORD_TOKEN": "a b", "DISCORD_API_URL": "x"}
    settings, campuses = read_settings({**faulty, "DATA_DIR": str(tmp_path)})
    assert campuses == ()
    assert settings.redis_url is None
    with pytest.raises(SettingsError, match="CAMPUS"):
        read_settings({"CAMPUS": "nowhere"})


async def test_the_page_takes_the_next_port_where_one_is_taken(free_port):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        async with serve_page(aiohttp.web.Application(), first_port=free_port) as address:
            port = int(address.rpartition(":")[2])
            assert free_port < port < free_port + 50


@pytest.fixture
async def running(tmp_path, free_port):
    env = environment(tmp_path / "data", REFRESH_COOLDOWN_MINUTES="0", MIN_GAP_MINUTES="31")
    async with start_demo(env, first_port=free_port, moment="tuesday") as found:
        yield found


def member_at(running):
    return running.member.at(running.study)


async def refreshed(running):
    """Refresh as the moderator, and return what the bot says in the end."""
    reply = await running.moderator.at(running.general).slash("refresh")
    await eventually(lambda: not reply.latest().text.startswith("Checking"), within=60)
    return reply.latest().text


async def test_the_bot_answers_in_it(running):
    reply = await member_at(running).slash("free")
    assert "no information for 2 of 120 rooms" in reply.text
    building = await member_at(running).slash("building", building="HUB")
    assert "## HUB" in building.text
    for minutes, is_named in (("31", False), ("32", True)):
        asked = await member_at(running).slash("free", minutes=minutes)
        assert (f"free for {minutes} min or more" in asked.text) == is_named
    async with aiohttp.ClientSession() as session:
        async with session.get(running.page_url + "/health") as answer:
            assert await answer.json() == {"bot": "up", "store": "up", "source": "up"}
        async with session.get(running.page_url + "/") as answer:
            assert answer.status == 200


async def test_without_its_source_no_room_turns_free_and_the_age_is_told(running):
    before = (await member_at(running).slash("building", building="HUB")).text
    await running.services.stop("source")
    await running.services.stop("source")
    assert running.services.statuses()["source"].health is Health.DOWN
    assert "no answer" in await refreshed(running)
    after = (await member_at(running).slash("building", building="HUB")).text
    assert rooms_in(after) == rooms_in(before)
    await running.services.start("source")
    assert running.services.statuses()["source"].health is Health.UP
    assert "Refreshed in" in await refreshed(running)


def rooms_in(text):
    return [line for line in text.splitlines() if re.match(r"\*\*[NS]\d", line)]


async def test_without_its_store_the_bot_still_answers(running):
    await refreshed(running)
    await running.services.stop("store")
    assert running.services.statuses()["store"].health is Health.DOWN
    assert "no information for 2 of 120 rooms" in (await member_at(running).slash("free")).text
    assert "Database: not answering since" in (await member_at(running).slash("status")).text
    await running.services.start("store")
    assert running.services.statuses()["store"].health is Health.UP
    await eventually_says(member_at(running), "status", "Database: answered")


async def eventually_says(seat, command, text):
    async with asyncio.timeout(20):
        while text not in (await seat.slash(command)).text:  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.2)


async def test_the_bot_can_be_restarted_and_its_buttons_still_work(running):
    seat = member_at(running)
    reply = await seat.slash("building", building="ALD")
    heard = []
    end = running.services.add_listener(
        lambda: heard.append(running.services.statuses()["bot"].health)
    )
    await running.services.restart_bot()
    end()
    assert heard[0] is Health.DOWN
    assert heard[-1] is Health.UP
    button = next(name for name, enabled in reply.message.buttons.items() if enabled)
    assert (await seat.press(reply.message, button)).text


@pytest.mark.parametrize("part", ["bot", "redis"])
async def test_what_ends_by_itself_is_started_again(running, part):
    kept = getattr(running.services, part)
    # A refresh that is killed keeps others from reading until its lease is over.
    await member_at(running).slash("free")
    before = kept.pid
    os.kill(before, signal.SIGKILL)
    await eventually(lambda: kept.pid != before and kept.health is Health.UP, within=30)
    assert "no information for" in (await member_at(running).slash("free")).text


async def test_a_bot_that_cannot_start_is_told_of(running):
    await running.services.stop("store")
    with pytest.raises(CannotToggleError, match="the bot does not start: no Redis answers"):
        await running.services.restart_bot()
    await running.services.start("store")
    await eventually(
        lambda: running.services.statuses()["bot"].health is Health.UP,
        within=30,
    )


async def test_a_campus_that_is_named_is_read_as_it_is(tmp_path, free_port):
    env = environment(tmp_path / "data", CAMPUS="bu", DAYS_AHEAD="0", http_proxy="")
    campus = tmp_path / "own.toml"
    text = (ROOT / "core" / "campus_file" / "bu.toml").read_text(encoding="utf-8")
    campus.write_text(re.sub(r'url = ".*"', 'url = "http://127.0.0.1:9/run"', text), "utf-8")
    async with start_demo({**env, "CAMPUS": str(campus)}, first_port=free_port) as found:
        source = found.services.statuses()["source"]
        assert (source.health, source.can_toggle) == (Health.EXTERNAL, False)
        with pytest.raises(CannotToggleError):
            await found.services.stop("source")
        assert [server.name for server in found.discord.state.guilds.values()] == [
            "Boston University"
        ]


async def test_the_warden_ends_what_it_watches_when_it_is_left(tmp_path):
    script = (
        "import asyncio, os, sys; from demo.process_reaper import ProcessReaper\n"
        "async def main():\n"
        "    async with ProcessReaper() as reaper:\n"
        "        child = await asyncio.create_subprocess_exec('sleep', '60', stdout=-3)\n"
        "        gone = await asyncio.create_subprocess_exec('sleep', '60', stdout=-3)\n"
        "        reaper.watch(child.pid); reaper.watch(gone.pid); reaper.unwatch(gone.pid)\n"
        "        print(child.pid, gone.pid, flush=True)\n"
        "        await asyncio.sleep(0.2)\n"
        "        os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout
    said = await process.stdout.readline()
    watched, forgotten = (int(text) for text in said.split())
    await process.wait()
    await eventually(lambda: not is_alive(watched), within=5)
    assert is_alive(forgotten)
    os.kill(forgotten, signal.SIGKILL)


async def test_a_warden_with_nobody_to_watch_goes_quietly():
    async with ProcessReaper() as warden:
        warden.watch(2**22 + 1)


async def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(StartError, match="no demo in"):
        async with start_demo(environment(tmp_path / "data")):
            pass


def test_the_token_of_the_real_bot_is_not_used(tmp_path):
    with run_demo(tmp_path / "data", DISCORD_TOKEN=REAL) as running:
        assert running.page, running.said


async def test_another_time_is_pretended_and_given_up(running):
    services = running.services
    await services.pretend("exams")
    pretended = running.discord.state.now() - datetime.now(UTC)
    assert timedelta() < pretended < timedelta(days=45)
    reply = await member_at(running).slash("building", building="BEC")
    assert "Exams" in reply.text
    await services.pretend("")
    assert abs(running.discord.state.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert services.statuses()["bot"].health is Health.UP
