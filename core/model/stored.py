"""Names under which the fields of records are stored, where those differ from the attributes."""

from collections.abc import Mapping
from typing import Any

_KEY = "stored_as"


def stored_as(name: str) -> dict[str, str]:
    """Return the `metadata` of a dataclass field that is stored under `name`.

    Attributes are renamed freely; what Redis holds has to stay readable.
    """
    return {_KEY: name}


def stored_name_of(metadata: Mapping[Any, Any], attribute: str) -> str:
    """Return the name under which an attribute with that `metadata` is stored."""
    return str(metadata.get(_KEY, attribute))
