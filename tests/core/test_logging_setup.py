"""A line an event, and no secret in any."""

import json
import logging

import pytest

from core.logging_setup import JsonFormatter, SingleLineFormatter, collect_secrets


def line(message, *args, exc_info=None):
    secrets = collect_secrets("my.bot-token", "rediss://user:pa%2Fss@host:6379/0")
    record = logging.LogRecord("name", logging.INFO, "file", 1, message, args, exc_info)
    return SingleLineFormatter(secrets).format(record)


@pytest.mark.parametrize("secret", ["my.bot-token", "pa%2Fss"])
def test_secrets_are_taken_out(secret):
    assert secret not in line("before %s after", secret)
    assert "[secret]" in line("before %s after", secret)


def test_tokens_of_interactions_are_taken_out():
    text = line("POST /api/v10/webhooks/12345/aW50ZXJ.x-y_z/messages/@original gave 429")
    assert "aW50ZXJ" not in text
    assert text.endswith("/webhooks/12345/[token]/messages/@original gave 429")


def test_a_traceback_is_part_of_the_line():
    err = ValueError("first\nsecond")
    text = line("it failed", exc_info=(ValueError, err, None))
    assert "\n" not in text
    assert "ValueError" in text


def test_without_secrets_nothing_is_replaced():
    record = logging.LogRecord("name", logging.INFO, "file", 1, "all is well", (), None)
    assert SingleLineFormatter(collect_secrets("", None)).format(record).endswith("all is well")


def test_the_token_of_the_interface_is_taken_out():
    record = logging.LogRecord("x", logging.INFO, "x", 1, "sent 0123456789abcdef", None, None)
    line = SingleLineFormatter(collect_secrets("", None, "0123456789abcdef")).format(record)
    assert line.endswith("sent [secret]")


def json_line(message, *args, exc_info=None):
    secrets = collect_secrets("my.bot-token", None)
    record = logging.LogRecord("name", logging.INFO, "file", 1, message, args, exc_info)
    record.created = 1_772_550_000.25
    return json.loads(JsonFormatter(secrets).format(record))


def test_json_is_one_object_an_event():
    assert json_line("read %s", "ATL") == {
        "time": "2026-03-03T15:00:00.250+00:00",
        "level": "INFO",
        "logger": "name",
        "message": "read ATL",
    }


def test_json_has_no_secrets_and_no_ids_of_discord():
    told = json_line("channel %s with my.bot-token of 12 at 1772550000000", 1112345678901234567)
    assert told["message"] == "channel [id] with [secret] of 12 at 1772550000000"


def test_a_traceback_is_part_of_the_object():
    err = ValueError("first\nsecond 1112345678901234567")
    told = json_line("it failed", exc_info=(ValueError, err, None))
    assert "ValueError: first\nsecond [id]" in told["traceback"]
