"""What people type into the options, through the real bot: how each text is understood.

Every row says the question that the answer's buttons carry, so that it does not depend on how
replies are worded. The rows of people's words come first, then more of the same kinds.
"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio

from cogs.ui.custom_ids import BUILDING_FORMAT, FREE_FORMAT, ROOM_FORMAT, feature_mark
from cogs.ui.id_format import from_base36
from fakes.live25.bookings import Months
from fakes.live25.server import FakeLive25
from tests.e2e.environment import open_environment
from tests.fakes import NEW_YORK, TUESDAY, at

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = at("10:05") + timedelta(seconds=31)
BUILDINGS = {
    "ALD": ("Alder Hall", ["101", "102", "B06A"]),
    "CRN": ("Crane Science Center", ["100", "131", "212"]),
    "DUN": ("Dunmore School of Business", ["A1", "110"]),
    "ENG": ("Engineering Quad", ["1010", "B12"]),
    "FOS": ("Foster Library", ["2-01", "2-02"]),
    "GRV": ("Grove Arts Center", ["Recital", "101"]),
}
FEATURES = ["Projector", "Whiteboard", "Movable chairs"]
ROOM_IDS = {
    str(number): f"{code} {name}"
    for number, (code, name) in enumerate(
        (code, name) for code, (_, names) in BUILDINGS.items() for name in names
    )
}
MIN_GAP = 28

NO_TIME = 'I didn\'t get "{}". Try "3pm", "tomorrow 10am" or "in 45 min".'
NO_DATE = 'I didn\'t get "{}". Try "tomorrow", "Fri" or "Mar 4".'
NO_DURATION = 'I didn\'t get "{}". Try "2h", "90 min" or "until 5pm".'
NO_BUILDING = 'No building here is called "{}". Try "ALD", or pick one from the list as you type.'
NO_ROOM = 'No room here is called "{}". Try "ALD 101", or pick one from the list as you type.'
LONG = "x" * 100

TIMES = {
    "in an hour": "03-03 11:05",
    "in 30 min": "03-03 10:35",
    "2 hours": "03-03 12:05",
    "+1h": "03-03 11:05",
    "3": "03-03 15:00",
    "15": "03-03 15:00",
    "noon": "03-03 12:00",
    "tonight": "03-03 19:00",
    "this afternoon": "03-03 13:00",
    "1430": "03-03 14:30",
    "930": "03-03 21:30",
    "14 h 30": "03-03 14:30",
    "15h": "03-03 15:00",
    "15 Uhr": "03-03 15:00",
    "a las 3": "03-03 15:00",
    "3-5pm": "03-03 15:00 +120",
    "from 3 to 5": "03-03 15:00 +120",
    "tomorrow 3pm": "03-04 15:00",
    "fri 10am": "03-06 10:00",
    "2026-03-04 14:30": "03-04 14:30",
    "half past 2": "03-03 14:30",
    "right now": "now",
    "+2": "? in 2 min, 10:07 AM | in 2 h, 12:05 PM",
    # more of the same kinds
    "08:00": "03-04 08:00",
    "9": "03-03 21:00",
    "10": "03-03 22:00",
    "10:00": "03-03 22:00",
    "10:05": "now",
    "quarter to three": "03-03 14:45",
    "midnight": "03-04 00:00",
    "à 15 heures": "03-03 15:00",
    "halb drei": "03-03 14:30",
    "morgen um 15 Uhr": "03-04 15:00",
    "demain à 15h": "03-04 15:00",
    "mañana por la mañana": "03-04 09:00",
    "ce soir": "03-03 19:00",
    "heute abend": "03-03 19:00",
    "this evening at 8": "03-03 20:00",
    "in a half hour": "03-03 10:35",
    "11-1": "03-03 11:00 +120",
    "between 3 and 5": "03-03 15:00 +120",
    "von 15 bis 17 Uhr": "03-03 15:00 +120",
    "3pm for 2 hours": "03-03 15:00 +120",
    "2:30 P.M.": "03-03 14:30",
    "three pm": "03-03 15:00",
    "tuesday 9am": "03-10 09:00",
    "tomorrow": "03-04",
    "NOW": "now",
    "now for 2h": "now +120",
}
BAD_TIMES = [
    "asdf",
    "25:99",
    "32 March",
    "-5",
    LONG,
    "24:01",
    "13pm",
    "may be",
    "now now",
    "CRN 131",
]
DATES = {
    "next monday": "03-09",
    "on friday": "03-06",
    "weds": "03-04",
    "tmrw": "03-04",
    "in 2 days": "03-05",
    "day after tomorrow": "03-05",
    "Mar 4": "03-04",
    "4 March": "03-04",
    "4th": "03-04",
    "3/4": "03-04",
    "04.03.2026": "03-04",
    "demain": "03-04",
    "mañana": "03-04",
    "lundi": "03-09",
    "tomorrow": "03-04",
    "heute": "now",
    "friday 10am": "03-06 10:00",
    # more of the same kinds
    "today": "now",
    "übermorgen": "03-05",
    "nächsten Montag": "03-09",
    "el próximo lunes": "03-09",
    "miércoles": "03-04",
    "Wednesday, March 4": "03-04",
    "the 4th of March": "03-04",
    "in a week": "03-10",
    "13/3": "03-13",
    "4.3.": "03-04",
    "tommorow": "03-04",
    "3pm": "03-03 15:00",
    "tomorrow for 2 hours": "03-04 +120",
}
BAD_DATES = ["asdf", "25:99", "32 March", "-5", LONG, "30 feb", "thu 4 march"]
DURATIONS = {
    "2h": "now +120",
    "90": "now +90",
    "1:30": "now +90",
    "an hour and a half": "now +90",
    "until 5pm": "now +414",
    # more of the same kinds
    "2 hours": "now +120",
    "1h30": "now +90",
    "45 min": "now +45",
    "half an hour": "now +30",
    "anderthalb Stunden": "now +90",
    "une heure et demie": "now +90",
    "media hora": "now +30",
    "1.5h": "now +90",
    "2": "? now, for 2 min | now, for 2 h",
    "tomorrow 3-5pm": "03-04 15:00 +120",
}
BAD_DURATIONS = ["asdf", "0", "-5", "1441", "25:99", LONG, "forever"]
PLACES = {
    "engineering": "now ENG",
    "Crane Science Centre": "now CRN",
    "foster libary": "now FOS",
    "CRN and GRV": "now CRN GRV",
    "crn/grv": "now CRN GRV",
    "all": "now",
    "anywhere": "now",
    "CRN 131": "room CRN 131",
    # more of the same kinds
    "crane": "now CRN",
    "the Crane building": "now CRN",
    "library": "now FOS",
    "eng quad": "now ENG",
    "engeneering": "now ENG",
    "crn, grv, fos": "now CRN FOS GRV",
    "ENG oder ALD": "now ALD ENG",
    "egal": "now",
    "library 2-01": "room FOS 2-01",
    "center": "? CRN · Crane Science Center | GRV · Grove Arts Center",
    "101": "? ALD 101 | GRV 101",
    "zzz": NO_BUILDING.format("zzz"),
    "CRN zzz": NO_BUILDING.format("zzz"),
    "cas b12": NO_BUILDING.format("cas b12"),
}
ROOMS = {
    "Crane 131": "room CRN 131",
    "library 2-01": "room FOS 2-01",
    "room 131": "room CRN 131",
    "CRN": "building CRN",
    "101": "? ALD 101 | GRV 101",
    "cas b12": NO_BUILDING.format("cas"),
    # more of the same kinds
    "131": "room CRN 131",
    "#131": "room CRN 131",
    "crn131": "room CRN 131",
    "131 crane": "room CRN 131",
    "Raum 131": "room CRN 131",
    "recital": "room GRV Recital",
    "Foster Library": "building FOS",
    "crn 2": "? CRN 212",
    "CRN 999": NO_ROOM.format("CRN 999"),
    "asdf": NO_ROOM.format("asdf"),
}
ONE_BUILDING = {
    "CRN": "building CRN",
    "engineering": "building ENG",
    "foster libary": "building FOS",
    "CRN 131": "room CRN 131",
    "CRN and GRV": "? CRN · Crane Science Center | GRV · Grove Arts Center",
    "all": NO_BUILDING.format("all"),
    "zzz": NO_BUILDING.format("zzz"),
}
NOT_LISTED = '"{}" is not listed for any room here. Listed: Movable chairs, Projector, Whiteboard.'
EQUIPMENT = {
    "proj": "now [Projector]",
    "white board": "now [Whiteboard]",
    "projector, whiteboard": "now [Projector, Whiteboard]",
    "wheelchair": NOT_LISTED.format("wheelchair"),
    # more of the same kinds
    "projectors": "now [Projector]",
    "whiteboard and projector": "now [Whiteboard, Projector]",
    "chairs": "now [Movable chairs]",
    "projector, wheelchair": NOT_LISTED.format("wheelchair"),
}
WEEKS = {
    "next": "room CRN 131 03-09",
    "in 2 weeks": "room CRN 131 03-16",
    "10 march": "room CRN 131 03-09",
    # more of the same kinds
    "next week": "room CRN 131 03-09",
    "nächste Woche": "room CRN 131 03-09",
    "la semaine prochaine": "room CRN 131 03-09",
    "week of 9 March": "room CRN 131 03-09",
    "this week": "room CRN 131",
    "friday": "room CRN 131",
    "some week": NO_DATE.format("some week"),
}
OFFSETS = "? in 2 min, 10:07 AM, for 1 h | in 2 h, 12:05 PM, for 1 h"
TOGETHER = [
    ({"at": "3pm", "date": "tomorrow"}, "03-04 15:00"),
    ({"at": "tomorrow 3pm", "date": "tomorrow"}, "03-04 15:00"),
    ({"at": "2026-03-04 15:00", "date": "2026-03-04"}, "03-04 15:00"),
    ({"at": "3pm", "minutes": "until 5pm"}, "03-03 15:00 +120"),
    ({"date": "fri", "building": "library"}, "building FOS 03-06"),
    ({"date": "fri", "building": "library", "minutes": "2h"}, "03-06 +120 FOS"),
    ({"at": "3", "building": "crane", "feature": "proj"}, "03-03 15:00 CRN [Projector]"),
    ({"at": "+2", "building": "crane", "minutes": "1h"}, OFFSETS),
    (
        {"at": "3pm", "date": "tomorrow 4pm"},
        '"3pm" and "tomorrow 4pm" don\'t go together. Leave one of them out.',
    ),
]


def month(room):
    """Return a month of a room in which each morning begins with a booking."""
    items = [{"itemId2": 1, "itemName": "Chess", "start": 7, "end": 7.5, "type_id": 1}]
    days = [TUESDAY + timedelta(days=each) for each in range(31)]
    dates = [{"itemId": int(room), "item_date": f"{day}T00:00:00", "items": items} for day in days]
    return {"subjects": dates}


def write_campus(path, url):
    lines = ['id = "lark"', 'name = "Larkspur"', 'timezone = "America/New_York"', "[source]"]
    lines += ['kind = "25live"', f'url = "{url}"', 'read = "rooms"']
    ids = iter(ROOM_IDS)
    for code, (name, rooms) in BUILDINGS.items():
        lines += ["[[buildings]]", f'code = "{code}"', f'name = "{name}"']
        lines += ['opens = "07:00"', 'closes = "23:00"']
        for room in rooms:
            lines += ["[[buildings.rooms]]", f'id = "{next(ids)}"', f'name = "{room}"']
            lines += ["capacity = 40", f"features = {json.dumps(FEATURES)}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typed")
    async with FakeLive25(Months({room: month(room) for room in ROOM_IDS})) as source:
        file = write_campus(folder / "lark.toml", source.url)
        async with open_environment(folder, file, None, start=NOW) as stage:
            bot = await stage.start_bot()
            await bot.logs("rooms of lark in")
            yield stage
            assert stage.discord.violations == []
            assert await bot.stop() == 0
            assert not [line for line in bot.log if " ERROR " in line]


def ids_of(part):
    """Yield the custom ids in a message, in order."""
    if isinstance(part, dict):
        yield from ([part["custom_id"]] if "custom_id" in part else [])
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from ids_of(each)


def brief_day(text):
    return f"{date.fromordinal(from_base36(text)):%m-%d}" if text else ""


def brief_free(fields):
    marks = {feature_mark(feature): feature for feature in FEATURES}
    features = [fields["features"][at : at + 4] for at in range(0, len(fields["features"]), 4)]
    moment = fields["at"]
    when = "now"
    if moment.startswith("D"):
        when = brief_day(moment[1:])
    elif moment:
        start = datetime.fromtimestamp(from_base36(moment) * 60, UTC).astimezone(NEW_YORK)
        when = f"{start:%m-%d %H:%M}"
    minutes = from_base36(fields["minutes"])
    parts = [when, "" if minutes == MIN_GAP else f"+{minutes}", fields["buildings"]]
    parts += [f"[{', '.join(marks[mark] for mark in features)}]" if features else ""]
    return " ".join(part for part in parts if part)


def brief(reply):
    """Return the question that an answer's buttons carry, the choices, or the sentence."""
    for custom_id in ids_of(reply.message.current.components):
        for form in (FREE_FORMAT, BUILDING_FORMAT, ROOM_FORMAT):
            if custom_id[:3] != f"2{form.kind}s":
                continue
            _, fields = form.decode(custom_id)
            if form is FREE_FORMAT:
                return brief_free(fields)
            day = brief_day(fields["day"])
            name = fields["building"] if form is BUILDING_FORMAT else ROOM_IDS[fields["room"]]
            kind = "building" if form is BUILDING_FORMAT else "room"
            return " ".join(part for part in (kind, name, day) if part)
    return f"? {' | '.join(reply.buttons)}" if reply.buttons else reply.text.replace("\\", "")


