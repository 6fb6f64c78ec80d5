"""The bot's rounds: what is new is posted where it is followed, what has changed is noted on what was posted."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.arrivals import Arrivals, arrivals
from bot.audit import NOBODY, Deed
from bot.buttons import IdButton
from bot.cards import answer_card
from bot.claims import Claims
from bot.followings import Following, Followings, Waiting
from bot.guilds import Kept, Shown
from bot.inert import escape, width
from bot.layouts import COMPONENT_LIMIT, TEXT_LIMIT, Card
from bot.notices import words_card
from bot.passages import NAME_ROOM, count_of
from bot.posts import FORGOTTEN_WORDS, Note, Post, Posts, is_annotated, note_on, shown_in, shows_forgotten
from bot.recall import recalled
from index.errors import NewsError
from index.ingest.forgotten import FORGOTTEN
from index.model import Answer, Intent

if TYPE_CHECKING:
    from bot.client import NewsBot
    from bot.shared_followings import SharedFollowings
    from index.app import Library

log = logging.getLogger(__name__)

EVERY = 30.0  # seconds between two rounds
SETTLE = 60.0  # seconds for which a statement waits for others, so that they go out together
POSTS_PER_HOUR = 6  # of followings, in one channel
DIGEST_POSTS = 3  # messages of one digest
_CLAIM, _CORRECTING = "rounds", "corrections"
_CLAIM_SECONDS = 180.0


class Rounds:
    """Goes its rounds while the bot runs.

    Args:
        client: what sends, and crosses into the library.
        followings: what channels follow.
        posts: what was posted.
        claims: by which one process posts, of all that share the followings.
        own: by which one process corrects, of all that share what was posted; the same where nothing else is said.
        settle: seconds for which a statement waits for others.
    """

    def __init__(
        self,
        client: "NewsBot",
        followings: "Followings | SharedFollowings",
        posts: Posts,
        claims: Claims,
        own: Claims | None = None,
        *,
        settle: float = SETTLE,
    ) -> None:
        self._client = client
        self._followings = followings
        self._posts = posts
        self._claims = claims
        self._own = own or claims
        self._settle = settle
        self._task: asyncio.Task[None] | None = None

    def start(self, every: float | None = None) -> None:
        """Goes a round now and then, from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(every or EVERY))

    async def stop(self) -> None:
        """Goes no more rounds; one that is under way ends at its next pause."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            try:
                while await self.round():
                    pass
            except Exception:  # whatever one round meets, the next one goes on
                log.exception("a round was broken off")

    async def round(self) -> bool:
        """Goes one round; whether there is more to look at already."""
        more = False
        for claims, name, go in (
            (self._own, _CORRECTING, self._correct),
            (self._claims, _CLAIM, self._post_what_came),
        ):
            try:
                if await self._client.off_loop(lambda: claims.claim(name, _CLAIM_SECONDS)):  # noqa: B023 -- called here
                    more = await go() or more
            except NewsError as error:
                log.info("nothing to look at: %s", error)
        return more

    async def _post_what_came(self) -> bool:
        arrived = await self._client.library(self._look)
        for following in await self._client.off_loop(self._followings.of):
            if not following.paused:
                await self._post_what_waits(following)
        return arrived.more

    def _look(self, library: "Library") -> Arrivals:
        followings = self._followings.of()
        arrived = arrivals(library, followings, self._followings.cursor())
        left_out = self._followings.queue(arrived.cursor, (*arrived.changed, *arrived.removed), arrived.found)
        for following in followings:
            if following.key in left_out:
                result = f"{count_of(left_out[following.key], 'statement')} left out: too many came at once"
                self._client.audit.note(
                    following.guild, Deed(who=NOBODY, action="follow", subject=following.name, result=result)
                )
        return arrived

    # -------------------------------------------------------------------------------------------------------------
    # Following

    async def _post_what_waits(self, following: Following) -> None:
        client, now = self._client, self._client.ledger.now()
        if following.due > now:
            return
        waiting = await client.off_loop(lambda: self._followings.waiting(following.key))
        digest = following.rhythm != "at once"
        if digest:
            await client.off_loop(lambda: self._followings.put_off(following))
        elif not waiting or now - waiting[0].at < self._settle:
            return
        for post in range(DIGEST_POSTS if digest else 1):
            spent = await client.off_loop(lambda: self._posts.of_following(following.channel, 3600.0))
            if not waiting or (spent >= POSTS_PER_HOUR and not digest):
                return
            last = digest and post == DIGEST_POSTS - 1
            waiting = await self._post(following, waiting, last=last)
        if digest and waiting:
            await client.off_loop(lambda: self._followings.take(waiting))

    async def _post(self, following: Following, waiting: list[Waiting], *, last: bool) -> list[Waiting]:
        """Posts as much as a message holds; gives what is left."""
        client = self._client
        references = list(dict.fromkeys((one.article, one.paragraph) for one in waiting))
        kept = [_kept([one for one in waiting if (one.article, one.paragraph) == each]) for each in references]
        page = client.settings.passages
        card, shown = await client.library(lambda library: _card(library, following, kept, page, last=last))
        taken = set(references[:shown])
        going = [one for one in waiting if (one.article, one.paragraph) in taken]
        if not await client.off_loop(lambda: self._followings.take(going)):
            return []  # another process posts them
        if card is not None:
            try:
                channel = client.get_partial_messageable(following.channel)
                sent = await channel.send(**client.sending(card))
            except (discord.Forbidden, discord.NotFound) as error:
                await self._pause(following, error)
                return []
            except (discord.HTTPException, OSError) as error:
                log.warning("a post could not be sent, and waits: %s", error)
                await client.off_loop(lambda: self._followings.give_back(going))
                return []
            post = Post(message=sent.id, channel=following.channel)
            await client.off_loop(lambda: self._posts.keep(post, following=following.key))
        return [one for one in waiting if (one.article, one.paragraph) not in taken]

    async def _pause(self, following: Following, error: discord.HTTPException) -> None:
        gone = isinstance(error, discord.NotFound)
        why = "the channel is gone" if gone else "I may not post in the channel any more"
        await self._client.off_loop(lambda: self._followings.pause(following.key, why))
        deed = Deed(who=NOBODY, action="paused following", subject=following.name, result=why)
        await self._client.keep_deed(following.guild, deed)

    # -------------------------------------------------------------------------------------------------------------
    # Corrections

    async def remember(self, message: discord.Message) -> None:
        """Keeps which passages a message of ours shows, so that a correction reaches it."""
        references = [
            component.custom_id.removeprefix("context:")
            for component in components_in(message)
            if isinstance(component, discord.Button)
            and component.custom_id
            and component.custom_id.startswith("context:")
        ]
        if not references or message.flags.ephemeral:
            return
        text = "\n".join(
            [c.content for c in components_in(message) if isinstance(c, discord.TextDisplay)]
            + [message.content, *(embed.description or "" for embed in message.embeds)]
        )
        if is_annotated(text):  # what else it shows is kept as it was before
            return

        def keep(library: "Library") -> None:
            shown = tuple(shown_in(library, references, text))
            self._posts.keep(Post(message=message.id, channel=message.channel.id, shown=shown))

        try:
            await self._client.library(keep)
        except (NewsError, TimeoutError) as error:
            log.warning("what a message shows could not be kept: %s", error)

    async def _correct(self) -> bool:
        """Annotates what was posted of articles that changed, and takes away what was forgotten."""
        arrived = await self._client.library(lambda library: arrivals(library, (), self._posts.cursor()))
        notes = await self._client.library(lambda library: self._notes(library, arrived))
        for post, note in notes:
            try:
                await self._annotate(post, note)
            except (discord.HTTPException, OSError) as error:
                log.warning("a post could not be corrected: %s", error)
        return arrived.more

    def _notes(self, library: "Library", arrived: Arrivals) -> list[tuple[Post, Note]]:
        corpus = library.store.snapshot().corpus
        notes: list[tuple[Post, Note]] = []
        for article in (*arrived.changed, *arrived.removed):
            for post in self._posts.about(article):
                note = note_on(corpus, post, article)
                if note is not None:
                    notes.append((post, note))
                    self._posts.done_with(post, article)
        if not self._posts.forgotten_before(corpus.meta(FORGOTTEN) or ""):
            taken = {post.message for post, note in notes if note.instead}
            notes += [
                (post, Note(words=FORGOTTEN_WORDS, instead=True))
                for post in self._posts.all()
                if post.message not in taken and shows_forgotten(corpus, post)
            ]
        for post, note in notes:
            if note.instead:
                self._posts.forget(post.message)
        self._posts.looked_at(arrived.cursor)
        return notes

    async def _annotate(self, post: Post, note: Note) -> None:
        channel = self._client.get_partial_messageable(post.channel)
        if note.instead:
            card = self._client.sending(words_card(note.words))
            await channel.get_partial_message(post.message).edit(**card, attachments=[])
            return
        message = await channel.fetch_message(post.message)
        changes = annotated(message, note.words)
        if changes is not None:
            await message.edit(**changes, allowed_mentions=discord.AllowedMentions.none())
        else:
            await channel.send(
                **self._client.sending(words_card(note.words)), reference=message.to_reference(fail_if_not_exists=False)
            )


def components_in(message: discord.Message) -> list[Any]:
    """All components of a message, in order, those within others too."""
    found: list[Any] = []
    left: list[Any] = list(message.components)
    while left:
        component = left.pop(0)
        found.append(component)
        accessory = getattr(component, "accessory", None)
        left[:0] = [*(getattr(component, "children", None) or ()), *([accessory] if accessory else ())]
    return found


def annotated(message: discord.Message, words: str) -> dict[str, Any] | None:
    """What edits a message so that it says these words too, above or below what it shows; None where it is full."""
    if not message.flags.components_v2:
        return {"content": f"{message.content}\n{words}".strip()[:2000]}
    used = sum(width(c.content) for c in components_in(message) if isinstance(c, discord.TextDisplay))
    count = len(components_in(message))
    if used + width(words) > TEXT_LIMIT or count >= COMPONENT_LIMIT:
        return None
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    place = next((item for item in view.children if isinstance(item, discord.ui.Container)), None)
    (place or view).add_item(discord.ui.TextDisplay(words))
    return {"view": view}


def _kept(some: Sequence[Waiting]) -> Kept:
    one = some[0]
    statements = tuple(sorted(each.statement for each in some if each.version == one.version))
    return Kept(reference=f"{one.article}#{one.paragraph}", version=one.version, statements=statements)


def _card(
    library: "Library", following: Following, kept: Sequence[Kept], page: int, *, last: bool
) -> tuple[Card | None, int]:
    """A post of the first of these passages, and how many of them are done with; no card where none stands any more."""
    answer = recalled(library, Shown(asker=0, intent=Intent.PLAIN, passages=tuple(kept[:page])), "")
    if not answer.found:
        return None, min(page, len(kept))
    card = answer_card(answer, passages=page)
    shown = _done(kept[:page], answer, len(card.blocks))
    left = len(kept) - shown
    feet = []
    if left:
        how = "ask me about the rest" if last else "the rest follows"
        feet.append(f"{count_of(left, 'more passage')}: {how}")
    unfollow = IdButton("unfollow", str(following.key), "Unfollow")
    title = f"### {title_of(following)}"
    return replace(card, head="", title=title, feet=tuple(feet), choices=(), turning=(), buttons=(unfollow,)), shown


def _done(kept: Sequence[Kept], answer: Answer, blocks: int) -> int:
    """How many of the passages asked for are done with when so many of those that stand were shown."""
    if blocks == len(answer.passages):
        return len(kept)
    first_unshown = answer.passages[blocks].citation.reference
    return next(place for place, each in enumerate(kept) if each.reference == first_unshown)


def title_of(following: Following) -> str:
    """The heading of a post: what is followed, and what it is a digest of."""
    name = escape(following.name, NAME_ROOM)
    whom = {"speaker": f"{name}", "topic": f"About “{name}”", "outlet": f"In {name}"}[following.kind]
    return {"at once": f"New: {whom}", "daily": f"Today: {whom}", "weekly": f"This week: {whom}"}[following.rhythm]
