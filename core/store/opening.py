"""Opening the store: Redis is reached, audited, and given what an earlier version stored."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

from core.settings import Settings
from core.store.connection import connect
from core.store.key_scope import KeyScope
from core.store.migration import migrate_keys
from core.store.server_audit import verify_server
from core.store.store import Store


@asynccontextmanager
async def open_store(
    settings: Settings, campuses: Iterable[str], redis_url: str, *, now: Callable[[], datetime]
) -> AsyncIterator[Store]:
    """Give the store of the bot whose token the settings hold.

    Raises:
        StartError: Redis cannot be used; the message never holds its password.
    """
    client = connect(redis_url)
    scope = KeyScope.of_token(settings.discord_token, settings.key_prefix)
    try:
        await verify_server(client, scope)
        await migrate_keys(client, scope, campuses, now().date(), settings.days_ahead)
        yield Store(client, now=now, scope=scope)
    finally:
        await client.aclose()
