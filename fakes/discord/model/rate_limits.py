"""Discord's rate limits, off until asked for: fifty a second in all, five posts in five seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fakes.discord.model.json_types import Json
from fakes.discord.model.snowflakes import Clock

Headers = dict[str, str]


@dataclass(slots=True)
class RateWindow:
    """A count that starts anew when its time is over."""

    size: int
    length: timedelta
    ends_at: datetime | None = None
    used: int = 0

    def acquire(self, now: datetime) -> bool:
        """Count one more; False when that is one too many."""
        if self.ends_at is None or now >= self.ends_at:
            self.ends_at, self.used = now + self.length, 0
        self.used += 1
        return self.used <= self.size

    def seconds_left(self, now: datetime) -> float:
        """Return the seconds until it starts anew."""
        return max(0.0, (self.ends_at - now).total_seconds()) if self.ends_at else 0.0


@dataclass(frozen=True, slots=True)
class RateLimited:
    """A 429: what to answer."""

    body: Json
    headers: Headers


class RateLimits:
    """Counts requests and refuses those beyond the limits, once enforced."""

    def __init__(self, clock: Clock) -> None:
        self._now = clock
        self._global_window: RateWindow | None = None
        self._sizes: dict[str, tuple[int, timedelta]] = {}
        self._windows: dict[tuple[str, str], RateWindow] = {}
        self.rejected_count = 0
        self.invalid_count = 0

    def enforce(
        self,
        *,
        per_second: int | None = 50,
        posts: tuple[int, float] | None = (5, 5.0),
        publishing: tuple[int, float] | None = (10, 3600.0),
    ) -> None:
        """Start counting: requests a second in all, and (number, seconds) for each channel.

        The numbers for a channel are what people have seen, not what Discord promises.
        """
        self.lift()
        if per_second is not None:
            self._global_window = RateWindow(per_second, timedelta(seconds=1))
        for name, bucket in (("post", posts), ("publish", publishing)):
            if bucket is not None:
                self._sizes[name] = (bucket[0], timedelta(seconds=bucket[1]))

    def lift(self) -> None:
        """Stop counting."""
        self._global_window = None
        self._sizes.clear()
        self._windows.clear()

    def acquire(self, bucket: str | None, resource: str, *, exempt: bool) -> RateLimited | Headers:
        """Count a request; return its headers, or why it is refused.

        Interactions are `exempt` from the overall limit.
        """
        now = self._now()
        if self._global_window is not None and not exempt and not self._global_window.acquire(now):
            return self._reject(self._global_window.seconds_left(now), "global", {})
        if bucket not in self._sizes:
            return {}
        size, length = self._sizes[bucket]
        window = self._windows.setdefault((bucket, resource), RateWindow(size, length))
        granted = window.acquire(now)
        headers = _headers(window, bucket, now)
        return headers if granted else self._reject(window.seconds_left(now), "user", headers)

    def _reject(self, wait: float, scope: str, headers: Headers) -> RateLimited:
        self.rejected_count += 1
        body = {
            "message": "You are being rate limited.",
            "retry_after": round(wait, 3),
            "global": scope == "global",
        }
        more = {
            "Retry-After": str(int(wait) + 1),
            "X-RateLimit-Scope": scope,
            # Without it discord.py takes the answer for a Cloudflare ban.
            "Via": "1.1 google",
        }
        if scope == "global":
            more["X-RateLimit-Global"] = "true"
        return RateLimited(body, headers | more)

    def count_response(self, status: int, scope: str | None) -> None:
        """Count what Discord calls invalid requests: 401, 403 and 429, but for shared limits."""
        if status in (401, 403, 429) and scope != "shared":
            self.invalid_count += 1


def _headers(window: RateWindow, bucket: str, now: datetime) -> Headers:
    left = window.seconds_left(now)
    return {
        "X-RateLimit-Limit": str(window.size),
        "X-RateLimit-Remaining": str(max(0, window.size - window.used)),
        "X-RateLimit-Reset": f"{now.timestamp() + left:.3f}",
        "X-RateLimit-Reset-After": f"{left:.3f}",
        "X-RateLimit-Bucket": f"local-{bucket}",
    }
