"""Grammar of clock times: "3", "15:30", "1430", "half past 2", "noon"."""

import re
from collections.abc import Iterator

from core.lookup.when.phrase import ClockTime, DayPart, Half, Phrase, clock_time

_LATEST_HOUR_OF_DURATIONS = 6
"""Up to here, "3 h" rather is a duration; "15 h" rather is a time."""

_AT = "(?:(?:at|a|on the|the) )*"
_IN_THE = "(?:(?:in|on|am|at|this|the|de) )*"
# "15 oclock am d0": before a weekday or a number "am" is German for "on".
_HALF = (
    rf"(?:{_IN_THE}(?P<half>am(?! (?:the |d\d|\d))|pm|morning|afternoon|evening|night|tonight) )?"
)
_NUMBER = r"(?:1|2|3|4|5|6|7|8|9|10|11|12)"

_OF_HOUR = rf"(?P<of_hour>{_NUMBER}) "
_SHARE = r"(?P<share>half|quarter|5|10|20|25) "
_APART = r"(?<!(?<![a-z])\d )(?<![./] )"
"""Before a bare hour: neither a number nor the mark of one, so that "2. 6 1" is no time."""

_FORMS = tuple(
    re.compile(f"{_AT}{form}{_HALF}(?P<oclock>oclock )?")
    for form in (
        "(?P<word>noon|midnight) ",
        r"(?P<hour>\d\d?) (?:(?:[:.h]|oclock) )(?P<minute>\d\d) (?:oclock )?",
        r"(?P<hour>\d\d?) (?P<minute>\d\d) (?=oclock |am |pm )",
        rf"{_OF_HOUR}(?:(?:h|oclock) )?(?P<sign>and|minus) (?:the |an |a )?{_SHARE}",
        rf"(?:half past |half )(?P<half_past>{_NUMBER}) ",
        rf"halfto (?P<half_to>{_NUMBER}) ",
        rf"(?:a )?{_SHARE}(?:minute )?(?P<sign>past|to|before) {_OF_HOUR}",
        r"(?P<packed>\d{1,2}[0-5][05]) ",
        r"(?P<hour>\d\d?) (?:oclock|h) ",
        r"(?P<hour>\d\d?) (?=am |pm |(?:in |on |de |the |this )*(?:morning|afternoon|evening) )",
        rf"{_APART}(?P<hour>0\d|[1-9]\d?) (?![:./] |\d)",
    )
)

_SHARES = {"half": 30, "quarter": 15}
_HALVES: dict[str, Half] = {
    "am": "am",
    "morning": "am",
    "pm": "pm",
    "afternoon": "pm",
    "evening": "pm",
    "night": "pm",
    "tonight": "pm",
}


def clock_times(text: str, at: int) -> Iterator[tuple[ClockTime, int]]:
    """Yield the clock times that begin at a place, and where each ends, longest form first."""
    for form in _FORMS:
        match = form.match(text, at)
        time = _clock_time(match.groupdict()) if match else None
        if match and time:
            yield time, match.end()


def is_likely_duration(text: str) -> bool:
    """Tell whether "3 h" stands alone, which rather is a duration than a time."""
    match = re.match(r"(\d\d?) h ", text)
    return match is not None and int(match[1]) <= _LATEST_HOUR_OF_DURATIONS


def _clock_time(parts: dict[str, str | None]) -> ClockTime | None:
    half = _HALVES.get(parts.get("half") or "")
    if word := parts.get("word"):
        hour = {"noon": 12, "midnight": 24}[word]
        return None if half else clock_time(hour, is_24h=True)
    if packed := parts.get("packed"):
        is_24h = packed.startswith("0")
        return clock_time(int(packed[:-2]), int(packed[-2:]), half, is_24h=is_24h)
    if hour_typed := parts.get("hour"):
        is_24h = hour_typed.startswith("0")
        if is_24h and half and int(hour_typed) == 0:
            return None
        minute = int(parts.get("minute") or 0)
        return clock_time(int(hour_typed), minute, half, is_24h=is_24h and not half)
    return _relative_clock_time(parts, half)


def _relative_clock_time(parts: dict[str, str | None], half: Half | None) -> ClockTime | None:
    """Return "half past 2", "quarter to 3", "3 and a quarter"."""
    if half_past := parts.get("half_past"):
        return clock_time(int(half_past), 30, half)
    if half_to := parts.get("half_to"):
        return clock_time((int(half_to) - 2) % 12 + 1, 30, half)
    hour, share = int(parts["of_hour"] or 0), parts["share"] or ""
    minutes = _SHARES[share] if share in _SHARES else int(share)
    if parts["sign"] in {"past", "and"}:
        return clock_time(hour, minutes, half)
    return clock_time((hour - 2) % 12 + 1, 60 - minutes, half)


_RANGE_OPENINGS = re.compile("(?:(?:from|between) )?(?:the )?")
_RANGE_MIDDLE = re.compile("(?:to|until|a|-|and) ")
_UNTIL = re.compile("(?:until|to) ")
_FROM = re.compile("(?:from |(?=at |a |on the ))")
_PART = re.compile(f"{_IN_THE}(?P<part>morning|afternoon|evening|night|tonight) ")
_PARTS: dict[str, DayPart] = {
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "tonight",
    "tonight": "tonight",
}


def range_phrases(text: str, at: int) -> Iterator[tuple[Phrase, int]]:
    """Yield "3-5 pm", "from 3 to 5", "between noon and 2"."""
    opening = _RANGE_OPENINGS.match(text, at)
    begins = opening.end() if opening else at
    for start, start_ends in clock_times(text, begins):
        middle = _RANGE_MIDDLE.match(text, start_ends)
        if middle is None or (middle[0] == "and " and "between" not in text[at:begins]):
            continue
        for end, end_ends in clock_times(text, middle.end()):
            yield Phrase(start=start, end=end), end_ends


def until_phrases(text: str, at: int) -> Iterator[tuple[Phrase, int]]:
    """Yield "until 5 pm"."""
    if match := _UNTIL.match(text, at):
        for end, ends in clock_times(text, match.end()):
            yield Phrase(end=end), ends


def clock_phrases(text: str, at: int) -> Iterator[tuple[Phrase, int]]:
    """Yield "3 pm", "at 3", "from 15:00"."""
    opening = _FROM.match(text, at)
    begins = opening.end() if opening else at
    for start, ends in clock_times(text, begins):
        yield Phrase(start=start), ends


def part_phrases(text: str, at: int) -> Iterator[tuple[Phrase, int]]:
    """Yield "this afternoon", "tonight", "in the morning"."""
    if match := _PART.match(text, at):
        is_pinned = True if "this " in match[0] or match["part"] == "tonight" else None
        yield Phrase(part=_PARTS[match["part"]], is_pinned=is_pinned), match.end()


def now_phrases(text: str, at: int) -> Iterator[tuple[Phrase, int]]:
    """Yield "now"."""
    if text.startswith("now ", at):
        yield Phrase(is_now=True), at + len("now ")
