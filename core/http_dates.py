"""Dates in HTTP headers, such as `Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT`."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime


def parse_http_date(text: str) -> datetime | None:
    """Return the moment that a header names, None where it names none.

    A date without a zone is in UTC, the only zone that HTTP has.
    """
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def format_http_date(moment: datetime) -> str:
    """Return a moment as headers write it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
