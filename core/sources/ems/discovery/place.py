"""Which EMS web app an operator means, by its name at the vendor's or by an address of it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.sources.discovery import DiscoveryError, campus_id_from

_VENDOR = "emscloudservice.com"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_PAGE = re.compile(r"/[^/]*\.aspx(?:/.*)?$", re.IGNORECASE)
# What the host of a booking site is called everywhere, and so says nothing of the university.
_GENERAL = frozenset({"www", "ems", "emsweb", "roombook", "reserve", "reservations", "rooms"})


@dataclass(frozen=True, slots=True)
class EmsPlace:
    """An EMS web app: what its university is called there, and the app's folder."""

    name: str
    url: str

    @property
    def campus_id(self) -> str:
        """The name as a campus file may have it."""
        return campus_id_from(self.name)


def parse_place(text: str) -> EmsPlace:
    """Return the app that `mmdg`, its folder, or the address of one of its pages means.

    Raises:
        DiscoveryError: it is none of these.
    """
    if _NAME.fullmatch(text):
        return EmsPlace(text, f"https://{text}.{_VENDOR}/web")
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise DiscoveryError(f"{text!r} is neither the name of an EMS nor an address")
    folder = _PAGE.sub("", parts.path).rstrip("/")
    return EmsPlace(_university(host), f"{parts.scheme}://{parts.netloc}{folder}")


def _university(host: str) -> str:
    """Return the part of a host's name that names the university, "byui" of "ems.byui.edu"."""
    labels = host.split(".")
    named = [label for label in labels[:-1] if label not in _GENERAL]
    return named[0] if named else labels[0]
