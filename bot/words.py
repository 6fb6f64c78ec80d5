"""The one place where an error becomes words for the person who asked."""

import logging
import secrets

import discord
from discord import app_commands

from bot.inert import escape
from index.errors import EmptyLibrary, LibraryBusy, NewsError

log = logging.getLogger(__name__)

_ROOM = 600


class Refused(NewsError):
    """A request that is not done, for a reason in words of ours; foreign parts in them must have been escaped."""


def words_for(error: BaseException) -> str:
    """One or two sentences, escaped; what nobody foresaw is logged under a number that the sentence names."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    match error:
        case EmptyLibrary():
            return "Nothing has been indexed yet. An administrator can read the sources with `/reindex`."
        case LibraryBusy():
            return "The library is being written to by another process; please try again when it has finished."
        case Refused():
            return str(error)
        case NewsError():
            return escape(str(error), _ROOM)
        case TimeoutError():
            return "That took too long, so I stopped looking. A narrower question (a speaker, a topic) is faster."
        case app_commands.CheckFailure():
            return "You may not use this command here."
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return "This command has changed; Discord shows the new one within an hour, or after restarting the app."
        case discord.Forbidden():
            return "Discord doesn't let me do that here: a permission is missing. `onrecord-bot --check` names it."
        case _:
            number = secrets.token_hex(3)
            log.error("unforeseen error %s", number, exc_info=error)
            return f"Something went wrong on my side. It was logged as {number}; please tell whoever runs me."
