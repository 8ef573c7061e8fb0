"""Users, and what they are in a guild: members with roles."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(eq=False)
class User:
    """An account: a person's or the bot's."""

    id: int
    name: str
    is_bot: bool = False
    locale: str = "en-US"


@dataclass(eq=False)
class Role:
    """A named set of permissions in a guild."""

    id: int
    name: str
    permissions: int
    position: int = 0
    managed_by: User | None = None


@dataclass(eq=False)
class Member:
    """A user in a guild."""

    user: User
    joined_at: datetime
    roles: list[Role] = field(default_factory=list)
