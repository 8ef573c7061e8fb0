"""What a reply of `/free` offers where no room fits: a plan, shorter times, the next opening."""

from collections.abc import Sequence

from cogs.ui.formatting import escape_name, on_day_name, plural, timestamp_time
from cogs.ui.replies.free.data import FreeReplyData
from core.availability.plan import PlanPiece

_NUMBERS = {2: "Two", 3: "Three", 4: "Four"}


def plan_sentence(plan: Sequence[PlanPiece]) -> str | None:
    """Return the rooms to use one after another, None where there is no plan."""
    if not plan:
        return None
    pieces = ", then ".join(
        f"**{escape_name(piece.room.label)}** till {timestamp_time(piece.interval.end)}"
        for piece in plan
    )
    return f"{_NUMBERS[len(plan)]} rooms are: {pieces}."


def shorter_sentence(reply: FreeReplyData) -> str | None:
    """Return which room is free for longest, where some are free but not for long enough."""
    rooms = reply.result.too_short
    if not rooms:
        return None
    best = f"**{escape_name(rooms[0].room.label)}**, till {timestamp_time(rooms[0].gap.end)}"
    if len(rooms) == 1:
        return f"1 room is free for a shorter time: {best}."
    return f"{len(rooms):,} rooms are free for a shorter time. Longest: {best}."


def opening_sentence(reply: FreeReplyData) -> str | None:
    """Return when what is closed opens, and why it is closed where that is known."""
    closure = reply.result.closure
    if closure is None:
        return None
    opens_on = reply.campus.local_date(closure.until)
    day = on_day_name(opens_on, reply.campus.local_date(reply.now))
    time = timestamp_time(closure.until)
    when = f"Opens {day} at {time}." if day else f"Opens at {time}."
    return f"{escape_name(closure.reason)}. {when}" if closure.reason else when


def left_out_sentences(reply: FreeReplyData) -> list[str]:
    """Return how many rooms may fit but are left out, and why."""
    result = reply.result
    sentences = []
    if result.unknown_capacity:
        rooms = plural(result.unknown_capacity, "more room")
        sentences.append(f"{rooms} may fit (seats not listed)")
    if result.unknown_features:
        rooms = plural(result.unknown_features, "more room")
        sentences.append(f"{rooms} may have it (equipment not listed)")
    if result.restricted_count:
        rooms = plural(result.restricted_count, "room is", "rooms are")
        sentences.append(f"{rooms} for members of a department only")
    return sentences
