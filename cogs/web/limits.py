"""How many requests one client may send, so that none takes all there is."""

import ipaddress
from collections.abc import Callable

from aiohttp import web

from cogs.web.faults import too_many

_SECOND = 1_000_000_000
_MINUTE = 60 * _SECOND
_V6_NETWORK = 64


class Limit:
    """So many requests a minute for each client, all at once if it likes; 0: no limit.

    A client is an IPv4 address, or an IPv6 network of the size that one customer gets. Of
    many clients those that were silent the longest are forgotten.
    """

    def __init__(
        self, a_minute: int, *, clock: Callable[[], int], most_clients: int = 10_000
    ) -> None:
        # In whole nanoseconds, as fractions of a second add up to a little more than they are.
        self._pause = _MINUTE // a_minute if a_minute else 0
        self._clock = clock
        self._most_clients = most_clients
        # When each client would have had all its requests, had they come evenly.
        self._paid_until: dict[str, int] = {}

    def count(self, request: web.BaseRequest) -> None:
        """Count a request.

        Raises:
            HttpFault: its client has had all that it may have.
        """
        if not self._pause:
            return
        # The connection's own: what a header says of it may be anything.
        client, now = _client(request.remote or ""), self._clock()
        paid_until = max(self._paid_until.pop(client, now), now)
        too_early = paid_until + self._pause - now - _MINUTE
        self._paid_until[client] = paid_until if too_early > 0 else paid_until + self._pause
        if len(self._paid_until) > self._most_clients:
            del self._paid_until[next(iter(self._paid_until))]
        if too_early > 0:
            raise too_many(too_early / _SECOND)


def _client(address: str) -> str:
    if ":" not in address:
        return address
    try:
        whole = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    if whole.ipv4_mapped:
        return str(whole.ipv4_mapped)
    return str(ipaddress.IPv6Network((whole.packed, _V6_NETWORK), strict=False))
