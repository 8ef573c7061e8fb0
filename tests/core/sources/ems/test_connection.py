"""A guest's visit to EMS: cookies, token, and what happens when it ends."""

from collections.abc import Mapping

import pytest
from yarl import URL

from core.errors import SourceError
from core.sources.ems.connection import visit_headers
from core.sources.http_request import SourceResponse
from fakes.live25.fault_injection import ResponseFault
from tests.core.sources.ems.ems_campus import DAY, TUESDAY, WEEK, lecture
from tests.core.sources.source_fixtures import kinds


async def test_every_question_carries_cookies_and_token_of_one_page(reader, ems):
    result = await reader.read(WEEK)
    assert not any(result.failures.values())
    assert ems.page_count == 1


async def test_an_ended_visit_is_opened_again(reader, campus, ems):
    """The login page with status 200 is no day without bookings."""
    campus.bookings = [lecture(103, 9, 10, day) for day in WEEK]
    ems.questions_per_visit = 5
    result = await reader.read(WEEK)
    assert not any(result.failures.values())
    assert all(result.days[day]["103"].bookings for day in WEEK)
    assert 2 <= ems.page_count <= 3


async def test_a_login_page_again_and_again_is_refused(reader, ems):
    ems.questions_per_visit = 0
    with pytest.raises(SourceError) as caught:
        await reader.read(WEEK)
    assert caught.value.kind == "login page"
    assert ems.page_count <= 3


async def test_visits_that_end_at_once_are_given_up(reader, campus, ems):
    campus.bookings = [lecture(103, 9, 10, day) for day in WEEK]
    ems.questions_per_visit = 1
    result = await reader.read(WEEK)
    assert not result.failures[TUESDAY]
    assert set(kinds(result, WEEK[6]).values()) == {"login page"}
    assert ems.page_count <= 3


async def test_a_day_that_gets_the_login_page_is_unknown(reader, campus, ems):
    campus.bookings = [lecture(103, 9, 10)]
    ems.day_faults[WEEK[4]] = ResponseFault("html")
    result = await reader.read(WEEK)
    assert set(kinds(result, WEEK[4]).values()) == {"login page"}
    assert not result.days[WEEK[4]]
    assert result.days[WEEK[2]]["103"].bookings == ()


async def test_pages_that_want_a_login_are_refused(reader, ems):
    ems.admits_guests = False
    with pytest.raises(SourceError) as caught:
        await reader.read()
    assert caught.value.kind == "redirected"
    assert not ems.requested


async def test_an_ems_without_tokens_is_asked_without_one(reader, ems):
    ems.has_token = ems.needs_token = False
    assert not (await reader.read()).failures[TUESDAY]


async def test_a_token_that_is_not_sent_is_missed_by_the_fake(reader, ems):
    ems.has_token = False
    with pytest.raises(SourceError, match="login page"):
        await reader.read()


async def test_a_busy_ems_is_asked_again(reader, ems):
    ems.day_faults[TUESDAY] = ResponseFault(status=503, times=2)
    assert not (await reader.read()).failures[TUESDAY]
    assert len(reader.sleep.seconds) == 2


async def test_the_day_before_is_asked_for_too(reader, ems):
    ems.day_faults[TUESDAY - DAY] = ResponseFault(status=403)
    with pytest.raises(SourceError, match="refused 403"):
        await reader.read()


@pytest.mark.parametrize(
    ("page", "token"),
    [
        (b'<input type="hidden" id="deaCSRFToken" value="a-1">', "a-1"),
        (b"<INPUT VALUE='a-1' NAME='deaCSRFToken'/>", "a-1"),
        (b'<input name="other" value="b"><input name="deaCSRFToken" value="">', None),
        (b'<input name="deaCSRFToken" value="a\r\nX-Evil: 1">', None),
        (b'<script>var name = "deaCSRFToken"</script><input value="b">', None),
    ],
)
def test_the_token_is_found_in_the_page(page, token):
    assert headers_of(page, {}).get("dea-CSRFToken") == token


def test_cookies_that_are_none_are_left_out():
    cookies = {"A": "1", "B": "2; Path=/", "C": "3\r\nX: 1", "D ": "4", "E": ""}
    assert headers_of(b"", cookies)["Cookie"] == "A=1; E="


def headers_of(page: bytes, cookies: dict[str, str]) -> Mapping[str, str]:
    return visit_headers(SourceResponse(URL("http://127.0.0.1/web/B.aspx"), {}, page, cookies))
