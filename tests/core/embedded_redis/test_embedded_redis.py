"""The bot's own Redis: one a folder, gone with the bot, started again, with its data."""

import asyncio
import logging
import os
import signal
import stat
import sys
from pathlib import Path

import pytest

import core.embedded_redis
from core.embedded_redis import EmbeddedRedis, data_dir, process
from core.errors import StartError
from core.store import connect, verify_server

HOLD = """
import asyncio, sys
from pathlib import Path
from core.embedded_redis import EmbeddedRedis
from core.errors import StartError
from core.store import connect

async def main():
    async with EmbeddedRedis(Path(sys.argv[1])) as server:
        client = connect(server.url)
        for n in range(int(sys.argv[2])):
            await client.set(f"k{n}", "v")
        await client.aclose()
        print(server.pid, flush=True)
        await asyncio.sleep(60)

try:
    asyncio.run(main())
except StartError as err:
    print(err, flush=True)
"""


HOLD_WITHOUT_DEATH_SIGNAL = HOLD.replace(
    "async def main",
    "import core.embedded_redis.process as p; "
    "p._DIE_WITH_PARENT = 'import os, sys; os.execv(sys.argv[2], sys.argv[2:])'\n\nasync def main",
)
"""As on macOS, which has no signal for the death of a parent."""


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
async def start_bot(data):
    """Start a process that runs an embedded server and says its number, or why it cannot."""
    started = []

    async def start(keys=0, code=HOLD):
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, str(data), str(keys), stdout=asyncio.subprocess.PIPE
        )
        started.append(bot)
        assert bot.stdout
        return bot, (await bot.stdout.readline()).decode().strip()

    yield start
    for bot in started:
        if bot.returncode is None:
            bot.kill()
        await bot.communicate()
    if started:
        # Takes over, and so ends, what a test that failed has left behind.
        async with EmbeddedRedis(data):
            pass


needs_death_signal = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process that its parent is gone"
)


