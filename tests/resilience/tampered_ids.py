"""Custom ids that the bot never sent, or sent long ago: right but for a field or two."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.resilience.input_fuzzer import DATES, MARK, text


@dataclass(frozen=True)
class _Field:
    """A field of a custom id: what may stand there, and what is nearly that."""

    right: Sequence[str]
    nearly: Sequence[str]


_VERSION = _Field(("1",), ("0", "2", "01", "١", ""))
_DOES = _Field(
    ("previous", "next", "update", "share", "pick", "open"), ("explode", "NEXT", "next ", "")
)
_CAMPUS = _Field(("umd",), ("bu", "elsewhere", "UMD", "umd\u200b", ""))
_BUILDING = _Field(("CAS", "CGS", "cas"), ("", "GONE", "*", "C:S", "CAS "))
_PAGE = _Field(("0", "1", "2", "99", "9999"), ("10000", "-1", "٣", "007", "1.0"))
_DAY = _Field(("", "fuqm", "fuqs", "0", "zzzzz", "269y3"), ("zzzzzz", "-1", "FUQM"))
"""Base 36: days around 3 March 2026, one that is a Monday, and numbers of no day."""

_FORMS = (
    (
        _VERSION,
        _Field(("free",), ("FREE", "freed", "room")),
        _DOES,
        _CAMPUS,
        _BUILDING,
        _Field(("28", "1", "0", "1440", "9999"), ("10000", "-1", "٢٨", "1e2")),
        _Field(("now", "1772553600", "0", "9999999999", "99999999999"), ("-1", "NOW", "9" * 12)),
        _Field(("0", "40", "100000", "999999"), ("1000000", "-1", "")),
        _PAGE,
    ),
    (
        _VERSION,
        _Field(("building",), ("buildings", "trends")),
        _DOES,
        _CAMPUS,
        _BUILDING,
        _Field(("today", "2026-03-05", "2026-02-31", "2025-03-03", "9999-12-31"), DATES),
        _PAGE,
    ),
    (
        _VERSION,
        _Field(("room",), ("ROOM", "roomy")),
        _DOES,
        _CAMPUS,
        _Field(("101", "202", "gone"), ("", "1 1", "r" * 41, "é")),
        _Field(("now", "2026-03-09", "2026-03-05", "2025-03-03", "9999-12-27"), DATES),
    ),
    (
        _Field(("2fp", "2fn", "2fu", "2fs", "2fk", "2fo", "2fr"), ("3fn", "2fx", "2Fn", "2f")),
        _CAMPUS,
        _BUILDING,
        _Field(("s", "1", "0", "140", "zzz"), ("zzzz", "S", "٢", "")),
        _Field(("", "hl76o", "0", "zzzzzz"), ("zzzzzzz", "-1", "HL76O")),
        _Field(("", "14", "zzzz"), ("zzzzz", "-1")),
        _Field(("0", "1", "2", "zzz"), ("zzzz", "-1", "٣")),
        _Field(("",), ("zzzz", "zzz", "0" * 12, "0" * 13)),
    ),
    (
        _Field(("2bp", "2bn", "2bu", "2bs", "2bk", "2bo", "2br"), ("3bn", "2bx", "2B")),
        _CAMPUS,
        _BUILDING,
        _DAY,
        _Field(("0", "1", "2", "zzz"), ("zzzz", "-1", "٣")),
    ),
    (
        _Field(("2rp", "2rn", "2ru", "2rs", "2ro", "2rr"), ("3rn", "2rk", "2R")),
        _CAMPUS,
        _Field(("101", "202", "gone"), ("", "1 1", "r" * 41, "é")),
        _DAY,
    ),
)


def custom_id(wild: random.Random, seen: Sequence[str]) -> str:
    """Return the id of a tampered component, 1 to 100 characters.

    Most fields are right: a first one that is wrong would hide all others. `seen` are ids that
    the bot has sent itself.
    """
    if wild.random() < 1 / 3:
        fields = wild.choice(seen).split(":")
        fields[wild.randrange(len(fields))] = _small(wild)
    else:
        form = wild.choice(_FORMS)
        fields = [wild.choice(field.right) for field in form]
        for _ in range(wild.choice((0, 0, 1, 1, 2))):
            place = wild.randrange(len(form))
            fields[place] = wild.choice((*form[place].nearly, _small(wild)))
    if wild.random() < 1 / 20:
        fields.append("x" * 100)
    return ":".join(fields)[:100] or MARK


def _small(wild: random.Random) -> str:
    return text(wild)[: wild.choice((1, 4, 16))]