def rows():
    """Yield a row for each text: the command, its options, and how they are understood."""
    for option, table in (("at", TIMES), ("date", DATES), ("minutes", DURATIONS)):
        yield from (("free", {option: typed}, meant) for typed, meant in table.items())
    for option, texts, sentence in (
        ("at", BAD_TIMES, NO_TIME),
        ("date", BAD_DATES, NO_DATE),
        ("minutes", BAD_DURATIONS, NO_DURATION),
    ):
        for typed in texts:
            shown = typed if len(typed) <= 60 else f"{typed[:59]}…"
            yield "free", {option: typed}, sentence.format(shown)
    yield from (("free", {"building": typed}, meant) for typed, meant in PLACES.items())
    yield from (("free", {"feature": typed}, meant) for typed, meant in EQUIPMENT.items())
    yield from (("building", {"building": typed}, meant) for typed, meant in ONE_BUILDING.items())
    yield from (("room", {"name": typed}, meant) for typed, meant in ROOMS.items())
    for typed, meant in WEEKS.items():
        yield "room", {"name": "CRN 131", "week": typed}, meant
    yield from (("free", options, meant) for options, meant in TOGETHER)


ROWS = list(rows())


@pytest.mark.parametrize(
    ("command", "options", "meant"), ROWS, ids=[f"{c} {o}" for c, o, _ in ROWS]
)
async def test_text_is_understood_or_refused(stage, command, options, meant):
    reply = await stage.member.slash(command, **options)
    assert reply.is_ephemeral
    assert brief(reply) == meant


