"""When a member means: the rows of people's words, and nonsense that is never understood."""

import random
import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import (
    ConflictingTimesError,
    InvalidDateError,
    InvalidDurationError,
    InvalidTimeError,
)
from core.lookup.when import AmbiguousWhen, ParsedWhen, parse_day, parse_when
from core.lookup.when.vocabulary import STAND_INS
from tests.fakes import NEW_YORK, make_campus

CAMPUS = make_campus()
"""Is open from 07:00 to 23:00, in the United States."""

NOW = datetime(2026, 3, 3, 10, 5, 31, tzinfo=NEW_YORK)


def campus_in(zone):
    place = ZoneInfo(zone)
    buildings = tuple(replace(each, timezone=place) for each in CAMPUS.buildings)
    return replace(CAMPUS, timezone=place, buildings=buildings)


BERLIN = campus_in("Europe/Berlin")


def brief(when, campus=CAMPUS):
    """A reading as `now`, `03-04` (a whole day) or `03-04 15:00`, with `+90` for its minutes."""
    if isinstance(when, AmbiguousWhen):
        return " or ".join(brief(each, campus) for each in when.readings)
    day = f"{when.day:%m-%d}"
    shown = {"now": "now", "day": day}.get(when.kind)
    if shown is None:
        shown = f"{when.start.astimezone(campus.timezone):%m-%d %H:%M}"
    minutes = "" if when.duration is None else f" +{when.duration // timedelta(minutes=1)}"
    return shown + minutes


def read(at=None, date=None, duration=None, *, now=NOW, campus=CAMPUS):
    return parse_when(at, date, duration, now=now, campus=campus)


