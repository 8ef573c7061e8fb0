"""HTTP caching: tags, dates, codings, and that a kept answer is never an old one."""

import asyncio
import gzip
import json
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from api.http_cache import CachedBody, accepts_gzip, is_not_modified
from tests.api.api_server import ApiServer
from tests.fakes import at, eventually

OPEN = "/api/open-classrooms"


async def test_the_first_answer_reads_and_the_next_does_not(api_server):
    first, second = await api_server.ask(OPEN), await api_server.ask(OPEN)
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("Miss", "Hit")
    assert first.body == second.body
    assert api_server.source.readings == 1


async def test_it_may_be_kept_for_a_minute(api_server):
    """And no longer: a moderator may have the bookings read again at any time."""
    said = await api_server.ask(OPEN)
    assert said.headers["Cache-Control"] == "public, max-age=60"
    assert parsedate_to_datetime(said.headers["Expires"]) == at("10:01")
    api_server.clock.forward(minutes=30)
    later = await api_server.ask(OPEN)
    assert later.headers["Cache-Control"] == "public, max-age=60"
    assert parsedate_to_datetime(later.headers["Expires"]) == at("10:31")
    assert later.headers["Last-Modified"] == said.headers["Last-Modified"]


async def test_it_may_not_be_kept_beyond_the_day(api_server):
    api_server.clock.set(at("23:30"))
    await api_server.ask(OPEN)
    api_server.clock.set(at("23:59") + timedelta(seconds=30))
    said = await api_server.ask(OPEN)
    assert said.headers["Cache-Control"] == "public, max-age=30"


@pytest.mark.parametrize(
    "make",
    [
        lambda tag: tag,
        lambda tag: f"W/{tag}",
        lambda tag: f'"a", {tag}, "b"',
        lambda tag: f'W/"a",W/{tag}',
        lambda _: "*",
    ],
)
async def test_who_has_it_gets_nothing_more(api_server, make):
    first = await api_server.ask(OPEN)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    said = await api_server.ask(OPEN, If_None_Match=make(tag))
    assert (said.status, said.body) == (304, b"")
    assert said.headers["ETag"] == tag
    for name in ("Cache-Control", "Expires", "Vary"):
        assert said.headers[name] == first.headers[name]


@pytest.mark.parametrize("sent", ['"other"', "W/", '"', "", "x" * 4000, 'W/"a", "b"'])
async def test_who_has_another_gets_it(api_server, sent):
    await api_server.ask(OPEN)
    assert (await api_server.ask(OPEN, If_None_Match=sent)).status == 200


async def test_a_date_counts_where_no_tag_is_sent(api_server):
    first = await api_server.ask(OPEN)
    modified = first.headers["Last-Modified"]
    before = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
    assert (await api_server.ask(OPEN, If_Modified_Since=modified)).status == 304
    assert (await api_server.ask(OPEN, If_Modified_Since=before)).status == 200
    both = {"If_Modified_Since": modified, "If_None_Match": '"other"'}
    assert (await api_server.ask(OPEN, **both)).status == 200


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (lambda tag: tag, 200),
        (lambda tag: f'"a", {tag}', 200),
        (lambda _: "*", 200),
        (lambda tag: f"W/{tag}", 412),
        (lambda _: '"other"', 412),
        (lambda _: "", 412),
    ],
)
async def test_what_a_client_has_must_be_what_there_is(api_server, make, status):
    tag = (await api_server.ask(OPEN)).headers["ETag"]
    said = await api_server.ask(OPEN, If_Match=make(tag))
    assert said.status == status
    # It is asked before all else.
    both = await api_server.ask(OPEN, If_Match=make(tag), If_None_Match=tag)
    assert both.status == (304 if status == 200 else 412)
    if status == 412:
        assert said.json == {"detail": "What you have is not what there is now."}


async def test_a_date_must_not_be_before_the_answer_where_no_tag_is_sent(api_server):
    first = await api_server.ask(OPEN)
    modified = first.headers["Last-Modified"]
    before = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
    assert (await api_server.ask(OPEN, If_Unmodified_Since=modified)).status == 200
    assert (await api_server.ask(OPEN, If_Unmodified_Since="yesterday")).status == 200
    assert (await api_server.ask(OPEN, If_Unmodified_Since=before)).status == 412
    both = {"If_Unmodified_Since": before, "If_Match": first.headers["ETag"]}
    assert (await api_server.ask(OPEN, **both)).status == 200


