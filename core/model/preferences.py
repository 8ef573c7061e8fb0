"""Campus preferences: the campus that each guild and each user selected."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreferencesSnapshot:
    """All picks, campus ids by who chose, as of a revision that counts up with each change."""

    revision: int
    campuses: Mapping[str, str]
