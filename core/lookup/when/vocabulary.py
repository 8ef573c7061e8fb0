"""The words for days and times of all languages, each with its English stand-in.

The grammar knows the stand-ins only. `|` parts the spellings of one word; they are written
without capitals, accents and apostrophes, as `canonical_text` writes what was typed. Weekdays
are `d0` (Monday) to `d6`, months `m1` to `m12`. `h` is an hour that may also be a time of the
day: "3 h" is 3 o'clock to some and three hours to others.
"""

from collections.abc import Mapping

from core.lookup.when.languages import english, french, german, spanish


def _merge(*languages: Mapping[str, str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the stand-in of every spelling, both as words; the first language wins."""
    merged: dict[tuple[str, ...], tuple[str, ...]] = {}
    for table in languages:
        for stand_in, spellings in table.items():
            for spelling in spellings.split("|"):
                merged.setdefault(tuple(spelling.split()), tuple(stand_in.split()))
    return merged


STAND_INS = _merge(english.WORDS, german.WORDS, french.WORDS, spanish.WORDS)
"""What the grammar reads in place of each word or phrase of any language."""

LONGEST_PHRASE = max(map(len, STAND_INS))
"""Words of the longest phrase in the tables."""