TODAY = "03-03"
TIMES = {
    # from now
    "in an hour": f"{TODAY} 11:05",
    "in 30 min": f"{TODAY} 10:35",
    "in 30": f"{TODAY} 10:35",
    "2 hours": f"{TODAY} 12:05",
    "+1h": f"{TODAY} 11:05",
    "+45": f"{TODAY} 10:50",
    "+1:30": f"{TODAY} 11:35",
    "1.5h": f"{TODAY} 11:35",
    "an hour from now": f"{TODAY} 11:05",
    "half an hour": f"{TODAY} 10:35",
    "in einer halben Stunde": f"{TODAY} 10:35",
    "dans une heure": f"{TODAY} 11:05",
    "en 2 horas": f"{TODAY} 12:05",
    "dentro de media hora": f"{TODAY} 10:35",
    "+2": f"{TODAY} 10:07 or {TODAY} 12:05",
    "in 2": f"{TODAY} 10:07 or {TODAY} 12:05",
    "+0": "now",
    # on the clock
    "3": f"{TODAY} 15:00",
    "15": f"{TODAY} 15:00",
    "9": f"{TODAY} 21:00",
    "10": f"{TODAY} 22:00",
    "12": f"{TODAY} 12:00",
    "7": f"{TODAY} 19:00",
    "11": f"{TODAY} 11:00",
    "07": "03-04 07:00",
    "2pm": f"{TODAY} 14:00",
    "2:30 P.M.": f"{TODAY} 14:30",
    "2:30p": f"{TODAY} 14:30",
    "12am": "03-04 00:00",
    "9am": "03-04 09:00",
    "14:30": f"{TODAY} 14:30",
    "14.30": f"{TODAY} 14:30",
    "١٤:٣٠": f"{TODAY} 14:30",
    "1430": f"{TODAY} 14:30",
    "930": f"{TODAY} 21:30",
    "0930": "03-04 09:30",
    "1030am": f"{TODAY} 10:30",
    "14 h 30": f"{TODAY} 14:30",
    "14h30": f"{TODAY} 14:30",
    "15h": f"{TODAY} 15:00",
    "15 Uhr": f"{TODAY} 15:00",
    "15 Uhr 30": f"{TODAY} 15:30",
    "um 3 Uhr nachmittags": f"{TODAY} 15:00",
    "halb drei": f"{TODAY} 14:30",
    "viertel nach zwei": f"{TODAY} 14:15",
    "Viertel vor 3": f"{TODAY} 14:45",
    "à 15 heures": f"{TODAY} 15:00",
    "à deux heures et demie": f"{TODAY} 14:30",
    "3 heures moins le quart": f"{TODAY} 14:45",
    "a las 3": f"{TODAY} 15:00",
    "a la una": f"{TODAY} 13:00",
    "a las tres de la tarde": f"{TODAY} 15:00",
    "2 y media": f"{TODAY} 14:30",
    "tres menos cuarto": f"{TODAY} 14:45",
    "half past 2": f"{TODAY} 14:30",
    "quarter to three": f"{TODAY} 14:45",
    "20 past 4": f"{TODAY} 16:20",
    "3 o'clock": f"{TODAY} 15:00",
    "3 in the afternoon": f"{TODAY} 15:00",
    "at 3ish": f"{TODAY} 15:00",
    "@3pm": f"{TODAY} 15:00",
    "three pm": f"{TODAY} 15:00",
    "24:00": "03-04 00:00",
    "midnight": "03-04 00:00",
    "Mitternacht": "03-04 00:00",
    "10:05": "now",
    # parts of the day
    "noon": f"{TODAY} 12:00",
    "midi": f"{TODAY} 12:00",
    "tonight": f"{TODAY} 19:00",
    "heute abend": f"{TODAY} 19:00",
    "ce soir": f"{TODAY} 19:00",
    "esta noche": f"{TODAY} 19:00",
    "this afternoon": f"{TODAY} 13:00",
    "cet après-midi": f"{TODAY} 13:00",
    "this morning": "now",
    "this evening at 8": f"{TODAY} 20:00",
    "right now": "now",
    "NOW": "now",
    "jetzt": "now",
    # ranges and ends
    "3-5pm": f"{TODAY} 15:00 +120",
    "3 – 5": f"{TODAY} 15:00 +120",
    "11-1": f"{TODAY} 11:00 +120",
    "from 3 to 5": f"{TODAY} 15:00 +120",
    "15:00-16:30": f"{TODAY} 15:00 +90",
    "between 3 and 5": f"{TODAY} 15:00 +120",
    "von 15 bis 17 Uhr": f"{TODAY} 15:00 +120",
    "de 15h à 17h": f"{TODAY} 15:00 +120",
    "entre las 3 y las 5": f"{TODAY} 15:00 +120",
    "8-10pm": f"{TODAY} 20:00 +120",
    "10-12": "now +114",
    "until 5pm": "now +414",
    "bis 17 Uhr": "now +414",
    "hasta las 5": "now +414",
    "3pm for 2 hours": f"{TODAY} 15:00 +120",
    "3pm 90 min": f"{TODAY} 15:00 +90",
    "now for 2h": "now +120",
    "for an hour": "now +60",
    "in an hour for 2 hours": f"{TODAY} 11:05 +120",
    "3pm until 5": f"{TODAY} 15:00 +120",
    # with a day
    "tomorrow 3pm": "03-04 15:00",
    "3pm tomorrow": "03-04 15:00",
    "tomorrow 3": "03-04 15:00",
    "tomorrow 9": "03-04 09:00",
    "tomorrow 3-5": "03-04 15:00 +120",
    "tmrw at noon": "03-04 12:00",
    "tomorrow afternoon at 3": "03-04 15:00",
    "tomorrow morning": "03-04 09:00",
    "fri 10am": "03-06 10:00",
    "friday night": "03-06 19:00",
    "tuesday 9am": "03-10 09:00",
    "tuesday 3pm": f"{TODAY} 15:00",
    "2026-03-04 14:30": "03-04 14:30",
    "2026-03-04 10:00": "03-04 10:00",
    "2026-03-04T14:30": "03-04 14:30",
    "2026-03-03 08:00": f"{TODAY} 08:00",
    "in 2 days at 3pm": "03-05 15:00",
    "Mar 4 at 2:30 pm": "03-04 14:30",
    "demain à 15h": "03-04 15:00",
    "morgen um 15 Uhr": "03-04 15:00",
    "morgen früh": "03-04 09:00",
    "4.3. 15 Uhr": "03-04 15:00",
    "mañana por la mañana": "03-04 09:00",
    "15 Uhr am Montag": "03-09 15:00",
    "tomorrow": "03-04",
    "tomorrow for 2 hours": "03-04 +120",
}


