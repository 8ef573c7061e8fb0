"""Servers as large as real ones, for measuring what a bot's memory makes of them."""

from fakes.discord.model.entities import Guild
from fakes.discord.model.enums import ChannelType
from fakes.discord.model.permissions import PermissionOverwrite

_CATEGORIES = 5
_VOICE_EVERY = 4
_TOPIC = "Ask here, answer here, read the pins"


def populate(guild: Guild, *, roles: int = 30, channels: int = 40, emojis: int = 20) -> None:
    """Fill a server up; with these numbers its GUILD_CREATE is about 27 KiB.

    To be done before the bot joins: it is told of nothing while this goes on.
    """
    for number in range(roles):
        guild.add_role(f"Class of {2000 + number}", permissions=guild.everyone.permissions)
    parents = [guild.add_channel(f"Area {n}", ChannelType.CATEGORY) for n in range(_CATEGORIES)]
    some = list(guild.roles)[1:3]
    for number in range(channels - _CATEGORIES):
        kind = ChannelType.VOICE if number % _VOICE_EVERY == 0 else ChannelType.TEXT
        parent = parents[number % _CATEGORIES]
        channel = guild.add_channel(f"channel-{number}", kind, parent=parent)
        channel.topic = _TOPIC if kind is ChannelType.TEXT else None
        channel.overwrites = {
            one: PermissionOverwrite(one, is_member=False, allow=1024, deny=0) for one in some
        }
    guild.emojis.extend(
        {
            "id": str(guild.ids.next()),
            "name": f"emoji_{number}",
            "roles": [],
            "require_colons": True,
            "managed": False,
            "animated": False,
            "available": True,
        }
        for number in range(emojis)
    )
