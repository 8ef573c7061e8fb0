"""The operator's settings in a playground: which it minds itself, which it hands to the bot."""

from collections.abc import Mapping

from core.campus import load_campus
from core.config import Settings
from core.errors import SettingsError
from core.model import Campus
from playground.campus import CAMPUS_ID

_OWN = ("DISCORD_TOKEN", "DISCORD_API_URL", "DISCORD_GATEWAY_URL", "REDIS_URL")
_STANDS_IN = "not-a-real-token"


def read_settings(env: Mapping[str, str]) -> tuple[Settings, Campus | None]:
    """Read what the bot will read, so that a fault ends the playground and not only the bot.

    The campus is None where it is the demo.

    Raises:
        SettingsError: the settings or the campus file are faulty, all faults at once.
    """
    faults: list[str] = []
    settings: Settings | None = None
    campus: Campus | None = None
    try:
        handed = {name: value for name, value in env.items() if name not in _OWN}
        settings = Settings.from_env({**handed, "DISCORD_TOKEN": _STANDS_IN})
    except SettingsError as err:
        faults += err.faults
    named = env.get("CAMPUS", "").strip() or CAMPUS_ID
    try:
        campus = None if named == CAMPUS_ID else load_campus(named)
    except SettingsError as err:
        faults += err.faults
    if settings is None or faults:
        raise SettingsError(faults)
    return settings, campus
