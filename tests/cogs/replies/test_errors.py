"""Every error that a member can meet has a sentence that says what is possible."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from cogs.replies.errors import explain, unexpected
from core import errors
from core.errors import (
    CampusNotServedError,
    ClassroomError,
    MemberError,
    NoCampusPickedError,
    NoDataError,
    RefreshTooSoonError,
    SettingsError,
    SourceError,
    StartError,
    TooManyBuildingsError,
    UnknownBuildingError,
    UnknownCampusError,
    UnknownFeatureError,
    UnknownRoomError,
    UnreadableDateError,
    UnreadableTimeError,
)
from tests.fakes import TUESDAY, at

HOUR = timedelta(hours=1)
TYPED: dict[type[MemberError], Callable[[str], MemberError]] = {
    UnknownBuildingError: lambda typed: UnknownBuildingError(typed, []),
    UnknownRoomError: lambda typed: UnknownRoomError(typed, []),
    UnreadableTimeError: UnreadableTimeError,
    UnreadableDateError: UnreadableDateError,
    UnknownCampusError: lambda typed: UnknownCampusError(typed, []),
    UnknownFeatureError: lambda typed: UnknownFeatureError(typed, [], are_known=True),
}
MADE: dict[type[ClassroomError], Callable[[], ClassroomError]] = {
    UnknownBuildingError: lambda: UnknownBuildingError("half past", []),
    UnknownRoomError: lambda: UnknownRoomError("half past", []),
    UnreadableTimeError: lambda: UnreadableTimeError("half past"),
    UnreadableDateError: lambda: UnreadableDateError("half past"),
    UnknownCampusError: lambda: UnknownCampusError("half past", []),
    UnknownFeatureError: lambda: UnknownFeatureError("half past", [], are_known=True),
    NoCampusPickedError: lambda: NoCampusPickedError(in_server=True),
    CampusNotServedError: lambda: CampusNotServedError("bu", by="server"),
    TooManyBuildingsError: TooManyBuildingsError,
    NoDataError: lambda: NoDataError(TUESDAY, first=None, last=None, retry_at=None),
    RefreshTooSoonError: lambda: RefreshTooSoonError(read_at=at("10:00"), possible_at=at("10:30")),
    errors.SourceUnavailableError: lambda: errors.SourceUnavailableError("timed out", "secret"),
    errors.SourceRefusedError: lambda: errors.SourceRefusedError("login page", "secret"),
    errors.SourceChangedError: lambda: errors.SourceChangedError("not JSON", "secret"),
    errors.StoreUnavailableError: lambda: errors.StoreUnavailableError("connection refused"),
}
AT_THE_START = {SettingsError, StartError}
"""End the program before there is anybody to tell."""


def leaves(kind):
    below = [each for each in kind.__subclasses__() if each.__module__ == errors.__name__]
    return [leaf for each in below for leaf in leaves(each)] if below else [kind]


@pytest.mark.parametrize("kind", sorted(set(leaves(ClassroomError)) - AT_THE_START, key=str))
def test_every_error_has_a_sentence(kind):
    text = explain(MADE[kind]())
    assert text
    assert text.endswith((".", "?"))
    assert "Error" not in text
    assert "secret" not in text
    assert "connection refused" not in text


def test_faults_of_ours_have_none():
    assert explain(ValueError("x")) is None
    assert explain(MemberError()) is None


def test_reference_is_in_the_sentence():
    assert unexpected("7F3A") == ("Something went wrong on our side (ref 7F3A). Please try again.")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            UnknownBuildingError("CASS", [("CAS", "Arts & Sciences"), ("LAW", "Law, Tower")]),
            'No building called "CASS". Did you mean CAS (Arts & Sciences) or LAW (Law, Tower)?',
        ),
        (
            UnknownBuildingError("zzz", []),
            'No building called "zzz". The list that appears as you type has them all.',
        ),
        (
            UnknownRoomError("211", ["CAS 211", "CGS_X 211"]),
            'No room called "211". Did you mean CAS 211 or CGS\\_X 211?',
        ),
        (
            UnknownRoomError("zzz", []),
            'No room called "zzz". The list that appears as you type has them all.',
        ),
        (
            UnreadableTimeError("half past"),
            'I can\'t read the time "half past". Try 14:30, 2:30 pm, now or +45.',
        ),
        (
            UnreadableDateError("someday"),
            'I can\'t read the date "someday". Try 2026-03-03, today, tomorrow or a weekday.',
        ),
        (
            NoDataError(TUESDAY, first=None, last=None, retry_at=at("10:05")),
            (
                "The booking site does not answer and nothing is stored for Tuesday 3 March."
                f" I try again <t:{int(at('10:05').timestamp())}:R>."
            ),
        ),
        (
            NoDataError(
                TUESDAY, first=TUESDAY + 24 * HOUR, last=TUESDAY + 48 * HOUR, retry_at=None
            ),
            (
                "Nothing is known for Tuesday 3 March 2026. "
                "Ask for a day from Wednesday 4 March 2026 to Thursday 5 March 2026."
            ),
        ),
        (
            RefreshTooSoonError(read_at=at("10:00"), possible_at=at("10:30")),
            (
                f"Refreshed <t:{int(at('10:00').timestamp())}:R>."
                f" Possible again <t:{int(at('10:30').timestamp())}:R>."
            ),
        ),
        (
            SourceError("timed out"),
            (
                "The booking site does not answer (timed out). "
                "Nothing has changed: what was known before still stands."
            ),
        ),
        (app_commands.NoPrivateMessage(), "That works in servers only."),
        (app_commands.CheckFailure(), "You may not do that here."),
        (
            app_commands.CommandNotFound("free", []),
            "Discord still shows you an older form of this command. Please try again.",
        ),
    ],
)
def test_sentence_says_what_is_possible(error, sentence):
    assert explain(error) == sentence


@given(typed=st.text(), kind=st.sampled_from(list(TYPED)))
def test_sentence_stays_one_line_whatever_was_typed(typed, kind):
    text = explain(TYPED[kind](typed))
    assert text
    assert "\n" not in text
    assert len(text) < 300
