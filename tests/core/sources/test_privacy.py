"""Names of events and people end where an answer is decoded."""

import logging
import pickle
import traceback

import pytest

from core.errors import SourceError
from core.sources.live25.config import ReadStrategy
from fakes.live25.bookings import REQUESTOR
from fakes.live25.fault_injection import FaultKind, ResponseFault
from fakes.live25.server import FakeLive25
from tests.core.sources.source_fixtures import MONTH, STRATEGIES, Reader

NAME = "Elopement of Ada and Bob"
FAULTS: list[FaultKind] = [
    "as ever",
    "truncated",
    "cut connection",
    "wrong types",
    "not a number",
    "invalid utf-8",
]


def put_names_everywhere(server: FakeLive25) -> None:
    """Rename all events and rooms, and spoil one item so that it is complained about."""
    for answer in server.months.values():
        for subject in answer["subjects"]:
            subject["itemName"] = NAME
            for item in subject["items"]:
                item["itemName"] = NAME


def names_in(text: str) -> list[str]:
    return [name for name in (NAME, REQUESTOR, "Elopement", "Secret Society") if name in text]


@pytest.mark.parametrize("way", STRATEGIES)
@pytest.mark.parametrize("kind", FAULTS)
async def test_no_name_leaves_the_source(
    reader: Reader,
    server: FakeLive25,
    caplog: pytest.LogCaptureFixture,
    way: ReadStrategy,
    kind: FaultKind,
):
    caplog.set_level(logging.DEBUG)
    put_names_everywhere(server)
    server.fault = ResponseFault(kind)
    said = ""
    try:
        result = await reader.read(way, MONTH[:3])
        said += repr(result) + repr(pickle.dumps(result))
    except SourceError as err:
        said += "".join(traceback.format_exception(err)) + repr(err) + repr(vars(err))
    said += caplog.text + repr([record.__dict__ for record in caplog.records])
    assert said
    assert not names_in(said)


@pytest.mark.parametrize("way", STRATEGIES)
async def test_no_name_leaves_in_the_reasons_of_single_rooms(
    reader: Reader, server: FakeLive25, caplog: pytest.LogCaptureFixture, way: ReadStrategy
):
    caplog.set_level(logging.DEBUG)
    put_names_everywhere(server)
    server.items("1127", MONTH[0])[0]["start"] = NAME
    server.items("2649", MONTH[0])[0]["type_id"] = NAME
    if way == "reservations":
        # That server cannot tell times from such an item at all.
        del server.months["1127"]
        server.items("2649", MONTH[0])[0]["type_id"] = 1
        server.items("2649", MONTH[0])[0]["cur_event_state"] = NAME
    result = await reader.read(way, MONTH[:1])
    failures = result.failures[MONTH[0]]
    assert "2649" in failures
    assert not names_in(repr(result) + caplog.text + repr([vars(e) for e in failures.values()]))
