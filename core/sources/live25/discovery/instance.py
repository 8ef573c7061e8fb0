"""Which 25Live instance an operator means, by its name or by an address of it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.sources.discovery import DiscoveryError, campus_id_from

_PUBLIC_HOST = "https://25live.collegenet.com"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_DATA_PATH = re.compile(r"/25live/data/(?P<name>[\w.-]+)/run")
_PAGE_PATH = re.compile(r"(?:/25live)?/pro/(?P<name>[\w.-]+)(?:/.*)?")


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance: what it is called, and its `run` folder."""

    name: str
    url: str

    @property
    def campus_id(self) -> str:
        """The name as a campus file may have it."""
        return campus_id_from(self.name)


def parse_instance(text: str) -> Instance:
    """Return the instance that `umd`, its run address, or the address of its pages means.

    Raises:
        DiscoveryError: it is none of these.
    """
    if _NAME.fullmatch(text):
        return Instance(text, f"{_PUBLIC_HOST}/25live/data/{text}/run")
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise DiscoveryError(f"{text!r} is neither the name of a 25Live instance nor an address")
    base = f"{parts.scheme}://{parts.netloc}"
    path = parts.path.rstrip("/")
    if match := _DATA_PATH.fullmatch(path):
        return Instance(match["name"], base + path)
    if match := _PAGE_PATH.fullmatch(path):
        return Instance(match["name"], f"{base}/25live/data/{match['name']}/run")
    # A university's own host needs no instance in the path.
    if path.endswith("/run"):
        return Instance(host.split(".")[0], base + path)
    raise DiscoveryError(f"{text!r} does not end in /run, as the address of an instance does")