def stamp(clock, day=TUESDAY):
    return f"<t:{int(at(clock, day).timestamp())}:t>"


WEDNESDAY = TUESDAY + timedelta(days=1)
UNDERSTOOD = [
    (
        "free",
        {"at": "tomorrow 3pm", "minutes": "2 hours"},
        f"tomorrow, {stamp('15:00', WEDNESDAY)}, for 2 h",
    ),
    ("free", {"at": "08:00"}, f"tomorrow, {stamp('08:00', WEDNESDAY)}"),
    ("free", {"at": "3"}, stamp("15:00")),
    ("free", {"building": "engineering"}, "ENG (Engineering Quad)"),
    ("free", {"building": "egal"}, "the whole campus"),
    ("free", {"feature": "proj"}, "Projector"),
    ("free", {"date": "weds", "building": "library"}, "tomorrow · FOS (Foster Library)"),
    ("free", {"date": "weds"}, "tomorrow"),
    ("building", {"building": "foster libary"}, "FOS (Foster Library)"),
    ("room", {"name": "crane 131"}, "CRN 131"),
    ("free", {"at": "15:30", "building": "crn", "minutes": "90"}, None),
    ("free", {"date": "tomorrow", "feature": "projector"}, None),
    ("building", {"building": "Foster Library"}, None),
    ("room", {"name": "crn 131"}, None),
    ("free", {}, None),
]


