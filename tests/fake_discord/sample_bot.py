"""A small real bot, with one of everything the local Discord has to answer for."""

import asyncio
import re
from typing import Any, Self

import discord
from discord import app_commands, ui
from discord.ext import commands

GUILD = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
GUILD_INSTALL = app_commands.AppInstallationType(guild=True, user=False)
Interaction = discord.Interaction["SampleBot"]


class Next(ui.DynamicItem[ui.Button[Any]], template=r"v1:next:(?P<page>\d+)"):
    def __init__(self, page: int) -> None:
        self.page = page
        button: ui.Button[Any] = ui.Button(label="Next", custom_id=f"v1:next:{page}")
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(view=page(self.page + 1))


class Pick(ui.DynamicItem[ui.Select[Any]], template=r"v1:pick"):
    def __init__(self, select: ui.Select[Any] | None = None) -> None:
        options = [discord.SelectOption(label=name, value=name.lower()) for name in ("CAS", "CGS")]
        select = select or ui.Select(
            custom_id="v1:pick", placeholder="All buildings", options=options
        )
        super().__init__(select)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        assert isinstance(item, ui.Select)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"picked {self.item.values}", ephemeral=True)


class Edit(ui.DynamicItem[ui.Button[Any]], template=r"v1:edit"):
    def __init__(self) -> None:
        super().__init__(ui.Button(label="Edit", custom_id="v1:edit"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Form())


class Form(ui.Modal, title="Where?"):
    where: ui.Label[Any] = ui.Label(text="Building", component=ui.TextInput(max_length=5))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        assert isinstance(self.where.component, ui.TextInput)
        await interaction.response.edit_message(view=page(0, self.where.component.value))


def page(number: int, title: str = "page") -> ui.LayoutView:
    row: ui.ActionRow[Any] = ui.ActionRow()
    row.add_item(Next(number)).add_item(Edit())
    row.add_item(ui.Button(label="Gone", custom_id="v0:gone"))
    row.add_item(ui.Button(label="Off", custom_id="v1:off", disabled=True))
    row.add_item(ui.Button(label="Site", url="https://example.org"))
    select: ui.ActionRow[Any] = ui.ActionRow()
    select.add_item(Pick())
    view = ui.LayoutView(timeout=None)
    text: ui.TextDisplay[Any] = ui.TextDisplay(f"{title} {number}")
    view.add_item(ui.Container(text, ui.Separator(), select, row))
    return view


class SampleBot(commands.AutoShardedBot):
    """The bot; `gate` holds /late back, `log` is what its handlers noted."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            guild_ready_timeout=0.01,
            **options,
        )
        self.gate = asyncio.Event()
        self.log: list[str] = []
        self.errors: list[discord.HTTPException] = []

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Next, Pick, Edit)
        plain: list[app_commands.Command[Any, ..., Any]]
        plain = [free, slow, form, late, silent, wordy, twice, follow, greet]
        for one in plain:
            self.tree.add_command(one)
        self.tree.add_command(Digest())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds a shard."""

    async def on_resumed(self) -> None:
        self.log.append("resumed")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.log.append(f"joined {guild.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.log.append(f"left {guild.name}")


@app_commands.command()
@app_commands.describe(building="Which", minutes="How long", day="When", share="For all")
@app_commands.choices(day=[app_commands.Choice(name=d, value=d[:3]) for d in ("today", "monday")])
async def free(
    interaction: Interaction,
    building: app_commands.Range[str, 2, 10],
    minutes: app_commands.Range[int, 5, 480] = 28,
    day: str = "tod",
    *,
    share: bool = False,
) -> None:
    """Show pages."""
    interaction.client.log.append(f"{building} {minutes} {day}")
    await interaction.response.send_message(view=page(0), ephemeral=not share)


@free.autocomplete("building")
async def _buildings(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    names = ("CAS", "CGS", "COM")
    return [
        app_commands.Choice(name=f"{name}!", value=name)
        for name in names
        if name.startswith(current.upper())
    ]


@app_commands.command()
async def slow(interaction: Interaction) -> None:
    """Think, then count."""
    await interaction.response.defer(thinking=True, ephemeral=True)
    for number in range(3):
        await interaction.edit_original_response(content=f"{number} of 3")


@app_commands.command()
async def form(interaction: Interaction) -> None:
    """Open a form."""
    await interaction.response.send_modal(Form())


@app_commands.command()
async def late(interaction: Interaction) -> None:
    """Answer when the gate opens."""
    await interaction.client.gate.wait()
    try:
        await interaction.response.send_message("at last")
    except discord.HTTPException as error:
        interaction.client.errors.append(error)


@app_commands.command()
async def silent(interaction: Interaction) -> None:
    """Never answer."""


@app_commands.command()
async def wordy(interaction: Interaction) -> None:
    """Say more than Discord takes."""
    try:
        await interaction.response.send_message("x" * 2001)
    except discord.HTTPException as error:
        interaction.client.errors.append(error)


@app_commands.command()
async def twice(interaction: Interaction) -> None:
    """Answer twice."""
    await interaction.response.send_message("first")
    adapter = discord.webhook.async_.async_context.get()
    params = discord.webhook.async_.interaction_message_response_params(type=4, content="second")
    session = interaction._session
    try:
        await adapter.create_interaction_response(
            interaction.id, interaction.token, session=session, params=params
        )
    except discord.HTTPException as error:
        interaction.client.errors.append(error)


@app_commands.command()
async def follow(interaction: Interaction) -> None:
    """Say more and more."""
    await interaction.response.send_message("one")
    try:
        for number in range(6):
            await interaction.followup.send(f"more {number}", ephemeral=True)
    except discord.HTTPException as error:
        interaction.client.errors.append(error)


@app_commands.command()
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def greet(interaction: Interaction, whom: discord.User | None = None) -> None:
    """Say hello, everywhere."""
    name = whom.name if whom else interaction.user.name
    permissions = interaction.app_permissions.value
    await interaction.response.send_message(f"hello {name} {permissions}")


class Digest(app_commands.Group):
    """For moderators, in servers."""

    def __init__(self) -> None:
        super().__init__(
            name="digest",
            description="The morning",
            allowed_contexts=GUILD,
            allowed_installs=GUILD_INSTALL,
            default_permissions=discord.Permissions(manage_guild=True),
        )

    @app_commands.command(name="set")
    async def set_(self, interaction: Interaction, channel: discord.TextChannel, time: str) -> None:
        """Choose where."""
        assert interaction.data is not None
        resolved: Any = interaction.data.get("resolved")
        there = resolved["channels"][str(channel.id)]
        rights = f"{there['permissions']} {there['app_permissions']}"
        await interaction.response.send_message(f"{channel.name} at {time}: {rights}")

    @app_commands.command()
    async def off(self, interaction: Interaction) -> None:
        """Stop."""
        await interaction.response.send_message("off")
