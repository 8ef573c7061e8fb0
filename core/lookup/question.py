"""The question of `/free` from its options as typed: when, where, and what a room has to have.

Each part is read by itself. Where exactly one of them has several readings, they are offered
with the rest of the question kept; a part that nobody can read is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from core.availability.queries import FreeRoomsQuery
from core.errors import (
    AmbiguousBuildingError,
    AmbiguousRoomError,
    AmbiguousWhenError,
    UnknownBuildingError,
    UnknownFeatureError,
    UserError,
)
from core.lookup.features import find_features
from core.lookup.names import is_same_text
from core.lookup.places import find_places
from core.lookup.rooms import room_by_id
from core.lookup.when import ParsedWhen, is_literal_duration, is_literal_moment, parse_when
from core.model.campus import Building, Campus, Room

Place = tuple[Building, ...] | Room
"""Buildings, none for the whole campus, or the one room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeOptions:
    """The options of `/free` as typed, None where left out."""

    building: str | None = None
    minutes: str | None = None
    at: str | None = None
    date: str | None = None
    capacity: int | None = None
    feature: str | None = None


class Understood(NamedTuple):
    """The parts of a question that were not typed literally, each as it was understood."""

    when: ParsedWhen | None = None
    place: Place | None = None
    features: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FreeQuestion:
    """A question of `/free`, and how it was understood.

    `day` is set where a whole day is asked about, without a time of it; the moment of the query
    says nothing then. `room` is set where one room is named instead of buildings. A question
    that `is_building_alone` names one building and asks for nothing else but a time. `others`
    are the same question at times that are nearly as likely.
    """

    query: FreeRoomsQuery
    understood: Understood
    day: date | None = None
    room: Room | None = None
    is_building_alone: bool = False
    others: tuple[tuple[ParsedWhen, FreeRoomsQuery], ...] = ()


Reading = ParsedWhen | Building | Room | str
"""One of several readings of a part: a time, a place or a feature."""


class UnclearQuestionError(UserError):
    """One part of a question has several readings, or is near to some; the rest is understood."""

    def __init__(self, cause: UserError, choices: Sequence[tuple[Reading, FreeQuestion]]) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.choices = tuple(choices)


def read_free_question(
    options: FreeOptions, *, campus: Campus, now: datetime, min_gap: timedelta
) -> FreeQuestion:
    """Return the question that the options ask; `min_gap` long where no duration is typed.

    Raises:
        UnclearQuestionError: one part has several readings.
        UserError: a part has none.
    """
    whens = _read_when(options, campus, now)
    places = _read_place(campus, options.building)
    features = _read_features(campus, options.feature)
    errors = [part.error for part in (whens, places, features) if part.error]
    build = _Builder(options, campus, now, min_gap)
    questions = [
        (of_when or of_place or of_feature, build(when, place, having))
        for of_when, when in whens.readings
        for of_place, place in places.readings
        for of_feature, having in features.readings
    ]
    if not errors:
        return questions[0][1]
    choices = [(reading, question) for reading, question in questions if reading]
    if len(errors) > 1 or not choices:
        raise errors[0]
    raise UnclearQuestionError(errors[0], choices)


def goes_together(options: FreeOptions, *, campus: Campus, now: datetime) -> bool:
    """Tell whether the times of the options can be read together."""
    return not _read_when(options, campus, now).error


def read_filters(
    options: FreeOptions, *, campus: Campus, now: datetime, min_gap: timedelta
) -> FreeQuestion | None:
    """Return the question that the options ask of any building; None where they ask nothing.

    A part that cannot be read, or not yet, asks nothing: the options are being typed.
    """
    when = _read_when(options, campus, now)
    features = _read_features(campus, options.feature)
    is_readable = not when.error, not features.error
    readable = replace(
        options,
        building=None,
        at=options.at if is_readable[0] else None,
        date=options.date if is_readable[0] else None,
        minutes=options.minutes if is_readable[0] else None,
        feature=options.feature if is_readable[1] else None,
    )
    if readable == FreeOptions():
        return None
    return read_free_question(readable, campus=campus, now=now, min_gap=min_gap)


_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class _Part(Generic[_Value]):
    """The readings of a part, the only one as (None, value); `error` where there is no such."""

    readings: Sequence[tuple[Reading | None, _Value]]
    error: UserError | None = None


