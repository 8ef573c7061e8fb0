"""The small print of a reply: when its data was checked, what is unknown, what free means."""

from cogs.ui.formatting import join_dots, subtext, timestamp_datetime, timestamp_relative
from core.data.status import DataAge

BOOKINGS_ONLY_NOTE = "Free means not booked: someone may be inside, and some doors need a card."


def staleness_warning(age: DataAge) -> str | None:
    """Return the first line of a reply that may be out of date, None where it is not."""
    if age.read_at is None:
        return None
    read = timestamp_relative(age.read_at)
    if age.failing_since:
        since = timestamp_datetime(age.failing_since)
        return f"**The booking system has been down since {since}. What you see is from {read}.**"
    if age.is_stale:
        return f"**This is from {read}. Checking again now: press Refresh in a moment.**"
    return None


def data_footer(age: DataAge, *, unknown: int, rooms: int, asked_by: int | None = None) -> str:
    """Return the last line of a reply; `asked_by` is the member who shared it."""
    return subtext(
        join_dots(
            [
                f"Asked by <@{asked_by}>" if asked_by else "",
                checked_text(age),
                unknown_text(unknown, rooms),
                BOOKINGS_ONLY_NOTE,
            ]
        )
    )


def checked_text(age: DataAge) -> str:
    """Return when the data was read."""
    return f"Checked {timestamp_relative(age.read_at)}" if age.read_at else "Not checked yet"


def unknown_text(unknown: int, rooms: int) -> str:
    """Return of how many rooms nothing is known, nothing where that is none."""
    if not unknown:
        return ""
    if unknown == rooms == 1:
        return "no information for this room"
    return f"no information for {unknown:,} of {rooms:,} rooms"
