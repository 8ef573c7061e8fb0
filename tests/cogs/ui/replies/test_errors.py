"""Every error that a member can meet has a sentence that says what is possible."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from cogs.ui.replies.errors import error_message, unexpected_error_message
from core import errors
from core.errors import (
    AmbiguousBuildingError,
    AmbiguousRoomError,
    AmbiguousWhenError,
    CampusNotConfiguredError,
    ClassroomError,
    ConflictingTimesError,
    InvalidDateError,
    InvalidDurationError,
    InvalidTimeError,
    NoCampusSelectedError,
    NoDataError,
    OutdatedComponentError,
    RefreshTooSoonError,
    SettingsError,
    SourceError,
    StartError,
    TooManyBuildingsError,
    TooManyFeaturesError,
    UnknownBuildingError,
    UnknownCampusError,
    UnknownFeatureError,
    UnknownRoomError,
    UserError,
)
from tests.fakes import TUESDAY, at

HOUR = timedelta(hours=1)
TYPED: dict[type[UserError], Callable[[str], UserError]] = {
    UnknownBuildingError: lambda typed: UnknownBuildingError(typed, []),
    UnknownRoomError: lambda typed: UnknownRoomError(typed, []),
    InvalidTimeError: InvalidTimeError,
    InvalidDateError: InvalidDateError,
    InvalidDurationError: InvalidDurationError,
    AmbiguousBuildingError: lambda typed: AmbiguousBuildingError(typed, [("CAS", "Arts")]),
    AmbiguousRoomError: lambda typed: AmbiguousRoomError(typed, [("1", "CAS 1")]),
    ConflictingTimesError: lambda typed: ConflictingTimesError([typed, "friday"]),
    AmbiguousWhenError: lambda typed: AmbiguousWhenError([typed]),
    UnknownCampusError: lambda typed: UnknownCampusError(typed, []),
    UnknownFeatureError: lambda typed: UnknownFeatureError(typed, [], listed=["Piano"]),
}
MADE: dict[type[ClassroomError], Callable[[], ClassroomError]] = {
    UnknownBuildingError: lambda: UnknownBuildingError("half past", []),
    UnknownRoomError: lambda: UnknownRoomError("half past", []),
    InvalidTimeError: lambda: InvalidTimeError("half past"),
    InvalidDateError: lambda: InvalidDateError("half past"),
    InvalidDurationError: lambda: InvalidDurationError("half past"),
    AmbiguousBuildingError: lambda: AmbiguousBuildingError("half past", [("CAS", "Arts")]),
    AmbiguousRoomError: lambda: AmbiguousRoomError("half past", [("1", "CAS 1")]),
    ConflictingTimesError: lambda: ConflictingTimesError(["half past", "friday"]),
    AmbiguousWhenError: lambda: AmbiguousWhenError(["half past"]),
    UnknownCampusError: lambda: UnknownCampusError("half past", []),
    UnknownFeatureError: lambda: UnknownFeatureError("half past", [], listed=["Piano"]),
    NoCampusSelectedError: lambda: NoCampusSelectedError(in_guild=True),
    CampusNotConfiguredError: lambda: CampusNotConfiguredError("bu", selected_by="server"),
    TooManyBuildingsError: TooManyBuildingsError,
    TooManyFeaturesError: lambda: TooManyFeaturesError(3),
    OutdatedComponentError: OutdatedComponentError,
    NoDataError: lambda: NoDataError(TUESDAY, first_known=None, last_known=None, retry_at=None),
    RefreshTooSoonError: lambda: RefreshTooSoonError(read_at=at("10:00"), allowed_at=at("10:30")),
    errors.SourceUnavailableError: lambda: errors.SourceUnavailableError("timed out", "secret"),
    errors.SourceRefusedError: lambda: errors.SourceRefusedError("login page", "secret"),
    errors.SourceFormatError: lambda: errors.SourceFormatError("not JSON", "secret"),
    errors.StoreUnavailableError: lambda: errors.StoreUnavailableError("connection refused"),
}
AT_THE_START = {SettingsError, StartError}
"""End the program before there is anybody to tell."""


def leaves(kind):
    below = [each for each in kind.__subclasses__() if each.__module__ == errors.__name__]
    return [leaf for each in below for leaf in leaves(each)] if below else [kind]


@pytest.mark.parametrize("kind", sorted(set(leaves(ClassroomError)) - AT_THE_START, key=str))
def test_every_error_has_a_sentence(kind):
    text = error_message(MADE[kind]())
    assert text
    assert text.endswith((".", "?"))
    assert "Error" not in text
    assert "secret" not in text
    assert "connection refused" not in text


def test_faults_of_ours_have_none():
    assert error_message(ValueError("x")) is None
    assert error_message(UserError()) is None


def test_reference_is_in_the_sentence():
    assert unexpected_error_message("7F3A") == (
        "Something went wrong on our side (ref 7F3A). Please try again."
    )


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            UnknownBuildingError("CASS", [("CAS", "Arts & Sciences"), ("LAW", "Law, Tower")]),
            (
                'No building here is called "CASS". '
                "Did you mean CAS (Arts & Sciences) or LAW (Law, Tower)?"
            ),
        ),
        (
            UnknownBuildingError("zzz", []),
            'No building here is called "zzz". Pick one from the list as you type.',
        ),
        (
            UnknownRoomError("211", ["CAS 211", "CGS_X 211"]),
            'No room here is called "211". Did you mean CAS 211 or CGS\\_X 211?',
        ),
        (
            UnknownRoomError("zzz", [], example="CAS 211"),
            'No room here is called "zzz". Try "CAS 211", or pick one from the list as you type.',
        ),
        (
            InvalidTimeError("half past"),
            'I didn\'t get "half past". Try "3pm", "tomorrow 10am" or "in 45 min".',
        ),
        (
            InvalidDateError("someday"),
            'I didn\'t get "someday". Try "tomorrow", "Fri" or "Mar 4".',
        ),
        (
            NoDataError(TUESDAY, first_known=None, last_known=None, retry_at=at("10:05")),
            (
                "The booking site does not answer and nothing is stored for Tuesday 3 March."
                f" I try again <t:{int(at('10:05').timestamp())}:R>."
            ),
        ),
        (
            NoDataError(
                TUESDAY,
                first_known=TUESDAY + 24 * HOUR,
                last_known=TUESDAY + 48 * HOUR,
                retry_at=None,
            ),
            (
                "Nothing is known for Tuesday 3 March 2026. "
                "Ask for a day from Wednesday 4 March 2026 to Thursday 5 March 2026."
            ),
        ),
        (
            RefreshTooSoonError(read_at=at("10:00"), allowed_at=at("10:30")),
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
    assert error_message(error) == sentence


@given(typed=st.text(), kind=st.sampled_from(list(TYPED)))
def test_sentence_stays_one_line_whatever_was_typed(typed, kind):
    text = error_message(TYPED[kind](typed))
    assert text
    assert "\n" not in text
    assert len(text) < 300
