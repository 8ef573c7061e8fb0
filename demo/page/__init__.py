"""The page of the demo: a Discord channel in a browser, for people without an account.

It holds no state of its own: all that it shows is in the local Discord, and all that is done on it
goes through the seats there, which send the bot what a Discord client would send.
"""

from aiohttp import web

from demo.page.actions import PageActions
from demo.page.assets import add_static_routes
from demo.page.event_stream import EventStream
from demo.page.sessions import ViewerSessions
from demo.services import ServiceControl
from fakes.discord import FakeDiscord

__all__ = ["mount"]


def mount(app: web.Application, discord: FakeDiscord, services: ServiceControl) -> None:
    """Serve the page at `/`, and all that it needs below `/page/`.

    It shows the first server of that Discord. The application may be the local Discord's own or
    another one; it has not been started yet.
    """
    seating = ViewerSessions(discord)
    feed = EventStream(seating, services)
    actions = PageActions(seating, services, feed)
    add_static_routes(app)
    feed.add_routes(app)
    actions.add_routes(app)
