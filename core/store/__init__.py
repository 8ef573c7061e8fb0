"""What is kept in Redis, and every way in which it is read and changed.

| key                          | type   | holds                            | for               |
|------------------------------|--------|----------------------------------|-------------------|
| `ec:1:{CAMPUS}:day:DATE`     | hash   | the snapshot of a campus day:    | 24 h past the day |
|                              |        | `revision`, `body` (the codec)   |                   |
| `ec:1:{CAMPUS}:refresh`      | hash   | the refresh under way: `token`,  | its lease         |
|                              |        | rooms `read` of `total`          |                   |
| `ec:1:{CAMPUS}:attempt`      | hash   | the last refresh: `record`, and  | 30 days           |
|                              |        | `arrived`, the last with data    |                   |
| `ec:1:{CAMPUS}:cooldown`     | hash   | `read_at`, `possible_at`         | the cooldown      |
| `ec:1:{CAMPUS}:digest:DATE`  | hash   | a delivery a channel             | 3 days            |
| `ec:1:{CAMPUS}:busy`         | stream | free, known and unknown rooms of | 3 days            |
|                              |        | open buildings, each 5 minutes   |                   |
| `ec:1:{CAMPUS}:busy:hours`   | stream | the hourly means of those        | 8 weeks           |
| `ec:1:digests`               | hash   | digest settings a guild          | until removed     |
| `ec:1:hinted`                | set    | guilds that were shown the hint  | until removed     |
|                              |        | at `/digest set`                 |                   |
| `ec:1:{picks}:campuses`      | hash   | the campus chosen, by server and | until removed     |
|                              |        | by member                        |                   |
| `ec:1:{picks}:revision`      | string | how often those were changed     | for ever          |
| `ec:1:{app-ID}:commands`     | string | the commands as Discord has them | until replaced    |
| `ec:1:{app-ID}:sync`         | string | who tells Discord the commands   | its lease         |

Each module names the writers and readers of its keys: snapshots, refreshes, digests,
samples, picks, hints, commands. The number in a key is the schema's; keys that one script or
transaction touches share a hash tag, so that a Redis Cluster has them in one place.

All are scoped (`key_scope`): `ec:1:` stands for `KEY_PREFIX`, `ec:1:`, the bot's user id and `:`.
`ec:1:migrated` marks that data of before was taken along (`migration`). At the start the audit
writes keys below `ec:1:{probe}:` and deletes them.

Only `ec:1:digests`, `ec:1:hinted`, `ec:1:{CAMPUS}:digest:*`, `ec:1:{CAMPUS}:busy*` and
`ec:1:{picks}:*` cannot be had again from elsewhere.
"""

from core.store.connection import connect
from core.store.key_scope import KeyScope
from core.store.migration import migrate_keys
from core.store.server_audit import verify_server
from core.store.store import Store

__all__ = ["KeyScope", "Store", "connect", "migrate_keys", "verify_server"]