@pytest.mark.parametrize(("command", "options", "line"), UNDERSTOOD)
async def test_answer_says_how_it_was_understood_where_that_was_not_literal(
    stage, command, options, line
):
    lines = (await stage.member.slash(command, **options)).text.splitlines()
    said = [each for each in lines if each.startswith("-# Understood as ")]
    assert said == ([f"-# Understood as {line}"] if line else [])


@pytest.mark.parametrize(
    ("options", "button", "meant"),
    [
        ({"at": "+2", "building": "crane"}, "in 2 h, 12:05 PM", "03-03 12:05 CRN"),
        (
            {"minutes": "2", "at": "3pm", "feature": "proj"},
            "3:00 PM, for 2 h",
            "03-03 15:00 +120 [Projector]",
        ),
        (
            {"building": "center", "at": "tomorrow 3pm", "minutes": "2h"},
            "GRV · Grove Arts Center",
            "03-04 15:00 +120 GRV",
        ),
        (
            {"building": "center", "date": "tomorrow", "capacity": 20},
            "CRN · Crane Science Center",
            "03-04 CRN",
        ),
        ({"building": "101", "date": "next monday"}, "GRV 101", "room GRV 101 03-09"),
    ],
)
async def test_choice_keeps_the_rest_of_the_question(stage, options, button, meant):
    reply = await stage.member.slash("free", **options)
    assert brief(await reply.press(button)) == meant


