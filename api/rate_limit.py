"""How many requests one client may send, so that none takes all there is."""

from collections.abc import Callable

from aiohttp import web

from api.client_address import client_of
from api.errors import rate_limited

_SECOND = 1_000_000_000
_MINUTE = 60 * _SECOND


class RateLimiter:
    """So many requests a minute for each client, all at once if it likes; 0: no limit.

    A client is an IPv4 address, or an IPv6 network of the size that one customer gets. Of
    many clients those that were silent the longest are forgotten.
    """

    def __init__(
        self, per_minute: int, *, clock: Callable[[], int], max_clients: int = 10_000
    ) -> None:
        # In whole nanoseconds, as fractions of a second add up to a little more than they are.
        self._emission_interval = _MINUTE // per_minute if per_minute else 0
        self._clock = clock
        self._max_clients = max_clients
        # When each client would have had all its requests, had they come evenly.
        self._theoretical_arrival: dict[str, int] = {}

    def check(self, request: web.BaseRequest) -> None:
        """Count a request.

        Raises:
            HttpError: its client has had all that it may have.
        """
        if not self._emission_interval:
            return
        # The connection's own: what a header says of it may be anything.
        client, now = client_of(request.remote or ""), self._clock()
        arrival = max(self._theoretical_arrival.pop(client, now), now)
        wait = arrival + self._emission_interval - now - _MINUTE
        self._theoretical_arrival[client] = (
            arrival if wait > 0 else arrival + self._emission_interval
        )
        if len(self._theoretical_arrival) > self._max_clients:
            del self._theoretical_arrival[next(iter(self._theoretical_arrival))]
        if wait > 0:
            raise rate_limited(wait / _SECOND)
