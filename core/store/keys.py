"""How the keys in Redis are named; the package's docstring says what each holds."""

from datetime import date

SCHEMA = "ec:1"
"""Counts up when what is stored changes its meaning: an older bot then reads none of it."""


def day_key(campus: str, day: date) -> str:
    """Return the key of a campus day's snapshot."""
    return f"{SCHEMA}:{{{campus}}}:day:{day.isoformat()}"


def refresh_lock_key(campus: str) -> str:
    """Return the key of the refresh lock of a campus."""
    return f"{SCHEMA}:{{{campus}}}:refresh"


def last_attempt_key(campus: str) -> str:
    """Return the key of a campus's last refresh."""
    return f"{SCHEMA}:{{{campus}}}:attempt"


def cooldown_key(campus: str) -> str:
    """Return the key that is there while a moderator cannot ask for a refresh."""
    return f"{SCHEMA}:{{{campus}}}:cooldown"


def deliveries_key(campus: str, day: date) -> str:
    """Return the key of what became of a campus day's digests."""
    return f"{SCHEMA}:{{{campus}}}:digest:{day.isoformat()}"


def samples_key(campus: str) -> str:
    """Return the key of how many rooms of a campus were free, every five minutes."""
    return f"{SCHEMA}:{{{campus}}}:busy"


def hourly_samples_key(campus: str) -> str:
    """Return the key of the hourly means of those."""
    return f"{SCHEMA}:{{{campus}}}:busy:hours"


def digest_settings_key() -> str:
    """Return the key of all guilds' digest settings."""
    return f"{SCHEMA}:digests"


def hinted_guilds_key() -> str:
    """Return the key of the guilds that were shown the hint at `/digest set`: a set of ids."""
    return f"{SCHEMA}:hinted"


def synced_commands_key(application: int) -> str:
    """Return the key of an application's commands as Discord knows them."""
    return f"{SCHEMA}:{{app-{application}}}:commands"


def command_sync_lock_key(application: int) -> str:
    """Return the key of the lock for registering commands."""
    return f"{SCHEMA}:{{app-{application}}}:sync"


def migrated_key() -> str:
    """Return the key that is there once data of before keys had a scope was taken along."""
    return f"{SCHEMA}:migrated"


def preferences_key() -> str:
    """Return the key of the campuses that servers and members chose."""
    return f"{SCHEMA}:{{picks}}:campuses"


def preferences_revision_key() -> str:
    """Return the key that counts the changes of those choices."""
    return f"{SCHEMA}:{{picks}}:revision"
