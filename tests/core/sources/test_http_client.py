"""How a source is asked: faults told apart, what is asked again and after which wait."""

import pytest

from core.errors import (
    SourceError,
    SourceFormatError,
    SourceRefusedError,
    SourceUnavailableError,
)
from core.sources.live25.config import ReadStrategy
from fakes.live25.fault_injection import FaultKind, ResponseFault
from fakes.live25.server import FakeLive25
from tests.core.sources.source_fixtures import AT, MONTH, STRATEGIES, Reader, campus_of, kinds
from tests.recordings import FIRST_DAY

ATTEMPTS = 4

FAULTS: list[tuple[ResponseFault, str, type[SourceError]]] = [
    (ResponseFault("html"), "login page", SourceRefusedError),
    (ResponseFault("xml error"), "error document", SourceRefusedError),
    (
        ResponseFault(status=302, headers=(("Location", "/login"),)),
        "redirected",
        SourceRefusedError,
    ),
    (ResponseFault(status=303), "redirected", SourceRefusedError),
    (ResponseFault(status=400), "refused 400", SourceRefusedError),
    (ResponseFault(status=401), "refused 401", SourceRefusedError),
    (ResponseFault(status=403), "refused 403", SourceRefusedError),
    (ResponseFault("html", status=403), "refused 403", SourceRefusedError),
    (ResponseFault(status=404), "not found", SourceRefusedError),
    (ResponseFault(status=410), "not found", SourceRefusedError),
    (ResponseFault("blank"), "no data", SourceFormatError),
    (ResponseFault("deep nesting"), "not understood", SourceFormatError),
    (ResponseFault("invalid utf-8"), "not understood", SourceFormatError),
    (ResponseFault("wrong types"), "not understood", SourceFormatError),
    (ResponseFault("not a number"), "not understood", SourceFormatError),
    (ResponseFault("oversized"), "too large", SourceFormatError),
    (ResponseFault("endless"), "too large", SourceFormatError),
    (ResponseFault("gzip bomb"), "too large", SourceFormatError),
    (ResponseFault("truncated"), "cut off", SourceUnavailableError),
    (ResponseFault("cut connection"), "cut off", SourceUnavailableError),
    (ResponseFault(status=408), "timed out", SourceUnavailableError),
    (ResponseFault(status=429), "rate limited", SourceUnavailableError),
    (ResponseFault(status=500), "server error 500", SourceUnavailableError),
    (ResponseFault(status=503), "server error 503", SourceUnavailableError),
    (ResponseFault(status=599), "server error 599", SourceUnavailableError),
]


@pytest.mark.parametrize("way", STRATEGIES)
@pytest.mark.parametrize(
    ("fault", "kind", "error"), FAULTS, ids=[f"{f.kind} {f.status}" for f, _, _ in FAULTS]
)
async def test_each_fault_is_told_apart(
    reader: Reader,
    server: FakeLive25,
    way: ReadStrategy,
    fault: ResponseFault,
    kind: str,
    error: type[SourceError],
):
    server.fault = fault
    campus = campus_of(server.url, way, ["1127", "2649"])
    with pytest.raises(SourceError) as caught:
        await reader.read(campus=campus)
    assert (type(caught.value), caught.value.kind) == (error, kind)


@pytest.mark.parametrize(
    ("fault", "kind", "error"), FAULTS, ids=[f"{f.kind} {f.status}" for f, _, _ in FAULTS]
)
async def test_a_room_that_fails_does_not_fail_the_others(
    reader: Reader, server: FakeLive25, fault: ResponseFault, kind: str, error: type[SourceError]
):
    """And only what may pass is asked again."""
    server.room_faults = {"1127": fault}
    result = await reader.read("rooms", MONTH[:2])
    for day in MONTH[:2]:
        assert kinds(result, day) == {"1127": kind}
        assert {type(err) for err in result.failures[day].values()} == {error}
        assert result.days[day].keys() == server.months.keys() - {"1127"}
    attempts = ATTEMPTS if error is SourceUnavailableError else 1
    assert server.request_count == 34 + attempts
    assert len(reader.sleep.seconds) == attempts - 1


