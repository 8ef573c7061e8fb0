"""The heading of a reply of `/free`: how many rooms are free and when, or why none is."""

from cogs.ui.formatting import (
    duration_text,
    escape_name,
    join_and,
    join_dots,
    on_day_name,
    plural,
    timestamp_time,
)
from cogs.ui.replies.free.data import FreeReplyData


def heading(reply: FreeReplyData) -> str:
    """Return the answer in one line."""
    if reply.result.free:
        return f"## {_rooms_free(reply)}"
    result = reply.result
    if not result.room_count:
        return "## No room here has all of that"
    if result.closure:
        return f"## {_closed(reply)}"
    if result.unknown_count + result.closed_count == result.room_count:
        return f"## {_no_information(reply)}"
    return f"## {_no_room_is_free(reply)}"


def _rooms_free(reply: FreeReplyData) -> str:
    count = len(reply.result.free)
    rooms = plural(count, "room")
    if reply.is_now and not reply.is_shared:
        return f"{rooms} free now"
    if reply.is_past and not reply.is_now:
        return f"{rooms} {'was' if count == 1 else 'were'} free {_at(reply)}"
    return f"{rooms} free {_at(reply)}"


def _no_room_is_free(reply: FreeReplyData) -> str:
    if reply.query.at_least <= reply.min_gap:
        if reply.is_past:
            return f"No room was free {_at(reply)}"
        return "No room is free right now" if _is_now(reply) else f"No room is free {_at(reply)}"
    duration = duration_text(reply.query.at_least)
    if reply.is_past:
        return f"No room was free for {duration} from {_from(reply)}"
    if _is_now(reply):
        return f"No room is free for {duration} right now"
    return f"No room is free for {duration} from {_from(reply)}"


def _no_information(reply: FreeReplyData) -> str:
    if _is_now(reply):
        return "No information about rooms right now"
    return f"No information about rooms {_at(reply)}"


def _closed(reply: FreeReplyData) -> str:
    buildings = reply.buildings
    if len(buildings) > 1:
        names = escape_name(join_and([building.code for building in buildings]))
        if _is_now(reply):
            return f"{names} are closed right now"
        return f"{names} are closed {_at(reply)}"
    name = escape_name(buildings[0].name if buildings else reply.campus.name)
    return f"{name} is closed right now" if _is_now(reply) else f"{name} is closed {_at(reply)}"


def _is_now(reply: FreeReplyData) -> bool:
    return reply.is_now and not reply.is_shared


def _at(reply: FreeReplyData) -> str:
    """Return the moment as `at 2:30 PM`, `tomorrow at 2:30 PM` or `on Wed, Mar 4 at 2:30 PM`."""
    day, time = _day(reply), timestamp_time(reply.query.moment)
    return f"{day} at {time}" if day else f"at {time}"


def _from(reply: FreeReplyData) -> str:
    """Return the moment as `2:30 PM`, `2:30 PM tomorrow` or `2:30 PM on Wed, Mar 4`."""
    day, time = _day(reply), timestamp_time(reply.query.moment)
    return f"{time} {day}" if day else time


def _day(reply: FreeReplyData) -> str:
    today = reply.campus.local_date(reply.now)
    return on_day_name(reply.campus.local_date(reply.query.moment), today)


def understood_line(reply: FreeReplyData, shown: str) -> str | None:
    """Return what rooms were asked for and which are shown, None where that is any and all."""
    query, buildings = reply.query, reply.buildings
    if len(buildings) == 1:
        place = f"{buildings[0].code} · {buildings[0].name}"
    else:
        place = join_and([building.code for building in buildings])
    return (
        join_dots(
            [
                escape_name(place),
                f"free for {duration_text(query.at_least)} or more"
                if query.at_least > reply.min_gap and reply.result.free
                else "",
                f"{plural(query.capacity, 'seat')} or more" if query.capacity else "",
                f"with {escape_name(join_and(query.features))}" if query.features else "",
                shown,
            ]
        )
        or None
    )
