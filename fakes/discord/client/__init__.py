"""Discord clients of members: what they see, and what they send to the bot."""
