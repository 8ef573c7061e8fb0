"""Properties: a line of a feed as its name, its parameters and its value.

Lenient, because a line that does not parse must not vanish: what can be told apart is told
apart, and `is_clean` is false where a guess was needed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.sources.ical.lexer import Line

_DATE_NAMES = frozenset(
    (b"DTSTART", b"DTEND", b"RECURRENCE-ID", b"RDATE", b"EXDATE", b"FREEBUSY"),
)
# "TZID=GMT+05:30:20230904T100000": the value is what begins with a date.
_BEFORE_DATE = re.compile(r":(?=[\s\"'\ufeff\u200b-\u200f]*\d{4}-?\d\d-?\d\d)")
_PARAMETER = re.compile(r"\s*;\s*([A-Za-z0-9-]+)\s*=\s*((?:\"[^\"]*\"|[^\";:])*)")
_MARKS = " \t\r\n\"'\ufeff\u00a0\u200b\u200c\u200d\u200e\u200f\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Property:
    """One property; `value` has no blanks and quotes around it.

    `is_clean` is false where the parameters do not parse, `is_utf8` where the bytes are none.
    """

    line: int
    name: str
    parameters: Mapping[str, str]
    value: str
    is_clean: bool = True
    is_utf8: bool = True


_NO_PARAMETERS: Mapping[str, str] = {}


def parse_property(line: Line) -> Property:
    """Return a line of a feed as a property."""
    number, name, raw = line
    text, is_utf8 = _decode(raw)
    rest = text.lstrip()
    if rest.startswith(":") and (":" not in rest[1:] or name not in _DATE_NAMES):
        value = rest[1:].strip(_MARKS)
        return Property(number, name.decode(), _NO_PARAMETERS, value, is_utf8=is_utf8)
    found = _BEFORE_DATE.search(rest) if name in _DATE_NAMES else None
    if found:
        head, value = rest[: found.start()], rest[found.end() :]
        parameters, end = _parse_parameters(head)
        is_clean = end == len(head)
        if not is_clean:
            parameters = _loose_parameters(head)
    else:
        parameters, end = _parse_parameters(rest)
        is_clean = rest[end : end + 1] == ":"
        value = rest[end + 1 :] if is_clean else rest[end:].lstrip(";:= ")
    return Property(number, name.decode(), parameters, value.strip(_MARKS), is_clean, is_utf8)


def _decode(raw: bytes) -> tuple[str, bool]:
    try:
        return raw.decode(), True
    except UnicodeDecodeError:
        # What programs write that do not write UTF-8.
        return raw.decode("cp1252", "replace"), False


def _parse_parameters(text: str) -> tuple[dict[str, str], int]:
    """Return the parameters at the start of a text, and where they end."""
    parameters, end = dict[str, str](), 0
    while found := _PARAMETER.match(text, end):
        parameters[found[1].upper()] = found[2].strip(_MARKS)
        end = found.end()
    return parameters, end + len(text[end:]) - len(text[end:].lstrip())


def _loose_parameters(head: str) -> dict[str, str]:
    """Return parameters whose values hold colons or half a pair of quotes."""
    pairs = (part.partition("=") for part in head.strip(" ;").split(";"))
    return {name.strip().upper(): value.strip(_MARKS) for name, _, value in pairs if value}
