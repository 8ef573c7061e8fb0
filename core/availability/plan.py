"""Plan with the fewest moves: several rooms, one after another, where no single one is free."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import accumulate, combinations
from math import comb

from core.availability.campus_day import CampusDays
from core.availability.counts import RoomFilter
from core.availability.gap_index import FreeRoom, GapIndex
from core.availability.queries import FreeRoomsQuery, day_scopes
from core.model.campus import Campus, Room
from core.model.interval import Interval

MAX_PIECES = 4
"""Rooms of a plan; nobody follows a longer one."""

_MAX_COMBINATIONS = 500
"""Sets of buildings that are tried for a plan that returns to a building: some 50 ms."""


_NEVER = datetime.min.replace(tzinfo=UTC)

_Gap = tuple[datetime, FreeRoom]
"""A gap behind its start: to compare those alone is twice as fast."""


@dataclass(frozen=True, slots=True)
class PlanPiece:
    """A room of a plan, and the part of the window that one spends there."""

    room: Room
    interval: Interval


def plan_moves(
    campus: Campus, days: CampusDays, query: FreeRoomsQuery, *, min_gap: timedelta
) -> tuple[PlanPiece, ...]:
    """Return the plan for a question that no single room answers; empty where there is none."""
    if query.at_least < 2 * min_gap:  # An interval cannot be of 0 min, which a button may name.
        return ()
    scopes = day_scopes(campus, days, query)
    indexes = [scope.overview.gap_index for scope in scopes if scope.overview]
    window = Interval(query.moment, query.moment + query.at_least)
    return fewest_moves(indexes, window, at_least=min_gap, room_filter=query.room_filter)


def fewest_moves(
    indexes: Sequence[GapIndex],
    window: Interval,
    *,
    at_least: timedelta,
    room_filter: RoomFilter | None = None,
) -> tuple[PlanPiece, ...]:
    """Return pieces that cover `window`, each within one gap and `at_least` long.

    Fewest pieces first, then fewest changes of building, then fewest buildings. A move is as
    late as it can be. Empty where a single room is free throughout, and where no plan of
    `MAX_PIECES` exists. All gaps of a building are in one of the indexes.
    """
    if window.duration < 2 * at_least:
        return ()
    gaps = _Gaps(indexes, window, at_least, room_filter)
    reaches = _reaches(gaps)
    rooms = len(reaches)
    if rooms < 2:  # noqa: PLR2004 - one room is no plan
        return ()
    chains = gaps.by_building(reaches)
    best = _fewest_changes(chains, gaps, rooms)
    if best is None:
        raise AssertionError("the reach is made of the same gaps")
    for size in range(2, best.changes + 1):
        if comb(len(chains), size) > _MAX_COMBINATIONS:
            break
        for codes in combinations(chains, size):
            some = _fewest_changes({code: chains[code] for code in codes}, gaps, rooms)
            if some and some.changes == best.changes:
                return _pieces(some, gaps)
    return _pieces(best, gaps)


@dataclass(frozen=True, slots=True)
class _Gaps:
    """The gaps that a plan for `window` can use pieces of."""

    indexes: Sequence[GapIndex]
    window: Interval
    at_least: timedelta
    room_filter: RoomFilter | None

    def widest(self) -> list[FreeRoom]:
        """Return the gaps that lie within no other one: those alone say how far one comes."""
        found = []
        latest = self.window.end - self.at_least
        for start, free in self._last_to_end_first():
            if start <= latest and self._has_piece(free):
                found.append(free)
                if start <= self.window.start:
                    break
                latest = start - timedelta.resolution
        return found

    def _last_to_end_first(self) -> Iterator[_Gap]:
        """Yield the gaps that end late enough for a piece."""
        soonest = self.window.start + self.at_least
        parts = [
            zip(index.starts_by_end[:number], index.gaps_by_end, strict=False)
            for index in self.indexes
            for number in [index.count_ending_from(soonest)]
        ]
        return iter(parts[0]) if len(parts) == 1 else merge(*parts, key=_end, reverse=True)

    def _has_piece(self, free: FreeRoom) -> bool:
        is_long = max(free.gap.start, self.window.start) + self.at_least <= free.gap.end
        return is_long and (self.room_filter is None or self.room_filter(free.room))

    def by_building(self, reaches: Sequence[datetime]) -> "_Chains":
        """Return each building's gaps that matter.

        A gap within another one of its building does not, nor one that begins after all stays
        before it have ended. `reaches` are as `_reaches` returns them.
        """
        first_to_begin: dict[str, _Gap] = {}
        chains: _Chains = defaultdict(list)
        latest_starts: dict[str, datetime] = {}
        last_move, move_before = reaches[-2], (self.window.start, *reaches)[len(reaches) - 2]
        for gap in self._ending(self.window.end, None, begun_by=last_move):
            code = gap[1].room.building
            best = first_to_begin.get(code)
            if (best is None or gap[0] < best[0]) and self._has_piece(gap[1]):
                first_to_begin[code] = gap
        for code, (start, free) in first_to_begin.items():
            chains[code].append(free)
            latest_starts[code] = start if start > self.window.start else _NEVER
        soonest = self.window.start + self.at_least
        for start, free in self._ending(soonest, self.window.end, begun_by=move_before):
            code = free.room.building
            latest = latest_starts.get(code)
            if (latest is None or start < latest) and self._has_piece(free):
                # Of those that have begun, the first one here is the last to end.
                latest_starts[code] = start if start > self.window.start else _NEVER
                chains[code].append(free)
        return chains

    def _ending(
        self, first: datetime, before: datetime | None, *, begun_by: datetime
    ) -> Iterator[_Gap]:
        """Yield the gaps that end within that time; those of an index last to end first."""
        for index in self.indexes:
            start = index.count_ending_from(before) if before else 0
            part = slice(start, index.count_ending_from(first))
            gaps = zip(index.starts_by_end[part], index.gaps_by_end[part], strict=True)
            yield from [gap for gap in gaps if gap[0] <= begun_by]


_Chains = dict[str, list[FreeRoom]]
"""The gaps of each building, by its code."""


def _end(gap: _Gap) -> datetime:
    return gap[1].gap.end


@dataclass(frozen=True, slots=True)
class _Stay:
    """A gap that a plan can reach: when at the earliest, from which gap, after which changes."""

    free: FreeRoom
    arrival: datetime
    changes: int
    before: "_Stay | None"


def _reaches(gaps: _Gaps) -> list[datetime]:
    """Return how late one can stay in one room, in two and so on until the window is covered.

    Empty where `MAX_PIECES` rooms do not cover it.
    """
    widest = gaps.widest()
    stays = _first_stays(widest, gaps)
    reaches: list[datetime] = []
    while stays and len(reaches) < MAX_PIECES:
        reaches.append(max(stay.free.gap.end for stay in stays))
        if _first_last(stays, gaps):
            return reaches
        stays = _after_move(stays, widest, gaps, changes=0)
    return []


def _first_stays(candidates: Iterable[FreeRoom], gaps: _Gaps) -> list[_Stay]:
    start = gaps.window.start
    return [_Stay(free, start, 0, None) for free in candidates if free.gap.start <= start]


def _is_last(stay: _Stay, gaps: _Gaps) -> bool:
    """Tell whether a plan can end with that stay."""
    end = gaps.window.end
    return stay.free.gap.end >= end and stay.arrival + gaps.at_least <= end


def _after_move(
    stays: Sequence[_Stay], candidates: Iterable[FreeRoom], gaps: _Gaps, *, changes: int
) -> list[_Stay]:
    """Return the stays in the candidates that one move leads to, each as early as it can be."""
    in_order = sorted(stays, key=lambda stay: stay.free.gap.end)
    ends = [stay.free.gap.end for stay in in_order]
    earliest = [*accumulate(reversed(in_order), _earlier)][::-1]
    found = []
    for free in candidates:
        start = free.gap.start
        position = bisect_left(ends, start)
        if position < len(ends):
            before = earliest[position]
            arrival = max(start, before.arrival + gaps.at_least)
            if arrival + gaps.at_least <= free.gap.end:
                found.append(_Stay(free, arrival, changes, before))
    return found


def _earlier(one: _Stay, other: _Stay) -> _Stay:
    return one if one.arrival <= other.arrival else other


def _fewest_changes(
    chains: Mapping[str, Sequence[FreeRoom]], gaps: _Gaps, rooms: int
) -> _Stay | None:
    """Return the last stay of a plan of so many rooms with the fewest changes of building.

    None where those buildings have no such plan.
    """
    everything = [free for chain in chains.values() for free in chain]
    # By the number of moves before: the stays after one change less, and after this many.
    fewer: list[list[_Stay]] = [[] for _ in range(rooms)]
    for changes in range(rooms):
        layers = [[] if changes else _first_stays(everything, gaps)]
        for moves in range(1, rooms):
            sources = [(those, chains[code]) for code, those in _by_building(layers[-1]).items()]
            layer: list[_Stay] = []
            for stays, candidates in [*sources, (fewer[moves - 1], everything)]:
                reached = _after_move(stays, candidates, gaps, changes=changes)
                if moves == rooms - 1 and (goal := _first_last(reached, gaps)):
                    return goal
                layer += reached
            layers.append(layer)
        fewer = layers
    return None


def _first_last(stays: Iterable[_Stay], gaps: _Gaps) -> _Stay | None:
    return next((stay for stay in stays if _is_last(stay, gaps)), None)


def _by_building(stays: Iterable[_Stay]) -> dict[str, list[_Stay]]:
    groups: dict[str, list[_Stay]] = defaultdict(list)
    for stay in stays:
        groups[stay.free.room.building].append(stay)
    return groups


def _pieces(last: _Stay, gaps: _Gaps) -> tuple[PlanPiece, ...]:
    """Return the pieces of a plan; each lasts as long as its gap and the next piece let it."""
    pieces: list[PlanPiece] = []
    stay: _Stay | None = last
    ends = gaps.window.end
    while stay:
        before = stay.before
        begins = min(before.free.gap.end, ends - gaps.at_least) if before else gaps.window.start
        pieces.append(PlanPiece(stay.free.room, Interval(begins, ends)))
        stay, ends = before, begins
    return tuple(reversed(pieces))