@pytest.mark.parametrize(("typed", "meant"), TIMES.items())
def test_time(typed, meant):
    assert brief(read(typed)) == meant


DATES = {
    "today": TODAY,
    "heute": TODAY,
    "aujourd’hui": TODAY,
    "tomorrow": "03-04",
    "tom": "03-04",
    "tmrw": "03-04",
    "tommorow": "03-04",
    "morgen": "03-04",
    "demain": "03-04",
    "mañana": "03-04",
    "day after tomorrow": "03-05",
    "übermorgen": "03-05",
    "après-demain": "03-05",
    "pasado mañana": "03-05",
    "yesterday": "03-02",
    "in 2 days": "03-05",
    "in zwei Tagen": "03-05",
    "dans 3 jours": "03-06",
    "in a week": "03-10",
    "en 2 semanas": "03-17",
    "tuesday": TODAY,
    "weds": "03-04",
    "on friday": "03-06",
    "this friday": "03-06",
    "next friday": "03-06",
    "next monday": "03-09",
    "next tuesday": "03-10",
    "nächsten Montag": "03-09",
    "lundi": "03-09",
    "lundi prochain": "03-09",
    "el próximo lunes": "03-09",
    "miércoles": "03-04",
    "Mittwoch": "03-04",
    "Mar 4": "03-04",
    "4 March": "03-04",
    "March 4th, 2026": "03-04",
    "the 4th of March": "03-04",
    "4. März": "03-04",
    "le 4 mars": "03-04",
    "4 de marzo": "03-04",
    "Wednesday, March 4": "03-04",
    "2 March": "03-02",
    "4th": "03-04",
    "2nd": "04-02",
    "4": "03-04",
    "3/4": "03-04",
    "3/4/26": "03-04",
    "13/3": "03-13",
    "04.03.2026": "03-04",
    "4.3.": "03-04",
    "2026-03-04": "03-04",
    "3-5": "03-05",
    "friday 10am": "03-06 10:00",
    "friday 3-5pm": "03-06 15:00 +120",
    "3pm": f"{TODAY} 15:00",
}


@pytest.mark.parametrize(("typed", "meant"), DATES.items())
def test_date(typed, meant):
    assert brief(read(date=typed)) == meant


def test_numbers_with_a_slash_are_in_the_order_of_the_country():
    assert read(date="3/4").day == date(2026, 3, 4)
    assert read(date="3/4", campus=BERLIN).day == date(2026, 4, 3)
    assert read(date="3.4.").day == date(2026, 4, 3)


DURATIONS = {
    "2h": 120,
    "90": 90,
    "600": 600,
    "1:30": 90,
    "an hour and a half": 90,
    "1 1/2": None,
    "2½ hours": 150,
    "1.5h": 90,
    "1,5 Std": 90,
    "1h30": 90,
    "2 hours 5 min": 125,
    "half an hour": 30,
    "quarter of an hour": 15,
    "two hours": 120,
    "a couple of hours": 120,
    "45m": 45,
    "for 2 hours": 120,
    "anderthalb Stunden": 90,
    "eine halbe Stunde": 30,
    "une heure et demie": 90,
    "hora y media": 90,
    "media hora": 30,
    "2 horas": 120,
    "until 5pm": 414,
    "bis 17 Uhr": 414,
}


@pytest.mark.parametrize(("typed", "minutes"), DURATIONS.items())
def test_duration(typed, minutes):
    if minutes is None:
        with pytest.raises(InvalidDurationError):
            read(duration=typed)
    else:
        assert brief(read(duration=typed)) == f"now +{minutes}"


@pytest.mark.parametrize("typed", ["0", "1441", "25h", "30 Stunden", "-5", "2 people", "5000"])
def test_no_duration(typed):
    with pytest.raises(InvalidDurationError):
        read(duration=typed)


def test_duration_of_a_small_bare_number_is_minutes_or_hours():
    assert brief(read(duration="2")) == "now +2 or now +120"
    assert brief(read("3pm", duration="2")) == f"{TODAY} 15:00 +2 or {TODAY} 15:00 +120"
    assert brief(read(duration="10")) == "now +10"


