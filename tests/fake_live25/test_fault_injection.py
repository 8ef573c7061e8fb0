"""The local 25Live keeps calm where a client leaves before its answer."""

import logging

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from fakes.live25.fault_injection import ResponseFault, send_faulty


@pytest.mark.parametrize("fault", [ResponseFault(), ResponseFault(drip=0.001)])
async def test_a_client_that_left_is_no_error(fault, caplog):
    async def respond_late(request):
        request.transport.abort()
        return await send_faulty(request, fault, b"{}")

    application = web.Application()
    application.router.add_get("/", respond_late)
    with caplog.at_level(logging.ERROR):
        async with TestServer(application) as server, aiohttp.ClientSession() as client:
            with pytest.raises(aiohttp.ClientConnectionError):
                await client.get(server.make_url("/"))
    assert not caplog.records
