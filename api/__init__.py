"""The bot's data over HTTP, for those who are not in Discord: one cog, which asks `core/`."""
