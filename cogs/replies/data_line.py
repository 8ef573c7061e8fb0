"""How sure an answer is: when its data was read, what is unknown, and what is wrong."""

from cogs.replies.words import dotted, full, relative, small
from core.standing import DataAge

CAVEAT = "bookings only: someone may be inside, a door may need a card"


def trouble(age: DataAge) -> str | None:
    """Return the first line of an answer that may be out of date, None where it is not."""
    if age.read_at is None:
        return None
    if age.failing_since:
        return (
            f"**Booking site not answering since {full(age.failing_since)}; "
            f"this was read {relative(age.read_at)}.**"
        )
    return (
        f"**This was read {relative(age.read_at)}; it is being read again.**"
        if age.is_stale
        else None
    )


def data_line(age: DataAge, *, unknown: int, rooms: int) -> str:
    """Return the last line of every answer."""
    read = f"Read {relative(age.read_at)}" if age.read_at else "Never read"
    return small(dotted([read, f"{unknown:,} of {rooms:,} rooms unknown", CAVEAT]))
