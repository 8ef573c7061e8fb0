"""Moments and spans as whole numbers, and those as Redis holds them.

A moment is microseconds since 1970: nothing is lost, and Lua, whose numbers are doubles,
compares them exactly until the year 2255.
"""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MILLISECOND = timedelta(milliseconds=1)


def to_micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(ticks: int) -> datetime:
    """Return the moment, in UTC, that is so many microseconds after 1970.

    Raises:
        OverflowError: it lies outside the years that Python knows.
    """
    return _EPOCH + ticks * _MICROSECOND


def encode_moment(moment: datetime | None) -> bytes:
    """Return a moment as an argument of a script, empty where there is none."""
    return b"%d" % to_micros(moment) if moment else b""


def encode_milliseconds(span: timedelta) -> bytes:
    """Return a span as an argument of a script, in whole milliseconds."""
    return b"%d" % (span // _MILLISECOND)