def alternatives(typed, **options):
    return [brief(each) for each in read(typed, **options).alternatives]


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("3", []),
        ("9", ["03-04 09:00"]),
        ("10", ["03-04 10:00"]),
        ("9am", []),
        ("tomorrow 9", ["03-04 21:00"]),
        ("2h", [f"{TODAY} 14:00"]),
        ("9h", ["03-04 09:00", f"{TODAY} 19:05"]),
        ("next friday", ["03-13"]),
        ("next friday 3pm", ["03-13 15:00"]),
        ("next monday", []),
    ],
)
def test_second_reading_is_at_hand_where_it_is_as_likely(typed, others):
    assert alternatives(typed) == others


def test_next_time_is_one_at_which_the_campus_is_open():
    evening = datetime(2026, 3, 3, 22, 30, tzinfo=NEW_YORK)
    assert brief(read("9", now=evening)) == "03-04 09:00"
    assert brief(read("11", now=evening)) == "03-04 11:00"
    assert brief(read("23:30", now=evening)) == "03-03 23:30"


@pytest.mark.parametrize(
    ("clock", "typed", "meant"),
    [
        ("14:10", "this afternoon", "now"),
        ("20:00", "this afternoon", f"{TODAY} 13:00"),
        ("20:00", "afternoon", "03-04 13:00"),
        ("20:00", "tonight", "now"),
        ("18:30", "tonight", f"{TODAY} 19:00"),
    ],
)
def test_part_of_the_day_that_is_going_on_is_now(clock, typed, meant):
    hour, minute = map(int, clock.split(":"))
    now = datetime(2026, 3, 3, hour, minute, tzinfo=NEW_YORK)
    assert brief(read(typed, now=now)) == meant


def test_options_go_together_however_they_are_filled():
    meant = "03-06 15:00 +120"
    assert brief(read("3pm", "friday", "2h")) == meant
    assert brief(read("friday 3pm", None, "2h")) == meant
    assert brief(read("3pm for 2 hours", "friday")) == meant
    assert brief(read(None, "friday 3pm", "until 5")) == meant
    assert brief(read("friday", "3pm", "120")) == meant


@pytest.mark.parametrize(
    ("at", "on", "lasting"),
    [
        ("tomorrow 3pm", "friday", None),
        ("3pm", "friday 4pm", None),
        ("in an hour", "tomorrow", None),
        ("3-5pm", None, "90"),
        ("3pm", None, "in 2 hours"),
    ],
)
def test_options_that_exclude_each_other_are_refused(at, on, lasting):
    with pytest.raises(ConflictingTimesError):
        read(at, on, lasting)


def test_nothing_typed_is_now():
    assert read() == read("", " ") == ParsedWhen("now", date(2026, 3, 3))


def test_hours_are_elapsed_over_a_change_of_the_clocks():
    before = datetime(2026, 3, 8, 1, 45, tzinfo=NEW_YORK)
    assert read("+45", now=before).start == datetime(2026, 3, 8, 3, 30, tzinfo=NEW_YORK)
    wanted = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert read("02:30", "2026-03-08", now=before).start == wanted


def test_day_alone_is_read_from_any_text_with_a_day():
    assert parse_day("friday 10am", now=NOW, campus=CAMPUS) == date(2026, 3, 6)
    assert parse_day("3pm", now=NOW, campus=CAMPUS) == date(2026, 3, 3)
    for typed in ("asdf", ""):
        with pytest.raises(InvalidDateError) as caught:
            parse_day(typed, now=NOW, campus=CAMPUS)
        assert caught.value.typed == typed


NONSENSE = [
    *("asdf", "25:99", "32 March", "-5", "x" * 600, "?", "the", "for", "next", "m", "h", "a"),
    *("24:01", "12:60", "13pm", "14:30 pm", "0am", "2:3", "002:30", "14:30:00", "2:30 xm", "0"),
    *("-1:00", "+", "+x", "+-5", "+99999", "+4 5", "1e1:00", "²:00", "①:30", ":30", "pm", "\0"),
    *("now now", "101", "131", "CAS 211", "2 55", "3 5", "may be", "mon frere", "march hare"),
    *("2h 4 people", "section 3", "second floor", "3 pm pm", "3/4/", "30 feb", "31.4.", "0/0"),
    *("9.3. 87", "2. 6 1", "5842-9", "1-9.59 22./", "+2 tomorrow 3pm", "3pm tomorrow friday"),
    *("thu 4 march", "9" * 90, "9999-99-99", "14:30\n15:30", "half", "to", "until", "from", "-"),
]