async def test_other_half_of_the_day_is_a_button_away(stage):
    reply = await stage.member.slash("free", at="9", building="CRN")
    assert brief(reply) == "03-03 21:00 CRN"
    assert brief(await reply.press("Or tomorrow, 9:00 AM")) == "03-04 09:00 CRN"


async def test_day_without_a_time_is_an_overview_with_a_button_for_each_hour(stage):
    reply = await stage.member.slash("free", date="tomorrow", minutes="2h", feature="proj")
    assert reply.text.startswith("## Tomorrow · Wed 4 March")
    assert f"**{stamp('15:00', WEDNESDAY)}** · 14 rooms free" in reply.text
    # Buildings close at 23:00: at 21:00 just two hours are left.
    assert f"**{stamp('21:00', WEDNESDAY)}** · 14 rooms free" in reply.text
    longer = await stage.member.slash("free", date="tomorrow", minutes="3h")
    assert f"**{stamp('21:00', WEDNESDAY)}** · 0 rooms free" in longer.text
    chosen = await reply.press("3:00 PM")
    assert brief(chosen) == "03-04 15:00 +120 [Projector]"


TYPED = [
    "",
    "1",
    "10",
    "10:00",
    "2:",
    "3",
    "9",
    "+4",
    "no",
    "in",
    "tom",
    "fri",
    "3-5",
    "until 5",
    "x",
]


@pytest.mark.parametrize("option", ["at", "date", "minutes", "feature", "building"])
@pytest.mark.parametrize("date_", [None, "tomorrow", "2026-03-06"])
async def test_completion_offers_nothing_that_is_then_refused_or_means_another(
    stage, option, date_
):
    others = {"date": date_} if date_ and option != "date" else {}
    for typed in [*TYPED, "pro", "projector, w", "c", "crn g", "library"]:
        for label, value in (await stage.member.autocomplete("free", option, typed, **others))[:6]:
            reply = await stage.member.slash("free", **{option: value}, **others)
            assert not brief(reply).startswith(("?", "I ", "No ", '"')), (typed, label, value)
            if option == "at" and value != "now":
                wanted = value[5:].replace(" for ", " +").removesuffix(" min")
                assert brief(reply) == wanted, (typed, label, value)


async def test_likeliest_reading_is_offered_first(stage):
    assert (await stage.member.autocomplete("free", "at", "3"))[0] == (
        "3:00 PM",
        "2026-03-03 15:00",
    )
    assert (await stage.member.autocomplete("free", "minutes", "2"))[0] == ("2 h", "120 min")
    assert (await stage.member.autocomplete("free", "at", "10:00"))[:2] == [
        ("10:00 PM", "2026-03-03 22:00"),
        ("10:00 AM, tomorrow", "2026-03-04 10:00"),
    ]


async def test_counts_of_a_completion_respect_the_options_typed(stage):
    offered = await stage.member.autocomplete("free", "building", "cr", at="9pm", minutes="3h")
    assert offered == [("CRN · Crane Science Center · 0 fit", "CRN")]
    offered = await stage.member.autocomplete("free", "building", "cr", capacity=40)
    assert offered == [("CRN · Crane Science Center · 3 fit", "CRN")]
    offered = await stage.member.autocomplete("free", "building", "cr", date="tomorrow")
    assert offered == [("CRN · Crane Science Center", "CRN")]


async def test_time_of_a_digest_takes_what_it_completes(stage):
    completed = await stage.moderator.autocomplete("digest set", "time", "7")
    assert completed == [("7:00 AM", "07:00"), ("7:00 PM", "19:00")]
    offered = await stage.moderator.autocomplete("digest set", "time", "")
    for value in [*(sent for _, sent in [*completed, *offered[::5]]), "quarter past 7", "8"]:
        reply = await stage.moderator.slash("digest set", channel=stage.study, time=value)
        assert f"<#{stage.study.id}>" in reply.text, value
    refused = await stage.moderator.slash("digest set", channel=stage.study, time="tomorrow")
    assert refused.text == NO_TIME.format("tomorrow")
