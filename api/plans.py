"""A plan with the fewest moves, as JSON: which rooms to use one after another."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.resources import Json, to_iso
from core.availability.campus_day import CampusDays
from core.availability.plan import PlanPiece, plan_moves
from core.availability.queries import FreeRoomsQuery, free_rooms
from core.data.coordinator import CampusCoordinator


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What `/api/plan` is asked: a question of `/free`, and the campus that it is about."""

    coordinator: CampusCoordinator
    query: FreeRoomsQuery

    def to_json(self, days: CampusDays) -> Json:
        """Return how many single rooms fit, and the plan where none does."""
        campus, query = self.coordinator.campus, self.query
        result = free_rooms(campus, days, query)
        pieces: tuple[PlanPiece, ...] = ()
        if not result.free:
            pieces = plan_moves(campus, days, query, min_gap=self.coordinator.min_gap)
        read = [day.read_at for day in days.values() if day.read_at]
        return {
            "campus": campus.id,
            "start": to_iso(query.moment, campus.timezone),
            "end": to_iso(query.moment + query.at_least, campus.timezone),
            "rooms_that_fit": len(result.free),
            "pieces": self._pieces(pieces),
            "unknown_rooms": result.unknown_count,
            "last_updated": to_iso(max(read), campus.timezone) if read else None,
        }

    def _pieces(self, pieces: Iterable[PlanPiece]) -> list[Json]:
        zone = self.coordinator.campus.timezone
        return [
            {
                "building": piece.room.building,
                "room": {"id": piece.room.id, "name": piece.room.name},
                "start": to_iso(piece.interval.start, zone),
                "end": to_iso(piece.interval.end, zone),
            }
            for piece in pieces
        ]
