"""The Discord client: intents, start and stop, the one crossing into index/, and the one place that answers people."""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

import discord
from discord import app_commands

from bot.audit import Audit, Deed
from bot.buttons import IdButton, Press
from bot.charts import Charts
from bot.chosen import Chosen
from bot.claims import LedgerClaims
from bot.commands import administration, asking, choosing, conversation, speakers, turning
from bot.confirming import Confirmations
from bot.explaining import explain
from bot.guilds import Ledger
from bot.health import Figures
from bot.languages import Languages
from bot.layouts import Card, message_of
from bot.onrecord import Onrecord
from bot.pace import Pace
from bot.posts import Posts
from bot.reindexing import Progress, Reindexing, progress_words
from bot.rounds import Rounds
from bot.settings import BotSettings
from bot.watching import Watching
from bot.words import Refused
from index.errors import EmptyLibrary, NewsError

if TYPE_CHECKING:
    from index.app import Library

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Seconds until a look-up is given up, and until a stop no longer waits for answers under way.
PATIENCE = 60.0
STOP_PATIENCE = 10.0

#: People of whom it is remembered that they were told how to reply.
MOST_TOLD = 10_000


def intents(*, message_content: bool = False) -> discord.Intents:
    """What the bot listens to; mentions, pinging replies and DMs carry their text without the privileged intent."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=message_content)


class NewsBot(discord.Client):
    """The bot.

    Args:
        library: what answers; the caller closes it.
        settings: limits, administrators and layout.
        reindexing: runs a reindex in a process of its own.
        ledger: what is remembered between starts; closed with the client.
        charts: draws timelines.
        onrecord: runs the commands that change the library, in processes of their own.
        now: a clock in seconds that never goes back.
        options: of the client of discord.py that is extended, for `bot.sharding`.
    """

    def __init__(
        self,
        *,
        library: "Library",
        settings: BotSettings,
        reindexing: Reindexing,
        ledger: Ledger,
        charts: Charts | None = None,
        onrecord: Onrecord | None = None,
        now: Callable[[], float] = time.monotonic,
        **options: Any,  # noqa: ANN401 - discord.py's own
    ) -> None:
        super().__init__(
            intents=intents(message_content=settings.message_content),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            **options,
        )
        self.settings = settings
        self.reindexing = reindexing
        self.ledger = ledger
        self.onrecord = onrecord or Onrecord()
        self.audit = Audit(ledger)
        self.confirmations = Confirmations(now)
        self.chosen = Chosen(ledger, library.board(), self.off_loop)
        self.followings = self.chosen.followings
        self.posts = Posts(ledger)
        own = LedgerClaims(ledger)  # of posts, and of what else lies in the same database
        claims = library.claims() or own
        self.rounds = Rounds(self, self.followings, self.posts, claims, own)
        self.watching = Watching(self, claims, own, polls=settings.watch)
        self.figures = Figures(now)
        self._pace = Pace(settings.questions_per_minute, now)
        self.charts = charts or Charts(ledger.folder / "charts")
        self.tree = Tree(self)
        self.presses: dict[str, Press] = turning.presses() | administration.presses()
        self._library = library
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="library")
        self._aside = ThreadPoolExecutor(max_workers=4, thread_name_prefix="own")
        self._first_reading: asyncio.Task[None] | None = None
        self._answering: set[asyncio.Task[Any]] = set()
        self._told: dict[int, None] = {}
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        for family in (asking, speakers, choosing, administration):
            family.add_to(self.tree)

    async def setup_hook(self) -> None:
        """Listens to the buttons of messages sent before this start, and knows the commands' names in all languages."""
        self.add_dynamic_items(IdButton)
        await self.tree.set_translator(Languages())
        await self.chosen.start()

    def told(self, user: int) -> bool:
        """Whether a person was told before how to reply; from now on they were."""
        before = user in self._told
        self._told[user] = None
        if len(self._told) > MOST_TOLD:
            del self._told[next(iter(self._told))]
        return before

    async def keep_deed(self, guild: int, deed: Deed) -> None:
        """Keeps in the audit what was done; where that can't be, it is logged and nothing else fails."""
        log.info("server %d: %s by %d", guild, deed.action, deed.who)
        try:
            await self.off_loop(lambda: self.audit.note(guild, deed))
        except (NewsError, TimeoutError) as error:
            log.warning("the audit could not be kept: %s", error)

    @property
    def serves_several(self) -> bool:
        """Whether several servers share the library, or may: of other shards' servers this process knows nothing."""
        return len(self.guilds) > 1 or (self.shard_count or 1) > 1

    async def tell_administrators(self, card: Card) -> None:
        """Sends a direct message to each of those whom the settings name as administrators."""
        for admin in sorted(self.settings.admins):
            try:
                person = await self.fetch_user(admin)
                await person.send(**self.sending(card))
            except (discord.HTTPException, OSError) as error:
                log.warning("administrator %d could not be told: %s", admin, error)

    def must_answer_in(self, channel: object, guild: int | None) -> None:
        """Checks that the server lets the bot answer in a channel, or in a thread of it.

        Raises:
            Refused: it doesn't.
        """
        chosen = self.chosen.of(guild)
        allowed = chosen.channels | chosen.open_channels if chosen.channels else frozenset()
        here = {getattr(channel, "id", None), getattr(channel, "parent_id", None)}
        if allowed and not allowed & here:
            named = " or ".join(f"<#{one}>" for one in sorted(allowed))
            raise Refused(f"In this server I answer in {named}.")

    async def on_ready(self) -> None:
        log.info("connected as %s, in %d servers", self.user, len(self.guilds))
        if self._first_reading is None:
            self._first_reading = asyncio.create_task(self._read_sources_once())
        self.rounds.start()
        self.watching.start()

    async def _read_sources_once(self) -> None:
        """Reads the sources where nothing was ever indexed, so that a new bot can answer."""

        async def show(progress: Progress) -> None:
            log.info("reading the sources for the first time: %s", progress_words(progress))

        try:
            await self.library(lambda library: library.coverage())
        except EmptyLibrary:
            try:
                report = await self.reindexing.run(show)
                log.info("read for the first time: %d articles", report.articles)
            except NewsError as error:
                log.warning("the first reading failed: %s", error)
        except (NewsError, TimeoutError) as error:
            log.warning("the library can't be read: %s", error)

    async def library(self, call: Callable[["Library"], T]) -> T:
        """The one crossing into index/: runs a call on the library off the event loop.

        Raises:
            NewsError: as the call does.
            TimeoutError: it took longer than `PATIENCE`.
        """
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(call, self._library))

    async def off_loop(self, call: Callable[[], T]) -> T:
        """Runs what waits for a disk in a thread, which look-ups never hold up; errors as in `library`."""
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().run_in_executor(self._aside, call)

    async def on_message(self, message: discord.Message) -> None:
        """Answers whoever mentions the bot, replies to it with a ping, writes to it directly, or asks where all may."""
        if self.user and message.author.id == self.user.id:
            await self.rounds.remember(message)
        if message.author.bot or message.webhook_id or message.is_system():
            return
        with self.answering():
            async with self._in_turn(message.id):
                await self._hear(message)

    async def _hear(self, message: discord.Message) -> None:
        if conversation.is_addressed(self, message) or await conversation.is_open_question(self, message):
            await conversation.answer_message(self, message)
        elif conversation.is_unread_reply(self, message):
            await conversation.tell_how_to_reply(self, message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answers an edited question anew, in the same place."""
        if self.user and payload.message.author.id == self.user.id:
            await self.rounds.remember(payload.message)
        if payload.message.edited_at is None or payload.message.author.bot:
            return
        with self.answering():
            async with self._in_turn(payload.message_id):
                await conversation.answer_again(self, payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Takes the answer to a deleted question away."""
        async with self._in_turn(payload.message_id):
            await self.off_loop(lambda: self.posts.forget(payload.message_id))
            await conversation.withdraw(self, payload.channel_id, payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Takes the answers to deleted questions away."""
        for question in payload.message_ids:
            async with self._in_turn(question):
                await conversation.withdraw(self, payload.channel_id, question)

    def _in_turn(self, question: int) -> asyncio.Lock:
        """Held while something is done about a question: asked, edited and deleted are heard in that order."""
        return self._turns.setdefault(question, asyncio.Lock())

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Marks the current task as an answer under way, which a stop waits for."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("answers are given in tasks")
        self._answering.add(task)
        try:
            yield
        finally:
            self._answering.discard(task)

    def sending(self, card: Card) -> dict[str, Any]:
        """The arguments for sending a card, or editing a message into it, in the layout that was chosen."""
        # Edits of a message don't take the client's own allowed mentions, so every message is told.
        return message_of(card, self.settings.layout) | {"allowed_mentions": discord.AllowedMentions.none()}

    def changing(self, card: Card) -> dict[str, Any]:
        """The arguments for editing a message into a card; pictures that it held go, unless the card shows them."""
        sent = self.sending(card)
        file = sent.pop("file", None)
        if file or card.picture is None:
            sent["attachments"] = [file] if file else []
        return sent

    def keep_pace(self, user: discord.abc.User, channel: int | None, guild: int | None) -> None:
        """Takes one question from the person's allowance, and from the channel's, where the server sets one.

        Raises:
            Refused: they have to wait.
        """
        chosen = self.chosen.of(guild)
        wait = self._pace.wait(user.id, chosen.per_person)
        if wait:
            raise Refused(f"You ask faster than I look up: please try again in {math.ceil(wait)} s.")
        wait = self._pace.wait(("channel", channel), chosen.per_channel) if chosen.per_channel else 0
        if wait:
            raise Refused(f"This server limits the questions in a channel: please try again in {math.ceil(wait)} s.")

    async def explain(self, interaction: discord.Interaction[Any], error: BaseException) -> None:
        """Tells the person, and nobody else, why their command or button did not work."""
        await explain(self, interaction, error)

    def close_library(self) -> None:
        """Lets go of the library; for whoever opened it, after `close`."""
        self._library.close()

    async def close(self) -> None:
        """Lets answers under way finish, then leaves."""
        under_way = self._answering - {asyncio.current_task()}
        if under_way:
            await asyncio.wait(under_way, timeout=STOP_PATIENCE)
        await self.reindexing.stop()
        await self.watching.stop()
        await self.rounds.stop()
        self.chosen.stop()
        await self.onrecord.stop()
        await super().close()
        for threads in (self._threads, self._aside):
            threads.shutdown(wait=False, cancel_futures=True)
        self.ledger.close()


class Tree(app_commands.CommandTree[NewsBot]):
    """The commands; what goes wrong in any of them is explained in one place."""

    async def on_error(self, interaction: discord.Interaction[NewsBot], error: app_commands.AppCommandError, /) -> None:
        await self.client.explain(interaction, error)