@dataclass(frozen=True, slots=True)
class _Builder:
    """Puts the parts of a question together."""

    options: FreeOptions
    campus: Campus
    now: datetime
    min_gap: timedelta

    def __call__(self, when: ParsedWhen, place: Place, features: tuple[str, ...]) -> FreeQuestion:
        is_day = when.kind == "day" and when.day != self.campus.local_date(self.now)
        buildings = () if isinstance(place, Room) else tuple(each.code for each in place)
        query = FreeRoomsQuery(
            self.now, self.min_gap, buildings, self.options.capacity, features, is_now=True
        )
        return FreeQuestion(
            query=self._at(when, query),
            day=when.day if is_day else None,
            room=place if isinstance(place, Room) else None,
            is_building_alone=len(buildings) == 1
            and not (self.options.capacity or features or when.duration),
            understood=self._understood(when, place, features),
            others=tuple((each, self._at(each, query)) for each in when.alternatives),
        )

    def _at(self, when: ParsedWhen, query: FreeRoomsQuery) -> FreeRoomsQuery:
        at_least = when.duration or self.min_gap
        if when.start is None:
            return replace(query, at_least=at_least)
        # Custom ids hold minutes: the first page and the next ones are of the same moment.
        moment = when.start.replace(second=0, microsecond=0)
        return replace(query, moment=moment, at_least=at_least, is_now=False)

    def _understood(self, when: ParsedWhen, place: Place, features: tuple[str, ...]) -> Understood:
        options = self.options
        is_day_clear = bool(options.date) or when.day == self.campus.local_date(self.now)
        is_literal = all(
            is_literal_moment(text, is_day_clear=is_day_clear)
            for text in (options.at, options.date)
            if text
        ) and (options.minutes is None or is_literal_duration(options.minutes))
        return Understood(
            when=None if is_literal else when,
            place=None if _is_literal_place(options.building, place) else place,
            features=None if _is_literal_list(options.feature, features) else features,
        )


def _read_when(options: FreeOptions, campus: Campus, now: datetime) -> _Part[ParsedWhen]:
    texts = options.at, options.date, options.minutes
    try:
        when = parse_when(*texts, now=now, campus=campus)
    except UserError as err:
        return _Part((), err)
    if isinstance(when, ParsedWhen):
        return _Part([(None, when)])
    error = AmbiguousWhenError([text for text in texts if text])
    return _Part([(each, each) for each in when.readings], error)


def _read_place(campus: Campus, typed: str | None) -> _Part[Place]:
    if typed is None:
        return _Part([(None, ())])
    try:
        return _Part([(None, find_places(campus, typed))])
    except AmbiguousRoomError as err:
        rooms = [room_by_id(campus, id_)[1] for id_, _ in err.candidates]
        return _Part([(room, room) for room in rooms], err)
    except AmbiguousBuildingError as err:
        return _Part(_buildings(campus, err.candidates), err)
    except UnknownBuildingError as err:
        return _Part(_buildings(campus, err.suggestions), err)


def _buildings(
    campus: Campus, pairs: Sequence[tuple[str, str]]
) -> list[tuple[Reading | None, Place]]:
    found = [campus.building(code) for code, _ in pairs]
    return [(each, (each,)) for each in found if each]


def _read_features(campus: Campus, typed: str | None) -> _Part[tuple[str, ...]]:
    if typed is None:
        return _Part([(None, ())])
    try:
        return _Part([(None, find_features(campus, typed))])
    except UnknownFeatureError as err:
        # Of several features, the others would be lost.
        is_only_one = err.typed.strip() == typed.strip()
        return _Part([(each, (each,)) for each in err.suggestions if is_only_one], err)


def _is_literal_place(typed: str | None, place: Place) -> bool:
    if typed is None:
        return True
    if isinstance(place, Room):
        return is_same_text(typed, place.label)
    names = (each.code for each in place), (each.name for each in place)
    return bool(place) and any(_is_literal_list(typed, tuple(each)) for each in names)


def _is_literal_list(typed: str | None, names: tuple[str, ...]) -> bool:
    return typed is None or any(is_same_text(typed, mark.join(names)) for mark in (" ", ", ", ","))
