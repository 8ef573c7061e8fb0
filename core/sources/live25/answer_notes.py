"""Answer notes: why rooms are unknown and how far answers reach, for whoever operates the bot.

A note says which request its answer belongs to and which day it is about, and names no event.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from core.model.interval import Interval
from core.sources.base import SourceNote
from core.sources.live25.local_time import END_OF_DAY, LocalTimeConverter, MinuteRange

# An answer that is wrong in more ways than this is not worth more lines.
_MAX_REASONS = 200


class AnswerNotes:
    """Collects the notes of one read; those of one reason and one time are one note."""

    def __init__(self, local_time: LocalTimeConverter) -> None:
        self._local_time = local_time
        self._request = ""
        self._rooms: dict[tuple[str, Interval], dict[str, None]] = {}
        self._windows: Counter[MinuteRange] = Counter()
        self._days: set[date] = set()

    def begin_answer(self, request: str) -> None:
        """Let all notes be about the answer to `request`, until the next answer begins."""
        self._request = request

    def add_day(self, reason: str, room_id: str, day: date) -> None:
        """Note why a room is unknown on a day."""
        for whole in self._local_time.narrowest_intervals(day, (0, END_OF_DAY)):
            self.add(reason, room_id, whole)

    def add(self, reason: str, room_id: str, interval: Interval) -> None:
        """Note why a room is unknown for a while."""
        key = (f"{self._request}: {reason}" if self._request else reason, interval)
        if key in self._rooms or len(self._rooms) < _MAX_REASONS:
            self._rooms.setdefault(key, {})[room_id] = None

    def add_reach(self, window: MinuteRange, days: Iterable[date]) -> None:
        """Note the days that an answer is about, and the hours that it shows of them."""
        self._windows[window] += 1
        self._days.update(days)

    def notes(self) -> Iterator[SourceNote]:
        """Yield how far the answers reach, then why which rooms are unknown."""
        if self._days:
            (start, end), _ = self._windows.most_common(1)[0]
            yield SourceNote(
                f"answers reach from {min(self._days)} to {max(self._days)} "
                f"and show {_clock(start)}–{_clock(end)} of a day"
            )
        for (text, interval), rooms in self._rooms.items():
            yield SourceNote(text, tuple(sorted(rooms)), interval)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