@pytest.mark.parametrize("typed", NONSENSE)
def test_nonsense_is_refused(typed):
    for slot, error in (
        ("at", InvalidTimeError),
        ("date", InvalidDateError),
        ("duration", InvalidDurationError),
    ):
        if slot == "duration" and typed.isdigit() and int(typed) in range(1, 1441):
            continue  # "131" is a duration.
        with pytest.raises(error) as caught:
            read(**{slot: typed})
        assert repr(typed) in str(caught.value)


WORDS = {word for phrase in STAND_INS for word in phrase}
LETTERS = string.ascii_lowercase


def random_word(rng):
    """A word of no language in the tables."""
    while True:
        word = "".join(rng.choice(LETTERS) for _ in range(rng.randint(2, 9)))
        if word not in WORDS:
            return word


def random_nonsense(rng):
    """A text that nobody would take for a time."""
    kinds = [
        lambda: random_word(rng),
        lambda: " ".join(random_word(rng) for _ in range(rng.randint(2, 6))),
        lambda: "".join(rng.choice("#$%^*=~|<>{}[]_!/.-+: ") for _ in range(rng.randint(1, 20))),
        lambda: f"{rng.choice([*TIMES, *DATES, *DURATIONS])} {random_word(rng)}",
        lambda: f"{random_word(rng)} {rng.choice([*TIMES, *DATES, *DURATIONS])}",
        lambda: f"{rng.randint(25, 99)}:{rng.randint(0, 99):02}",
        lambda: f"{rng.randint(32, 99)} {rng.choice(['march', 'mai', 'août', 'enero'])}",
        lambda: str(rng.randint(10_000, 10**12)),
        lambda: f"-{rng.randint(1, 10_000)}",
        lambda: "".join(chr(rng.randint(0x2190, 0x2FFF)) for _ in range(rng.randint(1, 9))),
        lambda: f"{random_word(rng)}{rng.randint(0, 999)}",
        lambda: f"{rng.randint(0, 99)}{rng.choice('#$%^*=~<>_')}{rng.randint(0, 99)}",
    ]
    return rng.choice(kinds)()


def test_ten_thousand_random_strings_are_not_understood():
    rng = random.Random(14)  # noqa: S311 - a seed, so that a failure comes again
    understood = []
    for _ in range(10_000):
        text = random_nonsense(rng)
        for slot in ("at", "date", "duration"):
            try:
                found = read(**{slot: text})
            except (InvalidTimeError, InvalidDateError, InvalidDurationError):
                continue
            if text.strip():
                understood.append((slot, text, found))
    assert understood == []


near = st.text("0123456789:.h+-/ apmtouinr", max_size=16)
nows = st.integers(946_684_800, 3_786_912_000).map(lambda each: datetime.fromtimestamp(each, UTC))


@settings(max_examples=1000, deadline=None)
@given(
    at=st.none() | st.text(max_size=120) | near | st.sampled_from([*TIMES]),
    on=st.none() | near | st.sampled_from([*DATES]),
    lasting=st.none() | near | st.sampled_from([*DURATIONS]),
    now=nows,
    campus=st.sampled_from([CAMPUS, BERLIN, campus_in("Asia/Kolkata")]),
)
def test_any_text_is_a_moment_or_an_error_of_ours(at, on, lasting, now, campus):
    try:
        found = read(at, on, lasting, now=now, campus=campus)
    except (InvalidTimeError, InvalidDateError, InvalidDurationError, ConflictingTimesError):
        return
    readings = found.readings if isinstance(found, AmbiguousWhen) else (found, *found.alternatives)
    for each in readings:
        assert each.kind == "moment" or each.start is None
        assert each.start is None or each.start.tzinfo is UTC
        assert each.start is None or campus.local_date(each.start) == each.day
        assert each.duration is None or timedelta() < each.duration <= timedelta(days=1)
