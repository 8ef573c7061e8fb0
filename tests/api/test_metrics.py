"""`/metrics`: well formed, true, and without an id of Discord."""

from core.errors import SourceUnavailableError
from tests.prometheus import read_page


async def page_of(api_server):
    said = await api_server.ask("/metrics")
    assert said.status == 200
    assert said.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return read_page(said.body.decode())


async def test_rooms_are_counted_in_their_states(api_server):
    page = await page_of(api_server)
    assert page.value("ec_rooms", campus="bu", state="unknown") == 6
    api_server.fail("101")
    api_server.book("102", ("09:00", "11:00"))
    await api_server.ask("/api/open-classrooms")
    page = await page_of(api_server)
    states = {dict(labels)["state"]: count for labels, count in page.values("ec_rooms").items()}
    assert states == {"free": 4, "booked": 1, "closed": 0, "unknown": 1}
    assert page.value("ec_data_age_seconds", campus="bu") == 0
    api_server.clock.forward(hours=14)
    page = await page_of(api_server)
    assert page.value("ec_rooms", campus="bu", state="closed") == 6


async def test_parts_that_are_away_are_zero(api_server):
    api_server.connect(0, of=2)
    page = await page_of(api_server)
    assert page.values("ec_discord_connected") == {
        frozenset({("shard", "0")}): 1,
        frozenset({("shard", "1")}): 0,
    }
    assert page.values("ec_gateway_latency_seconds") == {frozenset({("shard", "0")}): 0.1}
    assert page.value("ec_source_failing", campus="bu") == 0
    api_server.source.down = SourceUnavailableError("timed out")
    await api_server.ask("/api/open-classrooms")
    assert (await page_of(api_server)).value("ec_source_failing", campus="bu") == 1
    assert page.value("ec_guilds") == 7
    assert page.value("ec_store_up") == 1


async def test_what_is_counted_adds_up(api_server):
    counted = api_server.metrics
    counted.interactions.add('quo"te\\ and\nline', "answered")
    for seconds in (0.001, 0.05, 0.051, 9):
        counted.answer_seconds.observe(seconds)
    page = await page_of(api_server)
    quoted = 'quo\\"te\\\\ and\\nline'
    assert page.value("ec_interactions_total", command=quoted, outcome="answered") == 1
    buckets = {dict(each)["le"]: n for each, n in page.values("ec_answer_seconds_bucket").items()}
    assert (buckets["0.005"], buckets["0.05"], buckets["0.1"]) == (1, 2, 3)
    assert (buckets["3.0"], buckets["+Inf"]) == (3, 4)
    assert page.value("ec_answer_seconds_count") == 4
    assert page.value("ec_answer_seconds_sum") == 9.102
