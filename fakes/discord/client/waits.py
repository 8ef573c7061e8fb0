"""Waiting for the bot: for its first response, for what it shows, for edits and follow-ups."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from fakes.discord.model.change_signal import ChangeSignal
from fakes.discord.model.entities import Interaction, Message, VisibleResponse
from fakes.discord.model.enums import InteractionType
from fakes.discord.model.errors import InteractionFailed, NoReply
from fakes.discord.model.message_content import MessageVersion

_T = TypeVar("_T")


async def wait_for_callback(interaction: Interaction, window: timedelta) -> None:
    """Wait for the first response of the bot, of whatever type.

    Raises:
        InteractionFailed: There is none within the window; later ones are refused.
    """
    try:
        await interaction.signal.wait_for(lambda: interaction.callback, window.total_seconds())
    except TimeoutError:
        interaction.failed = True
        is_command = interaction.kind is InteractionType.COMMAND
        text = "The application did not respond" if is_command else "This interaction failed"
        raise InteractionFailed(text + _refusals(interaction)) from None


async def wait_for_visible(interaction: Interaction, timeout: float) -> VisibleResponse:
    """Return the first message or modal of a response; the one after a deferral.

    Raises:
        NoReply: There is none in time.
    """
    return await _wait(
        interaction.signal,
        lambda: next(iter(interaction.visible_responses), None),
        timeout,
        lambda: f"The bot took note, and showed nothing in {timeout} s{_refusals(interaction)}",
    )


async def wait_for_edits(message: Message, count: int, timeout: float) -> list[MessageVersion]:
    """Return the edits of a message once there are `count`.

    Raises:
        NoReply: There are fewer in time.
    """
    return await _wait(
        message.signal,
        lambda: _at_least(count, message.edits),
        timeout,
        lambda: f"{len(message.edits)} edits in {timeout} s, not {count}",
    )


async def wait_for_follow_ups(
    interaction: Interaction, count: int, timeout: float
) -> list[Message]:
    """Return the follow-ups of an interaction once there are `count`.

    Raises:
        NoReply: There are fewer in time.
    """
    return await _wait(
        interaction.signal,
        lambda: _at_least(count, interaction.follow_ups),
        timeout,
        lambda: f"{len(interaction.follow_ups)} follow-ups in {timeout} s, not {count}",
    )


async def _wait(
    signal: ChangeSignal,
    condition: Callable[[], _T | None],
    timeout: float,
    reason: Callable[[], str],
) -> _T:
    try:
        return await signal.wait_for(condition, timeout)
    except TimeoutError:
        raise NoReply(reason()) from None


def _at_least(count: int, items: list[_T]) -> list[_T] | None:
    return items if len(items) >= count else None


def _refusals(interaction: Interaction) -> str:
    errors = "; ".join(interaction.validation_errors)
    return f" (refused: {errors})" if errors else ""
