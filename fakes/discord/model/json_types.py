"""The one place where JSON may hold anything."""

from typing import Any

Json = dict[str, Any]
