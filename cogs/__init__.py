"""What members do with the bot: one cog for each kind of thing that they can ask."""
