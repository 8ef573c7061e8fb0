"""Discord's numbers by name: channel, interaction and callback types."""

from enum import IntEnum


class ChannelType(IntEnum):
    """The channel types."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15

    @property
    def is_thread(self) -> bool:
        """Whether it lives inside another channel."""
        return self in (
            ChannelType.ANNOUNCEMENT_THREAD,
            ChannelType.THREAD,
            ChannelType.PRIVATE_THREAD,
        )

    @property
    def holds_messages(self) -> bool:
        """Whether messages can be posted straight into it."""
        return self not in (ChannelType.CATEGORY, ChannelType.FORUM)


class InteractionType(IntEnum):
    """The interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackType(IntEnum):
    """The types of a first response to an interaction."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ALLOWED_CALLBACKS = {
    InteractionType.COMMAND: {
        CallbackType.MESSAGE,
        CallbackType.DEFERRED_MESSAGE,
        CallbackType.MODAL,
    },
    InteractionType.AUTOCOMPLETE: {CallbackType.CHOICES},
    InteractionType.COMPONENT: set(CallbackType) - {CallbackType.CHOICES},
    InteractionType.MODAL: set(CallbackType) - {CallbackType.CHOICES, CallbackType.MODAL},
}
