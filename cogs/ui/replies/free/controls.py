"""The buttons of a reply of `/free`; each keeps what it does not name."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from discord import ButtonStyle, ui

from cogs.ui.custom_ids import FreeQueryId
from cogs.ui.layout import button, button_row
from cogs.ui.replies.free.data import FreeReplyData
from core.availability.queries import FreeRoomsQuery
from core.model.calendar import DAY, HOUR, local_to_utc

_DURATIONS = (HOUR, 2 * HOUR, 3 * HOUR)
_SHORTER = (2 * HOUR, HOUR, HOUR / 2)


def controls(reply: FreeReplyData, asked: FreeQueryId, pages: int) -> list[ui.ActionRow[Any]]:
    """Return the rows of buttons under the select: another duration, then the same question."""
    first = _durations(reply, asked) if reply.result.free else _ways_out(reply, asked)
    second = chain(_pages(asked, pages), _same_question(reply, asked))
    # Two ways to one question, such as another reading of what was typed, are one button.
    taken = {custom_id for _, custom_id in reply.understood.others}
    rows = [button_row(list(_not_in(taken, buttons))) for buttons in (first, second)]
    return [row for row in rows if row]


def _not_in(taken: set[str], buttons: Iterable[ui.Button[Any]]) -> Iterator[ui.Button[Any]]:
    """Yield the buttons whose custom ids are new; those of a message are unique."""
    for each in buttons:
        if each.custom_id and each.custom_id not in taken:
            taken.add(each.custom_id)
            yield each


def _durations(reply: FreeReplyData, asked: FreeQueryId) -> Iterator[ui.Button[Any]]:
    for duration in _DURATIONS:
        chosen = reply.query.at_least == duration
        refined = asked.with_query(replace(asked.query, at_least=duration))
        style = ButtonStyle.primary if chosen else ButtonStyle.secondary
        yield button(f"{duration // HOUR} h", refined.encode("refine"), style, is_disabled=chosen)


def _pages(asked: FreeQueryId, pages: int) -> Iterator[ui.Button[Any]]:
    if asked.page:
        yield button("← Back", asked.with_page_offset(-1).encode("previous"))
    if asked.page + 1 < pages:
        yield button("More rooms", asked.with_page_offset(1).encode("next"))


def _same_question(reply: FreeReplyData, asked: FreeQueryId) -> Iterator[ui.Button[Any]]:
    if reply.can_share:
        yield button("Post here", asked.encode("share"))
    if reply.is_shared and asked.query.is_now:
        # A shared reply names the time at which it was asked: to ask again is to ask about now.
        yield button("Now", asked.encode("update"))
        return
    yield button("Refresh", asked.encode("update"))
    if not asked.query.is_now:
        now = asked.with_query(replace(asked.query, is_now=True))
        yield button("Now", now.encode("refine"))


def _ways_out(reply: FreeReplyData, asked: FreeQueryId) -> Iterator[ui.Button[Any]]:
    """Yield what may help where no room is free."""
    query = asked.query
    if shorter := _shorter(reply):
        yield button("Shorter", asked.with_query(replace(query, at_least=shorter)).encode("refine"))
    if query.buildings:
        yield button("Other buildings", asked.for_building(None).encode("refine"))
    if later := _later(reply):
        yield button("Later", asked.with_query(_at(query, later)).encode("refine"))
    elif not reply.is_past:
        tomorrow = _at(query, _same_time_tomorrow(reply))
        yield button("Tomorrow", asked.with_query(tomorrow).encode("refine"))


def _at(query: FreeRoomsQuery, moment: datetime) -> FreeRoomsQuery:
    return replace(query, moment=moment, is_now=False)


def _shorter(reply: FreeReplyData) -> timedelta | None:
    """Return a duration for which a room is free, None where none is."""
    if not reply.result.too_short:
        return None
    longest = reply.result.too_short[0].gap.end - reply.query.moment
    fitting = (duration for duration in (*_SHORTER, reply.min_gap) if duration <= longest)
    return next((duration for duration in fitting), timedelta(minutes=1))


def _later(reply: FreeReplyData) -> datetime | None:
    """Return when a room opens for long enough, None where none does today."""
    opening = reply.result.soon or reply.result.next_openings
    return opening[0].gap.start if opening else None


def _same_time_tomorrow(reply: FreeReplyData) -> datetime:
    zone = reply.campus.timezone
    local = reply.query.moment.astimezone(zone)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute)
    return local_to_utc(local.date() + DAY, since_midnight, zone)
