"""A feed, asked for again only where it changed.

What is kept between two readings is what the feed told, as times, for somewhat longer than
was asked: a feed that says "not modified" is believed for that long, and then read again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec
from msgspec.structs import replace
from yarl import URL

from core.sources.ical.messages import Job, Told
from core.sources.ical.text import refuse_other
from core.sources.ical.workbench import Workbench
from core.sources.web import Answer, Conversation, Question

_AHEAD = timedelta(days=8)
_REDIRECTS = 4
# Some two hundred feeds of the largest size, or thousands of the usual one.
_MOST_KEPT = 32 * 1024 * 1024
# A file that was just changed may be changed once more in the same second.
_SETTLED = timedelta(minutes=1)

_told = msgspec.msgpack.Decoder(Told)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a feed told about the time of `job`, and how to ask whether it still holds."""

    job: Job
    url: URL
    conditions: Mapping[str, str]
    told: bytes

    def covers(self, job: Job) -> bool:
        """Tell whether it answers that job as well."""
        here = replace(self.job, start=job.start, end=job.end)
        return here == job and self.job.start <= job.start and job.end <= self.job.end


class Feeds:
    """The feeds of one campus, by their addresses."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    async def read(
        self, url: str, job: Job, *, talk: Conversation, bench: Workbench, most: int
    ) -> Told:
        """Return what the feed tells now; it has at most `most` bytes.

        Raises:
            SourceError: it cannot be had, or is not understood.
        """
        kept = self._kept.get(url)
        if kept and kept.covers(job):
            answer = await _ask(url, kept.conditions, talk, most)
            # Sent elsewhere, perhaps to a login page, that one may well be as it was.
            if answer.body is None and answer.url == kept.url:
                return _told.decode(kept.told)
            if answer.body is None:
                answer = await _ask(url, {}, talk, most)
        else:
            answer = await _ask(url, {}, talk, most)
        self._kept.pop(url, None)
        ahead = replace(job, end=job.end + int(_AHEAD.total_seconds()))
        told = await bench.understand(ahead, answer.body or b"")
        self._keep(url, ahead, answer, told)
        return told

    def _keep(self, url: str, job: Job, answer: Answer, told: Told) -> None:
        conditions = _conditions(answer.headers)
        packed = msgspec.msgpack.encode(told)
        size = sum(len(kept.told) for kept in self._kept.values()) + len(packed)
        if conditions and size <= _MOST_KEPT:
            self._kept[url] = _Kept(job, answer.url, conditions, packed)


async def _ask(url: str, conditions: Mapping[str, str], talk: Conversation, most: int) -> Answer:
    question = Question(URL(url), "text/calendar", _REDIRECTS, conditions)
    return await talk.put(question, _calendar, most=most)


def _calendar(answer: Answer) -> Answer:
    if answer.body is not None:
        refuse_other(answer.body)
    return answer


def _conditions(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what to ask with whether a feed is as it was, nothing where it does not say."""
    if tag := headers.get("ETag"):
        return {"If-None-Match": tag}
    changed = headers.get("Last-Modified", "")
    was, now = (_date(each) for each in (changed, headers.get("Date", "")))
    is_settled = was is not None and now is not None and now - was >= _SETTLED
    return {"If-Modified-Since": changed} if is_settled else {}


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None
