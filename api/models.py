"""What the answers look like, as JSON Schema, each with an example."""

from typing import Any

from core.availability.plan import MAX_PIECES

Json = dict[str, Any]

_MOMENT = {"type": "string", "format": "date-time"}
_MOMENT_OR_NONE = {"type": ["string", "null"], "format": "date-time"}
_TEXT = {"type": "string"}
_INTEGER = {"type": "integer", "minimum": 0}


def _object(description: str, /, **properties: Json) -> Json:
    """Return the schema of an object that has these properties, and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: str | Json) -> Json:
    return {"type": "array", "items": _ref(of) if isinstance(of, str) else of}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _clock(example: str, pattern: str) -> Json:
    return {"type": "string", "pattern": pattern, "examples": [example]}


_STATE = {
    "type": "string",
    "enum": ["known", "unknown", "closed"],
    "description": "`unknown`: of the opening hours a part, or all, is not known. What is not in "
    "`availability` may then be free or taken; what is in it is known to be free. `closed`: the "
    "room stays closed all day, whatever is booked in it.",
}
_READ_AT = {
    **_MOMENT_OR_NONE,
    "description": "When this was read; null where nothing is known of it.",
}
_ACCESS = {
    "type": "string",
    "enum": ["open", "card", "key", "department"],
    "description": "What it takes to get in; a `department` room is for its members alone.",
}
_NOTE = {"type": ["string", "null"], "description": "What the campus says about the room."}
_LAST_UPDATED = {
    **_MOMENT_OR_NONE,
    "description": "When the youngest of the data was read, on the campus's clock.",
}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


_NUMBER = {"type": "number", "minimum": 0}
_TALLY = _object(
    "Means of an hour: free rooms among the known ones, and unknown rooms besides.",
    free=_NUMBER,
    known=_NUMBER,
    unknown=_NUMBER,
)
_USUAL = _object(
    "Free rooms at that weekday and hour: on average, at least, at most. By `samples` of the weeks "
    "before, or while there are too few of them by the `bookings` of the weeks to come.",
    free=_NUMBER,
    least=_NUMBER,
    most=_NUMBER,
    basis={"type": "string", "enum": ["samples", "bookings"]},
)

SCHEMAS: Json = {
    "Slot": _object(
        "A time at which nothing is booked, in whole minutes of the campus's clock. An end that "
        "is not after its start is on the next day.",
        start=_clock("09:00:00", "^[0-2][0-9]:[0-5][0-9]:00$"),
        end=_clock("10:30:00", "^[0-2][0-9]:[0-5][0-9]:00$"),
        start_time=_clock("09:00", "^[0-2][0-9]:[0-5][0-9]$"),
        end_time=_clock("10:30", "^[0-2][0-9]:[0-5][0-9]$"),
        duration_minutes={"type": "integer", "minimum": 1, "description": "As time passes."},
    ),
    "Classroom": _object(
        "A classroom and its free times of the day, in order.",
        id=_TEXT,
        name=_TEXT,
        availability=_list("Slot"),
        state=_STATE,
        access=_ACCESS,
        note=_NOTE,
        read_at=_READ_AT,
    ),
    "Building": _object(
        "A building and its classrooms.", code=_TEXT, name=_TEXT, classrooms=_list("Classroom")
    ),
    "OpenClassrooms": _object(
        "Buildings by their codes.",
        buildings={"type": "object", "additionalProperties": _ref("Building")},
        last_updated=_LAST_UPDATED,
    ),
    "RoomDay": _object(
        "One day of a room, which begins when its building opens.",
        date={"type": "string", "format": "date"},
        opens={**_MOMENT_OR_NONE, "description": "Null on a day on which the building is closed."},
        closes=_MOMENT_OR_NONE,
        availability=_list("Slot"),
        unknown=_list(
            _object("A part of the opening hours that is not known.", start=_MOMENT, end=_MOMENT)
        ),
        closed=_list(
            _object(
                "A part of the day in which the room is closed, whatever is booked in it.",
                start=_MOMENT,
                end=_MOMENT,
            )
        ),
        closed_reason={
            "type": ["string", "null"],
            "description": "Why it is closed, where the campus says so: a holiday, for example.",
        },
        state=_STATE,
        read_at=_READ_AT,
    ),
    "RoomDays": _object(
        "A room, and the days of which something is known, in order.",
        campus=_object("Its campus.", id=_TEXT, name=_TEXT),
        building=_object("Its building.", code=_TEXT, name=_TEXT),
        room=_object(
            "The room; its seats where the campus tells them.",
            id=_TEXT,
            name=_TEXT,
            capacity={"type": ["integer", "null"]},
            access=_ACCESS,
            note=_NOTE,
        ),
        days=_list("RoomDay"),
        last_updated=_LAST_UPDATED,
    ),
    "Plan": _object(
        "The rooms to use one after another, where no single one is free for all of the time.",
        campus=_TEXT,
        start=_MOMENT,
        end=_MOMENT,
        rooms_that_fit={
            "type": "integer",
            "minimum": 0,
            "description": "Rooms that are free for all of the time; `pieces` is then empty.",
        },
        pieces={
            **_list(
                _object(
                    "A room, and the part of the time to spend there.",
                    building=_TEXT,
                    room=_object("The room.", id=_TEXT, name=_TEXT),
                    start=_MOMENT,
                    end=_MOMENT,
                )
            ),
            "maxItems": MAX_PIECES,
            "description": "In order, without time between them: as few rooms as possible, then "
            "as few changes of building. Empty where no such plan is known.",
        },
        unknown_rooms={
            "type": "integer",
            "minimum": 0,
            "description": "Rooms of which it is not known whether they are free at `start`.",
        },
        last_updated=_LAST_UPDATED,
    ),
    "Trend": _object(
        "How busy a campus or a building gets. Null or empty is what too little is known of.",
        campus=_TEXT,
        building={"type": ["string", "null"]},
        at=_MOMENT,
        now={**_or_null(_TALLY), "description": "The rooms `at` that moment, null while closed."},
        last_hours={**_list(_TALLY), "description": "Three, the last of which ends `at` it."},
        direction={
            "type": ["string", "null"],
            "enum": ["rising", "falling", "steady", None],
            "description": "Where the share of free rooms goes; never against its last step.",
        },
        usual=_or_null(_USUAL),
        today=_list(
            _object(
                "An hour of today; the running one so far.",
                begins_at=_MOMENT,
                mean=_or_null(_TALLY),
                usual=_or_null(_USUAL),
            )
        ),
        since={**_MOMENT_OR_NONE, "description": "When the first sample was taken."},
    ),
    "Refreshed": _object("What was done, and when.", message=_TEXT, timestamp=_MOMENT),
    "LastUpdated": _object("When that was.", last_updated=_LAST_UPDATED),
    "CooldownStatus": _object(
        "Whether somebody who asks for a refresh has to wait.",
        in_cooldown={"type": "boolean"},
        remaining_minutes={"type": "number", "minimum": 0, "description": "In tenths, rounded up."},
    ),
    "Health": _object("All is well.", status={"type": "string", "const": "ok"}),
    "Readiness": _object(
        "Whether all is there that answers need; of this process.",
        status={
            "type": "string",
            "enum": ["ok", "degraded"],
            "description": "`degraded`: `warnings` name what a part of the servers lacks.",
        },
        warnings=_list(_TEXT),
        shards=_list(_object("A shard of Discord.", id=_INTEGER, connected={"type": "boolean"})),
    ),
    "Fault": _object("What went wrong, in a sentence.", detail=_TEXT),
}

_SLOT = {
    "start": "09:00:00",
    "end": "10:30:00",
    "start_time": "09:00",
    "end_time": "10:30",
    "duration_minutes": 90,
}
_READ = "2026-03-03T10:00:00-05:00"

EXAMPLES: Json = {
    "OpenClassrooms": {
        "buildings": {
            "CAS": {
                "code": "CAS",
                "name": "College of Arts & Sciences",
                "classrooms": [
                    {
                        "id": "342",
                        "name": "116",
                        "availability": [_SLOT],
                        "state": "known",
                        "access": "open",
                        "note": None,
                        "read_at": _READ,
                    }
                ],
            }
        },
        "last_updated": _READ,
    },
    "RoomDays": {
        "campus": {"id": "bu", "name": "Boston University"},
        "building": {"code": "CAS", "name": "College of Arts & Sciences"},
        "room": {"id": "342", "name": "116", "capacity": 40, "access": "card", "note": None},
        "days": [
            {
                "date": "2026-03-03",
                "opens": "2026-03-03T07:00:00-05:00",
                "closes": "2026-03-03T23:00:00-05:00",
                "availability": [_SLOT],
                "unknown": [],
                "closed": [],
                "closed_reason": None,
                "state": "known",
                "read_at": _READ,
            }
        ],
        "last_updated": _READ,
    },
    "Plan": {
        "campus": "bu",
        "start": "2026-03-03T12:00:00-05:00",
        "end": "2026-03-03T14:00:00-05:00",
        "rooms_that_fit": 0,
        "pieces": [
            {
                "building": "CAS",
                "room": {"id": "342", "name": "116"},
                "start": "2026-03-03T12:00:00-05:00",
                "end": "2026-03-03T12:50:00-05:00",
            },
            {
                "building": "CAS",
                "room": {"id": "343", "name": "201"},
                "start": "2026-03-03T12:50:00-05:00",
                "end": "2026-03-03T14:00:00-05:00",
            },
        ],
        "unknown_rooms": 2,
        "last_updated": _READ,
    },
    "Refreshed": {"message": "Data refreshed successfully", "timestamp": _READ},
    "LastUpdated": {"last_updated": _READ},
    "CooldownStatus": {"in_cooldown": True, "remaining_minutes": 15.5},
    "Health": {"status": "ok"},
    "Readiness": {"status": "ok", "warnings": [], "shards": [{"id": 0, "connected": True}]},
    "Fault": {"detail": "Refresh cooldown active. Please wait 15.5 more minutes."},
}
