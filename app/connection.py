"""Connects to Discord, and reconnects with backoff."""

import asyncio
import logging

import aiohttp
import discord
import yarl

from app.client import Bot
from core.errors import StartError

log = logging.getLogger(__name__)

_MAX_BACKOFF_SECONDS = 60.0


def override_discord_urls(api_url: str | None, gateway_url: str | None) -> None:
    """Point discord.py at another server than Discord's, if the settings name one."""
    if api_url:
        discord.http.Route.BASE = api_url
    if gateway_url:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


async def connect_with_retry(bot: Bot, token: str) -> None:
    """Log in and stay connected, however often Discord cannot be reached at first.

    Raises:
        StartError: Discord rejects the bot for good.
    """
    backoff = 1.0
    while True:
        try:
            if bot.application_id is None:
                await bot.login(token)
            await bot.connect()
        except discord.LoginFailure as err:
            raise StartError("DISCORD_TOKEN: Discord does not accept it") from err
        except discord.ConnectionClosed as err:
            raise StartError(f"Discord ended the connection for good (code {err.code})") from err
        except (
            discord.HTTPException,
            discord.GatewayNotFound,
            aiohttp.ClientError,
            OSError,
        ) as err:
            if bot.is_closed():
                raise StartError(f"Discord cannot be reached: {err}") from err
            log.warning("Discord cannot be reached, next try in %.0f s: %s", backoff, err)
            if bot.application_id is None:
                await bot.http.close()
                # It was closed with its session; the next login makes a new one.
                bot.http.connector = discord.utils.MISSING
            await asyncio.sleep(backoff)
            backoff = min(2 * backoff, _MAX_BACKOFF_SECONDS)
        else:
            return
