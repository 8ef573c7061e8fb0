"""An image as a reply attaches it: the file, its name, and its alt text."""

from dataclasses import dataclass
from io import BytesIO

import discord


@dataclass(frozen=True, slots=True)
class ImageAttachment:
    """A PNG file, the name under which a message shows it, and what it shows in words."""

    name: str
    png: bytes
    alt: str

    def file(self) -> discord.File:
        """Return the file to send; each message needs one of its own."""
        return discord.File(BytesIO(self.png), self.name, description=self.alt)
