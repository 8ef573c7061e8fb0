"""The content of a message: its versions, its files, and what a reader sees of them."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntFlag

from fakes.discord.model import component_tree
from fakes.discord.model.json_types import Json

MAX_FILE_SIZE = 10 * 1024 * 1024


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
        return "\n".join(line for line in [*lines, *component_tree.texts(self.components)] if line)

    @property
    def is_loading(self) -> bool:
        """Whether a client shows "thinking" in its place."""
        return bool(self.flags & MessageFlag.LOADING)

    @property
    def buttons(self) -> dict[str, bool]:
        """The buttons in order: label, and whether it can be pressed."""
        found = component_tree.buttons(self.components)
        return {component_tree.label_of(button): not button.get("disabled") for button in found}

    @property
    def selects(self) -> list[str]:
        """The selects in order, by placeholder (or custom_id where there is none)."""
        found = component_tree.selects(self.components)
        return [select.get("placeholder") or select["custom_id"] for select in found]

    def button(self, name: str) -> Json | None:
        """Return the button with this label or custom_id."""
        for button in component_tree.buttons(self.components):
            if name in (component_tree.label_of(button), button.get("custom_id")):
                return button
        return None

    def select(self, name: str) -> Json | None:
        """Return the select with this placeholder or custom_id."""
        for select in component_tree.selects(self.components):
            if name in (select.get("placeholder"), select["custom_id"]):
                return select
        return None

    def options(self, select: str) -> list[str]:
        """Return the labels that a select offers; empty if there is no such select."""
        found = self.select(select)
        return [option["label"] for option in (found or {}).get("options", [])]


class MessageView:
    """The readable parts of a message in one of its versions."""

    __slots__ = ()

    @property
    @abstractmethod
    def _shown(self) -> MessageVersion:
        """The version that is read."""

    @property
    def text(self) -> str:
        """All text in order, one text a line."""
        return self._shown.text

    @property
    def components(self) -> list[Json]:
        """The components as raw JSON."""
        return self._shown.components

    @property
    def buttons(self) -> dict[str, bool]:
        """The buttons in order: label, and whether it is enabled."""
        return self._shown.buttons

    @property
    def selects(self) -> list[str]:
        """The selects in order, by placeholder (or custom_id where there is none)."""
        return self._shown.selects

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The attached files."""
        return self._shown.attachments

    @property
    def is_silent(self) -> bool:
        """Whether it was sent without a notification."""
        return bool(self._shown.flags & MessageFlag.SUPPRESS_NOTIFICATIONS)

    def options(self, select: str) -> list[str]:
        """Return the labels that a select offers."""
        return self._shown.options(select)


def _embed_lines(embed: Json) -> list[str]:
    fields = [line for field in embed.get("fields", []) for line in (field["name"], field["value"])]
    footer = (embed.get("footer") or {}).get("text", "")
    return [embed.get("title") or "", embed.get("description") or "", *fields, footer]
