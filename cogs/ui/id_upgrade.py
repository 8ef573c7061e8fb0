"""Custom ids of messages that version 1 of the form sent: digests stay in channels for years.

`1:free:next:umd:CAS CGS:60:1772553600:40:0:a1b2c3` has the question in words and decimals.
"""

import re
from collections.abc import Callable
from datetime import date

from cogs.ui.id_format import to_base36
from core.errors import InvalidDateError

_CAMPUS = r"(?P<campus>[a-z0-9-]{1,20})"
_DAY = r"\d{4}-\d\d-\d\d"
OLD_FREE = (
    r"1:free:(?P<action>previous|next|update|share|pick|open)"
    rf":{_CAMPUS}:(?P<buildings>[^:]{{0,26}}):(?P<minutes>\d{{1,4}}):(?P<at>now|\d{{1,11}})"
    r":(?P<capacity>\d{1,6}):(?P<page>\d{1,4})(?::(?P<feature>[0-9a-f]{6}))?"
)
OLD_BUILDING = (
    r"1:building:(?P<action>previous|next|update|share|pick|open)"
    rf":{_CAMPUS}:(?P<building>[^:]{{0,16}}):(?P<day>today|{_DAY}):(?P<page>\d{{1,4}})"
)
OLD_ROOM = (
    r"1:room:(?P<action>previous|next|update|share)"
    rf":{_CAMPUS}:(?P<room>[A-Za-z0-9._-]{{1,40}}):(?P<week>now|{_DAY})"
)

_LETTERS = {
    "previous": "p",
    "next": "n",
    "update": "u",
    "share": "s",
    "pick": "k",
    "open": "o",
}


def upgrade_custom_id(custom_id: str) -> str:
    """Return a custom id of version 1 in the present form; any other as it is.

    Raises:
        InvalidDateError: its day is in no calendar.
    """
    for pattern, upgrade in _UPGRADES.items():
        if match := re.fullmatch(pattern, custom_id):
            return upgrade(match)
    return custom_id


def _upgrade_free(match: re.Match[str]) -> str:
    is_now = match["at"] == "now"
    capacity = int(match["capacity"])
    # Both marks begin with the same bits of a feature's hash.
    mark = to_base36(int(match["feature"][:5], 16)).zfill(4) if match["feature"] else ""
    return ":".join(
        (
            f"2f{_LETTERS[match['action']]}",
            match["campus"],
            match["buildings"],
            to_base36(int(match["minutes"])),
            "" if is_now else to_base36(int(match["at"]) // 60),
            to_base36(capacity) if capacity else "",
            to_base36(int(match["page"])),
            mark,
        )
    )


def _upgrade_building(match: re.Match[str]) -> str:
    page = to_base36(int(match["page"]))
    header = f"2b{_LETTERS[match['action']]}"
    return ":".join((header, match["campus"], match["building"], _day(match["day"]), page))


def _upgrade_room(match: re.Match[str]) -> str:
    header = f"2r{_LETTERS[match['action']]}"
    return ":".join((header, match["campus"], match["room"], _day(match["week"])))


def _day(text: str) -> str:
    if text in {"today", "now"}:
        return ""
    try:
        return to_base36(date.fromisoformat(text).toordinal())
    except ValueError as err:
        raise InvalidDateError(text) from err


_UPGRADES: dict[str, Callable[[re.Match[str]], str]] = {
    OLD_FREE: _upgrade_free,
    OLD_BUILDING: _upgrade_building,
    OLD_ROOM: _upgrade_room,
}
