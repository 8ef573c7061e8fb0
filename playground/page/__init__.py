"""The page of the playground: a Discord channel in a browser, for people without an account.

It holds no state of its own: all that it shows is in the local Discord, and all that is done on it
goes through the seats there, which send the bot what a Discord client would send.
"""

from aiohttp import web

from playground.control import Control
from playground.local_discord import LocalDiscord
from playground.page.actions import Actions
from playground.page.assets import add_assets
from playground.page.feed import Feed
from playground.page.seating import Seating

__all__ = ["mount"]


def mount(app: web.Application, discord: LocalDiscord, control: Control) -> None:
    """Serve the page at `/`, and all that it needs below `/page/`.

    It shows the first server of that Discord. The application may be the local Discord's own or
    another one; it has not been started yet.
    """
    seating = Seating(discord)
    feed = Feed(seating, control)
    actions = Actions(seating, control, feed)
    add_assets(app)
    feed.add_to(app)
    actions.add_to(app)