def is_alive(pid):
    """Tell whether a process is there, and not just waiting for its parent to notice its end."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc").exists()


def send(server, number):
    """Send a signal to the process of a server."""
    assert server.pid
    os.kill(server.pid, number)


def exit_code(server):
    """Return how the process of a server has ended."""
    assert server._server
    return server._server.returncode


async def until(condition, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.005)


async def ask(url, command, *args):
    client = connect(url)
    try:
        return await getattr(client, command)(*args)
    finally:
        await client.aclose()


async def test_it_is_a_redis_that_can_be_used(data):
    async with EmbeddedRedis(data) as server:
        client = connect(server.url)
        await verify_server(client)
        await client.aclose()


async def test_it_listens_to_nobody_but_the_bots_user(data):
    async with EmbeddedRedis(data) as server:
        assert (await ask(server.url, "config_get", "port"))["port"] == "0"
        assert stat.S_IMODE((data / "redis" / "socket").stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "redis").stat().st_mode) == 0o700


async def test_a_folder_that_others_could_read_is_closed_to_them_and_its_parent_left(data):
    (data / "redis").mkdir(parents=True)
    data.chmod(0o755)
    (data / "redis").chmod(0o755)
    async with EmbeddedRedis(data):
        assert stat.S_IMODE((data / "redis").stat().st_mode) == 0o700
        assert stat.S_IMODE(data.stat().st_mode) == 0o755


async def test_its_data_is_there_the_next_time(data):
    async with EmbeddedRedis(data) as server:
        await ask(server.url, "set", "k", "v")
        pid = server.pid
    assert not is_alive(pid)
    async with EmbeddedRedis(data) as server:
        assert await ask(server.url, "get", "k") == b"v"


async def test_it_says_nothing_is_stored_before_the_disk_has_it(data):
    async with EmbeddedRedis(data) as server:
        settings = await ask(server.url, "config_get", "append*")
    assert (settings["appendonly"], settings["appendfsync"]) == ("yes", "always")


async def test_its_log_is_that_of_one_bot(data):
    for _ in range(2):
        async with EmbeddedRedis(data):
            pass
    assert (data / "redis" / data_dir.LOG_FILE).read_text().count("SIGTERM") == 1


async def test_it_ends_when_asked_and_need_not_be_killed(data):
    async with EmbeddedRedis(data) as server:
        pass
    assert exit_code(server) == 0


async def test_one_that_does_not_end_is_killed(data, monkeypatch):
    monkeypatch.setattr(process, "TERMINATE_TIMEOUT_SECONDS", 0.1)
    clock = asyncio.get_running_loop().time
    async with EmbeddedRedis(data) as server:
        send(server, signal.SIGSTOP)
        pid, began = server.pid, clock()
    assert clock() - began < process.TERMINATE_TIMEOUT_SECONDS + process.KILL_TIMEOUT_SECONDS
    assert exit_code(server) == -signal.SIGKILL
    assert not is_alive(pid)


async def test_a_bot_that_fails_ends_it_too(data):
    server = EmbeddedRedis(data)

    async def fail():
        async with server:
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert not is_alive(server.pid)


async def test_a_second_start_on_the_folder_is_refused_in_one_line(data, start_bot):
    async with EmbeddedRedis(data) as server:
        # In one step, that is without waiting for anything.
        with pytest.raises(StartError) as refused:
            EmbeddedRedis(data).__aenter__().send(None)
        assert str(refused.value).startswith(f"another bot uses {data}")
        assert (await start_bot())[1] == str(refused.value)
        assert await ask(server.url, "ping")


async def test_another_folder_is_another_server(data, tmp_path):
    async with EmbeddedRedis(data) as one, EmbeddedRedis(tmp_path / "other") as other:
        await ask(one.url, "set", "k", "v")
        assert await ask(other.url, "get", "k") is None


@needs_death_signal
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_bot_that_is_killed_leaves_no_orphan_and_loses_nothing(data, start_bot, number):
    bot, pid = await start_bot(keys=500)
    bot.send_signal(number)
    await bot.wait()
    await until(lambda: not is_alive(int(pid)))
    async with EmbeddedRedis(data) as server:
        assert await ask(server.url, "dbsize") == 500


async def test_a_bot_can_be_killed_and_started_at_once_again_and_again(data, start_bot):
    for _ in range(5):
        bot, pid = await start_bot()
        assert pid.isdigit()
        bot.kill()
        await bot.wait()


async def test_an_orphan_is_ended_and_its_data_kept(data, start_bot):
    bot, pid = await start_bot(keys=500, code=HOLD_WITHOUT_DEATH_SIGNAL)
    bot.kill()
    await bot.wait()
    assert is_alive(int(pid))
    async with EmbeddedRedis(data) as server:
        assert not is_alive(int(pid))
        assert await ask(server.url, "dbsize") == 500


async def test_an_orphan_that_hangs_is_killed(data, start_bot, monkeypatch):
    monkeypatch.setattr(data_dir, "TERMINATE_TIMEOUT_SECONDS", 0.1)
    bot, pid = await start_bot(keys=10, code=HOLD_WITHOUT_DEATH_SIGNAL)
    bot.kill()
    await bot.wait()
    os.kill(int(pid), signal.SIGSTOP)
    async with EmbeddedRedis(data) as server:
        assert not is_alive(int(pid))
        assert await ask(server.url, "dbsize") == 10


@pytest.mark.parametrize("recorded", [None, "", "soon", "-1", "0", "1"])
async def test_an_orphan_that_cannot_be_found_is_told(data, monkeypatch, recorded):
    monkeypatch.setattr(data_dir, "TERMINATE_TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(data_dir, "KILL_TIMEOUT_SECONDS", 0.05)
    (data / "redis").mkdir(parents=True)
    if recorded is not None:
        (data / "redis" / data_dir.PID_FILE).write_text(recorded)
    orphan = data_dir.try_lock(data / "redis" / data_dir.SERVER_LOCK)
    with monkeypatch.context() as guard:
        guard.setattr(os, "kill", lambda *args: pytest.fail(f"{args}"))
        with pytest.raises(StartError, match="left behind"):
            await EmbeddedRedis(data).__aenter__()
    os.close(orphan or 0)
    async with EmbeddedRedis(data):
        pass


async def test_a_number_recorded_earlier_is_forgotten_before_a_server_starts(data, tmp_path):
    """It may be that of any program by now, and would be the one to be ended."""
    (data / "redis").mkdir(parents=True)
    (data / "redis" / data_dir.PID_FILE).write_text(f"{os.getpid()}\n")
    with pytest.raises(StartError):
        await EmbeddedRedis(data, binary=tmp_path / "none").__aenter__()
    assert not (data / "redis" / data_dir.PID_FILE).exists()


async def test_a_server_that_is_killed_is_back_with_its_data(data, caplog):
    caplog.set_level(logging.INFO, "core.embedded_redis")
    async with EmbeddedRedis(data) as server:
        client = connect(server.url)
        for n in range(500):
            await client.set(f"k{n}", "v")
        for _ in range(2):
            pid = server.pid
            send(server, signal.SIGKILL)
            await until(lambda pid=pid: server.pid != pid)
            await until(lambda: "is back" in caplog.messages[-1])
            assert await client.dbsize() == 500
        await client.aclose()
    assert caplog.messages == 2 * [
        "the embedded Redis ended with code -9 and is started again",
        "the embedded Redis is back",
    ]


async def test_a_server_that_cannot_be_started_again_is_tried_until_it_can(
    data, caplog, monkeypatch
):
    caplog.set_level(logging.INFO, "core.embedded_redis")
    monkeypatch.setattr(core.embedded_redis, "_MIN_RESTART_DELAY", 0.01)
    async with EmbeddedRedis(data) as server:
        binary = server._binary
        server._binary = data / "gone"
        send(server, signal.SIGKILL)
        await asyncio.sleep(0.2)
        server._binary = binary
        await until(lambda: "is back" in caplog.messages[-1])
        assert await ask(server.url, "ping")
    assert len(caplog.messages) == 2


async def test_a_folder_with_a_long_name_works(tmp_path):
    data = tmp_path / ("long " + 120 * "x") / "?#%"
    async with EmbeddedRedis(data) as server:
        assert len(server.url) < 150
        await ask(server.url, "set", "k", "v")
        with pytest.raises(StartError, match="another bot"):
            await EmbeddedRedis(data).__aenter__()
    async with EmbeddedRedis(data) as server:
        assert await ask(server.url, "get", "k") == b"v"


async def test_a_temporary_folder_of_somebody_elses_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = tmp_path / (120 * "x")
    async with EmbeddedRedis(data):
        (short,) = tmp_path.glob("ec-*")
    short.chmod(0o777)
    with pytest.raises(StartError, match="shorter DATA_DIR"):
        await EmbeddedRedis(data).__aenter__()


async def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match=r"no embedded Redis in .*/file/redis"):
        await EmbeddedRedis(tmp_path / "file").__aenter__()


async def test_a_server_that_does_not_start_is_told_with_its_last_words(data):
    (data / "redis" / "appendonlydir").mkdir(parents=True)
    manifest = data / "redis" / "appendonlydir" / "appendonly.aof.manifest"
    manifest.write_text("not a manifest\n")
    with pytest.raises(StartError, match=r"does not start: .*manifest") as caught:
        await EmbeddedRedis(data).__aenter__()
    assert "\n" not in str(caught.value)
    manifest.unlink()
    async with EmbeddedRedis(data):
        pass


async def test_a_server_that_never_answers_is_given_up(data, tmp_path, monkeypatch):
    monkeypatch.setattr(core.embedded_redis, "_START_TIMEOUT_SECONDS", 0.1)
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    server = EmbeddedRedis(data, binary=silent)
    with pytest.raises(StartError, match="does not answer"):
        await server.__aenter__()
    assert not is_alive(server.pid)


async def test_a_server_that_is_no_program_is_told(data, tmp_path):
    with pytest.raises(StartError):
        await EmbeddedRedis(data, binary=tmp_path / "none").__aenter__()


async def test_windows_is_told_to_set_an_address(data, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(StartError, match="Windows: set REDIS_URL"):
        await EmbeddedRedis(data).__aenter__()


async def test_a_platform_without_a_server_is_told_to_set_an_address(data, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(StartError, match="set REDIS_URL"):
        await EmbeddedRedis(data).__aenter__()


async def test_a_ctrl_c_in_the_terminal_does_not_reach_it(data, start_bot):
    bot, pid = await start_bot()
    assert os.getpgid(int(pid)) != os.getpgid(bot.pid)
