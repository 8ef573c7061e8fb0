"""Which campus was chosen where, as Redis keeps it."""

from core.model.preferences import PreferencesSnapshot
from core.store import Store
from core.store.preferences import _RESTORE_BATCH


async def test_nothing_is_chosen_at_first(store):
    assert await store.preferences_revision() == 0
    assert await store.all_preferences() == PreferencesSnapshot(0, {})


async def test_each_change_counts_the_revision_up(store):
    assert await store.set_preference("server:1", "bu") == 1
    assert await store.set_preference("member:2", "umd") == 2
    assert await store.set_preference("server:1", None) == 3
    assert await store.all_preferences() == PreferencesSnapshot(3, {"member:2": "umd"})


async def test_what_was_lost_is_given_back_whole(store):
    count = _RESTORE_BATCH + 1
    picked = PreferencesSnapshot(7, {f"server:{number}": "bu" for number in range(count)})
    assert await store.restore_preferences(picked)
    assert await store.all_preferences() == picked


async def test_nothing_is_given_back_where_somebody_began_anew(client, clock):
    one, other = Store(client, now=clock), Store(client, now=clock)
    await other.set_preference("server:1", "umd")
    assert not await one.restore_preferences(PreferencesSnapshot(7, {"server:1": "bu"}))
    assert await one.all_preferences() == PreferencesSnapshot(1, {"server:1": "umd"})
