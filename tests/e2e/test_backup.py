"""`bot.py export` and `import`: what one Redis holds is in another, whatever server that is."""

import json
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta

import pytest

from core.model.digest import DigestSettings
from core.model.interval import Interval
from core.model.occupancy import OccupancyCount, OccupancySample
from core.store import Store, connect
from tests.e2e.environment import BOT

NOW = datetime.now(UTC).replace(microsecond=0)
DIGEST = DigestSettings(
    guild_id=1, channel_id=10, campus_id="bu", time=time(7, 30), building="CAS", set_at=NOW
)


def run_bot(folder, *arguments, **env):
    return subprocess.run(
        [sys.executable, BOT, *arguments],
        cwd=folder,
        env={"PYTHONDONTWRITEBYTECODE": "1", "DISCORD_TOKEN": "a.b.c", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def fill(store):
    await store.save_settings(DIGEST)
    await store.set_preference("guild:1", "bu")
    await store.set_preference("user:2", "umd")
    for hours in (30, 2, 1):
        moment = NOW - timedelta(hours=hours)
        sample = OccupancySample(moment, {"CAS": OccupancyCount(free=hours, known=40, unknown=1)})
        await store.add_sample("bu", sample)
        await store.add_hour("bu", sample)


async def content(store):
    whole = Interval(NOW - timedelta(days=60), NOW + timedelta(days=1))
    history = await store.history("bu", samples=whole, hours=[whole])
    choices = (await store.all_preferences()).campuses
    return await store.all_settings(), choices, history.samples, history.hours


@pytest.fixture
async def open_store(start_redis):
    """Give a function that starts a Redis, and returns its address and a store of it."""
    clients = []

    def start():
        url = start_redis().url
        clients.append(connect(url))
        return url, Store(clients[-1], now=lambda: NOW)

    yield start
    for client in clients:
        await client.aclose()


async def dump(store):
    keys = sorted(await store._client.keys())
    return {key: await store._client.dump(key) for key in keys}


async def test_what_is_exported_is_imported_once(tmp_path, open_store):
    (old_url, old), (new_url, new) = open_store(), open_store()
    await fill(old)
    done = run_bot(tmp_path, "export", "backup.json", REDIS_URL=old_url)
    assert (done.returncode, done.stdout) == (0, "")
    assert "exported to backup.json" in done.stderr
    file = tmp_path / "backup.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["schema"] == 1
    done = run_bot(tmp_path, "import", "backup.json", REDIS_URL=new_url)
    assert done.returncode == 0
    assert "imported 1 digests, 2 choices and 6 counts" in done.stderr
    assert await content(new) == await content(old)
    before = await dump(new)
    again = run_bot(tmp_path, "import", "backup.json", REDIS_URL=new_url)
    assert "imported 0 digests, 0 choices and 0 counts" in again.stderr
    assert await dump(new) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"schema": 2}', "the backup has schema 2; this version reads 1 at most"),
        ('{"schema": "1"}', "the backup has schema 1; this version reads 1 at most"),
        ("[]", "this is no backup of the bot"),
        ("{", "this is no backup of the bot"),
        ('{"schema": 1, "digests": [{}]}', "the backup is damaged: "),
        ('{"schema": 1, "digests": [], "choices": [], "counts": {}}', "the backup is damaged: "),
    ],
)
async def test_what_is_no_backup_changes_nothing(tmp_path, open_store, text, told):
    url, store = open_store()
    await fill(store)
    before = await content(store)
    (tmp_path / "backup.json").write_text(text)
    done = run_bot(tmp_path, "import", "backup.json", REDIS_URL=url, LOG_LEVEL="ERROR")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(told)
    assert await content(store) == before


async def test_a_backup_of_the_embedded_redis(tmp_path):
    for arguments in (["export", "backup.json"], ["import", "backup.json"]):
        done = run_bot(tmp_path, *arguments, DATA_DIR=str(tmp_path / "data"))
        assert done.returncode == 0, done.stderr
    missing = run_bot(tmp_path, "import", "nothing.json", DATA_DIR=str(tmp_path / "data"))
    assert missing.returncode == 1
    assert "nothing.json cannot be read: No such file" in missing.stderr
