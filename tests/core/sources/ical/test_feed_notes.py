"""What `check` says of feeds: how far they reach, and why rooms are in doubt."""

from fakes.ical.server import calendar, event
from tests.core.sources.ical.ical_campus import TEN, TODAY, Reader


async def notes_of(reader: Reader, *feeds: bytes) -> list[str]:
    reader.server.feeds |= {f"r{number}.ics": feed for number, feed in enumerate(feeds, 1)}
    result = await reader.read(reader.per_room(len(feeds)), [TODAY])
    return [f"{','.join(note.room_ids)}: {note.text}" for note in result.notes]


async def test_a_feed_is_described_by_its_events_and_its_end(reader: Reader):
    assert await notes_of(reader, calendar(TEN)) == [
        "r1: events in the feed: 1; the last ends on 2026-03-03"
    ]


async def test_an_event_in_doubt_is_named_by_line_and_date_and_never_by_title(reader: Reader):
    odd = event("20260303T150000Z", "later", "SUMMARY:Secret", uid="2")
    notes = await notes_of(reader, calendar(TEN), calendar(TEN, odd))
    assert "r2: line 9, event of 2026-03-03: its DTEND is no date" in notes
    assert "Secret" not in str(notes)


async def test_transparent_feeds_are_named(reader: Reader):
    lecture = event("20260303T150000Z", "20260303T160000Z", "TRANSP:TRANSPARENT")
    notes = await notes_of(reader, calendar(lecture))
    assert any("claim to take no time" in note for note in notes)


async def test_an_empty_feed_is_named(reader: Reader):
    notes = await notes_of(reader, calendar(TEN), calendar())
    assert "r2: the feed has no event: is it shared, and its address right?" in notes


async def test_feeds_that_all_end_on_one_day_are_named(reader: Reader):
    ends = [event(f"20260304T{hour}0000Z", f"20260304T{hour}3000Z") for hour in (14, 16, 18)]
    notes = await notes_of(reader, *map(calendar, ends))
    assert notes[-1] == (
        ": the last events of all rooms end on 2026-03-04:"
        " if the feeds are cut off there, set `reaches`"
    )
    other = event("20260306T140000Z", "20260306T150000Z")
    assert "set `reaches`" not in str(await notes_of(reader, *map(calendar, [*ends, other])))


async def test_events_that_name_no_room_are_counted(reader: Reader):
    named = event("20260303T150000Z", "20260303T160000Z", "LOCATION:CAS 101")
    online = event("20260303T150000Z", "20260303T160000Z", "LOCATION:Online", uid="2")
    reader.server.feeds["all.ics"] = calendar(named, online)
    result = await reader.read(reader.shared(1), [TODAY])
    assert "events in the feed: 2, 1 naming no room" in result.notes[0].text
