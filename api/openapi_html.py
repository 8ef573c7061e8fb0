"""The description as a page for people: one file, no script, nothing from elsewhere."""

import base64
import hashlib
import json
import re
from html import escape
from typing import Any

Json = dict[str, Any]

_STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0 auto;padding:1rem;max-width:56rem}
h2{margin:2.5rem 0 .5rem;font-size:1.15rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #8886}
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
pre{padding:.75rem;overflow-x:auto;border:1px solid #8886;border-radius:.4rem;font-size:.85rem}
"""


def docs_headers() -> dict[str, str]:
    """Return the headers of the page; its style is allowed by its hash, and nothing else is."""
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{style}'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
    }


def docs_page(document: Json) -> bytes:
    """Return the page that shows a description."""
    info = document["info"]
    endpoints = "".join(
        _endpoint(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    schemas = "".join(
        f'<h2 id="{escape(name)}">{escape(name)}</h2>{_paragraph(schema["description"])}'
        f"<pre>{escape(json.dumps(schema, indent=1))}</pre>"
        for name, schema in document["components"]["schemas"].items()
    )
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style></head><body>"
        f"<main><h1>{escape(info['title'])} API {escape(info['version'])}</h1>"
        f"<p>{escape(info['summary'])}</p>{_paragraph(info['description'])}"
        '<p>For programs: <a href="/openapi.json">openapi.json</a></p>'
        f"{endpoints}<h1>Shapes</h1>{schemas}</main></body></html>"
    )
    return page.encode()


def _endpoint(method: str, path: str, operation: Json) -> str:
    rows = [
        (
            f"<code>{escape(each['name'])}</code>",
            f"{each['in']}: {_inline_markup(each['description'])}",
        )
        for each in operation["parameters"]
    ]
    answers = [
        (status, _inline_markup(each["description"]) + _schema_link(each))
        for status, each in operation["responses"].items()
    ]
    return (
        f"<section><h2><code>{method.upper()} {escape(path)}</code></h2>"
        f"<p>{escape(operation['summary'])}</p>"
        f"{_table(('parameter', ''), rows)}{_table(('status', 'answer'), answers)}"
        f"{_example(operation)}</section>"
    )


def _schema_link(response: Json) -> str:
    for content in response.get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        if name:
            return f' (<a href="#{escape(name)}">{escape(name)}</a>)'
    return ""


def _example(operation: Json) -> str:
    for content in operation["responses"]["200"]["content"].values():
        if "example" in content:
            return f"<pre>{escape(json.dumps(content['example'], indent=1))}</pre>"
    return ""


def _table(heads: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(f"<tr><td>{one}</td><td>{other}</td></tr>" for one, other in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _paragraph(text: str) -> str:
    return f"<p>{_inline_markup(text)}</p>"


def _inline_markup(text: str) -> str:
    """Return a text with what is `code` in it and what is **strong**."""
    coded = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", coded)
