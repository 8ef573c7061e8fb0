"""EmptyClassroom for Discord: the entry point of run (default), demo, discover and check."""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from core.campus_file.loader import load_campuses
from core.embedded_redis import EmbeddedRedis
from core.errors import ClassroomError, SettingsError
from core.logging_setup import JsonFormatter, SingleLineFormatter, collect_secrets
from core.model.campus import Campus
from core.settings import SECRET_SETTINGS, Settings, campus_names

if TYPE_CHECKING:
    import argparse

TRY_THE_DEMO = "Or try the bot without a token, on this machine: python bot.py demo"


def now() -> datetime:
    """Return the present moment: the only clock of the program."""
    return datetime.now(UTC)


async def serve(settings: Settings, campuses: Sequence[Campus]) -> None:
    """Start a Redis where none is configured, and run the bot until a signal stops it.

    Raises:
        StartError: Redis, Discord or the HTTP port is not available.
    """
    # What is imported stays. To look through it for garbage takes a twentieth of the start, and
    # later would hold up answers for thirty milliseconds at a time.
    gc.disable()
    async with AsyncExitStack() as stack:
        url = settings.redis_url
        if url is None:
            embedded_redis = EmbeddedRedis(settings.data_dir)
            # It starts while a thread imports.
            await asyncio.gather(
                stack.enter_async_context(embedded_redis),
                asyncio.to_thread(import_module, "app.factory"),
            )
            url = embedded_redis.url
        # Imported only here: it takes most of the start, and errors are reported without it.
        from app import factory  # noqa: PLC0415

        gc.freeze()
        gc.enable()
        await factory.run_bot(settings, campuses, url, now=now)


def load_environment() -> Mapping[str, str]:
    """Return the environment, extended by `.env` unless a host sets the whole of it."""
    if is_hosted() or not Path(".env").exists():
        return os.environ
    # Imported only here: it is needed for nothing else.
    import dotenv  # noqa: PLC0415

    from_file = {name: value for name, value in dotenv.dotenv_values(".env").items() if value}
    return {**from_file, **os.environ}


def read_settings(env: Mapping[str, str]) -> tuple[Settings, Sequence[Campus]]:
    """Read the settings and the campus files, and raise all their faults at once."""
    faults: list[str] = []
    campuses: Sequence[Campus] = ()
    settings: Settings | None = None
    try:
        settings = Settings.from_env(env)
    except SettingsError as err:
        faults += err.issues
    try:
        campuses = load_campuses(campus_names(env))
    except SettingsError as err:
        faults += err.issues
    if settings is None or faults:
        raise SettingsError(faults)
    return settings, campuses


def set_up_logging(settings: Settings) -> None:
    """Log to standard error, one line an event."""
    handler = logging.StreamHandler()
    secrets = collect_secrets(settings.discord_token, settings.redis_url, settings.api_token)
    formatter = JsonFormatter if settings.log_format == "json" else SingleLineFormatter
    handler.setFormatter(formatter(secrets))
    logging.basicConfig(level=settings.log_level, handlers=[handler])
    # Below this discord.py logs whole payloads, which hold what members type.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLogger().level))


def is_hosted() -> bool:
    """Tell whether this runs on a host that sets the whole environment itself."""
    return "RAILWAY_ENV" in os.environ or "DYNO" in os.environ


def main(arguments: Sequence[str] = ()) -> int:
    """Run a subcommand and return the exit code: 0 when it was stopped, 1 when it cannot run.

    Raises:
        SystemExit: help was asked for (0), or the arguments are not understood (2).
    """
    if list(arguments) in ([], ["run"]):
        # The way of every start on a server: without the parser, whose import takes time.
        return run_bot()
    # Imported only here, as the modules below: a bot on Discord needs none of them.
    from cli import command_line  # noqa: PLC0415

    options = command_line.parse(arguments)
    if options.command == "run":
        return run_bot()
    if options.command in {"export", "import"}:
        return run_backup(options)
    if options.command == "demo":
        from demo import main as demo  # noqa: PLC0415

        return demo.main(load_environment(), options.campus)
    from cli import main  # noqa: PLC0415

    return main.run(options, at=now())


def run_backup(options: "argparse.Namespace") -> int:
    """Export or import the bot's data; return the exit code."""
    from cli import backup  # noqa: PLC0415 - as in `main`

    try:
        settings, campuses = read_settings(load_environment())
        set_up_logging(settings)
        return backup.run(options, settings, [each.id for each in campuses], now=now)
    except ClassroomError as err:
        sys.stderr.write(f"{err}\n")
        return 1


def run_bot() -> int:
    """Run the bot on Discord until it is stopped; return the exit code."""
    env = dict(load_environment())
    # Every process that is started from here inherits the environment.
    for name in SECRET_SETTINGS:
        os.environ.pop(name, None)
    try:
        settings, campuses = read_settings(env)
        set_up_logging(settings)
        asyncio.run(serve(settings, campuses))
    except ClassroomError as err:
        sys.stderr.write(f"{err}\n")
        if not env.get("DISCORD_TOKEN", "").strip():
            sys.stderr.write(f"{TRY_THE_DEMO}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
