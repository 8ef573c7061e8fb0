"""When a digest is due, and what is to be done about one that may have been posted."""

import hashlib
from datetime import date, datetime, timedelta
from enum import Enum

from core.model.calendar import DAY, local_to_utc
from core.model.campus import Campus
from core.model.digest import Delivery, DigestSettings

MAX_LATENESS = timedelta(hours=6)
"""How late a digest is still posted."""

DATA_WAIT = timedelta(hours=1)
"""How long a digest waits for the morning's data before it says what is missing."""

SEND_TIMEOUT = timedelta(seconds=20)
"""How long one attempt at posting may take."""

_ATTEMPT_LEASE = timedelta(seconds=30)
"""How long an attempt is its process's own; longer than the attempt can take."""

NONCE_TTL = timedelta(minutes=2)
"""How long Discord surely knows a nonce again; its documentation says "a few minutes"."""

RECORD_LOST_AFTER = timedelta(minutes=2)
"""How late a digest without a record may be found before its channel is looked at.

Redis may have lost the record: evicted it, or been restored from a snapshot before the post.
"""

MAX_FAILING_DAYS = 3
"""After so many days of failure in a row a digest is switched off."""


class DeliveryStep(Enum):
    """What is to be done about the digest of a channel and day."""

    NOTHING = "it is done, or somebody is at it"
    SEND = "nobody has tried"
    RESEND = "an attempt ended without a word, and Discord still knows its nonce"
    CHECK_HISTORY = "an attempt ended without a word too long ago to tell without looking"


def due_at(settings: DigestSettings, campus: Campus, day: date) -> datetime:
    """Return when that day's digest is due, in UTC."""
    since_midnight = timedelta(hours=settings.time.hour, minutes=settings.time.minute)
    return local_to_utc(day, since_midnight, campus.timezone)


def due_day(settings: DigestSettings, campus: Campus, now: datetime) -> date | None:
    """Return the day whose digest is due now and not too late, None where there is none.

    Yesterday's can be due after midnight. A digest that was set after its time begins with
    the next day.
    """
    today = campus.local_date(now)
    for day in (today, today - DAY):
        due = due_at(settings, campus, day)
        if settings.set_at <= due <= now < due + MAX_LATENESS:
            return None if settings.disabled_since else day
    return None


def next_due_at(settings: DigestSettings, campus: Campus, after: datetime) -> datetime:
    """Return the first moment after `after` at which a digest is due."""
    today = campus.local_date(after)
    moments = [due_at(settings, campus, today + DAY * ahead) for ahead in range(3)]
    return next(each for each in moments if each > after)


def decide_step(delivery: Delivery | None, now: datetime) -> DeliveryStep:
    """Return what is to be done, from what is on record.

    Attempts of one record share its nonce and its `since`, and take turns of a lease each.
    """
    if delivery is None:
        return DeliveryStep.SEND
    if (
        delivery.state != "sending"
        or now < delivery.started_at + _ATTEMPT_LEASE * delivery.attempts
    ):
        return DeliveryStep.NOTHING
    return DeliveryStep.RESEND if is_safe_to_send(delivery, now) else DeliveryStep.CHECK_HISTORY


def is_safe_to_send(attempt: Delivery, now: datetime) -> bool:
    """Tell whether a message that is sent now makes no second one, whoever sent it meanwhile."""
    return now + SEND_TIMEOUT < attempt.started_at + NONCE_TTL


def message_nonce(campus: Campus, channel: int, day: date) -> str:
    """Return the mark by which Discord knows a repeated post: 25 characters at most.

    It names the channel: Discord tells nonces apart by their author alone.
    """
    text = f"{campus.id}:{channel}:{day.isoformat()}"
    return f"d{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def should_disable(settings: DigestSettings, campus: Campus, day: date) -> bool:
    """Tell whether a failure on that day is one too many."""
    if settings.failing_since is None:
        return False
    return (day - campus.local_date(settings.failing_since)).days + 1 >= MAX_FAILING_DAYS
