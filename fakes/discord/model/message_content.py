"""A message with its whole history, and how a reader reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from typing import TYPE_CHECKING

from fakes.discord.model import component_tree as parts
from fakes.discord.model.change_signal import ChangeSignal
from fakes.discord.model.mentions import notified_ids

if TYPE_CHECKING:
    from datetime import datetime

    from fakes.discord.model.entities import Channel, User
    from fakes.discord.model.interaction_types import Interaction
    from fakes.discord.model.json_types import Json


class MessageFlag(IntFlag):
    """The message flags this server knows."""

    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was uploaded with a message."""

    id: int
    filename: str
    content_type: str
    size: int
    url: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class MessageVersion:
    """What a message said from one moment on."""

    since: datetime
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: tuple[Attachment, ...] = ()
    flags: int = 0

    @property
    def text(self) -> str:
        """Everything there is to read, in order: content, embeds, text displays."""
        lines = [self.content, *(line for embed in self.embeds for line in _embed_lines(embed))]
        return "\n".join(line for line in [*lines, *parts.texts(self.components)] if line)

    @property
    def is_loading(self) -> bool:
        """Whether a client shows "thinking" in its place."""
        return bool(self.flags & MessageFlag.LOADING)

    @property
    def buttons(self) -> dict[str, bool]:
        """The buttons in order: label, and whether it can be pressed."""
        found = parts.buttons(self.components)
        return {parts.label_of(button): not button.get("disabled") for button in found}

    @property
    def selects(self) -> list[str]:
        """The selects in order, by placeholder (or custom_id where there is none)."""
        found = parts.selects(self.components)
        return [select.get("placeholder") or select["custom_id"] for select in found]

    def button(self, name: str) -> Json | None:
        """Return the button with this label or custom_id."""
        for button in parts.buttons(self.components):
            if name in (parts.label_of(button), button.get("custom_id")):
                return button
        return None

    def select(self, name: str) -> Json | None:
        """Return the select with this placeholder or custom_id."""
        for select in parts.selects(self.components):
            if name in (select.get("placeholder"), select["custom_id"]):
                return select
        return None

    def options(self, select: str) -> list[str]:
        """Return the labels that a select offers; empty if there is no such select."""
        found = self.select(select)
        return [option["label"] for option in (found or {}).get("options", [])]


@dataclass(eq=False)
class Message:
    """A message in a channel. Its properties speak of the newest version."""

    id: int
    channel: Channel
    author: User
    versions: list[MessageVersion]
    nonce: str | int | None = None
    ephemeral_for: User | None = None
    interaction: Interaction | None = None
    allowed_mentions: Json | None = None
    kind: int = 0
    is_deleted: bool = False
    is_crossposted: bool = False
    signal: ChangeSignal = field(default_factory=ChangeSignal)

    @property
    def is_public(self) -> bool:
        """Whether everybody who sees the channel sees it."""
        return self.ephemeral_for is None and not self.is_deleted

    @property
    def current(self) -> MessageVersion:
        """The newest version."""
        return self.versions[-1]

    @property
    def created_at(self) -> datetime:
        """When it was posted."""
        return self.versions[0].since

    @property
    def edits(self) -> list[MessageVersion]:
        """Every version after the first that said something; filling a deferral is no edit."""
        return [version for version in self.versions if not version.is_loading][1:]

    @property
    def edited_at(self) -> datetime | None:
        """When it was last edited."""
        edits = self.edits
        return edits[-1].since if edits else None

    @property
    def text(self) -> str:
        """Everything there is to read."""
        return self.current.text

    @property
    def components(self) -> list[Json]:
        """The components as raw JSON."""
        return self.current.components

    @property
    def buttons(self) -> dict[str, bool]:
        """The buttons in order: label, and whether it can be pressed."""
        return self.current.buttons

    @property
    def selects(self) -> list[str]:
        """The selects in order, by placeholder."""
        return self.current.selects

    @property
    def flags(self) -> int:
        """The message flags."""
        return self.current.flags

    @property
    def is_silent(self) -> bool:
        """Whether it was posted without a notification."""
        return bool(self.flags & MessageFlag.SUPPRESS_NOTIFICATIONS)

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that hang on it."""
        return self.current.attachments

    @property
    def notified_ids(self) -> list[str]:
        """Whom it notifies: ids of users and roles, "everyone", "here"."""
        return notified_ids(self.text, self.allowed_mentions)

    def options(self, select: str) -> list[str]:
        """Return the labels that a select offers."""
        return self.current.options(select)


def _embed_lines(embed: Json) -> list[str]:
    fields = [line for field in embed.get("fields", []) for line in (field["name"], field["value"])]
    footer = (embed.get("footer") or {}).get("text", "")
    return [embed.get("title") or "", embed.get("description") or "", *fields, footer]
