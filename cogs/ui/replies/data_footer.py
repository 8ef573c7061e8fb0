"""How sure an answer is: when its data was read, what is unknown, and what is wrong."""

from cogs.ui.formatting import join_dots, subtext, timestamp_datetime, timestamp_relative
from core.data.status import DataAge

BOOKINGS_ONLY_NOTE = "bookings only: someone may be inside, a door may need a card"


def staleness_warning(age: DataAge) -> str | None:
    """Return the first line of an answer that may be out of date, None where it is not."""
    if age.read_at is None:
        return None
    if age.failing_since:
        return (
            f"**Booking site not answering since {timestamp_datetime(age.failing_since)}; "
            f"this was read {timestamp_relative(age.read_at)}.**"
        )
    return (
        f"**This was read {timestamp_relative(age.read_at)}; it is being read again.**"
        if age.is_stale
        else None
    )


def data_footer(age: DataAge, *, unknown: int, rooms: int) -> str:
    """Return the last line of every answer."""
    read = f"Read {timestamp_relative(age.read_at)}" if age.read_at else "Never read"
    return subtext(join_dots([read, f"{unknown:,} of {rooms:,} rooms unknown", BOOKINGS_ONLY_NOTE]))
