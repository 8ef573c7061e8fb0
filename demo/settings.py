"""The operator's settings in a demo: which it minds itself, which it hands to the bot."""

from collections.abc import Mapping, Sequence

from core.campus_file.loader import load_campuses
from core.errors import SettingsError
from core.model.campus import Campus
from core.settings import Settings, campus_names
from demo.campus import CAMPUS_ID

_SET_BY_DEMO = ("DISCORD_TOKEN", "DISCORD_API_URL", "DISCORD_GATEWAY_URL", "REDIS_URL")
_PLACEHOLDER_TOKEN = "not-a-real-token"  # noqa: S105 - the fake Discord takes any


def read_settings(env: Mapping[str, str]) -> tuple[Settings, Sequence[Campus]]:
    """Read what the bot will read, so that a fault ends the demo and not only the bot.

    The demo campus is not among the campuses.

    Raises:
        SettingsError: the settings or the campus file are faulty, all faults at once.
    """
    errors: list[str] = []
    settings: Settings | None = None
    campuses: Sequence[Campus] = ()
    try:
        handed = {name: value for name, value in env.items() if name not in _SET_BY_DEMO}
        settings = Settings.from_env({**handed, "DISCORD_TOKEN": _PLACEHOLDER_TOKEN})
    except SettingsError as err:
        errors += err.issues
    try:
        campuses = load_campuses(each for each in requested_campuses(env) if each != CAMPUS_ID)
    except SettingsError as err:
        errors += err.issues
    if settings is None or errors:
        raise SettingsError(errors)
    return settings, campuses


def requested_campuses(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the campuses that the environment names; the demo where it names none."""
    is_named = env.get("CAMPUS", "").strip() or env.get("CAMPUSES", "").strip()
    return campus_names(env) if is_named else (CAMPUS_ID,)