@pytest.mark.parametrize("date", ["yesterday", "Sun, 06 Nov 99999999999 08:49:37 GMT", "\xff", "0"])
async def test_a_date_that_is_none_does_not_count(api_server, date):
    await api_server.ask(OPEN)
    assert (await api_server.ask(OPEN, If_Modified_Since=date)).status == 200


async def test_packed_and_plain_have_tags_of_their_own(api_server):
    plain = await api_server.ask(OPEN)
    packed = await api_server.ask(OPEN, Accept_Encoding="br, gzip;q=0.5")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    crossed = await api_server.ask(OPEN, If_None_Match=packed.headers["ETag"])
    assert crossed.status == 200


async def test_head_is_get_without_the_body(api_server):
    got = await api_server.ask(OPEN)
    head = await api_server.ask(OPEN, "HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("ETag", "Content-Length", "Cache-Control", "Last-Modified", "Content-Type"):
        assert head.headers[name] == got.headers[name]


async def test_a_refresh_of_this_process_is_seen_at_once(api_server):
    first = await api_server.ask(OPEN)
    api_server.book("101", ("08:00", "12:00"))
    api_server.clock.forward(milliseconds=1)
    await api_server.coordinator.refresh(manual=False)
    second = await api_server.ask(OPEN, If_None_Match=first.headers["ETag"])
    assert second.status == 200
    assert second.body != first.body


async def test_a_refresh_of_another_process_is_seen_soon(api_server, client, clock):
    first = await api_server.ask(OPEN)
    clock.forward(milliseconds=500)
    other = ApiServer(client, clock, 1, *(each.campus for each in api_server.coordinators.values()))
    other.book("101", ("08:00", "12:00"))
    await other.coordinator.refresh(manual=False)
    await other.close()
    assert (await api_server.ask(OPEN)).body == first.body
    async with asyncio.timeout(5):
        # Memory believes itself for a moment of the real clock, too.
        while (await api_server.ask(OPEN)).body == first.body:
            clock.forward(seconds=1)
            await asyncio.sleep(0.02)
    assert api_server.source.readings == 1


async def test_a_new_day_is_another_answer(api_server):
    await api_server.ask(OPEN)
    api_server.clock.set(at("23:59"))
    before = await api_server.ask(OPEN)
    api_server.clock.forward(minutes=1)
    after = await api_server.ask(OPEN, If_Modified_Since=before.headers["Last-Modified"])
    assert after.status == 200
    await eventually(lambda: api_server.coordinator.refresh_progress is None)


async def test_hits_do_not_ask_the_store_again_within_a_second(api_server):
    await api_server.ask(OPEN)

    async def commands():
        return (await api_server.client.info("stats"))["total_commands_processed"]

    before = await commands()
    for _ in range(20):
        await api_server.ask(OPEN)
    assert await commands() - before <= 1


async def test_many_paths_are_not_kept_for_ever(api_server):
    for number in range(600):
        assert (await api_server.ask(f"{OPEN}?building=CAS&x={number}")).status == 200
    assert len(api_server.http_api._handler._resources._resources) <= 500
    assert len(api_server.http_api._handler._responses._responses) == 1


@given(st.dictionaries(st.text(max_size=9), st.integers() | st.text(max_size=20), max_size=9))
def test_tags_tell_bytes_apart_and_each_says_that_it_is_current(value):
    one, other = CachedBody.from_json(value), CachedBody.from_json({**value, "more": 1})
    for accepted in (None, "gzip"):
        mine, its = one.encoded_for(accepted), other.encoded_for(accepted)
        assert (mine.etag == its.etag) is (mine.body == its.body)
        sent = CIMultiDict([("If-None-Match", f'"x", W/{mine.etag}')])
        assert is_not_modified(sent, mine, at("10:00"))
        assert not is_not_modified(sent, its, at("10:00"))
    assert json.loads(one.encoded_for(None).body) == value


@given(st.text(max_size=60))
def test_whatever_is_sent_as_a_tag_is_judged(text):
    coded = CachedBody.from_json({}).encoded_for(None)
    sent = CIMultiDict([("If-None-Match", text)])
    assert is_not_modified(sent, coded, at("10:00")) is (text.strip() == "*")


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("GZip", True),
        ("br, gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.001", True),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("gzip;q=x", False),
        ("", False),
    ],
)
def test_who_takes_gzip(header, takes):
    assert accepts_gzip(header) is takes
