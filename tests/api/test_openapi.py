"""The description of the endpoints: valid, true of every answer, and shown by a page alone."""

import re
import shutil

import jsonschema_rs
import pytest
from playwright.async_api import async_playwright

from api.models import EXAMPLES, SCHEMAS
from api.openapi import openapi_document
from tests.demo.page.browser import ARGUMENTS
from tests.demo.page.conftest import NAMES


def validator(name):
    whole = {"components": {"schemas": SCHEMAS}, "$ref": f"#/components/schemas/{name}"}
    return jsonschema_rs.validator_for(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}, validate_formats=True
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name):
    assert jsonschema_rs.meta.is_valid(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCHEMAS[name]}
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_right(name):
    validator(name).validate(EXAMPLES[name])


async def test_it_names_every_endpoint_and_no_others(api_server):
    endpoints = {
        path: set(methods) for path, methods in api_server.http_api._handler._endpoints.items()
    } | {"/api/rooms/{campus}/{room_id}": {"GET"}}
    told = {
        path: {method.upper() for method in methods}
        for path, methods in openapi_document()["paths"].items()
    }
    assert told == endpoints


async def test_it_is_served_as_it_is(api_server):
    assert (await api_server.ask("/openapi.json")).json == openapi_document()
    tag = (await api_server.ask("/openapi.json")).headers["ETag"]
    assert (await api_server.ask("/openapi.json", If_None_Match=tag)).status == 304


async def test_answers_that_know_all_and_nothing_are_as_described(api_server):
    api_server.fail("101")
    for path, name in (
        ("/api/open-classrooms", "OpenClassrooms"),
        ("/api/rooms/bu/101", "RoomDays"),
        ("/api/rooms/bu/102", "RoomDays"),
        ("/api/rooms/bu/103x", "Fault"),
        ("/api/plan?minutes=60", "Plan"),
        ("/api/plan?minutes=soon", "Fault"),
        ("/api/trends", "Trend"),
        ("/api/last-updated", "LastUpdated"),
        ("/api/cooldown-status", "CooldownStatus"),
        ("/healthz", "Health"),
        ("/livez", "Health"),
        ("/readyz", "Readiness"),
    ):
        validator(name).validate((await api_server.ask(path)).json)


async def test_the_page_is_alone_and_lets_nothing_in(api_server):
    said = await api_server.ask("/docs")
    text = said.body.decode()
    assert said.headers["Content-Type"] == "text/html; charset=utf-8"
    assert said.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha")
    assert "<script" not in text
    assert re.findall(r'(?:src|href)="([^"#][^"]*)"', text) == ["/openapi.json"]
    for path in openapi_document()["paths"]:
        assert path in text
    for name in SCHEMAS:
        assert f'id="{name}"' in text


async def test_a_browser_shows_the_page_and_asks_for_nothing_else(api_server):
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if not chromium:
        pytest.skip(
            "no Chromium here; install it with: apt-get update && apt-get install -y chromium"
        )
    asked, complaints = [], []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page()
        page.on("request", lambda each: asked.append(each.url))
        page.on("console", lambda each: complaints.append(each.text))
        await page.goto(f"{api_server.url}/docs")
        # Its own style is in effect: the hash is right.
        width = await page.evaluate("getComputedStyle(document.body).maxWidth")
        await browser.close()
    assert asked == [f"{api_server.url}/docs"]
    assert complaints == []
    assert width == "896px"
