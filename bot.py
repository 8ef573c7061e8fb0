"""EmptyClassroom for Discord: reads its settings, starts what was asked for, and ends it."""

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

from core.campus import load_campuses
from core.config import Settings, named_campuses
from core.embedded import Embedded
from core.errors import ClassroomError, SettingsError
from core.logs import OneLine, secrets_of
from core.model import Campus


def now() -> datetime:
    """Return the present moment: the only clock of the program."""
    return datetime.now(UTC)


async def run(settings: Settings, campuses: Sequence[Campus]) -> None:
    """Start a Redis where none is named, and run the program until it is told to stop.

    Raises:
        StartError: something that it cannot do without is not there.
    """
    # What is imported stays. To look through it for garbage takes a twentieth of the start, and
    # later would hold up answers for thirty milliseconds at a time.
    gc.disable()
    async with AsyncExitStack() as stack:
        url = settings.redis_url
        if url is None:
            own = Embedded(settings.data_dir)
            # It starts while a thread imports.
            await asyncio.gather(
                stack.enter_async_context(own), asyncio.to_thread(import_module, "cogs.program")
            )
            url = own.url
        # Imported only here: it takes most of the start, and faults are told without it.
        from cogs import program  # noqa: PLC0415

        gc.freeze()
        gc.enable()
        await program.run(settings, campuses, url, now=now)


def read_environment() -> Mapping[str, str]:
    """Return the environment, with what `.env` adds where no host has set it all."""
    if is_hosted() or not Path(".env").exists():
        return os.environ
    # Imported only here: it is needed for nothing else.
    import dotenv  # noqa: PLC0415

    from_file = {name: value for name, value in dotenv.dotenv_values(".env").items() if value}
    return {**from_file, **os.environ}


def read_settings(env: Mapping[str, str]) -> tuple[Settings, Sequence[Campus]]:
    """Read the environment and the campus files it names, and tell all their faults at once."""
    faults: list[str] = []
    campuses: Sequence[Campus] = ()
    settings: Settings | None = None
    try:
        settings = Settings.from_env(env)
    except SettingsError as err:
        faults += err.faults
    try:
        campuses = load_campuses(named_campuses(env))
    except SettingsError as err:
        faults += err.faults
    if settings is None or faults:
        raise SettingsError(faults)
    return settings, campuses


def set_up_logging(settings: Settings) -> None:
    """Log to standard error, one line an event."""
    handler = logging.StreamHandler()
    secrets = secrets_of(settings.discord_token, settings.redis_url, settings.api_token)
    handler.setFormatter(OneLine(secrets))
    logging.basicConfig(level=settings.log_level, handlers=[handler])
    # Below this discord.py logs whole payloads, which hold what members type.
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLogger().level))


def wants_playground(arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Tell whether to run in the playground: asked to, or at home without a token.

    A host that lacks the token is told so instead; nobody would find a page there.
    """
    return bool(arguments) or not (env.get("DISCORD_TOKEN", "").strip() or is_hosted())


def is_hosted() -> bool:
    """Tell whether this runs on a host that sets the whole environment itself."""
    return "RAILWAY_ENV" in os.environ or "DYNO" in os.environ


def main(arguments: Sequence[str] = ()) -> int:
    """Run the program and return its exit code.

    0 when it was stopped, 1 when it cannot run, 2 when the arguments are not understood.
    """
    if arguments and arguments[0] in {"discover", "check"}:
        # Imported only here: a bot on Discord finds no campus.
        import console  # noqa: PLC0415

        return console.main(arguments, now=now)
    if list(arguments) not in ([], ["--playground"]):
        sys.stderr.write("usage: python bot.py [--playground | discover ... | check ...]\n")
        return 2
    env = read_environment()
    if wants_playground(arguments, env):
        # Imported only here: a bot on Discord has no use for a Discord of its own.
        from playground import run as playground  # noqa: PLC0415

        return playground.main(env)
    try:
        settings, campuses = read_settings(env)
        set_up_logging(settings)
        asyncio.run(run(settings, campuses))
    except ClassroomError as err:
        sys.stderr.write(f"{err}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
