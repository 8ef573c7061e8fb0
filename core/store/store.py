"""The store: all small stores of Redis keys, over one client."""

from core.store.command_sync import CommandSyncStore
from core.store.digests import DigestStore
from core.store.hints import HintStore
from core.store.preferences import PreferenceStore
from core.store.refreshes import RefreshStore
from core.store.samples import SampleStore


class Store(RefreshStore, DigestStore, SampleStore, PreferenceStore, HintStore, CommandSyncStore):
    """All that is kept in Redis, over one client."""
