"""Answers that Discord does not take are told when that begins and when it is over."""

import asyncio
import logging

from cogs.ui.delivery_log import FailedResponseLog
from tests.cogs.ui.test_discord_errors import refused


async def test_one_line_when_it_begins_and_one_when_it_is_over(caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    clock = 0.0
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", lambda: clock)
    unshown = FailedResponseLog()
    unshown.record_success()
    refusal = refused(503)
    for _ in range(100):
        unshown.record_failure(refusal)
        unshown.record_success()
    clock = 5.5
    unshown.record_success()
    unshown.record_success()
    begins, ends = [each.getMessage() for each in caplog.records]
    assert begins.startswith("answers cannot be shown: HTTPException: 503")
    assert ends == "answers are shown again; 100 were not"