@pytest.mark.parametrize("kind", ["truncated", "cut connection"])
@pytest.mark.parametrize("times", [1, ATTEMPTS - 1])
async def test_a_fault_that_passes_costs_nothing(
    reader: Reader, server: FakeLive25, kind: FaultKind, times: int
):
    server.room_faults = {room: ResponseFault(kind, times=times) for room in server.months}
    assert not (await reader.read("rooms")).failures[FIRST_DAY]


async def test_waits_double_and_are_spread(reader: Reader, server: FakeLive25):
    server.room_faults = {"1127": ResponseFault(status=500)}
    await reader.read("rooms")
    for nap, backoff in zip(reader.sleep.seconds, (0.5, 1.0, 2.0), strict=True):
        assert 0.5 * backoff <= nap < 1.5 * backoff
    assert reader.sleep.seconds[0] != 0.5


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-After": " 17 "}, 17),
        ({"Retry-After": "60"}, 60),
        ({"Retry-After": "Mon, 04 Nov 2024 12:00:40 GMT", "Date": "junk"}, 40),
        (
            {
                "Retry-After": "Tue, 05 Nov 2024 12:00:40 GMT",
                "Date": "Tue, 05 Nov 2024 12:00:10 GMT",
            },
            30,
        ),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_the_source_says_how_long_to_wait(
    reader: Reader, server: FakeLive25, status: int, headers: dict[str, str], wait: float
):
    server.room_faults = {
        "1127": ResponseFault(status=status, headers=tuple(headers.items()), times=1)
    }
    result = await reader.read("rooms", at=AT)
    assert reader.sleep.seconds == [wait]
    assert not result.failures[FIRST_DAY]


@pytest.mark.parametrize(
    "text", ["0", "-5", "soon", "", "1e3", "٣", "Mon, 99 Nov 2024 12:00:00 GMT", "Sun Nov", "\x01"]
)
async def test_a_senseless_retry_after_is_the_usual_wait(
    reader: Reader, server: FakeLive25, text: str
):
    header = ("Retry-After", text.encode().decode("latin-1").replace("\x01", ""))
    server.room_faults = {"1127": ResponseFault(status=429, headers=(header,), times=1)}
    result = await reader.read("rooms")
    assert 0.25 <= reader.sleep.seconds[0] < 0.75
    assert not result.failures[FIRST_DAY]


@pytest.mark.parametrize("text", ["61", "3600", "9" * 30, "Mon, 04 Nov 2999 12:00:00 GMT"])
async def test_a_source_that_asks_for_long_peace_gets_it(
    reader: Reader, server: FakeLive25, text: str
):
    server.fault = ResponseFault(status=429, headers=(("Retry-After", text),))
    with pytest.raises(SourceUnavailableError, match="rate limited"):
        await reader.read("rooms")
    assert server.request_count <= 6
    assert not reader.sleep.seconds


async def test_the_most_frequent_reason_is_told(reader: Reader, server: FakeLive25):
    server.room_faults = dict.fromkeys(server.months, ResponseFault(status=403)) | {
        "1127": ResponseFault(status=404),
        "1132": ResponseFault("html"),
        "1133": ResponseFault(status=404),
    }
    with pytest.raises(SourceRefusedError) as caught:
        await reader.read("rooms")
    assert caught.value.kind == "refused 403"
    assert str(caught.value) == "refused 403: 32 of 35 rooms"


async def test_kept_errors_hold_nothing_of_the_answer(reader: Reader, server: FakeLive25):
    server.room_faults = {
        "1127": ResponseFault("invalid utf-8"),
        "2649": ResponseFault("wrong types"),
    }
    result = await reader.read("rooms")
    for err in result.failures[FIRST_DAY].values():
        assert err.__traceback__ is None
        assert err.__cause__ is None
        assert err.__context__ is None
